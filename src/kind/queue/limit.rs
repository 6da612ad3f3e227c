//! Limits of calls to a FIFO queue, and how an SDK tries again what was throttled.
//!
//! In: calls. Out: whether each is taken, and the pause before the next try. (Amazon SQS developer guide, "Amazon SQS message
//! quotas"; AWS SDKs and Tools reference guide, "Retry behavior": standard mode makes three attempts, and pauses for a random
//! part of 1 s, then 2 s, 20 s at most.)

use std::collections::BTreeMap;

use super::language::Queue;
use crate::dist::{rounded, uniform};
use crate::engine::bucket::Bucket;
use crate::measure::resource::Action;
use crate::rng::{Stream, stream};

/// Attempts of a call.
pub(super) const ATTEMPTS: u8 = 3;
/// Longest pause between two of them, seconds.
const PAUSE_MAX: f64 = 20.0;

/// Limits of the calls to a queue.
#[derive(Debug)]
pub(super) struct Limits {
    /// Calls a second of each action; none is no limit.
    rate: Option<f64>,
    /// Of each action, with its burst: as many as a second has.
    actions: [Bucket; 3],
    /// Of the sends of each message group, in high-throughput mode, in which nothing else is limited.
    groups: Option<BTreeMap<u32, Bucket>>,
    jitter: Stream,
}

impl Limits {
    pub fn new(settings: &Queue, seed: u64) -> Limits {
        let rate = settings.calls.map(|rate| rate.0);
        let bucket = bucket(rate.unwrap_or(0.0));
        Limits {
            rate,
            actions: [bucket; 3],
            groups: settings.high_throughput.then(BTreeMap::new),
            jitter: stream(seed, &format!("queue.{}/retry", settings.name)),
        }
    }

    /// Whether a call is taken, which is for messages of these groups: of each group it is one call. Assumption: it is taken as a
    /// whole, or not at all.
    pub fn take(&mut self, action: Action, of: &[u32], now: u64) -> bool {
        let Some(rate) = self.rate else { return true };
        match (&mut self.groups, action) {
            (None, action) => self.actions[action as usize].take(1.0, now),
            (Some(groups), Action::Send) => {
                let has = |group| groups.get(&group).is_none_or(|it| it.ready_at(1.0, now) == Some(now));
                let is_taken = distinct(of).all(has);
                if is_taken {
                    distinct(of).for_each(|group| {
                        groups.entry(group).or_insert_with(|| bucket(rate)).take(1.0, now);
                    });
                }
                is_taken
            }
            (Some(_), _) => true,
        }
    }

    /// How many calls of an action can be taken in so many seconds; nothing where the whole queue has no limit.
    pub fn most(&self, seconds: f64) -> Option<f64> {
        Some(self.rate.filter(|_| self.groups.is_none())? * seconds)
    }

    /// How many calls that send to one message group can be taken in so many seconds; nothing where the limit is of the whole queue.
    pub fn most_of_group(&self, seconds: f64) -> Option<f64> {
        Some(self.rate.filter(|_| self.groups.is_some())? * seconds)
    }

    /// Pause before a call is tried again, after this many tries.
    pub fn pause(&mut self, tries: u8) -> u64 {
        pause(tries, &mut self.jitter)
    }
}

/// Pause before a call is tried again, after this many tries.
pub(super) fn pause(tries: u8, jitter: &mut Stream) -> u64 {
    let most = f64::from(1u32 << tries.saturating_sub(1).min(20)).min(PAUSE_MAX);
    rounded(most * uniform(jitter) * 1e9)
}

/// Each of some groups once.
pub(super) fn distinct(groups: &[u32]) -> impl Iterator<Item = u32> {
    let is_first = |(at, group): &(usize, &u32)| !groups[..*at].contains(group);
    groups.iter().enumerate().filter(is_first).map(|(_, group)| *group)
}

fn bucket(rate: f64) -> Bucket {
    Bucket::new(rate, rate.max(1.0))
}
