//! Invocations that nobody waits for: `{ invoke = "resize" }`. In: a function. Out: an [`Invoke`], and its ops.
//!
//! Requests that wait for a function enter it by its name: it is a tier, and a call of it is written as one of any tier.

use super::op::Op;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::{Kind, LambdaId, UNKNOWN};
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// Invoke a function by an event.
#[derive(Clone, Copy, Debug)]
pub struct Invoke {
    /// Which.
    pub function: LambdaId,
    /// How many events come.
    pub events: u8,
    /// Whether the caller goes to Lambda with them, and waits until it has taken them.
    pub goes: bool,
}

/// The language of an invocation.
pub const SHAPE: Shape = Shape {
    title: "{ invoke = … }",
    about: "Invoke a function asynchronously (InvocationType `Event`): Lambda takes the event and answers 202 at once. What the function does with it is what \
            `steps` or `time` of its table say. Who waits for its answer writes a `call`.",
    keys: &[Key::required("invoke", "name of a function", "the function")],
};

impl Step<Settings, kind::Op> for Invoke {
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const ENTERED: bool = true;

    fn read(_verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Invoke {
        let function: LambdaId = reader.must("invoke", Value::id, LambdaId(UNKNOWN));
        if let (Some(value), Some(settings)) =
            (reader.get("invoke"), scope.all().lambdas.get(function.index()))
            && !settings.handles
        {
            value.problem(
                format!("function `{}` has nothing to do with an event", settings.name),
                format!("write `steps` or `time` of [lambda.{}], or `call` it with steps", settings.name),
            );
        }
        Invoke { function, events: 1, goes: true }
    }

    fn sending(to: PathOwner, messages: u8) -> Option<Invoke> {
        let function = (to.0 == Kind::Lambda).then(|| LambdaId(number(to.1)))?;
        Some(Invoke { function, events: messages, goes: false })
    }

    /// What the function does is no part of what the caller waits for.
    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let function = (Kind::Lambda, self.function.index());
        to.uses(function);
        if let (Some(settings), true) = (all.lambdas.get(function.1), self.goes) {
            to.passes(2.0 * settings.hop.as_secs_f64(), 2.0);
        }
        to.later(function, self.events.into());
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.function.index();
        let op = Op::Event { function: number(index), events: self.events };
        let Some(settings) = all.lambdas.get(index).filter(|_| self.goes) else {
            return to.ask(op, NETWORK);
        };
        let table = (Kind::Lambda, index);
        to.hop(settings.hop);
        to.reaches(table);
        to.ask(op, NETWORK);
        to.answers(table);
        to.hop(settings.hop);
    }
}
