//! Verdicts: whether a run kept the bounds that its scenario sets.
//!
//! In: the objectives, what was observed and how certain that is. Out: one [`Verdict`] for each, in the order of
//! the file. The estimate decides; where the limit lies inside its interval, the verdict says that it cannot tell.

mod observed;

use serde::{Deserialize, Serialize};

pub use observed::{Figure, Windows};

use crate::cost::{Bill, NO_PRICE};
use crate::interval::Interval;
use crate::scenario::objective::Bound;
use crate::scenario::{ClassId, Scenario};
use crate::units::{Time, Usd};

/// Verdict on one objective.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verdict {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// What was observed, in words: `1.24s ± 31ms`.
    pub observed: String,
    /// Whether the estimate meets it.
    pub met: bool,
    /// What the runs say together.
    pub standing: Standing,
    /// Where the expectation of the observed value lies, in milliseconds, as a share or in US dollars; absent with a
    /// single run.
    pub interval: Option<Interval>,
}

/// What several runs say about an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is met, also at the far end of the interval if there is one.
    Met,
    /// It is missed, also at the near end of the interval if there is one.
    Missed,
    /// The limit lies inside the interval: more runs may tell.
    CannotTell,
}

impl Standing {
    fn of(met: bool, limit: f64, interval: Option<Interval>) -> Standing {
        match interval {
            Some(interval) if interval.low < limit && limit < interval.high => Standing::CannotTell,
            _ if met => Standing::Met,
            _ => Standing::Missed,
        }
    }
}

/// Judges every objective of a scenario.
///
/// `latency` gives a quantile between 0 and 1 of a class or of all requests, `None` if none completed; `errors` the
/// share of failed requests, `interval` what several runs say about a bounded quantity, in milliseconds, as a share
/// or in US dollars; `further` what was observed of every other bound. A bound on something that did not occur is missed: nothing shows that it holds.
pub fn judge(
    scenario: &Scenario,
    latency: &dyn Fn(Option<ClassId>, f64) -> Option<Time>,
    errors: &dyn Fn(Option<ClassId>) -> f64,
    bill: &Bill,
    further: &dyn Fn(&Bound) -> Figure,
    interval: &dyn Fn(&Bound) -> Option<Interval>,
) -> Vec<Verdict> {
    let verdict = |bound: &Bound| match *bound {
        Bound::Latency { quantile, class, limit, inclusive } => match latency(class, quantile) {
            Some(time) => (time.to_string(), below(time, limit, inclusive)),
            None => ("no request completed".into(), false),
        },
        Bound::Errors { class, limit, inclusive } => match errors(class) {
            share if share.is_finite() => (percent(share), below(share, limit, inclusive)),
            _ => ("no request arrived".into(), false),
        },
        Bound::Cost { limit, inclusive } => {
            let total = Usd(bill.total_usd);
            match bill.items.iter().find(|item| item.source == NO_PRICE) {
                None => (total.to_string(), below(total, limit, inclusive)),
                Some(unpriced) => (format!("{total} without {}: {NO_PRICE}", unpriced.what), false),
            }
        }
        ref bound => further(bound).words(bound),
    };
    let judged = scenario.objectives.iter().map(|objective| {
        let (mut observed, met) = verdict(&objective.bound);
        let interval = interval(&objective.bound);
        let limit = objective.bound.limit();
        if let Some(interval) = interval {
            observed.push_str(&format!(" ± {}", margin(&objective.bound, interval.half_width)));
        }
        let standing = Standing::of(met, limit, interval);
        Verdict { objective: objective.text.clone(), observed, met, standing, interval }
    });
    judged.collect()
}

fn below<T: PartialOrd>(observed: T, limit: T, inclusive: bool) -> bool {
    observed < limit || inclusive && observed == limit
}

/// Half the width of an interval to two digits, in the unit of what is bounded.
fn margin(bound: &Bound, half_width: f64) -> String {
    let decimals = match half_width {
        0.0 => 0,
        half_width => (1.0 - libm::log10(half_width).floor()) as i32,
    };
    let scale = libm::pow(10.0, f64::from(decimals));
    let rounded = (half_width * scale).round() / scale;
    match bound {
        Bound::Latency { .. } => Time::from_secs_f64(rounded / 1e3).to_string(),
        Bound::Errors { .. } => percent(rounded),
        Bound::Cost { .. } => Usd(rounded).to_string(),
        Bound::Headroom { .. } => rounded.to_string(),
        bound => observed::figure(bound, rounded),
    }
}

/// Four decimals, so that one failure in a million shows.
fn percent(share: f64) -> String {
    format!("{}%", (share * 1e6).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::BillItem;
    use crate::cost::sample;
    use crate::scenario::objective::Objective;

    fn verdicts(bounds: Vec<Bound>, bill: &Bill) -> Vec<(String, bool)> {
        let objectives =
            bounds.into_iter().map(|bound| Objective { text: "as written".into(), bound }).collect();
        let scenario = Scenario { objectives, ..sample::empty("us-east-1") };
        // All requests: 800 ms at the 99th percentile and 300 ms below; class 0: 2 s; class 1: none arrived.
        let latency = |class: Option<ClassId>, quantile: f64| match class {
            None => Some(Time::from_millis(if quantile >= 0.99 { 800 } else { 300 })),
            Some(ClassId(0)) => Some(Time::from_secs(2)),
            Some(_) => None,
        };
        let errors = |class: Option<ClassId>| match class {
            None => 0.001,
            Some(ClassId(0)) => 0.000_001,
            Some(_) => f64::NAN,
        };
        let verdicts = judge(&scenario, &latency, &errors, bill, &|_| Figure::default(), &|_| None);
        assert!(verdicts.iter().all(|verdict| verdict.objective == "as written"));
        verdicts.into_iter().map(|verdict| (verdict.observed, verdict.met)).collect()
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
    fn a_limit_inside_the_interval_leaves_the_question_open() {
        let objective =
            Objective { text: "latency p99 < 800ms".into(), bound: latency(0.99, None, 800, false) };
        let scenario = Scenario { objectives: vec![objective], ..sample::empty("us-east-1") };
        let told = |p99: f64, half_width: f64| {
            let time = |_: Option<ClassId>, _: f64| Some(Time::from_secs_f64(p99 / 1e3));
            let (low, high) = (p99 - half_width, p99 + half_width);
            let interval = Interval { low, high, half_width, level: 0.95, runs: 5 };
            let verdict =
                judge(&scenario, &time, &|_| 0.0, &Bill::default(), &|_| Figure::default(), &|_| {
                    Some(interval)
                })
                .remove(0);
            (verdict.observed, verdict.met, verdict.standing)
        };
        assert_eq!(told(700.0, 61.66), ("700ms ± 62ms".into(), true, Standing::Met));
        assert_eq!(told(790.0, 61.66), ("790ms ± 62ms".into(), true, Standing::CannotTell));
        assert_eq!(told(810.0, 61.66), ("810ms ± 62ms".into(), false, Standing::CannotTell));
        assert_eq!(told(900.0, 0.001_234), ("900ms ± 1.2us".into(), false, Standing::Missed));
        assert_eq!(told(800.0, 0.0), ("800ms ± 0s".into(), false, Standing::Missed), "no doubt at all");
    }

    #[test]
    fn an_error_bound_compares_shares() {
        let errors = |class, inclusive| Bound::Errors { class, limit: 0.001, inclusive };
        let bounds = vec![errors(None, false), errors(None, true), errors(Some(ClassId(0)), false)];
        let expected = [("0.1%", false), ("0.1%", true), ("0.0001%", true)];
        assert_eq!(verdicts(bounds, &Bill::default()), expected.map(|(text, met)| (text.into(), met)));
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
            what: "odd.large instance-hours".into(),
            quantity: 4.0,
            unit: "hour".into(),
            unit_price_usd: 0.0,
            usd: 0.0,
            month_usd: 0.0,
            source: NO_PRICE.into(),
        });
        let (observed, met) = verdicts(vec![cost(100.0)], &bill).remove(0);
        assert_eq!(
            (observed.as_str(), met),
            ("$12.50 without odd.large instance-hours: no price known", false)
        );
    }
}
