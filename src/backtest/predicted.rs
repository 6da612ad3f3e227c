//! What runs predict of what was measured. In: runs of a recorded day. Out: for each figure its value in each period, between which values
//! the runs lie, and by how much chance alone lets a measurement be off it.

use super::replay::{Played, Replay};
use super::source::Source;
use crate::interval::mean;
use crate::measure::histogram::{Histogram, Packed};
use crate::measured::{Figure, What};

/// Steps by which the spread of latencies is read from their quantiles.
const STEPS: usize = 64;

/// A figure of all runs, period by period.
#[derive(Clone, Debug)]
pub struct Predicted {
    /// Which.
    pub of: Figure,
    /// Of all runs together; `None` where nothing happened that it is about.
    pub values: Vec<Option<f64>>,
    /// Of each run by itself.
    pub by_run: Vec<Vec<Option<f64>>>,
    /// Of times of requests: the standard deviation of the logarithm of such a figure of a single request more or less; see
    /// [`Predicted::noise`].
    spread: Vec<Option<Spread>>,
}

/// How latencies are spread in a period.
#[derive(Clone, Copy, Debug)]
struct Spread {
    /// Standard deviation over mean; for a quantile, of its logarithm if it were of one request.
    of_one: f64,
    /// Requests of a run.
    count: f64,
}

/// What all runs predict.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// Each figure, in the order of the replay.
    pub figures: Vec<Predicted>,
    /// Requests and failures of each class, of a run on the mean: `counts[class][period]`.
    pub counts: Vec<Vec<(f64, f64)>>,
}

impl Predicted {
    /// Between which values the runs lie in a period; nothing of fewer than two.
    pub fn band(&self, period: usize) -> Option<(f64, f64)> {
        let values: Vec<f64> = self.by_run.iter().filter_map(|run| *run.get(period)?).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        (values.len() > 1).then(|| (least, values.iter().copied().fold(0.0, f64::max)))
    }

    /// The relative standard deviation that so many measured requests leave in the figure, by chance alone; of all other figures than
    /// times of requests nothing is known.
    pub fn noise(&self, period: usize, requests: Option<f64>) -> Option<f64> {
        let spread = (*self.spread.get(period)?)?;
        let requests = requests.unwrap_or(spread.count).max(1.0);
        Some(spread.of_one / requests.sqrt())
    }
}

impl Prediction {
    /// Of runs of a replay.
    pub fn of(replay: &Replay, runs: &[Played]) -> Prediction {
        let figures = replay.figures.iter().enumerate();
        let figures = figures.map(|(at, (figure, source))| predicted(replay, runs, at, figure, *source));
        let count = |class: usize, period: usize| {
            let rows = || runs.iter().filter_map(|run| run.classes[class].get(period));
            let many = runs.len().max(1) as f64;
            let sum =
                |of: fn(&crate::measure::rows::ClassRow) -> u64| rows().map(of).sum::<u64>() as f64 / many;
            (sum(|row| row.arrived), sum(|row| row.failed))
        };
        let classes = 0..replay.scenario.classes.len();
        let counts = classes.map(|class| (0..replay.periods).map(|it| count(class, it)).collect());
        Prediction { figures: figures.collect(), counts: counts.collect() }
    }

    /// With so many points more of each percentage.
    #[must_use]
    pub(crate) fn raised(mut self, by: &dyn Fn(&Figure) -> f64) -> Prediction {
        for figure in self.figures.iter_mut().filter(|it| it.of.what.is_percent()) {
            let points = by(&figure.of);
            let raise = |value: &mut Option<f64>| *value = value.map(|value| (value + points).min(100.0));
            figure.values.iter_mut().for_each(raise);
            figure.by_run.iter_mut().flatten().for_each(raise);
        }
        self
    }

    /// A figure, if it is compared.
    pub fn figure(&self, of: &Figure) -> Option<&Predicted> {
        self.figures.iter().find(|it| it.of == *of)
    }
}

fn predicted(replay: &Replay, runs: &[Played], at: usize, figure: &Figure, source: Source) -> Predicted {
    let Source::Requests(class) = source else {
        let by_run: Vec<Vec<Option<f64>>> = runs.iter().map(|run| run.resources[at].clone()).collect();
        let together = |period: usize| {
            let values: Vec<f64> = by_run.iter().filter_map(|run| *run.get(period)?).collect();
            (!values.is_empty()).then(|| mean(&values))
        };
        let values = (0..replay.periods).map(together).collect();
        return Predicted { of: figure.clone(), values, by_run, spread: Vec::new() };
    };
    let of_runs = |runs: &[Played]| -> Vec<(Option<f64>, Option<Spread>)> {
        let mut all = Histogram::default();
        (0..replay.periods).map(|period| of_requests(figure.what, runs, class, period, &mut all)).collect()
    };
    let (values, spread) = of_runs(runs).into_iter().unzip();
    let by_run =
        runs.iter().map(|run| of_runs(std::slice::from_ref(run)).into_iter().map(|it| it.0).collect());
    Predicted { of: figure.clone(), values, by_run: by_run.collect(), spread }
}

/// A figure of requests in a period, of runs together; `all` is an empty histogram, and stays one.
fn of_requests(
    what: What,
    runs: &[Played],
    class: Option<usize>,
    period: usize,
    all: &mut Histogram,
) -> (Option<f64>, Option<Spread>) {
    let classes = |run: &Played| class.map_or(0..run.classes.len(), |it| it..it + 1);
    let many = runs.len().max(1) as f64;
    let count = |of: fn(&crate::measure::rows::ClassRow) -> u64| {
        let rows = runs.iter().flat_map(|run| classes(run).filter_map(|it| run.classes[it].get(period)));
        Some(rows.map(of).sum::<u64>() as f64 / many)
    };
    match what {
        What::Requests => return (count(|row| row.arrived), None),
        What::Errors => return (count(|row| row.failed), None),
        _ => {}
    }
    let packed = |run: &Played| -> Option<Packed> {
        match class {
            Some(class) => Some(run.classes[class].get(period)?.latency.clone()),
            None => run.all.get(period).cloned(),
        }
    };
    runs.iter().filter_map(packed).for_each(|row| row.add_to(all));
    let found = of_histogram(what, all, many);
    all.clear();
    found.map_or((None, None), |(value, spread)| (Some(value), Some(spread)))
}

fn of_histogram(what: What, all: &Histogram, runs: f64) -> Option<(f64, Spread)> {
    let requests = all.count() as f64;
    let count = requests / runs;
    let at = |quantile: f64| {
        all.quantile(quantile.clamp(0.5 / requests, 1.0)).map(|nanos| (nanos as f64).max(1.0))
    };
    if requests == 0.0 {
        return None;
    }
    let Some(quantile) = what.quantile() else {
        let value = all.mean();
        let steps: [f64; STEPS] = std::array::from_fn(|step| (step as f64 + 0.5) / STEPS as f64);
        let squares =
            all.quantiles(steps)?.iter().map(|it| (*it as f64 - value) * (*it as f64 - value)).sum::<f64>();
        let of_one = (squares / STEPS as f64).sqrt() / value.max(1.0);
        return Some((value / 1e6, Spread { of_one, count }));
    };
    let value = at(quantile)?;
    // A quantile of n requests lies between those that are √(q(1−q)/n) off in rank; by as much of its logarithm it is off.
    let off = (quantile * (1.0 - quantile) / count.max(1.0)).sqrt();
    let (low, high) = (at(quantile - off)?, at(quantile + off)?);
    let of_one = (libm::log(high / low) / 2.0) * count.sqrt();
    Some((value / 1e6, Spread { of_one, count }))
}
