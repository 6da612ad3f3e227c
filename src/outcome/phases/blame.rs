//! Which trouble broke an objective, and which of its causes. In: an objective, the phases, and the rows of requests. Out: a [`Blame`].
//!
//! It is the phase in which most of the requests that the objective is about failed, or were slower than it allows. Of several causes in it, it is one that
//! the class of the objective uses; of these, for errors one of which requests failed, and for latency one of which something was full or slow.

use std::collections::BTreeSet;

use super::{crowds, paths};
use crate::measure::Recorder;
use crate::objective::Blame;
use crate::outcome::{Link, Outcome, Percentile, Phase, Resource};
use crate::scenario::Scenario;
use crate::scenario::objective::{Bound, Objective};
use crate::warning::used_by_class;

/// Whether that is what the phases say where requests failed.
pub fn says_failed(text: &str) -> bool {
    text.contains(" of requests") && text.contains(" failed, ")
}

/// The cause of an objective that was missed; nothing for one that no trouble can break, such as one on the bill.
pub(in crate::outcome) fn blame(
    scenario: &Scenario,
    objective: &Objective,
    outcome: &Outcome,
    recorder: &Recorder,
) -> Option<Blame> {
    let (class, is_latency) = match objective.bound.each() {
        Bound::Latency { class, .. } => (class, true),
        Bound::Errors { class, .. } | Bound::Availability { class, .. } => (class, false),
        _ => return None,
    };
    let harm = harm(objective.bound.each(), outcome, recorder);
    let in_all = |phase: &Phase| phase.rows(&outcome.timeline).filter_map(|row| harm.get(row)).sum::<f64>();
    let troubles = outcome.phases.iter().enumerate().filter(|(_, phase)| phase.trouble);
    let all = troubles.map(|(place, phase)| (place, in_all(phase))).filter(|(_, harm)| *harm > 0.0);
    let (phase, _) = all.reduce(|most, next| if next.1 > most.1 { next } else { most })?;
    let used = class.map(|class| used_by_class(scenario, class.index()));
    let tables = |of: Resource| paths::tables(of, &scenario.kinds);
    let stories = stories(&outcome.phases[phase].chain);
    let story = choose(
        &stories,
        &|of| used.as_ref().is_none_or(|used| tables(of).iter().any(|table| used.contains(table))),
        is_latency,
    );
    Some(Blame { phase, story })
}

/// How many requests broke the bound in each row, or how far those were from it.
fn harm(bound: &Bound, outcome: &Outcome, recorder: &Recorder) -> Vec<f64> {
    let rows = 0..outcome.timeline.time_s.len();
    match *bound {
        Bound::Latency { class: None, limit, .. } => {
            recorder.rows.iter().map(|row| row.above(limit.0) as f64).collect()
        }
        Bound::Latency { class: Some(class), limit, .. } => {
            let own = outcome.classes.get(class.index()).map(|it| &it.rows_ms);
            let p99 = own.and_then(|rows_ms| rows_ms.get(&Percentile::P99));
            match p99 {
                Some(p99) => {
                    let beyond =
                        |ms: &Option<f64>| ms.map_or(0.0, |ms| (ms - limit.as_millis_f64()).max(0.0));
                    p99.iter().map(beyond).collect()
                }
                // The only class is all of them.
                None => recorder.rows.iter().map(|row| row.above(limit.0) as f64).collect(),
            }
        }
        Bound::Errors { class, .. } | Bound::Availability { class, .. } => match class {
            None => rows.map(|row| outcome.timeline.failed_in(row)).collect(),
            Some(class) => {
                let by = recorder.classes.get(class.index()).map_or(&[][..], |it| &it.ended_by);
                let failed = crowds::of_rows(by).into_iter().map(|(_, failed)| failed);
                failed.collect()
            }
        },
        _ => Vec::new(),
    }
}

/// The causes of a chain, each with what came of it. What has no cause comes first.
pub fn stories(chain: &[Link]) -> Vec<&[Link]> {
    let begins: BTreeSet<usize> =
        chain.iter().enumerate().filter(|(place, link)| link.cause || *place == 0).map(|it| it.0).collect();
    let ends = begins.iter().skip(1).copied().chain([chain.len()]);
    begins.iter().zip(ends).map(|(&begin, end)| &chain[begin..end]).collect()
}

/// The story of an objective; the first one where none is better.
fn choose(stories: &[&[Link]], is_used: &dyn Fn(Resource) -> bool, is_latency: bool) -> usize {
    let concerns = |story: &&[Link]| story.iter().filter_map(|link| link.resource).any(is_used);
    let fails = |story: &[Link]| story.iter().any(|link| says_failed(&link.text));
    let slows = |story: &[Link]| {
        story.iter().filter_map(|link| link.resource).any(|of| match of.is_event() {
            true => matches!(of, Resource::Struck { .. }),
            false => of.delays_requests() && !matches!(of, Resource::Targets { .. }),
        })
    };
    let fits = |story: &[Link]| if is_latency { slows(story) } else { fails(story) };
    let rank = |story: &[Link]| (!concerns(&story), !fits(story), !fails(story));
    let best = stories.iter().enumerate().min_by_key(|(place, story)| (rank(story), *place));
    best.map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(resource: Option<Resource>, cause: bool, text: &str) -> Link {
        Link { at_s: 0.0, until_s: 1.0, resource, cause, text: text.into() }
    }

    /// A bank that is full, of which half fail, and a mail server that is struck. Of the class that mails it is the latter; of latencies what is full.
    #[test]
    fn the_story_is_of_what_the_class_uses_and_of_what_the_objective_is_about() {
        let bank = Resource::Service { service: 0 };
        let (mail, lost) = (Resource::Struck { fault: 1 }, Resource::LostInstances { fleet: 0 });
        let chain = [
            link(None, false, "retries ×2"),
            link(Some(lost), true, "lost"),
            link(None, false, "50 % of requests failed, client_timeout"),
            link(Some(bank), true, "bank full"),
            link(Some(mail), true, "mail fails"),
        ];
        let all = stories(&chain);
        assert_eq!(all.iter().map(|it| it.len()).collect::<Vec<_>>(), [1, 2, 1, 1]);
        assert_eq!(choose(&all, &|_| true, false), 1, "errors");
        assert_eq!(choose(&all, &|_| true, true), 2, "latency");
        assert_eq!(choose(&all, &|of| of == mail, false), 3, "errors of who mails");
        assert_eq!(choose(&all[..1], &|_| false, true), 0, "there is no other");
    }
}
