//! The command that tells most after a run. In: an outcome, and what broke it. Out: one command.
//!
//! What a fault or a deployment did, less traffic would not mend: the same event without it says what it cost. A bill is looked at item by item. Else it
//! is the search for the limits that the headroom estimates.

use super::story::{is_of_bill, told};
use crate::outcome::{Outcome, Purpose, Resource, ScenarioSummary, Standing, stories};
use crate::report::changes::quoted;
use crate::text::visible;

/// The command.
pub(super) fn next(outcome: &Outcome) -> String {
    let missed = outcome.objectives.iter().any(|it| it.standing == Standing::Missed);
    let struck = outcome.faults.iter().any(|strike| strike.failed + strike.failed_meanwhile > 0);
    let root = root(outcome);
    if is_of_bill(outcome) {
        return format!("{} --bill", command("run", outcome));
    }
    let variant = match root.and_then(|of| deployed(of, outcome)) {
        Some((fleet, key)) => Some(format!("'without deployments: fleet.{fleet}.{key}=[]'")),
        None => (struck && (missed || root.is_some_and(is_struck)))
            .then(|| "'without faults: fault={}'".to_owned()),
    };
    match variant {
        Some(variant) => format!("{} --variant {variant}", command("compare", outcome)),
        None => command("headroom", outcome),
    }
}

/// What the story that is told begins with.
fn root(outcome: &Outcome) -> Option<Resource> {
    let told = told(outcome);
    let phase = outcome.phases.get(told.phase).filter(|it| it.trouble)?;
    stories(&phase.chain).get(told.story)?.first()?.resource
}

/// Whether a fault did it.
fn is_struck(of: Resource) -> bool {
    matches!(
        of,
        Resource::Struck { .. }
            | Resource::Zone { .. }
            | Resource::ZoneBack { .. }
            | Resource::LostInstances { .. }
            | Resource::LostNodes { .. }
            | Resource::LostShards { .. }
            | Resource::LostGateways { .. }
            | Resource::OldAddress { .. }
            | Resource::OldAnswer { .. }
            | Resource::OldAddresses { .. }
    )
}

/// The fleet to which a deployment or a refresh did it, and the key of its table that asks for that.
fn deployed(of: Resource, outcome: &Outcome) -> Option<(String, &'static str)> {
    let (Resource::TakenOut { fleet, by: Purpose::Deployment | Purpose::Refresh | Purpose::Rollback }
    | Resource::WorseVersion { fleet }
    | Resource::Unfinished { fleet }) = of
    else {
        return None;
    };
    let name = &outcome.timeline.fleets.get(fleet)?.name;
    let own = outcome.deployments.iter().find(|it| it.fleet == *name)?;
    Some((name.clone(), if own.strategy == "refresh" { "refresh" } else { "deploy" }))
}

/// The command to repeat the run with the same bytes, or to find by simulation the limits that the headroom estimates.
pub(in crate::report) fn command(name: &str, outcome: &Outcome) -> String {
    let ScenarioSummary { file, seed, overrides, .. } = &outcome.scenario;
    let mut command = format!("simcap {name} {} --seed {seed}", quoted(file));
    if name == "run" {
        command.push_str(&format!(" --runs {}", outcome.runs.count));
    }
    for change in overrides {
        command.push_str(&format!(" --set {}", quoted(change)));
    }
    visible(&command).into_owned()
}
