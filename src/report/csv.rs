//! `timeline.csv`: one row a bucket, one column a series. In: an [`Outcome`]. Out: CSV text.
//!
//! A column is named by where it stands and what it counts: `fleet.web.cpu_percent`, `failed.client_timeout_per_s`.
//! Where a row has no value (a percentile without requests) the cell is empty.

use std::collections::BTreeSet;

use crate::outcome::Outcome;
use crate::outcome::timeline::{CacheSeries, DatabaseSeries, FleetSeries, ServiceSeries};

/// The timeline as CSV text with a header.
pub(super) fn timeline(outcome: &Outcome) -> String {
    let columns = columns(outcome);
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut write = |cells: Vec<&str>| writer.write_record(cells).expect("a vector takes rows of one length");
    write(columns.iter().map(|column| column.name.as_str()).collect());
    for row in 0..outcome.timeline.time_s.len() {
        write(columns.iter().map(|column| column.cells.get(row).map_or("", String::as_str)).collect());
    }
    let bytes = writer.into_inner().expect("a vector takes every byte");
    String::from_utf8(bytes).expect("cells are UTF-8")
}

struct Column {
    name: String,
    cells: Vec<String>,
}

/// What can stand in a cell: numbers, and numbers that may be missing.
trait Cell {
    fn text(&self) -> String;
}

impl Cell for f64 {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Cell for u32 {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Cell for u64 {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Cell for Option<f64> {
    fn text(&self) -> String {
        self.map_or_else(String::new, |value| value.to_string())
    }
}

#[derive(Default)]
struct Columns {
    columns: Vec<Column>,
    names: BTreeSet<String>,
}

impl Columns {
    /// Adds a column; of several that would have one name, as of `a b` and `a-b`, the later ones get a number.
    fn add<T: Cell>(&mut self, name: impl Into<String>, series: &[T]) {
        let mut name: String = name.into();
        if self.names.contains(&name) {
            let free = (2..).map(|number| format!("{name}_{number}")).find(|name| !self.names.contains(name));
            name = free.unwrap_or(name);
        }
        self.names.insert(name.clone());
        self.columns.push(Column { name, cells: series.iter().map(Cell::text).collect() });
    }
}

fn columns(outcome: &Outcome) -> Vec<Column> {
    let timeline = &outcome.timeline;
    let mut columns = Columns::default();
    columns.add("time_s", &timeline.time_s);
    columns.add("offered_per_s", &timeline.offered);
    columns.add("completed_per_s", &timeline.completed);
    columns.add("attempts_per_s", &timeline.attempts);
    for (cause, series) in &timeline.failed {
        columns.add(format!("failed.{}_per_s", slug(cause)), series);
    }
    columns.add("in_flight", &timeline.in_flight);
    for (percentile, series) in &timeline.latency_ms {
        columns.add(format!("latency.{percentile}_ms"), series);
    }
    for (part, stages) in [("slow", &timeline.slow_ms), ("mean", &timeline.mean_ms)] {
        for (stage, series) in outcome.stages.iter().zip(stages) {
            columns.add(format!("{part}.{}_ms", slug(&stage.label)), series);
        }
    }
    columns.add("cost_usd", &timeline.cost_usd);
    timeline.fleets.iter().for_each(|fleet| add_fleet(&mut columns, fleet));
    timeline.caches.iter().for_each(|cache| add_cache(&mut columns, cache));
    timeline.databases.iter().for_each(|database| add_database(&mut columns, database));
    timeline.services.iter().for_each(|service| add_service(&mut columns, service));
    columns.columns
}

fn add_fleet(columns: &mut Columns, fleet: &FleetSeries) {
    let name = |column: &str| format!("fleet.{}.{column}", fleet.name);
    columns.add(name("pending"), &fleet.pending);
    columns.add(name("warming"), &fleet.warming);
    columns.add(name("in_service"), &fleet.in_service);
    columns.add(name("terminating"), &fleet.terminating);
    columns.add(name("desired"), &fleet.desired);
    columns.add(name("unhealthy"), &fleet.unhealthy);
    columns.add(name("serving"), &fleet.serving);
    columns.add(name("cpu_percent"), &fleet.cpu_percent);
    columns.add(name("cpu_waiting"), &fleet.cpu_waiting);
    columns.add(name("threads_busy"), &fleet.threads_busy);
    columns.add(name("backlog"), &fleet.backlog);
    columns.add(name("refused_per_s"), &fleet.refused);
    for pool in &fleet.pools {
        let name = |column: &str| name(&format!("pool.{}.{}.{column}", pool.database, pool.role));
        columns.add(name("used_percent"), &pool.used_percent);
        columns.add(name("waiting"), &pool.waiting);
    }
}

fn add_cache(columns: &mut Columns, cache: &CacheSeries) {
    let name = |column: &str| format!("cache.{}.{column}", cache.name);
    columns.add(name("lookups_per_s"), &cache.lookups);
    columns.add(name("hit_ratio"), &cache.hit_ratio);
    columns.add(name("evictions_per_s"), &cache.evictions);
    columns.add(name("fill_percent"), &cache.fill_percent);
    columns.add(name("busy_percent"), &cache.busy_percent);
}

fn add_database(columns: &mut Columns, database: &DatabaseSeries) {
    let name = |column: &str| format!("database.{}.{column}", database.name);
    columns.add(name("writer_cpu_percent"), &database.writer_cpu_percent);
    columns.add(name("replica_cpu_percent"), &database.replica_cpu_percent);
    columns.add(name("writer_waiting"), &database.writer_waiting);
    columns.add(name("replica_waiting"), &database.replica_waiting);
    columns.add(name("writer_connections"), &database.writer_connections);
    columns.add(name("replica_connections"), &database.replica_connections);
    columns.add(name("refused"), &database.refused);
    columns.add(name("writer_active"), &database.writer_active);
    columns.add(name("lock_waiting"), &database.lock_waiting);
    columns.add(name("lock_wait_ms"), &database.lock_wait_ms);
    columns.add(name("reads_per_s"), &database.reads);
    columns.add(name("writes_per_s"), &database.writes);
    columns.add(name("lag_ms"), &database.lag_ms);
    columns.add(name("stale_reads_per_s"), &database.stale_reads);
}

fn add_service(columns: &mut Columns, service: &ServiceSeries) {
    columns.add(format!("service.{}.busy_percent", service.name), &service.busy_percent);
    columns.add(format!("service.{}.waiting", service.name), &service.waiting);
    columns.add(format!("service.{}.refused_per_s", service.name), &service.refused);
}

/// Words for a column name: `502 connection reset` becomes `502_connection_reset`.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    #[test]
    fn every_row_has_a_cell_for_every_column() {
        let text = timeline(&sample::outcome());
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let names: BTreeSet<&str> = header.iter().collect();
        assert_eq!(names.len(), header.len(), "two columns have one name");
        for name in [
            "time_s",
            "failed.client_timeout_per_s",
            "latency.p99_ms",
            "slow.waiting_for_a_connection_to_orders_on_web_ms",
            "fleet.web.cpu_percent",
            "fleet.web.pool.orders.writer.waiting",
            "cache.catalog.hit_ratio",
            "database.orders.lag_ms",
            "service.payment.busy_percent",
        ] {
            assert!(names.contains(name), "{name}");
        }
        // The reader refuses rows of another length than the header's.
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.len(), sample::ROWS);
        assert_eq!(&rows[11][0], "110");
    }

    #[test]
    fn names_that_would_be_one_are_told_apart() {
        let mut outcome = sample::outcome();
        for (index, service) in ["a b", "a-b", "a_b", "a b 2 ms"].into_iter().enumerate() {
            outcome.stages[index].label = format!("at {service}");
        }
        let text = timeline(&outcome);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let names: BTreeSet<&str> = header.iter().collect();
        assert_eq!(names.len(), header.len(), "two columns have one name: {header:?}");
        for name in ["slow.at_a_b_ms", "slow.at_a_b_ms_2", "slow.at_a_b_ms_3", "mean.at_a_b_ms_3"] {
            assert!(names.contains(name), "{name} in {header:?}");
        }
    }

    #[test]
    fn a_missing_value_is_an_empty_cell() {
        let mut outcome = sample::outcome();
        outcome.timeline.latency_ms.get_mut("p99").unwrap()[2] = None;
        let text = timeline(&outcome);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let p99 = reader.headers().unwrap().iter().position(|name| name == "latency.p99_ms").unwrap();
        let cells: Vec<String> = reader.records().map(|row| row.unwrap()[p99].to_string()).collect();
        assert_eq!(cells[1..4], ["40", "", "40"]);
    }
}
