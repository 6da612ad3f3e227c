//! What limited the system, and when: the event told as a handful of spans, each with one finding.
//!
//! In: the timeline and the stages of an outcome. Out: [`Phase`]s that cover the run from end to end.
//! Rows are marked slow or failing (`rows`), marks become spans of one story (`spans`), and each span
//! is put in words with the numbers of its own rows (`sentence`).

mod resource;
mod rows;
mod sentence;
mod spans;

pub(super) use rows::{nothing_left, saturation_window};

use std::ops::Range;

use super::{Outcome, Phase, Stage, Timeline};

/// The phases of a run; none when the timeline has no row.
pub fn phases(outcome: &Outcome) -> Vec<Phase> {
    let timeline = &outcome.timeline;
    let evidence = rows::evidence(outcome);
    let marks = rows::trouble(&evidence);
    let end = outcome.scenario.duration_s;
    spans::spans(timeline, &marks)
        .into_iter()
        .map(|span| {
            let start = |row: usize| timeline.time_s.get(row).copied();
            let leading = leading_stage(timeline, &span.rows);
            Phase {
                from_s: start(span.rows.start).unwrap_or(0.0),
                to_s: start(span.rows.end).unwrap_or(end),
                stage: leading.map_or(0, |leading| leading.stage),
                share: leading.map_or(0.0, |leading| leading.share),
                trouble: span.trouble,
                sentence: sentence::sentence(outcome, &evidence, &marks, &span, leading),
            }
        })
        .collect()
}

/// The stage with the largest share of the slow requests' time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Leading {
    stage: usize,
    share: f64,
}

impl Leading {
    fn of<'a>(&self, stages: &'a [Stage]) -> Option<&'a Stage> {
        stages.get(self.stage)
    }
}

/// Adds up the slow requests' time over `rows`, each row weighted by its completed requests.
fn slow_time(timeline: &Timeline, rows: &Range<usize>) -> Vec<f64> {
    let weighted = |series: &Vec<f64>| {
        rows.clone()
            .filter_map(|row| Some(series.get(row)? * timeline.completed.get(row)?))
            .filter(|time| time.is_finite())
            .sum::<f64>()
    };
    timeline.slow_ms.iter().map(weighted).collect()
}

fn leading_stage(timeline: &Timeline, rows: &Range<usize>) -> Option<Leading> {
    let times = slow_time(timeline, rows);
    let total: f64 = times.iter().sum();
    let (stage, time) =
        times.into_iter().enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    (total > 0.0).then(|| Leading { stage, share: time / total })
}

#[cfg(test)]
mod tests;
