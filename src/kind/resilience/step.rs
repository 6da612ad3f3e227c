//! `{ try = … }`, and any step with a policy beside its own keys. In: a policy and steps. Out: a [`Tried`], and its ops.

use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::{Kind, ResilienceId, UNKNOWN};
use crate::kind::policy::{self, KEYS};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::measure::stage::StageKind;

/// Try the steps inside.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// The policy.
    pub policy: ResilienceId,
    /// Whether the work of a try goes on if its caller has gone.
    pub outlives: bool,
}

/// The language of the step.
pub const SHAPE: Shape = Shape {
    title: "{ try = … }",
    about: "Try some steps together by a policy, as `timeout` and `retries` beside one step do. Work that is given up is cancelled.",
    keys: &{
        const BESIDE: &[Key] = policy::BESIDE_SHAPE.keys;
        let mut keys = [Key::required("try", "step or array of steps", "what is tried"); BESIDE.len() + 1];
        let mut at = 0;
        while at < BESIDE.len() {
            keys[at + 1] = BESIDE[at];
            at += 1;
        }
        keys
    },
};

impl Step<Settings, kind::Op> for Tried {
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];

    fn read(_verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Tried {
        let policy =
            policy::beside(reader, Kind::Resilience, scope.caller(), "what it tries", scope.policies());
        let is_silent = policy::BESIDE_SHAPE.keys.iter().all(|key| reader.get(key.name).is_none());
        if is_silent {
            let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
            let problem = reader.problem("nothing says what to do when these steps fail");
            reader.cx.push(problem.hint(format!("add one of {}", crate::language::names::list(&names))));
        }
        let is_empty = |value: Value| value.value.as_array().is_some_and(|steps| steps.is_empty());
        if reader.get("try").is_some_and(is_empty) {
            reader.cx.push(
                reader.problem("there is nothing to try").hint("write the steps into `try`, or leave it out"),
            );
        }
        Tried { policy: ResilienceId(policy.unwrap_or(UNKNOWN)), outlives: false }
    }

    fn tried(policy: u32, outlives: bool) -> Option<Tried> {
        Some(Tried { policy: ResilienceId(policy), outlives })
    }

    fn nests(verb: &str) -> Option<&'static str> {
        (verb == "try").then_some("try")
    }

    /// Each request counts once: what is tried again follows from what happens.
    fn needs(&self, _all: &Settings, to: &mut impl Needs) {
        to.uses((Kind::Resilience, self.policy.index()));
        to.passes(0.0, 1.0);
        to.inside(1.0);
    }

    /// The caller waits at the first op; each try walks the steps, and ends at the last but one. The caller goes on with the last.
    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.policy.index();
        let own = &all.resiliences[index];
        // Tries in vain and pauses are that of clients, too.
        let stage = to.stage(StageKind::Retry, None, "", "in earlier attempts and the pauses before a retry");
        let (policy, cancels) = (number(index), own.policy.cancels(self.outlives));
        let begin = to.label();
        to.ask(Op::Begin { policy, cancels, first: begin + 1, then: 0 }, stage);
        let first = to.label();
        to.inside();
        to.label();
        to.ask(Op::Answered, NETWORK);
        let then = to.label();
        to.ask(Op::Verdict { policy }, NETWORK);
        to.patch(begin, Op::Begin { policy, cancels, first, then });
    }
}
