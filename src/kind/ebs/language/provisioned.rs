//! What a volume can do by its type, its size and what is provisioned. In: keys of a table. Out: [`Provisioned`].
//!
//! (Amazon EBS user guide, "Amazon EBS volume types"; EC2 API reference, EbsBlockDevice, for the values that are taken.)

use crate::kind::volume_type::{GP3_IOPS, GP3_MIB, VolumeType, gp2_iops, gp2_mib};
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes};

/// A mebibyte a second, in bits.
pub const MIB: f64 = 8.0 * 1_048_576.0;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

/// Sizes of gp2 and gp3, of io1, and of io2.
const GENERAL: [Bytes; 2] = [Bytes(GIB), Bytes(16 * TIB)];
const IO1: [Bytes; 2] = [Bytes(4 * GIB), Bytes(16 * TIB)];
const IO2: [Bytes; 2] = [Bytes(4 * GIB), Bytes(64 * TIB)];
/// Most bytes a second of gp3, and those for each of its I/Os.
const GP3_MIB_MOST: f64 = 1_000.0;
const GP3_MIB_PER_IOPS: f64 = 0.25;
/// The largest I/O that counts as one, and what io1 and io2 pass at most.
const IO_SIZE_MIB: f64 = 0.25;
const IO1_MIB_MOST: f64 = 1_000.0;
const IO2_MIB_MOST: f64 = 4_000.0;

/// What a volume can do, and what of it is billed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Provisioned {
    /// I/Os a second.
    pub iops: f64,
    /// MiB a second.
    pub mib: f64,
    /// I/Os a second that are billed.
    pub billed_iops: f64,
    /// MiB a second that are billed.
    pub billed_mib: f64,
}

impl Provisioned {
    /// That of a volume of a type and size, for which so much is provisioned.
    pub fn of(of: VolumeType, size: Bytes, iops: Option<u32>, mib: Option<f64>) -> Provisioned {
        let own = iops.map_or(0.0, f64::from);
        match of {
            VolumeType::Gp2 => {
                Provisioned { iops: gp2_iops(size), mib: gp2_mib(size), billed_iops: 0.0, billed_mib: 0.0 }
            }
            VolumeType::Gp3 => Provisioned {
                iops: own.max(GP3_IOPS),
                mib: mib.unwrap_or(GP3_MIB),
                billed_iops: (own - GP3_IOPS).max(0.0),
                billed_mib: mib.map_or(0.0, |mib| mib - GP3_MIB).max(0.0),
            },
            VolumeType::Io1 | VolumeType::Io2 => {
                let most = if of == VolumeType::Io1 { IO1_MIB_MOST } else { IO2_MIB_MOST };
                Provisioned {
                    iops: own,
                    mib: (IO_SIZE_MIB * own).min(most),
                    billed_iops: own,
                    billed_mib: 0.0,
                }
            }
        }
    }
}

/// The size of a volume of a type.
pub(super) fn size_of_volume(value: Value, of: VolumeType) -> Option<Bytes> {
    let size = value.bytes()?;
    let [least, most] = match of {
        VolumeType::Gp2 | VolumeType::Gp3 => GENERAL,
        VolumeType::Io1 => IO1,
        VolumeType::Io2 => IO2,
    };
    if !(least..=most).contains(&size) {
        let hint = format!("{} takes \"{least}\" to \"{most}\"", of.name());
        value.problem("a volume of this size", hint);
        return None;
    }
    Some(size)
}

/// I/Os a second that are provisioned.
pub(super) fn iops(reader: &Reader, of: VolumeType, size: Bytes) -> Option<u32> {
    // Values that are taken, and the most for each GiB.
    let (range, per_gib) = match of {
        VolumeType::Gp2 | VolumeType::Gp3 => (GP3_IOPS as u32..=16_000, 500.0),
        VolumeType::Io1 => (100..=64_000, 50.0),
        VolumeType::Io2 => (100..=256_000, 1_000.0),
    };
    let found = reader.maybe("iops", |value| {
        if of == VolumeType::Gp2 {
            let hint = "remove it, or write type = \"gp3\"";
            value.problem("the I/Os of gp2 follow from its size: 3 a second for each GiB", hint);
            return None;
        }
        let iops = value.count(range)?;
        // gp3 of any size has what comes with it.
        let most = (per_gib * size.as_gib()).max(if of == VolumeType::Gp3 { GP3_IOPS } else { 0.0 });
        if f64::from(iops) > most {
            let message = format!("{iops} I/Os a second of a volume of {size}");
            let hint = format!("{} takes up to {per_gib} for each GiB", of.name());
            value.problem(message, hint);
        }
        Some(iops)
    });
    if matches!(of, VolumeType::Io1 | VolumeType::Io2) && reader.get("iops").is_none() {
        reader.missing(&["iops"]);
    }
    found
}

/// MiB a second that are provisioned.
pub(super) fn throughput(reader: &Reader, of: VolumeType, iops: Option<u32>) -> Option<f64> {
    reader.maybe("throughput", |value| {
        if of != VolumeType::Gp3 {
            let hint = "remove it: it follows from the type, the size and the I/Os";
            value.problem("throughput can be provisioned of gp3", hint);
            return None;
        }
        let mib = value.bandwidth()?.0 / MIB;
        if !(GP3_MIB..=GP3_MIB_MOST).contains(&mib) {
            value.problem("a throughput that gp3 does not have", "write \"125 MiB/s\" to \"1000 MiB/s\"");
            return None;
        }
        let most = GP3_MIB_PER_IOPS * iops.map_or(GP3_IOPS, f64::from);
        if mib > most {
            let hint = format!(
                "gp3 takes up to 0.25 MiB/s for each of its I/Os a second, here {most} MiB/s: raise `iops`"
            );
            value.problem("more throughput than its I/Os allow", hint);
        }
        Some(mib)
    })
}

/// The bandwidth of an instance to EBS, which is not nothing.
pub(super) fn of_instances(value: Value) -> Option<Bandwidth> {
    let found = value.bandwidth()?;
    crate::language::bounds::positive(value, found.0)?;
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// gp3 comes with 3,000 and 125, and beyond is billed; io1 of 4,000 passes 1,000 MiB/s and no more; io2 of 8,000 passes 2,000.
    #[test]
    fn what_a_type_can_do() {
        let of = |of, iops, mib| {
            let it = Provisioned::of(of, Bytes(100 * GIB), iops, mib);
            [it.iops, it.mib, it.billed_iops, it.billed_mib]
        };
        assert_eq!(of(VolumeType::Gp3, None, None), [3_000.0, 125.0, 0.0, 0.0]);
        assert_eq!(of(VolumeType::Gp3, Some(5_000), Some(325.0)), [5_000.0, 325.0, 2_000.0, 200.0]);
        assert_eq!(of(VolumeType::Gp2, None, None), [300.0, 128.0, 0.0, 0.0]);
        assert_eq!(of(VolumeType::Io1, Some(2_000), None), [2_000.0, 500.0, 2_000.0, 0.0]);
        assert_eq!(of(VolumeType::Io1, Some(5_000), None), [5_000.0, 1_000.0, 5_000.0, 0.0]);
        assert_eq!(of(VolumeType::Io2, Some(8_000), None), [8_000.0, 2_000.0, 8_000.0, 0.0]);
        assert_eq!(of(VolumeType::Io2, Some(50_000), None)[1], 4_000.0);
    }
}
