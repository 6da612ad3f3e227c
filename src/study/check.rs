//! What a study cannot be. In: its axes, and the overrides of all points. Out: why there is none, if so.

use super::axis::{Axis, VARIANT};
use super::error::StudyError;
use super::head::count;
use crate::language::overrides::keys;

/// Most points of a study.
pub const MOST_POINTS: usize = 100_000;
/// The table of which a run knows nothing.
pub(super) const PLAN: &str = "plan";
/// No key twice, and not too many points.
pub(super) fn check(axes: &[Axis]) -> Result<(), StudyError> {
    for (at, axis) in axes.iter().enumerate() {
        let labels = axis.choices.iter().enumerate();
        let mut twice =
            labels.filter(|(at, it)| axis.choices[..*at].iter().any(|other| other.label == it.label));
        if let Some((_, choice)) = twice.next() {
            return Err(StudyError::Twice { name: choice.label.clone() });
        }
        if axes[..at].iter().any(|other| other.name == axis.name) {
            return Err(StudyError::Twice { name: axis.name.clone() });
        }
    }
    let points = count(axes);
    if points > MOST_POINTS as u128 { Err(StudyError::TooMany { points }) } else { Ok(()) }
}

/// No key, and no key of a table, has values of two axes, or of an axis and of all points: one of them would not count. A plain
/// override after another one has the last word, as in a run.
pub(super) fn check_keys(axes: &[Axis], all: &[String]) -> Result<(), StudyError> {
    let of_axes = axes.iter().enumerate().flat_map(|(axis, it)| {
        it.choices.iter().flat_map(move |choice| choice.overrides.iter().map(move |text| (axis, text)))
    });
    let mut known: Vec<(usize, &String, Vec<String>)> = Vec::new();
    for (axis, text) in of_axes {
        let Some(keys) = keys(text) else { continue };
        if let [key] = keys.as_slice()
            && ["seed", "runs"].contains(&key.as_str())
        {
            return Err(StudyError::Common { key: key.clone() });
        }
        // A run knows nothing of a plan, so all points would be the same.
        if keys.first().is_some_and(|it| it == PLAN) {
            return Err(StudyError::Common { key: keys.join(".") });
        }
        if known.iter().any(|(other, _, known)| *other == axis && *known == keys) {
            continue;
        }
        known.push((axis, text, keys));
    }
    let of_all = all.iter().filter_map(|text| Some((axes.len(), text, keys(text)?)));
    let of_all: Vec<_> = of_all.collect();
    let overlap = |one: &[String], other: &[String]| one.iter().zip(other).all(|(one, other)| one == other);
    for (at, (axis, one, keys)) in known.iter().enumerate() {
        // A variant has its values after those of all, as in a comparison: its name does not say that they are others.
        let of_all = if axes[*axis].name == VARIANT { &[][..] } else { &of_all };
        let others = known[..at].iter().chain(of_all);
        if let Some((_, other, _)) = others.into_iter().find(|it| it.0 != *axis && overlap(keys, &it.2)) {
            return Err(StudyError::Overlapping { one: (*one).clone(), other: (*other).clone() });
        }
    }
    Ok(())
}
