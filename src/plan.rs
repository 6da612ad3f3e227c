//! The cheapest values that meet the objectives.
//!
//! In: a [`Study`], which says what there is to choose, a headroom and a confidence. Out: [`Planned`]: the best point, the second best,
//! what binds, and what became of each other one.
//!
//! ```text
//!  Study ──► lines of points ──► search ──► runs under the same seeds ──► what is sure ──► Planned
//!            (line)              (search,    (play, by the runner and      (sure)           (planned, found)
//!                                 contest)    the store of studies)
//! ```
//!
//! A point **meets** if the mean of its days, of which the runs are a sample, is on the right side of the limit of every objective: each
//! distance is of a run as a whole, for a latency in factors. It has to be sure: so that the best point meets and every cheaper one
//! does not, all together, with the confidence that is asked for (`sure`). The verdict on all runs together, as every other
//! page has it, has to agree. A **headroom** of 1.2 asks for the same at 1.2 times the traffic
//! ([`Scenario::with_traffic`](crate::scenario::Scenario::with_traffic)); the bill is that of the traffic of the scenario. An objective on the cost is not raced for: the least cost is what is
//! looked for, and it meets that objective or nothing does.
//!
//! What is decided between points without runs follows from points that have some: that what costs more of one number is no worse. It is
//! checked, and given up where it does not hold (`search`).

mod contest;
mod days;
mod effects;
mod error;
mod found;
mod line;
mod options;
mod planned;
mod play;
mod rare;
mod search;
mod sure;
#[cfg(test)]
mod tests;

pub use error::PlanError;
pub use options::{CONFIDENCE, CostOf, MOST_RUNS, Options};
pub use planned::{Binds, Candidate, Fate, Missed, Planned, VERSION};
pub use rare::Unseen;

use crate::language::overrides::keys;
use crate::study::{Asked, Runner, Study, StudyError};
use contest::Contest;
use effects::Effects;
use line::Line;
use play::Play;
use rare::Rare;
use search::Search;
use sure::Sure;

/// The study of a plan: what the command line has to choose from, else what the table `[plan]` of the file has. What is set to one value
/// there is no choice any more.
///
/// # Errors
/// As of a study.
pub fn study_of(asked: Asked) -> Result<Study, Box<StudyError>> {
    let study = Study::of(asked.clone())?;
    if !study.axes.is_empty() {
        return Ok(study);
    }
    let fixed: Vec<Option<Vec<String>>> = study.overrides.iter().map(|it| keys(it)).collect();
    let axes = study.first.plan.axes.iter().filter(|it| !fixed.contains(&keys(it)));
    let set = asked.set.iter().chain(axes).cloned().collect();
    Ok(Study::of(Asked { set, ..asked })?)
}

/// How often a second best may turn out to cost less.
const MOST_ROUNDS: usize = 8;

/// Finds the cheapest point of a study that meets every objective. `planned` is called with the number of runs so far, before more are
/// made.
///
/// # Errors
/// There is nothing to choose or to meet, or the runs could not be made.
pub fn plan(
    study: &Study,
    options: &Options,
    runner: &Runner<'_>,
    planned: &dyn Fn(usize),
) -> Result<Planned, PlanError> {
    let scenario = &study.first;
    if study.axes.is_empty() {
        return Err(PlanError::NoChoice);
    }
    let is_cost = |bound: &_| matches!(bound, crate::scenario::objective::Bound::Cost { .. });
    if scenario.objectives.iter().all(|it| is_cost(&it.bound)) {
        return Err(PlanError::NoObjective);
    }
    let most = scenario.most_traffic();
    if options.headroom > most {
        return Err(PlanError::Users { headroom: options.headroom, most });
    }
    let able = study.points.iter().enumerate().filter(|(_, it)| it.key.is_ok());
    let able: Vec<(usize, &[usize])> = able.map(|(at, it)| (at, it.choices.as_slice())).collect();
    let rare = Rare::of(scenario, options);
    let sure = Sure::new(options.confidence, able.len(), rare.share);
    if let Some(most) = options.most_runs.filter(|most| *most < sure.fewest) {
        return Err(PlanError::TooFewRuns { most, fewest: sure.fewest });
    }
    let most = options.most_runs.unwrap_or(MOST_RUNS.max(sure.fewest));
    let contest = Contest::new(study.points.len(), sure, most);
    let (lines, effects) = (Line::all_of(&study.axes, &able), Effects::of(&able));
    let mut search = Search::new(lines, effects, contest, options.every);
    let mut play = Play::new(study, runner, options, planned);
    // Runs of the second best may say that it costs less, and then it is to be raced.
    let (mut best, mut second) = (None, None);
    for _ in 0..MOST_ROUNDS {
        search.go(&mut play)?;
        best = search.best();
        second = best.map(|best| search.second(best, &mut play)).transpose()?.flatten();
        if search.best() == best {
            break;
        }
    }
    Ok(found::planned(study, options, &search, &play, rare.unseen, best, second))
}
