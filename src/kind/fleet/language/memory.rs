//! `memory` of a fleet: what its instances have in their memory. In: a table, and the type. Out: a [`Memory`].

use crate::catalog::InstanceType;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Bytes;

/// The language of the memory of instances.
pub const SHAPE: Shape = Shape {
    title: "memory = { … }",
    about: "What an instance has in its memory: a base, and a part for each request inside. It changes nothing but the gauge \
            `memory_used`, which is the `mem_used_percent` of the CloudWatch agent.",
    keys: &[
        Key::required("base", "data, such as \"1 GiB\"", "the system and the application without requests"),
        Key::required(
            "request",
            "data",
            "for each request inside the instance, those that wait for a thread included",
        ),
    ],
};

/// What an instance has in its memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// Without requests.
    pub base: Bytes,
    /// For each request inside.
    pub request: Bytes,
}

impl Memory {
    /// The memory used with so many requests inside, in percent of what there is.
    pub fn used(&self, inside: u32, whole: Bytes) -> f64 {
        let used = self.base.0 as f64 + self.request.0 as f64 * f64::from(inside);
        100.0 * used / whole.0.max(1) as f64
    }

    /// That of a fleet, if the file says it.
    pub(super) fn read(reader: &Reader, instance: &InstanceType) -> Option<Memory> {
        let read = |value: Value| {
            value.table(&SHAPE, |reader| {
                let base = reader.must("base", Value::bytes, Bytes(0));
                if let Some(value) = reader.get("base").filter(|_| base > instance.memory) {
                    let message =
                        format!("a base of {base} is too large: {} has {}", instance.name, instance.memory);
                    value.problem(message, "leave room for requests");
                }
                Memory { base, request: reader.must("request", Value::bytes, Bytes(0)) }
            })
        };
        reader.maybe("memory", read)
    }
}
