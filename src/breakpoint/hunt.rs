//! The search itself: down where ×1 fails, up in coarse steps, then closer. In: a scenario. Out: [`Breakpoints`].

mod narrow;

use super::found::{Breakpoints, Ended, Subject, VERSION};
use super::goodput::Goodput;
use super::lattice::{Lattice, Seen};
use super::limit;
use super::probe::Probes;
use super::search::{Search, SearchError, Tell};
use crate::guard::Guard;
use crate::outcome::{Headroom, VERSION as OUTCOME_VERSION};
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::scenario::users::TOTAL_MAX;
use crate::units::Time;

/// Factor between two multiples on the way up.
const STEP: f64 = 1.5;
/// The search tries these multiples of the nearest estimated limit: objectives fail before saturation.
const AROUND_ESTIMATE: [f64; 2] = [0.85, 1.05];
/// Steps down in a row at which a limit must hold before everything below counts as holding.
const STEPS_HOLDING: usize = 2;
/// When only one of the two has happened (all objectives broken, goodput stopped growing), the search for the other
/// goes this factor further.
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
        goodput: Goodput::new(scenario, lattice),
        targets: Vec::new(),
    };
    let end = hunt.probes.begin()?;
    hunt.targets = hunt.probes.subjects().into_iter().map(Target::new).collect();
    match hunt.probes.shorten(end).and_then(|()| hunt.follow()) {
        Ok(ended) => {
            let partial = hunt.ends_at_most_users(search).then(|| {
                let times = hunt.lattice.multiplier(hunt.lattice.highest());
                format!(
                    "above {times:.3} times this traffic there would be more than {TOTAL_MAX} users, which is more than a \
                     scenario may have"
                )
            });
            let ended = if partial.is_some() { Ended::MostUsers } else { ended };
            Ok(Breakpoints { partial, ..hunt.told(search, ended) })
        }
        Err(SearchError::Interrupted { interruption, .. }) => {
            hunt.settle();
            let partial = Some(interruption.reason.to_string());
            let known = Some(Box::new(Breakpoints { partial, ..hunt.told(search, Ended::Interrupted) }));
            Err(SearchError::Interrupted { interruption, known })
        }
        Err(error) => Err(error),
    }
}

/// A limit that is searched for.
#[derive(Debug)]
struct Target {
    subject: Subject,
    /// How often the next point was chosen by an estimate.
    guided: u32,
    /// Whether it fails, by multiple.
    seen: Seen,
    /// The first failing cell is counted from this point on.
    start: i32,
}

impl Target {
    fn new(subject: Subject) -> Target {
        Target { subject, guided: 0, seen: Seen::default(), start: 0 }
    }

    fn is_objective(&self) -> bool {
        matches!(self.subject, Subject::Objective { .. })
    }

    fn is_resource(&self) -> bool {
        matches!(self.subject, Subject::Saturation { .. })
    }

    /// The smallest point at which it failed.
    fn failed(&self) -> Option<i32> {
        self.seen.iter().find(|(_, fails)| **fails).map(|(point, _)| *point)
    }
}

/// A search in progress.
struct Hunt<'a> {
    probes: Probes<'a>,
    lattice: Lattice,
    goodput: Goodput<'a>,
    targets: Vec<Target>,
}

impl Hunt<'_> {
    /// Searches down, up, then closer; ×1 has been run. Returns why it went no further up.
    fn follow(&mut self) -> Result<Ended, SearchError> {
        self.descend()?;
        let ended = self.climb()?;
        loop {
            let known = self.probes.points().len();
            // Resources first: their estimates lead to where objectives fail, too.
            let is_resource = |target: &usize| self.targets[*target].is_resource();
            let (first, then): (Vec<usize>, Vec<usize>) = (0..self.targets.len()).partition(is_resource);
            first.into_iter().chain(then).try_for_each(|target| self.narrow(target))?;
            // The runs for one target may show that another one fails earlier.
            if self.probes.points().len() == known {
                return Ok(ended);
            }
        }
    }

    /// Whether larger multiples are not known, though they were asked for, because there would be too many users.
    fn ends_at_most_users(&self, search: &Search) -> bool {
        let highest = self.lattice.highest();
        highest < Lattice::new(search.precision, search.up_to).highest()
            && self.probes.known(highest).is_some()
    }

    /// Applies what the multiples of an interrupted search show; runs nothing.
    fn settle(&mut self) {
        let points = self.probes.points();
        for target in &mut self.targets {
            let Target { subject, seen, start, .. } = target;
            if *subject != Subject::Goodput {
                let of = |point: &i32| Some((*point, subject.fails(self.probes.known(*point)?)));
                seen.extend(points.iter().filter_map(of));
            }
            // Still on the way down from ×1, the point from which it holds is not known.
            if seen.get(&0) == Some(&true) {
                *start = points.iter().copied().fold(*start, i32::min);
            }
        }
    }

    /// Whether a target fails at a point; makes the runs that are missing.
    fn fails(&mut self, target: usize, point: i32) -> Result<bool, SearchError> {
        if let Some(&fails) = self.targets[target].seen.get(&point) {
            return Ok(fails);
        }
        let fails = match &self.targets[target].subject {
            Subject::Goodput => {
                self.probes.at(point)?;
                self.probes.at(self.goodput.below(point))?;
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
    /// than half of the growth of the traffic. Far beyond a collapse goodput may grow again from nearly nothing: it
    /// still counts as stopped, because less traffic was answered better.
    fn has_stopped(&self, point: i32) -> bool {
        let nearest = self.goodput.below(point);
        let Some(to) = self.probes.known(point) else { return false };
        let below = self.probes.all().filter(|(from, _)| *from <= nearest);
        below.into_iter().any(|from| self.goodput.has_stopped(from, (point, to)))
    }

    /// Whether goodput fails at the upper end of a cell. If it follows the traffic all through, no closer look is
    /// needed; nor where nearly all requests are answered.
    fn goodput_fails(&mut self, target: usize, cell: (i32, i32)) -> Result<bool, SearchError> {
        self.probes.at(cell.0)?;
        let answered = Goodput::is_answered(self.probes.at(cell.1)?);
        let known = |point| Some((point, self.probes.known(point)?));
        let holds = match (known(cell.0), known(cell.1)) {
            (Some(from), Some(to)) if from.0 < to.0 => self.goodput.follows(from, to),
            _ => answered && !self.probes.scenario.has_users(),
        };
        if holds {
            self.targets[target].seen.insert(cell.1, false);
        }
        self.fails(target, cell.1)
    }

    /// Takes coarse steps up until everything has failed, or more traffic shows nothing new; returns which of these.
    fn climb(&mut self) -> Result<Ended, SearchError> {
        let pair = self.nearest_estimate().map(|nearest| AROUND_ESTIMATE.map(|part| part * nearest));
        // Where something scales, a larger load may pass again.
        let mut further = self.probes.headroom().iter().any(|it| it.at_maximum.is_some());
        let ladder = self.lattice.ladder(STEP, pair);
        let (mut below, mut next, mut stride) = (0, Some(0), 1);
        while let Some(point) = next {
            // How far the climb goes is not known: assume one step beyond the estimate.
            let to = pair.map_or(self.lattice.highest(), |pair| self.lattice.at_or_below(pair[1] * STEP));
            let steps = ladder.iter().filter(|it| (point + 1..=to).contains(*it)).count();
            self.probes.left = steps + self.halvings();
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
            let ended = all.then_some(Ended::EverythingBroken).or_else(|| self.is_useless_beyond(point));
            if let Some(ended) = ended
                && !(std::mem::take(&mut further) && self.probes.may_pass_again(point))
            {
                return Ok(ended);
            }
            below = point;
            next = self.above(point, &ladder, &mut stride);
        }
        Ok(Ended::UpTo)
    }

    /// The next step up, if there is one. In a long event the rest often breaks just above the first objective, and far above it runs
    /// are the longest: from there steps are small at first.
    fn above(&self, point: i32, ladder: &[i32], stride: &mut i32) -> Option<i32> {
        let is_missed = |it: &Target| it.is_objective() && it.failed().is_some();
        let coarse = ladder.iter().copied().find(|it| *it > point)?;
        if !self.probes.is_thrifty() || !self.targets.iter().any(is_missed) {
            return Some(coarse);
        }
        let close = point + *stride;
        *stride = (*stride * 2).min(self.lattice.points_in(STEP));
        Some(close.min(self.lattice.highest()))
    }

    /// Why higher multiples can show nothing new, if they cannot: every objective that load can break is broken and goodput has
    /// stopped growing, or one of the two happened at half of this multiple.
    fn is_useless_beyond(&self, point: i32) -> Option<Ended> {
        let objectives = &self.probes.scenario.objectives;
        let breakable = |target: &&Target| match target.subject {
            // Not counted: cost always rises with load, and so does the hit ratio.
            Subject::Objective { index, .. } => {
                !matches!(objectives[index].bound, Bound::Cost { .. })
                    && !objectives[index].bound.is_eased_by_traffic()
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
            (None, Some(_)) => Some(Ended::Goodput),
            (Some(Some(_)), Some(_)) => Some(Ended::ObjectivesAndGoodput),
            (Some(Some(from)), None) => far(from).then_some(Ended::ObjectivesLongSince),
            (Some(None), Some(from)) => far(from).then_some(Ended::GoodputLongSince),
            (None | Some(None), None) => None,
        }
    }

    /// Takes coarse steps down for what already fails at ×1, until it holds at two steps in a row. One step is not
    /// enough: it could fail again just below.
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
            // Upwards from the bottom, to find the first point that fails.
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

    /// Whether a target fails at a point; for goodput, whether it may have stopped growing there or below.
    fn may_fail(&mut self, target: usize, point: i32) -> Result<bool, SearchError> {
        match self.targets[target].subject {
            // Users are all answered in the end, however long they wait.
            Subject::Goodput if self.probes.scenario.has_users() => {
                let answered = Goodput::is_answered(self.probes.at(point)?);
                Ok(self.fails(target, point)? || !answered)
            }
            Subject::Goodput => Ok(!Goodput::is_answered(self.probes.at(point)?)),
            _ => self.fails(target, point),
        }
    }

    /// The nearest limit above ×1 estimated by the first runs.
    fn nearest_estimate(&self) -> Option<f64> {
        self.probes
            .headroom()
            .iter()
            .filter_map(Headroom::limit)
            .filter(|limit| *limit > 1.0)
            .reduce(f64::min)
    }

    fn told(self, search: &Search, ended: Ended) -> Breakpoints {
        let Hunt { probes, lattice, goodput, targets } = self;
        let limits = targets.into_iter().map(|target| {
            limit::told(target.subject, &target.seen, target.start, &lattice, &probes, &goodput)
        });
        Breakpoints {
            version: VERSION,
            outcome_version: OUTCOME_VERSION,
            simcap: env!("CARGO_PKG_VERSION").into(),
            limits: limits.collect(),
            scenario: probes.summary.clone().expect("×1 was run"),
            seeds: probes.seeds.clone(),
            precision: search.precision,
            up_to: search.up_to,
            until_s: probes.until().map(Time::as_secs_f64),
            headroom: probes.headroom().to_vec(),
            faults: probes.faults.clone(),
            probes: probes.into_probes(),
            ended: Some(ended),
            partial: None,
        }
    }
}
