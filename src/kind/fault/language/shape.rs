//! The keys of a fault. In: nothing. Out: their shape.

use super::target::INSTANCES;
use crate::language::shape::{Key, Shape};

/// The language of a fault.
pub const SHAPE: Shape = Shape {
    title: "[fault.NAME]",
    about: "Something breaks: an Availability Zone is lost, and whatever has a place there stops at once, and nothing that is sent there \
            is answered; or with `fleet` some instances, or with `service` a service.",
    keys: &[
        Key::optional(
            "zone",
            "letter, \"a\" to \"f\"",
            "required without `fleet` or `service`; with `fleet`, instances of any zone",
            "the zone that is lost, as in the `azs` of a resource; with `fleet`, the zone in which instances are struck",
        ),
        Key::optional(
            "fleet",
            "name of a fleet",
            "a whole zone is lost",
            "the fleet of which instances are struck",
        ),
        Key::optional("service", "name of a service", "a whole zone is lost", "the service that is struck"),
        Key::optional(
            "effect",
            "\"dies\", \"crashes\", \"hangs\", \"slow\", \"unreachable\", \"fails\" or \"refuses\"",
            "required with `fleet` or `service`",
            "what becomes of what is struck. Of instances: `dies`: stops without a word, fails its status check and is replaced; \
             `crashes`: its application ends, what is inside gets a 502, and a supervisor starts it again; `hangs`: accepts \
             connections and does nothing; `slow`: works at `speed`; `unreachable`: loses its network and is back with all that it \
             had. Of a service: `slow`: what begins takes `factor` times as long; `fails`: a `share` of its requests is answered with \
             an error after its time; `refuses`: a `share` is turned away at once; `hangs`: answers nothing until it is over",
        ),
        Key::given(
            "instances",
            "number",
            || INSTANCES.show(),
            "how many instances in service are struck, chosen at random; not with `share`",
        ),
        Key::optional(
            "share",
            "share",
            "required for a service that `fails` or `refuses`",
            "the share of the instances in service that is struck, rounded up; or of the requests of a service",
        ),
        Key::optional(
            "speed",
            "share",
            "required for instances that are `slow`",
            "the part of their speed that is left",
        ),
        Key::optional(
            "factor",
            "number",
            "required for a service that is `slow`",
            "how many times as long what begins there takes",
        ),
        Key::optional(
            "at",
            "duration",
            "required; with `every` the start of the run",
            "when it begins, from the start of the run",
        ),
        Key::optional(
            "every",
            "law",
            "once",
            "it strikes again and again: the time between strikes, the first one that long after `at`; strikes may overlap. Other \
             random numbers stay the same",
        ),
        Key::optional(
            "for",
            "duration",
            "until the end of the run; required with `every`. What `dies` or `crashes` takes none",
            "how long it lasts, or each strike does",
        ),
    ],
};
