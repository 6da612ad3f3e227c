//! Consumers of shards: a function, or another application. In: nothing. Out: what is known of each at each shard.

use std::collections::VecDeque;

use super::area::Area;
use super::batch::Batch;
use super::shard::Record;
use crate::engine::bucket::Bucket;

/// A consumer at one shard.
#[derive(Debug)]
pub(super) struct Reader {
    pub stream: u16,
    /// Which of the consumers of the stream.
    pub consumer: u32,
    pub shard: u32,
    /// The number of the first record that it has not read.
    pub next: u64,
    /// Its lanes, of which each has a batch at a time: the first, and how many. Only a function has some.
    pub lanes: std::ops::Range<u32>,
    /// Records that it has read, and no batch has.
    pub buffered: usize,
    /// Whether there was more when it read last, or its call was throttled.
    pub behind: bool,
    pub throttled: bool,
    /// When it read last, and when it will.
    pub last: Option<u64>,
    pub due: u64,
    /// Shards before its own that it has not come to the end of.
    pub parents: usize,
    /// Whether it has come to the end of its shard, which takes no more.
    pub is_done: bool,
    /// The throughput that it has for itself, with a fan-out.
    pub own: Option<Bucket>,
    /// Bytes that were pushed to it in this row.
    pub pushed: u64,
    /// Its lanes that have a batch.
    pub busy: Area,
}

/// Batches of a shard that follow each other: records of one partition key are in one lane.
#[derive(Debug, Default)]
pub(super) struct Lane {
    pub reader: u32,
    /// Records that wait for a batch, and their bytes.
    pub queue: VecDeque<Record>,
    pub bytes: u64,
    /// Since when the first of them waits for more.
    pub since: u64,
    /// The batch that is worked on.
    pub batch: Option<Batch>,
    /// Records that it got so far.
    pub got: u64,
    /// Whether there is one, and that integral at the end of the last row.
    pub busy: Area,
    pub busy_mark: u64,
}

/// Records that Lambda reads ahead. Assumption: as many as a call gives.
pub(super) const READ_AHEAD: usize = super::shard::CALL_RECORDS;
/// Most bytes of an invocation. (AWS Lambda developer guide, "Lambda quotas": 6 MB for each request of a synchronous invocation.)
pub(super) const PAYLOAD: u64 = 6 << 20;

impl Lane {
    /// Whether a batch of so many records could be full.
    pub fn is_full(&self, batch: usize) -> bool {
        self.queue.len() >= batch || self.bytes >= PAYLOAD
    }

    /// Records for a batch.
    pub fn take(&mut self, batch: usize) -> VecDeque<Record> {
        let (mut count, mut bytes) = (0, 0);
        while count < batch
            && let Some(record) = self.queue.get(count)
            && (count == 0 || bytes + u64::from(record.bytes) <= PAYLOAD)
        {
            bytes += u64::from(record.bytes);
            count += 1;
        }
        self.bytes -= bytes;
        self.queue.drain(..count).collect()
    }

    /// Records that were put until an instant are too old: how many these are.
    pub fn expire(&mut self, until: u64) -> usize {
        let mut count = 0;
        while let Some(record) = self.queue.front().filter(|record| record.at <= until) {
            self.bytes -= u64::from(record.bytes);
            self.queue.pop_front();
            count += 1;
        }
        count
    }

    /// When the oldest record was put that no batch has, or of which the batch fails again and again.
    pub fn oldest(&self) -> Option<u64> {
        let failing = self.batch.as_ref().filter(|batch| batch.failed).and_then(|batch| batch.first());
        failing.or(self.queue.front()).map(|record| record.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(sizes: &[u32]) -> Lane {
        let queue: VecDeque<Record> =
            sizes.iter().map(|&bytes| Record { at: 0, hash: 0, bytes, poison: false }).collect();
        Lane { bytes: sizes.iter().map(|it| u64::from(*it)).sum(), queue, ..Lane::default() }
    }

    /// Records of 2.5 MiB: two are 5 MiB, and a third does not fit into 6.
    #[test]
    fn a_batch_has_six_mebibytes_at_most() {
        let mut lane = lane(&[5 << 19; 5]);
        assert!(lane.is_full(100));
        assert_eq!((lane.take(100).len(), lane.take(1).len(), lane.take(100).len()), (2, 1, 2));
        assert_eq!((lane.bytes, lane.take(100).len()), (0, 0));
    }

    #[test]
    fn one_record_is_a_batch_however_large() {
        assert_eq!(lane(&[10 << 20, 1]).take(100).len(), 1);
    }
}
