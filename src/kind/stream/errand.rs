//! The errand of a batch. In: a stream with a function. Out: the ops of its path: the function is invoked, and does its steps for each record.

use super::op::Op;
use crate::flow::attempt::NETWORK;
use crate::id::Kind;
use crate::kind::path::CompileOwn;
use crate::kind::{self, Settings};
use crate::measure::stage::StageKind;

/// Writes it.
pub(super) fn write(index: usize, all: &Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
    let settings = &all.streams[index];
    let Some(source) = &settings.source else { return };
    to.outside();
    to.entry();
    to.ask(Op::Invoke, NETWORK);
    to.enter((Kind::Lambda, source.function.index()), |to| {
        to.ask(Op::Take, NETWORK);
        if let Some(law) = &source.batch_time {
            let draw = to.draw(law, "batch");
            let label = format!("at the beginning of a batch of {}", settings.name);
            let stage = to.stage(StageKind::Delay, None, &settings.name, &label);
            to.ask(Op::Serve { draw }, stage);
        }
        let first = to.label();
        to.inside();
        to.ask(Op::Each { first }, NETWORK);
    });
    to.ask(Op::Done, NETWORK);
}
