//! Live mappings of buffers in this process. A mapping lives until the last piece of it is unmapped.

use core::sync::atomic::{AtomicUsize, Ordering};

use vidbuf_sim::kernel::Mapping;

/// What is mapped.
#[derive(Clone, Copy)]
pub enum Mapped {
    /// A plane, through the node.
    Plane(usize, Mapping),
    /// An exported buffer, through its own descriptor.
    Export(u32),
}

struct Region {
    what: Mapped,
    /// Start and end of each piece that is left.
    pieces: Vec<(usize, usize)>,
}

/// How many there are: most programs' `munmap` calls are none of ours.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Whether there are any.
pub fn any() -> bool {
    COUNT.load(Ordering::Acquire) != 0
}

/// All of them.
pub struct Regions {
    list: Vec<Region>,
}

impl Regions {
    /// None.
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds one.
    pub fn add(&mut self, what: Mapped, start: usize, end: usize) {
        self.list.push(Region { what, pieces: vec![(start, end)] });
        COUNT.store(self.list.len(), Ordering::Release);
    }

    /// The addresses from `start` to `end` are not mapped any more. Returns what is gone altogether.
    pub fn cut(&mut self, start: usize, end: usize) -> Vec<Mapped> {
        let mut gone = Vec::new();
        self.list.retain_mut(|region| {
            let pieces = region.pieces.iter().flat_map(|(from, to)| [(*from, start.min(*to)), (end.max(*from), *to)]);
            region.pieces = pieces.filter(|(from, to)| from < to).collect();
            if region.pieces.is_empty() {
                gone.push(region.what);
            }
            !region.pieces.is_empty()
        });
        COUNT.store(self.list.len(), Ordering::Release);
        gone
    }
}
