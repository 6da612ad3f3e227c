//! Formats of logs and measurements: which one a file has, and how its rows are read. In: the beginning of a file. Out: a [`Shape`].

mod alb;
mod clf;
mod cloudfront;
pub(super) mod cloudwatch;
pub(super) mod columns;
mod k6;
pub(super) mod locust;

use std::fmt;
use std::str::FromStr;

use csv::ByteRecord;

use super::row::{Reason, Row};

pub use clf::TimeUnit;

/// Bytes of a beginning that are looked at.
pub(super) const HEAD: usize = 64 << 10;
/// Lines of it.
const LINES: usize = 50;

/// A format, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Access logs of Application and Classic Load Balancers.
    Alb,
    /// Common Log Format: Apache, nginx.
    Clf,
    /// Standard logs of CloudFront.
    CloudFront,
    /// Results of k6, CSV or JSON lines.
    K6,
    /// Results of Locust.
    Locust,
    /// Exports of CloudWatch.
    CloudWatch,
    /// Any CSV file whose first line names its columns.
    Csv,
}

impl Format {
    /// All of them, with their names.
    pub const ALL: [(Format, &str, &str); 7] = [
        (Format::Alb, "alb", "access log of a load balancer"),
        (Format::Clf, "clf", "Common Log Format"),
        (Format::CloudFront, "cloudfront", "log of CloudFront"),
        (Format::K6, "k6", "results of k6"),
        (Format::Locust, "locust", "results of Locust"),
        (Format::CloudWatch, "cloudwatch", "export of CloudWatch"),
        (Format::Csv, "csv", "CSV by the names of its columns"),
    ];

    /// What it is in words.
    pub fn words(self) -> &'static str {
        Format::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(_, _, words)| words)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Format::ALL.iter().find(|(format, ..)| format == self).map_or("", |(_, name, _)| name))
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        let found = Format::ALL.iter().find(|(_, name, _)| *name == text);
        found.map(|(format, ..)| *format).ok_or_else(|| {
            let names: Vec<&str> = Format::ALL.iter().map(|(_, name, _)| *name).collect();
            format!("one of {}", names.join(", "))
        })
    }
}

/// How the rows of a file are read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// A request a line.
    Lines(Lines),
    /// Records of CSV, each a request.
    Requests(Requests),
    /// Records of CSV with figures.
    Figures(Figures),
    /// A JSON document of CloudWatch.
    CloudWatch,
}

/// Formats of lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lines {
    Alb,
    Clf(clf::Tail),
    CloudFront(cloudfront::Fields),
    CloudFrontJson,
    K6Json,
}

impl Lines {
    /// Reads a line.
    #[inline]
    pub(super) fn row<'a>(&self, line: &'a [u8]) -> Result<Row<'a>, Reason> {
        match self {
            Lines::Alb => alb::row(line),
            Lines::Clf(tail) => clf::row(line, tail),
            Lines::CloudFront(fields) => cloudfront::row(fields, line),
            Lines::CloudFrontJson => cloudfront::json(line),
            Lines::K6Json => k6::json(line),
        }
    }
}

/// Formats of records that are requests.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Requests {
    K6(k6::Columns),
    Columns(columns::Columns),
}

impl Requests {
    /// What separates cells.
    pub(super) fn delimiter(&self) -> u8 {
        match self {
            Requests::K6(_) => b',',
            Requests::Columns(columns) => columns.delimiter,
        }
    }

    /// Reads a record.
    pub(super) fn row<'a>(&self, record: &'a ByteRecord) -> Result<Row<'a>, Reason> {
        match self {
            Requests::K6(columns) => k6::record(columns, record),
            Requests::Columns(columns) => columns::row(columns, record),
        }
    }
}

/// Formats of records that are figures.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Figures {
    Locust(locust::Columns),
    CloudWatch,
    Columns(columns::Columns),
}

impl Figures {
    /// What separates cells.
    pub(super) fn delimiter(&self) -> u8 {
        match self {
            Figures::Locust(_) | Figures::CloudWatch => b',',
            Figures::Columns(columns) => columns.delimiter,
        }
    }
}

/// What a user has said about files.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// The format of all of them.
    pub format: Option<Format>,
    /// The unit of whole numbers at the end of rows of the Common Log Format.
    pub unit: Option<TimeUnit>,
    /// Columns of CSV files by what they hold: `time`, and its name. For the Common Log Format `duration` and `service`, with the number of a column
    /// behind the size, from 1, or the name of `name=value`.
    pub columns: Vec<(String, String)>,
}

/// What a beginning is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// A format.
    Format(Format, Box<Shape>),
    /// Nothing to read: the file that AWS writes to see whether it may.
    Nothing,
    /// A file that a tool writes beside its figures, and that has none: what it is.
    Beside(&'static str),
    /// A template or a plan of infrastructure.
    Infrastructure,
    /// None that is known.
    Unknown,
}

/// Looks at the beginning of a file, without a byte order mark.
pub(super) fn detect(head: &[u8], hints: &Hints) -> Found {
    let lines: Vec<&[u8]> = head
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    let Some(first) = lines.first() else { return Found::Nothing };
    if first.starts_with(b"Enable AccessLogs for ELB") || first.starts_with(b"Enable ConnectionLogs for ELB")
    {
        return Found::Nothing;
    }
    let wanted = |format: Format| hints.format.is_none_or(|asked| asked == format);
    let found = |format: Format, shape: Shape| Found::Format(format, Box::new(shape));
    if wanted(Format::CloudFront) {
        if let Some(fields) = lines.iter().find_map(|line| cloudfront::Fields::of(line)) {
            return found(Format::CloudFront, Shape::Lines(Lines::CloudFront(fields)));
        }
        if cloudfront::fits_json(first) {
            return found(Format::CloudFront, Shape::Lines(Lines::CloudFrontJson));
        }
    }
    if wanted(Format::K6) && k6::fits_json(first) {
        return found(Format::K6, Shape::Lines(Lines::K6Json));
    }
    if matches!(first.first(), Some(b'{' | b'[')) {
        if wanted(Format::CloudWatch) && cloudwatch::fits_json(head) {
            return found(Format::CloudWatch, Shape::CloudWatch);
        }
        return if is_infrastructure(head) { Found::Infrastructure } else { Found::Unknown };
    }
    let fitting = |fits: fn(&[u8]) -> bool| lines.iter().filter(|line| fits(line)).count();
    let asked = hints.format;
    if asked == Some(Format::Alb) || wanted(Format::Alb) && fitting(alb::fits) > 0 {
        return found(Format::Alb, Shape::Lines(Lines::Alb));
    }
    if asked == Some(Format::Clf) || wanted(Format::Clf) && fitting(clf::fits) > 0 {
        // The last line may be cut off.
        let whole = memchr::memrchr(b'\n', head).filter(|_| head.len() >= HEAD).unwrap_or(head.len());
        let tail = clf::tail(
            head[..whole].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii),
            hints.unit,
            &hints.columns,
        );
        return found(Format::Clf, Shape::Lines(Lines::Clf(tail)));
    }
    records(head, hints)
        .unwrap_or_else(|| if is_infrastructure(head) { Found::Infrastructure } else { Found::Unknown })
}

/// Formats of CSV, by their first records.
fn records(head: &[u8], hints: &Hints) -> Option<Found> {
    let wanted = |format: Format| hints.format.is_none_or(|asked| asked == format);
    // The last line may be cut off.
    let end = memchr::memrchr(b'\n', head).filter(|_| head.len() >= HEAD).unwrap_or(head.len());
    let delimiter = delimiter(head);
    let mut reader = reader(&head[..end], delimiter);
    let records: Vec<ByteRecord> = reader.byte_records().take(LINES).map_while(Result::ok).collect();
    let header = records.first()?;
    if let Some(columns) = k6::Columns::of(header).filter(|_| wanted(Format::K6)) {
        return Some(Found::Format(Format::K6, Box::new(Shape::Requests(Requests::K6(columns)))));
    }
    if let Some(columns) = locust::Columns::of(header).filter(|_| wanted(Format::Locust)) {
        return Some(Found::Format(Format::Locust, Box::new(Shape::Figures(Figures::Locust(columns)))));
    }
    if wanted(Format::Locust) && locust::is_beside(header) {
        return Some(Found::Beside("failures or exceptions of Locust, which the history counts"));
    }
    if wanted(Format::CloudWatch) && cloudwatch::fits_records(&records) {
        return Some(Found::Format(Format::CloudWatch, Box::new(Shape::Figures(Figures::CloudWatch))));
    }
    let columns = columns::Columns::of(header, delimiter, &hints.columns).filter(|_| wanted(Format::Csv))?;
    let shape = match columns.is_figures() {
        true => Shape::Figures(Figures::Columns(columns)),
        false => Shape::Requests(Requests::Columns(columns)),
    };
    Some(Found::Format(Format::Csv, Box::new(shape)))
}

/// A reader of CSV: rows may have any length.
pub(super) fn reader<R: std::io::Read>(input: R, delimiter: u8) -> csv::Reader<R> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(input)
}

/// What separates the names of the first line: a comma, a semicolon or a tab.
fn delimiter(head: &[u8]) -> u8 {
    let first = head
        .split(|byte| *byte == b'\n')
        .find(|line| !line.trim_ascii().is_empty() && !line.starts_with(b"#"));
    let count =
        |delimiter: u8| first.map_or(0, |line| line.iter().filter(|byte| **byte == delimiter).count());
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn is_infrastructure(head: &[u8]) -> bool {
    let marks = [
        "\"terraform_version\"",
        "\"planned_values\"",
        "\"Resources\"",
        "AWSTemplateFormatVersion",
        "\nResources:",
        "resource \"",
    ];
    head.starts_with(b"Resources:")
        || marks.iter().any(|mark| memchr::memmem::find(head, mark.as_bytes()).is_some())
}
