//! How consumers read shards. In: shards with records. Out: records in lanes, from which batches are made.
//!
//! Lambda polls each shard once a second, and as long as there was more as soon as it needs some. It reads no further ahead than one call gives. With a fan-out
//! records are pushed, as fast as one consumer may have them. Other applications ask at their interval, whatever there is.

use super::key::lane_of;
use super::op::Timer;
use super::reader::READ_AHEAD;
use super::state::Streams;
use crate::flow::Flow;

/// How soon Lambda reads again where there was more, nanoseconds. Assumption: as often as a shard lets somebody alone.
const AGAIN: u64 = 200_000_000;
/// From a put to its push, nanoseconds. (Amazon Kinesis Data Streams developer guide, "Develop enhanced fan-out consumers": on average around 70 ms.)
const PUSH: u64 = 70_000_000;

impl Streams<'_> {
    /// A consumer reads its shard.
    pub(super) fn read(&mut self, reader: u32, flow: &mut Flow) {
        let own = &mut self.readers[reader as usize];
        own.due = u64::MAX;
        if own.is_done || own.parents > 0 {
            return;
        }
        let stream = usize::from(own.stream);
        if self.each[stream].is_lost {
            return; // it goes on when that is back
        }
        self.forget_expired(reader, flow.now);
        if self.wants(reader) {
            let own = &mut self.readers[reader as usize];
            own.last = Some(flow.now);
            match own.own.is_some() {
                true => self.get_pushed(reader, flow),
                false => self.call(reader, flow),
            }
            self.trim(self.readers[reader as usize].shard);
            self.make_batches(reader, flow);
        }
        self.plan(reader, flow);
    }

    /// Whether a consumer has use for more: another application always, a function if a lane is idle and has no full batch.
    fn wants(&self, reader: u32) -> bool {
        let own = &self.readers[reader as usize];
        let Some(source) =
            self.settings[usize::from(own.stream)].source.as_ref().filter(|_| !own.lanes.is_empty())
        else {
            return true;
        };
        let batch = source.batch as usize;
        let is_idle = |lane: u32| {
            let lane = &self.lanes[lane as usize];
            lane.batch.is_none() && !lane.is_full(batch)
        };
        own.buffered < READ_AHEAD && own.lanes.clone().any(is_idle)
    }

    /// A call of one who shares the throughput of the shard.
    fn call(&mut self, reader: u32, flow: &mut Flow) {
        let own = &mut self.readers[reader as usize];
        let counts = &mut self.each[usize::from(own.stream)].counts;
        let shard = &mut self.shards[own.shard as usize];
        counts.reads += 1;
        own.throttled = !shard.may_read(flow.now);
        if own.throttled {
            counts.reads_throttled += 1;
            return;
        }
        let to = shard.until(own.next);
        let bytes = (own.next..to).filter_map(|it| shard.at(it)).map(|it| u64::from(it.bytes)).sum();
        let is_full = shard.is_full_call(to, bytes);
        shard.gave(bytes, is_full, flow.now);
        own.behind = to < shard.end();
        counts.read_bytes += bytes;
        self.hand_out(reader, to, flow.now);
    }

    /// What was put long enough ago is pushed, as far as the throughput goes.
    fn get_pushed(&mut self, reader: u32, flow: &mut Flow) {
        let own = &mut self.readers[reader as usize];
        let shard = &self.shards[own.shard as usize];
        let Some(bucket) = &mut own.own else { return };
        let (mut to, mut bytes) = (own.next, 0u64);
        while let Some(record) = shard.at(to)
            && record.at.saturating_add(PUSH) <= flow.now
            && bucket.tokens(flow.now) >= 1.0
        {
            bucket.owe(record.bytes.into(), flow.now);
            bytes += u64::from(record.bytes);
            to += 1;
        }
        own.pushed += bytes;
        self.each[usize::from(own.stream)].counts.pushed_bytes += bytes;
        self.hand_out(reader, to, flow.now);
    }

    /// Records until a number go to the lanes of a consumer.
    fn hand_out(&mut self, reader: u32, to: u64, now: u64) {
        let own = &mut self.readers[reader as usize];
        let from = std::mem::replace(&mut own.next, to);
        let (first, count) = (own.lanes.start, own.lanes.len() as u32);
        if count == 0 {
            return;
        }
        let shard = &self.shards[own.shard as usize];
        for record in (from..to).filter_map(|it| shard.at(it)) {
            let lane = &mut self.lanes[(first + lane_of(record.hash, count)) as usize];
            if lane.queue.is_empty() {
                lane.since = now;
            }
            lane.queue.push_back(*record);
            lane.bytes += u64::from(record.bytes);
            lane.got += 1;
            own.buffered += 1;
        }
    }

    /// Records that were kept for as long as they are, before a consumer has read them.
    pub(super) fn forget_expired(&mut self, reader: u32, now: u64) {
        let own = &mut self.readers[reader as usize];
        let it = &mut self.each[usize::from(own.stream)];
        let retention = self.settings[usize::from(own.stream)].retention.0;
        let shard = &self.shards[own.shard as usize];
        while shard.at(own.next).is_some_and(|record| record.at.saturating_add(retention) <= now) {
            own.next += 1;
            it.counts.expired += 1;
        }
    }

    /// Records that all consumers of a shard have read are kept no longer.
    pub(super) fn trim(&mut self, shard: u32) {
        let own = &self.shards[shard as usize];
        let next = own.readers.iter().map(|reader| self.readers[*reader as usize].next).min();
        if let Some(next) = next {
            self.shards[shard as usize].trim(next);
        }
    }

    /// When a consumer reads next; at the end of a shard that takes no more it goes over to those after it.
    pub(super) fn plan(&mut self, reader: u32, flow: &mut Flow) {
        let own = &self.readers[reader as usize];
        let stream = usize::from(own.stream);
        if own.is_done || own.parents > 0 || self.each[stream].is_lost {
            return;
        }
        let shard = &self.shards[own.shard as usize];
        if !shard.open && own.next >= shard.end() {
            if own.buffered == 0 && own.busy.value() == 0 {
                self.finish(reader, flow);
            }
            return;
        }
        if !self.wants(reader) {
            return;
        }
        let settings = &self.settings[stream];
        let due = match (&own.own, own.last) {
            (Some(bucket), _) => {
                let Some(record) = shard.at(own.next) else { return };
                let ready = bucket.ready_at(1.0, flow.now).unwrap_or(u64::MAX);
                record.at.saturating_add(PUSH).max(ready)
            }
            (None, None) => flow.now,
            (None, Some(last)) => {
                let interval = match (&settings.source, settings.readers) {
                    (Some(_), _) if own.behind && !own.throttled && !own.lanes.is_empty() => AGAIN,
                    (Some(source), _) if !own.lanes.is_empty() => source.poll_interval.0,
                    (_, Some(readers)) => readers.interval.0,
                    _ => return,
                };
                last.saturating_add(interval)
            }
        };
        let due = due.max(flow.now);
        let own = &mut self.readers[reader as usize];
        if due < own.due && due < flow.end {
            own.due = due;
            flow.set(Timer::Read { reader }, due);
        }
    }
}
