//! Steps and timers of functions. In: nothing. Out: what an attempt does at a function, and what happens there by itself.

use crate::flow::timer::timers;
use crate::kind::Kind;

/// Steps at a function.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Get an environment, as a tier.
    Invoke { function: u16, tier: u8 },
    /// A new environment of a tier has initialized, and connects.
    Connect { tier: u8 },
    /// The handler begins.
    Handle { tier: u8 },
    /// Events come to the queue of a function.
    Event { function: u16, events: u8 },
    /// The invocation of an event has succeeded.
    Succeeds,
    /// A destination has been told of an event.
    Told,
}

timers! {
    Kind::Lambda;
    /// The oldest invocation of a function may have taken too long.
    TimesOut { function: u16 } = "timeout of an invocation of function";
    /// The environment that was used longest ago may be reclaimed.
    Reclaims { function: u16 } = "end of an idle environment of function";
    /// A provisioned environment has initialized.
    Provisioned { environment: u32 } = "provisioned environment";
    /// Another number of environments is provisioned.
    Schedule { function: u16, change: u16 } = "change of the provisioned concurrency of function";
    /// A minute of its use has ended.
    Track { function: u16 } = "look at the use of the provisioned concurrency of function";
    /// An event is tried again, or is too old.
    Event { function: u16 } = "next try of an event of function";
}
