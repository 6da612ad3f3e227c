//! What becomes of a record that is put. In: attempts that come to a stream. Out: records in shards, puts that are tried again or fail.

use rand::Rng;

use super::key::{ANY, Asking, hash_of, shard_of};
use super::shard::{Lacks, Record};
use super::state::Streams;
use crate::dist::uniform;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::measure::stage::Cause;

/// A payload unit. (Amazon Kinesis Data Streams pricing: 25 KB, of 1,024 bytes.)
const UNIT: u32 = 25 * 1_024;
/// What on-demand capacity counts in: each record is whole kilobytes. (The same.)
const KILOBYTE: u32 = 1_024;

impl Streams<'_> {
    /// A record is about to be put.
    pub(super) fn begin(&mut self, id: u32, stream: u16, (keys, slot): (u16, u8), flow: &Flow) {
        let hash = match keys {
            ANY => self.each[usize::from(stream)].chance.next_u64(),
            _ => hash_of(keys, flow.attempts.key(id, slot)),
        };
        *self.asking.of_mut(id) = Asking { hash, tries: 0 };
    }

    /// Its shard takes it, or throttles it: then it goes on at `again`, or fails.
    pub(super) fn put(&mut self, id: u32, stream: u16, bytes: u32, again: u32, flow: &mut Flow) -> Next {
        self.follow(stream, flow);
        let index = usize::from(stream);
        let settings = &self.settings[index];
        let row = self.asking.of_mut(id);
        row.tries += 1;
        let asking = *row;
        let it = &mut self.each[index];
        let shard = it.open[shard_of(asking.hash, it.open.len())];
        let own = &mut self.shards[shard as usize];
        if asking.tries == 1 {
            own.asked[0] += u64::from(bytes);
            own.asked[1] += 1;
        }
        match own.take(bytes, flow.now) {
            Ok(()) => {
                self.keep(stream, shard, asking.hash, bytes, flow);
                return Next::Op;
            }
            Err(Lacks::Records) => {}
            Err(Lacks::Bytes) => it.counts.throttled_by_bytes += 1,
        }
        it.counts.throttled += 1;
        if asking.tries <= settings.retries.max {
            return Next::At(again);
        }
        it.counts.given_up += 1;
        Next::Fail(Cause::StreamThroughputExceeded)
    }

    /// The SDK pauses before it tries again.
    pub(super) fn pause(&mut self, id: u32, stream: u16, flow: &mut Flow) -> Next {
        let index = usize::from(stream);
        let retry = self.asking.of(id).tries.saturating_sub(1).min(u8::MAX.into()) as u8;
        let it = &mut self.each[index];
        let pause = self.settings[index].retries.pause(retry, &mut it.jitter);
        it.counts.paused = it.counts.paused.saturating_add(pause);
        flow.pass(pause, id)
    }

    /// A record is in its shard.
    fn keep(&mut self, stream: u16, shard: u32, hash: u64, bytes: u32, flow: &mut Flow) {
        let index = usize::from(stream);
        let it = &mut self.each[index];
        it.counts.put += 1;
        it.counts.bytes += u64::from(bytes);
        it.counts.units += u64::from(bytes.div_ceil(UNIT).max(1));
        it.counts.kilobytes += u64::from(bytes.div_ceil(KILOBYTE).max(1));
        if let Some(growth) = &mut it.growth {
            growth.put(bytes);
        }
        let poison = self.settings[index].source.as_ref().map_or(0.0, |source| source.poison);
        let poison = poison > 0.0 && uniform(&mut it.poison) < poison;
        let own = &mut self.shards[shard as usize];
        if own.readers.is_empty() {
            return;
        }
        own.keep(Record { at: flow.now, hash, bytes, poison });
        // Who polls will find it; to who has a fan-out it is pushed.
        for place in 0..own.readers.len() {
            let reader = self.shards[shard as usize].readers[place];
            if self.readers[reader as usize].own.is_some() {
                self.plan(reader, flow);
            }
        }
    }
}
