//! The errands of workers: receive, work on a message, delete.
//!
//! In: a queue with workers. Out: the ops of their path, with an entry for each of the three.

use super::language::Queue;
use super::language::source::{Source, WAIT};
use super::op::Op;
use super::step::half;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::Kind;
use crate::kind::path::{CompileErrand, CompileOwn};
use crate::kind::{self, Settings};
use crate::units::Time;

/// Writes the path of the workers of a queue.
pub(super) fn write(index: usize, all: &Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
    let settings = &all.queues[index];
    if let Some(source) = settings.source {
        return invoke(index, source, settings, to);
    }
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

/// Writes the work on a message that may fail without those beside it: a try, for which the invocation waits.
fn one(to: &mut impl CompileOwn<Op = kind::Op>) {
    let begin = to.label();
    to.ask(Op::Try { first: begin + 1, then: 0 }, NETWORK);
    let first = to.label();
    to.inside();
    to.ask(Op::Tried, NETWORK);
    let then = to.label();
    to.patch(begin, Op::Try { first, then });
}

/// Writes what brings an event of a bus to each of its functions.
pub(super) fn deliveries(all: &Settings, to: &mut impl CompileErrand<Op = kind::Op>) {
    for (index, topic) in all.topics.iter().enumerate().filter(|(_, topic)| topic.bus.is_some()) {
        for function in &topic.functions {
            let Some(step) = kind::Step::sending((Kind::Lambda, function.index()), 1) else { continue };
            to.errand((Kind::Topic, index), format!("topic.{}/delivery", topic.name));
            step.compile(all, to);
            to.ask(Op::Delivered, NETWORK);
        }
    }
}

/// Writes that of a function, which begins outside of its environments: it is invoked with what was received, does its steps for each message, and
/// what it is done with is deleted in one call.
fn invoke(index: usize, source: Source, settings: &Queue, to: &mut impl CompileOwn<Op = kind::Op>) {
    let (queue, half) = (number(index), half(settings.latency));
    let table = (Kind::Queue, index);
    to.outside();
    to.entry();
    to.hop(half);
    let again = to.label();
    to.reaches(table);
    to.ask(Op::Receive { queue, messages: source.of_call(), wait: WAIT, again }, NETWORK);
    to.answers(table);
    to.hop(Time::ZERO);
    let answer = to.label();
    to.ask(Op::Answer { queue, none: 0 }, NETWORK);
    let gather = (source.window > Time::ZERO).then(|| {
        let gather = to.label();
        to.ask(Op::Gather { queue, none: 0 }, NETWORK);
        gather
    });
    to.ask(Op::Batch, NETWORK);
    to.enter((Kind::Lambda, source.function.index()), |to| {
        let first = to.label();
        match source.partial {
            true => one(to),
            false => to.inside(),
        }
        to.ask(Op::Each { first }, NETWORK);
    });
    to.entry();
    to.entry();
    to.hop(half);
    let again = to.label();
    to.reaches(table);
    to.ask(Op::Delete { queue, again }, NETWORK);
    to.hop(half);
    let none = to.label();
    to.ask(Op::Done, NETWORK);
    if let Some(gather) = gather {
        // What got nothing may have gathered something before.
        to.patch(gather, Op::Gather { queue, none });
        to.patch(answer, Op::Answer { queue, none: gather });
    } else {
        to.patch(answer, Op::Answer { queue, none });
    }
}
