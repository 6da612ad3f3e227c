//! What a fit changes. In: dials, and what the first step says of them. Out: [`Parameter`]s on scales without ends, and dials set by them.

use serde::{Deserialize, Serialize};

use super::dial::{Dial, Setting};
use super::utilisation::{Estimated, Utilisation};
use crate::measured::Figure;

/// Where the fit of the spread of a constant time begins: a spread of nothing has no logarithm.
const FIRST_CV: f64 = 0.3;
/// Share that is as good as none or all.
const EDGE: f64 = 1e-4;

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Times what the file has: a demand, a delay.
    Factor,
    /// Standard deviation over mean.
    Spread,
    /// A share, such as a hit ratio.
    Share,
    /// Percentage points of a resource that are busy without any request; the file has no such number.
    Background,
}

/// A number that is fitted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameter {
    pub(super) sort: Sort,
    /// The dials that it sets.
    pub(super) dials: Vec<usize>,
    /// The resource of a background.
    pub(super) of: Option<Figure>,
    /// Where the fit begins, on its scale.
    pub(super) start: f64,
    /// What the file has, on its scale.
    pub(super) file: f64,
}

impl Sort {
    /// On a scale without ends: logarithms, and log odds of shares.
    pub(super) fn scaled(self, value: f64) -> f64 {
        match self {
            Sort::Factor | Sort::Spread => libm::log(value.max(1e-6)),
            Sort::Share => {
                let share = value.clamp(EDGE, 1.0 - EDGE);
                libm::log(share / (1.0 - share))
            }
            Sort::Background => value,
        }
    }

    /// Back from that scale.
    pub(super) fn value(self, scaled: f64) -> f64 {
        match self {
            Sort::Factor | Sort::Spread => libm::exp(scaled),
            Sort::Share => 1.0 / (1.0 + libm::exp(-scaled)),
            Sort::Background => scaled,
        }
    }

    /// Between which values it lies, on its scale.
    pub(super) fn ends(self) -> (f64, f64) {
        match self {
            Sort::Factor => (-4.6, 4.6),
            Sort::Spread => (-3.9, 2.3),
            Sort::Share => (-9.2, 9.2),
            Sort::Background => (0.0, 100.0),
        }
    }

    /// By how much it is changed to see what that does.
    pub(super) fn step(self) -> f64 {
        match self {
            Sort::Factor => 0.05,
            Sort::Spread | Sort::Share => 0.15,
            Sort::Background => 1.0,
        }
    }

    /// An interval of it by a standard error on its scale.
    pub(super) fn interval(self, scaled: f64, off: f64) -> Estimated {
        let (low, high) = self.ends();
        let of = |scaled: f64| self.value(scaled.clamp(low, high));
        Estimated { value: of(scaled), low: of(scaled - off), high: of(scaled + off) }
    }
}

/// The parameters of a fit; `spreads` says of which dials the spread is fitted.
pub(super) fn parameters(
    dials: &[Dial],
    utilisation: &[Utilisation],
    informed: &dyn Fn(usize) -> bool,
    spreads: &dyn Fn(usize) -> bool,
) -> Vec<Parameter> {
    let mut all: Vec<Parameter> = Vec::new();
    let place = |path: &String| dials.iter().position(|it| it.input.path == *path);
    for group in utilisation.iter().flat_map(|it| &it.groups) {
        let of: Vec<usize> = group.paths.iter().filter_map(place).collect();
        let is_set = |dial: &usize| all.iter().any(|it| it.dials.contains(dial));
        if !of.iter().any(is_set) {
            // A demand of nothing has no logarithm; the runs may find one.
            let start = Sort::Factor.scaled(group.factor.value.clamp(0.05, 20.0));
            all.push(Parameter { sort: Sort::Factor, dials: of, of: None, start, file: 0.0 });
        }
    }
    for (at, dial) in dials.iter().enumerate().filter(|it| informed(it.0)) {
        let is_set = all.iter().any(|it| it.dials.contains(&at));
        let alone = |sort: Sort, value: f64| {
            let start = sort.scaled(value);
            Parameter { sort, dials: vec![at], of: None, start, file: start }
        };
        match dial.share {
            Some(share) => all.push(alone(Sort::Share, share)),
            None if !is_set => all.push(alone(Sort::Factor, 1.0)),
            None => {}
        }
        if let Some(cv) = dial.cv.filter(|_| spreads(at)) {
            let first = if cv > 0.0 { cv } else { FIRST_CV };
            all.push(Parameter { file: Sort::Spread.scaled(cv), ..alone(Sort::Spread, first) });
        }
    }
    all.extend(utilisation.iter().filter_map(|it| {
        let start = it.background?.value;
        Some(Parameter {
            sort: Sort::Background,
            dials: Vec::new(),
            of: Some(it.of.clone()),
            start,
            file: 0.0,
        })
    }));
    all
}

/// What dials are set to by values of parameters, on their scales.
pub(super) fn settings(dials: &[Dial], parameters: &[Parameter], values: &[f64]) -> Vec<Setting> {
    let mut settings = vec![Setting::FILE; dials.len()];
    for (parameter, value) in parameters.iter().zip(values) {
        let value = parameter.sort.value(*value);
        for dial in &parameter.dials {
            match parameter.sort {
                Sort::Factor => settings[*dial].factor = value,
                Sort::Spread => settings[*dial].cv = Some(value),
                Sort::Share => settings[*dial].factor = value / dials[*dial].share.unwrap_or(1.0).max(EDGE),
                Sort::Background => {}
            }
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_no_ends_and_lead_back() {
        for (sort, value) in
            [(Sort::Factor, 1.3), (Sort::Spread, 0.4), (Sort::Share, 0.93), (Sort::Background, 4.0)]
        {
            assert!((sort.value(sort.scaled(value)) - value).abs() < 1e-12);
            let found = sort.interval(sort.scaled(value), 0.1);
            assert!(found.low < value && value < found.high);
        }
        assert_eq!(Sort::Background.interval(1.0, 5.0).low, 0.0);
    }
}
