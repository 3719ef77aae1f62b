//! EDID: what an input announces to the source that it can show.

/// Bytes of an EDID block.
pub const EDID_BLOCK: usize = 128;

/// One block of an EDID. The first one has the number of those that follow at byte 126.
pub type EdidBlock = [u8; EDID_BLOCK];

/// The last byte of a block, with which all of its bytes add up to 0 modulo 256. Drivers do not check it; sources do.
///
/// ```
/// use vidbuf::node::{EDID_BLOCK, edid_checksum};
///
/// let mut block = [7; EDID_BLOCK];
/// block[EDID_BLOCK - 1] = edid_checksum(&block);
/// assert_eq!(block.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)), 0);
/// ```
pub const fn edid_checksum(block: &EdidBlock) -> u8 {
    let (mut sum, mut at) = (0_u8, 0);
    while at < EDID_BLOCK - 1 {
        sum = sum.wrapping_add(block[at]);
        at += 1;
    }
    sum.wrapping_neg()
}
