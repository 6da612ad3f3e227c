//! Numbers of two halves, for ops: steps of a program are small, and lie at addresses that are multiples of four. In: a number. Out: the same.

/// A number of 64 bits.
#[derive(Clone, Copy, Debug)]
pub struct Wide([u32; 2]);

impl Wide {
    /// A number.
    pub fn new(value: u64) -> Wide {
        Wide([(value >> 32) as u32, value as u32])
    }

    /// The same.
    pub fn value(self) -> u64 {
        u64::from(self.0[0]) << 32 | u64::from(self.0[1])
    }
}
