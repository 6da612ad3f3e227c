//! The search itself: down where ×1 fails, up in coarse steps, then halving. In: a scenario. Out: [`Breakpoints`].

use super::lattice::{self, Lattice, Seen};
use super::limit::{self, Subject};
use super::probe::Probes;
use super::{Breakpoints, Search, SearchError, Tell, VERSION};
use crate::guard::Guard;
use crate::outcome::{Headroom, VERSION as OUTCOME_VERSION};
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::scenario::users::TOTAL_MAX;

/// Factor between two multiples on the way up.
const STEP: f64 = 1.5;
/// The nearest estimated limit is looked for between these parts of it: objectives fail before saturation.
const AROUND_ESTIMATE: [f64; 2] = [0.85, 1.05];
/// Factor of the traffic over which goodput must grow.
const GOODPUT_STEP: f64 = 1.05;
/// Steps down in a row at which something must hold before what lies below counts as holding too.
const STEPS_HOLDING: usize = 2;
/// Part of the growth of the traffic that goodput must follow.
const YIELD: f64 = 0.5;
/// A cell that yields so much of its growth holds no point at which goodput stops growing. Where so much of what comes
/// is answered, goodput has not stopped growing anywhere below.
const FULL_YIELD: f64 = 0.95;
/// Where either all objectives are broken or goodput has stopped growing, the other is followed so far beyond.
const BEYOND: f64 = 2.0;

pub(super) fn hunt(
    scenario: &Scenario,
    search: &Search,
    progress: &(dyn Fn(Tell<'_>) + Sync),
    guard: &Guard,
) -> Result<Breakpoints, SearchError> {
    let most = scenario.most_traffic();
    let lattice = Lattice::new(search.precision, search.up_to).at_most(most);
    let mut hunt = Hunt {
        probes: Probes::new(scenario, search, lattice, progress, guard),
        lattice,
        targets: Vec::new(),
    };
    hunt.probes.at(0)?;
    hunt.targets = hunt.probes.subjects().into_iter().map(Target::new).collect();
    match hunt.follow() {
        Ok(()) => {
            let partial = hunt.ends_at_most_users(search).then(|| {
                let times = hunt.lattice.multiplier(hunt.lattice.highest());
                format!(
                    "above {times:.3} times this traffic there would be more than {TOTAL_MAX} users, which is more than a \
                     scenario may have"
                )
            });
            Ok(Breakpoints { partial, ..hunt.told(search) })
        }
        Err(SearchError::Interrupted { interruption, .. }) => {
            hunt.settle();
            let partial = Some(interruption.reason.to_string());
            let known = Some(Box::new(Breakpoints { partial, ..hunt.told(search) }));
            Err(SearchError::Interrupted { interruption, known })
        }
        Err(error) => Err(error),
    }
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
    /// Down, up, then closer, once ×1 was run.
    fn follow(&mut self) -> Result<(), SearchError> {
        self.descend()?;
        self.climb()?;
        loop {
            let known = self.probes.points().len();
            (0..self.targets.len()).try_for_each(|target| self.narrow(target))?;
            // What one target had run may show another one failing earlier.
            if self.probes.points().len() == known {
                return Ok(());
            }
        }
    }

    /// Whether larger multiples are not known, though they were asked for, because there would be too many users.
    fn ends_at_most_users(&self, search: &Search) -> bool {
        let highest = self.lattice.highest();
        highest < Lattice::new(search.precision, search.up_to).highest()
            && self.probes.known(highest).is_some()
    }

    /// Makes of a search that was ended what its multiples say; runs nothing.
    fn settle(&mut self) {
        let points = self.probes.points();
        for target in &mut self.targets {
            let Target { subject, seen, start } = target;
            if *subject != Subject::Goodput {
                let of = |point: &i32| Some((*point, subject.fails(self.probes.known(*point)?)));
                seen.extend(points.iter().filter_map(of));
            }
            // On the way down from ×1 it is not known yet from where on it holds.
            if seen.get(&0) == Some(&true) {
                *start = points.iter().copied().fold(*start, i32::min);
            }
        }
    }

    /// Whether a target fails at a point; runs what it takes.
    fn fails(&mut self, target: usize, point: i32) -> Result<bool, SearchError> {
        if let Some(&fails) = self.targets[target].seen.get(&point) {
            return Ok(fails);
        }
        let fails = match &self.targets[target].subject {
            Subject::Goodput => {
                self.probes.at(point)?;
                self.probes.at(point - self.lattice.points_in(GOODPUT_STEP))?;
                self.has_stopped(point)
            }
            subject => {
                let subject = subject.clone();
                subject.fails(self.probes.at(point)?)
            }
        };
        self.targets[target].seen.insert(point, fails);
        Ok(fails)
    }

    /// Whether goodput has stopped growing at a point that was run: since some smaller multiple it has followed less
    /// than half of the traffic. Far beyond a collapse goodput may grow again, from next to nothing: what counts is
    /// that less traffic was answered better.
    fn has_stopped(&self, point: i32) -> bool {
        let nearest = point - self.lattice.points_in(GOODPUT_STEP);
        let known = self.probes.points();
        known.into_iter().filter(|from| *from <= nearest).any(|from| self.growth(from, point) < YIELD)
    }

    /// Which part of the growth of the traffic between two points that were run goodput follows.
    fn growth(&self, from: i32, to: i32) -> f64 {
        let goodput = |point| self.probes.known(point).map_or(0.0, |probe| probe.goodput_per_s);
        let (low, high) = (goodput(from), goodput(to));
        let traffic = self.lattice.multiplier(to) / self.lattice.multiplier(from) - 1.0;
        match low > 0.0 {
            true => (high / low - 1.0) / traffic,
            // From nothing to something.
            false => f64::from(u8::from(high > 0.0)),
        }
    }

    /// Whether goodput fails at the upper end of a cell. One that follows the traffic all through needs no closer look,
    /// nor does ×1 where everything that comes is answered.
    fn goodput_fails(&mut self, target: usize, cell: (i32, i32)) -> Result<bool, SearchError> {
        self.probes.at(cell.0)?;
        let answered = self.probes.at(cell.1)?.answered;
        let follows = if cell.0 < cell.1 { self.growth(cell.0, cell.1) } else { answered };
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
        let ladder = self.lattice.ladder(STEP, pair);
        for (step, &point) in ladder.iter().enumerate() {
            // How far the climb goes is not known: as far as one step beyond the estimate, for the time being.
            let beyond = pair.map_or(ladder.len(), |pair| {
                ladder.iter().take_while(|point| self.lattice.multiplier(**point) <= pair[1] * STEP).count()
            });
            self.probes.left = beyond.saturating_sub(step + 1) + self.halvings();
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
            // More load costs more, and hits more often.
            Subject::Objective { index, .. } => {
                !matches!(objectives[index].bound, Bound::Cost { .. } | Bound::HitRatio { .. })
            }
            _ => false,
        };
        // What failed below ×1 fails at ×1 as well.
        let failed = |target: &Target| target.failed().map(|point| point.max(0));
        let failed_all: Vec<Option<i32>> = self.targets.iter().filter(breakable).map(failed).collect();
        let broken = failed_all.iter().copied().reduce(|a, b| Some(a?.max(b?)));
        let goodput = self.targets.iter().find(|target| target.subject == Subject::Goodput);
        let stopped = goodput.and_then(failed);
        let far = |from: i32| self.lattice.multiplier(point) >= BEYOND * self.lattice.multiplier(from);
        match (broken, stopped) {
            // No objective, or all of them broken.
            (None | Some(Some(_)), Some(_)) => true,
            (Some(Some(from)), None) | (Some(None), Some(from)) => far(from),
            (None | Some(None), None) => false,
        }
    }

    /// Coarse steps down for what fails at ×1 already, until it holds at two steps in a row, so that no stretch in
    /// which it fails is taken for the first one while another lies just below.
    fn descend(&mut self) -> Result<(), SearchError> {
        for target in 0..self.targets.len() {
            if !self.may_fail(target, 0)? {
                continue;
            }
            let (mut point, mut holding) = (0, 0);
            let mut steps = vec![point];
            while holding < STEPS_HOLDING && point > self.lattice.lowest() {
                point = (point - self.lattice.points_in(STEP)).max(self.lattice.lowest());
                steps.push(point);
                holding = if self.may_fail(target, point)? { 0 } else { holding + 1 };
            }
            self.targets[target].start = point;
            // From below: which is the first that fails?
            let mut below = point;
            for point in steps.into_iter().rev() {
                match self.targets[target].subject {
                    Subject::Goodput => drop(self.goodput_fails(target, (below, point))?),
                    _ => drop(self.fails(target, point)?),
                }
                below = point;
            }
        }
        Ok(())
    }

    /// Whether a target fails at a point; of goodput, whether it may have stopped growing there or below.
    fn may_fail(&mut self, target: usize, point: i32) -> Result<bool, SearchError> {
        match self.targets[target].subject {
            Subject::Goodput => Ok(self.probes.at(point)?.answered < FULL_YIELD),
            _ => self.fails(target, point),
        }
    }

    /// How many halvings the cells found so far take.
    fn halvings(&self) -> usize {
        let cells = self.targets.iter().filter_map(|target| {
            match lattice::first_failing_cell(&target.seen, target.start) {
                (Some(holds), Some(fails)) if fails - holds > 1 => Some((holds, fails)),
                _ => None,
            }
        });
        let cells: std::collections::BTreeSet<(i32, i32)> = cells.collect();
        cells.iter().map(|(holds, fails)| (fails - holds).ilog2() as usize + 1).sum()
    }

    /// Halves the first failing cell until it cannot be halved.
    fn narrow(&mut self, target: usize) -> Result<(), SearchError> {
        loop {
            self.probes.left = self.halvings();
            // What others had run is known for nothing.
            if matches!(self.targets[target].subject, Subject::Goodput) {
                let seen = self.targets[target].seen.iter();
                let holding = seen.filter(|(_, fails)| !**fails).map(|(point, _)| *point);
                let stopped: Vec<i32> = holding.filter(|point| self.has_stopped(*point)).collect();
                self.targets[target].seen.extend(stopped.into_iter().map(|point| (point, true)));
            } else {
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
            partial: None,
        }
    }
}
