//! A share of failures in nines and in minutes of a year, as every page has it. In: a [`Year`]. Out: text; where nothing failed, bounds.

use crate::number::{nines, number, yearly};
use crate::outcome::availability::Year;

/// `3.3`, or `≥ 6.9` where nothing failed.
pub(super) fn of_event(year: &Year) -> String {
    format!("{}{}", at_least(year), nines(year.nines))
}

/// What a year has in which nothing else fails: `5.1`.
pub(super) fn of_year(year: &Year) -> String {
    format!("{}{}", at_least(year), nines(year.year_nines))
}

/// What a year like this event loses: `526 min (8.77 h)`, or `≤ 0.0554 min`.
pub(super) fn lost(year: &Year) -> String {
    format!("{}{}", at_most(year), yearly(year.year_minutes))
}

/// What this event costs a year: `4.05 min`.
pub(super) fn once(year: &Year) -> String {
    format!("{}{} min", at_most(year), number(year.event_minutes))
}

fn at_least(year: &Year) -> &'static str {
    if year.is_bound { "≥ " } else { "" }
}

fn at_most(year: &Year) -> &'static str {
    if year.is_bound { "≤ " } else { "" }
}
