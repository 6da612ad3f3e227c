//! What a file system may pass by what it stores. In: its size. Out: bytes a second, and credits.
//!
//! (Amazon EFS user guide, "Performance specifications": bursting throughput.) The baseline is 50 KiB/s for each GiB, and 1 MiB/s at least. With credits it is
//! 100 MiB/s, and beyond 1 TiB that for each TiB. A file system has 2.1 TiB of credits at first, and that for each TiB at most.

use crate::units::Bytes;

const KIB: f64 = 1_024.0;
const MIB: f64 = KIB * KIB;
const GIB: f64 = KIB * MIB;
const TIB: f64 = KIB * GIB;

/// Bytes a second for each byte that is stored: 50 KiB/s for each GiB.
const BASELINE: f64 = 50.0 * KIB / GIB;
/// The least of it.
const LEAST: f64 = MIB;
/// Bytes a second with credits, for each TiB and at least for one.
const BURST: f64 = 100.0 * MIB;
/// Credits in bytes, for each TiB and at least for one.
const CREDITS: f64 = 2.1 * TIB;

fn tebibytes(stored: Bytes) -> f64 {
    (stored.0 as f64 / TIB).max(1.0)
}

/// Metered bytes a second that it always passes, and that it earns as credits.
pub fn baseline(stored: Bytes) -> f64 {
    (BASELINE * stored.0 as f64).max(LEAST)
}

/// Metered bytes a second while it has credits.
pub fn burst(stored: Bytes) -> f64 {
    BURST * tebibytes(stored)
}

/// The most credits, in metered bytes.
pub fn credits(stored: Bytes) -> f64 {
    CREDITS * tebibytes(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the guide: 100 GiB pass 5 MiB/s always and 100 MiB/s with credits; 1 TiB 50 and 100; 10 TiB 500 and 1,000.
    #[test]
    fn the_examples_of_the_guide() {
        let of = |gib: u64| (baseline(Bytes(gib << 30)) / MIB, burst(Bytes(gib << 30)) / MIB);
        assert_eq!(of(100), (4.8828125, 100.0));
        assert_eq!(of(1_024), (50.0, 100.0));
        assert_eq!(of(10_240), (500.0, 1_000.0));
        assert_eq!(of(0), (1.0, 100.0));
        assert_eq!(credits(Bytes(2 << 40)), 4.2 * TIB);
    }
}
