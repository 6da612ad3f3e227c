//! Logs and measurements of a real system as a scenario: access logs of balancers, servers and CloudFront, results of load tests, exports of
//! CloudWatch.
//!
//! In: files, folders or standard input. Out: an [`Imported`], which is written as `scenario.toml`, `rates.csv`, `measured.csv` and
//! `classes.toml`. Every source is read twice: a part of it to propose classes by method and path ([`classes`]), then all of it, on all cores,
//! into counters and histograms by class and period, so memory has a bound whatever the size of a log. Addresses of clients, agents, referrers,
//! cookies, queries and ids in paths are looked at and never kept; no message has anything of the content of a line.
//!
//! What describes a system instead of its traffic, such as a template, is read by [`infrastructure`].

mod assumed;
pub mod classes;
mod clients;
mod coarse;
pub mod counts;
mod error;
mod folder;
mod format;
mod imported;
pub mod infrastructure;
mod instant;
mod law;
mod lines;
mod matcher;
mod measured;
mod method;
mod names;
mod options;
mod page;
mod row;
mod sample;
mod scan;
mod scenario;
mod segment;
mod series;
mod sink;
mod source;
mod span;
mod summary;
mod tally;
mod tree;
mod walk;
mod write;

pub use error::ImportError;
pub use format::{Format, Hints, TimeUnit};
pub use imported::Imported;
pub use options::Options;
pub use row::{End, Reason};
pub use summary::Summary;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::guard::Guard;
use format::Shape;
use instant::SECOND;
use options::DAYS_MAX;
use source::Sources;
use walk::{Reading, parts};

/// Periods by the length of a log, if none is asked for: each is used up to so many days.
const PERIODS: [(i64, i64); 3] = [(7, 60), (60, 300), (DAYS_MAX, 3_600)];
/// Longest period of figures that sets that of everything.
const FIGURES_MAX: i64 = 3_600 * SECOND;

/// Reads `2026-11-27T09:00:00Z`, or a count since 1970, as nanoseconds.
///
/// # Errors
///
/// It is neither.
pub fn instant(text: &str) -> Result<i64, ImportError> {
    let read = instant::any(text.as_bytes()).map(|it| it.nanos);
    read.ok_or_else(|| ImportError::Instant(text.to_owned()))
}

/// What `--column` can name.
pub fn columns() -> impl Iterator<Item = &'static str> {
    format::columns::known()
}

/// Looks at files and folders, and says how many bytes an import reads: those of all files, and of the sample of the first pass.
///
/// # Errors
///
/// A file cannot be read, or is in no known format.
pub fn open(paths: &[PathBuf], options: Options) -> Result<Import, ImportError> {
    let sources = source::find(paths, &options.hints)?;
    Ok(Import { sources, options })
}

/// An import that is about to be made.
#[derive(Debug)]
pub struct Import {
    sources: Sources,
    options: Options,
}

impl Import {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.sources.sources.iter().map(|source| source.size).sum()
    }

    /// The formats that were found, each with how many files have it.
    pub fn formats(&self) -> Vec<(Format, u64)> {
        let mut found: Vec<(Format, u64)> = Vec::new();
        for source in &self.sources.sources {
            match found.iter_mut().find(|(format, _)| *format == source.format) {
                Some((_, count)) => *count += 1,
                None => found.push((source.format, 1)),
            }
        }
        found
    }

    /// Reads everything; `tell` is given the bytes that were read since it was last told.
    ///
    /// # Errors
    ///
    /// A file cannot be read, there is nothing in it, or the guard ends it.
    pub fn run(self, guard: &Guard, tell: &(dyn Fn(u64) + Sync)) -> Result<Imported, ImportError> {
        let threads = match self.options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let silent = |_: u64| {};
        let (sources, options) = (&self.sources.sources, &self.options);
        let sampling = Reading { guard, read: Arc::new(AtomicU64::new(0)), tell: &silent, threads };
        let sampled = sample::sample(&sampling, sources, options)?;
        let classes = match &options.classes {
            Some(classes) => classes.clone(),
            None => classes::proposed(&sampled.tree.proposals(), options.top),
        };
        let has_requests =
            sources.iter().any(|source| matches!(source.shape, Shape::Lines(_) | Shape::Requests(_)));
        let period =
            period(options.period, has_requests.then_some(sampled.span).flatten(), sampled.series.period());
        let reading = Reading { tell, ..sampling };
        let make = || sink::Counting::new(&classes, options, period);
        let wrong_period = |error| match error {
            ImportError::Periods { .. } => too_many(period, sampled.span),
            other => other,
        };
        let rows: Vec<_> =
            parts(sources).into_iter().filter(|part| sample::has_rows(&sources[part.source])).collect();
        let (sinks, mut counts, mut cut_off) = reading.all(sources, &rows, make).map_err(wrong_period)?;
        for (own, figures) in counts.iter_mut().zip(&sampled.counts) {
            own.append(figures);
        }
        cut_off.extend(sampled.cut_off);
        cut_off.sort_unstable();
        cut_off.dedup();
        let mut all = make();
        for sink in sinks {
            all.merge(sink).map_err(|_| too_many(period, sampled.span))?;
        }
        let made =
            imported::Made { classes, tally: all.tally, series: sampled.series, counts, cut_off, period };
        imported::of(made, &self.sources, self.formats(), options)
    }
}

/// The period of all rows: what is asked for; else that of the figures, or by the length of the log.
fn period(asked: Option<i64>, of_rows: Option<(i64, i64)>, of_figures: Option<i64>) -> i64 {
    let by_length = of_rows.map(|(first, last)| {
        let days = (last - first) / (86_400 * SECOND);
        let fitting = PERIODS.iter().find(|(most, _)| days < *most);
        fitting.map_or(PERIODS[2].1, |(_, seconds)| *seconds) * SECOND
    });
    let of_figures = of_figures.filter(|period| by_length.is_none() || *period <= FIGURES_MAX);
    asked.or(by_length.max(of_figures)).unwrap_or(60 * SECOND).max(SECOND)
}

fn too_many(period: i64, span: Option<(i64, i64)>) -> ImportError {
    let (first, last) = span.unwrap_or_default();
    ImportError::Periods {
        period: crate::units::Time(period.unsigned_abs()).to_string(),
        first: instant::shown(first),
        last: instant::shown(last),
    }
}
