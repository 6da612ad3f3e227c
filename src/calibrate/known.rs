//! What measurements can tell, and what they cannot. In: a recorded day and dials. Out: [`Telling`]: which dials any figure tells of; and a fit
//! of those that are known from it, with what had to be left as it is.

use std::collections::BTreeSet;

use super::CalibrateError;
use super::bench::Bench;
use super::dial::Dial;
use super::fit::fit as least_squares;
use super::influence::Influence;
use super::parameter::{Parameter, Sort};
use super::place::Found;
use super::rows::Row;
use crate::backtest::{Replay, Source};
use crate::measured::What;
use crate::number::all_of;

/// Standard error on its scale from which a number is not known: its interval goes over more than a factor of two each way.
const VAGUE: f64 = 0.6;
/// Correlation from which two numbers stand in for each other.
const SAME: f64 = 0.9;
/// Spread below which times are practically constant.
const STEADY: f64 = 0.1;

/// What figures tell of.
pub(super) struct Telling {
    /// The classes that each dial acts on.
    acts_on: Vec<BTreeSet<usize>>,
    /// Of each class, how many figures of its times were measured.
    times: Vec<usize>,
    /// Figures of the times of all classes together.
    times_of_all: usize,
    /// Whether the hit ratio of a cache was measured.
    hits: bool,
    /// Whether the numbers were asked for.
    asked: bool,
    is_share: Vec<bool>,
}

impl Telling {
    pub(super) fn of(replay: &Replay, influence: &Influence, dials: &[Dial], asked: bool) -> Telling {
        let mut times = vec![0; replay.scenario.classes.len()];
        let (mut times_of_all, mut hits) = (0, false);
        for (figure, source) in &replay.figures {
            match source {
                Source::Requests(Some(class)) if figure.what.is_time() => times[*class] += 1,
                Source::Requests(None) if figure.what.is_time() => times_of_all += 1,
                Source::Cache(_) => hits |= figure.what == What::Hit,
                _ => {}
            }
        }
        let acts_on = (0..dials.len()).map(|dial| influence.classes(dial)).collect();
        let is_share = dials.iter().map(|it| it.share.is_some()).collect();
        Telling { acts_on, times, times_of_all, hits, asked, is_share }
    }

    fn figures(&self, dial: usize) -> usize {
        let acts_on = &self.acts_on[dial];
        let of_classes = acts_on.iter().map(|class| self.times[*class]).max().unwrap_or(0);
        if acts_on.is_empty() { 0 } else { of_classes.max(self.times_of_all) }
    }

    /// Whether latencies tell of a dial, or of a hit ratio that of a cache.
    pub(super) fn of_time(&self, dial: usize) -> bool {
        match self.is_share[dial] {
            true => self.hits || self.asked && self.figures(dial) > 0,
            false => {
                self.figures(dial) > 0
                    || self.asked && (self.times_of_all > 0 || self.times.iter().any(|it| *it > 0))
            }
        }
    }

    /// Whether they tell how its times are spread: two figures of them at least.
    pub(super) fn of_spread(&self, dial: usize) -> bool {
        self.figures(dial) > 1
    }

    /// Whether only runs can tell: without any latency and hit ratio, the utilisation law is all.
    pub(super) fn needs_runs(&self) -> bool {
        self.hits || self.times_of_all > 0 || self.times.iter().any(|it| *it > 0)
    }

    /// The names of the figures of its times.
    pub(super) fn words(&self, dial: usize, classes: &[String]) -> Vec<String> {
        if self.times_of_all > 0 && self.figures(dial) == self.times_of_all {
            return vec!["latencies".into()];
        }
        let told = self.acts_on[dial].iter().filter(|class| self.times[**class] > 0);
        told.filter_map(|class| Some(format!("latencies of {}", classes.get(*class)?))).collect()
    }

    /// Sentences on the dials that nothing tells of. What is behind a share that nobody has measured is right only if the share is.
    pub(super) fn untold(&self, dials: &[Dial], parameters: &[Parameter]) -> Vec<String> {
        let is_fitted = |at: &usize| parameters.iter().any(|it| it.dials.contains(at));
        let untold: Vec<usize> =
            (0..dials.len()).filter(|at| !self.acts_on[*at].is_empty() && !is_fitted(at)).collect();
        let path = |at: &usize| format!("`{}`", dials[*at].input.path);
        let names: Vec<String> = untold.iter().map(path).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        let all = (!names.is_empty()).then(|| {
            format!("Nothing that was measured tells of {}: {verb} as in the file.", all_of(&names))
        });
        let behind = untold.iter().filter(|at| self.is_share[**at]).filter_map(|share| {
            let beside = |at: &usize| !self.acts_on[*at].is_disjoint(&self.acts_on[*share]);
            let names: Vec<String> =
                (0..dials.len()).filter(is_fitted).filter(beside).map(|at| path(&at)).collect();
            (!names.is_empty()).then(|| {
                format!(
                    "How far {} is right hangs on {}, which was not measured: measure it, or fit it with --input.",
                    all_of(&names),
                    path(share)
                )
            })
        });
        all.into_iter().chain(behind).collect()
    }
}

/// A parameter that is not known from what was measured.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    pub(super) parameter: usize,
    pub(super) why: Why,
}

/// Why a parameter is not known.
#[derive(Clone, Debug)]
pub(super) enum Why {
    /// A spread: its times hardly have one.
    Steady,
    /// Hardly any figure hangs on it.
    Idle,
    /// It may be so many times more or less.
    Open(f64),
    /// These parameters do the same.
    Alike(Vec<usize>),
}

/// A fit, and what it leaves as it is.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) found: Found,
    /// Standard error of each parameter on its scale; of those that are left as they are, nothing.
    pub(super) errors: Vec<Option<f64>>,
    pub(super) fixed: Vec<Fixed>,
}

/// Fits, and takes out what is not known until the rest is.
pub(super) fn fit(
    bench: &Bench<'_>,
    parameters: &[Parameter],
    start: &[f64],
    rows: &[Row],
) -> Result<Known, CalibrateError> {
    let mut free = vec![true; parameters.len()];
    let mut fixed: Vec<Fixed> = Vec::new();
    let mut values = start.to_vec();
    // Those that are left as they are and may well be otherwise.
    let mut left: Vec<usize> = Vec::new();
    loop {
        let found = least_squares(bench, parameters, &values, &free, &left, rows)?;
        let moving: Vec<usize> = (0..parameters.len()).filter(|at| free[*at]).collect();
        let place = |at: usize| moving.iter().position(|it| *it == at);
        let Some((out, why)) = vague(parameters, &found, &moving) else {
            let error = |at: usize| Some(found.covariance.as_ref()?.at(place(at)?, place(at)?).sqrt());
            let errors = (0..parameters.len()).map(error).collect();
            return Ok(Known { found, errors, fixed });
        };
        free[out] = false;
        values.clone_from(&found.values);
        let parameter = &parameters[out];
        let is_steady = parameter.sort == Sort::Spread && Sort::Spread.value(values[out]) < STEADY;
        if !is_steady {
            values[out] = parameter.file;
        }
        let why = if is_steady { Why::Steady } else { why };
        if !matches!(why, Why::Steady) {
            left.push(out);
        }
        fixed.push(Fixed { parameter: out, why });
    }
}

/// The parameter that is known least, if it is not known, and why.
fn vague(parameters: &[Parameter], found: &Found, moving: &[usize]) -> Option<(usize, Why)> {
    let simulated = |at: usize| parameters[at].sort != Sort::Background;
    let information = &found.information;
    let places: Vec<usize> = (0..moving.len()).filter(|place| simulated(moving[*place])).collect();
    // One on which nothing hangs at all.
    let least = places
        .iter()
        .copied()
        .min_by(|one, other| information.at(*one, *one).total_cmp(&information.at(*other, *other)))?;
    if information.at(least, least) < 1.0 {
        return Some((moving[least], Why::Idle));
    }
    let Some(covariance) = &found.covariance else {
        // Two of them do the same.
        let alike = |one: usize, other: usize| {
            information.at(one, other).abs()
                / (information.at(one, one) * information.at(other, other)).sqrt()
        };
        let pairs = places
            .iter()
            .flat_map(|one| places.iter().filter(move |it| *it > one).map(move |it| (*one, *it)));
        let (one, other) = pairs.max_by(|a, b| alike(a.0, a.1).total_cmp(&alike(b.0, b.1)))?;
        return Some((moving[other], Why::Alike(vec![moving[one]])));
    };
    let error = |place: usize| covariance.at(place, place).sqrt();
    let worst = places.into_iter().max_by(|one, other| error(*one).total_cmp(&error(*other)))?;
    if error(worst) <= VAGUE {
        return None;
    }
    let tied = |place: &usize| {
        let alike = covariance.at(worst, *place) / (error(worst) * error(*place)).max(1e-300);
        *place != worst && alike.abs() > SAME
    };
    let tied: Vec<usize> = (0..moving.len()).filter(tied).map(|place| moving[place]).collect();
    let why = match tied.is_empty() {
        true => Why::Open(libm::exp(2.0 * error(worst))),
        false => Why::Alike(tied),
    };
    Some((moving[worst], why))
}
