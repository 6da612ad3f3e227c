//! The language of `[request.NAME]` and of its steps: every key with its default.

use crate::kind;
use crate::language::shape::{Given, Key, Shape};
use crate::units::Bytes;

/// Mean size of a request on the wire: 1 KiB.
pub const REQUEST_SIZE: Given<Bytes> =
    Given::new(Bytes(1_024), "assumption: a GET with its cookies and headers");
/// Mean size of a response on the wire: 30 KiB.
pub const RESPONSE_SIZE: Given<Bytes> =
    Given::new(Bytes(30 * 1_024), "assumption: a compressed page without its images");
/// Level at stations that serve by priority: 0.
pub const PRIORITY: Given<u32> = Given::new(0, "assumption: all classes wait alike");

/// The language of a request class.
pub const SHAPE: Shape = Shape {
    title: "[request.NAME]",
    about: "A class of requests: all its members walk the same path through the named resources.",
    keys: &[
        Key::optional(
            "via",
            "name of a balancer, a fleet or a function, or of what stands before them",
            "the steps run without a tier, so none of them can use CPU",
            "entrance: a thread of the picked instance is held for all steps",
        ),
        Key::optional(
            "path",
            "text",
            "none",
            "the path that requests of the class ask for: for whatever looks at it on the way, such as the `rules` of a balancer",
        ),
        Key::optional(
            "host",
            "text",
            "none",
            "the host that requests of the class ask for: for whatever looks at it on the way, such as the `rules` of a balancer",
        ),
        Key::optional(
            "method",
            "\"GET\", \"HEAD\", \"OPTIONS\", \"POST\", \"PUT\", \"PATCH\" or \"DELETE\"",
            "`\"GET\"` (assumption: most requests read)",
            "the method of requests of the class: it says which answers may be kept on the way, and what may be sent again",
        ),
        Key::optional(
            "keys",
            "name of a population",
            "one and the same object",
            "the object that each request asks for, for those on its way that keep objects",
        ),
        Key::optional(
            "steps",
            "step or array of steps",
            "required, unless the request enters where it is answered, such as a bucket",
            "what the request does, in order",
        ),
        Key::given(
            "priority",
            "whole number, up to 7",
            || PRIORITY.show(),
            "the level of the class at stations with discipline = \"priority\": the highest goes first",
        ),
        Key::given("request_size", "data", || REQUEST_SIZE.show(), "mean size of a request on the wire"),
        Key::given("response_size", "data", || RESPONSE_SIZE.show(), "mean size of a response on the wire"),
    ],
};

/// The language of every step, one shape for each verb.
pub(in crate::scenario) fn shapes() -> impl Iterator<Item = &'static Shape> {
    verbs().chain(kind::Step::inner_shapes())
}

/// The language of a step of a path, one shape for each verb.
pub(in crate::scenario) fn verbs() -> impl Iterator<Item = &'static Shape> {
    kind::time::SHAPES.into_iter().chain(kind::Step::shapes()).chain([&CALL_SHAPE])
}

/// The language of a step through another tier.
pub const CALL_SHAPE: Shape = Shape {
    title: "{ call = … }",
    about: "Enter another tier: a thread of the picked instance is held for all of `steps`.",
    keys: &[
        Key::required("call", "name of a balancer, a fleet or a function", "entrance of the tier"),
        Key::required("steps", "step or array of steps", "what happens there"),
    ],
};
