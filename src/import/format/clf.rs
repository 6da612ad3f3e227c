//! The Common Log Format and its relatives: Apache common and combined, nginx, with a virtual host in front, with times at the end.
//! In: a line. Out: a request.

use std::borrow::Cow;

use memchr::memmem;

use super::super::instant::{self, common};
use super::super::row::{End, Reason, Row};
use super::super::scan::{field, is_none, nanos, request, whole};

/// What a whole number at the end of each row counts, if it is a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Microseconds, as `%D` of Apache.
    Micros,
    /// Milliseconds, as `%{ms}T` of Apache.
    Millis,
    /// Seconds, as `%T` of Apache.
    Seconds,
}

impl TimeUnit {
    fn nanos(self) -> u64 {
        match self {
            TimeUnit::Micros => 1_000,
            TimeUnit::Millis => 1_000_000,
            TimeUnit::Seconds => 1_000_000_000,
        }
    }
}

/// Whether a line looks like one.
pub(super) fn fits(line: &[u8]) -> bool {
    row(line, None).is_ok()
}

/// Reads a line. Whole numbers at its end are times only if their unit is given: they may be sizes as well.
pub(in super::super) fn row(line: &[u8], unit: Option<TimeUnit>) -> Result<Row<'_>, Reason> {
    let bracket = bracket(line).ok_or(Reason::Malformed)?;
    let client = line[..bracket].split(|byte| *byte == b' ').next().unwrap_or_default();
    let mut rest = &line[bracket..];
    let time = field(&mut rest).ok_or(Reason::Malformed)?;
    let mut at = common(time).ok_or(Reason::NoTime)?.nanos;
    if !instant::is_believed(at) {
        return Err(Reason::FarTime);
    }
    let asked = field(&mut rest).ok_or(Reason::Malformed)?;
    let status = field(&mut rest).ok_or(Reason::Malformed)?;
    let status = whole(status).and_then(|status| u16::try_from(status).ok()).ok_or(Reason::NoNumber)?;
    let _bytes = field(&mut rest);
    let extras = Extras::of(rest, unit);
    if let Some(total) = extras.total.filter(|_| extras.is_logged_at_the_end) {
        at = at.saturating_sub_unsigned(total);
    }
    let end = match (End::of_status(status), extras.upstream) {
        (End::ByServer, Upstream::Answered(_)) => End::ByTarget,
        (End::ByServer, Upstream::None) => End::ByBalancer,
        (end, _) => end,
    };
    let (method, path) = request(asked).unwrap_or((b"", b"-"));
    let service = match extras.upstream {
        Upstream::Answered(nanos) => Some(nanos),
        _ => None,
    };
    Ok(Row {
        at,
        method,
        path: Cow::Borrowed(path),
        client,
        end,
        total: extras.total,
        service,
        ..Row::default()
    })
}

/// Where `[17/May/2015` begins: a user name before it may have brackets of its own.
fn bracket(line: &[u8]) -> Option<usize> {
    let is_date = |at: usize| {
        line.get(at + 2..at + 6)
            .is_some_and(|date| date[0].is_ascii_digit() && date[1].is_ascii_digit() && date[2] == b'/')
    };
    memmem::find_iter(line, b" [").find(|at| is_date(*at)).map(|at| at + 1)
}

/// What nginx says of the server behind it.
#[derive(Clone, Copy, PartialEq)]
enum Upstream {
    /// Nothing.
    Unknown,
    /// `-`: it was not asked.
    None,
    /// How long it took.
    Answered(u64),
}

/// What stands behind the size: a referrer and an agent, which are skipped, and times.
struct Extras {
    total: Option<u64>,
    upstream: Upstream,
    /// nginx writes the time of the end, Apache that of the start.
    is_logged_at_the_end: bool,
}

impl Extras {
    fn of(mut rest: &[u8], unit: Option<TimeUnit>) -> Extras {
        let mut found = Extras { total: None, upstream: Upstream::Unknown, is_logged_at_the_end: false };
        let mut index = 0;
        while let Some(text) = field(&mut rest) {
            index += 1;
            let (name, value) = match memchr::memchr(b'=', text).filter(|at| *at < 24) {
                Some(equals) => (&text[..equals], unquoted(&text[equals + 1..])),
                None => (&b""[..], text),
            };
            let value = value.strip_suffix(b",").unwrap_or(value);
            let span = nanos(value).filter(|_| value.contains(&b'.'));
            match (name, span, value) {
                (b"rt" | b"request_time", Some(span), _) => found.end(span),
                (b"urt" | b"upstream_response_time", Some(span), _) => found.upstream(span),
                (b"urt" | b"upstream_response_time", None, b"-") => found.upstream = Upstream::None,
                (b"", Some(span), _) if found.total.is_none() => found.end(span),
                (b"", Some(span), _) => found.upstream(span),
                // The first two are a referrer and an agent; beyond, `-` is a server that was not asked.
                (b"", None, b"-")
                    if index > 2 && found.total.is_some() && found.upstream == Upstream::Unknown =>
                {
                    found.upstream = Upstream::None;
                }
                (b"", None, _) if found.total.is_none() && !is_none(value) => {
                    let span = unit.zip(whole(value)).map(|(unit, value)| value.saturating_mul(unit.nanos()));
                    found.total = span;
                }
                _ => {}
            }
        }
        found
    }

    fn end(&mut self, span: u64) {
        self.total = Some(span);
        self.is_logged_at_the_end = true;
    }

    /// Several servers were asked one after the other: what they took adds up.
    fn upstream(&mut self, span: u64) {
        self.upstream = match self.upstream {
            Upstream::Answered(before) => Upstream::Answered(before.saturating_add(span)),
            _ => Upstream::Answered(span),
        };
    }
}

fn unquoted(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /a?b=c HTTP/1.1\"";

    fn times(tail: &str, unit: Option<TimeUnit>) -> (Option<u64>, Option<u64>, End) {
        let line = format!("{HEAD} {tail}");
        let row = row(line.as_bytes(), unit).unwrap();
        (row.total, row.service, row.end)
    }

    #[test]
    fn common_and_combined_have_no_times() {
        let end = End::Answered;
        assert_eq!(times("200 12", None), (None, None, end));
        assert_eq!(times("200 - \"http://r\" \"agent 1.5 (x; rv:28.0)\"", None), (None, None, end));
        assert_eq!(times("200 12 \"-\" \"-\" \"192.0.2.1\"", None), (None, None, end));
        assert_eq!(times("503 12 \"-\" \"-\"", None).2, End::ByServer);
        assert_eq!(times("499 0 \"-\" \"-\"", None).2, End::Aborted);
    }

    #[test]
    fn nginx_has_times_at_the_end_and_logs_at_the_end() {
        let millis = |ms: u64| Some(ms * 1_000_000);
        assert_eq!(times("200 1 \"-\" \"-\" 0.025 0.020", None), (millis(25), millis(20), End::Answered));
        assert_eq!(
            times("200 1 \"-\" \"-\" rt=0.025 uct=\"0.001\" urt=\"0.020\"", None),
            (millis(25), millis(20), End::Answered)
        );
        assert_eq!(
            times("200 1 \"-\" \"-\" 0.025 0.010, 0.010", None).1,
            millis(20),
            "two servers were asked"
        );
        assert_eq!(times("502 1 \"-\" \"-\" 0.025 0.020", None).2, End::ByTarget);
        assert_eq!(times("503 1 \"-\" \"-\" 0.000 -", None).2, End::ByBalancer);
        let line = format!("{HEAD} 200 1 \"-\" \"-\" 3.000 2.000");
        assert_eq!(
            row(line.as_bytes(), None).unwrap().at,
            common(b"17/May/2015:10:05:00 +0000").unwrap().nanos
        );
    }

    #[test]
    fn a_whole_number_is_a_time_only_if_it_is_said() {
        assert_eq!(times("200 1 \"-\" \"-\" 1500", None).0, None);
        assert_eq!(times("200 1 \"-\" \"-\" 1500", Some(TimeUnit::Micros)).0, Some(1_500_000));
        assert_eq!(times("200 1 2", Some(TimeUnit::Seconds)).0, Some(2_000_000_000));
    }

    #[test]
    fn names_before_the_date_may_be_anything() {
        let line =
            "www.example.com:443 192.0.2.7 - [me [x] [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1";
        assert_eq!(row(line.as_bytes(), None).unwrap().method, b"GET");
        let broken = "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"\\x16\\x03\" 400 1";
        assert_eq!(row(broken.as_bytes(), None).unwrap().method, b"");
        assert_eq!(row(b"nothing", None), Err(Reason::Malformed));
    }
}
