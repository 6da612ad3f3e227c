//! What is kept of a database: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a database, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::language::shape::Key;
use crate::measure::bounded::{Bounded, Rule};
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{
    self, Estimated, Figure, Page, Shown, counter, per_run, setting, share, share_of_some,
};
use crate::measure::histogram::Histogram;
use crate::measure::latency::Latency;
use crate::measure::unit::{Better, Unit};
use crate::measure::writes::Writes;

mod far;
mod global;
mod log;
mod proxy;
mod serverless;
mod volume;

pub use far::FarSeries;
pub use global::GlobalSeries;
pub use log::LogSeries;
pub use proxy::ProxySeries;
pub use serverless::ServerlessSeries;
pub use volume::VolumeSeries;

pub use self::{DatabaseOutcome as Outcome, DatabaseSeries as Series, DatabaseTotals as Totals};

/// One database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DatabaseSeries {
    /// The name that the file gives it.
    pub name: String,
    /// CPU utilisation of the writer over the row, percent.
    pub writer_cpu_percent: Vec<f64>,
    /// Replicas that could be read from, mean over the row.
    #[serde(default)]
    pub replicas: Vec<f64>,
    /// CPU utilisation of the replicas that could be read from over the row, mean, percent; zeros without such replicas.
    pub replica_cpu_percent: Vec<f64>,
    /// Statements on the writer beyond its cores, which they share, mean over the row.
    #[serde(default)]
    pub writer_waiting: Vec<f64>,
    /// Statements on the replicas beyond their cores, all replicas together, mean over the row.
    #[serde(default)]
    pub replica_waiting: Vec<f64>,
    /// Connections open on the writer, end of the row.
    pub writer_connections: Vec<f64>,
    /// Connections open on all replicas, end of the row.
    pub replica_connections: Vec<f64>,
    /// Connections that were refused at the limit of a node in the row.
    #[serde(default)]
    pub refused: Vec<f64>,
    /// Statements executing or waiting on the writer, mean over the row.
    pub writer_active: Vec<f64>,
    /// Transactions waiting for a row lock, mean over the row.
    pub lock_waiting: Vec<f64>,
    /// Part of the row for which the row of a table was locked that was locked longest, percent; with `batch`, as far as a batch was full.
    #[serde(default)]
    pub hot_row_percent: Vec<f64>,
    /// Mean wait of the row locks granted in the row, milliseconds; empty where none waited.
    pub lock_wait_ms: Vec<Option<f64>>,
    /// Statements per second that read.
    pub reads: Vec<f64>,
    /// Statements per second that write.
    pub writes: Vec<f64>,
    /// Largest lag of a replica in the row, milliseconds: of writes of the row, and of earlier ones that had not arrived.
    pub lag_ms: Vec<f64>,
    /// Reads per second on replicas that missed a write which had not arrived there.
    pub stale_reads: Vec<f64>,
    /// Reads on replicas that missed what their own user, or their own request, had written, per second.
    #[serde(default)]
    pub own_stale_reads: Vec<f64>,
    /// Largest age of what a read on a replica saw in the row, milliseconds: since the first write that it missed.
    #[serde(default)]
    pub read_age_ms: Vec<f64>,
    /// Busy share of the threads that apply the log on the replicas that are there, mean, percent; zeros where there are none.
    #[serde(default)]
    pub apply_percent: Vec<f64>,
    /// Commits that have arrived on a replica and wait for an applier, all replicas together, mean over the row.
    #[serde(default)]
    pub apply_waiting: Vec<f64>,
    /// The proxy of the database, if it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proxy: Vec<ProxySeries>,
    /// The log of the database, if each commit takes time of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<LogSeries>,
    /// The capacity of the database, if it is serverless.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acus: Vec<ServerlessSeries>,
    /// The volumes of the database, if they can run out of I/Os.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volume: Vec<VolumeSeries>,
    /// The second Region of the database, if it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub global: Vec<GlobalSeries>,
    /// The nodes in the Region that does not write, if callers there read at them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub far: Vec<FarSeries>,
}

/// Totals of a database.
#[derive(Clone, Debug, Default)]
pub struct DatabaseTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Engine, as the file has it.
    pub engine: String,
    /// Read statements.
    pub reads: u64,
    /// Write statements.
    pub writes: u64,
    /// Committed transactions, autocommit writes included.
    pub commits: u64,
    /// Transactions that ended by lock wait timeout.
    pub lock_timeouts: u64,
    /// Transactions that ended as deadlock victims.
    pub deadlocks: u64,
    /// Connections refused at the limit.
    pub connections_refused: u64,
    /// Connections that pools have made during the run.
    pub connections_made: u64,
    /// Waits of the requests that got a connection to the writer, in all pools.
    pub writer_wait: Histogram,
    /// The same, to the reader endpoint.
    pub reader_wait: Histogram,
    /// Waits of the requests that got a connection of its proxy.
    pub proxy_wait: Histogram,
    /// Requests that got none in time.
    pub proxy_timeouts: u64,
    /// Commits that were under way when their connection broke.
    pub unknown_commits: u64,
    /// Writes that came to a node that only reads.
    pub read_only: u64,
    /// Commits that were answered and that the node which took over did not have.
    pub lost_commits: u64,
    /// How far back they go: from the earliest of them to the instant that they were lost, nanoseconds.
    pub lost_span: u64,
    /// Commits of writes that had been committed for the same request or message before.
    pub doubled_commits: u64,
    /// From a commit until the second Region has it.
    pub global_lag: Histogram,
    /// Most connections open on the writer at once.
    pub peak_connections: u32,
    /// Connections that the writer takes at most.
    pub max_connections: Option<f64>,
    /// Connections that a replica takes at most.
    pub replica_max_connections: Option<f64>,
    /// Reads that a replica answered.
    pub replica_reads: u64,
    /// Replica reads of a key whose last write had not reached that replica.
    pub stale_reads: u64,
    /// Those that missed what the same user, or the same request, had written.
    pub own_stale_reads: u64,
    /// How old what replicas answered with was; nothing where it was up to date.
    pub read_age: Histogram,
    /// From commit to visible on a replica, of every write on every replica.
    pub lag: Histogram,
    /// Statements that waited for a row lock.
    pub lock_waits: u64,
    /// Nanoseconds that they waited.
    pub lock_waited: u64,
    /// Pages found in the buffer pool.
    pub pages_hit: u64,
    /// Pages touched; none without a buffer pool.
    pub pages: u64,
}

/// Totals of a database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DatabaseOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// The engine of the database, as the file has it.
    pub engine: String,
    /// Statements that read.
    pub reads: f64,
    /// Statements that write.
    pub writes: f64,
    /// Committed transactions, autocommit writes included.
    pub commits: f64,
    /// Transactions that ended by lock wait timeout.
    pub lock_timeouts: f64,
    /// Transactions that ended as deadlock victims.
    pub deadlocks: f64,
    /// Connections refused at the limit.
    pub connections_refused: f64,
    /// Connections that pools have made during the run.
    #[serde(default, skip_serializing_if = "is_none")]
    pub connections_made: f64,
    /// Waits of the requests that got a connection to the writer, in all pools.
    #[serde(default)]
    pub writer_wait_ms: Latency,
    /// Waits of the requests that got a connection to the reader endpoint, in all pools.
    #[serde(default)]
    pub reader_wait_ms: Latency,
    /// Waits of the requests that got a connection of the proxy; absent without a proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy_wait_ms: Option<Latency>,
    /// Requests that got no connection of the proxy in time.
    #[serde(default, skip_serializing_if = "is_none")]
    pub proxy_timeouts: f64,
    /// Commits that were under way when their connection broke: their clients cannot know whether they are durable.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unknown_commits: f64,
    /// Writes that came to a node that only reads, by an old address.
    #[serde(default, skip_serializing_if = "is_none")]
    pub read_only: f64,
    /// Commits that were answered and that the node which took over did not have.
    #[serde(default, skip_serializing_if = "is_none")]
    pub lost_commits: f64,
    /// How far back lost commits go at most: from the earliest of those that were lost to the instant of the loss, seconds.
    #[serde(default, skip_serializing_if = "is_none")]
    pub lost_span_s: f64,
    /// Commits of writes that had been committed before, for a request or message that was tried again.
    #[serde(default, skip_serializing_if = "is_none")]
    pub doubled_commits: f64,
    /// From a commit until the second Region has it; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_lag_ms: Option<Latency>,
    /// Most connections open on the writer at once in any run.
    pub peak_connections: u32,
    /// Connections that the writer takes at most; absent in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<f64>,
    /// Connections that a replica takes at most; absent in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica_max_connections: Option<f64>,
    /// Reads that a replica answered.
    pub replica_reads: f64,
    /// Replica reads of a key whose last write had not reached that replica.
    pub stale_reads: f64,
    /// Reads on replicas that missed what their own user, or their own request, had written.
    #[serde(default, skip_serializing_if = "is_none")]
    pub own_stale_reads: f64,
    /// How old what replicas answered with was: since the first write that the read missed, nothing where it missed none; absent where all
    /// reads were up to date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_age_ms: Option<Latency>,
    /// Lag of replicas: from a commit until it is visible on a replica, of every write on every replica.
    pub lag_ms: Latency,
    /// Mean wait of the statements that waited for a row lock.
    pub mean_lock_wait_ms: f64,
    /// Pages that were in memory over all pages that statements touched; absent without a buffer pool.
    pub buffer_hit_ratio: Option<f64>,
}

/// A wait of less than a microsecond is none.
fn seen(ms: f64) -> f64 {
    if ms < 0.001 { 0.0 } else { ms }
}

/// What is not there is not written.
fn is_none(value: &f64) -> bool {
    *value == 0.0
}

impl column::Series for DatabaseSeries {
    const KIND: &'static str = "database";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<DatabaseSeries>] = &[
        column!(writer_cpu_percent, Percent),
        column!(replicas, Count),
        column!(Shared replica_cpu_percent, Percent, by replicas),
        column!(writer_waiting, Count),
        column!(replica_waiting, Count),
        column!(writer_connections, Count),
        column!(replica_connections, Count),
        column!(refused, Count),
        column!(writer_active, Count),
        column!(lock_waiting, Count),
        column!(hot_row_percent, Percent),
        // What locks rows writes.
        column!(lock_wait_ms, Millis, by writes),
        column!(reads, PerSecond),
        column!(writes, PerSecond),
        column!(Worst lag_ms, Millis),
        column!(stale_reads, PerSecond),
        column!(own_stale_reads, PerSecond),
        column!(Worst read_age_ms, Millis),
        column!(Shared apply_percent, Percent, by replicas),
        column!(apply_waiting, Count),
        column!(parts proxy),
        column!(parts log),
        column!(parts acus),
        column!(parts volume),
        column!(parts global),
        column!(parts far),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for DatabaseTotals {
    type Series = DatabaseSeries;
    type Told = DatabaseOutcome;
    const TITLE: &'static str = "Databases";
    const FIGURES: &'static [Figure<DatabaseTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        setting!(
            engine,
            Text,
            Page::Column {
                place: 0,
                title: "engine",
                unit: Unit::Text,
                about: "",
                cell: |told| Shown::Text(&told.engine)
            }
        ),
        counter!(reads at 1, "reads"),
        counter!(writes at 2, "writes"),
        counter!(commits, Page::Not("nearly all of them are writes")),
        Figure {
            name: "mean_lock_wait_ms",
            unit: Unit::Millis,
            add: |sum, more| {
                sum.lock_waits += more.lock_waits;
                sum.lock_waited += more.lock_waited;
            },
            tell: |told, of, _| told.mean_lock_wait_ms = share(of.lock_waited, of.lock_waits) / 1e6,
            page: Page::Line {
                before: "row locks waited ",
                noun: "",
                after: "on average",
                value: |told| told.mean_lock_wait_ms,
            },
            estimate: None,
        },
        counter!(lock_timeouts below, "lock wait timeout", ""),
        counter!(deadlocks below, "deadlock victim", ""),
        counter!(connections_refused below, "connection", "refused"),
        counter!(connections_made below, "connection", "opened during the run"),
        wait(
            "writer_wait_ms",
            "for a connection to the writer",
            |sum, more| sum.writer_wait.merge(&more.writer_wait),
            |told, of, _| told.writer_wait_ms = (&of.writer_wait).into(),
            |told| seen(told.writer_wait_ms.p99),
        ),
        wait(
            "reader_wait_ms",
            "for a connection to a replica",
            |sum, more| sum.reader_wait.merge(&more.reader_wait),
            |told, of, _| told.reader_wait_ms = (&of.reader_wait).into(),
            |told| seen(told.reader_wait_ms.p99),
        ),
        wait(
            "proxy_wait_ms",
            "for a connection of the proxy",
            |sum, more| sum.proxy_wait.merge(&more.proxy_wait),
            |told, of, _| {
                told.proxy_wait_ms = (of.proxy_wait.count() > 0).then(|| (&of.proxy_wait).into());
            },
            |told| told.proxy_wait_ms.as_ref().map_or(0.0, |wait| seen(wait.p99)),
        ),
        counter!(proxy_timeouts below, "request", "got no connection of the proxy in time"),
        counter!(unknown_commits below, "commit", "under way when the connection broke, done or not"),
        counter!(lost_commits below, "commit", "lost, which the node that took over did not have"),
        Figure {
            name: "lost_span_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.lost_span += more.lost_span,
            tell: |told, of, runs| told.lost_span_s = per_run(of.lost_span, runs) / 1e9,
            page: Page::Line {
                before: "the first of these was made ",
                noun: "",
                after: "before the writer stopped",
                value: |told| told.lost_span_s,
            },
            estimate: None,
        },
        counter!(doubled_commits below, "write", "committed once more for a request or a message that was tried or delivered again"),
        Figure {
            name: "global_lag_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.global_lag.merge(&more.global_lag),
            tell: |told, of, _| {
                told.global_lag_ms = (of.global_lag.count() > 0).then(|| (&of.global_lag).into());
            },
            page: Page::Line {
                before: "99 of 100 commits took at most ",
                noun: "",
                after: "to be in the second Region",
                value: |told| told.global_lag_ms.as_ref().map_or(0.0, |lag| seen(lag.p99)),
            },
            estimate: None,
        },
        counter!(read_only below, "write", "sent to the old writer, which only reads"),
        setting!(max_connections, Count, Page::Not("a chart has it as a line")),
        setting!(replica_max_connections, Count, Page::Not("a chart has it as a line")),
        Figure {
            name: "peak_connections",
            unit: Unit::Count,
            add: |sum, more| sum.peak_connections = sum.peak_connections.max(more.peak_connections),
            tell: |told, of, _| told.peak_connections = of.peak_connections,
            page: Page::Column {
                place: 3,
                title: "connections",
                unit: Unit::Count,
                about: "The most connections that were open on the writer at once, in the run that had most. `≤` stands before the number.",
                cell: |told| Shown::AtMost(told.peak_connections.into()),
            },
            estimate: None,
        },
        counter!(replica_reads at 4, "on replicas"),
        Figure {
            estimate: Some(Estimated {
                name: "stale_reads",
                words: "stale reads of",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| Some(per_run(of.stale_reads, runs)),
            }),
            ..counter!(
                stale_reads,
                Page::Column {
                    place: 5,
                    title: "stale reads",
                    unit: Unit::Count,
                    about: "Reads on replicas of a key whose last write had not arrived there, and in brackets which part of all reads on replicas that is, in percent.",
                    cell: |told| Shown::PartOf(told.stale_reads, told.replica_reads),
                }
            )
        },
        counter!(own_stale_reads below, "read", "missed what the same user or request had written"),
        Figure {
            name: "read_age_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.read_age.merge(&more.read_age),
            tell: |told, of, _| told.read_age_ms = (of.stale_reads > 0).then(|| (&of.read_age).into()),
            page: Page::Line {
                before: "99 of 100 reads on replicas saw data that was at most ",
                noun: "",
                after: "old",
                value: |told| told.read_age_ms.as_ref().map_or(0.0, |age| seen(age.p99)),
            },
            estimate: None,
        },
        Figure {
            name: "lag_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.lag.merge(&more.lag),
            tell: |told, of, _| told.lag_ms = (&of.lag).into(),
            page: Page::Column {
                place: 6,
                title: "worst lag",
                unit: Unit::Millis,
                about: "The longest time from a commit until it was visible on a replica, of every write on every replica.",
                cell: |told| Shown::Number(told.lag_ms.max, Unit::Millis),
            },
            estimate: None,
        },
        Figure {
            name: "buffer_hit_ratio",
            unit: Unit::Share,
            add: |sum, more| {
                sum.pages_hit += more.pages_hit;
                sum.pages += more.pages;
            },
            tell: |told, of, _| {
                told.buffer_hit_ratio = (of.pages > 0).then(|| share(of.pages_hit, of.pages));
            },
            page: Page::Column {
                place: 7,
                title: "buffer",
                unit: Unit::Share,
                about: "",
                cell: |told| {
                    told.buffer_hit_ratio.map_or(Shown::Nothing, |it| Shown::Number(it, Unit::Share))
                },
            },
            estimate: None,
        },
    ];
    const BOUNDED: &'static [Bounded<DatabaseTotals>] = &[
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "stale_reads",
                    "\"< 1%\" or \"DATABASE < 1%\"",
                    "none",
                    "stale reads over the reads that replicas answered, of all databases together or of one",
                ),
                example: "< 1%",
                name: "stale_share",
                words: "share of stale reads",
                unit: Unit::Share,
                better: Better::Lower,
                percentile: false,
                stays: false,
                eased_by_traffic: false,
                nothing: "no read on a replica",
            },
            of: |all, _| {
                let sum = |of: fn(&DatabaseTotals) -> u64| all.iter().copied().map(of).sum::<u64>() as f64;
                share_of_some(sum(|it| it.stale_reads), sum(|it| it.replica_reads))
            },
            in_rows: None,
        },
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "own_stale_reads",
                    "\"< 0.1%\" or \"DATABASE < 0.1%\"",
                    "none",
                    "reads that missed what the same user or request had written, over the reads that replicas answered",
                ),
                example: "< 0.1%",
                name: "own_stale_share",
                words: "share of reads that miss their own writes",
                unit: Unit::Share,
                better: Better::Lower,
                percentile: false,
                stays: false,
                eased_by_traffic: false,
                nothing: "no read on a replica",
            },
            of: |all, _| {
                let sum = |of: fn(&DatabaseTotals) -> u64| all.iter().copied().map(of).sum::<u64>() as f64;
                share_of_some(sum(|it| it.own_stale_reads), sum(|it| it.replica_reads))
            },
            in_rows: None,
        },
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "read_age",
                    "\"p99 < 1s\" or \"DATABASE max < 5s\"",
                    "none",
                    "a percentile of how old the data is that replicas answer with: p99 < 1s says that at most 1 % of the reads see \
                     data that was overwritten more than 1 s before",
                ),
                example: "p99 < 1s",
                name: "read_age",
                words: "age of reads",
                unit: Unit::Millis,
                better: Better::Lower,
                percentile: true,
                stays: false,
                eased_by_traffic: false,
                nothing: "no read on a replica",
            },
            of: |all, rank| {
                let mut age = Histogram::default();
                all.iter().for_each(|it| age.merge(&it.read_age));
                rank.of(&age)
            },
            in_rows: Some(|all, rows| {
                all.iter().flat_map(|series| rows.iter().map(|row| series.read_age_ms[*row])).reduce(f64::max)
            }),
        },
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "lag",
                    "\"p99 < 1s\" or \"DATABASE max < 5s\"",
                    "none",
                    "a percentile of the time from commit to visible on a replica",
                ),
                example: "p99 < 1s",
                name: "lag",
                words: "lag",
                unit: Unit::Millis,
                better: Better::Lower,
                percentile: true,
                stays: false,
                eased_by_traffic: false,
                nothing: "no write reached a replica",
            },
            of: |all, rank| {
                let mut lag = Histogram::default();
                all.iter().for_each(|it| lag.merge(&it.lag));
                rank.of(&lag)
            },
            in_rows: Some(|all, rows| {
                all.iter().flat_map(|series| rows.iter().map(|row| series.lag_ms[*row])).reduce(f64::max)
            }),
        },
    ];
    const CHARTS: &'static [Chart<DatabaseSeries, DatabaseOutcome>] = CHARTS;

    fn name(told: &Self::Told) -> &str {
        &told.name
    }

    fn writes(&self) -> Writes {
        Writes { lost: self.lost_commits, lost_span: self.lost_span, doubled: self.doubled_commits }
    }
}

/// How long requests waited for a connection.
const fn wait(
    name: &'static str,
    after: &'static str,
    add: fn(&mut DatabaseTotals, &DatabaseTotals),
    tell: fn(&mut DatabaseOutcome, &DatabaseTotals, f64),
    value: fn(&DatabaseOutcome) -> f64,
) -> Figure<DatabaseTotals> {
    let before = "99 of 100 requests waited at most ";
    let page = Page::Line { before, noun: "", after, value };
    Figure { name, unit: Unit::Millis, add, tell, page, estimate: None }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{self, Sample};

    impl Sample for DatabaseTotals {
        fn sample(salt: u64) -> DatabaseTotals {
            DatabaseTotals {
                name: "orders".into(),
                engine: "mysql".into(),
                reads: 30 + salt,
                writes: 20 + salt,
                commits: 10 + salt,
                lock_timeouts: 1 + salt,
                deadlocks: 2 + salt,
                connections_refused: 3 + salt,
                connections_made: 9 + salt,
                writer_wait: tests::times(6 + salt),
                reader_wait: tests::times(7 + salt),
                proxy_wait: tests::times(4 + salt),
                proxy_timeouts: 12 + salt,
                unknown_commits: 13 + salt,
                read_only: 14 + salt,
                lost_commits: 16 + salt,
                doubled_commits: 17 + salt,
                lost_span: 17_000_000_000 + salt,
                global_lag: tests::times(11 + salt),
                peak_connections: 4 + salt as u32,
                max_connections: Some(90.0),
                replica_max_connections: Some(45.0),
                replica_reads: 15 + salt,
                stale_reads: 5 + salt,
                own_stale_reads: 2 + salt,
                read_age: tests::times(9 + salt),
                lag: tests::times(8 + salt),
                lock_waits: 6 + salt,
                lock_waited: 7_000_000 + salt,
                pages_hit: 8 + salt,
                pages: 19 + salt,
            }
        }

        fn add_parts(series: &mut DatabaseSeries, salt: u32) {
            series.proxy = vec![tests::filled(salt)];
            series.log = vec![tests::filled(salt)];
            series.acus = vec![tests::filled(salt)];
            series.volume = vec![tests::filled(salt)];
            series.global = vec![tests::filled(salt)];
            series.far = vec![tests::filled(salt)];
        }
    }
}
