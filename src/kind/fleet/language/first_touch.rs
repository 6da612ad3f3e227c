//! `first_touch` of a boot: a data set that a process reads as it starts, from a volume that was made from a snapshot. In: a table.
//! Out: a [`FirstTouch`].

use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::number::number;
use crate::units::{Bandwidth, Bytes, Time};

/// A mebibyte a second, in bits.
const MIB: f64 = 8.0 * 1_048_576.0;
/// What a volume reads whose blocks are there: 125 MiB/s. Source: see its key.
pub const THROUGHPUT: Bandwidth = Bandwidth(125.0 * MIB);
/// From 100 to 300 MiB/s. Source: EC2 API reference, CreateVolume, VolumeInitializationRate.
const PROVISIONED: std::ops::RangeInclusive<f64> = 100.0 * MIB..=300.0 * MIB;

/// The language of a first touch.
pub const SHAPE: Shape = Shape {
    title: "first_touch = { … }",
    about: "A data set that the application reads as it starts, from a volume that was restored from a snapshot: each block comes from \
            the snapshot when it is read for the first time, which is slow. It makes `application` longer. (EBS user guide, \
            \"Initialize Amazon EBS volumes\".)",
    keys: &[
        Key::required("data", "data, such as \"8 GiB\"", "what is read before the first answer"),
        Key::optional(
            "restore",
            "\"lazy\", \"fast\" or \"provisioned\"",
            "`\"lazy\"` (EBS user guide: blocks are loaded when they are first read)",
            "\"fast\" is fast snapshot restore: all blocks are there; with \"provisioned\" they are loaded at `rate` from the launch \
             call on",
        ),
        Key::optional(
            "rate",
            "data a second, such as \"40 MiB/s\"",
            "required but for \"fast\": AWS gives no figure for a first read, so measure it",
            "how fast blocks come from the snapshot",
        ),
        Key::optional(
            "throughput",
            "data a second",
            "`\"125 MiB/s\"` (EBS user guide: that of gp3 without more)",
            "how fast blocks are read that are there",
        ),
    ],
};

/// How the blocks of a volume come from its snapshot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Restore {
    /// Each when it is first read.
    Lazy(Bandwidth),
    /// All are there from the beginning.
    Fast,
    /// From the launch call on, one after the other.
    Provisioned(Bandwidth),
}

/// A data set that is read as an application starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstTouch {
    /// Its size.
    pub data: Bytes,
    /// How its blocks come from the snapshot.
    pub restore: Restore,
    /// How fast blocks are read that are there.
    pub throughput: Bandwidth,
}

impl FirstTouch {
    /// How long the first read takes that begins so long after the launch call.
    pub fn first(&self, since: Time) -> Time {
        let again = self.again();
        match self.restore {
            Restore::Lazy(rate) => again.max(rate.time_of(self.data)),
            Restore::Fast => again,
            Restore::Provisioned(rate) => again.max(rate.time_of(self.data).since(since)),
        }
    }

    /// How long another read takes.
    pub fn again(&self) -> Time {
        self.throughput.time_of(self.data)
    }

    pub(super) fn read(value: Value) -> Option<FirstTouch> {
        value.table(&SHAPE, FirstTouch::of_table)
    }

    fn of_table(reader: &Reader) -> FirstTouch {
        let data = reader.must("data", Value::some_bytes, Bytes(1));
        let throughput = reader.or("throughput", Value::bandwidth, THROUGHPUT);
        let words = [("lazy", "lazy"), ("fast", "fast"), ("provisioned", "provisioned")];
        let word = reader.or("restore", |value| value.choice(&words), "lazy");
        let rate = match (word, reader.get("rate")) {
            ("fast", Some(value)) => {
                let message = "`rate` does not go with fast snapshot restore";
                value.problem(message, "with `restore = \"fast\"` all blocks are there: leave `rate` out");
                throughput
            }
            ("fast", None) => throughput,
            _ => reader.must("rate", Value::bandwidth, throughput),
        };
        if let Some(value) =
            reader.get("rate").filter(|_| word == "provisioned" && !PROVISIONED.contains(&rate.0))
        {
            let hint = "from 100 MiB/s to 300 MiB/s is possible (EC2 API reference, CreateVolume)";
            let rate = number(rate.0 / MIB);
            value.problem(format!("a provisioned rate of {rate} MiB/s is not possible"), hint);
        }
        let restore = match word {
            "fast" => Restore::Fast,
            "provisioned" => Restore::Provisioned(rate),
            _ => Restore::Lazy(rate),
        };
        FirstTouch { data, restore, throughput }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1,000 MB at 100 MB/s are 10 s, at 20 MB/s 50 s; what has come for 30 s already leaves 20 s, and less than 10 s is no read.
    #[test]
    fn a_first_read_is_as_slow_as_its_blocks_come() {
        let of = |restore| FirstTouch { data: Bytes(1_000_000_000), restore, throughput: Bandwidth(800e6) };
        let (slow, second) = (Bandwidth(160e6), Time::from_secs);
        let first = |restore, since| of(restore).first(second(since));
        assert_eq!([first(Restore::Lazy(slow), 30), first(Restore::Fast, 0)], [second(50), second(10)]);
        let provisioned = [0, 30, 45, 90].map(|since| first(Restore::Provisioned(slow), since));
        assert_eq!(provisioned, [second(50), second(20), second(10), second(10)]);
        assert_eq!(
            first(Restore::Lazy(Bandwidth(1e12)), 0),
            second(10),
            "a volume reads no faster than it can"
        );
    }
}
