//! `[client]`: what people and their apps do when it is slow. In: timeout, retries, distance. Out: a [`Client`].

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
    pub retries: u32,
    /// Pause before the first retry; doubles with each further one.
    pub backoff: Time,
    /// Longest pause.
    pub backoff_cap: Time,
    /// How the pause is spread.
    pub jitter: Jitter,
    /// Network round trip between client and the entrance of the system.
    pub round_trip: Time,
    /// What happens inside the system to an attempt whose client has gone.
    pub on_timeout: OnTimeout,
}

/// Spread of the pause before a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// The pause as it is.
    None,
    /// Uniform between zero and the pause ("full jitter").
    Full,
    /// Half the pause plus uniform up to the other half ("equal jitter").
    Equal,
    /// Exponential with the pause as its mean.
    Exponential,
}

/// What becomes of the work of an attempt that its client gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    /// Servers do not notice: the attempt goes on to its end.
    KeepWorking,
    /// A waiting attempt leaves its queue and a shared processor at once; what takes a fixed time ends first.
    Cancel,
}

const TEXTBOOK: &str =
    "assumption: clients take part only where the file says so, so that textbook queues are small files";

/// Attempts after the first: 0.
pub const RETRIES: Given<u32> = Given::new(0, TEXTBOOK);
/// Pause before the first retry: 1 s.
pub const BACKOFF: Given<Time> =
    Given::new(Time::from_secs(1), "assumption: the usual first pause of mobile apps");
/// Longest pause between attempts: 20 s.
pub const BACKOFF_CAP: Given<Time> =
    Given::new(Time::from_secs(20), "assumption: the longest pause of the AWS SDKs (unverified)");
/// Network round trip between client and entrance: none.
pub const ROUND_TRIP: Given<Time> = Given::new(Time::ZERO, TEXTBOOK);
/// Most attempts after the first.
const RETRIES_MAX: u32 = 100;

/// The language of client behaviour.
pub const SHAPE: Shape = Shape {
    title: "[client]",
    about: "What people and their apps do when it is slow. A source of traffic can override any of it with `client = { … }`.",
    keys: &[
        Key::optional(
            "timeout",
            "duration or \"never\"",
            "`\"never\"`",
            "patience of one attempt, from sending to the last byte",
        ),
        Key::given(
            "retries",
            "{ max, backoff, cap, jitter } or a number",
            || RETRIES.show(),
            "attempts after the first",
        ),
        Key::given(
            "round_trip",
            "duration",
            || ROUND_TRIP.show(),
            "network round trip between client and entrance",
        ),
        Key::optional(
            "on_timeout",
            "\"keep_working\" or \"cancel\"",
            "`\"keep_working\"`: servers do not notice that a client has gone",
            "what becomes of the work of an attempt that its client gave up; with `\"cancel\"` it leaves queues and shared CPUs \
             at once, and a server, a core (`fifo`) or a delay that has begun ends before it goes",
        ),
    ],
};

/// The language of retries.
pub const RETRIES_SHAPE: Shape = Shape {
    title: "retries = { … }",
    about: "How often and when a failed or timed-out attempt is repeated.",
    keys: &[
        Key::required("max", "number", "attempts after the first"),
        Key::given(
            "backoff",
            "duration",
            || BACKOFF.show(),
            "pause before the first retry; doubles with each further one",
        ),
        Key::given("cap", "duration", || BACKOFF_CAP.show(), "longest pause"),
        Key::optional(
            "jitter",
            "\"full\", \"none\", \"equal\" or \"exponential\"",
            "`\"full\"` (assumption, after the AWS Architecture Blog, Exponential backoff and jitter; unverified)",
            "how the pause is spread: uniform from zero, not at all, over its upper half, or exponentially about it",
        ),
    ],
};

impl Default for Client {
    fn default() -> Client {
        Client {
            timeout: None,
            retries: RETRIES.value,
            backoff: BACKOFF.value,
            backoff_cap: BACKOFF_CAP.value,
            jitter: Jitter::Full,
            round_trip: ROUND_TRIP.value,
            on_timeout: OnTimeout::KeepWorking,
        }
    }
}

impl Client {
    /// Reads `[client]` or an override of it: what the table does not say stays as in `base`.
    pub(super) fn read(reader: &Reader, base: &Client) -> Client {
        let mut client = base.clone();
        client.timeout = reader.or("timeout", |value| value.time_or("never"), base.timeout);
        client.round_trip = reader.or("round_trip", Value::time, base.round_trip);
        client.on_timeout = reader.or(
            "on_timeout",
            |value| value.choice(&[("keep_working", OnTimeout::KeepWorking), ("cancel", OnTimeout::Cancel)]),
            base.on_timeout,
        );
        if let Some(retries) = reader.get("retries") {
            client.read_retries(retries);
        }
        client
    }

    fn read_retries(&mut self, value: Value) {
        if !value.is_table() {
            self.retries = value.count(0..=RETRIES_MAX).unwrap_or(self.retries);
            return;
        }
        value.table(&RETRIES_SHAPE, |reader| {
            self.retries = reader.must("max", |value| value.count(0..=RETRIES_MAX), self.retries);
            self.backoff = reader.or("backoff", Value::time, self.backoff);
            self.backoff_cap = reader.or("cap", Value::time, self.backoff_cap);
            let choices = [
                ("full", Jitter::Full),
                ("none", Jitter::None),
                ("equal", Jitter::Equal),
                ("exponential", Jitter::Exponential),
            ];
            self.jitter = reader.or("jitter", |value| value.choice(&choices), self.jitter);
            if self.backoff > self.backoff_cap {
                let message = format!("backoff of {} above the cap of {}", self.backoff, self.backoff_cap);
                reader.cx.push(reader.problem(message).hint("raise `cap` to the backoff or above"));
            }
        });
    }
}
