//! Types of EBS volumes, and what one of gp2 does by its size. In: a size. Out: I/Os and bytes a second, and credits.
//!
//! (Amazon EBS user guide, "Amazon EBS General Purpose SSD volumes".)

use crate::units::Bytes;

/// What a volume is billed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeType {
    /// General purpose, by size, with burst credits.
    Gp2,
    /// General purpose, by what is provisioned above a baseline.
    Gp3,
    /// Provisioned IOPS.
    Io1,
    /// Provisioned IOPS, Block Express.
    Io2,
}

impl VolumeType {
    /// All of them, each with its name.
    pub const ALL: [(&'static str, VolumeType); 4] = [
        ("gp2", VolumeType::Gp2),
        ("gp3", VolumeType::Gp3),
        ("io1", VolumeType::Io1),
        ("io2", VolumeType::Io2),
    ];

    /// `gp2`.
    pub fn name(self) -> &'static str {
        VolumeType::ALL.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }
}

/// Credits of a volume: one is an I/O.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burst {
    /// I/Os a second while it has credits.
    pub iops: f64,
    /// Credits that it has at most.
    pub most: f64,
    /// Part of them that it has at the start.
    pub initial: f64,
}

/// I/Os a second of gp2 for each GiB, of each volume at least and at most.
const GP2_PER_GIB: f64 = 3.0;
const GP2_LEAST: f64 = 100.0;
const GP2_MOST: f64 = 16_000.0;
/// What a gp2 volume does while it has credits.
const GP2_BURST: f64 = 3_000.0;
/// Credits that a gp2 volume has at most.
const GP2_CREDITS: f64 = 5_400_000.0;
/// Size up to which the throughput of a gp2 volume is the smaller one.
const GP2_SMALL: Bytes = Bytes(170 << 30);
const GP2_SMALL_MIB: f64 = 128.0;
const GP2_MIB: f64 = 250.0;
/// I/Os a second of gp3 without anything provisioned.
pub const GP3_IOPS: f64 = 3_000.0;
/// MiB a second of it.
pub const GP3_MIB: f64 = 125.0;

/// I/Os a second that a gp2 volume of this size always does, and earns as credits.
pub fn gp2_iops(size: Bytes) -> f64 {
    (GP2_PER_GIB * size.as_gib()).clamp(GP2_LEAST, GP2_MOST)
}

/// MiB a second that a gp2 volume of this size passes.
pub fn gp2_mib(size: Bytes) -> f64 {
    if size <= GP2_SMALL { GP2_SMALL_MIB } else { GP2_MIB }
}

/// The burst of so many striped gp2 volumes of this size each, with a part of their credits; nothing where they always do as much.
pub fn gp2_burst(size: Bytes, stripes: f64, initial: f64) -> Option<Burst> {
    let burst = Burst { iops: GP2_BURST * stripes, most: GP2_CREDITS * stripes, initial };
    (gp2_iops(size) < GP2_BURST).then_some(burst)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points of the guide: 100 I/Os up to 33.3 GiB, 3 for each GiB, 16,000 from 5,334 GiB on; no burst from 1,000 GiB on; 128 MiB/s up to 170 GiB.
    #[test]
    fn gp2_goes_by_its_size() {
        let of = |gib: u64| (gp2_iops(Bytes(gib << 30)), gp2_mib(Bytes(gib << 30)));
        assert_eq!([1, 33, 100].map(of), [(100.0, 128.0), (100.0, 128.0), (300.0, 128.0)]);
        assert_eq!(
            [170, 171, 5_334, 16_384].map(of),
            [(510.0, 128.0), (513.0, 250.0), (16_000.0, 250.0), (16_000.0, 250.0)]
        );
        let bursts = |gib: u64| gp2_burst(Bytes(gib << 30), 1.0, 0.5);
        assert_eq!(bursts(999), Some(Burst { iops: 3_000.0, most: 5_400_000.0, initial: 0.5 }));
        assert_eq!(bursts(1_000), None);
    }
}
