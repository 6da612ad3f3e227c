//! The keys of `[efs.NAME]`, and their defaults. In: nothing. Out: shapes.

use crate::dist::Law;
use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bandwidth, Bytes, Time};

const MIB: f64 = 8.0 * 1_048_576.0;
const GIB: f64 = 1_024.0 * MIB;

/// What a file system can do in a throughput mode, if the file says nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Usual {
    /// Operations a second that read, and that write.
    pub iops: [f64; 2],
    /// Bandwidth of reads, and of writes.
    pub limits: [Bandwidth; 2],
    /// Bandwidth of a client.
    pub client: Bandwidth,
}

/// Of each throughput mode, in their order. (Amazon EFS user guide, "Performance specifications", Regional file systems, General Purpose; of a range
/// the lower end.)
pub const MODES: [Usual; 3] = [
    Usual {
        iops: [900_000.0, 500_000.0],
        limits: [Bandwidth(20.0 * GIB), Bandwidth(GIB)],
        client: Bandwidth(1_500.0 * MIB),
    },
    Usual {
        iops: [55_000.0, 25_000.0],
        limits: [Bandwidth(3.0 * GIB), Bandwidth(GIB)],
        client: Bandwidth(500.0 * MIB),
    },
    Usual {
        iops: [35_000.0, 7_000.0],
        limits: [Bandwidth(3.0 * GIB), Bandwidth(GIB)],
        client: Bandwidth(500.0 * MIB),
    },
];

/// What a file system stores at the start: nothing.
pub const STORAGE: Given<Bytes> = Given::new(Bytes(0), "assumption: a new file system");
/// Size of a file: 100 KB.
pub const FILE: Given<Bytes> = Given::new(Bytes(100_000), "assumption: an image of a web page");
/// Burst credits at the start: all.
pub const CREDITS: Given<f64> = Given::new(1.0, "assumption: the day before was calm");
/// Time of an operation that reads: 1 ms.
pub const READ: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(1)),
    "Amazon EFS user guide, performance specifications: about 1 ms; assumption: each takes as long",
);
/// Time of an operation that writes: 2.7 ms.
pub const WRITE: Given<Law> = Given::new(
    Law::Constant(Time::from_micros(2_700)),
    "Amazon EFS user guide, performance specifications: about 2.7 ms; assumption: each takes as long",
);
/// The largest operation: 1 MiB.
pub const IO: Given<Bytes> = Given::new(
    Bytes(1 << 20),
    "Amazon EFS user guide, recommended NFS mount options: rsize and wsize of 1,048,576",
);
/// One-way network latency: nothing, as the latencies of the guide are those that clients see.
pub const HOP: Given<Time> =
    Given::new(Time::ZERO, "Amazon EFS user guide: latencies are those that clients see");

/// The language of a file system.
pub const SHAPE: Shape = Shape {
    title: "[efs.NAME]",
    about: "An Amazon EFS file system: all hosts see the same files. A file passes in operations of `io` bytes, one after the other; each takes its latency, and waits \
            where the file system or its client passes no more. Steps are `read_file` and `write_file`.",
    keys: &[
        Key::given(
            "storage",
            "amount of data",
            || STORAGE.show(),
            "what it stores at the start (billed); what is written comes to it. Its size at the start decides what it passes in bursting mode",
        ),
        Key::given("file", "amount of data", || FILE.show(), "size of a file where a step says no other"),
        Key::optional(
            "throughput",
            "\"elastic\", \"provisioned\" or \"bursting\"",
            "`\"elastic\"` (assumption: what the console proposes)",
            "throughput mode: as much as is asked for (billed by the GB), as much as is `provisioned`, or 50 KiB/s for each GiB that is stored, and 100 MiB/s \
             while there are burst credits; of what is metered, a read counts a third",
        ),
        Key::optional(
            "provisioned",
            "bandwidth, 1 to 10240 MiB/s",
            "none",
            "metered throughput of that mode (billed)",
        ),
        Key::given(
            "credits",
            "share",
            || (format!("\"{}%\"", 100.0 * CREDITS.value), CREDITS.source),
            "burst credits at the start, of the 2.1 TiB for each TiB that it has at most",
        ),
        Key::given("read_latency", "law", || READ.show(), "time of an operation that reads"),
        Key::given("write_latency", "law", || WRITE.show(), "time of an operation that writes"),
        Key::optional(
            "read_iops",
            "rate",
            "900000/s, provisioned 55000/s, bursting 35000/s (Amazon EFS user guide, performance specifications)",
            "operations that read",
        ),
        Key::optional(
            "write_iops",
            "rate",
            "500000/s, provisioned 25000/s, bursting 7000/s (the same guide)",
            "operations that write",
        ),
        Key::optional(
            "read_limit",
            "bandwidth",
            "\"20480 MiB/s\", in other modes \"3072 MiB/s\" (the same guide)",
            "what all reads together pass at most",
        ),
        Key::optional(
            "write_limit",
            "bandwidth",
            "\"1024 MiB/s\" (the same guide)",
            "what all writes together pass at most",
        ),
        Key::optional(
            "client",
            "bandwidth",
            "\"1500 MiB/s\", in other modes \"500 MiB/s\" (the same guide)",
            "what each client, which is a host, passes at most",
        ),
        Key::given("io", "amount of data", || IO.show(), "the largest operation of NFS"),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency beside that of the operations"),
    ],
};
