//! `protect` of a fleet: which instances a scale-in may not end. In: a table. Out: [`Protection`].

use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// The language of scale-in protection.
pub const SHAPE: Shape = Shape {
    title: "protect = { new, initial, until }",
    about: "Protection from scale-in: the desired capacity falls all the same, and what is too much ends once the protection is over. \
            Health checks and Spot interruptions end protected instances too (EC2 Auto Scaling user guide, instance scale-in protection).",
    keys: &[
        Key::optional(
            "new",
            "true or false",
            "true (assumption: what the table is there for)",
            "whether what is launched is protected (API reference, NewInstancesProtectedFromScaleIn)",
        ),
        Key::optional(
            "initial",
            "whole number",
            "all",
            "how many of the instances that the run begins with are protected",
        ),
        Key::optional("until", "duration", "the end of the run", "when all protection is taken away"),
    ],
};

/// Which instances a scale-in may not end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Protection {
    /// What is launched is protected.
    pub new: bool,
    /// How many of the instances of the start are.
    pub initial: u32,
    /// When all protection is taken away; `None` is never.
    pub until: Option<Time>,
}

impl Protection {
    pub(super) fn read(value: Value) -> Option<Protection> {
        value.table(&SHAPE, |reader: &Reader| Protection {
            new: reader.or("new", Value::flag, true),
            initial: reader.or("initial", |value| value.count(0..=u32::MAX), u32::MAX),
            until: reader.maybe("until", Value::time),
        })
    }
}
