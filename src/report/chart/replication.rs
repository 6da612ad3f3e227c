//! Chart: the lag of replicas, and the stale reads. In: an outcome. Out: lag and stale reads.

use super::axis::Axis;
use super::figure::{self, Figure, Layer, MOST, Panel};
use super::palette;
use super::series::{Rows, largest, peak, whole};
use crate::number;
use crate::kind::database::record::DatabaseSeries;
use crate::outcome::{DatabaseOutcome, Outcome};

/// The chart, if a database has replicas in use; the ones with most stale reads if there are too many.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let replicated = |(series, total): &(&DatabaseSeries, &DatabaseOutcome)| {
        total.replica_reads > 0.0 || peak(&series.lag_ms) > 0.0 || peak(&series.replica_connections) > 0.0
    };
    let mut databases: Vec<(&DatabaseSeries, &DatabaseOutcome)> =
        outcome.timeline.databases.iter().zip(&outcome.databases).filter(replicated).collect();
    if databases.is_empty() {
        return None;
    }
    let all = databases.len();
    if all > MOST {
        databases.sort_by(|(_, one), (_, other)| other.stale_reads.total_cmp(&one.stale_reads));
        databases.truncate(MOST);
    }
    let subtitle = subtitle(outcome, &rows, &databases, all);
    let panels = |(series, _): (&DatabaseSeries, &DatabaseOutcome)| {
        (series.name.clone(), vec![lag(&rows, series), stale_reads(&rows, series)])
    };
    let grid = figure::grid(databases.into_iter().map(panels).collect());
    Some(Figure::over_time(outcome, "Replica lag and stale reads", subtitle, grid))
}

fn lag(rows: &Rows, database: &DatabaseSeries) -> Panel {
    Panel {
        title: "Lag of the furthest replica (log scale)".into(),
        y: Axis::log(database.lag_ms.iter().copied(), number::millis),
        layers: vec![Layer::new("replica lag", palette::LAG, rows.line(whole(&database.lag_ms)))],
        weight: 1.4,
    }
}

fn stale_reads(rows: &Rows, database: &DatabaseSeries) -> Panel {
    Panel {
        title: "Stale reads per second".into(),
        y: Axis::linear(0.0, peak(&database.stale_reads), number::compact),
        layers: vec![Layer::new("stale reads", palette::STALE, rows.area(whole(&database.stale_reads)))],
        weight: 1.0,
    }
}

fn subtitle(
    outcome: &Outcome,
    rows: &Rows,
    databases: &[(&DatabaseSeries, &DatabaseOutcome)],
    all: usize,
) -> String {
    if let [(series, total)] = databases {
        let worst = largest(whole(&series.lag_ms)).and_then(|(row, _)| rows.spans().nth(row));
        let at = worst.map_or(String::new(), |(start, _)| {
            format!(" at {}", number::clock_of_span(start, outcome.scenario.duration_s))
        });
        return format!(
            "{} ({}): largest lag {}{at} · {} of {} replica reads were stale",
            total.name,
            total.engine,
            number::millis(total.lag_ms.max),
            number::compact(total.stale_reads),
            number::compact(total.replica_reads),
        );
    }
    let each = |(_, total): &(&DatabaseSeries, &DatabaseOutcome)| {
        format!("{} ({}): lag up to {}", total.name, total.engine, number::millis(total.lag_ms.max))
    };
    let list = databases.iter().map(each).collect::<Vec<_>>().join(" · ");
    match all > databases.len() {
        true => format!("{} of {all} databases · {list}", databases.len()),
        false => list,
    }
}
