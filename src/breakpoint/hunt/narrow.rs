//! How the first failing cell of a limit becomes as narrow as asked for. In: a search after its coarse steps. Out: more multiples that
//! were run.

use std::collections::BTreeSet;

use super::{Hunt, Target};
use crate::breakpoint::found::Subject;
use crate::breakpoint::goodput::Goodput;
use crate::breakpoint::lattice;
use crate::breakpoint::search::SearchError;

/// How often an estimate chooses the next multiple of one limit: one where it should hold, one where it should fail, and once more each.
const GUIDED: u32 = 4;

impl Hunt<'_> {
    /// How many halvings the cells found so far need.
    pub fn halvings(&self) -> usize {
        let looked_for = (0..self.targets.len()).filter(|target| !self.is_told_roughly(*target));
        let cells = looked_for.filter_map(|target| {
            let target = &self.targets[target];
            match lattice::first_failing_cell(&target.seen, target.start) {
                (Some(holds), Some(fails)) if fails - holds > 1 => Some((holds, fails)),
                _ => None,
            }
        });
        let cells: BTreeSet<(i32, i32)> = cells.collect();
        cells.iter().map(|(holds, fails)| (fails - holds).ilog2() as usize + 1).sum()
    }

    /// Whether where a resource fills is told between the multiples that were run anyway: in a long event, what fills only after
    /// an objective has failed.
    fn is_told_roughly(&self, target: usize) -> bool {
        let of = &self.targets[target];
        let first = self.targets.iter().filter(|it| it.is_objective()).filter_map(Target::failed).min();
        self.probes.is_thrifty()
            && of.is_resource()
            && first.is_some_and(|first| of.failed().is_some_and(|failed| failed > first))
    }

    /// The next point in a cell: next to where a resource fills by the estimate of its lower end, else its middle. An estimate that
    /// was wrong twice is believed no more.
    fn next_in(&mut self, target: usize, (holds, fails): (i32, i32)) -> i32 {
        let middle = holds + (fails - holds) / 2;
        let of = &mut self.targets[target];
        let Subject::Saturation { of: resource, .. } = of.subject else { return middle };
        let estimate = self.probes.estimate(holds, resource).filter(|_| of.guided < GUIDED);
        let Some(below) = estimate.map(|it| self.lattice.at_or_below(it)) else { return middle };
        match (holds..fails).contains(&below) {
            true => {
                of.guided += 1;
                // Where it should still hold, and if it does, where it should fail.
                if below > holds { below } else { holds + 1 }
            }
            false => middle,
        }
    }

    /// Divides the first failing cell until it is as narrow as asked for.
    pub fn narrow(&mut self, target: usize) -> Result<(), SearchError> {
        loop {
            self.see_known(target)?;
            if self.is_told_roughly(target) {
                return Ok(());
            }
            self.probes.left = self.halvings();
            let Target { seen, start, .. } = &self.targets[target];
            match lattice::first_failing_cell(seen, *start) {
                (Some(holds), Some(fails)) if fails - holds > 1 => {
                    let point = self.next_in(target, (holds, fails));
                    self.fails(target, point)?
                }
                _ => return Ok(()),
            };
        }
    }

    /// Uses the runs that were made for other targets; they cost nothing.
    fn see_known(&mut self, target: usize) -> Result<(), SearchError> {
        if self.targets[target].subject != Subject::Goodput {
            return self
                .probes
                .points()
                .into_iter()
                .try_for_each(|point| self.fails(target, point).map(drop));
        }
        if !self.probes.scenario.has_users() {
            let seen = &mut self.targets[target].seen;
            for (point, _) in self.probes.all().filter(|(_, probe)| Goodput::is_answered(probe)) {
                seen.entry(point).or_insert(false);
            }
        }
        let seen = self.targets[target].seen.iter();
        let holding = seen.filter(|(_, fails)| !**fails).map(|(point, _)| *point);
        let stopped: Vec<i32> = holding.filter(|point| self.has_stopped(*point)).collect();
        self.targets[target].seen.extend(stopped.into_iter().map(|point| (point, true)));
        Ok(())
    }
}
