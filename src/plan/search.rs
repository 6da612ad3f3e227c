//! The search for the cheapest point. In: lines of points, and where runs come from. Out: the points with what stands of each.
//!
//! It goes by **lines**, along which one number grows. A line is entered at its ends, or at the place of the best point so far; the limit
//! on it is found by halving, or where the estimate of the first run says that something is just not full. Each such look takes
//! one run and decides nothing. Then the **leader**, the cheapest point that seems to meet, is raced: it gets runs until it surely
//! meets or fails. On each line the dearest point that is cheaper than the leader is its **rival**, and gets runs until it surely
//! fails: then so does every cheaper one of its line. All runs of all points have the same seeds.
//!
//! That what costs more is no worse is not taken for granted. It is looked at on every pair of points that has runs, and, when all else is
//! done, at cheaper points of each line that have none. One pair that contradicts it, and every point that may be cheaper than
//! the leader gets runs of its own (`every`).

use super::contest::{Ask, Contest, Field};
use super::effects::Effects;
use super::line::{APART, APART_WITHOUT, Line};
use super::sure::Standing;

/// Runs of the first points: two, so that the spread is known.
const PILOT: usize = 2;
/// Cheaper by less is not cheaper.
const CHEAPER: f64 = 1.0 - 1e-9;
/// Points of a line after which it is halved and no estimate is followed any more.
const MOST_GUESSES: usize = 6;

/// A search, and what it has found.
#[derive(Debug)]
pub(super) struct Search {
    pub all: Contest,
    pub lines: Vec<Line>,
    /// Whether no point stands for another one.
    pub every: bool,
    /// What points may cost, where there is no number that orders them.
    effects: Option<Effects>,
    /// Lines whose cheaper points were looked at.
    checked: Vec<bool>,
}

impl Search {
    pub fn new(lines: Vec<Line>, effects: Option<Effects>, all: Contest, every: bool) -> Search {
        let checked = vec![false; lines.len()];
        // There is no order between points that differ in more than a number.
        let no_number = lines.iter().all(|it| it.len() < 2);
        let effects = effects.filter(|_| no_number);
        Search { all, lines, every: every || no_number, effects, checked }
    }

    /// Runs until it is decided.
    pub fn go<F: Field>(&mut self, field: &mut F) -> Result<(), F::Error> {
        let Some(first) = self.lines.first() else { return Ok(()) };
        let last = first.len() - 1;
        let pilots = [0, last / 2, last].map(|at| first.points[at]);
        let asks = pilots.iter().flat_map(|point| self.all.up_to(*point, PILOT)).collect();
        self.all.make(field, asks)?;
        let cost = |at: usize| self.all.points[pilots[at]].cost();
        if cost(0) > cost(2) {
            self.lines.iter_mut().for_each(Line::turn);
        }
        loop {
            self.every |= self.is_refuted(APART);
            let steps: [fn(&mut Search) -> Vec<Ask>; 3] = [Search::explore, Search::race, Search::check];
            match steps.iter().map(|step| step(self)).find(|it| !it.is_empty()) {
                Some(asks) => self.all.make(field, asks)?,
                None if !self.every && self.all.leader().is_none() && self.is_refuted(APART_WITHOUT) => {
                    self.every = true;
                }
                None => return Ok(()),
            }
        }
    }

    /// Whether that what costs more is no worse is contradicted somewhere.
    fn is_refuted(&self, apart: f64) -> bool {
        let pooled = self.all.pooled();
        self.lines.iter().any(|it| it.is_refuted(&self.all, &pooled, apart))
    }

    /// What the cheapest point that seems to meet costs.
    fn least_cost(&self) -> f64 {
        self.all.leader().map_or(f64::INFINITY, |it| self.all.points[it].cost())
    }

    fn cost(&self, line: usize, at: usize) -> Option<f64> {
        let like = self.lines.iter().find(|it| it.tried(&self.all).nth(1).is_some());
        self.lines[line].cost(at, &self.all, like)
    }

    fn is_cheaper(&self, line: usize, at: usize, than: f64) -> bool {
        self.cost(line, at).is_none_or(|cost| cost < than * CHEAPER)
    }

    /// The points that have to fail before the leader is the cheapest: of each line the dearest that is cheaper, or all.
    fn rivals(&self) -> Vec<usize> {
        let least = self.least_cost();
        let mut rivals = Vec::new();
        for (line, its) in self.lines.iter().enumerate() {
            for at in (0..its.len()).rev().filter(|at| self.is_cheaper(line, *at, least)) {
                let point = its.points[at];
                match self.all.points[point].stands() {
                    Standing::Open => rivals.push(point),
                    Standing::Fails | Standing::Unsure | Standing::Meets => {}
                }
                let stands_for_cheaper = self.all.points[point].stands() != Standing::Unsure;
                if !self.every && stands_for_cheaper {
                    break;
                }
            }
        }
        rivals
    }

    /// Points without a run that should have one.
    fn explore(&mut self) -> Vec<Ask> {
        let place = self.all.leader().and_then(|leader| self.place_of(leader));
        let mut points = Vec::new();
        if !self.every {
            points.extend(place.and_then(|(line, at)| self.between(line, at)));
            if points.is_empty() {
                // A line is entered where the best point is.
                let enter = |it: &&Line| it.tried(&self.all).next().is_none();
                let at = |it: &Line| place.map_or(it.len() - 1, |place| place.1.min(it.len() - 1));
                points.extend(self.lines.iter().filter(enter).map(|it| it.points[at(it)]));
            }
        }
        if points.is_empty() {
            let untried = self.rivals().into_iter().filter(|it| self.all.tried(*it).is_none()).collect();
            points = match &self.effects {
                Some(effects) => effects.next(untried, self.least_cost(), &self.all),
                None => untried,
            };
        }
        points.into_iter().flat_map(|point| self.all.up_to(point, 1).collect::<Vec<_>>()).collect()
    }

    /// The line and the position of a point.
    pub fn place_of(&self, point: usize) -> Option<(usize, usize)> {
        let at = |line: &Line| line.points.iter().position(|it| *it == point);
        self.lines.iter().enumerate().find_map(|(nth, line)| Some((nth, at(line)?)))
    }

    /// A point between the leader and the nearest cheaper one of its line that has runs.
    fn between(&self, line: usize, leader: usize) -> Option<usize> {
        let its = &self.lines[line];
        let below = its.tried(&self.all).rfind(|(at, _)| *at < leader);
        let (first, last) = (below.map_or(0, |it| it.0 + 1), leader.checked_sub(1)?);
        let untried = first <= last && self.is_cheaper(line, last, self.least_cost());
        untried.then(|| {
            let guess = below.and_then(|(at, it)| self.guess(line, at, it.reach?));
            its.points[guess.map_or((first + last) / 2, |at| at.clamp(first, last))]
        })
    }

    /// The position at which what was full has just enough, if it grows with the number.
    fn guess(&self, line: usize, at: usize, reach: f64) -> Option<usize> {
        let its = &self.lines[line];
        let is_early = its.tried(&self.all).count() < MOST_GUESSES;
        let wanted = its.numbers[at] / reach;
        let found = its.numbers.iter().position(|it| *it >= wanted);
        found.filter(|found| is_early && reach < 1.0 && reach > 0.0 && *found > at)
    }

    /// Runs of the leader and of its rivals, up to the next look at each.
    fn race(&mut self) -> Vec<Ask> {
        let leader = self.all.leader().filter(|it| self.all.points[*it].stands() == Standing::Open);
        let rivals = self.rivals();
        // What was not tried is known to cost more.
        let rivals = rivals.into_iter().filter(|it| self.all.tried(*it).is_some());
        let points = leader.into_iter().chain(rivals);
        points.flat_map(|point| self.all.next_look(point).collect::<Vec<_>>()).collect()
    }

    /// Points that others stand for, so that what stands for them is no mere assumption.
    fn check(&mut self) -> Vec<Ask> {
        if self.every {
            return Vec::new();
        }
        let of_leader = self.all.leader().and_then(|it| self.place_of(it)).map(|it| it.0);
        let mut points = Vec::new();
        for (line, its) in self.lines.iter().enumerate() {
            // The dearest that fails is the end of those it stands for.
            let fails = its.tried(&self.all).rfind(|(_, it)| it.stands() == Standing::Fails);
            let end = fails.map_or(0, |it| it.0);
            let untried: Vec<usize> =
                (0..end).map(|at| its.points[at]).filter(|it| self.all.tried(*it).is_none()).collect();
            if self.checked[line] || untried.is_empty() {
                continue;
            }
            self.checked[line] = true;
            points.push(untried[untried.len() / 2]);
            if of_leader.is_none_or(|it| it == line) {
                points.extend([untried[0], untried[untried.len() - 1]]);
            }
        }
        points.into_iter().flat_map(|point| self.all.up_to(point, 1).collect::<Vec<_>>()).collect()
    }

    /// The best point, if there is one that surely meets.
    pub fn best(&self) -> Option<usize> {
        self.all.leader().filter(|it| self.all.points[*it].stands() == Standing::Meets)
    }

    /// Whether a dearer point of its line does not seem to meet.
    pub fn is_below(&self, point: usize) -> bool {
        self.place_of(point).is_some_and(|(line, at)| at < self.floor(line))
    }

    /// The dearest position of a line that does not seem to meet.
    fn floor(&self, line: usize) -> usize {
        self.lines[line].tried(&self.all).rfind(|(_, it)| !it.seems_met()).map_or(0, |it| it.0)
    }

    /// The cheapest other point: as sure as the best one has runs for.
    pub fn second<F: Field>(&mut self, best: usize, field: &mut F) -> Result<Option<usize>, F::Error> {
        /// Looks at points, so that a second best does not cost more than the best.
        const MOST: usize = 40;
        let runs = self.all.points[best].runs();
        for _ in 0..MOST {
            let mut next: Option<(f64, usize)> = None;
            for (line, its) in self.lines.iter().enumerate() {
                let open = |at: &usize| {
                    let tried = self.all.tried(its.points[*at]);
                    tried.is_none_or(|it| it.seems_met() && it.stands() != Standing::Unsure)
                };
                // Below what seems to fail, nothing is looked for.
                let floor = self.floor(line);
                let is_implied = |at: usize| at < floor && self.all.tried(its.points[at]).is_none();
                let others =
                    (0..its.len()).filter(|at| its.points[*at] != best && !is_implied(*at)).filter(open);
                let costs = others.filter_map(|at| Some((self.cost(line, at)?, its.points[at])));
                next = costs.chain(next).min_by(|a, b| a.0.total_cmp(&b.0));
            }
            let Some((_, point)) = next else { return Ok(None) };
            let tried = &self.all.points[point];
            let asks: Vec<Ask> = match (tried.stands(), tried.runs()) {
                (Standing::Meets, _) => return Ok(Some(point)),
                (_, 0) => self.all.up_to(point, 1).collect(),
                (_, made) if made >= runs => return Ok(Some(point)),
                _ => self.all.next_look(point).collect(),
            };
            self.all.make(field, asks)?;
        }
        Ok(None)
    }
}
