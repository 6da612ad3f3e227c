//! Steps and timers of queues.
//!
//! In: nothing. Out: what an attempt does at a queue, and what happens there by itself.

use crate::flow::timer::timers;
use crate::kind::Kind;

/// Steps at a queue. Those of a call take place at SQS, half its time after it was made; `again` is the op itself.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Messages are sent to a queue.
    Send { queue: u16, messages: u8, again: u32 },
    /// Messages are sent to a topic, which may be an event bus.
    Publish { topic: u16, messages: u8, bus: bool, again: u32 },
    /// Messages are received, maybe after a wait.
    Receive { queue: u16, messages: u8, wait: u8, again: u32 },
    /// The answer to that travels back; without messages the attempt goes on elsewhere.
    Answer { queue: u16, none: u32 },
    /// What was received is deleted.
    Delete { queue: u16, again: u32 },
    /// A worker has messages.
    Take,
    /// A worker is done with a message.
    Finish,
    /// The messages that a worker is done with are deleted.
    Remove { queue: u16, again: u32 },
    /// The errand of a worker ends.
    Done,
    /// What was received waits for more of a batch; what has nothing ends at `none`.
    Gather { queue: u16, none: u32 },
    /// A function has a batch of messages.
    Batch,
    /// It works on one that may fail by itself, from `first` on; it goes on at `then`.
    Try { first: u32, then: u32 },
    /// That has succeeded.
    Tried,
    /// An event bus has delivered to a function.
    Delivered,
    /// It is done with one, and goes on with the next of the batch there.
    Each { first: u32 },
}

timers! {
    Kind::Queue;
    /// A poller asks its queues.
    Poll { poller: u32 } = "poll";
    /// A poller of Lambda asks its queue.
    Ask { queue: u16, poller: u32 } = "poll for a function";
    /// Lambda looks whether a queue needs more pollers.
    Grow { queue: u16 } = "pollers for a function at queue";
    /// Copies come to a queue from another Region.
    Copied { queue: u16 } = "copies from another Region to queue";
    /// An event bus delivers to functions.
    Events { topic: u16 } = "delivery of event bus";
    /// The first delay of a queue ends.
    Deliver { queue: u16 } = "end of a delivery delay in queue";
    /// The first visibility timeout of a queue ends.
    Visible { queue: u16 } = "end of a visibility timeout in queue";
    /// The oldest message of a queue has reached the retention period.
    Expire { queue: u16 } = "end of the retention period in queue";
}
