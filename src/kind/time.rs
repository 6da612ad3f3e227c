//! Steps that pass time where the request is, which steps of kinds can have inside of them too. In: nothing. Out: their language.

use crate::language::shape::{Key, Shape};

/// Steps that pass time where the request is.
pub const SHAPES: [&Shape; 2] = [
    &Shape {
        title: "{ cpu = … }",
        about: "Use the CPU of the instance.",
        keys: &[Key::required("cpu", "demand", "time on one idle vCPU of strength 1 (m5 family)")],
    },
    &Shape {
        title: "{ delay = … }",
        about: "Pass time without using any resource, but keeping what is held.",
        keys: &[Key::required("delay", "demand", "how long")],
    },
];
