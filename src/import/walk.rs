//! Reads all sources, side by side on all cores. In: sources, and what is done with a row. Out: what each thread has made of them, and the
//! counts of each source.

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use csv::ByteRecord;

use super::counts::Counts;
use super::error::ImportError;
use super::format::cloudwatch::{self, Records};
use super::format::locust;
use super::format::{Figures, Shape, reader};
use super::lines::{Line, each};
use super::row::{Reason, Row};
use super::series::Series;
use super::source::{Place, Source};
use crate::guard::Guard;

/// A file of lines is read in parts of this size.
const PART: u64 = 32 << 20;
/// Largest JSON document: CloudWatch gives at most some hundred kilobytes at once.
const DOCUMENT_MAX: u64 = 256 << 20;

/// What is done with rows and figures.
pub(super) trait Sink: Send {
    /// Takes a row, or says why not.
    fn row(&mut self, row: &Row) -> Result<Option<Reason>, Full>;
    /// Where figures go.
    fn series(&mut self) -> &mut Series;
}

/// More is there than can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// A source, or the lines of it that begin in a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub source: usize,
    pub start: u64,
    pub end: u64,
}

/// All of some sources, in order.
pub(super) fn parts(sources: &[Source]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (source, of) in sources.iter().enumerate() {
        let has_rows = matches!(of.shape, Shape::Lines(_) | Shape::Requests(_));
        let can_be_cut = has_rows && matches!(of.place, Place::File(_)) && !of.is_packed;
        let step = if can_be_cut { PART } else { u64::MAX };
        let mut start = 0u64;
        loop {
            let next = start.saturating_add(step);
            let is_last = next >= of.size;
            parts.push(Part { source, start, end: if is_last { u64::MAX } else { next } });
            if is_last {
                break;
            }
            start = next;
        }
    }
    parts
}

/// What each thread has made, the counts of each source, and which sources could not be read to their end.
type Done<S> = (Vec<S>, Vec<Counts>, Vec<usize>);

/// Which lines are read, from where a reader stands.
#[derive(Clone, Copy)]
struct Within {
    is_inside: bool,
    end: u64,
}

/// Counts what becomes of a row.
fn take(row: Result<Row, Reason>, sink: &mut impl Sink, line: u64, counts: &mut Counts) -> Result<(), Full> {
    match row {
        Ok(row) => match sink.row(&row)? {
            None => counts.used(row.at, line),
            Some(reason) => counts.dropped(reason, line),
        },
        Err(reason) => counts.dropped(reason, line),
    }
    Ok(())
}

/// The cells of a line. Where no cell is quoted, which is nearly everywhere, no parser is needed; a cell over several lines is in no log.
fn split(line: &[u8], delimiter: u8, record: &mut ByteRecord) -> Result<(), Reason> {
    record.clear();
    if line.starts_with(b"#") {
        return Err(Reason::Other);
    }
    if memchr::memchr(b'"', line).is_none() {
        let mut rest = line;
        while let Some(end) = memchr::memchr(delimiter, rest) {
            record.push_field(&rest[..end]);
            rest = &rest[end + 1..];
        }
        record.push_field(rest);
        return Ok(());
    }
    if line.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
        return Err(Reason::Malformed);
    }
    match reader(line, delimiter).read_byte_record(record) {
        Ok(true) => Ok(()),
        _ => Err(Reason::Malformed),
    }
}

/// What stops the reading, and hears how far it is.
pub(super) struct Reading<'a> {
    pub guard: &'a Guard,
    /// Bytes that were read.
    pub read: Arc<AtomicU64>,
    /// Is given bytes that were read since it was last told.
    pub tell: &'a (dyn Fn(u64) + Sync),
    pub threads: usize,
}

impl Reading<'_> {
    fn go_on(&self) -> ControlFlow<()> {
        let read = self.read.swap(0, Ordering::Relaxed);
        if read > 0 {
            (self.tell)(read);
        }
        self.guard.flow()
    }

    /// Reads parts on all threads; each begins with a sink of its own.
    pub(super) fn all<S: Sink>(
        &self,
        sources: &[Source],
        parts: &[Part],
        make: impl Fn() -> S + Sync,
    ) -> Result<Done<S>, ImportError> {
        let next = AtomicUsize::new(0);
        let counted: Mutex<Vec<(usize, Counts)>> = Mutex::default();
        let cut_off: Mutex<Vec<usize>> = Mutex::default();
        let work = || -> Result<S, ImportError> {
            let mut sink = make();
            while let Some((index, part)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, parts.get(at)?)))
            {
                let (counts, is_whole) = self.part(&sources[part.source], *part, &mut sink)?;
                counted.lock().unwrap_or_else(PoisonError::into_inner).push((index, counts));
                if !is_whole {
                    cut_off.lock().unwrap_or_else(PoisonError::into_inner).push(part.source);
                }
            }
            Ok(sink)
        };
        let sinks: Result<Vec<S>, ImportError> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..self.threads.clamp(1, parts.len().max(1))).map(|_| scope.spawn(work)).collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, Result<S, ImportError>>| match thread.join()
            {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            threads.into_iter().map(join).collect()
        });
        let sinks = sinks?;
        if let Some(reason) = self.guard.reason() {
            return Err(ImportError::Stopped { reason });
        }
        let mut counted = counted.into_inner().unwrap_or_else(PoisonError::into_inner);
        counted.sort_by_key(|(index, _)| *index);
        let mut of_sources = vec![Counts::default(); sources.len()];
        for (index, counts) in counted {
            of_sources[parts[index].source].append(&counts);
        }
        let mut cut_off = cut_off.into_inner().unwrap_or_else(PoisonError::into_inner);
        cut_off.sort_unstable();
        cut_off.dedup();
        Ok((sinks, of_sources, cut_off))
    }

    /// Reads a part; also says whether it could be read to its end.
    fn part(&self, source: &Source, part: Part, sink: &mut impl Sink) -> Result<(Counts, bool), ImportError> {
        let unreadable = |error| ImportError::read(&source.name(), error);
        let from = part.start.saturating_sub(1);
        let mut input = source.open_at(from, &self.read).map_err(unreadable)?;
        let lines = Within {
            is_inside: part.start > 0,
            end: if part.end == u64::MAX { u64::MAX } else { part.end.saturating_sub(from) },
        };
        let read = match &source.shape {
            Shape::Lines(shape) => self.lines(&mut *input, lines, |line, number, counts| {
                take(shape.row(line), sink, number, counts)
            }),
            Shape::Requests(requests) => {
                let mut record = ByteRecord::new();
                self.lines(&mut *input, lines, |line, number, counts| {
                    match split(line, requests.delimiter(), &mut record) {
                        Ok(()) => take(requests.row(&record), sink, number, counts),
                        Err(reason) => take(Err(reason), sink, number, counts),
                    }
                })
            }
            Shape::Figures(figures) => self.figures(figures, &source.name(), &mut *input, sink.series()),
            Shape::CloudWatch => self.document(input, sink),
        };
        match read {
            Ok(read) => Ok(read),
            Err(Full) => {
                Err(ImportError::Periods { period: String::new(), first: String::new(), last: String::new() })
            }
        }
    }

    /// Gives each line that is not empty, with its number.
    fn lines(
        &self,
        input: &mut dyn Read,
        within: Within,
        mut take: impl FnMut(&[u8], u64, &mut Counts) -> Result<(), Full>,
    ) -> Result<(Counts, bool), Full> {
        let mut counts = Counts::default();
        let mut is_full = false;
        let read = each(
            input,
            within.is_inside,
            within.end,
            || self.go_on(),
            |line| {
                counts.all_lines += 1;
                let number = counts.all_lines;
                match line {
                    Line::Text(text) if text.trim_ascii().is_empty() => {}
                    Line::Text(text) => is_full = take(text, number, &mut counts).is_err(),
                    Line::TooLong => counts.dropped(Reason::TooLong, number),
                }
                if is_full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        if is_full { Err(Full) } else { Ok((counts, read.is_ok())) }
    }

    fn figures(
        &self,
        figures: &Figures,
        name: &str,
        input: &mut dyn Read,
        series: &mut Series,
    ) -> Result<(Counts, bool), Full> {
        let file = std::path::Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut of_cloudwatch = Records::new(file.unwrap_or_default());
        let mut of_locust = match figures {
            Figures::Locust(columns) => Some(locust::Reader::new(columns.clone())),
            _ => None,
        };
        let mut record = ByteRecord::new();
        let within = Within { is_inside: false, end: u64::MAX };
        self.lines(input, within, |line, number, counts| {
            if let Err(reason) = split(line, figures.delimiter(), &mut record) {
                counts.dropped(reason, number);
                return Ok(());
            }
            let added = match (figures, &mut of_locust) {
                (Figures::Locust(_), Some(reader)) => reader.record(&record, number, series, counts),
                (Figures::Columns(columns), _) => match columns.values(&record) {
                    Ok((at, mut values)) => {
                        counts.used(at, number);
                        values.try_for_each(|(column, value)| series.add(column, at, value))
                    }
                    Err(reason) => {
                        counts.dropped(reason, number);
                        Ok(())
                    }
                },
                _ => of_cloudwatch.record(&record, number, series, counts),
            };
            added.map_err(|_| Full)
        })
    }

    fn document(&self, input: Box<dyn Read + Send>, sink: &mut impl Sink) -> Result<(Counts, bool), Full> {
        let mut text = Vec::new();
        let is_whole =
            input.take(DOCUMENT_MAX).read_to_end(&mut text).is_ok() && (text.len() as u64) < DOCUMENT_MAX;
        let mut counts = Counts::default();
        let _ = self.go_on();
        cloudwatch::document(&text, sink.series(), &mut counts).map_err(|_| Full)?;
        Ok((counts, is_whole))
    }
}
