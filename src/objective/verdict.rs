//! The verdict on an objective, by counting runs.
//!
//! In: what each run came to, what all came to together, and how certain that is. Out: a [`Verdict`]. Where every run
//! agrees, that is the verdict. Where runs disagree, the estimate of all runs decides; if the limit lies inside its
//! interval, the verdict says that it cannot tell, and the exit code goes by the estimate.

use serde::{Deserialize, Serialize};

use super::quantity::Quantity;
use super::{Observed, shown};
use crate::interval::{self, Interval};
use crate::number::counted;
use crate::scenario::objective::{Bound, Objective};
use crate::units::{Time, Usd};

/// Verdict on one objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// The figure that it bounds, in words: `p99`; absent if no figure of the outcome is that.
    pub figure: Option<String>,
    /// What the objective bounds, by positions in the scenario; absent in a file that an earlier simcap wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Limit>,
    /// What all runs came to together, in words, with its interval: `1.24s ± 31ms`.
    pub observed: String,
    /// Whether the objective is met; what the exit code goes by. As every run has it, or if they disagree, as the estimate has it.
    pub met: bool,
    /// What the runs say together.
    pub standing: Standing,
    /// How many runs met the objective.
    pub runs_met: usize,
    /// How many runs did not meet the objective; a run in which nothing happened that it is about is one of them, and one of which nobody knows,
    /// because a price is missing or because only the most is known that a headroom can be.
    pub runs_missed: usize,
    /// The smallest value of a run, in milliseconds, as a share or in US dollars; absent if no run has one. In: the unit of the figure.
    pub min: Option<f64>,
    /// The largest value of a run. In: the unit of the figure.
    pub max: Option<f64>,
    /// The runs in words: `missed in 8 of 8 runs, 1.26s to 7.57s`.
    pub by_runs: String,
    /// Where the expectation of the observed value lies, in the unit of `min`; absent with a single run.
    pub interval: Option<Interval>,
    /// Where it was missed most, and why; absent if it was not, or if no trouble says that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Blame>,
}

/// One of the causes that the phases tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Blame {
    /// The position of the phase.
    pub phase: usize,
    /// The position of the cause among those of its chain, each with what came of it.
    pub story: usize,
}

/// A bound on a quantity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limit {
    /// What the limit is on; an estimate of that has an equal reference.
    pub of: Quantity,
    /// The limit, in milliseconds, as a share, in US dollars or as a multiple. In: the unit of the figure.
    pub limit: f64,
    /// Whether equality meets it.
    pub inclusive: bool,
}

impl Limit {
    pub(crate) fn new(bound: &Bound) -> Limit {
        Limit { of: Quantity::observed_by(bound), limit: bound.limit(), inclusive: bound.is_inclusive() }
    }

    /// The bound that it is of; nothing where no objective bounds that.
    pub(crate) fn bound(&self) -> Option<Bound> {
        let Limit { ref of, limit, inclusive } = *self;
        // Whole nanoseconds, so that no rounding is left.
        let time = || Time((limit * 1e6).round() as u64);
        Some(match *of {
            Quantity::Latency { class, quantile } => {
                Bound::Latency { quantile, class, limit: time(), inclusive }
            }
            Quantity::Errors(class) => Bound::Errors { class, limit, inclusive },
            Quantity::Availability(class) => Bound::Availability { class, limit, inclusive },
            Quantity::Cost => Bound::Cost { limit: Usd(limit), inclusive },
            Quantity::Figure(of) => Bound::Figure { of, limit, inclusive },
            Quantity::Headroom(resource) => Bound::Headroom { resource, limit, inclusive },
            Quantity::Recovery(of) => Bound::Recovery { of, limit, inclusive },
            Quantity::Worst { window, ref of } => {
                let each = Limit { of: Quantity::clone(of), limit, inclusive };
                Bound::Every { window, bound: Box::new(each.bound()?) }
            }
            _ => return None,
        })
    }
}

/// What several runs say about an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Every run met it; or all together do, also at the far end of the interval if there is one.
    Met,
    /// Every run missed it; or all together do, also at the near end of the interval if there is one.
    Missed,
    /// Runs disagree, and the limit lies inside the interval: more runs may tell. Or the limit is on a bill that lacks a
    /// price, and what has one is below it; or on a headroom of which only the most is known that it can be.
    CannotTell,
}

/// What one run came to under an objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfRun {
    /// The value, in the unit of [`Observed::value`].
    pub value: Option<f64>,
    /// Whether it is known to be within the bound or not.
    pub known: bool,
    /// Whether it is within the bound.
    pub met: bool,
}

impl From<&Observed> for OfRun {
    fn from(observed: &Observed) -> OfRun {
        OfRun { value: observed.value, known: observed.known, met: observed.met }
    }
}

impl Verdict {
    /// The same with the name of what it is about.
    #[must_use]
    pub fn about(self, name: Option<&str>) -> Verdict {
        let name = name.map_or(String::new(), |name| format!("; of {name}"));
        Verdict { observed: self.observed + &name, ..self }
    }

    /// The verdict by what all came to together and by each run; `figure` has the words of the figure that is bounded, `interval` that of its estimate.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn of(
        objective: &Objective,
        all: Observed,
        runs: &[OfRun],
        figure: Option<String>,
        interval: Option<Interval>,
    ) -> Verdict {
        let bound = &objective.bound;
        let runs_met = runs.iter().filter(|run| run.met).count();
        let runs_missed = runs.len() - runs_met;
        let limit = Limit::new(bound);
        // The table of the page has the headroom in the rows of all runs together.
        let in_table = matches!(limit.of, Quantity::Headroom(_)).then(|| all.text.clone());
        let unknown = runs.iter().filter(|run| !run.known).count();
        let all = if limit.of.is_extreme() { mean_of(bound, runs).unwrap_or(all) } else { all };
        // What a run does not say no other one says.
        let known = all.known && !(all.met && unknown > 0);
        let all = Observed { known, met: all.met && known, ..all };
        let (met, standing) = match (runs_met, runs_missed, interval) {
            _ if !all.known => (false, Standing::CannotTell),
            (1.., 0, _) => (true, Standing::Met),
            (0, 1.., _) => (false, Standing::Missed),
            (_, _, Some(it)) if it.low < bound.limit() && bound.limit() < it.high => {
                (all.met, Standing::CannotTell)
            }
            _ => (all.met, if all.met { Standing::Met } else { Standing::Missed }),
        };
        // Nothing is 0, also where it was found as what is missing of all: -0.
        let values = || runs.iter().filter_map(|run| run.value.map(|value| value + 0.0));
        let (min, max) = (values().min_by(f64::total_cmp), values().max_by(f64::total_cmp));
        let in_table = in_table.filter(|text| *text != all.text);
        let in_table = in_table.map_or(String::new(), |text| format!("; {text} in the rows of all runs"));
        let observed = match (all.value, interval) {
            (Some(value), Some(interval)) => format!("{}{}", all.text, spread(bound, value, &interval)),
            _ => all.text,
        };
        Verdict {
            objective: objective.text.clone(),
            figure,
            bound: Some(limit),
            observed: observed + &in_table,
            met,
            standing,
            runs_met,
            runs_missed,
            min,
            max,
            by_runs: by_runs([runs_met, runs_missed - unknown, unknown], &range(bound, min, max)),
            interval,
            cause: None,
        }
    }

    /// Whether nobody can know, however many runs there are: a price is missing, or what a resource carries.
    pub fn is_unknown(&self) -> bool {
        self.standing == Standing::CannotTell && self.min.is_none()
    }

    /// How many runs there were.
    pub fn runs(&self) -> usize {
        self.runs_met + self.runs_missed
    }

    /// What was observed, in words: of one run its value; of several how many agree, and what all came to together.
    pub fn words(&self) -> String {
        match self.runs() {
            0 | 1 => format!("observed {}", self.observed),
            _ if self.bound.as_ref().is_some_and(|bound| bound.of.is_extreme()) => {
                format!("{}; on average {}", self.by_runs, self.observed)
            }
            _ => format!("{}; together {}", self.by_runs, self.observed),
        }
    }
}

/// The mean over several runs that all have a value.
fn mean_of(bound: &Bound, runs: &[OfRun]) -> Option<Observed> {
    let values: Option<Vec<f64>> = runs.iter().map(|run| run.value).collect();
    let values = values.filter(|values| values.len() > 1)?;
    let mean = interval::mean(&values);
    Some(Observed { value: Some(mean), text: shown(bound, mean), known: true, met: bound.is_met_by(mean) })
}

impl Standing {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Standing::Met => "met",
            Standing::Missed => "missed",
            Standing::CannotTell => "cannot tell",
        }
    }
}

/// `missed in 3 of 8 runs, 480ms to 612ms`; what was missed is what has to be known, then what is unknown.
fn by_runs([met, missed, unknown]: [usize; 3], range: &str) -> String {
    let (what, count) = match (missed, unknown) {
        (1.., _) => ("missed", missed),
        (0, 1..) => ("unknown", unknown),
        (0, 0) => ("met", met),
    };
    let runs = (met + missed + unknown) as u64;
    format!("{what} in {count} of {}{range}", counted(runs, "run"))
}

/// `, 480ms to 612ms`; nothing if no run has a value.
fn range(bound: &Bound, min: Option<f64>, max: Option<f64>) -> String {
    match (min.map(|it| shown(bound, it)), max.map(|it| shown(bound, it))) {
        (Some(min), Some(max)) if min == max => format!(", {min}"),
        (Some(min), Some(max)) => format!(", {min} to {max}"),
        _ => String::new(),
    }
}

/// ` ± 31ms` where both ends are about as far away, ` (0.9s to 3.1s)` where not.
fn spread(bound: &Bound, value: f64, interval: &Interval) -> String {
    let two_digits = |value: f64| shown_to(bound, value, 2);
    match interval.is_even(value) {
        true => format!(" ± {}", two_digits(interval.half_width)),
        false => format!(" ({} to {})", two_digits(interval.low), two_digits(interval.high)),
    }
}

fn shown_to(bound: &Bound, value: f64, digits: i32) -> String {
    super::text(bound, super::rounded_in(bound, value, digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::interval::Tail;

    const LIMIT: u64 = 500;

    fn objective() -> Objective {
        let limit = Time::from_millis(LIMIT);
        let bound = Bound::Latency { quantile: 0.99, class: None, limit, inclusive: false };
        Objective { text: "latency p99 < 500ms".into(), bound }
    }

    fn observed(ms: f64) -> Observed {
        let objective = objective();
        Observed { value: Some(ms), text: shown(&objective.bound, ms), known: true, met: ms < LIMIT as f64 }
    }

    /// The verdict on runs whose p99s are these, all together at `all`.
    fn verdict(all: f64, by_run: &[f64]) -> Verdict {
        let runs: Vec<OfRun> = by_run.iter().map(|ms| (&observed(*ms)).into()).collect();
        let interval = Interval::above_zero(all, by_run, 0.0, &Tail::default());
        Verdict::of(&objective(), observed(all), &runs, Some("p99".into()), interval)
    }

    /// The first eight days of the shop in the book: all miss by a factor of 2.5 to 15, and the interval reaches from
    /// below the limit to far above.
    #[test]
    fn where_every_run_missed_it_is_missed() {
        let days = [1_880.0, 2_280.0, 1_340.0, 1_650.0, 1_260.0, 1_370.0, 3_650.0, 7_570.0];
        let verdict = verdict(2_082.0, &days);
        assert_eq!((verdict.met, verdict.standing), (false, Standing::Missed));
        assert_eq!((verdict.runs_met, verdict.runs_missed), (0, 8));
        assert_eq!((verdict.min, verdict.max), (Some(1_260.0), Some(7_570.0)));
        assert_eq!(verdict.by_runs, "missed in 8 of 8 runs, 1.26s to 7.57s");
        assert!(verdict.words().starts_with("missed in 8 of 8 runs, 1.26s to 7.57s; together 2.08s"));
    }

    #[test]
    fn where_every_run_met_it_is_met_however_wide_the_interval_is() {
        let verdict = verdict(350.0, &[90.0, 480.0]);
        assert!(verdict.interval.unwrap().high > 500.0);
        assert_eq!((verdict.met, verdict.standing), (true, Standing::Met));
        assert_eq!(verdict.by_runs, "met in 2 of 2 runs, 90ms to 480ms");
    }

    #[test]
    fn where_runs_disagree_the_estimate_decides_unless_its_interval_holds_the_limit() {
        let near = verdict(510.0, &[480.0, 490.0, 540.0, 495.0]);
        assert_eq!((near.met, near.standing), (false, Standing::CannotTell));
        assert!(
            near.words().starts_with("missed in 1 of 4 runs, 480ms to 540ms; together 510ms"),
            "{near:?}"
        );
        let below = verdict(490.0, &[480.0, 490.0, 510.0, 495.0]);
        assert_eq!((below.met, below.standing), (true, Standing::CannotTell));
        // One of twelve runs is just above, and all together are surely below.
        let mut runs = [400.0; 12];
        runs[3] = 501.0;
        let sure = verdict(405.0, &runs);
        assert_eq!((sure.met, sure.standing), (true, Standing::Met));
        assert_eq!(sure.by_runs, "missed in 1 of 12 runs, 400ms to 501ms");
        // The same from above.
        let mut runs = [600.0; 12];
        runs[3] = 499.0;
        let sure = verdict(595.0, &runs);
        assert_eq!((sure.met, sure.standing), (false, Standing::Missed));
    }

    #[test]
    fn a_headroom_says_also_what_the_table_says() {
        let bound = Bound::Headroom { resource: None, limit: 1.2, inclusive: true };
        let objective = Objective { text: "headroom >= 1.2".into(), bound };
        let observed = |value: f64| Observed {
            value: Some(value),
            text: shown(&objective.bound, value),
            known: true,
            met: value >= 1.2,
        };
        let of = |together, runs: &[f64]| {
            let runs: Vec<OfRun> = runs.iter().map(|run| (&observed(*run)).into()).collect();
            Verdict::of(&objective, observed(together), &runs, None, None).observed
        };
        assert_eq!(of(1.14, &[1.0, 1.06]), "×1.03; ×1.14 in the rows of all runs");
        assert_eq!(of(1.03, &[1.0, 1.06]), "×1.03");
        assert_eq!(of(1.14, &[1.14]), "×1.14");
    }

    #[test]
    fn the_smallest_value_of_nothing_is_not_minus_zero() {
        let nothing = Observed { value: Some(-0.0), text: "0ms".into(), known: true, met: true };
        let verdict = Verdict::of(&objective(), nothing.clone(), &[OfRun::from(&nothing)], None, None);
        assert!(verdict.min.unwrap().is_sign_positive() && verdict.max.unwrap().is_sign_positive());
    }

    #[test]
    fn one_run_says_what_it_came_to() {
        let one = verdict(512.0, &[512.0]);
        assert_eq!((one.standing, one.words().as_str()), (Standing::Missed, "observed 512ms"));
        assert_eq!(one.by_runs, "missed in 1 of 1 run, 512ms");
    }

    /// The known part of a bill is below the bound in two runs and above it in one.
    #[test]
    fn a_bill_that_lacks_a_price_is_missed_only_where_the_rest_is_too_much() {
        let bound = Bound::Cost { limit: crate::units::Usd(1.0), inclusive: false };
        let objective = Objective { text: "cost < $1".into(), bound };
        let bill = |known| Observed { value: None, text: "part".into(), known, met: false };
        let of = |together, runs: &[bool]| {
            let runs: Vec<OfRun> = runs.iter().map(|known| (&bill(*known)).into()).collect();
            let verdict = Verdict::of(&objective, bill(together), &runs, None, None);
            assert!(!verdict.met && verdict.runs() == runs.len());
            (verdict.standing, verdict.is_unknown(), verdict.by_runs)
        };
        assert_eq!(of(false, &[false, false]), (Standing::CannotTell, true, "unknown in 2 of 2 runs".into()));
        assert_eq!(of(true, &[true, true]), (Standing::Missed, false, "missed in 2 of 2 runs".into()));
        let mixed = of(false, &[false, true, false]);
        assert_eq!(mixed, (Standing::CannotTell, true, "missed in 1 of 3 runs".into()));
    }

    #[test]
    fn a_run_without_a_value_has_missed_it() {
        let nothing = Observed { value: None, text: "no request completed".into(), known: true, met: false };
        let runs = [OfRun::from(&observed(40.0)), OfRun::from(&nothing)];
        let mixed = Verdict::of(&objective(), observed(40.0), &runs, None, None);
        assert_eq!((mixed.runs_met, mixed.runs_missed, mixed.standing), (1, 1, Standing::Met));
        assert_eq!(mixed.by_runs, "missed in 1 of 2 runs, 40ms");
        let none =
            Verdict::of(&objective(), nothing.clone(), &[(&nothing).into(), (&nothing).into()], None, None);
        assert_eq!((none.met, none.standing, none.min), (false, Standing::Missed, None));
        assert_eq!(none.words(), "missed in 2 of 2 runs; together no request completed");
    }

    #[test]
    fn an_interval_shows_its_ends_where_they_are_not_equally_far() {
        assert_eq!(verdict(700.0, &[690.0, 700.0, 710.0]).observed, "700ms ± 25ms");
        assert_eq!(verdict(2_000.0, &[1_000.0, 2_000.0, 4_000.0]).observed, "2s (730ms to 7.2s)");
    }

    proptest! {
        /// No verdict is weaker than the runs, none contradicts the exit code, and none is against every run.
        #[test]
        fn a_verdict_is_never_weaker_than_its_runs(by_run in prop::collection::vec(1.0..2_000.0f64, 1..12)) {
            let verdict = verdict(interval::mean(&by_run), &by_run);
            let missed = by_run.iter().filter(|ms| **ms >= LIMIT as f64).count();
            prop_assert_eq!((verdict.runs_met, verdict.runs_missed), (by_run.len() - missed, missed));
            if missed == 0 || missed == by_run.len() {
                prop_assert_ne!(verdict.standing, Standing::CannotTell);
                prop_assert_eq!(verdict.met, missed == 0);
            }
            match verdict.standing {
                Standing::Met => prop_assert!(verdict.met),
                Standing::Missed => prop_assert!(!verdict.met),
                Standing::CannotTell => {
                    let interval = verdict.interval.unwrap();
                    prop_assert!(interval.low < LIMIT as f64 && LIMIT as f64 <= interval.high);
                }
            }
        }
    }
}
