//! What is told of each number that was fitted. In: a fit. Out: a [`Number`] for each: its new value for the file, its interval, and what it is
//! known from, or why it stays as it is.

use serde::{Deserialize, Serialize};

use super::dial::{Dial, Setting};
use super::known::{Known, Telling, Why};
use super::parameter::{Parameter, Sort, settings};
use super::utilisation::{Estimated, Utilisation};
use crate::interval::student_t;
use crate::number::all_of;

/// Factor from which a number is simply not known.
const MOST: f64 = 100.0;

/// A number of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// Its path, as `--set` has it.
    pub path: String,
    /// As the file has it.
    pub file: String,
    /// As it has to be; absent where it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// So many times what the file has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Estimated>,
    /// Standard deviation over mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cv: Option<Estimated>,
    /// The share that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Estimated>,
    /// The lower and the upper end of its interval, in words of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<(String, String)>,
    /// What it is known from.
    pub from: Vec<String>,
    /// Other numbers that have the same factor, because only their sum is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<String>,
    /// What is not known of it, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// A fit that has ended.
pub(super) struct Fitting<'a> {
    pub(super) dials: &'a [Dial],
    pub(super) parameters: &'a [Parameter],
    pub(super) values: &'a [f64],
    pub(super) known: Option<&'a Known>,
    pub(super) utilisation: &'a [Utilisation],
    pub(super) telling: &'a Telling,
    pub(super) classes: &'a [String],
}

/// Every number that a parameter sets.
pub(super) fn numbers(fitting: &Fitting<'_>) -> Vec<Number> {
    let set = settings(fitting.dials, fitting.parameters, fitting.values);
    let is_set = |dial: &usize| fitting.parameters.iter().any(|it| it.dials.contains(dial));
    (0..fitting.dials.len()).filter(is_set).map(|dial| number(fitting, dial, set[dial])).collect()
}

fn number(fitting: &Fitting<'_>, at: usize, set: Setting) -> Number {
    let dial = &fitting.dials[at];
    let path = &dial.input.path;
    let of = |sort: Sort| {
        let is_it = |it: &Parameter| it.sort == sort && it.dials.contains(&at);
        fitting.parameters.iter().position(is_it)
    };
    let estimated = |sort: Sort| of(sort).and_then(|parameter| estimate(fitting, parameter, path));
    let (factor, cv, share) = (estimated(Sort::Factor), estimated(Sort::Spread), estimated(Sort::Share));
    let is_steady = |parameter: usize| {
        fitting.known.is_some_and(|known| {
            known.fixed.iter().any(|it| it.parameter == parameter && matches!(it.why, Why::Steady))
        })
    };
    let steady = of(Sort::Spread).is_some_and(is_steady);
    // A spread that is not known stays as the file has it, in the words of the file.
    let setting = Setting { cv: set.cv.filter(|_| cv.is_some() || steady), ..set };
    let rounded = dial.rounded(setting);
    let is_known = factor.is_some() || cv.is_some() || share.is_some() || steady;
    let text = is_known.then(|| dial.text(rounded));
    let end = |end: fn(&Estimated) -> f64| {
        let factor = match (&factor, &share) {
            (Some(factor), _) => end(factor),
            (None, Some(share)) => end(share) / dial.share.unwrap_or(1.0),
            (None, None) => return None,
        };
        let plain = dial.rounded(Setting { factor, cv: None });
        Some(mean_text(dial, plain))
    };
    let left = fitting.known.map_or_else(Vec::new, |known| {
        let mine = known.fixed.iter().filter(|it| fitting.parameters[it.parameter].dials.contains(&at));
        mine.map(|it| left(fitting, &fitting.parameters[it.parameter], &it.why)).collect()
    });
    let groups = fitting.utilisation.iter().flat_map(|it| it.groups.iter().map(move |group| (it, group)));
    let mine = groups.filter(|(_, group)| group.paths.contains(path));
    let (mut from, mut together) = (Vec::new(), Vec::new());
    for (utilisation, group) in mine {
        from.push(utilisation.of.words());
        together.extend(group.paths.iter().filter(|it| *it != path).cloned());
    }
    if fitting.known.is_some() {
        match dial.share {
            Some(_) => from.push("hit ratios".into()),
            None => from.extend(fitting.telling.words(at, fitting.classes)),
        }
    }
    let between = end(|it| it.low).zip(end(|it| it.high));
    Number {
        path: path.clone(),
        file: dial.input.text.clone(),
        text,
        factor,
        cv,
        share,
        between,
        from,
        together,
        left,
    }
}

/// The mean that a setting gives a number.
fn mean_text(dial: &Dial, setting: Setting) -> String {
    let plain = Setting { cv: dial.cv.map(|_| 0.0), ..setting };
    dial.text(plain)
}

fn estimate(fitting: &Fitting<'_>, at: usize, path: &String) -> Option<Estimated> {
    let parameter = &fitting.parameters[at];
    match fitting.known {
        Some(known) => {
            let error = known.errors[at]?;
            let off = student_t(known.found.freedom.max(1)) * error;
            Some(parameter.sort.interval(fitting.values[at], off))
        }
        // Without runs the utilisation law is all.
        None => {
            let groups = fitting.utilisation.iter().flat_map(|it| &it.groups);
            let mine = groups.filter(|it| it.paths.contains(path) && parameter.sort == Sort::Factor);
            mine.map(|it| it.factor).next()
        }
    }
}

/// What a parameter is called.
fn name(fitting: &Fitting<'_>, parameter: &Parameter) -> String {
    let path = parameter.dials.first().map_or("", |dial| fitting.dials[*dial].input.path.as_str());
    match (parameter.sort, &parameter.of) {
        (Sort::Spread, _) => format!("the spread of `{path}`"),
        (Sort::Background, Some(of)) => format!("the background of {}", of.words()),
        _ => format!("`{path}`"),
    }
}

fn left(fitting: &Fitting<'_>, parameter: &Parameter, why: &Why) -> String {
    let name = name(fitting, parameter);
    match why {
        Why::Steady => format!("{name} is next to nothing: one constant time fits"),
        Why::Idle => format!("{name} stays as in the file: hardly anything that was measured hangs on it"),
        Why::Open(times) => {
            let by = if *times < MOST {
                format!("by a factor of {times:.1} each way")
            } else {
                "altogether".into()
            };
            format!("{name} stays as in the file: what was measured leaves it open {by}")
        }
        Why::Alike(others) => {
            let others: Vec<String> =
                others.iter().map(|it| self::name(fitting, &fitting.parameters[*it])).collect();
            format!(
                "{name} stays as in the file: it cannot be told apart from {}, only what they do together is known",
                all_of(&others)
            )
        }
    }
}
