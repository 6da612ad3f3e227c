//! `forwards` of a fleet: what each request through it takes of its CPU, as at an inspection appliance. In: a table. Out: a [`Passing`].

use crate::kind::host::Passing;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// CPU for each kilobyte: none.
pub const PER_KB: Given<Time> =
    Given::new(Time::ZERO, "assumption: a request costs the same whatever its size");

/// The language of forwarding.
pub const SHAPE: Shape = Shape {
    title: "forwards = { … }",
    about: "What each request takes of the CPU of an instance that it passes, before the steps there: at a proxy, a firewall or another \
            appliance. A packet carries about 1.4 kB, so what each packet costs is part of `per_kb`.",
    keys: &[
        Key::required("cpu", "duration", "time on one vCPU for each request, both ways together"),
        Key::given(
            "per_kb",
            "duration",
            || PER_KB.show(),
            "time on one vCPU for each kB of the request and of its answer",
        ),
    ],
};

/// Reads it.
pub(super) fn read(value: Value) -> Option<Passing> {
    value.table(&SHAPE, |reader: &Reader| Passing {
        cpu: reader.must("cpu", Value::time, Time::ZERO),
        per_kb: reader.or("per_kb", Value::time, PER_KB.value),
    })
}
