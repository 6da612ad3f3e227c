//! What becomes of events: how often Lambda tries again, and where it tells of them. In: a table. Out: an [`Asynchronous`].

use super::Lambda;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::path::PathOwner;
use crate::kind::table::named;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Retries of an event whose invocation failed: 2.
pub const RETRIES: Given<u32> = Given::new(
    2,
    "AWS Lambda developer guide, \"How Lambda handles errors and retries with asynchronous invocation\": two more times",
);
/// Age from which an event is dropped: 6 h.
pub const MAXIMUM_EVENT_AGE: Given<Time> = Given::new(
    Time::from_secs(6 * 3_600),
    "AWS Lambda developer guide, \"Configuring error handling settings for Lambda asynchronous invocations\": up to 6 hours",
);
/// The least such age. Source: AWS Lambda API, PutFunctionEventInvokeConfig, MaximumEventAgeInSeconds.
const AGE_MIN: Time = Time::from_secs(60);

/// The language of asynchronous invocations.
pub const SHAPE: Shape = Shape {
    title: "asynchronous = { … } of a function",
    about: "What becomes of events that invoke it (InvocationType `Event`). They wait in a queue of Lambda. One whose invocation fails is tried again after 1 min, and \
            then after 2 min; one that is throttled after 1 s, 2 s, 4 s and so on, up to 5 min.",
    keys: &[
        Key::given(
            "retries",
            "whole number from 0 to 2",
            || RETRIES.show(),
            "how often an event is tried again whose invocation failed",
        ),
        Key::given(
            "maximum_event_age",
            "duration from 60 s to 6 h",
            || MAXIMUM_EVENT_AGE.show(),
            "an event that is older is tried no more",
        ),
        Key::optional(
            "on_failure",
            "name of a queue, a topic or a function",
            "none: it is lost",
            "where an event goes before it is dropped, because it is tried no more",
        ),
        Key::optional(
            "on_success",
            "name of a queue, a topic or a function",
            "none",
            "where an event goes whose invocation succeeded",
        ),
    ],
};

/// What becomes of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asynchronous {
    /// How often one is tried again whose invocation failed.
    pub retries: u32,
    /// One that is older is tried no more.
    pub maximum_age: Time,
    /// Where one goes that is tried no more.
    pub on_failure: Option<PathOwner>,
    /// Where one goes that succeeded.
    pub on_success: Option<PathOwner>,
}

impl Default for Asynchronous {
    fn default() -> Asynchronous {
        Asynchronous {
            retries: RETRIES.value,
            maximum_age: MAXIMUM_EVENT_AGE.value,
            on_failure: None,
            on_success: None,
        }
    }
}

impl Asynchronous {
    /// Where events go afterwards.
    pub fn destinations(&self) -> impl Iterator<Item = PathOwner> {
        self.on_failure.into_iter().chain(self.on_success)
    }

    pub(super) fn read(value: Value) -> Option<Asynchronous> {
        let ages = AGE_MIN..=MAXIMUM_EVENT_AGE.value;
        let to = |value: Value| named(value, &[Kind::Queue, Kind::Topic, Kind::Lambda]);
        value.table(&SHAPE, |reader: &Reader| Asynchronous {
            retries: reader.or("retries", |value| value.count(0..=2), RETRIES.value),
            maximum_age: reader.or(
                "maximum_event_age",
                |value| value.time_within(ages),
                MAXIMUM_EVENT_AGE.value,
            ),
            on_failure: reader.maybe("on_failure", to),
            on_success: reader.maybe("on_success", to),
        })
    }

    /// Where events may go.
    pub(super) fn check(&self, of: &Lambda, index: usize, all: &Settings, cx: &Context) {
        let Some(span) = cx.names.span(Kind::Lambda, index) else { return };
        let own = (Kind::Lambda, index);
        for (key, to) in [("on_failure", self.on_failure), ("on_success", self.on_success)] {
            let Some(to) = to else { continue };
            let found = match to {
                (Kind::Queue, at) if all.queues.get(at).is_some_and(|queue| queue.fifo) => {
                    Some(("is a FIFO queue", "name a standard queue: Lambda sends to no other"))
                }
                (Kind::Lambda, at) if all.lambdas.get(at).is_some_and(|it| !it.handles) => {
                    Some(("has nothing to do with an event", "write its `steps` or `time`"))
                }
                _ if to == own => {
                    Some(("is the function itself", "its events would never end: name another one"))
                }
                _ if all.region(to) != all.region(own) => {
                    Some(("is in another Region", "name one of the Region of the function"))
                }
                _ => None,
            };
            if let Some((what, hint)) = found {
                let message = format!("`{key}` of `{}`, `{}`, {what}", of.name, cx.names.name(to.0, to.1));
                cx.push(Problem::at(span, message).hint(hint));
            }
        }
    }
}
