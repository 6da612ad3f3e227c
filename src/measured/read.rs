//! Reads a table of measurements. In: a CSV file, packed or not, and which columns are meant. Out: [`Measured`].

use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::clock::{self, Instant};
use super::error::MeasuredError;
use super::figure::Figure;
use super::mapping::{Mapping, TIME};
use super::periods::{PERIODS_MAX, grid};
use super::{Column, Measured};
use crate::files;
use crate::language::names::closest;
use crate::number::{all_of, counted};
use crate::text::{excerpt, visible};

/// Largest table, unpacked, in bytes.
const FILE_MAX: u64 = 256 << 20;
/// Names that columns of times have elsewhere.
const TIMES: [&str; 7] = [TIME, "time", "timestamp", "Timestamp", "date", "at", "Label"];
/// What stands for a value that is not known.
const UNKNOWN: [&str; 7] = ["", "-", "NaN", "nan", "null", "None", "n/a"];
/// Most columns that a note names.
const MOST_NAMED: usize = 6;

/// Reads a file.
///
/// # Errors
/// It cannot be read, or has problems; the first of them, with its line.
pub fn read(path: &Path, columns: &[Mapping]) -> Result<Measured, Box<MeasuredError>> {
    let name = path.display().to_string();
    let unreadable = |error: io::Error| {
        MeasuredError::new(None, format!("cannot read it: {error}"), "name a CSV file of measurements")
            .of(&name)
    };
    let file = files::open(path).map_err(unreadable)?;
    let packed = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("gz"));
    let unpacked: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut text = Vec::new();
    // One byte more than allowed, to notice a file that is too large.
    unpacked.take(FILE_MAX + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_MAX {
        let message = format!("it is larger than {} MiB", FILE_MAX >> 20);
        return Err(MeasuredError::new(None, message, "use longer periods").of(&name));
    }
    parse(&name, &text, columns)
}

/// Reads the text of a table.
///
/// # Errors
/// It has problems; the first of them, with its line.
pub fn parse(file: &str, text: &[u8], columns: &[Mapping]) -> Result<Measured, Box<MeasuredError>> {
    table(text, columns)
        .map(|found| Measured { file: file.to_owned(), ..found })
        .map_err(|error| error.of(file))
}

fn table(text: &[u8], columns: &[Mapping]) -> Result<Measured, Box<MeasuredError>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut table =
        csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).flexible(true).from_reader(text);
    let no_text = |error: csv::Error| {
        MeasuredError::new(error.position().map(csv::Position::line), format!("{error}"), "is it a CSV file?")
    };
    let heads: Vec<String> = table.headers().map_err(no_text)?.iter().map(str::to_owned).collect();
    let head = head(&heads, columns)?;
    let mut rows: Vec<(Instant, u64, Vec<Option<f64>>)> = Vec::new();
    for row in table.records() {
        let row = row.map_err(no_text)?;
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != heads.len() {
            let message = format!("it has {}, the first line {}", cells(row.len()), cells(heads.len()));
            return Err(MeasuredError::new(Some(line), message, "leave cells empty that are not known"));
        }
        let cell = row.get(head.time).unwrap_or_default();
        let at = clock::instant(cell).ok_or_else(|| {
            let message = format!("{} in `{}` is no time", excerpt(cell), visible(&heads[head.time]));
            let hint =
                "seconds since the start, Unix time in seconds or milliseconds, or 2026-11-27T09:00:00Z";
            MeasuredError::new(Some(line), message, hint)
        })?;
        let value = |(of, index): &(Figure, usize)| value(row.get(*index).unwrap_or_default(), of, line);
        rows.push((at, line, head.figures.iter().map(value).collect::<Result<_, _>>()?));
        if rows.len() > PERIODS_MAX {
            let message = format!("it has more than {PERIODS_MAX} rows");
            return Err(MeasuredError::new(Some(line), message, "use longer periods"));
        }
    }
    together(rows, head)
}

fn cells(count: usize) -> String {
    counted(count as u64, "cell")
}

/// Which columns are read.
struct Head {
    time: usize,
    figures: Vec<(Figure, usize)>,
    notes: Vec<String>,
}

fn head(heads: &[String], columns: &[Mapping]) -> Result<Head, Box<MeasuredError>> {
    let find = |name: &str| heads.iter().position(|it| it == name);
    let mut figures: Vec<(Figure, usize)> = Vec::new();
    let mut time = None;
    for Mapping { of, column } in columns {
        let index = find(column).ok_or_else(|| {
            let close = closest(column, heads.iter().map(String::as_str));
            let hint = close.map_or_else(
                || "the first line names the columns".to_owned(),
                |close| format!("did you mean `{close}`?"),
            );
            MeasuredError::new(Some(1), format!("it has no column `{}`", visible(column)), hint)
        })?;
        match of {
            None => time = Some(index),
            Some(of) => figures.push((of.clone(), index)),
        }
    }
    let time = time.or_else(|| TIMES.iter().find_map(|name| find(name))).ok_or_else(|| {
        let hint = "call the column of the times `at_s`, or name it: --column at_s=NAME";
        MeasuredError::new(Some(1), "it has no column of times", hint)
    })?;
    let mut unknown = Vec::new();
    for (index, name) in heads.iter().enumerate() {
        if index == time || figures.iter().any(|(_, other)| *other == index) {
            continue;
        }
        match name.parse::<Figure>() {
            Ok(of) => figures.push((of, index)),
            Err(hint) if name.contains(" of ") => {
                let message = format!("`{}` is no figure", visible(name));
                return Err(MeasuredError::new(Some(1), message, hint));
            }
            Err(_) => unknown.push(format!("`{}`", visible(name))),
        }
    }
    for (at, (of, _)) in figures.iter().enumerate() {
        if figures[..at].iter().any(|(other, _)| other == of) {
            let message = format!("`{of}` is there twice");
            return Err(MeasuredError::new(Some(1), message, "a figure has one column"));
        }
    }
    if figures.is_empty() {
        let hint = "name columns as `requests of home` or `cpu_percent of web`, or map them: --column 'cpu_percent of web=CPUUtilization'";
        return Err(MeasuredError::new(Some(1), "it has no column with a figure", hint));
    }
    let (named, more) = unknown.split_at(unknown.len().min(MOST_NAMED));
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    let note = (!named.is_empty()).then(|| {
        let verb = if unknown.len() == 1 { "is a column" } else { "are columns" };
        format!("{}{more} {verb} without a meaning here, and not read", all_of(named))
    });
    Ok(Head { time, figures, notes: note.into_iter().collect() })
}

fn value(cell: &str, of: &Figure, line: u64) -> Result<Option<f64>, Box<MeasuredError>> {
    if UNKNOWN.contains(&cell) {
        return Ok(None);
    }
    match cell.trim_end_matches('%').trim_end().parse::<f64>() {
        Ok(value) if (0.0..=1e15).contains(&value) => Ok(Some(value)),
        _ => {
            let message = format!("{} in `{of}` is no number from 0 on", excerpt(cell));
            Err(MeasuredError::new(Some(line), message, "a plain number, or nothing where it is not known"))
        }
    }
}

/// Puts rows into their periods.
fn together(
    mut rows: Vec<(Instant, u64, Vec<Option<f64>>)>,
    head: Head,
) -> Result<Measured, Box<MeasuredError>> {
    let mut notes = head.notes;
    if let Some(odd) = rows.iter().find(|it| it.0.is_date != rows[0].0.is_date) {
        let hint = "all rows have dates, or all have seconds since the start";
        return Err(MeasuredError::new(Some(odd.1), "its time is of another sort than the first one", hint));
    }
    if !rows.is_sorted_by_key(|it| it.0.seconds) {
        rows.sort_by(|one, other| one.0.seconds.total_cmp(&other.0.seconds));
        notes.push("its rows were put in order of time".into());
    }
    let is_date = rows.first().is_some_and(|it| it.0.is_date);
    let starts = rows.first().filter(|_| is_date).map(|it| it.0.seconds);
    let since = |it: &(Instant, u64, _)| (it.0.seconds - starts.unwrap_or(0.0), it.1);
    let grid = grid(&rows.iter().map(since).collect::<Vec<_>>())?;
    let missing = grid.periods - rows.len();
    if missing > 0 {
        notes.push(format!("{} of {} periods have no row", missing, grid.periods));
    }
    let column = |(at, (of, _)): (usize, (Figure, usize))| {
        let mut values = vec![None; grid.periods];
        rows.iter().zip(&grid.of_row).for_each(|(row, period)| values[*period] = row.2[at]);
        Column { of, values }
    };
    Ok(Measured {
        file: String::new(),
        width_s: grid.width_s,
        periods: grid.periods,
        first_s: grid.first_s,
        starts: starts.and_then(clock::date),
        columns: head.figures.into_iter().enumerate().map(column).collect(),
        notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measured::What;

    fn of(text: &str, columns: &[&str]) -> Result<Measured, String> {
        let columns: Vec<Mapping> = columns.iter().map(|it| it.parse().unwrap()).collect();
        parse("m.csv", text.as_bytes(), &columns).map_err(|error| format!("{error}; {}", error.hint))
    }

    #[test]
    fn a_table_is_figures_by_period() {
        let text =
            "at_s,requests of home,cpu_percent of web,host\n# comment\n0,10,41.5,a\n60,,40%,b\n180,12,-,c\n";
        let found = of(text, &[]).unwrap();
        assert_eq!((found.width_s, found.periods, found.end_s()), (60.0, 4, 240.0));
        let requests = found.column(&Figure::of(What::Requests, "home")).unwrap();
        assert_eq!(requests, [Some(10.0), None, None, Some(12.0)]);
        assert_eq!(found.at(&Figure::of(What::Cpu, "web"), 1), Some(40.0));
        assert_eq!(
            found.notes,
            ["`host` is a column without a meaning here, and not read", "1 of 4 periods have no row"]
        );
    }

    #[test]
    fn dates_begin_at_the_first_of_them_and_columns_have_other_names() {
        let text = "\u{feff}When,CPUUtilization\n2026-03-20T10:05:00Z,50\n2026-03-20T10:00:00Z,40\n";
        let found = of(text, &["at_s=When", "cpu_percent of web=CPUUtilization"]).unwrap();
        assert_eq!((found.first_s, found.width_s), (0.0, 300.0));
        assert_eq!(found.starts.as_deref(), Some("2026-03-20T10:00:00Z"));
        assert_eq!(found.columns[0].values, [Some(40.0), Some(50.0)]);
        assert_eq!(found.notes, ["its rows were put in order of time"]);
    }

    #[test]
    fn what_is_wrong_has_its_line_and_a_hint() {
        for (text, columns, why) in [
            (
                "at_s,p95 of home\n0,1\n60,1\n",
                &[][..],
                "line 1 of `m.csv`: `p95 of home` is no figure; did you mean `p95_ms`?",
            ),
            (
                "at_s,requests\n0,1\nx,1\n",
                &[],
                "line 3 of `m.csv`: a text of one character in `at_s` is no time",
            ),
            (
                "at_s,requests\n0,1\n60,many\n",
                &[],
                "line 3 of `m.csv`: a text of 4 characters in `requests` is no number",
            ),
            (
                "at_s,requests\n0,1\n60,-2\n",
                &[],
                "line 3 of `m.csv`: `-2` in `requests` is no number from 0 on",
            ),
            (
                "at_s,requests\n0,1\n60,1,2\n",
                &[],
                "line 3 of `m.csv`: it has 3 cells, the first line 2 cells",
            ),
            ("at_s,requests\n0,1\n60,1\n60,2\n", &[], "line 4 of `m.csv`: its time is that of another row"),
            ("at_s,requests\n0,1\n", &[], "`m.csv`: it has fewer than two rows"),
            ("requests\n1\n", &[], "line 1 of `m.csv`: it has no column of times"),
            ("at_s,a\n0,1\n60,1\n", &[], "line 1 of `m.csv`: it has no column with a figure"),
            (
                "at_s,requests\n0,1\n60,1\n",
                &["requests of home=request"],
                "it has no column `request`; did you mean `requests`?",
            ),
            (
                "at_s,requests\n0,1\n2026-03-20T10:00:00Z,1\n",
                &[],
                "line 3 of `m.csv`: its time is of another sort",
            ),
            ("", &[], "`m.csv`"),
        ] {
            let said = of(text, columns).unwrap_err();
            assert!(said.contains(why), "{text:?}: {said}");
        }
    }
}
