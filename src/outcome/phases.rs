//! What limited the system, and when: the event as a handful of spans, each with one finding.
//!
//! In: a scenario, its outcome, and the latencies of each row. Out: [`Phase`]s that cover the run from end to end.
//! Resources are watched row by row (`watched`), rows are marked as trouble (`evidence`, `chance`, `overdue`, `late`, `alike`, `saturation`), marks become
//! spans (`spans`, `heavier`). What no request can feel says nothing (`paths`). In each trouble the full resources are put in order, causes before effects (`held`, `chain`), and
//! put into words with the numbers of their own rows (`words`, `symptoms`, `sentence`); what failed is told apart for requests that share nothing (`crowds`). What can fill and how it is said
//! comes from the kinds (`kind::view`). Which of all that broke an objective is in `blame`.

mod alike;
mod blame;
mod chain;
mod chance;
mod crowds;
mod evidence;
mod heavier;
mod held;
mod late;
mod leftover;
#[cfg(feature = "schema")]
mod links;
mod overdue;
mod paths;
mod saturation;
mod sentence;
mod spans;
mod symptoms;
mod vocabulary;
mod watched;
mod words;

pub(super) use blame::blame;
pub(crate) use blame::{says_failed, stories};
pub(super) use held::Held;
#[cfg(feature = "schema")]
pub(crate) use links::WORDS as LINK_WORDS;
pub(super) use saturation::{Reach, nothing_left, widened};
#[cfg(feature = "schema")]
pub(crate) use vocabulary::WORDS as PHASE_WORDS;
pub(super) use watched::{lost, watched};

use self::alike::Alike;
use self::evidence::{Evidence, Found};
use self::leftover::Own;
use self::spans::Span;
use self::words::Words;
use super::headroom::{Traffic, series};
use super::scene::scene;
use super::{Outcome, Phase, Timeline};
use crate::measure::Recorder;
use crate::scenario::Scenario;
use crate::warning::traffic;

/// The phases of a run; none when the timeline has no row. The headroom of the outcome is known by now, and `recorder`
/// has the latencies of every row of its timeline, those of all runs together.
pub(super) fn phases(scenario: &Scenario, outcome: &Outcome, recorder: &Recorder) -> Vec<Phase> {
    let rows = &recorder.rows;
    let timeline = &outcome.timeline;
    let scene = scene(scenario, timeline, None);
    let reach = Reach::of(timeline);
    let held = Held::of(scenario);
    let mut watched = held.felt(watched(&scene, reach.usual), &scenario.kinds);
    let traffic_of_rows = Traffic::of(scenario, timeline);
    let resources = series(scenario, &scene, &watched, &traffic_of_rows, outcome.runs.count);
    let alike = Alike::of(&traffic_of_rows, &resources, outcome);
    let found = Found { watched: &watched, resources: &resources, alike: &alike };
    let mut evidence = Evidence::of(scenario, outcome, &found, recorder, &reach);
    evidence.name_late(&mut watched);
    let marks = evidence.marks(&watched, &alike);
    let calm: Vec<bool> = marks.iter().map(|mark| !mark).collect();
    let load = traffic(scenario);
    let crowds = crowds::of(scenario, &held, recorder);
    let words = Words {
        scene: &scene,
        outcome,
        resources: &resources,
        calm: &calm,
        load: &load,
        window: reach.usual,
        crowds: &crowds,
    };
    let start = |row: usize| timeline.time_s.get(row).copied();
    let phase = |span: Span| {
        // Where the requests of some rows were slow, it is of these.
        let slow: Vec<usize> = span.rows.clone().filter(|&row| evidence.slow[row]).collect();
        let is_slow = span.trouble && !slow.is_empty();
        let leading = is_slow.then(|| leading_stage(timeline, slow.into_iter())).flatten();
        let leading = leading.or_else(|| leading_stage(timeline, span.rows.clone()));
        let chain = match span.trouble {
            true => chain::chain(&words, &held, (&watched, &evidence.certain), &span.rows),
            false => Vec::new(),
        };
        Phase {
            from_s: start(span.rows.start).unwrap_or(0.0),
            to_s: start(span.rows.end).unwrap_or(outcome.scenario.duration_s),
            stage: leading.map_or(0, |leading| leading.stage),
            share: leading.map_or(0.0, |leading| leading.share),
            trouble: span.trouble,
            sentence: match span.trouble {
                true => {
                    // Where requests only failed, or only something was full that none waits for, they were not slow.
                    sentence::trouble(&words, &span, &chain, leading, is_slow)
                }
                false => {
                    sentence::calm(&words, &watched, &span, &Own::of(&span.rows, rows, timeline.bucket_s))
                }
            },
            chain,
        }
    };
    let spans = heavier::cut(spans::spans(&marks), &evidence.other(), &evidence.failures);
    spans.into_iter().map(phase).collect()
}

/// The stage with the largest share of the slow requests' time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Leading {
    stage: usize,
    share: f64,
}

/// Of each row the shares count, by its completed requests, not the times: one row of 30 s does not rule the others.
fn leading_stage(timeline: &Timeline, rows: impl Iterator<Item = usize>) -> Option<Leading> {
    let mut shares = vec![0.0; timeline.slow_ms.len()];
    let mut weights = 0.0;
    for row in rows {
        let at = |series: &Vec<f64>| series.get(row).copied().filter(|ms| ms.is_finite()).unwrap_or(0.0);
        let total: f64 = timeline.slow_ms.iter().map(at).sum();
        let weight = timeline.completed.get(row).copied().unwrap_or(0.0);
        if total > 0.0 && weight > 0.0 {
            weights += weight;
            for (share, series) in shares.iter_mut().zip(&timeline.slow_ms) {
                *share += weight * at(series) / total;
            }
        }
    }
    let (stage, share) =
        shares.into_iter().enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    (weights > 0.0).then(|| Leading { stage, share: share / weights })
}

#[cfg(test)]
mod tests;
