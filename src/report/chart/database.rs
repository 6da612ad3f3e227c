//! Chart: the load of the databases. In: an outcome. Out: connections, CPU and lock waits of each.

use super::axis::Axis;
use super::figure::{self, Figure, Layer, MOST, Panel};
use super::palette;
use super::series::{Rows, largest, peak, whole};
use crate::number;
use crate::kind::database::record::DatabaseSeries;
use crate::outcome::{DatabaseOutcome, Outcome};

/// The chart, if there is a database; the busiest ones if there are too many.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let mut databases: Vec<(&DatabaseSeries, &DatabaseOutcome)> =
        outcome.timeline.databases.iter().zip(&outcome.databases).collect();
    if databases.is_empty() {
        return None;
    }
    let all = databases.len();
    if all > MOST {
        let statements = |total: &DatabaseOutcome| total.reads + total.writes;
        databases.sort_by(|(_, one), (_, other)| statements(other).total_cmp(&statements(one)));
        databases.truncate(MOST);
    }
    let subtitle = subtitle(&databases, all);
    // Every row has the same panels, so that columns are aligned.
    let locks = databases.iter().any(|(series, _)| series.lock_wait_ms.iter().any(Option::is_some));
    let panels = |(series, _): (&DatabaseSeries, &DatabaseOutcome)| {
        let mut panels = vec![connections(&rows, series), cpu(&rows, series)];
        if locks {
            panels.push(lock_wait(&rows, series));
        }
        (series.name.clone(), panels)
    };
    let grid = figure::grid(databases.into_iter().map(panels).collect());
    Some(Figure::over_time(outcome, "Database", subtitle, grid))
}

fn connections(rows: &Rows, database: &DatabaseSeries) -> Panel {
    let high = peak(&database.writer_connections).max(peak(&database.replica_connections));
    let layers = pair(rows, database, &database.writer_connections, &database.replica_connections);
    Panel { title: "Open connections".into(), y: Axis::counts(high), layers, weight: 1.0 }
}

fn cpu(rows: &Rows, database: &DatabaseSeries) -> Panel {
    let layers = pair(rows, database, &database.writer_cpu_percent, &database.replica_cpu_percent);
    Panel { title: "CPU".into(), y: Axis::percent(), layers, weight: 1.0 }
}

fn lock_wait(rows: &Rows, database: &DatabaseSeries) -> Panel {
    let waits = || database.lock_wait_ms.iter().copied();
    Panel {
        title: "Row lock wait (log scale)".into(),
        y: Axis::log(waits().flatten(), number::millis),
        layers: vec![Layer::new("mean lock wait", palette::LOCKS, rows.line(waits()))],
        weight: 1.0,
    }
}

/// The writer's line, and the replicas' if there are any.
fn pair<T: Copy + Into<f64>>(
    rows: &Rows,
    database: &DatabaseSeries,
    writer: &[T],
    replicas: &[T],
) -> Vec<Layer> {
    let mut layers = vec![Layer::new("writer", palette::WRITER, rows.line(whole(writer)))];
    if peak(&database.replica_connections) > 0.0 || peak(&database.replica_cpu_percent) > 0.0 {
        layers.push(Layer::new("replicas", palette::REPLICAS, rows.line(whole(replicas))));
    }
    layers
}

/// CPU of the writer, and of the replicas if they were busier.
fn busiest(series: &DatabaseSeries) -> String {
    let (writer, replicas) = (peak(&series.writer_cpu_percent), peak(&series.replica_cpu_percent));
    match replicas > writer {
        true => format!("{} on the replicas", number::percent(replicas)),
        false => format!("{} on the writer", number::percent(writer)),
    }
}

fn subtitle(databases: &[(&DatabaseSeries, &DatabaseOutcome)], all: usize) -> String {
    if let [(series, total)] = databases {
        let waits = match largest(series.lock_wait_ms.iter().copied()) {
            Some((_, wait)) => format!("mean lock wait up to {}", number::millis(wait)),
            None => "no wait for row locks".into(),
        };
        return format!(
            "{} ({}): at most {} connections to the writer · CPU up to {} · {waits}",
            total.name,
            total.engine,
            number::compact(f64::from(total.peak_connections)),
            busiest(series),
        );
    }
    let each = |(series, total): &(&DatabaseSeries, &DatabaseOutcome)| {
        format!("{}: CPU up to {}", total.name, busiest(series))
    };
    let list = databases.iter().map(each).collect::<Vec<_>>().join(" · ");
    match all > databases.len() {
        true => format!("the busiest {} of {all} databases · {list}", databases.len()),
        false => list,
    }
}
