//! What becomes of a connection that comes to nothing. In: how it ended, and whether a balancer that knows HTTP is before it. Out: the
//! cause that its caller sees.
//!
//! A balancer that knows HTTP turns each of them into an answer of its own, a 502, 503 or 504. Through one that knows none, the caller
//! sees the connection itself: it is refused, reset, or never accepted.

use crate::measure::stage::Cause;

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Nothing listens at the target.
    Refused,
    /// The target reset it, or has gone.
    Reset,
    /// The target did not accept it in time.
    Unaccepted,
    /// It was idle for too long before an answer came, so the balancer ended it.
    Unanswered,
    /// There is no target.
    Nowhere,
}

impl Broken {
    /// The cause that the caller sees.
    pub fn cause(self, knows_http: bool) -> Cause {
        match (self, knows_http) {
            (Broken::Refused | Broken::Reset, true) => Cause::BadGateway,
            (Broken::Nowhere, true) => Cause::ServiceUnavailable,
            (Broken::Unaccepted | Broken::Unanswered, true) => Cause::GatewayTimeout,
            (Broken::Refused | Broken::Nowhere, false) => Cause::ConnectionRefused,
            (Broken::Reset | Broken::Unanswered, false) => Cause::ConnectionReset,
            (Broken::Unaccepted, false) => Cause::ConnectionTimeout,
        }
    }
}
