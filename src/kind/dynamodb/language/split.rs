//! `split = { … }` of a table: what becomes of a hot partition. In: times, or never. Out: a [`Split`].

use super::shapes::{SPLIT_AFTER, SPLIT_WINDOW};
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// How DynamoDB answers a partition that is hot for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// For how long it throttles before it becomes two.
    pub after: Time,
    /// It goes on throttling as long as it has throttled some in each window.
    pub window: Time,
}

/// The language of a split.
pub const SPLIT_SHAPE: Shape = Shape {
    title: "split = { … }",
    about: "Adaptive capacity: a partition that goes on throttling requests becomes two, or, where most of them are for one item, that item gets a partition \
            of its own.",
    keys: &[
        Key::given("after", "duration", || SPLIT_AFTER.show(), "for how long it throttles before it splits"),
        Key::given(
            "window",
            "duration",
            || SPLIT_WINDOW.show(),
            "it goes on throttling as long as it has throttled some in each window of this length",
        ),
    ],
};

impl Default for Split {
    fn default() -> Split {
        Split { after: SPLIT_AFTER.value, window: SPLIT_WINDOW.value }
    }
}

impl Split {
    /// A table, or the word for none.
    pub(super) fn read(value: Value) -> Option<Option<Split>> {
        if value.is_text() && value.text() == Some("never") {
            return Some(None);
        }
        let split = value.table(&SPLIT_SHAPE, |reader| Split {
            after: reader.or("after", Value::span_of_time, SPLIT_AFTER.value),
            window: reader.or("window", Value::span_of_time, SPLIT_WINDOW.value),
        });
        split.map(Some)
    }
}
