//! Standard logs of CloudFront: tabs with a `#Fields` line, and JSON lines with the same names. In: a line. Out: a request.
//!
//! Fields: CloudFront developer guide, "Standard log file fields". Times are UTC, of the end of the answer.

use std::borrow::Cow;

use serde::Deserialize;

use super::super::instant::{self, SECOND};
use super::super::method::method;
use super::super::row::{End, Reason, Row};
use super::super::scan::{is_none, nanos, whole};

/// What is read of a row, by the names of the fields.
const NAMES: [&str; 11] = [
    "date",
    "time",
    "c-ip",
    "cs-method",
    "cs-uri-stem",
    "sc-status",
    "x-edge-result-type",
    "x-edge-detailed-result-type",
    "time-taken",
    "origin-lbl",
    "timestamp(ms)",
];

/// Where each of them stands in a row.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Fields([Option<usize>; NAMES.len()]);

impl Fields {
    /// From `#Fields: date time …`, whatever separates the names.
    pub(in super::super) fn of(line: &[u8]) -> Option<Fields> {
        let names = line.strip_prefix(b"#Fields:")?;
        let words: Vec<&[u8]> =
            names.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty()).collect();
        let found =
            NAMES.map(|name| words.iter().position(|word| word.eq_ignore_ascii_case(name.as_bytes())));
        (found[4].is_some() && found[5].is_some()).then_some(Fields(found))
    }
}

/// Reads a line of tabs.
pub(in super::super) fn row<'a>(fields: &Fields, line: &'a [u8]) -> Result<Row<'a>, Reason> {
    if line.starts_with(b"#") {
        return Err(Reason::Other);
    }
    let mut values: [&[u8]; NAMES.len()] = [b""; NAMES.len()];
    let mut count = 0;
    for (index, value) in line.split(|byte| *byte == b'\t').enumerate() {
        count = index;
        for (place, field) in fields.0.iter().enumerate() {
            if *field == Some(index) {
                values[place] = value;
            }
        }
    }
    let last = fields.0.iter().flatten().max().copied().unwrap_or(0);
    if count < last {
        return Err(Reason::Malformed);
    }
    let path = values[4];
    of(values, Cow::Borrowed(path))
}

/// A JSON line with the same names; values are text.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    date: Cow<'a, str>,
    #[serde(borrow, default)]
    time: Cow<'a, str>,
    #[serde(borrow, default, rename = "c-ip")]
    client: Cow<'a, str>,
    #[serde(borrow, default, rename = "cs-method")]
    method: Cow<'a, str>,
    #[serde(borrow, rename = "cs-uri-stem")]
    path: Cow<'a, str>,
    #[serde(borrow, rename = "sc-status")]
    status: Cow<'a, str>,
    #[serde(borrow, default, rename = "x-edge-result-type")]
    result: Cow<'a, str>,
    #[serde(borrow, default, rename = "x-edge-detailed-result-type")]
    detailed: Cow<'a, str>,
    #[serde(borrow, default, rename = "time-taken")]
    taken: Cow<'a, str>,
    #[serde(borrow, default, rename = "origin-lbl")]
    origin: Cow<'a, str>,
    #[serde(borrow, default, rename = "timestamp(ms)")]
    millis: Cow<'a, str>,
}

/// Whether a line looks like JSON of CloudFront.
pub(super) fn fits_json(line: &[u8]) -> bool {
    serde_json::from_slice::<Line>(line).is_ok()
}

/// Reads a JSON line.
pub(in super::super) fn json(line: &[u8]) -> Result<Row<'_>, Reason> {
    let line: Line = serde_json::from_slice(line).map_err(|_| Reason::Malformed)?;
    let values = [
        &line.date,
        &line.time,
        &line.client,
        &line.method,
        &line.path,
        &line.status,
        &line.result,
        &line.detailed,
        &line.taken,
        &line.origin,
        &line.millis,
    ];
    let row = of(values.map(|text| text.as_bytes()), Cow::Borrowed(b""))?;
    let (at, end, total, service, hit) = (row.at, row.end, row.total, row.service, row.hit);
    let method = method(line.method.as_bytes());
    let path = match line.path {
        Cow::Borrowed(path) => Cow::Borrowed(path.as_bytes()),
        Cow::Owned(path) => Cow::Owned(path.into_bytes()),
    };
    let client = match line.client {
        Cow::Borrowed(client) => client.as_bytes(),
        Cow::Owned(_) => b"",
    };
    Ok(Row { at, method, path, client, end, total, service, hit, ..Row::default() })
}

fn of<'a>(values: [&'a [u8]; NAMES.len()], path: Cow<'a, [u8]>) -> Result<Row<'a>, Reason> {
    let [date, time, client, method, _, status, result, detailed, taken, origin, millis] = values;
    let at = match is_none(millis) {
        false => instant::unix(millis).map(|it| it.nanos).ok_or(Reason::NoTime)?,
        true => {
            let day = instant::iso(date).ok_or(Reason::NoTime)?.nanos;
            day.saturating_add(clock(time).ok_or(Reason::NoTime)? * SECOND)
        }
    };
    if !instant::is_believed(at) {
        return Err(Reason::FarTime);
    }
    let span = |text: &[u8]| match is_none(text) {
        true => Ok(None),
        false => nanos(text).map(Some).ok_or(Reason::NoNumber),
    };
    let (total, service) = (span(taken)?, span(origin)?);
    let status = match is_none(status) {
        true => 0,
        false => whole(status).and_then(|status| u16::try_from(status).ok()).ok_or(Reason::NoNumber)?,
    };
    let end = match (End::of_status(status), detailed) {
        (_, b"ClientCommError" | b"AbortedOrigin") => End::Aborted,
        (End::ByServer, b"OriginConnectError" | b"OriginDnsError" | b"OriginCommError" | b"OriginError") => {
            End::NotDispatched
        }
        (End::ByServer, b"Error") if service.is_some() => End::ByTarget,
        (
            End::ByServer,
            b"LimitExceeded" | b"CapacityExceeded" | b"LambdaExecutionError" | b"FunctionThrottled",
        ) => End::ByBalancer,
        (end, _) => end,
    };
    let hit = match result {
        b"Hit" | b"RefreshHit" | b"OriginShieldHit" => Some(true),
        b"Miss" => Some(false),
        _ => None,
    };
    let at = at.saturating_sub_unsigned(total.unwrap_or(0));
    Ok(Row { at, method, path, client, end, total, service, hit, ..Row::default() })
}

/// `01:13:11` as seconds.
fn clock(text: &[u8]) -> Option<i64> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = text else { return None };
    let [hours, minutes, seconds] = [[*h1, *h2], [*m1, *m2], [*s1, *s2]].map(|digits| whole(&digits));
    let (hours, minutes, seconds) = (hours?, minutes?, seconds?);
    (hours < 24 && minutes < 60 && seconds <= 60).then_some((hours * 3_600 + minutes * 60 + seconds) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[u8] = b"#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken";

    fn line(status: &str, result: &str) -> String {
        [
            "2030-05-23",
            "01:13:11",
            "FRA2",
            "182",
            "192.0.2.10",
            "GET",
            "d1.example",
            "/view/my/file.html",
            status,
            "r",
            "a%20b",
            "zip=1",
            "c",
            result,
            "id==",
            "h",
            "http",
            "-",
            "0.001",
        ]
        .join("\t")
    }

    #[test]
    fn fields_are_found_by_name() {
        let fields = Fields::of(FIELDS).unwrap();
        let text = line("200", "RefreshHit");
        let row = row(&fields, text.as_bytes()).unwrap();
        assert_eq!(row.at, instant::iso(b"2030-05-23T01:13:10.999Z").unwrap().nanos);
        assert_eq!(
            (row.method, &row.path[..], row.hit),
            (&b"GET"[..], &b"/view/my/file.html"[..], Some(true))
        );
        assert_eq!(row.total, Some(1_000_000));
        assert_eq!(super::row(&fields, line("000", "Error").as_bytes()).unwrap().end, End::Aborted);
        assert_eq!(super::row(&fields, line("503", "Error").as_bytes()).unwrap().end, End::ByServer);
        assert_eq!(super::row(&fields, b"#Version: 1.0"), Err(Reason::Other));
        assert_eq!(super::row(&fields, b"2030-05-23\t01:13:11"), Err(Reason::Malformed));
        assert_eq!(Fields::of(b"#Fields: date time"), None);
    }

    #[test]
    fn json_lines_have_the_same_names() {
        let text = r#"{"date":"2030-05-23","time":"01:13:11","c-ip":"192.0.2.1","cs-method":"GET","cs-uri-stem":"\/a\u0026b","sc-status":"502","x-edge-result-type":"Error","x-edge-detailed-result-type":"OriginConnectError","time-taken":"0.500"}"#;
        let row = json(text.as_bytes()).unwrap();
        assert_eq!((&row.path[..], row.method, row.end), (&b"/a&b"[..], &b"GET"[..], End::NotDispatched));
        assert_eq!(json(b"{}"), Err(Reason::Malformed));
    }
}
