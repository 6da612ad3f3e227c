//! CSV files by the names of their columns: requests, arrivals, or figures of periods. In: records. Out: requests, or values.
//!
//! Known names are those that people and tools use, JMeter among them; `--column time=Zeit` names others.

mod names;

use std::borrow::Cow;

use csv::ByteRecord;

use super::super::instant;
use super::super::method::method;
use super::super::names::label;
use super::super::row::{End, Reason, Row};
use super::super::scan::{is_none, nanos, whole};
use super::super::series::Column;
use names::{COUNT, DURATION, KNOWN, METHOD, PATH, SERVICE, STATUS, SUCCESS, TIME, bare, figure};

pub use names::known;

/// Which column holds what.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Columns {
    at: [Option<usize>; KNOWN.len()],
    /// Nanoseconds in the units of duration and service.
    units: [f64; 2],
    /// Whether a unit of time was assumed.
    pub assumes_millis: bool,
    /// The name of the column of times: a row with it is a header again.
    header: Vec<u8>,
    /// What separates cells.
    pub delimiter: u8,
    /// The column whose values are taken for counts of requests though it does not say so, from 1.
    pub assumes_counts: Option<usize>,
    /// Columns of figures.
    figures: Vec<(usize, Column)>,
    /// Columns of whose names nothing is known, from 1.
    pub unknown: Vec<usize>,
}

impl Columns {
    /// From the first record; `None` if no column has times, or the first record holds values.
    pub(in super::super) fn of(
        header: &ByteRecord,
        delimiter: u8,
        named: &[(String, String)],
    ) -> Option<Columns> {
        let names: Vec<String> =
            header.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        if names.iter().any(|name| instant::any(name.as_bytes()).is_some()) {
            return None;
        }
        let mut units = [1e6; 2];
        let mut assumes_millis = false;
        let mut at = [None; KNOWN.len()];
        for (place, (field, known)) in KNOWN.iter().enumerate() {
            let asked = named.iter().find(|(name, _)| name == field).map(|(_, column)| column);
            let found = match asked {
                Some(column) => names.iter().position(|name| name == column),
                None => known.iter().find_map(|known| {
                    let fits = |name: &String| {
                        name.to_ascii_lowercase() == *known || bare(name).0 == *known && place != TIME
                    };
                    names.iter().position(fits)
                }),
            };
            at[place] = found;
            if let (Some(index), DURATION | SERVICE) = (found, place) {
                let unit = bare(&names[index]).1;
                assumes_millis |= unit.is_none();
                units[place - DURATION] = unit.unwrap_or(1e6);
            }
        }
        let header = header.get(at[TIME]?)?.trim_ascii().to_vec();
        let mut columns = Columns {
            at,
            header,
            delimiter,
            units,
            assumes_millis,
            assumes_counts: None,
            figures: Vec::new(),
            unknown: Vec::new(),
        };
        for (index, name) in names.iter().enumerate() {
            match figure(name) {
                Some(column) => columns.figures.push((index, column)),
                None if !columns.at.contains(&Some(index)) => columns.unknown.push(index + 1),
                None => {}
            }
        }
        let has_requests = [PATH, STATUS, DURATION, SERVICE].iter().any(|place| columns.at[*place].is_some());
        let has_figures =
            columns.figures.iter().any(|(_, column)| column.of.is_some() || column.figure != "requests");
        match (columns.at[COUNT], has_requests && !has_figures) {
            (_, true) => columns.figures.clear(),
            (Some(index), false) if !columns.figures.iter().any(|(place, _)| *place == index) => {
                columns.figures.push((index, Column::new("requests", None)));
                let says_so = !matches!(&*names[index].to_ascii_lowercase(), "value" | "sum");
                columns.assumes_counts = (!says_so).then_some(index + 1);
            }
            _ => {}
        }
        Some(columns)
    }

    /// Whether rows are figures of periods.
    pub(in super::super) fn is_figures(&self) -> bool {
        !self.figures.is_empty()
    }

    /// The instant of a row; small numbers are seconds since some start.
    fn time(&self, record: &ByteRecord) -> Result<i64, Reason> {
        let text = self.at[TIME].and_then(|index| record.get(index)).unwrap_or_default().trim_ascii();
        if text == self.header {
            return Err(Reason::Other);
        }
        if let Some(since) = nanos(text).filter(|nanos| *nanos < 100_000_000_000_000_000) {
            return Ok(since as i64);
        }
        let at = instant::any(text).ok_or(Reason::NoTime)?.nanos;
        if instant::is_believed(at) { Ok(at) } else { Err(Reason::FarTime) }
    }

    /// The values of a row of figures.
    pub(in super::super) fn values<'a>(
        &'a self,
        record: &'a ByteRecord,
    ) -> Result<(i64, impl Iterator<Item = (&'a Column, f64)>), Reason> {
        let at = self.time(record)?;
        let value = |index: usize| -> Result<Option<f64>, Reason> {
            let text = record.get(index).unwrap_or_default().trim_ascii();
            if is_none(text) {
                return Ok(None);
            }
            let value: Option<f64> = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
            value.filter(|value| value.is_finite() && *value >= 0.0).map(Some).ok_or(Reason::NoNumber)
        };
        let values: Result<Vec<(&Column, Option<f64>)>, Reason> =
            self.figures.iter().map(|(index, column)| Ok((column, value(*index)?))).collect();
        Ok((at, values?.into_iter().filter_map(|(column, value)| Some((column, value?)))))
    }
}

/// Reads a record as a request.
pub(super) fn row<'a>(columns: &Columns, record: &'a ByteRecord) -> Result<Row<'a>, Reason> {
    let value =
        |place: usize| columns.at[place].and_then(|index| record.get(index)).unwrap_or_default().trim_ascii();
    if columns.at[TIME].is_none_or(|index| index >= record.len()) {
        return Err(Reason::Malformed);
    }
    let at = columns.time(record)?;
    let span = |place: usize| match value(place) {
        text if is_none(text) => Ok(None),
        // A number times 10^9, in another unit.
        text => nanos(text)
            .map(|value| Some((value as f64 * columns.units[place - DURATION] / 1e9) as u64))
            .ok_or(Reason::NoNumber),
    };
    let text = value(STATUS);
    let end = match (is_none(text), status(text), value(SUCCESS)) {
        (_, Some(0), _) | (_, None, b"false" | b"FALSE" | b"False") => End::NotDispatched,
        (_, Some(status), _) => End::of_status(status),
        (true, None, _) | (_, None, b"true" | b"TRUE" | b"True") => End::Answered,
        // JMeter writes this where there was no answer.
        (false, None, _) if text.starts_with(b"Non HTTP response code") => End::NotDispatched,
        (false, None, _) => return Err(Reason::NoNumber),
    };
    let method = method(value(METHOD));
    let method = if value(METHOD).is_empty() { b"" } else { method };
    let path = match value(PATH) {
        b"" => Cow::Borrowed(&b"-"[..]),
        path => label(path),
    };
    Ok(Row { at, method, path, end, total: span(DURATION)?, service: span(SERVICE)?, ..Row::default() })
}

/// A status: `200`, `200 OK`, or `5xx`.
fn status(text: &[u8]) -> Option<u16> {
    let number = |text: &[u8]| whole(text).and_then(|status| u16::try_from(status).ok());
    match text {
        [first @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(u16::from(first - b'0') * 100),
        [_, _, _, b' ', ..] => number(&text[..3]),
        _ => number(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Option<Columns> {
        Columns::of(&ByteRecord::from(header.split(',').collect::<Vec<_>>()), b',', &[])
    }

    #[test]
    fn columns_are_found_by_name_and_unit() {
        let jmeter = of("timeStamp,elapsed,label,responseCode,responseMessage,threadName,success").unwrap();
        assert!(!jmeter.is_figures() && jmeter.assumes_millis && jmeter.unknown == [5, 6]);
        let record =
            ByteRecord::from(vec!["1431857103000", "250", "Add to cart", "200", "OK", "t 1", "true"]);
        let found = row(&jmeter, &record).unwrap();
        assert_eq!(
            (found.total, &found.path[..], found.end),
            (Some(250_000_000), &b"Add-to-cart"[..], End::Answered)
        );
        let failed =
            ByteRecord::from(vec!["1431857103000", "250", "a", "Non HTTP response code: x", "", "", "false"]);
        assert_eq!(row(&jmeter, &failed).unwrap().end, End::NotDispatched);
        let seconds = of("time,url,status,latency_s").unwrap();
        let record = ByteRecord::from(vec!["2030-01-01T00:00:00Z", "/a", "200", "0.25"]);
        assert_eq!(row(&seconds, &record).unwrap().total, Some(250_000_000));
        assert_eq!(row(&seconds, &ByteRecord::from(vec!["x", "/a", "200", "1"])), Err(Reason::NoTime));
    }

    #[test]
    fn a_status_is_a_number_or_the_row_is_dropped() {
        let columns = of("time,path,status").unwrap();
        let end = |status: &str| {
            row(&columns, &ByteRecord::from(vec!["2030-01-01T00:00:00Z", "/a", status])).map(|row| row.end)
        };
        assert_eq!(end("200 OK"), Ok(End::Answered));
        assert_eq!((end("5xx"), end("503 Service Unavailable")), (Ok(End::ByServer), Ok(End::ByServer)));
        assert_eq!((end("4XX"), end("")), (Ok(End::Refused), Ok(End::Answered)));
        assert_eq!(
            (end("OK"), end("2OO"), end("6xx")),
            (Err(Reason::NoNumber), Err(Reason::NoNumber), Err(Reason::NoNumber))
        );
    }

    #[test]
    fn figures_are_those_of_measured_csv_or_a_count() {
        let measured = of("at_s,requests of home,p95_ms of home,cpu_percent of web").unwrap();
        assert!(measured.is_figures());
        let record = ByteRecord::from(vec!["60", "12", "", "55.5"]);
        let (at, values) = measured.values(&record).unwrap();
        let values: Vec<(String, f64)> = values.map(|(column, value)| (column.header(), value)).collect();
        assert_eq!(at, 60_000_000_000);
        assert_eq!(values, [("requests of home".to_owned(), 12.0), ("cpu_percent of web".to_owned(), 55.5)]);
        let counts = of("timestamp,value,label,notes");
        assert!(counts.is_some(), "a count beside a label");
        assert!(of("a,b").is_none() && of("2030-01-01,5").is_none());
    }
}
