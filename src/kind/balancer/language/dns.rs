//! The DNS name of a balancer: which of its nodes callers know. In: `dns = { … }`. Out: a [`Dns`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// How a node is taken out of the name of its balancer, and for how long callers know it all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dns {
    /// From the loss of a node, or of its last healthy target, until the name leaves it out; and back.
    pub detect: Time,
    /// How long a caller keeps an address.
    pub ttl: Time,
}

/// Until a node is taken out: 30 s.
pub const DETECT: Given<Time> = Given::new(
    Time::from_secs(30),
    "Route 53 developer guide, health checks: three in a row fail, of one every 10 s; assumption: those of balancers are the fast ones",
);
/// How long an address is kept: 60 s.
pub const TTL: Given<Time> = Given::new(
    Time::from_secs(60),
    "Elastic Load Balancing user guide, how Elastic Load Balancing works: the DNS entry specifies a time to live of 60 seconds",
);

/// The key.
pub(super) const DNS: Key = Key::optional(
    "dns",
    "{ detect, ttl }",
    "as AWS has it: what each key inside has as its default",
    "how the name of the balancer leaves out a node whose zone is lost, or that has no healthy target",
);

/// The language of a name.
pub const DNS_SHAPE: Shape = Shape {
    title: "dns = { … }",
    about: "A balancer has a node in each zone of its fleet, and a caller knows the address of one of them. A node whose zone is lost, or, \
            without `cross_zone`, one that has no healthy target, is left out of the name after `detect`; who has looked the name up before \
            keeps the address for `ttl`, and fails there. If no node is left, all are in the name. With \"0s\" for both nobody \
            comes to such a node.",
    keys: &[
        Key::given(
            "detect",
            "duration, up to 1 hour",
            || DETECT.show(),
            "from the loss until the name leaves the node out, and from its return until the name has it again",
        ),
        Key::given(
            "ttl",
            "duration, up to 1 day",
            || TTL.show(),
            "how long a caller keeps an address: each has looked it up at a random time",
        ),
    ],
};

impl Default for Dns {
    fn default() -> Dns {
        Dns { detect: DETECT.value, ttl: TTL.value }
    }
}

impl Dns {
    pub(super) fn read(reader: &Reader) -> Dns {
        let up_to =
            |seconds: u64| move |value: Value| value.time_within(Time::ZERO..=Time::from_secs(seconds));
        Dns {
            detect: reader.or("detect", up_to(3_600), DETECT.value),
            ttl: reader.or("ttl", up_to(86_400), TTL.value),
        }
    }

    /// Whether anybody comes to a node that is lost.
    pub(crate) fn is_felt(self) -> bool {
        self.detect > Time::ZERO || self.ttl > Time::ZERO
    }
}
