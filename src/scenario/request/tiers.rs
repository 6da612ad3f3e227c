//! The tiers that a request is inside of. In: where it goes. Out: the tiers after that, or a problem where it cannot.

use super::path::{Entrance, Step, TIERS_MAX, Target};
use super::scope::Scope;
use crate::id::{FleetId, Kind};
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::source::Span;
use crate::language::value::Value;

/// The tiers that a request is inside of at some step, the innermost last; `None` for a broken name.
pub(super) type Tiers<'t> = &'t [Option<FleetId>];

/// The calls of an entrance: one, or one for each target group among which its requests are split. `steps` reads what happens
/// there: once for each group, because what a step is can depend on the fleet that it is in.
pub(super) fn enter(
    scope: &Scope,
    reader: &Reader,
    key: &'static str,
    entrance: Option<Entrance>,
    tiers: Tiers,
    steps: impl Fn(Tiers) -> Vec<Step>,
) -> Vec<Step> {
    let Some(entrance) = entrance else {
        // A name that is broken: the steps are read all the same, for their problems.
        return steps(&entered(scope, reader, key, None, tiers));
    };
    let mut calls: Vec<Step> = Vec::new();
    for (way, target) in entrance.ways(scope.duration) {
        // What is wrong in every group is said once.
        if !calls.is_empty() && scope.cx.has_problems() {
            break;
        }
        let call = Step::Call { target, steps: steps(&entered(scope, reader, key, Some(target), tiers)) };
        calls.push(match way {
            Some(step) => Step::Of { step, inside: vec![call] },
            None => call,
        });
    }
    calls
}

/// The tiers after entering a target.
fn entered(
    scope: &Scope,
    reader: &Reader,
    key: &'static str,
    target: Option<Target>,
    tiers: Tiers,
) -> Vec<Option<FleetId>> {
    let span = reader.get(key).map_or(reader.span.clone(), |value| value.span());
    let fleet = target.and_then(|target| tier(scope, &span, target, tiers));
    if tiers.len() >= TIERS_MAX {
        let problem = Problem::at(&span, format!("a path through more than {TIERS_MAX} tiers at once"));
        scope.cx.push(problem.hint("leave one tier before the next is called, or merge two of them"));
    }
    tiers.iter().copied().chain([fleet]).collect()
}

/// The tier that a call enters; a request must not come back into a fleet it is still inside of.
fn tier(scope: &Scope, span: &Span, target: Target, tiers: Tiers) -> Option<FleetId> {
    let fleet = target.fleet(scope.kinds)?;
    if tiers.contains(&Some(fleet)) {
        let name = |fleet: &FleetId| scope.cx.names.name(Kind::Fleet, fleet.index()).to_owned();
        let mut path: Vec<String> = tiers.iter().flatten().map(name).collect();
        path.push(name(&fleet));
        let problem = Problem::at(span, format!("cycle between tiers: {}", path.join(" -> ")));
        let hint = format!(
            "the request still holds a thread of `{}` there, and could wait for itself; \
             end its steps before, or call another fleet",
            name(&fleet)
        );
        scope.cx.push(problem.hint(hint));
    }
    Some(fleet)
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
