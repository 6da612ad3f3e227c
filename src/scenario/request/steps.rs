//! How a request writes its steps. In: `{ cpu = "6ms" }` and its like. Out: [`Step`]s, checked against the tier they are in.

use std::cell::Cell;

use std::cell::RefCell;

use super::path::Step;
use super::scope::Scope;
use super::tiers::{Tiers, Way, inside_a_tier};
use crate::catalog;
use crate::dist::Law;
use crate::id::Kind;
use crate::kind::host::GroupId;
use crate::kind::keys::Populations;
use crate::kind::policy::{self, Policies};
use crate::kind::{self, Settings};
use crate::language::busy::{self, Busy};
use crate::language::names::list;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::scenario::foreign;
use crate::units::Time;

/// Deepest nesting of steps.
const DEPTH_MAX: u32 = 16;
/// Most steps of all requests together.
const STEPS_MAX: usize = 10_000;

const NO_LAW: Law = Law::Constant(Time::ZERO);

/// The shape of a step by its one verb.
fn shape(value: Value, shapes: &[&'static Shape]) -> Option<&'static Shape> {
    let table = value.as_table("a step such as { cpu = \"6ms\" }")?;
    let verbs = || shapes.iter().map(|shape| shape.verb());
    let present: Vec<&'static Shape> =
        shapes.iter().copied().filter(|shape| table.contains_key(shape.verb())).collect();
    // A verb that is a key of another one too belongs to that, as the `invalidate` of a `write`.
    let is_key = |verb: &str| present.iter().any(|other| other.verb() != verb && other.has(verb));
    let found: Vec<&'static Shape> = present.iter().copied().filter(|shape| !is_key(shape.verb())).collect();
    match found.as_slice() {
        [shape] => return Some(shape),
        [] => {
            // A word that people bring from elsewhere says more than one that looks alike.
            let known = table.iter().find_map(|(key, _)| Some((key.span(), foreign::step(key.get_ref())?)));
            let close = || {
                let close =
                    |key: &str| value.cx.closest(key, verbs()).map(|verb| format!("did you mean `{verb}`?"));
                table.iter().find_map(|(key, _)| Some((key.span(), close(key.get_ref())?)))
            };
            match known.or_else(close) {
                Some((span, hint)) => {
                    value.cx.push(Problem::at(&span, "a step that does nothing").hint(hint))
                }
                None => {
                    let hint = format!("a step has one of {}", list(&Vec::from_iter(verbs())));
                    value.problem("a step that does nothing", hint);
                }
            }
        }
        [first, second, ..] => value.problem(
            format!("a step that is both `{}` and `{}`", first.verb(), second.verb()),
            "one step does one thing: write two steps",
        ),
    }
    None
}

impl Scope<'_> {
    /// Reads a list of steps, or a single one.
    pub(super) fn steps(&self, value: Value, tiers: Tiers) -> Option<Vec<Step>> {
        if self.depth.get() >= DEPTH_MAX {
            value.problem("steps are nested too deeply", format!("at most {DEPTH_MAX} levels are possible"));
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let steps = value.one_or_more(STEPS_MAX).map(|entries| {
            let before = self.steps.get();
            self.steps.set(before + entries.len());
            if before <= STEPS_MAX && self.steps.get() > STEPS_MAX {
                value.problem("too many steps", format!("at most {STEPS_MAX} in all requests together"));
            }
            let mut steps = Vec::with_capacity(entries.len());
            for entry in entries {
                if let Some(shape) = shape(entry, &self.verbs) {
                    self.entry(entry, shape, tiers, &mut steps);
                }
            }
            steps
        });
        self.depth.set(self.depth.get() - 1);
        steps
    }

    /// Reads one step; one at another tier or a resource may have a policy beside its own keys.
    fn entry(&self, entry: Value, shape: &'static Shape, tiers: Tiers, steps: &mut Vec<Step>) {
        let verb = shape.verb();
        if matches!(verb, "cpu" | "delay") || shape.has(policy::KEYS[0].name) {
            entry.table(shape, |reader| self.step(verb, reader, tiers, steps));
            return;
        }
        entry.table_beside(shape, &policy::BESIDE_SHAPE, |reader| {
            let first = steps.len();
            self.step(verb, reader, tiers, steps);
            let caller = tiers.last().copied().flatten();
            let caller = caller.map(|group| self.name_of(group));
            let called = reader.get(shape.verb()).and_then(|value| value.value.as_str()).unwrap_or(verb);
            let policy = policy::beside(reader, Kind::Resilience, caller, called, self.policies);
            if let Some(policy) = policy.filter(|_| steps.len() > first) {
                let outlives = match &steps[first] {
                    Step::Of { step, .. } => step.outlives_caller(),
                    _ => true,
                };
                // What follows it, such as an `invalidate` after a `write`, is a step of its own; ways into a tier are one.
                let is_way = |step: &Step| matches!(step, Step::Of { step, .. } if step.is_way());
                let ways = steps[first..].iter().take_while(|step| is_way(step)).count();
                if let Some(step) = kind::Step::tried(policy, outlives) {
                    let inside = steps.drain(first..first + ways.max(1)).collect();
                    steps.insert(first, Step::Of { step, inside });
                }
            }
        });
    }

    fn step(&self, verb: &str, reader: &Reader, tiers: Tiers, steps: &mut Vec<Step>) {
        let step = match verb {
            "cpu" => Step::Cpu(reader.must("cpu", |value| cpu(value, tiers, self.kinds), NO_LAW)),
            "delay" => Step::Delay(reader.must("delay", Value::demand, NO_LAW)),
            "call" => return steps.extend(self.call(reader, tiers)),
            _ => return self.of_kind(verb, reader, tiers, steps),
        };
        steps.push(step);
    }

    /// A step at a resource, and the one for which it is short as well.
    fn of_kind(&self, verb: &str, reader: &Reader, tiers: Tiers, steps: &mut Vec<Step>) {
        let Some(step) = kind::Step::read(verb, reader, &Here { scope: self, tiers }) else { return };
        let inside =
            kind::Step::nests(verb).and_then(|key| reader.maybe(key, |value| self.steps(value, tiers)));
        let follow = step.follow().map(|step| Step::Of { step, inside: Vec::new() });
        let fleet = tiers.last().copied().flatten();
        let passage = fleet.and_then(|fleet| step.passage(fleet.index(), self.kinds));
        let done = Step::Of { step, inside: inside.unwrap_or_default() };
        steps.push(match passage {
            Some(step) => Step::Of { step, inside: vec![done] },
            None => done,
        });
        steps.extend(follow);
    }

    fn call(&self, reader: &Reader, tiers: Tiers) -> Vec<Step> {
        let target = reader.maybe("call", |value| self.target(value));
        if reader.get("call").is_none() {
            reader.missing(&["call"]);
        }
        let steps = |tiers: Tiers| reader.must("steps", |value| self.steps(value, tiers), Vec::new());
        // No path and no host is known of it, so that it goes past all rules.
        let is_cut = Cell::new(false);
        let way = Way { scope: self, reader, key: "call", asked: None, tiers, is_cut: &is_cut };
        match target {
            Some(target) => way.enter(target.table(), &steps),
            None => way.lost(steps),
        }
    }
}

/// The place of a step of a kind.
struct Here<'a, 'w> {
    scope: &'a Scope<'w>,
    tiers: Tiers<'a>,
}

impl kind::step::Scope<Settings> for Here<'_, '_> {
    fn all(&self) -> &Settings {
        self.scope.kinds
    }

    fn group(&self) -> Option<GroupId> {
        self.tiers.last().copied().flatten()
    }

    fn populations(&self) -> &RefCell<Populations> {
        self.scope.populations
    }

    fn policies(&self) -> &RefCell<Policies> {
        self.scope.policies
    }

    fn caller(&self) -> Option<&str> {
        Some(self.scope.name_of(self.tiers.last().copied().flatten()?))
    }

    fn verb(&self, value: Value, shapes: &[&'static Shape]) -> Option<&'static Shape> {
        shape(value, shapes)
    }

    fn cpu(&self, value: Value) -> Option<Law> {
        cpu(value, self.tiers, self.scope.kinds)
    }
}

/// CPU of an instance: a law of time, or how busy the instance was under how many requests.
fn cpu(value: Value, tiers: Tiers, kinds: &Settings) -> Option<Law> {
    inside_a_tier(&value, tiers);
    match value.value.as_str() {
        Some(text) if busy::is_in(text) => {
            // Of a broken name no host is known, and that has been said.
            let group = tiers.last().copied().flatten()?;
            value.law_of(of_busy(value, text, kinds, group)?)
        }
        _ => value.demand(),
    }
}

/// The text of a law with the CPU time of a request in place of "50/s at 80%".
fn of_busy(value: Value, text: &str, kinds: &Settings, group: GroupId) -> Option<String> {
    let busy = value.accept(Busy::parse(text))?;
    let on = match busy.on {
        Some(name) => Some(value.listed_as(
            name,
            "an instance type",
            "give the CPU time of a request: share × vCPUs × strength / rate",
            catalog::instance_type,
            catalog::instance_type_names,
        )?),
        None => None,
    };
    let work = kinds.work_at(group.index(), busy.share, on);
    if work.is_none() {
        value.problem(
            "the instance that was so busy is not known here",
            "a function has no instance: name the type that was measured, such as \"50/s at 80% on m5.large\", or give the CPU time",
        );
    }
    Some(busy.law(work?))
}
