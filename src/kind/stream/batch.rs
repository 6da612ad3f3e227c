//! A batch of records, in parts that are worked on one after the other. In: what the function did. Out: which records are done, tried again, or given up.
//!
//! A batch is one part at first. If a part fails it is tried again as a whole, or after the last record that was done, or as two halves; then the next part
//! follows. So records are done in their order, whatever fails.

use std::collections::VecDeque;

use super::language::source::Source;
use super::shard::Record;

/// A batch that is worked on.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    records: VecDeque<Record>,
    /// How many records each of its parts has.
    parts: VecDeque<usize>,
    /// Failed tries of the first part.
    tries: u32,
    /// Records of the first part that are done in this invocation.
    done: usize,
    /// Whether the function has begun, and whether it has failed before with some of the records.
    pub begun: bool,
    pub failed: bool,
}

/// What becomes of a batch that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// Records of it that are done.
    pub worked: usize,
    /// Records of it that are given up.
    pub discarded: usize,
    /// Failed tries of what comes next, after which there is a pause; none where it is another part.
    pub tries: u32,
}

impl Batch {
    pub fn new(records: VecDeque<Record>) -> Batch {
        Batch { parts: VecDeque::from([records.len()]), records, ..Batch::default() }
    }

    /// Records of the part that is worked on.
    pub fn part(&self) -> usize {
        self.parts.front().copied().unwrap_or(0)
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Its first record, which is the oldest.
    pub fn first(&self) -> Option<&Record> {
        self.records.front()
    }

    /// The last record of the part that is worked on.
    pub fn last(&self) -> Option<&Record> {
        self.records.get(self.part().checked_sub(1)?)
    }

    /// The function begins.
    pub fn begin(&mut self) {
        (self.begun, self.done) = (true, 0);
    }

    /// The function has come to the end of a record: whether there are more in this part, or nothing where it fails on that record.
    pub fn next(&mut self) -> Option<bool> {
        if self.records.get(self.done).is_some_and(|record| record.poison) {
            return None;
        }
        self.done += 1;
        Some(self.done < self.part())
    }

    /// The part is done: how many records these are.
    pub fn succeed(&mut self) -> usize {
        let count = self.leave();
        (self.tries, self.failed) = (0, false);
        count
    }

    /// The part has failed.
    pub fn fail(&mut self, source: &Source) -> Failure {
        self.failed = true;
        let (part, done) = (self.part(), std::mem::take(&mut self.done));
        self.begun = false;
        if source.report && done > 0 {
            self.records.drain(..done);
            if let Some(front) = self.parts.front_mut() {
                *front -= done;
            }
            self.tries = 0;
            return Failure { worked: done, discarded: 0, tries: 0 };
        }
        if source.bisect && part > 1 {
            let first = part.div_ceil(2);
            self.parts.pop_front();
            self.parts.push_front(part - first);
            self.parts.push_front(first);
            self.tries = 0;
            return Failure { worked: 0, discarded: 0, tries: 0 };
        }
        self.tries = self.tries.saturating_add(1);
        if source.attempts.is_some_and(|most| self.tries > most) {
            let discarded = self.leave();
            (self.tries, self.failed) = (0, false);
            return Failure { worked: 0, discarded, tries: 0 };
        }
        Failure { worked: 0, discarded: 0, tries: self.tries }
    }

    /// Records that were put until an instant are too old: how many these are.
    pub fn expire(&mut self, until: u64) -> usize {
        let mut count = 0;
        while self.records.front().is_some_and(|record| record.at <= until) {
            self.records.pop_front();
            count += 1;
            if let Some(front) = self.parts.front_mut() {
                *front -= 1;
                if *front == 0 {
                    self.parts.pop_front();
                    self.tries = 0;
                }
            }
        }
        count
    }

    fn leave(&mut self) -> usize {
        let count = self.parts.pop_front().unwrap_or(0);
        self.records.drain(..count);
        (self.begun, self.done) = (false, 0);
        count
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::LambdaId;
    use crate::units::Time;

    fn source(bisect: bool, report: bool, attempts: Option<u32>) -> Source {
        Source {
            function: LambdaId(0),
            batch: 100,
            window: Time::ZERO,
            batch_time: None,
            factor: 1,
            attempts,
            age: None,
            bisect,
            report,
            poison: 0.0,
            fan_out: false,
            poll_interval: Time::from_secs(1),
        }
    }

    fn batch(count: usize, poison: &[usize]) -> Batch {
        let record = |at: usize| Record { at: at as u64, hash: 0, bytes: 1, poison: poison.contains(&at) };
        Batch::new((0..count).map(record).collect())
    }

    /// Works on a batch until nothing is left of it; returns the records that were done and given up, in their order, and how many invocations that took.
    fn play(mut batch: Batch, source: &Source, most: u32) -> (Vec<u64>, Vec<u64>, u32) {
        let (mut done, mut given_up, mut invocations) = (Vec::new(), Vec::new(), 0);
        while !batch.is_empty() && invocations < most {
            let own: Vec<u64> = batch.records.iter().map(|record| record.at).collect();
            batch.begin();
            invocations += 1;
            let fails = loop {
                match batch.next() {
                    None => break true,
                    Some(true) => {}
                    Some(false) => break false,
                }
            };
            if !fails {
                let count = batch.succeed();
                done.extend(&own[..count]);
                continue;
            }
            let Failure { worked, discarded, .. } = batch.fail(source);
            done.extend(&own[..worked]);
            given_up.extend(&own[worked..worked + discarded]);
        }
        (done, given_up, invocations)
    }

    /// Of eight records the sixth is poison. 8 fail; 4 are done, 4 fail; 2 fail (4, 5), 1 is done (4), 5 alone fails three times, with two tries more, and is
    /// given up; then 6 and 7 are done.
    #[test]
    fn a_batch_is_split_until_the_record_that_fails_is_alone() {
        let (done, given_up, invocations) = play(batch(8, &[5]), &source(true, false, Some(2)), 100);
        assert_eq!((done, given_up), (vec![0, 1, 2, 3, 4, 6, 7], vec![5]));
        // 8, 4, 4, 2, 1, 1 + 2 tries, 2.
        assert_eq!(invocations, 9);
    }

    /// Without bisecting all eight are given up; with reports the five before it are done once, and the rest is given up with it.
    #[test]
    fn a_batch_that_fails_is_given_up_as_a_whole_or_from_the_record_on() {
        let (done, given_up, invocations) = play(batch(8, &[5]), &source(false, false, Some(2)), 100);
        assert_eq!((done.len(), given_up.len(), invocations), (0, 8, 3));
        let (done, given_up, invocations) = play(batch(8, &[5]), &source(false, true, Some(2)), 100);
        assert_eq!((done, given_up, invocations), (vec![0, 1, 2, 3, 4], vec![5, 6, 7], 4));
        // Without a bound it goes on for good.
        let (done, given_up, _) = play(batch(8, &[0]), &source(true, true, None), 1_000);
        assert_eq!((done.len(), given_up.len()), (0, 0));
    }

    #[test]
    fn what_is_too_old_leaves_its_part() {
        let mut batch = batch(6, &[5]);
        batch.begin();
        while batch.next() == Some(true) {}
        assert_eq!(batch.fail(&source(true, false, None)), Failure { worked: 0, discarded: 0, tries: 0 });
        assert_eq!((batch.part(), batch.expire(3), batch.part()), (3, 4, 2));
        assert_eq!((batch.expire(9), batch.is_empty()), (2, true));
    }

    proptest! {
        /// Whatever fails, every record is done or given up once, those that are done in their order, and no record is given up that could be worked on, where
        /// batches are split.
        #[test]
        fn records_are_done_in_order(
            count in 1usize..60,
            poison in prop::collection::vec(0usize..60, 0..6),
            bisect: bool,
            report: bool,
            attempts in 0u32..4,
        ) {
            let (done, given_up, _) = play(batch(count, &poison), &source(bisect, report, Some(attempts)), u32::MAX);
            prop_assert!(done.windows(2).all(|pair| pair[0] < pair[1]));
            let mut all = [done.clone(), given_up.clone()].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..count as u64).collect::<Vec<_>>());
            prop_assert!(done.iter().all(|at| !poison.contains(&(*at as usize))));
            if bisect {
                prop_assert!(given_up.iter().all(|at| poison.contains(&(*at as usize))));
            }
        }
    }
}
