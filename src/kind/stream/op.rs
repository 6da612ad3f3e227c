//! Steps and timers of streams. In: nothing. Out: what an attempt does at a stream, and what happens there by itself.

use crate::flow::draws::DrawId;
use crate::flow::timer::timers;
use crate::kind::Kind;

/// Steps at a stream.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A record is about to be put, and goes to the stream at `start`.
    Begin { stream: u16, keys: u16, slot: u8, start: u32 },
    /// The pause of the SDK after it was throttled.
    Pause { stream: u16 },
    /// It has so many bytes, which are the nanoseconds of the draw: for the estimate of the headroom.
    Weigh { stream: u16, bytes: DrawId },
    /// All who share what its shard gives will read as many of them, which are the nanoseconds of the draw: for the same estimate.
    Share { stream: u16, bytes: DrawId },
    /// The shard takes it, or throttles it; then it goes on at `again`.
    Put { stream: u16, bytes: u32, again: u32 },
    /// The time of the put.
    Serve { draw: DrawId },
    /// The errand of a batch begins.
    Invoke,
    /// The function has the batch.
    Take,
    /// It has come to the end of a record, and goes on with the next of the batch there.
    Each { first: u32 },
    /// The errand ends.
    Done,
}

timers! {
    Kind::Stream;
    /// A consumer reads a shard.
    Read { reader: u32 } = "read of a shard by consumer";
    /// A batch has waited for more records for long enough.
    Window { lane: u32 } = "end of a batch window in lane";
    /// A batch that failed is tried again.
    Retry { lane: u32 } = "next try of a batch in lane";
    /// The shards of an update are there.
    Reshard { stream: u16, update: u16 } = "other shards of stream";
}
