//! The search itself: up in coarse steps, down where ×1 fails, then halving. In: a scenario. Out: [`Breakpoints`].

use super::lattice::{self, Lattice, Seen};
use super::limit::{self, Subject};
use super::probe::Probes;
use super::{Breakpoints, Search, SearchError, VERSION};
use crate::ensemble::Told;
use crate::guard::Guard;
use crate::outcome::{Headroom, VERSION as OUTCOME_VERSION};
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;

/// Factor between two multiples on the way up.
const STEP: f64 = 1.5;
/// The nearest estimated limit is looked for between these parts of it: objectives fail before saturation.
const AROUND_ESTIMATE: [f64; 2] = [0.85, 1.05];
/// Factor of the traffic over which goodput must grow.
const GOODPUT_STEP: f64 = 1.05;
/// Part of the growth of the traffic that goodput must follow.
const YIELD: f64 = 0.5;
/// A cell that yields so much of its growth holds no point at which goodput stops growing.
const FULL_YIELD: f64 = 0.95;
/// Where either all objectives are broken or goodput has stopped growing, the other is followed so far beyond.
const BEYOND: f64 = 2.0;

pub(super) fn hunt(
    scenario: &Scenario,
    search: &Search,
    progress: &(dyn Fn(Told) + Sync),
    guard: &Guard,
) -> Result<Breakpoints, SearchError> {
    let lattice = Lattice::new(search.precision, search.up_to);
    let mut hunt = Hunt {
        probes: Probes::new(scenario, search, lattice, progress, guard),
        lattice,
        targets: Vec::new(),
    };
    hunt.probes.at(0)?;
    hunt.targets = hunt.probes.subjects().into_iter().map(Target::new).collect();
    hunt.climb()?;
    hunt.descend()?;
    loop {
        let known = hunt.probes.points().len();
        (0..hunt.targets.len()).try_for_each(|target| hunt.narrow(target))?;
        // What one target had run may show another one failing earlier.
        if hunt.probes.points().len() == known {
            break;
        }
    }
    Ok(hunt.told(search))
}

/// Something that holds or fails at a multiple.
#[derive(Debug)]
struct Target {
    subject: Subject,
    /// By multiple whether it fails.
    seen: Seen,
    /// From where on the first failing cell counts.
    start: i32,
}

impl Target {
    fn new(subject: Subject) -> Target {
        Target { subject, seen: Seen::default(), start: 0 }
    }

    /// The smallest point at which it was seen to fail.
    fn failed(&self) -> Option<i32> {
        self.seen.iter().find(|(_, fails)| **fails).map(|(point, _)| *point)
    }
}

/// The search while it runs.
struct Hunt<'a> {
    probes: Probes<'a>,
    lattice: Lattice,
    targets: Vec<Target>,
}

impl Hunt<'_> {
    /// Whether a target fails at a point; runs what it takes.
    fn fails(&mut self, target: usize, point: i32) -> Result<bool, SearchError> {
        if let Some(&fails) = self.targets[target].seen.get(&point) {
            return Ok(fails);
        }
        let fails = match &self.targets[target].subject {
            Subject::Goodput => {
                let before = point - self.lattice.points_in(GOODPUT_STEP);
                self.growth(before, point)? < YIELD
            }
            subject => {
                let subject = subject.clone();
                subject.fails(self.probes.at(point)?)
            }
        };
        self.targets[target].seen.insert(point, fails);
        Ok(fails)
    }

    /// Which part of the growth of the traffic between two points goodput follows.
    fn growth(&mut self, from: i32, to: i32) -> Result<f64, SearchError> {
        let low = self.probes.at(from)?.goodput_per_s;
        let high = self.probes.at(to)?.goodput_per_s;
        let traffic = self.lattice.multiplier(to) / self.lattice.multiplier(from) - 1.0;
        Ok(if low > 0.0 { (high / low - 1.0) / traffic } else { 0.0 })
    }

    /// Whether goodput fails at the upper end of a cell. One that follows the traffic all through needs no closer look,
    /// nor does ×1 where everything that comes is answered.
    fn goodput_fails(&mut self, target: usize, cell: (i32, i32)) -> Result<bool, SearchError> {
        let follows = match cell.0 < cell.1 {
            true => self.growth(cell.0, cell.1)?,
            false => self.probes.at(cell.1)?.answered,
        };
        if follows >= FULL_YIELD {
            self.targets[target].seen.insert(cell.1, false);
        }
        self.fails(target, cell.1)
    }

    /// Coarse steps up until everything has failed, or more traffic is of no use.
    fn climb(&mut self) -> Result<(), SearchError> {
        let pair = self.nearest_estimate().map(|nearest| AROUND_ESTIMATE.map(|part| part * nearest));
        // Where something scales, a larger load may pass again.
        let mut further = self.probes.headroom.iter().any(|it| it.at_maximum.is_some());
        let mut below = 0;
        for point in self.lattice.ladder(STEP, pair) {
            for target in 0..self.targets.len() {
                match self.targets[target].subject {
                    Subject::Goodput if self.targets[target].failed().is_none() => {
                        self.goodput_fails(target, (below, point))?;
                    }
                    Subject::Goodput => {}
                    _ => drop(self.fails(target, point)?),
                }
            }
            let all = self.targets.iter().all(|target| target.failed().is_some());
            if (all || self.is_useless_beyond(point)) && !std::mem::take(&mut further) {
                break;
            }
            below = point;
        }
        Ok(())
    }

    /// Whether the story is told: every objective that load can break is broken and goodput has stopped growing, or one
    /// of the two happened at half of this point.
    fn is_useless_beyond(&self, point: i32) -> bool {
        let objectives = &self.probes.scenario.objectives;
        let breakable = |target: &&Target| match target.subject {
            Subject::Objective { index, .. } => !matches!(objectives[index].bound, Bound::Cost { .. }),
            _ => false,
        };
        let failed: Vec<Option<i32>> = self.targets.iter().filter(breakable).map(Target::failed).collect();
        let broken = failed.iter().copied().reduce(|a, b| Some(a?.max(b?)));
        let goodput = self.targets.iter().find(|target| target.subject == Subject::Goodput);
        let stopped = goodput.and_then(Target::failed);
        let far = |from: i32| self.lattice.multiplier(point) >= BEYOND * self.lattice.multiplier(from);
        match (broken, stopped) {
            // No objective, or all of them broken.
            (None | Some(Some(_)), Some(_)) => true,
            (Some(Some(from)), None) | (Some(None), Some(from)) => far(from),
            (None | Some(None), None) => false,
        }
    }

    /// Coarse steps down for what fails at ×1 already.
    fn descend(&mut self) -> Result<(), SearchError> {
        for target in 0..self.targets.len() {
            let mut point = 0;
            while self.fails(target, point)? && point > self.lattice.lowest() {
                point = (point - self.lattice.points_in(STEP)).max(self.lattice.lowest());
            }
            self.targets[target].start = point;
        }
        Ok(())
    }

    /// Halves the first failing cell until it cannot be halved.
    fn narrow(&mut self, target: usize) -> Result<(), SearchError> {
        loop {
            // What others had run is known for nothing.
            if !matches!(self.targets[target].subject, Subject::Goodput) {
                for point in self.probes.points() {
                    self.fails(target, point)?;
                }
            }
            let Target { seen, start, .. } = &self.targets[target];
            match lattice::first_failing_cell(seen, *start) {
                (Some(holds), Some(fails)) if fails - holds > 1 => {
                    self.fails(target, holds + (fails - holds) / 2)?
                }
                _ => return Ok(()),
            };
        }
    }

    /// The nearest limit above ×1 that the first runs estimate.
    fn nearest_estimate(&self) -> Option<f64> {
        self.probes.headroom.iter().filter_map(Headroom::limit).filter(|limit| *limit > 1.0).reduce(f64::min)
    }

    fn told(self, search: &Search) -> Breakpoints {
        let Hunt { probes, lattice, targets } = self;
        let limits = targets
            .into_iter()
            .map(|target| limit::told(target.subject, &target.seen, target.start, &lattice, &probes));
        Breakpoints {
            version: VERSION,
            outcome_version: OUTCOME_VERSION,
            simcap: env!("CARGO_PKG_VERSION").into(),
            limits: limits.collect(),
            scenario: probes.summary.clone().expect("×1 was run"),
            seeds: probes.seeds.clone(),
            precision: search.precision,
            up_to: search.up_to,
            headroom: probes.headroom.clone(),
            probes: probes.into_probes(),
        }
    }
}
