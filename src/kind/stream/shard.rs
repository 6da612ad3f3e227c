//! One shard: what it takes, what it gives, and the records that it keeps. In: records, calls that read. Out: whether it takes them; records in their order.

use std::collections::VecDeque;

use super::language::shard::Shard as Settings;
use crate::engine::bucket::Bucket;

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// When it was put.
    pub at: u64,
    /// The hash of its partition key.
    pub hash: u64,
    pub bytes: u32,
    /// Whether the function fails on it.
    pub poison: bool,
}

/// Most bytes and records of a call that reads, and for how long no other is taken after one with so many bytes. (Amazon Kinesis Data Streams developer guide,
/// "Quotas and limits": GetRecords gives up to 10 MB and 10,000 records; after 10 MB, calls within the next five seconds fail.)
pub(super) const CALL_BYTES: u64 = 10 << 20;
pub(super) const CALL_RECORDS: usize = 10_000;
const BLOCKED: u64 = 5_000_000_000;

/// A shard.
#[derive(Debug)]
pub(super) struct Shard {
    /// What it takes, in bytes and records: no more than a second of each is saved up.
    takes: [Bucket; 2],
    /// What it gives to all who share it: bytes, and calls.
    gives: [Bucket; 2],
    /// Until when it gives nothing after a large call.
    blocked: u64,
    /// Its records that somebody has yet to read, and the number of the first of them.
    log: VecDeque<Record>,
    first: u64,
    /// Whether it takes records.
    pub open: bool,
    /// Who reads it.
    pub readers: Vec<u32>,
    /// Those that have its hashes after it.
    pub children: Vec<u32>,
    /// Bytes and records that were asked of it in this row, each once, and bytes and calls that read it.
    pub asked: [u64; 2],
    pub read: [u64; 2],
}

/// What a shard has no more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacks {
    Records,
    Bytes,
}

/// A second of each is what it can hold.
fn second(rate: f64) -> Bucket {
    Bucket::new(rate, rate.max(1.0))
}

impl Shard {
    pub fn new(settings: &Settings) -> Shard {
        Shard {
            takes: [second(settings.bytes), second(settings.records)],
            gives: [second(settings.read), second(settings.calls)],
            blocked: 0,
            log: VecDeque::new(),
            first: 0,
            open: true,
            readers: Vec::new(),
            children: Vec::new(),
            asked: [0; 2],
            read: [0; 2],
        }
    }

    /// Takes a record of so many bytes, or says which limit it is that does not let it. One of more bytes than it takes in a second needs all of that, and the rest is
    /// owed.
    pub fn take(&mut self, bytes: u32, now: u64) -> Result<(), Lacks> {
        let [of_bytes, of_records] = &mut self.takes;
        if !of_records.has(1.0, now) {
            return Err(Lacks::Records);
        }
        if !of_bytes.has(bytes.into(), now) {
            return Err(Lacks::Bytes);
        }
        of_bytes.owe(bytes.into(), now);
        of_records.owe(1.0, now);
        Ok(())
    }

    /// Keeps a record.
    pub fn keep(&mut self, record: Record) {
        self.log.push_back(record);
    }

    /// The number that the next record will have.
    pub fn end(&self) -> u64 {
        self.first + self.log.len() as u64
    }

    /// A record by its number.
    pub fn at(&self, number: u64) -> Option<&Record> {
        self.log.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// Whether a call that reads is taken: by their number, by the bytes of those before, and by a large one before.
    pub fn may_read(&mut self, now: u64) -> bool {
        self.read[1] += 1;
        let [bytes, calls] = &mut self.gives;
        calls.take(1.0, now) && now >= self.blocked && bytes.tokens(now) >= 1.0
    }

    /// Until where a call reads from a number on.
    pub fn until(&self, from: u64) -> u64 {
        let (mut to, mut bytes) = (from, 0);
        while to - from < CALL_RECORDS as u64
            && let Some(record) = self.at(to)
            && bytes + u64::from(record.bytes) <= CALL_BYTES
        {
            bytes += u64::from(record.bytes);
            to += 1;
        }
        to
    }

    /// A call of those who share it has read so many bytes.
    pub fn gave(&mut self, bytes: u64, is_full: bool, now: u64) {
        self.gives[0].owe(bytes as f64, now);
        self.read[0] += bytes;
        if is_full {
            self.blocked = now.saturating_add(BLOCKED);
        }
    }

    /// Whether a call from one number until another gave as many bytes as a call can.
    pub fn is_full_call(&self, to: u64, bytes: u64) -> bool {
        bytes >= CALL_BYTES || self.at(to).is_some_and(|next| bytes + u64::from(next.bytes) > CALL_BYTES)
    }

    /// Records before this number have been read by everybody.
    pub fn trim(&mut self, to: u64) {
        while self.first < to && self.log.pop_front().is_some() {
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn record(at: u64, bytes: u32) -> Record {
        Record { at, hash: 0, bytes, poison: false }
    }

    /// What a shard takes by the words of the limit: bytes and records of a second are saved up at most, counted in whole nanoseconds and without a bucket.
    fn by_hand(puts: &[(u64, u32)], bytes: i128, records: i128) -> Vec<bool> {
        let full = [bytes * i128::from(SECOND), records * i128::from(SECOND)];
        let (mut left, mut last) = (full, 0);
        let took = puts.iter().map(|&(at, size)| {
            let span = i128::from(at - last);
            last = at;
            left = [(left[0] + span * bytes).min(full[0]), (left[1] + span * records).min(full[1])];
            let asks = [i128::from(size) * i128::from(SECOND), i128::from(SECOND)];
            let takes = left[0] >= asks[0].min(full[0]) && left[1] >= asks[1];
            if takes {
                left = [left[0] - asks[0], left[1] - asks[1]];
            }
            takes
        });
        took.collect()
    }

    proptest! {
        /// However records come, a shard takes what the limit in whole numbers takes.
        #[test]
        fn a_shard_takes_what_its_limits_say(
            steps in prop::collection::vec((0u64..40_000, 1u32..3_000), 1..300),
            bytes in 1_000u32..20_000,
            records in 1u32..50,
        ) {
            let settings = Settings { bytes: bytes.into(), records: records.into(), ..Settings::default() };
            let mut shard = Shard::new(&settings);
            let mut now = 0;
            let puts: Vec<(u64, u32)> = steps.iter().map(|(micros, size)| { now += micros * 1_000; (now, *size) }).collect();
            let took: Vec<bool> = puts.iter().map(|(at, size)| shard.take(*size, *at).is_ok()).collect();
            prop_assert_eq!(took, by_hand(&puts, bytes.into(), records.into()));
        }

        /// A reader that asks without end gets no more than the limit, whatever the records are: 2 MiB of the first second, and 2 MiB for each second, and what a
        /// call is larger than what is left.
        #[test]
        fn a_shard_gives_no_more_than_its_limit(sizes in prop::collection::vec(1u32..1_048_576, 1..200), wait in 1u64..3_000) {
            let mut shard = Shard::new(&Settings::default());
            sizes.iter().for_each(|size| shard.keep(record(0, *size)));
            let (mut next, mut now, mut got) = (0, 0u64, 0u64);
            for _ in 0..200 {
                if shard.may_read(now) {
                    let to = shard.until(next);
                    let bytes: u64 = (next..to).map(|it| u64::from(shard.at(it).unwrap().bytes)).sum();
                    prop_assert!(bytes <= CALL_BYTES);
                    let is_full = shard.is_full_call(to, bytes);
                    shard.gave(bytes, is_full, now);
                    (next, got) = (to, got + bytes);
                    let most = 2.0 * 1_048_576.0 * (1.0 + now as f64 / 1e9) + CALL_BYTES as f64;
                    prop_assert!(got as f64 <= most);
                }
                now += wait * 1_000_000;
            }
        }
    }

    /// Five calls at once, and the sixth a fifth of a second later; a call of 10 MiB closes it for five seconds.
    #[test]
    fn calls_are_five_a_second_and_a_large_one_closes_it_for_five_seconds() {
        let mut shard = Shard::new(&Settings::default());
        assert_eq!((0..6).map(|_| shard.may_read(0)).filter(|it| *it).count(), 5);
        assert!(!shard.may_read(SECOND / 5 - 1) && shard.may_read(SECOND / 5));
        (0..25).for_each(|_| shard.keep(record(0, 1 << 20)));
        let now = 10 * SECOND;
        assert!(shard.may_read(now));
        assert_eq!(shard.until(0), 10);
        shard.gave(10 << 20, shard.is_full_call(10, 10 << 20), now);
        assert!(!shard.may_read(now + 5 * SECOND - 1));
        assert!(shard.may_read(now + 5 * SECOND));
        // Without the limit on bytes, 10,000 records are a call, and close nothing.
        let mut small = Shard::new(&Settings::default());
        (0..12_000).for_each(|_| small.keep(record(0, 10)));
        assert_eq!(small.until(0), 10_000);
        assert!(!small.is_full_call(10_000, 100_000));
    }

    #[test]
    fn numbers_stay_when_the_log_is_trimmed() {
        let mut shard = Shard::new(&Settings::default());
        (0..10).for_each(|at| shard.keep(record(at, 1)));
        shard.trim(4);
        assert_eq!((shard.at(3), shard.at(4).map(|it| it.at), shard.end()), (None, Some(4), 10));
        shard.trim(100);
        assert_eq!((shard.end(), shard.at(9)), (10, None));
    }
}
