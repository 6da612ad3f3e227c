//! How a path uses queues, and what workers do.
//!
//! In: calls that send and receive, the steps of a worker. Out: the ops of calls, half of their time before SQS and half
//! after it; the ops of an errand of a worker.

use super::Compiler;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::kind::queue;
use crate::kind::queue::step::{Destination, Receive, Send};
use crate::measure::stage::StageKind;
use crate::model::program::Op;
use crate::scenario::request::Step;
use crate::units::Time;

impl Compiler<'_> {
    pub(super) fn send(&mut self, call: &Send) {
        let half = half(call.latency(&self.scenario.queues, &self.scenario.topics));
        let messages = call.messages;
        self.hop(half);
        match call.to {
            Destination::Queue(queue) => {
                let stage = self.queue_stage(queue.index());
                let again = self.label();
                self.ask(queue::Op::Send { queue: number(queue.index()), messages, again }, stage);
            }
            Destination::Topic(topic) => {
                self.ask(queue::Op::Publish { topic: number(topic.index()), messages }, NETWORK);
            }
        }
        self.hop(half);
    }

    pub(super) fn receive(&mut self, call: &Receive, steps: &[Step]) {
        let index = call.queue.index();
        let half = half(self.scenario.queues[index].latency);
        let stage = self.queue_stage(index);
        let queue = number(index);
        let answer = self.ask_for_messages(index, call.messages, call.wait);
        let drawn = self.drawn.len();
        self.steps(steps);
        self.drawn.truncate(drawn);
        self.hop(half);
        let again = self.label();
        self.ask(queue::Op::Delete { queue, again }, stage);
        self.hop(half);
        let none = self.label();
        self.program.ops[answer].0 = Op::Of(queue::Op::Answer { queue, none }.into());
    }

    /// The ops of a receive; returns the place of its answer, which has to learn where an attempt without messages goes.
    fn ask_for_messages(&mut self, index: usize, messages: u8, wait: Time) -> usize {
        let queue = number(index);
        let stage = self.queue_stage(index);
        self.hop(half(self.scenario.queues[index].latency));
        let again = self.label();
        self.ask(queue::Op::Receive { queue, messages, wait, again }, stage);
        self.ask(queue::Op::Answer { queue, none: 0 }, NETWORK);
        self.program.ops.len() - 1
    }

    /// What the workers of a queue do, if it has some; returns the first ops of a receive, of the work on a message, and
    /// of a deletion.
    pub(super) fn worker(&mut self, index: usize) -> Option<[u32; 3]> {
        let settings = &self.scenario.queues[index];
        let consumer = settings.consumer.as_ref()?;
        self.slots.clear();
        self.bound.clear();
        self.drawn.clear();
        self.level = 0;
        self.path = format!("queue.{}/work", settings.name);
        self.tiers = vec![consumer.fleet.index()];
        self.need_tiers();
        let half = half(settings.latency);
        let stage = self.queue_stage(index);
        let receive = self.label();
        let answer = self.ask_for_messages(index, consumer.batch, consumer.wait);
        self.ask(queue::Op::Take, NETWORK);
        let work = self.label();
        self.steps(&self.scenario.work[index]);
        self.ask(queue::Op::Finish, NETWORK);
        let delete = self.label();
        self.hop(half);
        let again = self.label();
        self.ask(queue::Op::Remove { queue: number(index), again }, stage);
        self.hop(half);
        let none = self.label();
        self.ask(queue::Op::Done, NETWORK);
        self.program.ops[answer].0 = Op::Of(queue::Op::Answer { queue: number(index), none }.into());
        Some([receive, work, delete])
    }

    fn queue_stage(&mut self, index: usize) -> u16 {
        let name = &self.scenario.queues[index].name;
        self.stage(StageKind::Queue, None, name, &format!("waiting at the queue {name}"))
    }
}

/// Half of the time of a call; the two halves of odd nanoseconds are a nanosecond less than the whole.
fn half(latency: Time) -> Time {
    Time(latency.0 / 2)
}
