//! Tries after the first: how often, and how long the pause before each is. In: what a file says. Out: [`Retries`].
//!
//! People and their apps have them (`[client]`), and so have tiers that call others.

use crate::dist::{exponential, uniform};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::rng::Stream;
use crate::units::Time;

/// How often and when something that failed is tried again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retries {
    /// Tries after the first.
    pub max: u32,
    /// Pause before the first of them; doubles with each further one.
    pub backoff: Time,
    /// Longest pause.
    pub cap: Time,
    /// How the pause is spread.
    pub jitter: Jitter,
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

/// Tries after the first: 0.
pub const RETRIES: Given<u32> = Given::new(
    0,
    "assumption: clients take part only where the file says so, so that textbook queues are small files",
);
/// Pause before the first retry: 1 s.
pub const BACKOFF: Given<Time> =
    Given::new(Time::from_secs(1), "assumption: the usual first pause of mobile apps");
/// Longest pause between tries: 20 s.
pub const BACKOFF_CAP: Given<Time> =
    Given::new(Time::from_secs(20), "assumption: the longest pause of the AWS SDKs (unverified)");
/// Most tries after the first.
const RETRIES_MAX: u32 = 100;

/// The language of retries.
pub const RETRIES_SHAPE: Shape = Shape {
    title: "retries = { … }",
    about: "How often and when a failed or timed-out attempt is repeated.",
    keys: &[
        Key::required("max", "whole number", "attempts after the first"),
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

impl Default for Retries {
    fn default() -> Retries {
        Retries { max: RETRIES.value, backoff: BACKOFF.value, cap: BACKOFF_CAP.value, jitter: Jitter::Full }
    }
}

impl Retries {
    /// Reads a number, or `{ max, backoff, cap, jitter }`: what it does not say stays as in `base`.
    pub(crate) fn read(value: Value, base: Retries) -> Option<Retries> {
        if !value.is_table() {
            return value.count(0..=RETRIES_MAX).map(|max| Retries { max, ..base });
        }
        value.table(&RETRIES_SHAPE, |reader| base.read_table(reader))
    }

    fn read_table(self, reader: &Reader) -> Retries {
        let choices = [
            ("full", Jitter::Full),
            ("none", Jitter::None),
            ("equal", Jitter::Equal),
            ("exponential", Jitter::Exponential),
        ];
        let read = Retries {
            max: reader.must("max", |value| value.count(0..=RETRIES_MAX), self.max),
            backoff: reader.or("backoff", Value::time, self.backoff),
            cap: reader.or("cap", Value::time, self.cap),
            jitter: reader.or("jitter", |value| value.choice(&choices), self.jitter),
        };
        if read.backoff > read.cap {
            let message = format!("backoff of {} above the cap of {}", read.backoff, read.cap);
            reader.cx.push(reader.problem(message).hint("raise `cap` to the backoff or above"));
        }
        read
    }

    /// The pause before a retry in nanoseconds, the first one being 0: exponential backoff up to the cap, with jitter.
    pub(crate) fn pause(&self, retry: u8, stream: &mut Stream) -> u64 {
        let factor = 1u64 << retry.min(62);
        let pause = self.backoff.0.saturating_mul(factor).min(self.cap.0) as f64;
        let pause = match self.jitter {
            Jitter::None => pause,
            Jitter::Full => pause * uniform(stream),
            Jitter::Equal => pause * (1.0 + uniform(stream)) / 2.0,
            Jitter::Exponential => pause * exponential(stream),
        };
        pause as u64
    }

    /// The mean of that pause in seconds.
    pub(crate) fn mean_pause_s(&self, retry: u32) -> f64 {
        let doubled = self.backoff.as_secs_f64() * libm::pow(2.0, f64::from(retry));
        let part = match self.jitter {
            Jitter::None | Jitter::Exponential => 1.0,
            Jitter::Full => 0.5,
            Jitter::Equal => 0.75,
        };
        part * doubled.min(self.cap.as_secs_f64())
    }
}
