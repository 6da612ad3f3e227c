//! `outcome.json`. In: an [`Outcome`], or a comparison of two. Out: JSON with every digit; and back again.
//!
//! Whole numbers have no point. Objects are indented, lists of plain values stay on one line: a series of a thousand rows is one line.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::ser::{CompactFormatter, Formatter};

use super::ReportError;
use crate::files;
use crate::outcome::{OLDEST, Outcome, Tables, VERSION};
use crate::text::{is_hidden, visible};

/// An outcome, a comparison or breakpoints as JSON text with a newline at its end.
pub fn to_json(document: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Lines::default());
    document.serialize(&mut serializer).expect("a vector takes every byte, and every key is a string");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Reads a stored outcome.
///
/// # Errors
/// The file cannot be read, is no outcome, or has another layout version.
pub fn read(path: &Path) -> Result<Outcome, ReportError> {
    let text = files::read_text(path).map_err(|source| ReportError::Read { path: path.into(), source })?;
    let not_an_outcome =
        |error: serde_json::Error| ReportError::NotAnOutcome { path: path.into(), why: why(&error) };
    let layout: Layout = serde_json::from_str(&text).map_err(not_an_outcome)?;
    match layout.version {
        version if (OLDEST.into()..=VERSION.into()).contains(&version) => {
            plain(&text, &layout.scenario.tables).map_err(not_an_outcome)
        }
        found => Err(ReportError::OtherVersion { path: path.into(), found }),
    }
}

/// What is wrong with a text, and where.
fn why(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        Category::Syntax => "it is no JSON",
        Category::Eof => "it ends too soon",
        Category::Data | Category::Io => "a value is missing, or of another type",
    };
    match error.line() {
        // Of a document that is read already, the place is not known.
        0 => what.into(),
        line => format!("{what}, line {line}, column {}", error.column()),
    }
}

/// An outcome whose texts hide nothing from people who read its page.
fn plain(text: &str, tables: &Tables) -> Result<Outcome, serde_json::Error> {
    // What simcap has written holds nothing of the kind.
    if !text.contains('\\') && !text.chars().any(|c| c != '\n' && is_hidden(c)) {
        return tables.within(|| serde_json::from_str(text));
    }
    let mut document: Value = serde_json::from_str(text)?;
    show(&mut document);
    serde_json::from_value(document)
}

/// Writes out what is hidden in every text of a document. The parser has bounded its depth.
fn show(document: &mut Value) {
    match document {
        Value::String(text) => *text = visible(text).into_owned(),
        Value::Array(elements) => elements.iter_mut().for_each(show),
        Value::Object(fields) => {
            *fields = std::mem::take(fields)
                .into_iter()
                .map(|(key, mut value)| {
                    show(&mut value);
                    (visible(&key).into_owned(), value)
                })
                .collect();
        }
        _ => {}
    }
}

/// What is read first: of each version its number, and the tables to which the rest refers.
#[derive(Deserialize)]
struct Layout {
    version: u64,
    #[serde(default)]
    scenario: Listing,
}

#[derive(Default, Deserialize)]
struct Listing {
    #[serde(default)]
    tables: Tables,
}

/// Line breaks for people who look into the file: see the module.
#[derive(Default)]
struct Lines {
    open: Vec<Container>,
}

#[derive(Clone, Copy, PartialEq)]
enum Container {
    Object,
    PlainList,
    /// A list that holds objects or lists, each on its own line.
    NestedList,
}

impl Lines {
    fn newline<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        self.open.iter().try_for_each(|_| writer.write_all(b"  "))
    }

    fn begin<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        container: Container,
        mark: &[u8],
    ) -> io::Result<()> {
        if let Some(list) = self.open.last_mut().filter(|list| **list != Container::Object) {
            *list = Container::NestedList;
            self.newline(writer)?;
        }
        self.open.push(container);
        writer.write_all(mark)
    }

    fn end<W: ?Sized + io::Write>(&mut self, writer: &mut W, mark: &[u8]) -> io::Result<()> {
        if self.open.pop() != Some(Container::PlainList) {
            self.newline(writer)?;
        }
        writer.write_all(mark)
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, Container::PlainList, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b",") }
    }

    /// Means of one run are whole numbers, and read as such: `4`, not `4.0`. A sum of nothing is -0, which is 0.
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match value.fract() == 0.0 && value.abs() < EXACT {
            true => self.write_i64(writer, value as i64),
            false => CompactFormatter.write_f64(writer, value),
        }
    }

    /// What acts on a terminal is escaped beyond what JSON asks for; it reads back the same.
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some((start, hidden)) = rest.char_indices().find(|(_, c)| is_hidden(*c)) {
            writer.write_all(&rest.as_bytes()[..start])?;
            write!(writer, "\\u{:04x}", u32::from(hidden))?;
            rest = &rest[start + hidden.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, Container::Object, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.newline(writer)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::outcome::sample;

    #[test]
    fn an_outcome_reads_back_bit_for_bit() {
        let mut outcome = sample::outcome();
        outcome.goodput_per_s = 0.1 + 0.2;
        outcome.timeline.cost_usd[3] = 2.225_073_858_507_201e-308;
        outcome.timeline.in_flight[..4].copy_from_slice(&[0.0, 1e300, 9_007_199_254_740_993.0, 0.125]);
        outcome.scenario.seed = u64::MAX;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outcome.json");
        fs::write(&path, to_json(&outcome)).unwrap();
        let back = read(&path).unwrap();
        assert_eq!(format!("{back:?}"), format!("{outcome:?}"));
        assert_eq!(to_json(&back), to_json(&outcome));
    }

    /// Nobody has less than nothing: neither in JSON nor in a table, as metrics or on a page.
    #[test]
    fn a_sum_of_nothing_is_written_as_zero() {
        let mut outcome = sample::several();
        outcome.timeline.completed.fill(-0.0);
        outcome.timeline.availability.fill(Some(-0.0));
        (outcome.requests.failed, outcome.goodput_per_s) = (-0.0, -0.0);
        outcome.estimates.iter_mut().for_each(|it| it.value = -0.0);
        let texts = [
            to_json(&outcome),
            super::super::csv::timeline(&outcome),
            super::super::figures_csv(&outcome),
            super::super::openmetrics(&outcome),
            super::super::page(&outcome, &[]),
        ];
        for text in texts {
            let words = text.split(|c: char| !(c.is_alphanumeric() || "-.".contains(c)));
            let wrong: Vec<&str> = words.filter(|word| ["-0", "-0.0"].contains(word)).collect();
            assert!(wrong.is_empty() && text.len() > 1_000, "{wrong:?} in {}", &text[..1_000]);
        }
    }

    #[test]
    fn a_hostile_outcome_shows_what_it_hides() {
        let mut outcome = sample::outcome();
        outcome.scenario.name = "Shop\u{1b}]0;owned\u{7}\nObjectives: all 1 met".into();
        outcome.objectives[0].objective = "\u{202e}p99\u{9b}".into();
        outcome.scenario.file = "C:\\shop \"1\".toml".into();
        let text = to_json(&outcome);
        assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)), "nor does its text act");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outcome.json");
        fs::write(&path, &text).unwrap();
        let back = read(&path).unwrap();
        assert_eq!(back.scenario.name, "Shop\\u{1b}]0;owned\\u{7}\\nObjectives: all 1 met");
        assert_eq!(back.objectives[0].objective, "\\u{202e}p99\\u{9b}");
        assert_eq!(back.scenario.file, outcome.scenario.file);
        let page = crate::report::page(&back, &["a\u{1b}[2J".into()]);
        let styled = |c: char| c == '\n' || c == '\u{1b}';
        assert!(!page.chars().any(|c| !styled(c) && is_hidden(c)) && !page.contains("\u{1b}[2J"), "{page:?}");
    }

    #[test]
    fn a_series_is_one_line() {
        let text = to_json(&sample::outcome());
        let column = text.lines().find(|line| line.starts_with("    \"in_flight\": [")).unwrap();
        assert_eq!(column.split(',').filter(|value| !value.is_empty()).count(), 20, "{column}");
        assert!(text.contains("  \"distribution\": [\n    [0,"), "{text}");
        assert!(text.contains("  \"objectives\": [\n    {\n      \"objective\""), "{text}");
    }

    /// Files of before have words alone.
    #[test]
    fn an_outcome_without_typed_references_is_read_and_has_no_margins() {
        let mut old = sample::several();
        old.estimates.iter_mut().for_each(|estimate| estimate.of = None);
        old.objectives.iter_mut().for_each(|verdict| verdict.bound = None);
        let text = to_json(&old);
        assert!(!text.contains("\"quantile\""), "{text}");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outcome.json");
        fs::write(&path, text).unwrap();
        let page = |outcome: &Outcome| crate::report::page(outcome, &[]).matches('±').count();
        assert!(page(&read(&path).unwrap()) < page(&sample::several()));
    }

    #[test]
    fn another_version_or_another_file_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outcome.json");
        fs::write(&path, "{\"version\": 999}").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("layout version 999"));
        // The place of what cannot be read is that in the file.
        let broken =
            to_json(&sample::outcome()).replace("\"goodput_per_s\": ", "\"goodput_per_s\": true, \"x\": ");
        fs::write(&path, broken).unwrap();
        let error = read(&path).unwrap_err();
        assert!(
            matches!(&error, ReportError::NotAnOutcome { why, .. } if why.contains(", line ")),
            "{error:?}"
        );
        fs::write(&path, "[1, 2]").unwrap();
        assert!(matches!(read(&path), Err(ReportError::NotAnOutcome { .. })));
        fs::write(&path, "{\"version\": \"hunter2\"}").unwrap();
        let text = read(&path).unwrap_err().to_string();
        assert!(text.contains("of another type, line 1") && !text.contains("hunter2"), "{text}");
        assert!(matches!(read(&dir.path().join("none")), Err(ReportError::Read { .. })));
    }
}
