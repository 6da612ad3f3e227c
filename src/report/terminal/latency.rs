//! Percentiles of all requests and of each class. In: an [`Outcome`]. Out: one table.

use super::heading;
use crate::outcome::figure::{count, millis};
use crate::outcome::{Latency, Outcome};
use crate::report::table::{Cell, Side, Table};
use crate::units::Time;

pub(super) fn section(outcome: &Outcome) -> String {
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.titles(&["", "p50", "p90", "p95", "p99", "p99.9", "p99.99", "max", "mean", "requests"]);
    table.row(row("all", &outcome.latency_ms));
    if outcome.classes.len() > 1 {
        for class in &outcome.classes {
            table.row(row(&class.name, &class.latency_ms));
        }
    }
    let remark = match outcome.scenario.warmup_s > 0.0 {
        true => {
            format!(
                "of completed requests, without the first {}",
                Time::from_secs_f64(outcome.scenario.warmup_s)
            )
        }
        false => "of completed requests".into(),
    };
    format!("{}{table}", heading("Latency", &remark))
}

fn row(name: &str, latency: &Latency) -> Vec<Cell> {
    let values = [
        latency.p50,
        latency.p90,
        latency.p95,
        latency.p99,
        latency.p99_9,
        latency.p99_99,
        latency.max,
        latency.mean,
    ];
    let shown = |value: f64| if latency.count > 0 { millis(value) } else { "–".into() };
    let values = values.into_iter().map(|value| Cell::from(shown(value)));
    [Cell::from(name)].into_iter().chain(values).chain([Cell::from(count(latency.count))]).collect()
}
