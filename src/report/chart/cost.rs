//! Chart: cost over the event. In: an outcome. Out: money spent so far and per hour.

use super::axis::Axis;
use super::figure::{Figure, Layer, Panel};
use super::palette;
use super::series::{Rows, whole};
use crate::measure::chart::peak;
use crate::number;
use crate::outcome::Outcome;

/// The chart, if anything cost money.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    if peak(&outcome.timeline.cost_usd) <= 0.0 {
        return None;
    }
    let rows = Rows::of(outcome);
    let panels = vec![vec![spent(outcome, &rows)], vec![spending(outcome, &rows)]];
    Some(Figure::over_time(outcome, "Cost over time", subtitle(outcome), panels))
}

fn spent(outcome: &Outcome, rows: &Rows) -> Panel {
    let column = &outcome.timeline.cost_usd;
    Panel {
        title: "Spent so far, US dollars".into(),
        y: Axis::linear(0.0, peak(column), number::usd_short),
        layers: vec![Layer::new("spent so far", palette::SPENT, rows.area(whole(column)))],
        weight: 1.0,
    }
}

fn spending(outcome: &Outcome, rows: &Rows) -> Panel {
    let column = &outcome.timeline.cost_usd;
    let before = std::iter::once(0.0).chain(column.iter().copied());
    let rate: Vec<f64> = column
        .iter()
        .zip(before)
        .zip(rows.spans())
        .map(
            |((after, before), (start, end))| {
                if end > start { (after - before) * 3_600.0 / (end - start) } else { 0.0 }
            },
        )
        .collect();
    Panel {
        title: "Spending, US dollars per hour".into(),
        y: Axis::linear(0.0, peak(&rate), number::usd_short),
        layers: vec![Layer::new("per hour", palette::SPENDING, rows.line(whole(&rate)))],
        weight: 1.0,
    }
}

fn subtitle(outcome: &Outcome) -> String {
    let bill = &outcome.bill;
    let each = bill.per_million_requests_usd;
    let each =
        each.map_or(String::new(), |usd| format!(" · {} per million requests", number::usd_short(usd)));
    let dearest = bill.items.iter().max_by(|a, b| a.usd.total_cmp(&b.usd));
    let dearest = dearest.map_or(String::new(), |item| {
        format!(" · largest item: {} {}", item.what, number::usd_short(item.usd))
    });
    format!("{} for the event{each}{dearest}", number::usd_short(bill.total_usd))
}
