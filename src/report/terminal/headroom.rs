//! How far from saturation. In: an [`Outcome`]. Out: a line for each resource, the nearest limit first and in words.

use super::heading;
use crate::outcome::figure::{clock, number, tenths, times};
use crate::outcome::{Headroom, Outcome};
use crate::report::table::{BAD, Cell, PLAIN, QUIET, Side, Table, WARNING};

/// Resources that are shown.
const MOST: usize = 6;
/// Times the traffic of the run below which a limit is near.
const NEAR: f64 = 1.5;

pub(super) fn section(outcome: &Outcome) -> Option<String> {
    let used: Vec<&Headroom> =
        outcome.headroom.iter().filter(|it| it.as_it_stood.multiplier.is_some()).collect();
    let nearest = used.first()?;
    let mut table = Table::new(&[Side::Left, Side::Right]);
    let titles = ["", "peak", "when", "full at", "full at max size", "instances"];
    let grows = used.iter().take(MOST).any(|it| it.at_maximum.is_some());
    table.titles(&titles[..if grows { 6 } else { 4 }]);
    for headroom in used.iter().take(MOST) {
        table.row(row(headroom));
    }
    if let Some(next) = used.get(MOST) {
        let further = format!("{} more, from {}", used.len() - MOST, limit(next));
        table.row([Cell::new(format!("… {further}"), QUIET)]);
    }
    let remark = "estimated from the busiest minutes; assumes the same mix, hit ratios and response times";
    Some(format!("{}{table}  nearest limit: {}\n", heading("Headroom", remark), sentence(nearest)))
}

fn row(headroom: &Headroom) -> Vec<Cell> {
    let style = match headroom.limit() {
        _ if headroom.saturated => BAD,
        Some(limit) if limit < NEAR => WARNING,
        _ => PLAIN,
    };
    let load = &headroom.as_it_stood;
    let mut cells: Vec<Cell> = vec![
        headroom.resource.as_str().into(),
        tenths(load.busy).into(),
        clock(load.at_s).into(),
        match (headroom.saturated, load.multiplier, headroom.at_maximum) {
            (true, ..) => Cell::new("saturated", BAD),
            (false, Some(multiplier), None) => Cell::new(times(multiplier), style),
            // Auto Scaling will not leave it at that.
            (false, Some(multiplier), Some(_)) => times(multiplier).into(),
            (false, None, _) => "–".into(),
        },
    ];
    if let Some((multiplier, most)) = headroom.at_maximum.and_then(|it| Some((it.multiplier?, it.instances?)))
    {
        cells.push(Cell::new(times(multiplier), style));
        cells.push(number(most).into());
    }
    cells
}

fn limit(headroom: &Headroom) -> String {
    headroom.limit().map_or("–".into(), times)
}

fn sentence(nearest: &Headroom) -> String {
    let name = &nearest.resource;
    let largest = nearest.at_maximum.and_then(|it| Some((it.multiplier?, it.instances?)));
    match (nearest.saturated, largest) {
        (true, None) => format!("{name} was saturated: no more traffic fits"),
        (true, Some((multiplier, most))) => format!(
            "{name} was saturated; all {} instances would be so at {} of this traffic",
            number(most),
            times(multiplier)
        ),
        (false, None) => format!("{name} saturates at {} of this traffic", limit(nearest)),
        (false, Some((multiplier, most))) => format!(
            "{name} saturates at {} of this traffic, with all {} instances",
            times(multiplier),
            number(most)
        ),
    }
}
