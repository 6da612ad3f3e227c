//! The tiers that a request is inside of, and what it passes before. In: the name by which it enters. Out: its steps from there on, or a
//! problem where it cannot go.

use std::cell::Cell;

use super::path::{Entrance, Step, TIERS_MAX, Target};
use super::scope::Scope;
use crate::kind;
use crate::kind::front::{Asked, Lead};
use crate::kind::host::GroupId;
use crate::kind::path::PathOwner;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::source::Span;
use crate::language::value::Value;

/// The tiers that a request is inside of at some step, the innermost last; `None` for a broken name.
pub(super) type Tiers<'t> = &'t [Option<GroupId>];

/// How requests come to a tier: by the key of a file that names what they enter, out of which tiers, and by what they ask for there if
/// that is known.
#[derive(Clone, Copy)]
pub(super) struct Way<'w, 's> {
    pub scope: &'w Scope<'s>,
    pub reader: &'w Reader<'w>,
    pub key: &'static str,
    pub asked: Option<&'w Asked<'w>>,
    pub tiers: Tiers<'w>,
    /// Whether some ways were left out, because there are problems.
    pub is_cut: &'w Cell<bool>,
}

/// More fronts than this, one behind the other, lead back to themselves.
const FRONTS_MAX: usize = 8;

impl Way<'_, '_> {
    /// The steps of requests that enter by a table: its gates, and the calls of the tiers to which it leads. `steps` reads what happens
    /// in a tier: once for each call, because what a step is can depend on the fleet that it is in.
    pub(super) fn enter(&self, of: PathOwner, steps: &impl Fn(Tiers) -> Vec<Step>) -> Vec<Step> {
        self.led(of, steps, &mut Vec::new())
    }

    /// Of a name that is broken, the steps are read all the same, for their problems.
    pub(super) fn lost(&self, steps: impl Fn(Tiers) -> Vec<Step>) -> Vec<Step> {
        steps(&self.entered(None))
    }

    fn led(
        &self,
        of: PathOwner,
        steps: &impl Fn(Tiers) -> Vec<Step>,
        past: &mut Vec<PathOwner>,
    ) -> Vec<Step> {
        let kinds = self.scope.kinds;
        // Calls within the system pass none: gates are for clients.
        let gates = self.asked.map(|asked| kind::Step::gates(of, kinds, asked)).unwrap_or_default();
        let gates = gates.into_iter();
        let mut found: Vec<Step> = gates.map(|step| Step::Of { step, inside: Vec::new() }).collect();
        if let Some(target) = Target::of(of) {
            found.extend(self.calls(Entrance::routed(target, kinds, self.asked), steps));
            return found;
        }
        if past.contains(&of) || past.len() > FRONTS_MAX {
            self.leads_back(past);
            // Its steps are read all the same, for their problems.
            steps(&self.entered(None));
            return found;
        }
        past.push(of);
        let leads = self.asked.map(|asked| kind::Step::leads(of, kinds, asked));
        let leads = leads.unwrap_or_default();
        if leads.is_empty() && self.asked.is_some() {
            // Its table is broken, so that it leads nowhere: the same.
            steps(&self.entered(None));
        }
        for Lead { step, to } in leads {
            // What is wrong on every way is said once. Who has not been led to is not known then.
            if self.scope.cx.has_problems() && !found.is_empty() {
                self.is_cut.set(true);
                break;
            }
            let inside = to.map(|to| self.led(to, steps, past)).unwrap_or_default();
            found.push(Step::Of { step, inside });
        }
        past.pop();
        found
    }

    /// The calls of an entrance: one, or one for each target group among which its requests are split.
    fn calls(&self, entrance: Entrance, steps: &impl Fn(Tiers) -> Vec<Step>) -> Vec<Step> {
        let mut calls: Vec<Step> = Vec::new();
        for (way, target) in entrance.ways(self.scope.duration) {
            if !calls.is_empty() && self.scope.cx.has_problems() {
                break;
            }
            let tiers = self.entered(Some(target));
            let call = Step::Call { target, steps: self.scope.inside(target, || steps(&tiers)) };
            calls.push(match way {
                Some(step) => Step::Of { step, inside: vec![call] },
                None => call,
            });
        }
        calls
    }

    /// A name that leads to itself, by way of others.
    fn leads_back(&self, past: &[PathOwner]) {
        let names: Vec<&str> =
            past.iter().map(|(kind, index)| self.scope.cx.names.name(*kind, *index)).collect();
        let problem = Problem::at(&self.span(), format!("cycle of names: {}", names.join(" -> ")));
        self.scope.cx.push(problem.hint("let one of them lead to a balancer, a fleet or a bucket"));
    }

    fn span(&self) -> Span {
        self.reader.get(self.key).map_or(self.reader.span.clone(), |value| value.span())
    }

    /// The tiers after entering a target.
    fn entered(&self, target: Option<Target>) -> Vec<Option<GroupId>> {
        let span = self.span();
        let fleet = target.and_then(|target| tier(self.scope, &span, target, self.tiers));
        if self.tiers.len() >= TIERS_MAX {
            let problem = Problem::at(&span, format!("a path through more than {TIERS_MAX} tiers at once"));
            self.scope
                .cx
                .push(problem.hint("leave one tier before the next is called, or merge two of them"));
        }
        self.tiers.iter().copied().chain([fleet]).collect()
    }
}

/// The tier that a call enters; a request must not come back into a group it is still inside of.
fn tier(scope: &Scope, span: &Span, target: Target, tiers: Tiers) -> Option<GroupId> {
    let group = target.group(scope.kinds)?;
    if tiers.contains(&Some(group)) {
        let name = |group: &GroupId| scope.name_of(*group).to_owned();
        let mut path: Vec<String> = tiers.iter().flatten().map(name).collect();
        path.push(name(&group));
        let problem = Problem::at(span, format!("cycle between tiers: {}", path.join(" -> ")));
        let hint = format!(
            "the request still holds a thread of `{}` there, and could wait for itself; \
             end its steps before, or call another fleet",
            name(&group)
        );
        scope.cx.push(problem.hint(hint));
    }
    Some(group)
}

/// CPU belongs to an instance.
pub(super) fn inside_a_tier(value: &Value, tiers: Tiers) {
    if tiers.is_empty() {
        value.problem(
            "a cpu step outside any tier",
            "CPU is that of an instance: give the request a `via`, or put the step inside a `call`",
        );
    }
}
