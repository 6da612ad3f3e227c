//! The keys of a fault. In: nothing. Out: their shape.

use super::target::{INSTANCES, TTL};
use crate::language::shape::{Key, Shape};

/// The language of a fault.
pub const SHAPE: Shape = Shape {
    title: "[fault.NAME]",
    about: "Something breaks: an Availability Zone is lost, and whatever has a place there stops at once, and nothing that is sent there \
            is answered; or with `fleet` some instances, or with `service`, `cache` or `database` that one or a part of it.",
    keys: &[
        Key::optional(
            "zone",
            "letter from \"a\" to \"f\"",
            "required without `region`, `fleet`, `service`, `cache` or `database`; with `region`, all of its zones and what is of that Region as a whole; with `fleet`, instances of any zone",
            "the zone that is lost, as in the `azs` of a resource; with `fleet`, the zone in which instances are struck",
        ),
        Key::optional(
            "fleet",
            "name of a fleet",
            "a whole zone is lost",
            "the fleet of which instances are struck",
        ),
        Key::optional("service", "name of a service", "a whole zone is lost", "the service that is struck"),
        Key::optional("cache", "name of a cache", "a whole zone is lost", "the cache that is struck"),
        Key::optional(
            "shard",
            "whole number",
            "all of the cache",
            "the shard of the cache that is struck, from 1; nothing else of it is",
        ),
        Key::optional(
            "database",
            "name of a database",
            "a whole zone is lost",
            "the database that is struck",
        ),
        Key::optional(
            "node",
            "\"writer\" or \"replica\"",
            "all of the database",
            "the node of the database that is struck: the one that writes at that instant, or the first replica that is there. It stays \
             struck if another one takes over from it",
        ),
        Key::optional(
            "balancer",
            "name of a balancer",
            "a whole zone is lost",
            "the balancer of which the name (DNS) is wrong: a `share` of those that look it up get an address that is not its own, and keep it \
             for `ttl`",
        ),
        Key::given(
            "ttl",
            "duration",
            || TTL.show(),
            "how long an address is kept: the fault is felt so much longer than it lasts",
        ),
        Key::optional(
            "effect",
            "\"dies\", \"crashes\", \"hangs\", \"slow\", \"unreachable\", \"fails\", \"refuses\", \"fails-over\", \"promotes\", \"switches-over\" or \"corrupts\"",
            "required without `zone`, and with `fleet`",
            "what becomes of what is struck. Of instances: `dies`: stops without a word, fails its status check and is replaced; \
             `crashes`: its application ends, what is inside gets a 502, and a supervisor starts it again; `hangs`: accepts \
             connections and does nothing; `slow`: works at `speed`; `unreachable`: loses its network and is back with all that it \
             had; `fails`: answers every request with an error (a bad configuration). Of a service: `slow`: what begins takes `factor` times as long; `fails`: a `share` of its requests is answered with \
             an error after its time; `refuses`: a `share` is turned away at once; `hangs`: answers nothing until it is over. Of a cache or a \
             database the same, command by command or statement by statement; and `dies`: it is lost, as with its zone, until it is over, \
             and is back with nothing in memory. Of a database also `crashes`: the server of a node, the writer by default, ends and is back after \
             `recovery`; and `fails-over`: it is told to let another node write, as for maintenance or a drill; and, of RDS, `promotes`: its read replica that is least behind is promoted by hand, \
             after `promotion` it writes, and what it had not applied is lost; of Aurora with `global`, its second Region takes over, after a failover, or with `switches-over` as planned; \
             and `corrupts`: a `share` of its rows is wrong (a bad release), and who reads or changes one of them fails, until it is restored as it was before. Of a balancer, at the wrong address: `unreachable`: nothing answers; `refuses`: \
             nobody listens",
        ),
        Key::given(
            "instances",
            "whole number",
            || INSTANCES.show(),
            "how many instances in service are struck, chosen at random; not with `share`",
        ),
        Key::optional(
            "share",
            "share",
            "required for a service, a cache or a database that `fails` or `refuses`, and for `corrupts`",
            "the share of the instances in service that is struck, rounded up; or of the requests of the service, of the commands of the cache, or of the statements of the database; or of those that look the name of a balancer up, all by default",
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
            "required for a service, a cache or a database that is `slow`",
            "how many times as long what begins there takes",
        ),
        Key::optional(
            "with",
            "name of a fault",
            "at times of its own",
            "it strikes whenever that one does, at the same instant, in place of `at` and `every`: one cause that breaks several things",
        ),
        Key::optional(
            "at",
            "duration",
            "required; with `every` the start of the run; not with `with`",
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
            "until the end of the run; required with `every` and `with`. What `dies` or `crashes` takes none",
            "how long it lasts, or each strike does",
        ),
    ],
};
