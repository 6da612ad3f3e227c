//! One figure of two outcomes under the same seeds. In: its two estimates. Out: a [`Difference`], with a [`Word`].

use serde::{Deserialize, Serialize};

use super::objectives::Objectives;
use super::paired::pairs;
use super::seen::Seen;
use super::word::Word;
use crate::interval::{self, Interval, Sides};
use crate::language::shape::Given;
use crate::outcome::estimate::{Better, Estimate, Quantity, Unit};

/// Fewest pairs of runs for a correlation: 5.
pub const FEWEST_PAIRS: Given<u32> =
    Given::new(5, "assumption: two pairs always correlate at 1 or -1, and three or four say little more");

/// One figure in both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The figure, by positions in the first scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Quantity>,
    /// The figure in words: `checkout p99`.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// Whether higher or lower is better; neither of counts in events of different length.
    pub better: Better,
    /// Value in the first.
    pub a: f64,
    /// Value in the second.
    pub b: f64,
    /// `b - a`.
    pub difference: f64,
    /// Interval of the expected difference, from the differences of the runs; absent with a single run.
    pub interval: Option<Interval>,
    /// Of a latency: interval of `b / a`, from the logarithms of the ratios of the runs. It decides on the word. Absent
    /// with a single run, or where a run has zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Interval>,
    /// What the runs show one by one.
    #[serde(default)]
    pub seen: Seen,
    /// Half the width of the interval if each scenario had seeds of its own; absent with fewer than five pairs.
    pub unpaired_half_width: Option<f64>,
    /// Correlation between the runs of both; absent if one side does not vary, or with fewer than five pairs.
    pub correlation: Option<f64>,
    /// How the second compares with the first.
    pub word: Word,
}

impl Difference {
    /// The difference of a figure of two events; `as_long` says whether these are equally long.
    pub(crate) fn of(a: &Estimate, b: &Estimate, as_long: bool) -> Difference {
        // More time has more of everything, good or bad.
        let better = if as_long || a.unit != Unit::Count { a.better } else { Better::Neither };
        let pairs = pairs(a, b);
        let differences: Vec<f64> = pairs.iter().map(|(a, b)| b - a).collect();
        let difference = b.value - a.value;
        let same = difference == 0.0 && differences.iter().all(|difference| *difference == 0.0);
        let rounding = if same { 0.0 } else { (a.rounding * a.rounding + b.rounding * b.rounding).sqrt() };
        let without: Vec<f64> = a.without.iter().zip(&b.without).map(|(a, b)| b - a).collect();
        let stretch = a.stretch.max(b.stretch);
        let interval = Interval::around_difference(difference, &differences, &without, rounding, stretch);
        let of_a_latency = a.unit == Unit::Millis;
        let ratio = Interval::around_ratio(Sides {
            values: (a.value, b.value),
            pairs: &pairs,
            without: [&a.without, &b.without],
            rounding: if same { (0.0, 0.0) } else { (a.rounding, b.rounding) },
            stretch,
        });
        let ratio = ratio.filter(|_| of_a_latency);
        // What the runs agree on is not shown where all of them together come out on the other side.
        let seen = Seen::of(&pairs);
        let agrees = match difference {
            difference if difference > 0.0 => seen.all_higher(),
            difference if difference < 0.0 => seen.all_lower(),
            _ => false,
        };
        let shown = if agrees { seen } else { Seen::default() };
        let word = Word::of_runs(same, (interval, ratio), better, &shown);
        let unpaired = interval::unpaired_half_width(&pairs, [&a.without, &b.without], stretch);
        let enough = pairs.len() >= FEWEST_PAIRS.value as usize;
        Difference {
            of: a.of.clone(),
            name: a.name.clone(),
            unit: a.unit,
            better,
            a: a.value,
            b: b.value,
            difference,
            interval,
            ratio,
            seen,
            unpaired_half_width: unpaired.filter(|_| enough),
            correlation: interval::correlation(&pairs).filter(|_| enough),
            word,
        }
    }

    /// If one scenario misses an objective on this figure and the other meets it, use the word of that objective: the
    /// rows of objectives and of figures never contradict each other.
    pub(super) fn agreeing_with(self, objectives: &[Objectives]) -> Difference {
        let on_this = |both: &&Objectives| {
            self.of.as_ref().is_some_and(|of| both.a.bound.as_ref().is_some_and(|bound| bound.of == *of))
        };
        let mut decided = objectives.iter().filter(on_this).map(|both| both.word);
        let decided = decided.find(|word| matches!(word, Word::Better | Word::Worse));
        let neutral = self.better == Better::Neither;
        Difference { word: decided.filter(|_| !neutral).unwrap_or(self.word), ..self }
    }

    /// The same where a price is missing on one side: the values are sums of what has a price.
    pub(super) fn unknown(self) -> Difference {
        let (interval, ratio, unpaired_half_width, correlation) = (None, None, None, None);
        let (seen, word) = (Seen::default(), Word::Unknown);
        Difference { interval, ratio, seen, unpaired_half_width, correlation, word, ..self }
    }

    /// How many times narrower the interval is than with separate seeds; `None` if no run differs.
    pub fn gain(&self) -> Option<f64> {
        let paired = self.interval?.half_width;
        self.unpaired_half_width.filter(|_| paired > 0.0).map(|unpaired| unpaired / paired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Limit, Standing, Verdict};

    fn estimate(better: Better, by_run: &[f64]) -> Estimate {
        Estimate {
            of: Some(P99),
            name: "p99".into(),
            unit: Unit::Millis,
            better,
            value: interval::mean(by_run),
            interval: None,
            rounding: 0.0,
            by_run: by_run.iter().copied().map(Some).collect(),
            without: Vec::new(),
            stretch: 1.0,
        }
    }

    const P99: Quantity = Quantity::Latency { class: None, quantile: 0.99 };

    fn compare(better: Better, a: &[f64], b: &[f64]) -> Difference {
        Difference::of(&estimate(better, a), &estimate(better, b), true)
    }

    const RUNS: [f64; 5] = [100.0, 140.0, 90.0, 160.0, 110.0];

    #[test]
    fn the_word_follows_from_the_side_on_which_the_interval_lies() {
        let up = RUNS.map(|run| run + 10.0 + run / 50.0);
        let word = |better, a: &[f64], b: &[f64]| compare(better, a, b).word;
        assert_eq!(word(Better::Lower, &RUNS, &up), Word::Worse);
        assert_eq!(word(Better::Lower, &up, &RUNS), Word::Better);
        assert_eq!(word(Better::Higher, &RUNS, &up), Word::Better);
        assert_eq!(word(Better::Neither, &RUNS, &up), Word::More);
        assert_eq!(word(Better::Lower, &RUNS, &RUNS), Word::Same);
        assert_eq!(word(Better::Lower, &RUNS, &[101.0, 139.0, 91.0, 159.0, 110.0]), Word::CannotTell);
        assert_eq!(word(Better::Lower, &[1.0], &[2.0]), Word::Higher, "one run has no interval");
    }

    /// Two runs at ×3 and ×27 are both higher; the interval of two logarithms that far apart holds 1. At ×4.2 and ×5 it does
    /// not, though the plain differences, 400 and 3,200, are as far apart.
    #[test]
    fn what_every_run_shows_is_never_open() {
        let word = |a: &[f64], b: &[f64]| compare(Better::Lower, a, b).word;
        assert_eq!(word(&[100.0, 100.0], &[300.0, 2_700.0]), Word::Higher);
        assert_eq!(word(&[300.0, 2_700.0], &[100.0, 100.0]), Word::Lower);
        assert_eq!(word(&[100.0, 100.0], &[99.0, 2_700.0]), Word::CannotTell);
        let far = compare(Better::Lower, &[100.0, 1_000.0], &[500.0, 4_200.0]);
        assert!(far.interval.unwrap().holds(0.0) && far.word == Word::Worse, "{far:?}");
        assert_eq!(far.seen.times, Some((4.2, 5.0)));
        let counted = |a: &[f64], b: &[f64]| {
            let of = |runs| Estimate { unit: Unit::Count, ..estimate(Better::Neither, runs) };
            Difference::of(&of(a), &of(b), true)
        };
        let more = counted(&[100.0, 1_000.0], &[500.0, 4_200.0]);
        assert_eq!((more.word, more.ratio), (Word::Higher, None), "counts differ by amounts");
    }

    /// Every run is higher, and all requests together are lower, as a percentile of unequal runs can be.
    #[test]
    fn runs_against_their_sum_are_open() {
        let b = Estimate { value: 90.0, ..estimate(Better::Lower, &[101.0, 900.0]) };
        let a = Estimate { value: 100.0, ..estimate(Better::Lower, &[100.0, 100.0]) };
        assert_eq!(Difference::of(&a, &b, true).word, Word::CannotTell);
    }

    #[test]
    fn runs_that_rise_and_fall_together_have_a_narrow_difference() {
        let difference = compare(Better::Lower, &RUNS, &RUNS.map(|run| 1.1 * run));
        assert!(difference.correlation.unwrap() > 0.999_999);
        assert!(difference.gain().unwrap() > 8.0, "{difference:?}");
        let against = compare(Better::Lower, &RUNS, &RUNS.map(|run| 300.0 - run));
        assert!(against.gain().unwrap() < 1.0, "what runs against each other would be better apart");
    }

    #[test]
    fn fewer_than_five_pairs_have_no_correlation() {
        let of = |runs: usize| compare(Better::Lower, &RUNS[..runs], &RUNS.map(|run| 1.1 * run)[..runs]);
        let four = of(4);
        assert_eq!((four.correlation, four.unpaired_half_width, four.gain()), (None, None, None));
        assert!(four.interval.is_some());
        assert!(of(5).correlation.is_some() && of(5).gain().is_some());
    }

    /// With two pairs Student's t is 12.7, and the interval does not separate them; the objective does.
    #[test]
    fn an_objective_that_tells_two_apart_tells_for_its_figure_too() {
        let figure = compare(Better::Lower, &[1_300.0, 7_500.0], &[35.0, 36.0]);
        assert_eq!(figure.word, Word::Lower);
        let objective = |of: Quantity, word| {
            let side = |standing| Verdict {
                objective: "latency p99 < 500ms".into(),
                figure: Some("as written".into()),
                bound: Some(Limit { of: of.clone(), limit: 500.0, inclusive: false }),
                observed: String::new(),
                met: standing == Standing::Met,
                standing,
                runs_met: 0,
                runs_missed: 2,
                min: None,
                max: None,
                by_runs: String::new(),
                interval: None,
                cause: None,
            };
            let (a, b) = (side(Standing::Missed), side(Standing::Met));
            Objectives { objective: a.objective.clone(), a, b, word }
        };
        let agreeing = |it: Objectives| figure.clone().agreeing_with(&[it]).word;
        assert_eq!(agreeing(objective(P99, Word::Better)), Word::Better);
        assert_eq!(agreeing(objective(Quantity::Mean(None), Word::Better)), Word::Lower, "another figure");
        assert_eq!(agreeing(objective(P99, Word::CannotTell)), Word::Lower);
    }

    #[test]
    fn a_run_without_a_value_is_no_pair() {
        let mut b = estimate(Better::Lower, &RUNS);
        b.by_run[1] = None;
        b.by_run[3] = None;
        let difference = Difference::of(&estimate(Better::Lower, &RUNS), &b, true);
        assert_eq!(difference.interval.unwrap().runs, 3);
    }
}
