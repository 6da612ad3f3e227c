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

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::guard::Guard;
use crate::machine;
use format::Shape;
use instant::SECOND;
use options::DAYS_MAX;
use source::Sources;
use walk::{Reading, parts};

/// Periods by the length of a log, if none is asked for: each is used up to so many days.
const PERIODS: [(i64, i64); 3] = [(7, 60), (60, 300), (DAYS_MAX, 3_600)];
/// Periods of figures alone: longer ones where there would be more rows than this.
const OF_FIGURES: [i64; 4] = [60, 300, 3_600, 86_400];
const ROWS_WANTED: i64 = 100_000;
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

/// The logs and measurements that a file is or a folder has, by their names; what cannot be read is none.
pub fn logs_among(path: &Path) -> Vec<String> {
    if path.as_os_str() == "-" {
        return vec!["standard input".into()];
    }
    let found = source::find(&[path.to_owned()], &Hints::default());
    found.map_or_else(|_| Vec::new(), |found| found.sources.iter().map(source::Source::name).collect())
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
            0 => machine::cores(),
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
        let of_rows = has_requests.then_some(sampled.span).flatten();
        let of_figures = sampled.series.span().zip(sampled.series.period());
        let period = period(options.period, of_rows, of_figures);
        // Too many periods are seen before they fill the memory: each proposed class had a request in the sample, one is of files.
        let in_use = if options.classes.is_some() { 1 } else { classes.len().saturating_sub(1).max(1) };
        if of_rows.is_some_and(|span| !span::can_be(span, period, in_use as i64)) {
            return Err(too_many(period, sampled.span));
        }
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

/// The period of all rows: what is asked for; else that of the figures, or by the length of the log. `of_figures` is their span and their period.
fn period(asked: Option<i64>, of_rows: Option<(i64, i64)>, of_figures: Option<((i64, i64), i64)>) -> i64 {
    let by_length = of_rows.map(|(first, last)| {
        let days = (last - first) / (86_400 * SECOND);
        let fitting = PERIODS.iter().find(|(most, _)| days < *most);
        fitting.map_or(PERIODS[2].1, |(_, seconds)| *seconds) * SECOND
    });
    let of_figures = of_figures.map(|((first, end), period)| {
        let fits = |period: &i64| by_length.is_some() || (end - first) / (*period).max(1) <= ROWS_WANTED;
        let longer = OF_FIGURES.map(|seconds| seconds * SECOND).into_iter().filter(|it| *it > period);
        [period].into_iter().chain(longer).find(fits).unwrap_or(period)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_becomes_longer_with_the_log_and_with_figures_alone() {
        let day = 86_400 * SECOND;
        let of_log = |days: i64| period(None, Some((0, days * day)), None) / SECOND;
        assert_eq!([1, 30, 300].map(of_log), [60, 300, 3_600]);
        let of_figures =
            |days: i64, seconds: i64| period(None, None, Some(((0, days * day), seconds * SECOND))) / SECOND;
        assert_eq!([of_figures(1, 1), of_figures(30, 1), of_figures(300, 60)], [1, 60, 300]);
        assert_eq!(of_figures(366 * 30, 60), 86_400);
        assert_eq!(period(Some(SECOND), Some((0, 300 * day)), None), SECOND, "what is asked for counts");
    }
}
