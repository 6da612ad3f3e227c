//! What is metered of a file, which passes in operations of NFS. In: a way and sizes. Out: bytes.

use crate::kind::way::Way;
use crate::units::Bytes;

/// A read is metered at a third of its bytes. (Amazon EFS user guide, "Performance specifications": throughput modes.)
const READS_METERED: f64 = 1.0 / 3.0;
/// The least that is metered of an operation, and the step beyond that. (The same guide, "Metering: how Amazon EFS reports file system and object sizes",
/// metered throughput.)
const LEAST: u64 = 4_096;
const STEP: u64 = 1_024;

impl Way {
    /// What is metered of an operation.
    pub fn metered(self, bytes: u64) -> f64 {
        let counted = bytes.max(LEAST).div_ceil(STEP).saturating_mul(STEP) as f64;
        match self {
            Way::Read => counted * READS_METERED,
            Way::Write => counted,
        }
    }
}

/// Bytes of a file that are metered.
pub fn metered(way: Way, size: Bytes, io: Bytes) -> f64 {
    let whole = size.0 / io.0.max(1);
    let rest = size.0 - whole * io.0;
    let of_rest = if rest > 0 || whole == 0 { way.metered(rest) } else { 0.0 };
    whole as f64 * way.metered(io.0) + of_rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    /// 100 bytes count as 4,096, 5,000 as 5 KiB; a read as a third. 2.5 MiB are two whole operations and a half.
    #[test]
    fn small_operations_are_metered_as_larger_ones_and_reads_as_a_third() {
        let io = Bytes(MIB);
        assert_eq!(metered(Way::Write, Bytes(100), io), 4_096.0);
        assert_eq!(metered(Way::Write, Bytes(5_000), io), 5_120.0);
        assert_eq!(metered(Way::Write, Bytes(5 * MIB / 2), io), 2.5 * MIB as f64);
        assert_eq!(metered(Way::Write, Bytes(2 * MIB), io), 2.0 * MIB as f64);
        assert!((metered(Way::Read, Bytes(3 * MIB), io) - MIB as f64).abs() < 1e-6);
        assert_eq!(metered(Way::Write, Bytes(0), io), 4_096.0);
    }
}
