//! What stays somewhere for longer than an objective allows, such as messages in a queue. In: the objectives that were missed, and
//! when what they bound came and left. Out: [`Late`]: the rows in which more of it was overdue than may be.

use super::chance::{Sample, beyond};
use super::overdue::Overdue;
use super::spans::runs;
use super::watched::{Trouble, Watched};
use crate::kind::figure::KindFigure;
use crate::measure::Recorder;
use crate::measure::histogram::Packed;
use crate::outcome::Outcome;
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;

/// What stayed somewhere for longer than an objective allows.
#[derive(Debug)]
pub(super) struct Late {
    /// What is bounded.
    of: KindFigure,
    /// The rows in which it left too late, and those before since it was overdue.
    rows: Vec<bool>,
    /// As many rows as it may stay.
    allowed: usize,
}

impl Late {
    /// Names it: what is in trouble there by itself is full, and not by chance, in its rows.
    pub fn name(&self, resource: &mut Watched<'_>, certain: &mut [bool]) {
        if matches!(resource.trouble, Trouble::Rows(_)) && self.of.is_of(resource.of.owner()) {
            resource.full.iter_mut().zip(&self.rows).for_each(|(full, late)| *full |= late);
            certain.iter_mut().zip(&self.rows).for_each(|(certain, late)| *certain |= late);
        }
    }

    /// Marks its rows. What is overdue may have come in a trouble: then that goes on until it is overdue.
    pub fn mark(&self, marks: &mut [bool]) {
        for late in runs(&self.rows).into_iter().filter(|run| run.trouble) {
            let came = late.rows.start.saturating_sub(self.allowed)..late.rows.start;
            let trouble = came.rev().find(|&row| marks[row]);
            marks[trouble.unwrap_or(late.rows.start)..late.rows.end].fill(true);
        }
    }
}

/// What was overdue of each objective that was missed.
pub(super) fn late(scenario: &Scenario, outcome: &Outcome, recorder: &Recorder) -> Vec<Late> {
    let missed = scenario.objectives.iter().zip(&outcome.objectives).filter(|(_, verdict)| !verdict.met);
    missed.filter_map(|(objective, _)| late_of(&objective.bound, outcome, recorder)).collect()
}

fn late_of(bound: &Bound, outcome: &Outcome, recorder: &Recorder) -> Option<Late> {
    let figure = bound.stays()?;
    let stays = recorder.stays.together(|owner| figure.is_of(owner))?;
    let limit = (bound.limit() * 1e6) as u64;
    let allowed = 1.0 - figure.quantile().unwrap_or(1.0);
    let sample = |left: &Packed| Sample { of: left.count() as f64, found: left.above(limit) as f64 };
    let samples: Vec<Sample> = stays.left.iter().map(sample).collect();
    let found = beyond(&samples, allowed);
    let came: Vec<f64> = stays.came.iter().map(|count| *count as f64).collect();
    let there = Packed::of(&stays.there);
    let ended = stays.left.iter().zip(&found).enumerate().map(|(row, (left, found))| (row, left, *found));
    let last = found.len().checked_sub(1).map(|row| (row, &there, true));
    let since = Overdue { outcome, limit, allowed, came: &came }.rows(ended.chain(last));
    let rows = found.iter().zip(since).map(|(found, since)| *found || since).collect();
    let allowed = (limit as f64 / 1e9 / outcome.timeline.bucket_s.max(f64::MIN_POSITIVE)).ceil() as usize;
    Some(Late { of: *figure, rows, allowed })
}
