//! `[client]`: what people and their apps do when it is slow. In: timeout, retries, distance. Out: a [`Client`].

use crate::units::Time;

/// The behaviour of the clients of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Patience of one attempt, from its sending to the last byte; `None` waits for ever.
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
    /// A waiting attempt leaves its queue, a running one stops at its next step.
    Cancel,
}
