//! `cold` of a fleet: how slow an application is that has just started. In: a table. Out: a [`Cold`].

use super::cpu::some_share;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// The language of a cold application.
pub const SHAPE: Shape = Shape {
    title: "cold = { … }",
    about: "How slow an application is that has just started, because its code is not compiled and its own caches are empty. It gets \
            faster evenly. The instances of the start are warm.",
    keys: &[
        Key::required(
            "speed",
            "share, from 1% on",
            "speed of the application when it answers for the first time",
        ),
        Key::required("for", "duration", "how long it takes until it is as fast as the others"),
    ],
};

/// An application that has just started: its code is not compiled and its own caches are empty, so the same work takes more CPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cold {
    /// Its speed when it answers for the first time, relative to a warm one, 0 to 1.
    pub speed: f64,
    /// From then on it gets faster, evenly, for so long.
    pub lasts: Time,
}

impl Cold {
    pub(super) fn read(reader: &Reader) -> Cold {
        Cold {
            speed: reader.must("speed", some_share, 1.0),
            lasts: reader.must("for", Value::time, Time::ZERO),
        }
    }
}
