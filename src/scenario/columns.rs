//! Columns of recorded values in CSV files, compressed or not.
//!
//! In: a file name relative to the scenario, and the name of a column. Out: its cells one after the other, or what is
//! wrong with the file and on which line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::names::{closest, list};
use crate::units::{Time, UnitError, parse_time};

/// Largest file, unpacked, in bytes.
const FILE_MAX: u64 = 4 << 30;
/// Most rows: each column of a file takes eight bytes a row.
const ROWS_MAX: u64 = 50_000_000;
/// Latest instant, in nanoseconds: some thirty years.
const LATEST: f64 = 1e18;

/// The unit that holds when the file names none: seconds, in nanoseconds.
pub(super) const SECONDS: f64 = 1e9;
/// Units of a column, in nanoseconds.
pub(super) const UNITS: [(&str, f64); 4] = [("ns", 1.0), ("us", 1e3), ("ms", 1e6), ("s", SECONDS)];

fn error(message: impl Into<String>, hint: impl Into<String>) -> UnitError {
    UnitError { message: message.into(), hint: hint.into() }
}

/// An open file whose first line has been read.
pub(super) struct Table {
    name: String,
    headers: Vec<String>,
    lines: Lines,
}

/// Reads so much and no more: what is left out would be missed silently.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {} GiB", FILE_MAX >> 30))
        })?;
        Ok(read)
    }
}

impl Table {
    /// Opens a file and reads the names of its columns.
    pub(super) fn open(name: &str, base_dir: &Path) -> Result<Table, UnitError> {
        let path = base_dir.join(name);
        let unreadable = |reason: String| {
            error(format!("cannot read `{name}`: {reason}"), "the file name is relative to the scenario")
        };
        // A pipe or a device could block or never end.
        match path.metadata() {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Err(unreadable("not a file".into())),
            Err(io) => return Err(unreadable(io.to_string())),
        }
        let file = BufReader::new(File::open(&path).map_err(|io| unreadable(io.to_string()))?);
        let packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        let bytes: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        let mut lines = Lines::new(Bounded { inner: bytes, left: FILE_MAX });
        let mut headers = Vec::new();
        if lines.next().map_err(|io| unreadable(io.to_string()))? {
            headers = cells(lines.text.trim_start_matches('\u{feff}'));
        }
        Ok(Table { name: name.to_owned(), headers, lines })
    }

    /// The place of a column.
    pub(super) fn find(&self, column: &str) -> Result<usize, UnitError> {
        let names = || self.headers.iter().map(String::as_str);
        names().position(|name| name == column).ok_or_else(|| {
            let hint = match closest(column, names()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("its first line names {}", list(&names().collect::<Vec<_>>())),
            };
            error(format!("`{}` has no column `{column}`", self.name), hint)
        })
    }

    /// Shows every cell of a column to `take`, whose error gets the line; a file without rows is one, too.
    pub(super) fn each(
        mut self,
        column: usize,
        mut take: impl FnMut(&str) -> Result<(), UnitError>,
    ) -> Result<(), UnitError> {
        let mut rows = 0u64;
        while self.lines.next().map_err(|io| {
            error(format!("cannot read `{}`: {io}", self.name), "is it a CSV file, or packed by gzip?")
        })? {
            rows += 1;
            let line = &self.lines.text;
            // Nothing is quoted in nearly all rows of nearly all files.
            let fault = match line.contains('"') {
                false if line.split(',').count() == self.headers.len() => {
                    take(line.split(',').nth(column).unwrap_or_default().trim()).err()
                }
                _ => match cells(line) {
                    cells if cells.len() == self.headers.len() => take(&cells[column]).err(),
                    cells => Some(error(
                        format!("{} cells, where the first line names {}", cells.len(), self.headers.len()),
                        "every row has as many cells as the first line",
                    )),
                },
            };
            let fault = match rows > ROWS_MAX {
                true => Some(error("too many rows", format!("at most {ROWS_MAX}"))),
                false => fault,
            };
            if let Some(fault) = fault {
                let message = format!("line {} of `{}`: {}", self.lines.number, self.name, fault.message);
                return Err(error(message, fault.hint));
            }
        }
        match rows {
            0 => Err(error(
                format!("`{}` has no rows", self.name),
                "one row for each request, behind the first line",
            )),
            _ => Ok(()),
        }
    }
}

/// The lines of a file that are neither blank nor a comment, with their numbers.
struct Lines {
    reader: BufReader<Bounded<Box<dyn Read>>>,
    text: String,
    number: u64,
}

impl Lines {
    fn new(bytes: Bounded<Box<dyn Read>>) -> Lines {
        Lines { reader: BufReader::new(bytes), text: String::new(), number: 0 }
    }

    /// Goes to the next line; whether there is one.
    fn next(&mut self) -> io::Result<bool> {
        loop {
            self.text.clear();
            if self.reader.read_line(&mut self.text)? == 0 {
                return Ok(false);
            }
            self.number += 1;
            if !self.text.trim_start().starts_with('#') && !self.text.trim().is_empty() {
                self.text.truncate(self.text.trim_end_matches(['\r', '\n']).len());
                return Ok(true);
            }
        }
    }
}

/// The cells of a line; a quoted one may hold commas.
fn cells(line: &str) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(str::to_owned).collect()
}

/// A cell as a span of time.
pub(super) fn time(cell: &str, unit: f64) -> Result<Time, UnitError> {
    match cell.parse::<f64>() {
        Ok(value) if value < 0.0 => Err(error(format!("`{cell}` is negative"), "times begin at 0")),
        Ok(value) if value * unit <= LATEST => Ok(Time((value * unit).round() as u64)),
        Ok(_) => Err(error(format!("`{cell}` is out of range"), "is the `unit` right?")),
        Err(_) => Err(error(
            format!("`{cell}` is not a number"),
            "a plain number; the unit is given beside the column",
        )),
    }
}

/// A column that a demand is replayed from.
pub(super) struct Recording<'a> {
    pub(super) file: &'a str,
    pub(super) column: &'a str,
    pub(super) unit: f64,
    /// Added to every value.
    pub(super) plus: Time,
}

/// What `"replay FILE column NAME unit us plus 300us"` says.
pub(super) fn parse(text: &str) -> Result<Recording<'_>, UnitError> {
    let malformed = || {
        error(
            format!("`{text}` does not say which column of which file"),
            "write \"replay trace.csv column service_us unit us\"; the default unit is s",
        )
    };
    let rest = text.trim().strip_prefix("replay ").ok_or_else(malformed)?;
    let (file, rest) = rest.rsplit_once(" column ").ok_or_else(malformed)?;
    let (rest, plus) = match rest.rsplit_once(" plus ") {
        Some((rest, plus)) => (rest, parse_time(plus)?),
        None => (rest, Time::ZERO),
    };
    let (column, unit) = match rest.rsplit_once(" unit ") {
        Some((column, word)) => {
            let unit = UNITS.iter().find(|(known, _)| *known == word.trim());
            let known = UNITS.map(|(word, _)| word);
            let unit = unit.ok_or_else(|| {
                error(
                    format!("`{}` is not a unit of time", word.trim()),
                    format!("choose one of {}", list(&known)),
                )
            })?;
            (column, unit.1)
        }
        None => (rest, SECONDS),
    };
    match (file.trim(), column.trim()) {
        ("", _) | (_, "") => Err(malformed()),
        (file, column) => Ok(Recording { file, column, unit, plus }),
    }
}
