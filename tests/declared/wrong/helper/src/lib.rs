//! For a test.

/// Two numbers.
pub fn numbers() -> [u8; 2] {
    [2, 3]
}
