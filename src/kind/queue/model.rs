//! Queues: what happens at SQS, and when.
//!
//! In: steps of attempts, instants at which delays, visibility timeouts and retention periods end. Out: messages that come and
//! go. What a call does is in `calls`; the workers are in `pollers`; the messages themselves in `store`.

use std::collections::VecDeque;

use super::errand;
use super::language::{Groups, Queue as Settings};
use super::limit::Limits;
use super::pollers::{Crew, Poller};
use super::reading::Marks;
use super::record::QueueSeries;
use super::store::{Receipt, Rules, Store};
use crate::flow::claims::Waiting;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::flow::keys::Keys;
use crate::id::{self, Gauge};
use crate::kind::path::CompileOwn;
use crate::kind::topic::language::Topic;
use crate::kind::{self, Kind};
use crate::kind::part::{Part, Plan};
use crate::measure::histogram::Histogram;
use crate::measure::stage::Cause;
use crate::units::Bytes;

/// All queues.
#[derive(Debug)]
pub struct Queues<'s> {
    pub(super) settings: &'s [Settings],
    pub(super) topics: &'s [Topic],
    /// Requests to each topic so far that are billed.
    pub(super) published: Vec<u64>,
    pub(super) each: Vec<Queue>,
    /// Rows so far.
    pub(super) series: Vec<QueueSeries>,
    pub(super) crews: Vec<Crew>,
    pub(super) pollers: Vec<Poller>,
    /// What each attempt has received and not deleted.
    pub(super) hands: Vec<Vec<Receipt>>,
    /// The call that each attempt is in.
    pub(super) calls: PerAttempt<Call>,
    /// Messages sent before this are not counted in waits and ages.
    pub(super) warmup: u64,
}

/// A call that has been throttled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub tries: u8,
    /// The message group that it is for.
    pub group: u32,
}

/// No call under way.
pub(super) const NO_CALL: Call = Call { tries: 0, group: 0 };

/// Steps at a queue. Those of a call take place at SQS, half its time after it was made; `again` is the op itself.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Messages are sent to a queue.
    Send { queue: u16, messages: u8, again: u32 },
    /// Messages are sent to a topic.
    Publish { topic: u16, messages: u8 },
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
}

timers! {
    Kind::Queue;
    /// A poller asks its queues.
    Poll { poller: u32 } = "poll";
    /// The first delay of a queue ends.
    Deliver { queue: u16 } = "end of a delivery delay in queue";
    /// The first visibility timeout of a queue ends.
    Visible { queue: u16 } = "end of a visibility timeout in queue";
    /// The oldest message of a queue has reached the retention period.
    Expire { queue: u16 } = "end of the retention period in queue";
}

/// One queue.
#[derive(Debug)]
pub struct Queue {
    pub(super) store: Store,
    /// Attempts that wait for a message, in the order in which they came, each with how many it takes.
    pub(super) waiters: VecDeque<(u32, u8)>,
    pub(super) limits: Limits,
    /// When the timers of `store` are set to come.
    timers: [Option<u64>; 3],
    /// First ops of its workers: to receive, to work on a message, to delete.
    pub(super) path: Option<Path>,
    /// Draws the group of a message, where there are several.
    pub(super) groups: Option<Keys>,
    pub(super) counts: Counts,
    pub(super) marks: Marks,
    /// Times from sending to the first receive.
    pub(super) wait: Histogram,
    /// Ages at which messages left the queue, by whatever way.
    pub(super) age: Histogram,
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
    /// Messages moved to it from another queue.
    pub taken_over: u64,
    /// Deliveries.
    pub received: u64,
    /// Of these, of messages that had been delivered before.
    pub again: u64,
    /// Messages deleted.
    pub deleted: u64,
    /// Messages moved to the dead-letter queue.
    pub dead_lettered: u64,
    /// Messages that grew older than the retention period.
    pub expired: u64,
    /// Receives that got nothing.
    pub empty: u64,
    /// Of these, those that did not wait and found as many in flight as can be.
    pub over_limit: u64,
    /// Calls that were throttled, tries counted one by one.
    pub throttled: u64,
    /// Messages whose work failed on a worker.
    pub failed: u64,
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

impl<'s> Part<'s> for Queues<'s> {
    type Op = Op;
    type Timer = Timer;

    fn own_path(index: usize, all: &kind::Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
        errand::write(index, all, to);
    }

    fn build(plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.queues;
        let each = settings.iter().enumerate().map(|(index, settings)| Queue {
            store: Store::new(Rules {
                fifo: settings.fifo,
                delay: settings.delivery_delay.0,
                visibility: settings.visibility_timeout.0,
                retention: settings.retention.0,
                in_flight: settings.in_flight,
                receives: settings.dead_letter.map(|_| settings.max_receive_count),
            }),
            waiters: VecDeque::new(),
            limits: Limits::new(settings, plan.seed),
            timers: [None; 3],
            path: plan.entries((id::Kind::Queue, index)).map(|entries| Path {
                receive: entries[0],
                work: entries[1],
                delete: entries[2],
            }),
            groups: groups(settings, plan),
            counts: Counts::default(),
            marks: Marks::default(),
            wait: Histogram::default(),
            age: Histogram::default(),
        });
        Queues {
            settings,
            topics: &plan.kinds.topics,
            published: vec![0; plan.kinds.topics.len()],
            each: each.collect(),
            series: Vec::new(),
            crews: Crew::all(settings),
            pollers: Vec::new(),
            hands: Vec::new(),
            calls: PerAttempt::new(NO_CALL),
            warmup: plan.warmup.0,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Send { queue, messages, again } => self.send(id, queue, messages, again, flow),
            Op::Publish { topic, messages } => {
                self.publish(topic, messages, flow);
                Next::Op
            }
            Op::Receive { queue, messages, wait, again } => {
                self.receive(id, queue, (messages, wait), again, flow)
            }
            Op::Answer { queue, none } => self.answer(id, queue, none, flow),
            Op::Delete { queue, again } => self.delete_in_hand(id, queue, again, flow),
            Op::Take => {
                self.take(id, flow);
                Next::Op
            }
            Op::Finish => self.finish(id, flow),
            Op::Remove { queue, again } => self.remove_finished(id, queue, again, flow),
            Op::Done => {
                self.done(id, flow);
                Next::Gone
            }
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Poll { poller } => self.poll(poller, flow),
            Timer::Deliver { queue } => {
                self.of(queue).timers[0] = None;
                self.of(queue).store.end_delays(flow.now);
                self.settle(queue, flow);
            }
            Timer::Visible { queue } => {
                self.of(queue).timers[1] = None;
                self.of(queue).store.end_flights(flow.now);
                self.settle(queue, flow);
            }
            Timer::Expire { queue } => {
                self.of(queue).timers[2] = None;
                let gone = self.of(queue).store.expire(flow.now);
                self.of(queue).counts.expired += gone.len() as u64;
                gone.into_iter().for_each(|sent| self.left(queue, sent, flow.now));
                self.settle(queue, flow);
            }
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::InService(host) | Fact::Connected(host) => self.start(host, flow),
            Fact::Leaving(host) => self.stop(host, flow),
            _ => {}
        }
    }

    fn release(&mut self, id: u32, flow: &mut Flow) {
        if let Waiting::Queue { owner, place, .. } = flow.attempts.claims(id).waiting
            && owner == Kind::Queue as u8
        {
            self.of(place).waiters.retain(|&(waiter, _)| waiter != id);
        }
        if let Some(hand) = self.hands.get_mut(id as usize) {
            hand.clear();
        }
        if self.calls.of(id) != NO_CALL {
            *self.calls.of_mut(id) = NO_CALL;
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        self.show(of, flow)
    }

    fn lost(&mut self, id: u32, flow: &mut Flow) {
        self.errand_failed(id, flow);
    }

    fn give_up(&mut self, op: Op, id: u32, flow: &mut Flow) -> Option<Cause> {
        if let Op::Receive { queue, .. } = op {
            // The wait of a long poll is over: its answer is empty.
            let waiters = &mut self.of(queue).waiters;
            match waiters.front() {
                Some(&(first, _)) if first == id => drop(waiters.pop_front()),
                _ => waiters.retain(|&(waiter, _)| waiter != id),
            }
            flow.grant(id);
        }
        None
    }
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
    pub(super) fn left(&mut self, queue: u16, sent: u64, now: u64) {
        if sent >= self.warmup {
            self.of(queue).age.record(now - sent);
        }
    }

    /// After any change of a queue: those that wait get what they can, and its timers are set to what comes next.
    pub(super) fn settle(&mut self, queue: u16, flow: &mut Flow) {
        while self.of(queue).store.has_some()
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

/// What draws the message groups of a queue.
fn groups(settings: &Settings, plan: &Plan<'_>) -> Option<Keys> {
    let space = match settings.groups.as_ref()? {
        Groups::Named(keys) => &plan.key_spaces[keys.index()],
        Groups::InPlace(space) => space,
    };
    let name = format!("queue.{}/groups", settings.name);
    Some(Keys::new(&name, space.count, space.zipf, plan.seed))
}

/// The number of a queue.
pub(super) fn index(queue: crate::id::QueueId) -> u16 {
    number(queue.index())
}
