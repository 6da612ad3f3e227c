//! One input at a time. In: inputs, each with its span. Out: for each an [`Effect`]: what the answer is with its low and its high value,
//! under the seeds of the base.

use serde::{Deserialize, Serialize};

use super::bench::{Bench, HEADROOM, Point};
use super::chosen::Chosen;
use super::margin::Margin;
use crate::comparison::Paired;
use crate::language::nature::Nature;
use crate::outcome::Standing;
use crate::outcome::digest::Together;
use crate::outcome::estimate::{Better, Estimate, Unit};
use crate::study::{Figure, Judged, Runner, RunnerError};

/// The figures that are told of every scenario that has them.
const USUAL: [&str; 4] = ["p99", "errors", "cost", HEADROOM];

/// What an input does to the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Its path, as `--set` has it.
    pub path: String,
    /// What it is.
    pub nature: Nature,
    /// Its value in the file.
    pub text: String,
    /// The part by which it is varied: 0.2 is ±20 %.
    pub span: f64,
    /// With its low value; absent where that is the value of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Side>,
    /// With its high value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Side>,
}

/// What the answer is with one changed value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// How many times as large it is then: what is rounded or ends at a bound has not moved by just the span.
    pub factor: f64,
    /// Its value then.
    pub text: String,
    /// What is wrong with that value, which makes no scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The figures that are told.
    pub figures: Vec<Change>,
    /// The verdicts.
    pub objectives: Vec<Judged>,
    /// Those that are not as in the base.
    pub flips: Vec<Flip>,
    /// How far the input can go on this side before the base's verdicts do not hold any more; absent where it was not searched for, or where
    /// they hold at the end of the span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Margin>,
}

/// A figure against that of the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// In words.
    pub name: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way it should go.
    pub better: Better,
    /// In the base: of all runs.
    pub base: f64,
    /// With the changed value: of all runs.
    pub value: f64,
    /// How the runs differ, one by one.
    #[serde(flatten)]
    pub runs: Paired,
}

impl Change {
    /// By how much it is more than in the base, on the mean of the runs.
    pub fn difference(&self) -> f64 {
        self.runs.difference
    }

    /// The same as a part of the base; infinite where that is zero.
    fn relative(&self) -> f64 {
        match self.difference().abs() {
            0.0 => 0.0,
            apart => apart / self.base.abs(),
        }
    }
}

/// A verdict that is not as in the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flip {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// In the base.
    pub from: Standing,
    /// With the changed value.
    pub to: Standing,
    /// Whether it is met with the changed value.
    pub met: bool,
}

impl Effect {
    /// The sides that there are, the low one first.
    pub fn sides(&self) -> impl Iterator<Item = &Side> + Clone {
        self.low.iter().chain(&self.high)
    }

    /// Whether a verdict that the base has is lost on a side.
    pub fn loses(&self) -> bool {
        self.sides().any(Side::loses)
    }

    /// The largest change of a figure, as a part of the base.
    fn largest(&self, figure: &str) -> f64 {
        self.sides().filter_map(|it| it.change(figure)).map(Change::relative).fold(0.0, f64::max)
    }
}

impl Side {
    /// A figure by its words.
    pub fn change(&self, figure: &str) -> Option<&Change> {
        self.figures.iter().find(|it| it.name == figure)
    }

    /// Whether an objective that the base meets is not met.
    pub fn loses(&self) -> bool {
        self.flips.iter().any(|it| !it.met)
    }
}

/// The file as it is.
pub struct Base {
    /// What its runs say.
    pub together: Together,
    /// The figures that are told.
    pub shown: Vec<String>,
}

impl Base {
    /// The figures that are told.
    pub fn figures(&self) -> Vec<Figure> {
        let figures = self.shown.iter().filter_map(|name| self.estimate(name));
        figures.map(Figure::from).collect()
    }

    fn estimate(&self, name: &str) -> Option<&Estimate> {
        self.together.figures.iter().find(|it| it.name == name)
    }

    /// Whether every objective that the base meets is met at a point.
    pub fn holds_at(&self, point: &Point) -> bool {
        let Ok(point) = point else { return false };
        let both = self.together.objectives.iter().zip(&point.objectives);
        both.filter(|(base, _)| base.met).all(|(_, there)| there.met)
    }
}

/// Each side that is another value than that of the file: its input, whether it is the high one, and what `--set` replaces.
fn sides(chosen: &[Chosen]) -> Vec<(usize, bool, Vec<String>)> {
    let both = chosen
        .iter()
        .enumerate()
        .flat_map(|(at, it)| [false, true].map(|higher| (at, higher, it.input.times(it.factor(higher)))));
    both.filter(|(.., changes)| !changes.is_empty()).collect()
}

/// What is replaced at each point: nothing at the first one, then a value of each side.
pub fn changes(chosen: &[Chosen]) -> Vec<Vec<String>> {
    [Vec::new()].into_iter().chain(sides(chosen).into_iter().map(|(.., changes)| changes)).collect()
}

/// Runs the base and both sides of each input.
pub fn all(
    bench: &Bench<'_>,
    chosen: &[Chosen],
    shown: &[String],
    runner: &Runner<'_>,
) -> Result<(Base, Vec<Effect>), RunnerError> {
    let sides = sides(chosen);
    let changes = changes(chosen);
    let mut points = bench.run(&changes, runner)?.into_iter();
    let together = match points.next() {
        Some(Ok(together)) => together,
        // The file was read before.
        _ => return Err(RunnerError::Changed { file: bench.file.display().to_string() }),
    };
    let base = Base { shown: names(&together, shown), together };
    let mut effects: Vec<Effect> = chosen
        .iter()
        .map(|it| {
            let Chosen { input, span } = it;
            let (path, nature, text) = (input.path.clone(), input.nature, input.text.clone());
            Effect { path, nature, text, span: *span, low: None, high: None }
        })
        .collect();
    for ((at, higher, _), point) in sides.iter().zip(points) {
        let (of, factor) = (&chosen[*at], chosen[*at].factor(*higher));
        let text = of.input.text_times(factor).unwrap_or_default();
        let side = side(&base, (of.input.real(factor), text), &point);
        let effect = &mut effects[*at];
        *(if *higher { &mut effect.high } else { &mut effect.low }) = Some(side);
    }
    Ok((base, effects))
}

/// The figures that are told: each that there is, once.
fn names(base: &Together, shown: &[String]) -> Vec<String> {
    let bounded = base.objectives.iter().filter_map(|it| it.figure.as_deref());
    let mut names: Vec<String> = Vec::new();
    for name in USUAL.into_iter().chain(shown.iter().map(String::as_str)).chain(bounded) {
        if base.figures.iter().any(|it| it.name == name) && !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn side(base: &Base, (factor, text): (f64, String), point: &Point) -> Side {
    let there = match point {
        Ok(there) => there,
        Err(problem) => {
            let (figures, objectives, flips) = Default::default();
            return Side {
                factor,
                text,
                problem: Some(problem.clone()),
                figures,
                objectives,
                flips,
                margin: None,
            };
        }
    };
    // A sum of what has a price says nothing where something has none.
    let is_priced = base.together.unpriced.is_empty() && there.unpriced.is_empty();
    let change = |name: &String| {
        let (one, other) = (base.estimate(name)?, there.figures.iter().find(|it| it.name == *name)?);
        let runs = Paired::of(one, other)?;
        let runs = if one.unit == Unit::Usd && !is_priced { runs.unknown() } else { runs };
        let (unit, better) = (one.unit, one.better);
        Some(Change { name: name.clone(), unit, better, base: one.value, value: other.value, runs })
    };
    let both = base.together.objectives.iter().zip(&there.objectives);
    let flips = both.filter(|(one, other)| one.met != other.met).map(|(one, other)| Flip {
        objective: one.objective.clone(),
        from: one.standing,
        to: other.standing,
        met: other.met,
    });
    Side {
        factor,
        text,
        problem: None,
        figures: base.shown.iter().filter_map(change).collect(),
        objectives: there.objectives.iter().map(Judged::from).collect(),
        flips: flips.collect(),
        margin: None,
    }
}

/// What loses a verdict comes first, then by the change of the first figure, and of the next one where that is equal.
pub fn rank(inputs: &mut [Effect], shown: &[String]) {
    inputs.sort_by(|one, other| {
        let by_figure = shown.iter().map(|name| other.largest(name).total_cmp(&one.largest(name)));
        let first = other.loses().cmp(&one.loses());
        by_figure.fold(first, std::cmp::Ordering::then)
    });
}
