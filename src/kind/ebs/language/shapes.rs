//! The keys of `[ebs.NAME]`, and their defaults. In: nothing. Out: shapes.

use crate::dist::Law;
use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bytes, Time};

/// Size of a volume: 100 GiB.
pub const SIZE: Given<Bytes> = Given::new(Bytes(100 << 30), "assumption: room for the files of a web site");
/// Size of a file: 100 KB.
pub const FILE: Given<Bytes> = Given::new(Bytes(100_000), "assumption: an image of a web page");
/// Burst credits at the start: all.
pub const CREDITS: Given<f64> = Given::new(1.0, "assumption: the day before was calm");
/// Time of an I/O: 1 ms.
pub const READ: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(1)),
    "Amazon EBS user guide, volume types: milliseconds of one digit; assumption: 1 ms, each as long",
);
/// The same of one that writes.
pub const WRITE: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(1)),
    "Amazon EBS user guide, volume types: milliseconds of one digit; assumption: 1 ms, each as long",
);
/// Time of an I/O of io2: 0.5 ms.
pub const SUB_READ: Given<Law> = Given::new(
    Law::Constant(Time::from_micros(500)),
    "Amazon EBS user guide, EBS optimization: less than 500 us on the mean for 16 KiB; assumption: each takes as long",
);
/// The same of one that writes.
pub const SUB_WRITE: Given<Law> = Given::new(
    Law::Constant(Time::from_micros(500)),
    "Amazon EBS user guide, EBS optimization: less than 500 us on the mean for 16 KiB; assumption: each takes as long",
);
/// The largest I/O: 256 KiB.
pub const IO: Given<Bytes> = Given::new(
    Bytes(256 << 10),
    "Amazon EBS user guide, I/O characteristics: an I/O of SSD volumes is 256 KiB at most",
);
/// Whether a volume ends with its instance: yes.
pub const DELETE: Given<bool> = Given::new(
    true,
    "Amazon EC2 Auto Scaling API reference, Ebs: DeleteOnTermination is true for new volumes",
);

/// The language of volumes.
pub const SHAPE: Shape = Shape {
    title: "[ebs.NAME]",
    about: "The EBS volumes of a fleet: each instance has one, with files of its own. A file passes in I/Os of `io` bytes, one after the other; each takes \
            its latency, and waits while the volume passes no more. What is written on one instance, the others do not have. Steps are `read_volume` and \
            `write_volume`, of requests on instances of that fleet.",
    keys: &[
        Key::required("fleet", "name of a fleet", "the fleet of which each instance has a volume"),
        Key::optional(
            "type",
            "\"gp2\", \"gp3\", \"io1\" or \"io2\"",
            "`\"gp3\"` (assumption: what the console proposes)",
            "the type of the volume",
        ),
        Key::given("size", "data, 1 GiB to 64 TiB", || SIZE.show(), "size of each volume (billed)"),
        Key::optional(
            "iops",
            "whole number",
            "gp3: 3000; required of io1 and io2 (Amazon EBS user guide, \"General Purpose SSD volumes\")",
            "provisioned I/Os a second (billed: of gp3 what is above 3,000); gp2 has 3 for each GiB, 100 at least",
        ),
        Key::optional(
            "throughput",
            "bandwidth",
            "gp3: \"125 MiB/s\" (Amazon EBS user guide, \"General Purpose SSD volumes\")",
            "provisioned bytes a second of gp3 (billed: what is above the default); of gp2 it follows from the size, of io1 and io2 from the I/Os",
        ),
        Key::given(
            "credits",
            "share",
            || (format!("\"{}%\"", 100.0 * CREDITS.value), CREDITS.source),
            "burst credits of gp2 on the first instances, of the 5.4 million that a volume has at most; new ones have all of them",
        ),
        Key::optional(
            "instance_limit",
            "bandwidth",
            "none: the volume is the limit",
            "what an instance passes to EBS, by its type; where that is less, the volume passes no more",
        ),
        Key::optional(
            "read_latency",
            "law",
            "`\"1ms\"` (Amazon EBS user guide: milliseconds of one digit), io2 `\"500us\"`",
            "time of an I/O that reads",
        ),
        Key::optional("write_latency", "law", "as `read_latency`", "time of an I/O that writes"),
        Key::given(
            "io",
            "amount of data",
            || IO.show(),
            "the largest I/O; a file is read and written in as many as it needs",
        ),
        Key::given("file", "amount of data", || FILE.show(), "size of a file where a step says no other"),
        Key::given(
            "delete_on_termination",
            "true or false",
            || DELETE.show(),
            "whether a volume ends with its instance; else it stays, is billed on, and nobody reads it",
        ),
    ],
};
