//! What is still to happen to a camera.

use vidbuf_sim::Call;

use super::fault::Fault;
use super::script::When;

/// Faults to come, in the order of the script.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    faults: Vec<(When, Fault)>,
    /// When the runner started.
    begun_ns: u64,
    /// Calls that were made, of each kind.
    calls: [u32; Call::ALL.len()],
    /// When the stream started that is going on.
    stream_ns: Option<u64>,
}

impl Plan {
    /// Nothing, as of now.
    pub fn new(begun_ns: u64) -> Self {
        Self { begun_ns, ..Self::default() }
    }

    /// One more.
    pub fn add(&mut self, when: When, fault: Fault) {
        self.faults.push((when, fault));
    }

    /// One more, at a time of the clock.
    pub fn add_after(&mut self, at_ns: u64, fault: Fault) {
        self.add(When::At(at_ns.saturating_sub(self.begun_ns)), fault);
    }

    /// Keeps only some.
    pub fn retain(&mut self, keep: impl Fn(Fault) -> bool) {
        self.faults.retain(|(_, fault)| keep(*fault));
    }

    /// Looks whether a stream has started or ended.
    pub fn follow(&mut self, streams: bool, now_ns: u64) {
        match (streams, self.stream_ns) {
            (true, None) => self.stream_ns = Some(now_ns),
            (false, _) => self.stream_ns = None,
            _ => {}
        }
    }

    /// A call is about to be made: whether something is due because of it.
    pub fn called(&mut self, call: Call) -> bool {
        let Some(place) = Call::ALL.iter().position(|known| *known == call) else { return false };
        self.calls[place] = self.calls[place].saturating_add(1);
        self.faults.iter().any(|(when, _)| *when == When::Call(call, self.calls[place]))
    }

    fn due(&self, when: When, interval_ns: u64) -> Option<u64> {
        match when {
            When::Now => Some(self.begun_ns),
            When::Call(call, nth) => {
                let place = Call::ALL.iter().position(|known| *known == call)?;
                (self.calls[place] >= nth).then_some(self.begun_ns)
            }
            When::At(after) => Some(self.begun_ns.saturating_add(after)),
            // After the frame before has ended, and long before this one does.
            When::Frame(0) => self.stream_ns,
            When::Frame(number) => {
                let half = interval_ns / 2;
                Some(self.stream_ns?.saturating_add(interval_ns.saturating_mul(number)).saturating_add(half))
            }
        }
    }

    /// When the next of them happens, and its place.
    fn next(&self, interval_ns: u64) -> Option<(u64, usize)> {
        let all = self.faults.iter().enumerate();
        all.filter_map(|(place, (when, _))| Some((self.due(*when, interval_ns)?, place))).min()
    }

    /// When the next of them happens.
    pub fn next_ns(&self, interval_ns: u64) -> Option<u64> {
        self.next(interval_ns).map(|(due, _)| due)
    }

    /// Takes out the next one that is due, with its time.
    pub fn take(&mut self, now_ns: u64, interval_ns: u64) -> Option<(u64, Fault)> {
        let (due, place) = self.next(interval_ns).filter(|(due, _)| *due <= now_ns)?;
        Some((due, self.faults.remove(place).1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vidbuf_sim::Event;

    #[test]
    fn faults_come_in_the_order_of_their_times() {
        let mut plan = Plan::new(1000);
        plan.add(When::Frame(2), Fault::Event(Event::Error));
        plan.add(When::At(500), Fault::Unplug);
        plan.add(When::Now, Fault::Rate(10));
        assert_eq!(plan.take(1000, 100), Some((1000, Fault::Rate(10))));
        assert_eq!(plan.take(1400, 100), None);
        assert_eq!(plan.next_ns(100), Some(1500));
        plan.follow(true, 1200);
        plan.follow(true, 1300);
        assert_eq!(plan.take(1460, 100), Some((1450, Fault::Event(Event::Error))));
        assert_eq!(plan.take(1600, 100), Some((1500, Fault::Unplug)));
        assert_eq!(plan.take(u64::MAX, 100), None);
        plan.add(When::Call(Call::StreamOn, 2), Fault::Unplug);
        assert!(!plan.called(Call::StreamOn));
        assert_eq!(plan.take(u64::MAX, 100), None);
        assert!(plan.called(Call::StreamOn));
        assert_eq!(plan.take(2000, 100), Some((1000, Fault::Unplug)));
    }
}
