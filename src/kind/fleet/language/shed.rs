//! `shed` of a fleet: requests that an application turns away because it has too many. In: a table. Out: a [`Shedding`].

use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most requests at a time.
const CONCURRENCY_MAX: u32 = 10_000_000;

/// The language of load shedding.
pub const SHAPE: Shape = Shape {
    title: "shed = { … }",
    about: "Load shedding: an instance answers with an error at once, in place of letting requests wait for what nobody will hear.",
    keys: &[
        Key::optional(
            "concurrency",
            "whole number",
            "no limit",
            "most requests inside of an instance, those on their way to it included; one more is turned away when it comes",
        ),
        Key::optional(
            "queue_time",
            "duration",
            "no limit",
            "a request that has waited longer for its thread is turned away when it gets it",
        ),
    ],
};

/// When an instance turns requests away.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shedding {
    /// Most requests inside.
    pub concurrency: Option<u32>,
    /// Longest wait for a thread.
    pub queue_time: Option<Time>,
}

impl Shedding {
    pub(super) fn read(value: Value) -> Option<Shedding> {
        value.table(&SHAPE, |reader: &Reader| {
            let shedding = Shedding {
                concurrency: reader.maybe("concurrency", |value| value.count(1..=CONCURRENCY_MAX)),
                queue_time: reader.maybe("queue_time", Value::time),
            };
            if shedding == Shedding::default() {
                let problem = reader.problem("nothing says when requests are turned away");
                reader.cx.push(problem.hint("add `concurrency` or `queue_time`"));
            }
            shedding
        })
    }
}
