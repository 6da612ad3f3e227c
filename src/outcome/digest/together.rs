//! Runs of one scenario, put together from what was kept of them. In: a [`Digest`] of each, in the order of their seeds. Out: figures with
//! intervals, and verdicts, as an outcome of the same runs has them.

use super::{Counted, Digest, ObjectiveOfRun};
use crate::id::ClassId;
use crate::interval::{self, Tail};
use crate::measure::bounded::Rank;
use crate::measure::figure::share_of_some;
use crate::measure::histogram::{Histogram, Packed};
use crate::objective::quantity::Quantity;
use crate::objective::{Observed, OfRun, Reading, Verdict, observe_one};
use crate::outcome::estimate::Estimate;
use crate::outcome::tails::tail;
use crate::scenario::objective::{Bound, Objective};
use crate::units::{Time, Usd};

/// What the runs of one scenario say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// Every figure that has a value.
    pub figures: Vec<Estimate>,
    /// The verdict on each objective, in the order of the file.
    pub objectives: Vec<Verdict>,
    /// What was full in more than half of the runs, as they have it in their order.
    pub full: Vec<String>,
    /// What is full first as the traffic grows.
    pub nearest: Option<Nearest>,
    /// What has no known price.
    pub unpriced: Vec<String>,
    /// Events that they took to simulate.
    pub events: u64,
}

/// What is full first as the traffic grows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Nearest {
    /// The resource, in words: of most of the runs.
    pub resource: String,
    /// At which multiple of the traffic: the mean of the runs.
    pub multiple: f64,
}

impl Together {
    /// All runs together; nothing without a run.
    pub fn of(runs: &[Digest]) -> Option<Together> {
        let first = runs.first()?;
        let sums = Sums::of(runs);
        let figures: Vec<Estimate> = (0..first.figures.len()).filter_map(|at| sums.estimate(at)).collect();
        let objectives = (0..first.objectives.len()).filter_map(|at| sums.verdict(at, &figures)).collect();
        let mut unpriced: Vec<String> = Vec::new();
        for what in runs.iter().flat_map(|run| &run.unpriced) {
            if !unpriced.contains(what) {
                unpriced.push(what.clone());
            }
        }
        let events = runs.iter().map(|run| run.events).sum();
        Some(Together { figures, objectives, full: full(runs), nearest: nearest(runs), unpriced, events })
    }

    /// The figure of a quantity, if it has a value.
    pub fn figure(&self, of: &Quantity) -> Option<&Estimate> {
        self.figures.iter().find(|figure| figure.of.as_ref() == Some(of))
    }
}

/// What can be added up exactly.
struct Sums<'a> {
    runs: &'a [Digest],
    /// Of all classes, then of each.
    latencies: Vec<(Vec<Packed>, Histogram)>,
    requests: Vec<Counted>,
    attempts: Counted,
}

impl Sums<'_> {
    fn of(runs: &[Digest]) -> Sums<'_> {
        let classes = runs.iter().map(|run| run.latencies.len()).min().unwrap_or(0);
        let mut both = Histogram::default();
        let all_of = |run: &Digest| {
            run.latencies.iter().for_each(|class| class.add_to(&mut both));
            let all = Packed::of(&both);
            both.clear();
            all
        };
        let all: Vec<Packed> = runs.iter().map(all_of).collect();
        let of_class = |at: usize| runs.iter().map(|run| run.latencies[at].clone()).collect();
        let merged = |each: Vec<Packed>| {
            let mut sum = Histogram::default();
            each.iter().for_each(|run| run.add_to(&mut sum));
            (each, sum)
        };
        let latencies = std::iter::once(all).chain((0..classes).map(of_class)).map(merged).collect();
        let of_class = |at: usize| sum(runs.iter().filter_map(|run| run.classes.get(at)));
        let all = sum(runs.iter().flat_map(|run| &run.classes));
        Sums {
            runs,
            latencies,
            requests: std::iter::once(all).chain((0..classes).map(of_class)).collect(),
            attempts: sum(runs.iter().map(|run| &run.attempts)),
        }
    }

    fn latency(&self, class: Option<ClassId>) -> Option<&(Vec<Packed>, Histogram)> {
        self.latencies.get(class.map_or(0, |class| 1 + class.index()))
    }

    fn counted(&self, class: Option<ClassId>) -> Counted {
        self.requests.get(class.map_or(0, |class| 1 + class.index())).copied().unwrap_or_default()
    }

    /// The times of a percentile of all runs together, if it is one of a resource.
    fn times(&self, at: usize) -> Option<Histogram> {
        let mut all = Histogram::default();
        let of = |run: &Digest| run.figures.get(at)?.times.as_ref().map(|times| times.add_to(&mut all));
        self.runs.iter().map(of).collect::<Option<()>>().map(|()| all)
    }

    fn mean(&self, of: &Quantity) -> Option<f64> {
        let of_run = |run: &Digest| run.figures.iter().find(|it| it.of == *of)?.value;
        let values: Vec<f64> = self.runs.iter().filter_map(of_run).collect();
        (!values.is_empty()).then(|| interval::mean(&values))
    }

    fn estimate(&self, at: usize) -> Option<Estimate> {
        let named = &self.runs[0].figures[at];
        let of = &named.of;
        let samples: Vec<Option<f64>> = self
            .runs
            .iter()
            .map(|run| run.figures.get(at).filter(|it| it.of == *of).and_then(|it| it.value))
            .collect();
        let value = match *of {
            Quantity::Latency { class, quantile } => {
                self.latency(class)?.1.quantile(quantile).map(|nanos| nanos as f64 / 1e6)
            }
            Quantity::Mean(class) => {
                let latency = &self.latency(class)?.1;
                (latency.count() > 0).then(|| latency.mean() / 1e6)
            }
            Quantity::Errors(class) => errors(self.counted(class)),
            Quantity::Availability(class) => availability(self.counted(class)),
            Quantity::AttemptAvailability => availability(self.attempts),
            Quantity::CostPerMillion => {
                let completed = self.counted(None).completed as f64 / self.runs.len() as f64;
                self.mean(&Quantity::Cost).filter(|_| completed > 0.0).map(|usd| usd / completed * 1e6)
            }
            Quantity::Figure(ref figure) => match self.times(at).zip(figure.quantile()) {
                Some((times, quantile)) => Rank { quantile, beside: None, times: None }.of(&times),
                None => self.mean(of),
            },
            _ => self.mean(of),
        }?;
        let tail = match *of {
            Quantity::Latency { class, quantile } => {
                let (each, all) = self.latency(class)?;
                tail(&each.iter().collect::<Vec<_>>(), all, quantile)
            }
            _ => Tail::default(),
        };
        Some(Estimate::named(of, (named.name.clone(), named.longest_ms), value, &samples, tail))
    }

    fn verdict(&self, at: usize, figures: &[Estimate]) -> Option<Verdict> {
        let of_runs: Vec<&ObjectiveOfRun> =
            self.runs.iter().filter_map(|run| run.objectives.get(at)).collect();
        let first = *of_runs.first()?;
        let bound = first.bound.bound()?;
        let quantity = Quantity::bounded_by(&bound);
        let figure = figures.iter().find(|it| quantity.is_some() && it.of == quantity);
        let runs: Vec<OfRun> =
            of_runs.iter().map(|it| OfRun { value: it.value, known: it.known, met: it.met }).collect();
        let all = self.observed(&bound, &of_runs);
        let objective = Objective { text: first.objective.clone(), bound };
        let interval = figure.and_then(|it| it.interval);
        let verdict = Verdict::of(&objective, all, &runs, figure.map(|it| it.name.clone()), interval);
        Some(match objective.bound {
            Bound::Headroom { resource: None, .. } => {
                let named: Vec<&str> = self.runs.iter().filter_map(|run| run.first.as_deref()).collect();
                verdict.about(most_named(&named))
            }
            _ => verdict,
        })
    }

    /// What all runs come to under an objective.
    fn observed(&self, bound: &Bound, runs: &[&ObjectiveOfRun]) -> Observed {
        let as_in = |it: &ObjectiveOfRun| Observed {
            value: it.value,
            text: it.text.clone(),
            known: it.known,
            met: it.met,
        };
        // Of one run, and of what has no value in some run, its own words.
        let odd = runs.iter().find(|it| it.value.is_none());
        match (runs, odd, bound) {
            ([only], ..) => return as_in(only),
            (
                _,
                Some(odd),
                Bound::Cost { .. } | Bound::Headroom { .. } | Bound::Recovery { .. } | Bound::Figure { .. },
            ) => {
                let met = runs.iter().all(|it| it.met);
                return Observed { met, known: runs.iter().all(|it| it.known), ..as_in(odd) };
            }
            _ => {}
        }
        let latency = |class, quantile, limit: Time| {
            self.latency(class)?.1.quantile_beside(quantile, limit.0).map(Time)
        };
        let errors = |class| errors(self.counted(class)).unwrap_or(f64::NAN);
        let values = || runs.iter().filter_map(|it| it.value).collect::<Vec<f64>>();
        let further = |bound: &Bound| {
            let value = match bound {
                Bound::Availability { class, .. } => availability(self.counted(*class)),
                Bound::Figure { of: figure, limit, .. } if figure.quantile().is_some() => {
                    let of = Quantity::Figure(*figure);
                    let at = self.runs[0].figures.iter().position(|it| it.of == of);
                    match at.and_then(|at| self.times(at)).zip(figure.quantile()) {
                        Some((times, quantile)) => {
                            Rank { quantile, beside: Some(*limit), times: None }.of(&times)
                        }
                        // Only the largest of all is followed by no figure.
                        None => values().into_iter().reduce(f64::max),
                    }
                }
                _ => Some(interval::mean(&values())).filter(|mean| mean.is_finite()),
            };
            Reading { value, windows: None, at_most: false }
        };
        let total = Usd(self.mean(&Quantity::Cost).unwrap_or_default());
        let unpriced = self.runs.iter().find_map(|run| run.unpriced.first());
        observe_one(bound, &latency, &errors, (total, unpriced.map(String::as_str)), &further)
    }
}

fn sum<'a>(each: impl Iterator<Item = &'a Counted>) -> Counted {
    each.fold(Counted::default(), |sum, more| Counted {
        arrived: sum.arrived.saturating_add(more.arrived),
        completed: sum.completed.saturating_add(more.completed),
        failed: sum.failed.saturating_add(more.failed),
    })
}

fn errors(of: Counted) -> Option<f64> {
    share_of_some(of.failed as f64, of.arrived as f64)
}

fn availability(of: Counted) -> Option<f64> {
    share_of_some(of.completed as f64, of.completed.saturating_add(of.failed) as f64)
}

/// What was full in more than half of the runs.
fn full(runs: &[Digest]) -> Vec<String> {
    let mut found: Vec<(&String, usize)> = Vec::new();
    for name in runs.iter().flat_map(|run| &run.full) {
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => found.push((name, 1)),
        }
    }
    found.into_iter().filter(|(_, count)| 2 * count > runs.len()).map(|(name, _)| name.clone()).collect()
}

/// What most runs have as the nearest limit, and the mean of the multiples of all; nothing where a run knows none.
fn nearest(runs: &[Digest]) -> Option<Nearest> {
    let each: Vec<&(String, f64)> = runs.iter().map(|run| run.nearest.as_ref()).collect::<Option<_>>()?;
    let names: Vec<&str> = each.iter().map(|(name, _)| name.as_str()).collect();
    let resource = most_named(&names)?.to_owned();
    let multiples: Vec<f64> = each.iter().map(|(_, multiple)| *multiple).collect();
    Some(Nearest { resource, multiple: interval::mean(&multiples) })
}

/// The name that is there most often; of equally many, the first.
fn most_named<'a>(names: &[&'a str]) -> Option<&'a str> {
    let times = |name: &str| names.iter().filter(|other| **other == name).count();
    names.iter().rev().max_by_key(|name| times(name)).copied()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::path::Path;

    use super::*;
    use crate::model;
    use crate::objective::Limit;
    use crate::outcome::digest::digest;
    use crate::outcome::runs::Runs;
    use crate::rng::seed_of_run;
    use crate::scenario::{self, Scenario};

    const SHOP: &str = r#"
        duration = "4m"
        seed = 3
        traffic.all = { rate = "60/s", requests = { home = 3, order = 1 }, client.timeout = "400ms" }
        request.home.steps = [{ service = "desk" }]
        request.order.steps = [{ service = "desk" }, { delay = "exponential 30ms" }]
        service.desk = { servers = 3, time = "exponential 45ms", queue = 40 }
        [objectives]
        latency = ["p99 < 350ms", "order p95 < 300ms", "p95 < 250ms every minute"]
        errors = ["< 2%", "home < 0.5%"]
        availability = [">= 98%", "order >= 97% every minute"]
        cost = "< $1"
        headroom = ">= 1.1"
    "#;

    fn shop(further: &[&str]) -> Scenario {
        let further: Vec<String> = further.iter().map(|it| (*it).to_owned()).collect();
        scenario::parse("shop.toml", SHOP.as_bytes(), Path::new(""), &further).unwrap()
    }

    fn digests(scenario: &Scenario, runs: usize) -> Vec<Digest> {
        let seeds = (0..runs).map(|run| seed_of_run(scenario.seed, run));
        seeds.map(|seed| digest(scenario, seed, &mut |_| ControlFlow::Continue(())).unwrap()).collect()
    }

    /// What an outcome of the same runs says, to the last bit; it adds up rows where this has means.
    #[test]
    fn runs_that_were_stored_say_together_what_an_outcome_says() {
        for (further, count) in [(&["service.desk.servers=4"][..], 4), (&[], 3), (&[], 1)] {
            let scenario = shop(further);
            let mut runs = Runs::new(&scenario, &[]);
            for run in 0..count {
                let seed = seed_of_run(scenario.seed, run);
                runs.add(seed, model::run(&scenario, seed, &mut |_| {}));
            }
            let outcome = runs.outcome();
            // Through a file and back.
            let stored = serde_json::to_string(&digests(&scenario, count)).unwrap();
            let together = Together::of(&serde_json::from_str::<Vec<Digest>>(&stored).unwrap()).unwrap();
            assert_eq!(together.figures.len(), outcome.estimates.len());
            let mut exact = 0;
            for (ours, theirs) in together.figures.iter().zip(&outcome.estimates) {
                assert_eq!((&ours.of, &ours.name, &ours.by_run), (&theirs.of, &theirs.name, &theirs.by_run));
                match theirs.of.as_ref().unwrap() {
                    Quantity::Figure(_) => {}
                    _ => {
                        let apart = (ours.value - theirs.value).abs();
                        assert!(apart <= 1e-12 * theirs.value.abs(), "{} {}", ours.value, theirs.value);
                        exact += 1;
                    }
                }
                let latency = matches!(theirs.of, Some(Quantity::Latency { .. }));
                assert!(!latency || ours.interval == theirs.interval, "{ours:?} {theirs:?}");
            }
            assert!(exact > 30, "{exact}");
            assert_eq!(together.objectives.len(), outcome.objectives.len());
            for (ours, theirs) in together.objectives.iter().zip(&outcome.objectives) {
                let of = |it: &Verdict| (it.standing, it.met, it.runs_met, it.runs_missed, it.bound.clone());
                assert_eq!(of(ours), of(theirs), "{}", ours.objective);
            }
        }
    }

    #[test]
    fn bounds_come_back_from_what_verdicts_have_of_them() {
        let scenario = shop(&[]);
        for objective in &scenario.objectives {
            assert_eq!(Limit::new(&objective.bound).bound().as_ref(), Some(&objective.bound));
        }
        assert_eq!(Limit { of: Quantity::Goodput, limit: 1.0, inclusive: false }.bound(), None);
    }

    #[test]
    fn what_most_runs_have_full_was_full() {
        let of = |full: &[&str], nearest: (&str, f64)| Digest {
            full: full.iter().map(|it| (*it).to_owned()).collect(),
            nearest: Some((nearest.0.to_owned(), nearest.1)),
            ..digests(&shop(&["duration=10s"]), 1).remove(0)
        };
        let runs = [of(&["cpu", "db"], ("cpu", 0.8)), of(&["db"], ("db", 0.9)), of(&["db"], ("db", 1.0))];
        assert_eq!(full(&runs), ["db"]);
        let nearest = nearest(&runs).unwrap();
        assert!(nearest.resource == "db" && (nearest.multiple - 0.9).abs() < 1e-9, "{nearest:?}");
        assert_eq!(Together::of(&[]), None);
    }
}
