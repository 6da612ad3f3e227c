//! The points of a plan with the runs that each has had. In: samples of runs. Out: what stands of each point, and what it costs.

use super::days;
use super::sure::{LOOKS, Pooled, Standing, Sure};
use crate::interval::{Interval, mean};

/// A run that is asked for: of which point, and which of its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ask {
    pub point: usize,
    pub run: usize,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    /// What it cost; nothing where enough runs have said so.
    pub cost: Option<f64>,
    /// Of each objective, how far it was from its limit; above zero where it met.
    pub distances: Vec<f64>,
    /// Of each objective on a share of requests, how many more of them may fail; infinite of others.
    pub rooms: Vec<f64>,
}

/// Where runs come from.
pub(super) trait Field {
    /// Why there may be none.
    type Error;

    /// Runs, in the order in which they are asked for. The n-th runs of all points have the same seed.
    fn runs(&mut self, asks: &[Ask]) -> Result<Vec<Sample>, Self::Error>;

    /// Whether all runs of a point so far meet each objective, put together as everywhere.
    fn met(&self, point: usize) -> Vec<bool>;

    /// At which multiple of its traffic something of a point is full, by the estimate of its first run.
    fn reach(&self, point: usize) -> Option<f64>;
}

/// A point that has runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Tried {
    /// What each run cost.
    pub costs: Vec<f64>,
    /// What it costs, by all that is known of its days (`days`).
    pub cost: f64,
    /// Of each objective the distance in each run.
    pub distances: Vec<Vec<f64>>,
    /// Of each objective, how many more requests may fail in all runs together.
    pub rooms: Vec<f64>,
    /// Whether all runs together meet each objective.
    pub met: Vec<bool>,
    /// At which multiple of its traffic something is full.
    pub reach: Option<f64>,
    pub standing: Option<Standing>,
}

impl Tried {
    pub fn runs(&self) -> usize {
        self.distances.first().map_or(0, Vec::len)
    }

    /// What it costs; infinite where nobody knows.
    pub fn cost(&self) -> f64 {
        if self.costs.is_empty() { f64::INFINITY } else { self.cost }
    }

    pub fn stands(&self) -> Standing {
        self.standing.unwrap_or(Standing::Open)
    }

    /// The mean distance of each objective.
    pub fn means(&self) -> Vec<f64> {
        self.means_of(self.runs())
    }

    /// The same of the first runs.
    pub fn means_of(&self, runs: usize) -> Vec<f64> {
        self.distances.iter().map(|it| mean(&it[..runs])).collect()
    }

    /// Whether it seems to meet everything; what is decided is as it was decided.
    pub fn seems_met(&self) -> bool {
        match self.stands() {
            Standing::Meets => true,
            Standing::Fails => false,
            Standing::Open | Standing::Unsure => {
                self.met.iter().all(|it| *it) && self.means().iter().all(|it| *it > 0.0)
            }
        }
    }
}

/// All points.
#[derive(Clone, Debug)]
pub(super) struct Contest {
    pub points: Vec<Tried>,
    pub sure: Sure,
    /// Most runs of a point.
    pub most: usize,
}

impl Contest {
    pub fn new(points: usize, sure: Sure, most: usize) -> Contest {
        Contest { points: vec![Tried::default(); points], sure, most }
    }

    pub fn tried(&self, point: usize) -> Option<&Tried> {
        Some(&self.points[point]).filter(|it| it.runs() > 0)
    }

    /// The runs up to so many of a point that it does not have yet.
    pub fn up_to(&self, point: usize, runs: usize) -> impl Iterator<Item = Ask> {
        (self.points[point].runs()..runs).map(move |run| Ask { point, run })
    }

    /// The runs up to the next look at a point.
    pub fn next_look(&self, point: usize) -> impl Iterator<Item = Ask> {
        let next = LOOKS.into_iter().find(|it| *it > self.points[point].runs());
        // The last look is at all runs that it may have.
        self.up_to(point, next.unwrap_or(self.most).min(self.most))
    }

    /// Makes runs and judges their points.
    pub fn make<F: Field>(&mut self, field: &mut F, mut asks: Vec<Ask>) -> Result<(), F::Error> {
        asks.sort_unstable();
        asks.dedup();
        for (ask, sample) in asks.iter().zip(field.runs(&asks)?) {
            let point = &mut self.points[ask.point];
            point.costs.extend(sample.cost);
            point.distances.resize(sample.distances.len(), Vec::new());
            point.distances.iter_mut().zip(sample.distances).for_each(|(all, one)| all.push(one));
            point.rooms.resize(sample.rooms.len(), 0.0);
            point.rooms.iter_mut().zip(sample.rooms).for_each(|(all, one)| *all += one);
        }
        asks.dedup_by_key(|it| it.point);
        for Ask { point, .. } in &asks {
            self.points[*point].met = field.met(*point);
            self.points[*point].reach = field.reach(*point);
        }
        let costs: Vec<&[f64]> = self.points.iter().map(|it| it.costs.as_slice()).collect();
        let levels = days::levels(&costs);
        self.points.iter_mut().zip(levels).for_each(|(point, level)| point.cost = level);
        let pooled = self.pooled();
        for Ask { point, .. } in asks {
            let it = &mut self.points[point];
            // What is decided stays decided: another look would need another part of the risk.
            if matches!(it.stands(), Standing::Open | Standing::Unsure) {
                let standing = self.sure.judge(&it.distances, &it.rooms, &it.met, &pooled);
                let is_last = it.runs() >= self.most && standing == Standing::Open;
                it.standing = Some(if is_last { Standing::Unsure } else { standing });
            }
        }
        Ok(())
    }

    /// The spread of each objective.
    pub fn pooled(&self) -> Vec<Pooled> {
        let objectives = self.points.iter().map(|it| it.distances.len()).max().unwrap_or(0);
        let mut pooled = vec![Pooled::default(); objectives];
        for point in &self.points {
            pooled.iter_mut().zip(&point.distances).for_each(|(all, one)| all.add(one));
        }
        pooled
    }

    /// The points that seem to meet and may cost as little as another one: the 95 % interval of the difference of their days in common does
    /// not lie above zero.
    pub fn alike(&self, best: usize) -> Vec<usize> {
        let may_be = |point: &usize| {
            let (one, other) = (&self.points[best].costs, &self.points[*point].costs);
            let apart: Vec<f64> = other.iter().zip(one).map(|(other, one)| other - one).collect();
            // What costs the same on all days is no less cheap, and the first of them stands for them.
            let differs = apart.len() >= 2 && apart.iter().any(|it| *it != 0.0);
            let mean = mean(&apart);
            differs && Interval::around(mean, &apart, 0.0).map_or(mean <= 0.0, |it| it.low <= 0.0)
        };
        let others = (0..self.points.len()).filter(|it| *it != best && self.points[*it].seems_met());
        others.filter(|it| self.tried(*it).is_some()).filter(may_be).collect()
    }

    /// The cheapest point that seems to meet everything, or surely does; of equal ones the first.
    pub fn leader(&self) -> Option<usize> {
        let seems = |point: &usize| {
            let tried = self.tried(*point);
            tried.is_some_and(|it| it.stands() != Standing::Unsure && it.seems_met())
        };
        let able = (0..self.points.len()).filter(seems);
        able.min_by(|a, b| self.points[*a].cost().total_cmp(&self.points[*b].cost()).then(a.cmp(b)))
    }
}
