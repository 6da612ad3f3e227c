//! The pictures of databases: their load, and the lag of their replicas. In: rows and figures. Out: connections, CPU and lock
//! waits of each; lag and stale reads of those whose replicas are in use.

use super::record::{DatabaseOutcome, DatabaseSeries, VolumeSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Seen, Words, largest, peak};
use crate::measure::unit::Unit;
use crate::number;

/// Lag from which it is drawn, and stale reads over all reads of replicas. Assumption: with less, nobody looks for it.
const LAG_MS: f64 = 100.0;
const STALE: f64 = 0.001;
/// Part of the rows with a wait for a row lock, and the longest mean wait of a row, from which these waits are drawn. Assumption, as above.
const LOCK_ROWS: f64 = 0.2;
const LOCK_MS: f64 = 50.0;
/// Burst credits, percent, below which they are drawn: before that nobody looks for them. Assumption, as above.
const CREDITS: f64 = 99.0;

pub(super) const CHARTS: &[Chart<DatabaseSeries, DatabaseOutcome>] = &[LOAD, REPLICATION];

const LOAD: Chart<DatabaseSeries, DatabaseOutcome> = Chart {
    file: "database.png",
    title: "Database",
    shows: |_| true,
    news: |_| true,
    size: |database| database.told.reads + database.told.writes,
    panels: &[
        Panel {
            title: "Open connections, of replicas the mean of each",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[
                writer(Cells::All(|database| &database.writer_connections)),
                replicas(Cells::Made(of_each_replica)),
                Layer::new(
                    "limit of the writer",
                    Hue::Vermilion,
                    Form::Level(|database| database.max_connections),
                ),
                Layer::new("limit of a replica", Hue::Purple, Form::Level(limit_of_replica)),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Connections refused, in each row",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "refused",
                Hue::Vermilion,
                Form::Area(Cells::All(|database| &database.refused)),
            )],
            shown: Some(|database| peak(&database.refused) > 0.0),
            weight: 0.7,
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
            title: "I/Os of the volume of the writer a second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new(
                    "done",
                    Hue::Blue,
                    Form::Line(Cells::Made(|it| of_volume(it, |it| &it.writer_iops))),
                ),
                Layer::new(
                    "possible",
                    Hue::Vermilion,
                    Form::Line(Cells::Made(|it| of_volume(it, |it| &it.writer_iops_limit))),
                ),
            ],
            shown: Some(|database| !database.volume.is_empty()),
            weight: 0.8,
        },
        Panel {
            title: "Burst credits left",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                writer(Cells::Made(|it| of_volume(it, |it| &it.writer_credits_percent))),
                replicas(Cells::Made(|it| of_volume(it, |it| &it.replica_credits_percent))),
            ],
            shown: Some(|database| {
                database.volume.iter().any(|it| it.writer_credits_percent.iter().any(|left| *left < CREDITS))
            }),
            weight: 0.8,
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
            shown: Some(has_lock_waits),
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
    news: |database| {
        let told = database.told;
        told.lag_ms.max >= LAG_MS || told.stale_reads > STALE * told.replica_reads
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

/// A column of its volumes.
fn of_volume(database: &DatabaseSeries, of: fn(&VolumeSeries) -> &Vec<f64>) -> Vec<f64> {
    database.volume.first().map_or(Vec::new(), |it| of(it).clone())
}

/// Connections open on a replica, mean of those that can be read from.
fn of_each_replica(database: &DatabaseSeries) -> Vec<f64> {
    let replicas = |row: usize| database.replicas.get(row).copied().unwrap_or(1.0).max(1.0);
    database.replica_connections.iter().enumerate().map(|(row, open)| open / replicas(row)).collect()
}

/// If it is another one than that of the writer, and there are replicas.
fn limit_of_replica(database: &DatabaseOutcome) -> Option<f64> {
    database.replica_max_connections.filter(|_| {
        database.replica_reads > 0.0 && database.replica_max_connections != database.max_connections
    })
}

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

/// Whether row locks were waited for that often, or that long, that a line of it is more than a few dots.
fn has_lock_waits(database: &DatabaseSeries) -> bool {
    let waits = database.lock_wait_ms.iter().flatten();
    let often = waits.clone().count() as f64 >= LOCK_ROWS * database.lock_wait_ms.len() as f64;
    (often && waits.clone().count() > 0) || waits.fold(0.0f64, |most, wait| most.max(*wait)) >= LOCK_MS
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
