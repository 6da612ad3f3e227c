//! The use of the resources, one table for each kind, from the list of its figures.
//!
//! In: an [`Outcome`]. Out: tables; empty without resources.

use super::margin::margin_of;
use crate::id::Owner;
use crate::kind::record::EachKind;
use crate::measure::figure::{Figure, Page, Shown, Totals};
use crate::measure::unit::Unit;
use crate::number::{
    agreeing, amount, count, margin, millis, millis_margin, number, percent, share, supported, tenths, usd,
    whole,
};
use crate::outcome::Outcome;
use crate::outcome::estimate::Estimate;
use crate::report::section::Section;
use crate::report::table::{Cell, PLAIN, Side, Table, WARNING};

/// Part by which a figure and its estimate may be apart by rounding.
const SAME: f64 = 1e-9;

/// The tables of all kinds, in the order of the list.
pub(super) fn sections(outcome: &Outcome) -> Vec<Option<Section>> {
    let mut sections = Sections { outcome, all: Vec::new() };
    outcome.kinds.each(&mut sections);
    sections.all
}

struct Sections<'a> {
    outcome: &'a Outcome,
    all: Vec<Option<Section>>,
}

impl EachKind for Sections<'_> {
    fn visit<T: Totals>(&mut self, owner: fn(usize) -> Option<Owner>, all: &[T::Told]) {
        self.all.push(section::<T>(self.outcome, owner, all));
    }
}

/// The table of a kind and the lines below it; the names of its resources stand before the columns.
fn section<T: Totals>(
    outcome: &Outcome,
    owner: fn(usize) -> Option<Owner>,
    all: &[T::Told],
) -> Option<Section> {
    let columns = columns::<T>();
    let side = |figure: &Figure<T>| if figure.unit == Unit::Text { Side::Left } else { Side::Right };
    let sides: Vec<Side> =
        std::iter::once(Side::Left).chain(columns.iter().map(|(_, _, figure)| side(figure))).collect();
    let mut table = Table::new(&sides);
    // What stands last says least.
    table.sparing(&(2..sides.len()).rev().collect::<Vec<_>>());
    let titles: Vec<&str> = std::iter::once("").chain(columns.iter().map(|(_, title, _)| *title)).collect();
    table.titles(&titles);
    let shown = |told: &&T::Told| T::is_shown(told);
    for (index, told) in all.iter().enumerate().filter(|(_, told)| shown(told)) {
        let cells = columns.iter().map(|(_, _, figure)| {
            let known = figure.estimate.as_ref();
            cell(figure, told, known.and_then(|known| outcome.estimate_of(known.name, owner(index)?)))
        });
        table.row(std::iter::once(T::name(told).into()).chain(cells));
    }
    let lines: Vec<String> = all.iter().filter(shown).filter_map(|told| line::<T>(told)).collect();
    let section = Section::new(T::TITLE, T::REMARK);
    match columns.is_empty() {
        // Of a kind without columns, only what should not be.
        true => (!lines.is_empty()).then(|| section.lines(lines)),
        false => all.iter().any(|told| shown(&told)).then(|| section.table(table).lines(lines)),
    }
}

/// The figures that have a column, with its position and its title, from left to right.
fn columns<T: Totals>() -> Vec<(u8, &'static str, &'static Figure<T>)> {
    let column = |figure: &'static Figure<T>| match figure.page {
        Page::Column { place, title, .. } => Some((place, title, figure)),
        Page::Line { .. } | Page::Not(_) => None,
    };
    let mut columns: Vec<_> = T::FIGURES.iter().filter_map(column).collect();
    columns.sort_by_key(|(place, ..)| *place);
    columns
}

/// A figure and, with several runs, its interval in the same unit.
fn cell<T: Totals>(figure: &Figure<T>, told: &T::Told, estimate: Option<&Estimate>) -> Cell {
    let Page::Column { cell, .. } = figure.page else { return "".into() };
    match cell(told) {
        Shown::Text(text) => text.into(),
        Shown::Number(value, unit) => known(value, unit, estimate).into(),
        Shown::AtMost(value) => format!("≤ {}", count(value as u64)).into(),
        Shown::Whole(part) => share(part).into(),
        Shown::PartOf(part, all) => {
            let known = Cell::from(known(part, figure.unit, estimate));
            let style = if part > 0.0 { WARNING } else { PLAIN };
            match all {
                0.0 => known.styled(style),
                all => known.followed(&format!(" ({})", share(part / all))).styled(style),
            }
        }
        Shown::Nothing => "–".into(),
    }
}

/// A value with its interval. That of another figure is none of it, such as that of the mean age beside a percentile of the age.
fn known(value: f64, unit: Unit, estimate: Option<&Estimate>) -> String {
    let is_of_it = |of: &Estimate| (of.value - value).abs() <= SAME * value.abs();
    let estimate = estimate.filter(|it| is_of_it(it));
    let interval = estimate.and_then(|estimate| estimate.interval);
    let supported = interval.map_or(value, |interval| supported(value, &interval));
    let width = |half_width| match unit {
        // In percentage points.
        Unit::Share => margin(100.0 * half_width),
        Unit::Millis => millis_margin(value, half_width),
        _ => margin(half_width),
    };
    format!("{}{}", shown(supported, unit), margin_of(estimate, width))
}

fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => tenths(value),
        Unit::Percent => percent(value),
        Unit::Millis => millis(value),
        Unit::Seconds => millis(1e3 * value),
        Unit::Usd => usd(value),
        Unit::Count => amount(value),
        Unit::PerSecond | Unit::Hours | Unit::Multiple | Unit::Text => number(value),
    }
}

/// The line of numbers that should be zero; none if all are.
fn line<T: Totals>(told: &T::Told) -> Option<String> {
    let part = |figure: &Figure<T>| match figure.page {
        Page::Line { before, noun, after, value } if value(told) > 0.0 => {
            let value = match figure.unit {
                Unit::Count => whole(value(told)),
                unit => shown(value(told), unit),
            };
            let counted = if noun.is_empty() { value } else { agreeing(value, noun) };
            Some(format!("{before}{counted} {after}").trim_end().to_owned())
        }
        _ => None,
    };
    let parts: Vec<String> = T::FIGURES.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("{}: {}", T::heading(told), parts.join(", ")))
}
