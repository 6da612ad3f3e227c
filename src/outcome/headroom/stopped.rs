//! Rows in which workers could do nothing. In: what was lost or not there, and what the workers finished. Out: [`Stopped`]: one mark a row for each
//! resource on their paths.
//!
//! A poller whose message waits for a writer that is lost is held, but it does no work: when the writer is back, the message is worked
//! on as any other. So these rows are no part of the time in which a backlog can be worked off, and what is held in them is no work.

use std::collections::BTreeSet;

use crate::kind::Scene;
use crate::kind::view::at;
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::outcome::phases::Held;
use crate::scenario::Scenario;

/// Part of what is finished on the mean that is as good as nothing, and part of what is there that is held meanwhile.
const NOTHING: f64 = 0.01;
const HELD: f64 = 0.5;

/// Workers that were held and finished nothing while something that they need was lost, or there was nothing of it.
#[derive(Debug)]
pub(super) struct Stopped {
    /// Of each group of workers, what their paths lead to, and the rows.
    workers: Vec<(BTreeSet<Resource>, Vec<bool>)>,
}

impl Stopped {
    /// Nothing, in a run in which nothing was lost, and something was there of everything that was asked for.
    pub fn of(scenario: &Scenario, scene: &Scene<'_>, capacities: &[Capacity<'_>]) -> Stopped {
        let is_gone = |it: &Capacity<'_>, row: usize| at(&it.there, row) == 0.0 && at(&it.busy, row) > 0.0;
        let gone = capacities.iter().filter(|it| (0..it.there.len()).any(|row| is_gone(it, row)));
        let gone: Vec<&Capacity<'_>> = gone.collect();
        if scene.timeline.lost.is_empty() && gone.is_empty() {
            return Stopped { workers: Vec::new() };
        }
        let held = Held::of(scenario);
        let workers = capacities.iter().filter_map(|capacity| {
            let finished = capacity.finished.as_deref()?;
            let mut below = held.below(capacity.of);
            below.insert(capacity.of);
            // A zone says nothing of what was in it.
            let of_these = |of: Resource| {
                below.contains(&of) && !matches!(of, Resource::Zone { .. } | Resource::Struck { .. })
            };
            let lost: Vec<&[f64]> =
                scene.timeline.lost.iter().filter(|it| of_these(it.of)).map(|it| &*it.rows).collect();
            let nothing = NOTHING * finished.iter().sum::<f64>() / finished.len().max(1) as f64;
            let gone = || gone.iter().filter(|it| it.of != capacity.of && below.contains(&it.of));
            let is_lost =
                |row: usize| lost.iter().any(|rows| at(rows, row) > 0.0) || gone().any(|it| is_gone(it, row));
            let is_stopped = |(row, finished): (usize, &f64)| {
                *finished <= nothing && capacity.busy[row] >= HELD && is_lost(row)
            };
            let rows = finished.iter().enumerate().map(is_stopped).collect();
            Some((below, rows))
        });
        Stopped { workers: workers.collect() }
    }

    /// The rows in which nothing could be done with a resource: in which all workers that use it were stopped.
    pub fn rows(&self, of: Resource) -> Vec<bool> {
        let users =
            self.workers.iter().filter(|(below, _)| below.contains(&of)).map(|(_, rows)| rows.clone());
        let both = |mut all: Vec<bool>, rows: Vec<bool>| {
            all.iter_mut().zip(rows).for_each(|(all, row)| *all &= row);
            all
        };
        users.reduce(both).unwrap_or_default()
    }
}
