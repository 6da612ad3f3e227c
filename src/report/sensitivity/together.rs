//! How inputs work together. In: the elementary effects on a figure. Out: a table, the largest first.

use super::{MOST_INPUTS, more};
use crate::number::counted;
use crate::outcome::estimate::Better;
use crate::report::section::Section;
use crate::report::sweep;
use crate::report::table::{Cell, QUIET, Side as Align, Table};
use crate::sensitivity::{OfFigure, Sensitivity};
use crate::study::Figure;

/// Least part of a sigma over its mu* that says that an input works together with others.
const TOGETHER: f64 = 0.5;

/// The elementary effects on a figure.
pub(super) fn together(found: &Sensitivity, of: &OfFigure, whole: bool) -> Option<Section> {
    let moving: Vec<_> = of.inputs.iter().filter(|it| it.mu_star > 0.0).collect();
    if moving.is_empty() {
        return None;
    }
    let shown = if whole { moving.len() } else { MOST_INPUTS };
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right, Align::Right, Align::Left]);
    table.titles(&["input", "mu*", "mu", "sigma", "reads as"]);
    let value = |value: f64| {
        let figure = Figure {
            name: String::new(),
            unit: of.unit,
            better: Better::Neither,
            value: value.abs(),
            interval: None,
        };
        format!("{}{}", if value < 0.0 { "−" } else { "" }, sweep::value(&figure))
    };
    for input in moving.iter().take(shown) {
        let bends = input.sigma.is_some_and(|it| it > TOGETHER * input.mu_star);
        table.row([
            input.path.as_str().into(),
            Cell::from(value(input.mu_star)),
            value(input.mu).into(),
            input.sigma.map_or("–".into(), value).into(),
            Cell::new(if bends { "depends on others, or bends" } else { "nearly a straight line" }, QUIET),
        ]);
    }
    let ways = found.morris.as_ref().map_or(0, |it| it.trajectories);
    let remark = format!("over the whole span, {} (Morris)", counted(u64::from(ways), "way"));
    Some(Section::new(format!("{} together", of.figure), remark).table(table).styled(
        more(moving.len(), shown),
        QUIET,
        None,
    ))
}
