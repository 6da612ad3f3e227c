//! Two scenarios under the same seeds, figure by figure.
//!
//! In: two outcomes of the same seeds. Out: a [`Comparison`]: the verdicts of each on its objectives; for each figure
//! the difference with its paired interval, and a word. Run k of both has the same arrivals and demands as far as the
//! two have the same random streams, so the difference is taken run by run: variation that both share through the seed
//! cancels out. The correlation shows how much that was.

use serde::{Deserialize, Serialize};

use crate::interval::{self, Interval};
use crate::language::shape::Given;
use crate::outcome::estimate::{Better, Estimate, Quantity, Unit};
use crate::outcome::{Outcome, ScenarioSummary, Standing, Verdict};

/// Fewest runs of a comparison by default: 5.
pub const FEWEST_RUNS: Given<u32> = Given::new(
    5,
    "assumption: with 2 runs an interval is 13 standard errors wide to either side, with 5 it is 3",
);

/// Version of the layout of a comparison as JSON; raised when a field changes its meaning or goes away.
pub const VERSION: u32 = 2;
/// Fewest pairs of runs for a correlation: 5.
pub const FEWEST_PAIRS: Given<u32> =
    Given::new(5, "assumption: two pairs always correlate at 1 or -1, and three or four say little more");

/// How two scenarios differ.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Version of simcap that made it.
    pub simcap: String,
    /// The first scenario, which the other is compared with.
    pub a: ScenarioSummary,
    /// The second scenario.
    pub b: ScenarioSummary,
    /// Seeds of the runs of both.
    pub seeds: Vec<u64>,
    /// Verdicts on all objectives of the first, counted.
    pub score_a: Score,
    /// Verdicts on all objectives of the second, counted.
    pub score_b: Score,
    /// Objectives that both have, in the order of the first file.
    pub objectives: Vec<Objectives>,
    /// Figures that both have, in the order of the outcome.
    pub figures: Vec<Difference>,
    /// Names of the figures that only one of them has.
    pub only: Only,
}

/// Number of objectives of a scenario by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Met.
    pub met: usize,
    /// Missed.
    pub missed: usize,
    /// Neither met nor missed for sure.
    pub cannot_tell: usize,
}

/// Figures that only one scenario has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Only {
    /// Only in the first.
    pub a: Vec<String>,
    /// Only in the second.
    pub b: Vec<String>,
}

/// One objective in both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Objectives {
    /// As written in the first.
    pub objective: String,
    /// Verdict in the first.
    pub a: Verdict,
    /// Verdict in the second.
    pub b: Verdict,
    /// How the second compares with the first.
    pub word: Word,
}

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
    /// Whether higher or lower is better.
    pub better: Better,
    /// Value in the first.
    pub a: f64,
    /// Value in the second.
    pub b: f64,
    /// `b - a`.
    pub difference: f64,
    /// Interval of the expected difference, from the differences of the runs; absent with a single run.
    pub interval: Option<Interval>,
    /// Half the width of the interval if each scenario had seeds of its own; absent with fewer than [`FEWEST_PAIRS`].
    pub unpaired_half_width: Option<f64>,
    /// Correlation between the runs of both; absent if one side does not vary, or with fewer than [`FEWEST_PAIRS`].
    pub correlation: Option<f64>,
    /// How the second compares with the first.
    pub word: Word,
}

/// How the second scenario compares with the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// The interval is on the good side; or the first misses an objective on this figure and the second meets it.
    Better,
    /// The interval is on the bad side; or the first meets an objective on this figure and the second misses it.
    Worse,
    /// The interval is above zero, for a figure that is neither good nor bad.
    More,
    /// The interval is below zero, for a figure that is neither good nor bad.
    Less,
    /// The difference is zero in every run.
    Same,
    /// The interval contains zero, or there is none.
    CannotTell,
}

impl Comparison {
    /// Compares two outcomes of the same seeds.
    ///
    /// # Panics
    /// If the seeds differ.
    pub fn of(a: &Outcome, b: &Outcome) -> Comparison {
        assert_eq!(a.runs.seeds, b.runs.seeds, "only runs of the same seeds are pairs");
        let names = |outcome: &Outcome, other: &Outcome| {
            let alone = outcome.estimates.iter().filter(|it| partner(outcome, other, it).is_none());
            alone.map(|it| it.name.clone()).collect()
        };
        let objectives = a.objectives.iter().filter_map(|verdict| {
            let other = b.objectives.iter().find(|other| is_same_bound(a, verdict, b, other))?;
            Some(Objectives {
                objective: verdict.objective.clone(),
                word: Word::of_standings(verdict.standing, other.standing),
                a: verdict.clone(),
                b: other.clone(),
            })
        });
        let objectives: Vec<Objectives> = objectives.collect();
        let figures = a.estimates.iter().filter_map(|estimate| {
            let figure = Difference::of(estimate, partner(a, b, estimate)?);
            Some(figure.agreeing_with(&objectives))
        });
        Comparison {
            version: VERSION,
            simcap: env!("CARGO_PKG_VERSION").into(),
            a: a.scenario.clone(),
            b: b.scenario.clone(),
            seeds: a.runs.seeds.clone(),
            score_a: Score::of(a),
            score_b: Score::of(b),
            figures: figures.collect(),
            objectives,
            only: Only { a: names(a, b), b: names(b, a) },
        }
    }

    /// The difference of a figure, given as one of the first scenario.
    pub fn figure(&self, of: &Quantity) -> Option<&Difference> {
        self.figures.iter().find(|figure| figure.of.as_ref() == Some(of))
    }
}

/// Whether two objectives have the same bound on the same figure, even if written differently.
fn is_same_bound(a: &Outcome, own: &Verdict, b: &Outcome, other: &Verdict) -> bool {
    let (Some(own), Some(other)) = (&own.bound, &other.bound) else { return false };
    let same = a.same_in(b, &own.of).is_some_and(|of| of == other.of);
    same && own.limit == other.limit && own.inclusive == other.inclusive
}

/// The estimate of the same figure in the other outcome.
fn partner<'o>(own: &Outcome, other: &'o Outcome, estimate: &Estimate) -> Option<&'o Estimate> {
    other.estimate(&own.same_in(other, estimate.of.as_ref()?)?)
}

impl Score {
    fn of(outcome: &Outcome) -> Score {
        let count = |standing| outcome.objectives.iter().filter(|it| it.standing == standing).count();
        Score {
            met: count(Standing::Met),
            missed: count(Standing::Missed),
            cannot_tell: count(Standing::CannotTell),
        }
    }

    /// All objectives.
    pub fn all(&self) -> usize {
        self.met + self.missed + self.cannot_tell
    }
}

impl Difference {
    fn of(a: &Estimate, b: &Estimate) -> Difference {
        let pairs: Vec<(f64, f64)> =
            a.by_run.iter().zip(&b.by_run).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
        let differences: Vec<f64> = pairs.iter().map(|(a, b)| b - a).collect();
        let difference = b.value - a.value;
        let same = difference == 0.0 && differences.iter().all(|difference| *difference == 0.0);
        let rounding = if same { 0.0 } else { (a.rounding * a.rounding + b.rounding * b.rounding).sqrt() };
        let without: Vec<f64> = a.without.iter().zip(&b.without).map(|(a, b)| b - a).collect();
        // A stored outcome has no stretch.
        let stretch = a.stretch.max(b.stretch).max(1.0);
        let interval = Interval::around_difference(difference, &differences, &without, rounding, stretch);
        let enough = pairs.len() >= FEWEST_PAIRS.value as usize;
        Difference {
            of: a.of.clone(),
            name: a.name.clone(),
            unit: a.unit,
            better: a.better,
            a: a.value,
            b: b.value,
            difference,
            interval,
            unpaired_half_width: interval::unpaired_half_width(&pairs).filter(|_| enough),
            correlation: interval::correlation(&pairs).filter(|_| enough),
            word: if same { Word::Same } else { Word::of_interval(interval, a.better) },
        }
    }

    /// If one scenario misses an objective on this figure and the other meets it, use the word of that objective: the
    /// rows of objectives and of figures never contradict each other.
    fn agreeing_with(self, objectives: &[Objectives]) -> Difference {
        let on_this = |both: &&Objectives| {
            self.of.as_ref().is_some_and(|of| both.a.bound.as_ref().is_some_and(|bound| bound.of == *of))
        };
        let mut decided = objectives.iter().filter(on_this).map(|both| both.word);
        let decided = decided.find(|word| matches!(word, Word::Better | Word::Worse));
        let neutral = self.better == Better::Neither;
        Difference { word: decided.filter(|_| !neutral).unwrap_or(self.word), ..self }
    }

    /// How many times narrower the interval is than with separate seeds; `None` if no run differs.
    pub fn gain(&self) -> Option<f64> {
        let paired = self.interval?.half_width;
        self.unpaired_half_width.filter(|_| paired > 0.0).map(|unpaired| unpaired / paired)
    }
}

impl Word {
    fn of_interval(interval: Option<Interval>, better: Better) -> Word {
        let above = match interval {
            Some(interval) if interval.low > 0.0 => true,
            Some(interval) if interval.high < 0.0 => false,
            _ => return Word::CannotTell,
        };
        match (better, above) {
            (Better::Higher, true) | (Better::Lower, false) => Word::Better,
            (Better::Higher, false) | (Better::Lower, true) => Word::Worse,
            (Better::Neither, true) => Word::More,
            (Better::Neither, false) => Word::Less,
        }
    }

    fn of_standings(a: Standing, b: Standing) -> Word {
        match (a, b) {
            (Standing::CannotTell, _) | (_, Standing::CannotTell) => Word::CannotTell,
            (Standing::Missed, Standing::Met) => Word::Better,
            (Standing::Met, Standing::Missed) => Word::Worse,
            _ => Word::Same,
        }
    }

    /// The word, for people.
    pub fn text(self) -> &'static str {
        match self {
            Word::Better => "better",
            Word::Worse => "worse",
            Word::More => "more",
            Word::Less => "less",
            Word::Same => "same",
            Word::CannotTell => "cannot tell",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Limit;

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
        Difference::of(&estimate(better, a), &estimate(better, b))
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
        assert_eq!(word(Better::Lower, &[1.0], &[2.0]), Word::CannotTell, "one run has no interval");
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

    /// With two pairs Student's t is 12.7, and no such interval separates them; the objective does.
    #[test]
    fn an_objective_that_tells_two_apart_tells_for_its_figure_too() {
        let figure = compare(Better::Lower, &[1_300.0, 7_500.0], &[35.0, 36.0]);
        assert_eq!(figure.word, Word::CannotTell);
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
            };
            let (a, b) = (side(Standing::Missed), side(Standing::Met));
            Objectives { objective: a.objective.clone(), a, b, word }
        };
        let agreeing = |it: Objectives| figure.clone().agreeing_with(&[it]).word;
        assert_eq!(agreeing(objective(P99, Word::Better)), Word::Better);
        assert_eq!(
            agreeing(objective(Quantity::Mean(None), Word::Better)),
            Word::CannotTell,
            "another figure"
        );
        assert_eq!(agreeing(objective(P99, Word::CannotTell)), Word::CannotTell);
    }

    #[test]
    fn a_run_without_a_value_is_no_pair() {
        let mut b = estimate(Better::Lower, &RUNS);
        b.by_run[1] = None;
        b.by_run[3] = None;
        let difference = Difference::of(&estimate(Better::Lower, &RUNS), &b);
        assert_eq!(difference.interval.unwrap().runs, 3);
    }

    #[test]
    fn an_objective_is_better_when_it_is_met_at_last() {
        use Standing::{CannotTell, Met, Missed};
        let word = Word::of_standings;
        assert_eq!((word(Missed, Met), word(Met, Missed)), (Word::Better, Word::Worse));
        assert_eq!((word(Met, Met), word(Missed, Missed)), (Word::Same, Word::Same));
        assert_eq!((word(CannotTell, Met), word(Missed, CannotTell)), (Word::CannotTell, Word::CannotTell));
    }
}
