//! Columns of recorded values in CSV files, compressed or not.
//!
//! In: an open file, and the name of a column. Out: its cells one after the other, or the error in the file
//! and its line.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use super::budget::{Budget, error, unreadable};
use super::names::{closest, list};
use crate::number::counted;
use crate::units::UnitError;

/// Largest file, uncompressed, in bytes.
const FILE_MAX: u64 = 4 << 30;
/// Most rows: each column of a file takes eight bytes for each row.
const ROWS_MAX: u64 = 50_000_000;
/// Longest line, in bytes. An assumption: a row of an access log with a long address has some 10 KiB.
const LINE_MAX: u64 = 64 << 10;
/// Longest name of a column that a hint shows, in characters.
const NAME_SHOWN: usize = 24;

/// An open file whose first line has been read.
pub(crate) struct Table {
    name: String,
    headers: Vec<String>,
    lines: Lines,
}

/// Reads up to a limit, and fails beyond it: a file cut off silently would give wrong results.
struct Bounded<R> {
    inner: R,
    left: u64,
    budget: Rc<Budget>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)? as u64;
        let too_large = |text: String| io::Error::new(io::ErrorKind::FileTooLarge, text);
        self.left = self
            .left
            .checked_sub(read)
            .ok_or_else(|| too_large(format!("larger than {} GiB", FILE_MAX >> 30)))?;
        let left = self.budget.bytes.get().checked_sub(read);
        self.budget
            .bytes
            .set(left.ok_or_else(|| too_large("too much to read in all recordings of one scenario".into()))?);
        Ok(read as usize)
    }
}

impl Table {
    /// Reads the names of the columns of an open file.
    pub(super) fn new(
        name: &str,
        file: Box<dyn Read>,
        path: &Path,
        budget: Rc<Budget>,
    ) -> Result<Table, UnitError> {
        let file = BufReader::new(file);
        let packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        let inner: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        let mut lines = Lines::new(Bounded { inner, left: FILE_MAX, budget });
        let mut headers = Vec::new();
        if lines.next().map_err(|io| unreadable(name, io))? {
            headers = cells(lines.text().trim_start_matches('\u{feff}'))
                .ok_or_else(|| unclosed(format!("line {} of `{name}`", lines.number)))?;
        }
        Ok(Table { name: name.to_owned(), headers, lines })
    }

    /// The position of a column.
    pub(crate) fn find(&self, column: &str) -> Result<usize, UnitError> {
        let mut found = self.headers.iter().enumerate().filter(|(_, name)| *name == column);
        match (found.next(), found.next()) {
            (Some((index, _)), None) => Ok(index),
            (Some(_), Some(_)) => Err(error(
                format!("`{}` has more than one column `{column}`", self.name),
                "give one of them another name in the first line",
            )),
            (None, _) => Err(error(format!("`{}` has no column `{column}`", self.name), self.known(column))),
        }
    }

    /// The columns that exist, for the hint. Cells of a file that has no columns are not shown: only text that can be a
    /// name is.
    fn known(&self, column: &str) -> String {
        let plain = |name: &&str| {
            let of_name = |c: char| c.is_alphanumeric() || "_-. /()%".contains(c);
            name.starts_with(char::is_alphabetic)
                && name.chars().all(of_name)
                && name.chars().count() <= NAME_SHOWN
        };
        let names: Vec<&str> = self.headers.iter().map(String::as_str).filter(plain).collect();
        match closest(column, names.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None if names.is_empty() => "its first line is to name the columns".to_owned(),
            None => format!("its first line names {}", list(&names)),
        }
    }

    /// Passes every cell of a column to `take`; its errors get the line. A file without rows is an error too.
    pub(crate) fn each(
        self,
        column: usize,
        mut take: impl FnMut(&str) -> Result<(), UnitError>,
    ) -> Result<(), UnitError> {
        self.each_of([column], |[cell]| take(cell))
    }

    /// The same, of some columns of each row together.
    pub(crate) fn each_of<const N: usize>(
        mut self,
        columns: [usize; N],
        mut take: impl FnMut([&str; N]) -> Result<(), UnitError>,
    ) -> Result<(), UnitError> {
        let mut rows = 0u64;
        while self.lines.next().map_err(|io| {
            error(format!("cannot read `{}`: {io}", self.name), "is it a CSV file, or packed by gzip?")
        })? {
            rows += 1;
            let line = self.lines.text();
            // Nearly all rows of nearly all files have no quotes.
            let fault = match line.contains('"') {
                false if line.split(',').count() == self.headers.len() => {
                    let cell = |column| line.split(',').nth(column).unwrap_or_default().trim();
                    take(columns.map(cell)).err()
                }
                _ => match cells(line) {
                    None => Some(unclosed("")),
                    Some(cells) if cells.len() == self.headers.len() => {
                        take(columns.map(|column| cells[column].as_str())).err()
                    }
                    Some(cells) => Some(error(
                        format!(
                            "{}, where the first line names {}",
                            counted(cells.len() as u64, "cell"),
                            self.headers.len()
                        ),
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
                "one row for each request or period, after the first line",
            )),
            _ => Ok(()),
        }
    }
}

/// The lines of a file that are neither blank nor a comment, with their numbers.
struct Lines {
    reader: BufReader<Bounded<Box<dyn Read>>>,
    bytes: Vec<u8>,
    /// Bytes of the line without its line ending.
    length: usize,
    number: u64,
}

impl Lines {
    fn new(bytes: Bounded<Box<dyn Read>>) -> Lines {
        Lines { reader: BufReader::new(bytes), bytes: Vec::new(), length: 0, number: 0 }
    }

    /// Moves to the next line; returns whether there is one.
    fn next(&mut self) -> io::Result<bool> {
        loop {
            self.bytes.clear();
            let read = (&mut self.reader).take(LINE_MAX + 1).read_until(b'\n', &mut self.bytes)?;
            if read == 0 {
                return Ok(false);
            }
            self.number += 1;
            let wrong = |what: &str| {
                io::Error::new(io::ErrorKind::InvalidData, format!("line {} {what}", self.number))
            };
            if read as u64 > LINE_MAX {
                return Err(wrong(&format!("is longer than {} KiB", LINE_MAX >> 10)));
            }
            let text = str::from_utf8(&self.bytes).map_err(|_| wrong("is not UTF-8 text"))?;
            if !text.trim_start().starts_with('#') && !text.trim().is_empty() {
                self.length = text.trim_end_matches(['\r', '\n']).len();
                return Ok(true);
            }
        }
    }

    /// The current line.
    fn text(&self) -> &str {
        str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

/// The cells of a line; a quoted cell may contain commas. `None` if a quote is not closed.
fn cells(line: &str) -> Option<Vec<String>> {
    // An open quote would include everything after it.
    const LAST: &str = "last";
    let line = format!("{line},{LAST}");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
    (cells.pop().as_deref() == Some(LAST)).then_some(cells)
}

fn unclosed(place: impl Into<String>) -> UnitError {
    let place = place.into();
    let what = "a quote that is not closed";
    error(
        if place.is_empty() { what.to_owned() } else { format!("{place}: {what}") },
        "every row is one line, and a quoted cell ends with a quote",
    )
}
