//! Which way a file passes, and in how many operations. In: sizes. Out: [`Way`], and a count.

use crate::units::Bytes;

/// Which way a file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is read.
    Read,
    /// It is written.
    Write,
}

impl Way {
    /// Both of them, in the order of their places.
    pub const ALL: [Way; 2] = [Way::Read, Way::Write];

    /// The place of its limits.
    pub fn place(self) -> usize {
        self as usize
    }
}

/// Operations of a file: one at least, as a file without bytes is opened too.
pub fn operations(size: Bytes, io: Bytes) -> u64 {
    size.0.div_ceil(io.0.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_passes_in_operations() {
        const MIB: u64 = 1 << 20;
        let of = |bytes: u64| operations(Bytes(bytes), Bytes(MIB));
        assert_eq!([0, 1, MIB, MIB + 1, 10 * MIB].map(of), [1, 1, 1, 2, 10]);
    }
}
