//! Verdicts: whether runs kept the bounds that their scenario sets.
//!
//! In: the objectives, and what was observed in each run and in all together. Out: an [`Observed`] for each objective of
//! a run, and from those of all runs a [`Verdict`].

pub mod quantity;
mod reading;
mod verdict;

use crate::cost::{Bill, PriceSource};
use crate::id::ClassId;
use crate::measure::unit::Unit;
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::units::{Time, Usd};

pub use reading::{Reading, Windows};
pub use verdict::{Blame, Limit, OfRun, Standing, Verdict};

/// Fewest significant digits of what was observed.
const DIGITS: i32 = 3;
/// Most significant digits: those that a double is good for in every unit.
const DIGITS_MAX: i32 = 12;

/// What one run, or all together, came to under an objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The value, in milliseconds, as a share or in US dollars; absent where nothing happened that the objective is
    /// about.
    pub value: Option<f64>,
    /// In words: `1.24s`.
    pub text: String,
    /// Whether it is known to be within the bound or not. A bill that lacks a price and is below its bound without that
    /// is not known.
    pub known: bool,
    /// Whether it is within the bound. A bound on something that did not occur is missed: nothing shows that it holds.
    pub met: bool,
}

/// Observes every objective of a scenario, in the order of the file.
///
/// `latency` gives a quantile between 0 and 1 of a class or of all requests, as it is compared with a limit, `None` if none completed; `errors` the
/// share of failed requests, `further` what there is to say of every other bound.
pub fn observe(
    scenario: &Scenario,
    latency: &dyn Fn(Option<ClassId>, f64, Time) -> Option<Time>,
    errors: &dyn Fn(Option<ClassId>) -> f64,
    bill: &Bill,
    further: &dyn Fn(&Bound) -> Reading,
) -> Vec<Observed> {
    let unpriced = bill.items.iter().find(|item| item.source == PriceSource::Unknown);
    let unpriced = unpriced.map(|it| format!("{}: {}", it.what, it.source));
    let bill = (Usd(bill.total_usd), unpriced.as_deref());
    let each = scenario.objectives.iter();
    each.map(|objective| observe_one(&objective.bound, latency, errors, bill, further)).collect()
}

/// Observes one bound. Of the bill: the total, and what of it has no price, in words.
pub(crate) fn observe_one(
    bound: &Bound,
    latency: &dyn Fn(Option<ClassId>, f64, Time) -> Option<Time>,
    errors: &dyn Fn(Option<ClassId>) -> f64,
    (total, unpriced): (Usd, Option<&str>),
    further: &dyn Fn(&Bound) -> Reading,
) -> Observed {
    let (value, met) = match *bound {
        Bound::Latency { quantile, class, limit, inclusive } => match latency(class, quantile, limit) {
            Some(time) => (time.as_millis_f64(), below(time, limit, inclusive)),
            None => return Observed::nothing("no request completed"),
        },
        Bound::Errors { class, limit, inclusive } => match errors(class) {
            share if share.is_finite() => (share, below(share, limit, inclusive)),
            _ => return Observed::nothing("no request arrived"),
        },
        Bound::Cost { limit, inclusive } => match unpriced {
            None => (total.0, below(total, limit, inclusive)),
            Some(unpriced) => {
                let text = format!("{total} without {unpriced}");
                // What has a price may be too much already; more can only add to it.
                let known = !below(total, limit, inclusive);
                return Observed { value: None, text, known, met: false };
            }
        },
        ref bound => return further(bound).observed(bound),
    };
    Observed { value: Some(value), text: shown(bound, value), known: true, met }
}

impl Observed {
    fn nothing(why: &str) -> Observed {
        Observed { value: None, text: why.into(), known: true, met: false }
    }
}

fn below<T: PartialOrd>(observed: T, limit: T, inclusive: bool) -> bool {
    observed < limit || inclusive && observed == limit
}

/// A value of what is bounded, in words: three significant digits, more where it would otherwise seem to lie on the
/// other side of the limit.
fn shown(bound: &Bound, value: f64) -> String {
    let limit = bound.limit();
    let side = |value: f64| value.partial_cmp(&limit);
    let rounded = (DIGITS..DIGITS_MAX).map(|digits| rounded_in(bound, value, digits));
    text(bound, rounded.into_iter().find(|rounded| side(*rounded) == side(value)).unwrap_or(value))
}

/// A value of what is bounded, in its unit.
fn text(bound: &Bound, value: f64) -> String {
    match bound {
        Bound::Latency { .. } => time(value),
        Bound::Errors { .. } | Bound::Availability { .. } => percent(value),
        Bound::Figure { of, .. } => match of.unit() {
            Unit::Millis => time(value),
            Unit::Share => percent(value),
            _ => value.to_string(),
        },
        Bound::Headroom { .. } => format!("×{value}"),
        Bound::Recovery { .. } if value.is_infinite() => "not within the run".into(),
        Bound::Recovery { of, .. } => match of.unit() {
            Unit::Seconds => time(value * 1e3),
            _ => value.to_string(),
        },
        Bound::Cost { .. } => Usd(value).to_string(),
        Bound::Every { bound, .. } => text(bound, value),
    }
}

/// A value to so many significant digits; of a share that should be near 1, those of what is missing.
fn rounded_in(bound: &Bound, value: f64, digits: i32) -> f64 {
    match bound {
        Bound::Availability { .. } if value > 0.5 => 1.0 - rounded(1.0 - value, digits),
        Bound::Figure { of, .. } if of.unit() == Unit::Share && bound.is_lower() && value > 0.5 => {
            1.0 - rounded(1.0 - value, digits)
        }
        Bound::Every { bound, .. } => rounded_in(bound, value, digits),
        _ => rounded(value, digits),
    }
}

/// A value to so many significant digits.
fn rounded(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let decimals = digits - 1 - libm::log10(value.abs()).floor() as i32;
    let scale = libm::pow(10.0, f64::from(decimals.abs()));
    if decimals >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale }
}

/// Milliseconds as a time.
fn time(millis: f64) -> String {
    if millis.is_infinite() { "no answer".into() } else { Time::from_secs_f64(millis / 1e3).to_string() }
}

fn percent(share: f64) -> String {
    format!("{}%", rounded_percent(share))
}

/// A share in percent; a hundred times a rounded share is not rounded to the last bit.
fn rounded_percent(share: f64) -> f64 {
    // Nothing, even where what was drawn from 1 was a little more than it: not -0.
    (share * 1e14).round() / 1e12 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill::sample;
    use crate::cost::BillItem;
    use crate::scenario::objective::Objective;

    fn verdicts(bounds: Vec<Bound>, bill: &Bill) -> Vec<(String, bool)> {
        let objectives =
            bounds.into_iter().map(|bound| Objective { text: "as written".into(), bound }).collect();
        let scenario = Scenario { objectives, ..sample::empty("us-east-1") };
        // All requests: 800 ms at the 99th percentile and 300 ms below; class 0: 2 s; class 1: none arrived.
        let latency = |class: Option<ClassId>, quantile: f64, _: Time| match class {
            None => Some(Time::from_millis(if quantile >= 0.99 { 800 } else { 300 })),
            Some(ClassId(0)) => Some(Time::from_secs(2)),
            Some(_) => None,
        };
        let errors = |class: Option<ClassId>| match class {
            None => 0.001,
            Some(ClassId(0)) => 0.000_001,
            Some(_) => f64::NAN,
        };
        let observed = observe(&scenario, &latency, &errors, bill, &|_| Reading::default());
        observed.into_iter().map(|observed| (observed.text, observed.met)).collect()
    }

    fn latency(quantile: f64, class: Option<u32>, millis: u64, inclusive: bool) -> Bound {
        Bound::Latency { quantile, class: class.map(ClassId), limit: Time::from_millis(millis), inclusive }
    }

    #[test]
    fn a_latency_bound_is_for_its_quantile_and_class() {
        let bounds = vec![
            latency(0.99, None, 800, false),
            latency(0.99, None, 800, true),
            latency(0.5, None, 800, false),
            latency(0.5, Some(0), 800, false),
        ];
        let expected = [("800ms", false), ("800ms", true), ("300ms", true), ("2s", false)];
        assert_eq!(verdicts(bounds, &Bill::default()), expected.map(|(text, met)| (text.into(), met)));
    }

    #[test]
    fn a_bound_on_nothing_is_missed() {
        let errors = Bound::Errors { class: Some(ClassId(1)), limit: 1.0, inclusive: true };
        let expected = [("no request completed", false), ("no request arrived", false)];
        let observed = verdicts(vec![latency(0.5, Some(1), 800, true), errors], &Bill::default());
        assert_eq!(observed, expected.map(|(text, met)| (text.into(), met)));
    }

    #[test]
    fn an_error_bound_compares_shares() {
        let errors = |class, inclusive| Bound::Errors { class, limit: 0.001, inclusive };
        let bounds = vec![errors(None, false), errors(None, true), errors(Some(ClassId(0)), false)];
        let expected = [("0.1%", false), ("0.1%", true), ("0.0001%", true)];
        assert_eq!(verdicts(bounds, &Bill::default()), expected.map(|(text, met)| (text.into(), met)));
    }

    #[test]
    fn what_is_observed_has_three_digits_and_stays_on_its_side() {
        let latency = latency(0.99, None, 500, false);
        let text = |ms| shown(&latency, ms);
        assert_eq!([2_082.4, 34.488_12, 0.065_4].map(text), ["2.08s", "34.5ms", "65.4us"]);
        assert_eq!([499.96, 500.04, 500.0].map(text), ["499.96ms", "500.04ms", "500ms"]);
        let errors = Bound::Errors { class: None, limit: 0.001, inclusive: false };
        assert_eq!(
            [0.076_414, 0.000_999_9, 0.0, 1.0].map(|it| shown(&errors, it)),
            ["7.64%", "0.09999%", "0%", "100%"]
        );
    }

    #[test]
    fn a_cost_bound_is_on_the_total_and_fails_when_a_price_is_missing() {
        let cost = |limit: f64| Bound::Cost { limit: Usd(limit), inclusive: false };
        let mut bill = Bill { total_usd: 12.5, ..Bill::default() };
        let expected = [("$12.50", true), ("$12.50", false)];
        let observed = verdicts(vec![cost(12.6), cost(12.5)], &bill);
        assert_eq!(observed, expected.map(|(text, met)| (text.into(), met)));

        bill.items.push(BillItem {
            service: "EC2".into(),
            resource: "web".into(),
            of: None,
            price: "EC2/odd.large".into(),
            part: None,
            what: "odd.large instance-hours".into(),
            quantity: 4.0,
            unit: "hour".into(),
            unit_price_usd: 0.0,
            usd: 0.0,
            month_usd: 0.0,
            source: PriceSource::Unknown,
        });
        let (observed, met) = verdicts(vec![cost(100.0)], &bill).remove(0);
        assert_eq!(
            (observed.as_str(), met),
            ("$12.50 without odd.large instance-hours: no price known", false)
        );
        let observed = |limit, inclusive| {
            let scenario = {
                let bound = Bound::Cost { limit: Usd(limit), inclusive };
                let objectives = vec![Objective { text: "as written".into(), bound }];
                Scenario { objectives, ..sample::empty("us-east-1") }
            };
            let observed =
                observe(&scenario, &|_, _, _| None, &|_| 0.0, &bill, &|_| Reading::default()).remove(0);
            (observed.known, observed.met)
        };
        assert_eq!(observed(100.0, false), (false, false), "what has no price may be little or much");
        assert_eq!(observed(12.5, true), (false, false));
        assert_eq!(observed(12.5, false), (true, false), "the rest is too much already");
        assert_eq!(observed(10.0, false), (true, false));
    }
}
