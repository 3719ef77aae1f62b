//! Bytes as a sequence of choices. When they have run out, every choice is the first one, so that a run comes to its end.

use arbitrary::Unstructured;

/// Choices that are left.
pub struct Choices<'b>(Unstructured<'b>);

impl<'b> Choices<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(Unstructured::new(bytes))
    }

    /// Whether there is none left.
    pub fn are_over(&self) -> bool {
        self.0.is_empty()
    }

    /// 0 to `most`.
    pub fn up_to(&mut self, most: u32) -> u32 {
        self.0.int_in_range(0..=most).unwrap_or_default()
    }

    pub fn flag(&mut self) -> bool {
        self.up_to(1) == 1
    }

    /// Any number, small as often as large.
    pub fn number(&mut self) -> u32 {
        if self.flag() { self.0.arbitrary().unwrap_or_default() } else { self.up_to(9) }
    }

    /// One of several.
    pub fn of<T: Copy>(&mut self, several: &[T]) -> T {
        several[self.up_to(several.len() as u32 - 1) as usize]
    }

    /// Fills a structure with whatever comes; zeroes when nothing comes.
    #[allow(dead_code)]
    pub fn fill(&mut self, structure: &mut [u8]) {
        let _ = self.0.fill_buffer(structure);
    }
}
