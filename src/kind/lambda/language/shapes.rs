//! The keys of a function, with their defaults and sources. In: nothing. Out: shapes.

use crate::dist::Law;
use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bytes, Time};

/// Memory: 128 MB.
pub const MEMORY: Given<u32> =
    Given::new(128, "AWS Lambda developer guide, \"Configure Lambda function memory\": 128 MB by default");
/// The least and the most memory. Source: the same.
pub const MEMORY_MIN_MB: u32 = 128;
/// See there.
pub const MEMORY_MB: u32 = 10_240;
/// Memory that comes with one vCPU. Source: the same: "At 1,769 MB, a function has the equivalent of one vCPU".
pub const MEMORY_PER_VCPU_MB: u32 = 1_769;
/// vCPUs of the largest function. Source: AWS, "AWS Lambda now supports up to 10 GB of memory and 6 vCPU cores" (2020-12).
pub const VCPUS_MAX: f64 = 6.0;
/// Processor: x86_64.
pub const ARCHITECTURE: Given<&str> = Given::new(
    "x86_64",
    "AWS Lambda developer guide, \"Selecting an instruction set architecture\": the default",
);
/// Strength of a whole vCPU: 1.
pub const STRENGTH: Given<f64> = Given::new(1.0, "assumption: a vCPU as fast as one of the m5 family");
/// Until the initialization begins: 150 ms.
pub const PLACEMENT: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(150), cv: 0.5 },
    "assumption: the microVM is placed and the code comes to it, which no figure of AWS shows; callers see some 100 to 200 ms beside `Init \
     Duration`",
);
/// Package: 1 MB.
pub const PACKAGE: Given<Bytes> = Given::new(Bytes(1_000_000), "assumption: a handler with few libraries");
/// Initialization for each MB of the package: 10 ms.
pub const PER_MB: Given<Time> = Given::new(
    Time::from_millis(10),
    "assumption: 50 MB of libraries that are loaded make half a second, as many report",
);
/// How long an idle environment is kept: 10 min.
pub const KEEP: Given<Time> = Given::new(
    Time::from_secs(600),
    "assumption: AWS does not say; measurements find 5 to 15 minutes, and sometimes more",
);
/// Timeout: 3 s.
pub const TIMEOUT: Given<Time> = Given::new(
    Time::from_secs(3),
    "AWS Lambda developer guide, \"Configure Lambda function timeout\": 3 seconds by default",
);
/// The longest timeout. Source: the same.
pub const TIMEOUT_MAX: Time = Time::from_secs(900);
/// One-way network latency: 5 ms.
pub const HOP: Given<Time> = Given::new(
    Time::from_millis(5),
    "assumption: the frontend of Lambda checks the caller and finds an environment: some 10 ms there and back",
);

/// The language of a function.
pub const SHAPE: Shape = Shape {
    title: "[lambda.NAME]",
    about: "A Lambda function: execution environments, each of which has one request at a time. Requests enter it by `via` or `call`; their steps \
            run in an environment, which is made if none is idle.",
    keys: &[
        Key::given(
            "memory",
            "MB, 128 to 10240, or data",
            || MEMORY.show(),
            "memory of an environment; it has a vCPU for each 1,769 MB, and a step on its CPU runs on one thread",
        ),
        Key::given(
            "architecture",
            "\"x86_64\" or \"arm64\"",
            || ARCHITECTURE.show(),
            "processor, for the bill",
        ),
        Key::given(
            "strength",
            "number",
            || STRENGTH.show(),
            "how fast a whole vCPU is, relative to one of m5",
        ),
        Key::optional(
            "runtime",
            "\"python\", \"nodejs\", \"java\", \"dotnet\", \"ruby\", \"go\" or \"rust\"",
            "`\"python\"` (assumption: the one that is used most)",
            "what runs it: how long an environment initializes",
        ),
        Key::given(
            "package",
            "data",
            || PACKAGE.show(),
            "size of the deployment package, which lengthens the initialization",
        ),
        Key::optional(
            "init",
            "law",
            "by `runtime` and `package`: lognormal, 98 ms for Python, 130 ms for Node.js, 259 ms for Java, 276 ms for .NET, 227 ms for Ruby, \
             48 ms for Go, 15 ms for Rust (maxday/lambda-perf, 2025-11-29), and 10 ms for each MB (assumption)",
            "initialization of an environment, which is billed",
        ),
        Key::given(
            "placement",
            "law",
            || PLACEMENT.show(),
            "from a cold invocation until its initialization begins, which is not billed",
        ),
        Key::given(
            "keep",
            "duration",
            || KEEP.show(),
            "how long an environment is kept that has nothing to do",
        ),
        Key::given(
            "timeout",
            "duration, at most 15 min",
            || TIMEOUT.show(),
            "an invocation that takes longer fails, and its environment ends",
        ),
        Key::optional(
            "reserved_concurrency",
            "whole number",
            "none: it shares what is not reserved with the others",
            "concurrency that is its own, and the most that it may have",
        ),
        Key::optional(
            "provisioned_concurrency",
            "whole number, array of [duration, whole number], or { … }",
            "none",
            "environments that are made before they are asked for",
        ),
        Key::optional(
            "scaling",
            "\"rate\", \"burst\" or { … }",
            "`\"rate\"`: 1,000 more every 10 s (AWS Lambda developer guide, \"Understanding Lambda function scaling\")",
            "how fast it gets environments",
        ),
        Key::optional(
            "pools",
            "{ DATABASE = whole number }",
            "none",
            "connections that each environment opens to a database when it is initialized",
        ),
        Key::optional(
            "steps",
            "step or array of steps",
            "nothing: it is invoked by requests that wait",
            "what it does with an event that invokes it asynchronously",
        ),
        Key::optional("time", "demand", "see `steps`", "how long an event takes, without using CPU"),
        Key::optional(
            "asynchronous",
            "{ … }",
            "as there",
            "how often events are tried again, and where they go then",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way latency between a caller and an environment"),
    ],
};
