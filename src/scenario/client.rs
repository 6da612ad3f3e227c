//! `[client]`: what people and their apps do when it is slow. In: timeout, retries, distance. Out: a [`Client`].

use crate::id::LocationId;
pub use crate::kind::policy::OnTimeout;
use crate::kind::retry::{RETRIES, Retries};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// The behaviour of the clients of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Patience of one attempt, from its sending to the last byte; `None` is no limit.
    pub timeout: Option<Time>,
    /// Attempts after the first.
    pub retries: Retries,
    /// Where it is; absent where that does not matter.
    pub from: Option<LocationId>,
    /// Network round trip between client and the entrance of the system, beside what its location adds.
    pub round_trip: Time,
    /// Addresses of which each request has one; `None` is more than anybody counts.
    pub addresses: Option<u32>,
    /// What happens inside the system to an attempt whose client has gone.
    pub on_timeout: OnTimeout,
}

const TEXTBOOK: &str =
    "assumption: clients take part only where the file says so, so that textbook queues are small files";

/// Network round trip between client and entrance: none.
pub const ROUND_TRIP: Given<Time> = Given::new(Time::ZERO, TEXTBOOK);
/// Most addresses of a source: somebody may keep a count for each.
const ADDRESSES_MAX: u32 = 100_000_000;

/// The language of client behaviour.
pub const SHAPE: Shape = Shape {
    title: "[client]",
    about: "What people and their apps do when it is slow. A source of traffic can override any of it with `client = { … }`.",
    keys: &[
        Key::optional(
            "timeout",
            "duration or \"never\"",
            "`\"never\"` (assumption: a limit is to be said, since browsers and programs differ)",
            "patience of one attempt, from sending to the last byte",
        ),
        Key::given(
            "retries",
            "{ max, backoff, cap, jitter } or a whole number",
            || RETRIES.show(),
            "attempts after the first",
        ),
        Key::given(
            "round_trip",
            "duration",
            || ROUND_TRIP.show(),
            "network round trip between client and entrance; with a location, to what is nearest there",
        ),
        Key::optional(
            "from",
            "name of a location",
            "near to where it enters",
            "where the clients are: as far from a Region as that location",
        ),
        Key::optional(
            "addresses",
            "whole number, up to 100,000,000",
            "one of its own for each user, and for each request of open traffic",
            "IP addresses that the requests come from, all equally often: a few of a bot, fewer than users where many are behind one",
        ),
        Key::optional(
            "on_timeout",
            "\"keep_working\" or \"cancel\"",
            "`\"keep_working\"`: servers do not notice that a client has gone (assumption: most notice it when they answer)",
            "what becomes of the work of an attempt that its client gave up; with `\"cancel\"` it leaves queues and shared CPUs \
             at once, and a server, a core (`fifo`) or a delay that has begun ends before it goes",
        ),
    ],
};

impl Default for Client {
    fn default() -> Client {
        Client {
            timeout: None,
            retries: Retries::default(),
            from: None,
            round_trip: ROUND_TRIP.value,
            addresses: None,
            on_timeout: OnTimeout::KeepWorking,
        }
    }
}

impl Client {
    /// Reads `[client]` or an override of it: what the table does not say stays as in `base`.
    pub(super) fn read(reader: &Reader, base: &Client) -> Client {
        let mut client = base.clone();
        client.timeout = reader.or("timeout", |value| value.time_or("never"), base.timeout);
        client.from = reader.maybe("from", Value::id).or(base.from);
        client.round_trip = reader.or("round_trip", Value::time, base.round_trip);
        client.addresses =
            reader.maybe("addresses", |value| value.count(1..=ADDRESSES_MAX)).or(base.addresses);
        client.on_timeout =
            reader.or("on_timeout", |value| value.choice(&OnTimeout::CHOICES), base.on_timeout);
        client.retries = reader.or("retries", |value| Retries::read(value, base.retries), base.retries);
        client
    }
}
