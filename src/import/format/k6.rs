//! Results of k6: `--out csv` and `--out json`. In: a record or a line. Out: a request, or a time of one that another row counts.
//!
//! k6 writes a row for each metric of a request. `http_reqs` is the request; `http_req_duration` is what the client waited for, from
//! the first byte sent, without the connection; `http_req_waiting` is the time to the first byte, the nearest to that of the target.

use std::borrow::Cow;

use csv::ByteRecord;
use serde::Deserialize;

use super::super::instant;
use super::super::method::method;
use super::super::names::label;
use super::super::row::{End, Reason, Row};
use super::super::scan::{nanos, whole};

/// What is read of a row.
const NAMES: [&str; 8] =
    ["metric_name", "timestamp", "metric_value", "method", "name", "url", "status", "error_code"];

/// Where each of them stands.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Columns([Option<usize>; NAMES.len()]);

impl Columns {
    /// From the first record.
    pub(in super::super) fn of(header: &ByteRecord) -> Option<Columns> {
        let found = NAMES.map(|name| header.iter().position(|cell| cell == name.as_bytes()));
        found[..3].iter().all(Option::is_some).then_some(Columns(found))
    }
}

/// Reads a record of the CSV.
pub(in super::super) fn record<'a>(columns: &Columns, record: &'a ByteRecord) -> Result<Row<'a>, Reason> {
    let value = |place: usize| columns.0[place].and_then(|index| record.get(index)).unwrap_or_default();
    if columns.0.iter().flatten().any(|index| *index >= record.len()) {
        return Err(Reason::Malformed);
    }
    let path = if value(4).is_empty() { value(5) } else { value(4) };
    let point = Point {
        metric: value(0),
        time: value(1),
        value: nanos(value(2)),
        method: value(3),
        path: label(path),
        status: value(6),
    };
    row(point)
}

/// A row of either form.
struct Point<'a> {
    metric: &'a [u8],
    time: &'a [u8],
    /// A number times 10^9.
    value: Option<u64>,
    method: &'a [u8],
    path: Cow<'a, [u8]>,
    status: &'a [u8],
}

fn row(point: Point<'_>) -> Result<Row<'_>, Reason> {
    // Values are milliseconds.
    let time = || point.value.map(|value| value / 1_000).ok_or(Reason::NoNumber);
    let (total, service, is_time_only) = match point.metric {
        b"http_reqs" => (None, None, false),
        b"http_req_duration" => (Some(time()?), None, true),
        b"http_req_waiting" => (None, Some(time()?), true),
        _ => return Err(Reason::Other),
    };
    let at = instant::any(point.time).ok_or(Reason::NoTime)?.nanos;
    if !instant::is_believed(at) {
        return Err(Reason::FarTime);
    }
    let status = match point.status {
        b"" => 0,
        status => whole(status).and_then(|status| u16::try_from(status).ok()).ok_or(Reason::NoNumber)?,
    };
    // No status: no connection, or none in time; k6 is the client, and does not go away.
    let end = if status == 0 { End::NotDispatched } else { End::of_status(status) };
    let method = method(point.method);
    Ok(Row { at, method, path: point.path, end, total, service, is_time_only, ..Row::default() })
}

/// A line of the JSON; a line that defines a metric has another type.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    metric: Cow<'a, str>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default)]
    time: Cow<'a, str>,
    #[serde(default)]
    value: f64,
    #[serde(borrow, default)]
    tags: Option<Tags<'a>>,
}

#[derive(Default, Deserialize)]
struct Tags<'a> {
    #[serde(borrow, default)]
    method: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    url: Cow<'a, str>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
}

/// Whether a line looks like JSON of k6.
pub(super) fn fits_json(line: &[u8]) -> bool {
    serde_json::from_slice::<Line>(line).is_ok_and(|line| matches!(&*line.kind, "Metric" | "Point"))
}

/// Reads a JSON line.
pub(in super::super) fn json(line: &[u8]) -> Result<Row<'_>, Reason> {
    let line: Line = serde_json::from_slice(line).map_err(|_| Reason::Malformed)?;
    if line.kind != "Point" {
        return Err(Reason::Other);
    }
    let tags = line.data.tags.unwrap_or_default();
    let path = if tags.name.is_empty() { tags.url } else { tags.name };
    let value = line.data.value;
    let point = Point {
        metric: line.metric.as_bytes(),
        time: line.data.time.as_bytes(),
        // 1e9 seconds is beyond what a load test measures.
        value: (0.0..1e9).contains(&value).then_some((value * 1e9) as u64),
        method: method(tags.method.as_bytes()),
        path: Cow::Borrowed(b""),
        status: tags.status.as_bytes(),
    };
    let Row { at, end, total, service, is_time_only, .. } = row(point)?;
    let method = method(tags.method.as_bytes());
    let path = match path {
        Cow::Borrowed(path) => label(path.as_bytes()),
        Cow::Owned(path) => Cow::Owned(label(path.as_bytes()).into_owned()),
    };
    Ok(Row { at, method, path, end, total, service, is_time_only, ..Row::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The total, the time to the first byte, and whether it is only a time.
    type Read = (Option<u64>, Option<u64>, bool);

    fn rows(text: &str) -> Vec<(Result<Read, Reason>, End)> {
        let mut reader = super::super::reader(text.as_bytes(), b',');
        let mut records = reader.byte_records().map(Result::unwrap);
        let columns = Columns::of(&records.next().unwrap()).unwrap();
        let read = |line: ByteRecord| match record(&columns, &line) {
            Ok(row) => (Ok((row.total, row.service, row.is_time_only)), row.end),
            Err(reason) => (Err(reason), End::Answered),
        };
        records.map(read).collect()
    }

    #[test]
    fn six_rows_are_one_request() {
        let text = "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags\n\
            vus,1645006049,1.000000,,,,,,,,,,,,,,,\n\
            http_reqs,1645006050,1.000000,,,,true,::01_Homepage,GET,http://ecommerce.example/,HTTP/1.1,default,,200,,,http://ecommerce.example/,\n\
            http_req_duration,1645006050,1530.111000,,,,true,::01_Homepage,GET,http://ecommerce.example/,HTTP/1.1,default,,200,,,http://ecommerce.example/,\n\
            http_req_waiting,1645006050,1500.5,,,,true,,GET,http://ecommerce.example/,HTTP/1.1,default,,200,,,,\n\
            http_reqs,1645006050,1,,dial: refused,1212,false,,GET,http://ecommerce.example/,,default,,0,,,,\n\
            http_reqs,now,1,,,,,,GET,,,,,200,,,,\n";
        assert_eq!(
            rows(text),
            [
                (Err(Reason::Other), End::Answered),
                (Ok((None, None, false)), End::Answered),
                (Ok((Some(1_530_111_000), None, true)), End::Answered),
                (Ok((None, Some(1_500_500_000), true)), End::Answered),
                (Ok((None, None, false)), End::NotDispatched),
                (Err(Reason::NoTime), End::Answered),
            ]
        );
    }

    #[test]
    fn json_lines_are_points_and_definitions() {
        let point = r#"{"metric":"http_req_duration","type":"Point","data":{"time":"2030-02-16T10:07:30.5Z","value":0.432926,"tags":{"method":"GET","name":"http://h/?a=b\u0026c","status":"200"}}}"#;
        let row = json(point.as_bytes()).unwrap();
        assert_eq!(
            (row.total, &row.path[..], row.is_time_only),
            (Some(432_926), &b"http://h/?a=b&c"[..], true)
        );
        let metric = r#"{"type":"Metric","data":{"name":"http_reqs","type":"counter"},"metric":"http_reqs"}"#;
        assert_eq!(json(metric.as_bytes()), Err(Reason::Other));
        assert!(fits_json(metric.as_bytes()) && !fits_json(b"{}"));
    }
}
