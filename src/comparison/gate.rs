//! What becomes of a rule. In: a [`Rule`] and a [`Comparison`]. Out: a [`Ruled`]: failed, passed, or that the runs cannot tell.
//!
//! A rule fails if the whole interval of the change lies beyond the width, and passes if the whole interval lies within it. So
//! chance alone fails it in at most one of forty cases, and neither verdict is one that more runs would often turn round.

mod near;

use serde::{Deserialize, Serialize};

use self::near::{Judged, judge};
use super::objectives::OneSided;
use super::rule::{How, Rule, Subject, Width};
use super::{Comparison, Difference, Word};
use crate::objective::quantity::Quantity;
use crate::outcome::estimate::{Better, Unit};
use crate::outcome::{Standing, Verdict};

/// What becomes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// The figure has surely moved too far.
    Failed,
    /// The figure has surely not moved too far.
    Passed,
    /// The runs do not decide it.
    CannotTell,
}

impl Ruling {
    /// The word, for people.
    pub fn text(self) -> &'static str {
        match self {
            Ruling::Failed => "failed",
            Ruling::Passed => "passed",
            Ruling::CannotTell => "cannot tell",
        }
    }
}

/// A rule, and what became of it on one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruled {
    /// As written: `p99 worse 5%`.
    pub rule: String,
    /// What became of it.
    pub ruling: Ruling,
    /// How the figure has moved; absent of objectives, and where it has no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// Of objectives: those that decide, as written in the first scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<String>,
    /// Why the runs cannot tell; of a rule that failed, that it did so because of this and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsure: Option<Unsure>,
}

/// How a figure has moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Value in the first scenario, in the unit.
    pub a: f64,
    /// Value in the second.
    pub b: f64,
    /// Unit of the figure.
    pub unit: Unit,
    /// Whether the numbers below are parts of the value in the first scenario, and not amounts in the unit.
    pub relative: bool,
    /// By how much it has moved.
    pub change: f64,
    /// Where the expected change lies; absent with a single run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    /// How far it may move.
    pub width: f64,
}

/// Why a rule cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Unsure {
    /// One run of each has no interval.
    OneRun,
    /// Too few runs have a value.
    NoValue,
    /// A price is missing.
    Unpriced,
    /// A count of events that are not equally long is neither better nor worse.
    Duration,
    /// The width lies inside the interval.
    Near {
        /// About how many runs would tell, by the square root law; absent where the change is the width itself, as far as
        /// the runs show.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        runs: Option<u64>,
    },
    /// Objectives of which the runs do not tell whether they are met.
    Undecided,
    /// Objectives of the first scenario that the second does not have.
    Dropped,
}

impl Comparison {
    /// Judges the second scenario by each of some rules. What the runs cannot tell fails too if `unsure_fails`.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn judged_by(&mut self, rules: &[Rule], unsure_fails: bool) {
        let strict = |it: Ruled| match it.ruling {
            Ruling::CannotTell if unsure_fails => Ruled { ruling: Ruling::Failed, ..it },
            _ => it,
        };
        self.rules = rules.iter().map(|rule| strict(self.ruled(rule))).collect();
    }

    fn ruled(&self, rule: &Rule) -> Ruled {
        match &rule.subject {
            Subject::Objectives => self.ruled_by_objectives(rule),
            Subject::Figure(of) => self.ruled_by_figure(rule, of.first()),
        }
    }

    fn ruled_by_figure(&self, rule: &Rule, of: Option<&Quantity>) -> Ruled {
        let open = |moved, why| Ruled {
            rule: rule.text.clone(),
            ruling: Ruling::CannotTell,
            moved,
            objectives: Vec::new(),
            unsure: Some(why),
        };
        // A figure without a value, such as the latency of a class of which nothing completed, is not in the comparison.
        let Some(figure) = of.and_then(|of| self.figure(of)) else { return open(None, Unsure::NoValue) };
        let moved = Moved::of(figure, rule.width);
        if figure.word == Word::Unknown {
            return open(None, Unsure::Unpriced);
        }
        if rule.how.needs_better() && figure.better == Better::Neither {
            return open(Some(moved), Unsure::Duration);
        }
        // What is the same in every run has not moved, also without an interval.
        let interval = moved.interval.or((figure.word == Word::Same).then_some((0.0, 0.0)));
        let Some(interval) = interval else {
            let why = if self.seeds.len() == 1 { Unsure::OneRun } else { Unsure::NoValue };
            return open(Some(moved), why);
        };
        let up = || judge(moved.change, interval, moved.width, self.seeds.len());
        let down = || judge(-moved.change, (-interval.1, -interval.0), moved.width, self.seeds.len());
        let judged = match (rule.how, figure.better) {
            (How::More, _) | (How::Worse, Better::Lower) | (How::Better, Better::Higher) => up(),
            (How::Less, _) | (How::Worse | How::Better, _) => down(),
            (How::Changed, _) => up().or(down()),
        };
        let ruled = |ruling, unsure| Ruled { ruling, unsure, ..open(Some(moved.clone()), Unsure::NoValue) };
        match judged {
            Judged::Beyond => ruled(Ruling::Failed, None),
            Judged::Within => ruled(Ruling::Passed, None),
            Judged::Open { runs } => ruled(Ruling::CannotTell, Some(Unsure::Near { runs })),
        }
    }

    /// Fails if the second scenario misses what the first one meets.
    fn ruled_by_objectives(&self, rule: &Rule) -> Ruled {
        let of = |is: &dyn Fn(Standing, Standing, Word) -> bool| -> Vec<String> {
            let found = self.objectives.iter().filter(|it| is(it.a.standing, it.b.standing, it.word));
            found.map(|it| it.objective.clone()).collect()
        };
        // One that has another limit in the second scenario, which is no harder to meet and is missed there.
        let loosened = |a: &OneSided| {
            let met = a.verdict.standing == Standing::Met;
            met && self.objectives_only.b.iter().any(|b| is_missed_though_looser(&a.verdict, &b.verdict))
        };
        let loosened = self.objectives_only.a.iter().filter(|it| loosened(it));
        let mut worse = of(&|_, _, word| word == Word::Worse);
        worse.extend(loosened.map(|it| it.verdict.objective.clone()));
        // What the first one misses cannot get worse, and what the second one meets has not.
        let may_be_worse = |a, b| a != Standing::Missed && b != Standing::Met;
        let open = of(&|a, b, word| may_be_worse(a, b) && matches!(word, Word::CannotTell | Word::Unknown));
        let dropped = self.objectives_only.a.iter().filter(|it| it.verdict.standing != Standing::Missed);
        let dropped: Vec<String> = dropped.map(|it| it.verdict.objective.clone()).collect();
        let (ruling, objectives, unsure) = match (worse.is_empty(), open.is_empty(), dropped.is_empty()) {
            (false, _, _) => (Ruling::Failed, worse, None),
            (true, false, _) => (Ruling::CannotTell, open, Some(Unsure::Undecided)),
            (true, true, false) => (Ruling::CannotTell, dropped, Some(Unsure::Dropped)),
            (true, true, true) => (Ruling::Passed, Vec::new(), None),
        };
        Ruled { rule: rule.text.clone(), ruling, moved: None, objectives, unsure }
    }
}

/// Whether the second verdict is on the same figure with a limit that is no harder to meet, and misses it.
fn is_missed_though_looser(a: &Verdict, b: &Verdict) -> bool {
    let Some((of_a, of_b)) = a.bound.as_ref().zip(b.bound.as_ref()) else { return false };
    let looser = match of_a.of.better() {
        Better::Higher => of_b.limit <= of_a.limit,
        Better::Lower | Better::Neither => of_b.limit >= of_a.limit,
    };
    b.standing == Standing::Missed && of_a.of == of_b.of && looser
}

impl Moved {
    fn of(figure: &Difference, width: Width) -> Moved {
        let &Difference { a, b, unit, .. } = figure;
        let amounts = figure.interval.map(|it| (it.low, it.high));
        let amount = |width| Moved {
            a,
            b,
            unit,
            relative: false,
            change: figure.difference,
            interval: amounts,
            width,
        };
        match width {
            Width::Amount(width) => amount(width),
            // Of nothing every part is nothing.
            Width::Part(_) if a == 0.0 => amount(0.0),
            Width::Part(part) => {
                // Latencies differ by factors: their interval is that of the ratio, as on the page.
                let of_ratio = figure.ratio.map(|it| (it.low - 1.0, it.high - 1.0));
                let scale = a.abs();
                let interval = of_ratio.or(amounts.map(|(low, high)| (low / scale, high / scale)));
                Moved { a, b, unit, relative: true, change: figure.difference / scale, interval, width: part }
            }
        }
    }
}

#[cfg(test)]
mod tests;
