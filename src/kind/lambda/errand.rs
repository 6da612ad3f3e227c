//! What Lambda does with an event: it invokes the function, and tells a destination what became of that.
//!
//! In: a function that has something to do with events. Out: the ops of its path, outside of all hosts, with an entry for each of both.

use super::op::Op;
use crate::flow::attempt::NETWORK;
use crate::id::Kind;
use crate::kind::path::{CompileOwn, PathOwner};
use crate::kind::{self, Settings};

/// Writes the path of the events of a function.
pub(super) fn write(index: usize, all: &Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
    let asynchronous = all.lambdas[index].asynchronous;
    to.outside();
    to.entry();
    to.enter((Kind::Lambda, index), |to| to.inside());
    to.ask(Op::Succeeds, NETWORK);
    tell(asynchronous.on_success, all, to);
    to.ask(Op::Told, NETWORK);
    to.entry();
    tell(asynchronous.on_failure, all, to);
    to.ask(Op::Told, NETWORK);
}

/// A destination is told.
fn tell(destination: Option<PathOwner>, all: &Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
    if let Some(step) = destination.and_then(|destination| kind::Step::sending(destination, 1)) {
        step.compile(all, to);
    }
}
