//! Copies of a topic on their way to a queue of another Region.
//!
//! In: messages that were published, and how far the queue is. Out: when they come there. A copy to a queue that does not answer is tried again,
//! for 23 days: three times at once, twice a second apart, ten times after pauses that grow from 1 s to 20 s, and then each 20 s. (Amazon SNS
//! developer guide, "Amazon SNS message delivery retries", AWS managed endpoints.)

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::Time;

/// The messages of one call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// When they come to the queue.
    pub due: u64,
    /// When they were published.
    pub published: u64,
    pub topic: u16,
    /// The message group of each.
    pub groups: Vec<u32>,
}

/// Those of one queue.
#[derive(Debug, Default)]
pub struct Copies {
    coming: BinaryHeap<Reverse<Copy>>,
    /// Those that have found the queue lost.
    held: Vec<Copy>,
}

impl Copies {
    pub fn send(&mut self, copy: Copy) {
        self.coming.push(Reverse(copy));
    }

    /// When the next ones come.
    pub fn next(&self) -> Option<u64> {
        self.coming.peek().map(|Reverse(copy)| copy.due)
    }

    /// The next ones, if they have come.
    pub fn come(&mut self, now: u64) -> Option<Copy> {
        self.next().filter(|due| *due <= now)?;
        self.coming.pop().map(|Reverse(copy)| copy)
    }

    /// The queue does not answer.
    pub fn hold(&mut self, copy: Copy) {
        self.held.push(copy);
    }

    /// Those of some topics are sent again at their next try, `way` nanoseconds away.
    pub fn try_again(&mut self, now: u64, is_there: impl Fn(u16) -> bool, way: impl Fn(u16) -> u64) {
        for copy in std::mem::take(&mut self.held) {
            match is_there(copy.topic) {
                true => {
                    let due = next_try(copy.published, now).saturating_add(way(copy.topic));
                    self.send(Copy { due, ..copy });
                }
                false => self.held.push(copy),
            }
        }
    }
}

const SECOND: f64 = Time::from_secs(1).0 as f64;
/// Tries at once, then those that are a second apart.
const AT_ONCE: u32 = 3;
const SOON: u32 = 2;
/// Pauses that grow, and the last of these, with all that follow.
const GROWING: u32 = 10;
const LONGEST_S: f64 = 20.0;

/// The first try at an instant or after it, of what was published before.
fn next_try(published: u64, from: u64) -> u64 {
    let mut at = published as f64;
    for attempt in 0.. {
        if at >= from as f64 {
            break;
        }
        at += SECOND * pause_s(attempt);
    }
    at as u64
}

/// The pause after so many tries again.
fn pause_s(tries: u32) -> f64 {
    let growing = tries.saturating_sub(AT_ONCE + SOON);
    match tries {
        _ if tries < AT_ONCE => 0.0,
        _ if tries < AT_ONCE + SOON => 1.0,
        _ if growing < GROWING => libm::pow(LONGEST_S, f64::from(growing) / f64::from(GROWING - 1)),
        _ => LONGEST_S,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries at 0, 0, 0, 0, 1, 2, 3 s and so on; the pauses that grow add up to 68.1 s, so that the tries after them are at 70.1 s, 90.1 s, 110.1 s.
    #[test]
    fn tries_are_as_far_apart_as_sns_says() {
        let second = |at: f64| (at * SECOND) as u64;
        let next = |from: f64| next_try(second(5.0), second(5.0 + from)) as f64 / SECOND - 5.0;
        assert_eq!([0.0, 0.5, 1.5, 2.5].map(next), [0.0, 1.0, 2.0, 3.0]);
        let grown: f64 = (0..10).map(|k| libm::pow(20.0, f64::from(k) / 9.0)).sum();
        assert!((grown - 68.1).abs() < 0.05, "{grown}");
        assert!((next(72.0) - (2.0 + grown + 20.0)).abs() < 1e-6, "{}", next(72.0));
        assert!((next(100.0) - (2.0 + grown + 40.0)).abs() < 1e-6, "{}", next(100.0));
    }
}
