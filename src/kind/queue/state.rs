//! The state of all queues, and what follows any change of one.
//!
//! In: what calls and timers change. Out: those that wait get what they can, and timers are set.

use std::collections::{BTreeMap, VecDeque};

use super::abroad::Publisher;
use super::bus::{Bus, Quota};
use super::copies::Copies;
use super::crew::{Crew, Poller};
use super::language::Queue as Settings;
use super::limit::Limits;
use super::op::Timer;
use super::record::QueueSeries;
use super::sources::Sources;
use super::store::{Level, Receipt, Store};
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::flow::Flow;
use crate::flow::keys::Keys;
use crate::flow::mark::Mark;
use crate::flow::number;
use crate::flow::per_attempt::PerAttempt;
use crate::id::Owner;
use crate::kind::bill::Hourly;
use crate::kind::topic::language::Topic;
use crate::measure::histogram::Histogram;
use crate::units::Bytes;

/// All queues.
#[derive(Debug)]
pub struct Queues<'s> {
    pub(super) settings: &'s [Settings],
    pub(super) topics: &'s [Topic],
    pub(super) publishers: Vec<Publisher>,
    /// Of each topic, the event bus that it is, if it is one; and what they share.
    pub(super) buses: Vec<Option<Bus>>,
    pub(super) quotas: Vec<Quota>,
    /// The Region of the file.
    pub(super) home: Option<Region>,
    /// Requests to each topic so far that are billed, and by hour.
    pub(super) published: Vec<(u64, Hourly)>,
    pub(super) each: Vec<Queue>,
    /// Rows so far.
    pub(super) series: Vec<QueueSeries>,
    pub(super) crews: Vec<Crew>,
    pub(super) pollers: Vec<Poller>,
    pub(super) sources: Sources,
    /// Of each queue, the function that stands for the concurrency of that which works on it.
    pub(super) shared: Vec<usize>,
    /// What each attempt has received and not deleted.
    pub(super) hands: Vec<Vec<Receipt>>,
    /// The call that each attempt is in.
    pub(super) calls: PerAttempt<Call>,
    /// Of attempts whose call to send was throttled, the message group of each message.
    pub(super) refused: BTreeMap<u32, [u32; MOST]>,
    /// Messages sent before this are not counted in waits and ages.
    pub(super) warmup: u64,
}

/// A call that has been throttled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub tries: u8,
}

/// No call under way.
pub(super) const NO_CALL: Call = Call { tries: 0 };

/// Most messages of a call. Source: Amazon SQS API, SendMessageBatch, ReceiveMessage.
pub(super) const MOST: usize = 10;

/// One queue.
#[derive(Debug)]
pub struct Queue {
    /// The Region that it may be lost with, and whether it is.
    pub(super) region: Option<Zone>,
    pub(super) is_lost: bool,
    /// Copies on their way to it from other Regions.
    pub(super) copies: Copies,
    pub(super) store: Store,
    /// Attempts that wait for a message, in the order in which they came, each with how many it takes.
    pub(super) waiters: VecDeque<(u32, u8)>,
    pub(super) limits: Limits,
    /// When the timers of `store` are set to come.
    pub(super) timers: [Option<u64>; 3],
    /// First ops of its workers: to receive, to work on a message, to delete.
    pub(super) path: Option<Path>,
    /// Draws the group of a message, where there are several.
    pub(super) groups: Option<Keys>,
    /// How its messages are spread over them.
    pub(super) spread: Spread,
    /// Groups that pollers hold while they work on another one, and nanoseconds for which groups were held for calls that full
    /// receives would have spared.
    pub(super) held_beside: Level,
    pub(super) spared: f64,
    pub(super) counts: Counts,
    pub(super) marks: Marks,
    /// Its requests by hour, for the bill.
    pub(super) requests: Hourly,
    /// Of each row, messages that came, and those that were received for the first time.
    pub(super) came: Vec<f64>,
    pub(super) taken: Vec<f64>,
    /// Of those that came, the messages of calls; of a queue that limits calls.
    pub(super) by_calls: Vec<f64>,
    /// Times from sending to the first receive.
    pub(super) wait: Histogram,
    /// Ages at which messages left the queue, by whatever way.
    pub(super) age: Histogram,
}

/// How messages are spread over message groups.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// How many groups there are.
    pub count: u32,
    /// Part of all messages that are of the first group, where it gets more than the others.
    pub first: Option<f64>,
}

impl Spread {
    /// Groups of which it is known whether a message of them is in flight: all of them, or the first.
    pub fn watched(self) -> f64 {
        f64::from(if self.first.is_some() { 1 } else { self.count })
    }

    /// Calls that sent, as if all groups had got as many as the first.
    pub fn sent_to(self, counts: &Counts) -> f64 {
        let calls = counts.calls[0] as f64;
        match self.first {
            Some(share) if counts.group_sends > 0 => {
                counts.group_sends as f64 / touched(share, counts.sent_by_calls as f64 / calls)
            }
            _ => calls,
        }
    }

    /// Whether a group is one of these.
    pub fn watches(self, group: u32) -> bool {
        self.first.is_none() || group == 0
    }

    /// Messages that were worked on, as if all groups had been as the first: it is the one that runs out.
    pub fn worked_on(self, counts: &Counts) -> f64 {
        match self.first {
            Some(share) => counts.of_first as f64 / share,
            None => counts.deleted as f64,
        }
    }
}

/// Part of the calls with so many messages that have one of a group with a share of all messages.
pub(super) fn touched(share: f64, messages: f64) -> f64 {
    match messages <= 1.0 {
        true => share,
        false => 1.0 - libm::pow(1.0 - share, messages),
    }
}

/// First ops of what a worker does.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// It receives.
    pub receive: u32,
    /// It works on a message.
    pub work: u32,
    /// It deletes what it is done with.
    pub delete: u32,
}

/// What happened in a queue so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Messages sent to it, copies from topics included.
    pub sent: u64,
    /// Of these, those that calls sent.
    pub sent_by_calls: u64,
    /// Calls that sent them to it, that received some, and that deleted some.
    pub calls: [u64; 3],
    /// Calls that sent, once for each group that is watched of those that they sent to; of a queue that limits these.
    pub group_sends: u64,
    /// Messages moved to it from another queue.
    pub taken_over: u64,
    /// Deliveries.
    pub received: u64,
    /// Of these, of messages that had been delivered before.
    pub again: u64,
    /// Messages that a worker has begun to work on, again or for the first time.
    pub begun: u64,
    /// Messages deleted.
    pub deleted: u64,
    /// Of these, those of the first message group.
    pub of_first: u64,
    /// Messages moved to the dead-letter queue.
    pub dead_lettered: u64,
    /// Messages that grew older than the retention period.
    pub expired: u64,
    /// Receives that got nothing.
    pub empty: u64,
    /// Of these, those that did not wait and found as many in flight as can be.
    pub over_limit: u64,
    /// Calls of each action that were throttled, tries counted one by one.
    pub throttled: [u64; 3],
    /// Messages whose work failed on a worker.
    pub failed: u64,
    /// Messages that a worker had when its instance was shut down or lost.
    pub cut_off: u64,
    /// Requests that are billed: one for each 64 KiB of a call that was taken.
    pub requests: u64,
}

/// A call is billed as one request for each of these. Source: Amazon SQS pricing, "each 64 KB chunk is billed as 1 request".
const CHUNK: Bytes = Bytes(64 * 1_024);

impl Counts {
    /// Counts a call that carried this many messages.
    pub(super) fn bill(&mut self, messages: usize, size: Bytes) {
        self.requests += chunks(messages, size);
    }
}

/// Requests that a call with this many messages is billed as; an empty one is one.
pub(super) fn chunks(messages: usize, size: Bytes) -> u64 {
    (messages as u64 * size.0).div_ceil(CHUNK.0).max(1)
}

/// Counters and integrals at the end of the last row.
#[derive(Debug, Default)]
pub struct Marks {
    pub backlog: f64,
    pub in_flight: f64,
    pub working: f64,
    pub held_beside: f64,
    pub spared: f64,
    pub sent: Mark,
    pub deleted: Mark,
    pub dead_lettered: Mark,
    pub expired: Mark,
    pub failed: Mark,
    pub cut_off: Mark,
    pub taken_over: Mark,
    pub throttled: [Mark; 3],
    pub came: Mark,
    pub taken: Mark,
    pub by_calls: Mark,
    pub calls: [Mark; 3],
    pub group_sends: Mark,
}

impl Queues<'_> {
    /// A queue.
    pub(super) fn of(&mut self, queue: u16) -> &mut Queue {
        &mut self.each[usize::from(queue)]
    }

    /// What an attempt has received.
    pub(super) fn hand(&mut self, id: u32) -> &mut Vec<Receipt> {
        let index = id as usize;
        if index >= self.hands.len() {
            self.hands.resize_with(index + 1, Vec::new);
        }
        &mut self.hands[index]
    }

    /// A message that was sent at an instant has left its queue.
    pub(super) fn left(&mut self, queue: u16, sent: u64, flow: &mut Flow) {
        if sent >= self.warmup {
            let age = flow.now - sent;
            self.of(queue).age.record(age);
            flow.recorder.stays.left(Owner::Queue(usize::from(queue)), age);
        }
    }

    /// After any change of a queue: those that wait get what they can, and its timers are set to what comes next.
    pub(super) fn settle(&mut self, queue: u16, flow: &mut Flow) {
        while !self.of(queue).is_lost
            && self.of(queue).store.has_some()
            && let Some(&(id, messages)) = self.of(queue).waiters.front()
        {
            self.deliver(id, queue, messages, flow);
            if self.hand(id).is_empty() {
                continue; // all that it found was moved to the dead-letter queue
            }
            self.of(queue).waiters.pop_front();
            flow.grant(id);
        }
        let state = self.of(queue);
        let ends = state.store.next_ends();
        let timers = [Timer::Deliver { queue }, Timer::Visible { queue }, Timer::Expire { queue }];
        for ((end, set), timer) in ends.into_iter().zip(&mut state.timers).zip(timers) {
            // A timer that comes too early finds nothing and is set anew; one that is not needed does no harm.
            if let Some(end) = end
                && set.is_none_or(|set| end < set)
                && end < flow.end
            {
                flow.set(timer, end);
                *set = Some(end);
            }
        }
    }
}

/// The number of a queue.
pub(super) fn index(queue: crate::id::QueueId) -> u16 {
    number(queue.index())
}
