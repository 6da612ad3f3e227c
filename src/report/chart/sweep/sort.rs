//! What is shown of a study. In: the figures of its points. Out: those that differ, each with its words and its limits, and the line at the top.

use std::ptr;

use super::super::super::picture;
use crate::number;
use crate::outcome::estimate::{Better, Unit};
use crate::report::chart::text::unquoted;
use crate::report::sweep::cheapest_of_sweep;
use crate::study::{self, PointResult, Swept};

/// Most figures of one picture.
pub const MOST: usize = 4;
/// Most letters of a value of an axis.
pub const LETTERS: usize = 24;

/// What is shown of the figures that points have.
pub struct Sorts {
    /// Figures that differ between points, the usual ones first.
    pub shown: Vec<Sort>,
    /// What is said in words of figures that do not.
    pub same: Vec<String>,
    /// How many differ and have no room.
    pub left_out: usize,
}

/// A figure of points.
pub struct Sort {
    pub name: String,
    pub unit: Unit,
    pub better: Better,
    /// The limit of an objective on it, and the objective, where that is the same at every point.
    pub limits: Vec<(f64, String)>,
}

impl Sorts {
    pub fn of(found: &Swept) -> Sorts {
        let usual = ["p99", "errors", "cost"].map(str::to_owned).into_iter();
        let judged = found.points.iter().flat_map(|it| &it.objectives);
        let bounded = judged.filter_map(|it| it.figure.clone());
        let mut names: Vec<String> = Vec::new();
        for name in usual.chain(found.shown.iter().cloned()).chain(bounded) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut sorts = Sorts { shown: Vec::new(), same: Vec::new(), left_out: 0 };
        for name in names {
            let values: Vec<&study::Figure> = found
                .points
                .iter()
                .filter_map(|it| it.figure(&name))
                .filter(|it| it.value.is_finite())
                .collect();
            let Some(first) = values.first().filter(|_| values.len() > 1) else { continue };
            let sort = Sort { unit: first.unit, better: first.better, limits: limits(found, &name), name };
            if values.iter().all(|it| it.value == first.value) {
                let (factor, words) = sort.words();
                sorts.same.push(format!("{} {} everywhere", sort.name, words(factor * first.value)));
            } else {
                sorts.shown.push(sort);
            }
        }
        sorts
    }

    /// What decides, and what the picture has no room for.
    pub fn subtitle(&self, found: &Swept) -> String {
        let words = anstream::adapter::strip_str(&cheapest_of_sweep(found)).to_string();
        // What to do about it is on the page.
        let lines = words.lines().map(|line| line.split(": more").next().unwrap_or_default());
        let lines = lines.map(|line| unquoted(line.trim().trim_end_matches('.')));
        let more = (self.left_out > 0)
            .then(|| format!("{}: sweep.csv", number::counted(self.left_out as u64, "more figure")));
        lines.chain(self.same.iter().map(|it| unquoted(it))).chain(more).collect::<Vec<_>>().join(" · ")
    }
}

impl Sort {
    /// By what values are multiplied, and the words for such numbers.
    pub fn words(&self) -> (f64, fn(f64) -> String) {
        words_of(self.unit)
    }

    /// Whether it is shown on a logarithmic scale.
    pub fn is_log(&self) -> bool {
        matches!(self.unit, Unit::Millis | Unit::Seconds)
    }

    /// The value of a point, in the numbers of its words.
    pub fn of(&self, point: &PointResult) -> Option<f64> {
        point.figure(&self.name).map(|it| self.words().0 * it.value).filter(|it| it.is_finite())
    }

    pub fn title(&self) -> String {
        let unit = match self.unit {
            Unit::PerSecond => ", per second",
            Unit::Hours => ", hours",
            _ => "",
        };
        unquoted(&self.name) + unit
    }
}

/// By what values of a unit are multiplied, and the words for such numbers.
pub fn words_of(unit: Unit) -> (f64, fn(f64) -> String) {
    match unit {
        Unit::Millis => (1.0, number::millis),
        Unit::Seconds => (1e3, number::millis),
        Unit::Share => (1.0, number::share),
        Unit::Percent => (1.0, number::percent),
        Unit::Usd => (1.0, number::usd_short),
        Unit::Multiple => (1.0, number::times),
        Unit::Count | Unit::PerSecond | Unit::Hours | Unit::Text => (1.0, number::compact),
    }
}

/// The objectives on a figure whose limit is the same at every point, with their limits.
fn limits(found: &Swept, name: &str) -> Vec<(f64, String)> {
    let of = |it: &PointResult| -> Vec<(f64, String)> {
        let on_it = it.objectives.iter().filter(|it| it.figure.as_deref() == Some(name));
        on_it.filter_map(|it| Some((it.limit?, it.objective.clone()))).collect()
    };
    // A point without the figure says nothing of its limit.
    let mut each = found.points.iter().map(of).filter(|it| !it.is_empty());
    let first = each.next().unwrap_or_default();
    if each.all(|it| it == first) { first } else { Vec::new() }
}

/// Whether a point is the cheapest that meets every objective.
pub fn is_best(found: &Swept, point: &PointResult) -> bool {
    found.has_objectives() && found.cheapest().is_some_and(|it| ptr::eq(it, point))
}

/// What such a point is in the legend.
pub const BEST: &str = picture::BEST.text;

/// A value of an axis, cut in its middle if it is long: values often differ at their ends.
pub fn short(label: &str, most: usize) -> String {
    let letters: Vec<char> = unquoted(label).chars().collect();
    if letters.len() <= most {
        return letters.into_iter().collect();
    }
    let half = (most - 1) / 2;
    let (begin, end) = (&letters[..half + 1], &letters[letters.len() - half..]);
    format!("{}…{}", begin.iter().collect::<String>(), end.iter().collect::<String>())
}
