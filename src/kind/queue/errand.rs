//! The errands of workers: receive, work on a message, delete.
//!
//! In: a queue with workers. Out: the ops of their path, with an entry for each of the three.

use super::op::Op;
use super::step::half;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::Kind;
use crate::kind::path::CompileOwn;
use crate::kind::{self, Settings};
use crate::units::Time;

/// Writes the path of the workers of a queue.
pub(super) fn write(index: usize, all: &Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
    let settings = &all.queues[index];
    let Some(consumer) = &settings.consumer else { return };
    let (queue, half) = (number(index), half(settings.latency));
    let table = (Kind::Queue, index);
    to.entry();
    to.hop(half);
    let again = to.label();
    to.reaches(table);
    let (messages, wait) = (consumer.batch, consumer.wait);
    to.ask(Op::Receive { queue, messages, wait, again }, NETWORK);
    to.answers(table);
    // Its way back takes half of the call, and that from another Region as well.
    to.hop(Time::ZERO);
    let answer = to.label();
    to.ask(Op::Answer { queue, none: 0 }, NETWORK);
    to.ask(Op::Take, NETWORK);
    to.entry();
    to.may_fail();
    to.inside();
    to.ask(Op::Finish, NETWORK);
    to.entry();
    to.hop(half);
    let again = to.label();
    to.reaches(table);
    to.ask(Op::Remove { queue, again }, NETWORK);
    to.hop(half);
    let none = to.label();
    to.ask(Op::Done, NETWORK);
    to.patch(answer, Op::Answer { queue, none });
}
