//! The pictures of databases: their load, and the lag of their replicas. In: rows and figures. Out: connections, CPU and lock
//! waits of each; lag and stale reads of those whose replicas are in use.

use super::record::{DatabaseOutcome, DatabaseSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Seen, Words, largest, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<DatabaseSeries, DatabaseOutcome>] = &[LOAD, REPLICATION];

const LOAD: Chart<DatabaseSeries, DatabaseOutcome> = Chart {
    file: "database.png",
    title: "Database",
    shows: |_| true,
    size: |database| database.told.reads + database.told.writes,
    panels: &[
        Panel {
            title: "Open connections",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[
                writer(Cells::All(|database| &database.writer_connections)),
                replicas(Cells::All(|database| &database.replica_connections)),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "CPU",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                writer(Cells::All(|database| &database.writer_cpu_percent)),
                replicas(Cells::All(|database| &database.replica_cpu_percent)),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Row lock wait",
            unit: Unit::Millis,
            scale: Scale::Log,
            layers: &[Layer::new(
                "mean lock wait",
                Hue::Purple,
                Form::Line(Cells::Gaps(|database| &database.lock_wait_ms)),
            )],
            shown: Some(|database| database.lock_wait_ms.iter().any(Option::is_some)),
            weight: 1.0,
        },
    ],
    words: Words {
        alone: |database| {
            let waits = match largest(database.series.lock_wait_ms.iter().copied()) {
                Some((_, wait)) => format!("mean lock wait up to {}", number::millis(wait)),
                None => "no wait for row locks".into(),
            };
            format!(
                "{} ({}): at most {} to the writer · CPU up to {} · {waits}",
                database.told.name,
                database.told.engine,
                number::agreeing(number::compact(f64::from(database.told.peak_connections)), "connection"),
                busiest(database.series),
            )
        },
        each: |database| format!("{}: CPU up to {}", database.told.name, busiest(database.series)),
        some: |drawn, all| format!("the busiest {drawn} of {all} databases · "),
    },
};

const REPLICATION: Chart<DatabaseSeries, DatabaseOutcome> = Chart {
    file: "replication.png",
    title: "Replica lag and stale reads",
    shows: |database| {
        let (series, told) = (database.series, database.told);
        told.replica_reads > 0.0 || peak(&series.lag_ms) > 0.0 || peak(&series.replica_connections) > 0.0
    },
    size: |database| database.told.stale_reads,
    panels: &[
        Panel {
            title: "Lag of the furthest replica",
            unit: Unit::Millis,
            scale: Scale::Log,
            layers: &[Layer::new(
                "replica lag",
                Hue::Orange,
                Form::Line(Cells::All(|database| &database.lag_ms)),
            )],
            shown: None,
            weight: 1.4,
        },
        Panel {
            title: "Stale reads per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "stale reads",
                Hue::Vermilion,
                Form::Area(Cells::All(|database| &database.stale_reads)),
            )],
            shown: None,
            weight: 1.0,
        },
    ],
    words: Words {
        alone: |database| {
            format!(
                "{} ({}): largest lag {}{} · {} of {} replica reads were stale",
                database.told.name,
                database.told.engine,
                number::millis(database.told.lag_ms.max),
                time_of_largest_lag(database),
                number::compact(database.told.stale_reads),
                number::compact(database.told.replica_reads),
            )
        },
        each: |database| {
            let lag = number::millis(database.told.lag_ms.max);
            format!("{} ({}): lag up to {lag}", database.told.name, database.told.engine)
        },
        some: |drawn, all| format!("{drawn} of {all} databases · "),
    },
};

const fn writer(cells: Cells<DatabaseSeries>) -> Layer<DatabaseSeries, DatabaseOutcome> {
    Layer::new("writer", Hue::Blue, Form::Line(cells))
}

/// Drawn if they are in use.
const fn replicas(cells: Cells<DatabaseSeries>) -> Layer<DatabaseSeries, DatabaseOutcome> {
    Layer {
        shown: Some(|database| {
            peak(&database.replica_connections) > 0.0 || peak(&database.replica_cpu_percent) > 0.0
        }),
        ..Layer::new("replicas", Hue::Orange, Form::Line(cells))
    }
}

/// CPU of the writer, or of the replicas if they were busier.
fn busiest(series: &DatabaseSeries) -> String {
    let (writer, replicas) = (peak(&series.writer_cpu_percent), peak(&series.replica_cpu_percent));
    match replicas > writer {
        true => format!("{} on the replicas", number::percent(replicas)),
        false => format!("{} on the writer", number::percent(writer)),
    }
}

/// ` at 12:30`.
fn time_of_largest_lag(database: &Seen<'_, DatabaseSeries, DatabaseOutcome>) -> String {
    let worst = largest(database.series.lag_ms.iter().copied().map(Some));
    let start = worst.and_then(|(row, _)| database.time_s.get(row));
    start.map_or(String::new(), |start| format!(" at {}", number::clock_of_span(*start, database.duration_s)))
}
