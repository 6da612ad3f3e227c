//! The Common Log Format and its relatives: Apache common and combined, nginx, with a virtual host in front, with times at the end.
//! In: a line. Out: a request.

mod tail;

use std::borrow::Cow;

use memchr::memmem;

use super::super::instant::{self, common};
use super::super::row::{End, Reason, Row};
use super::super::scan::{field, request, whole};
use tail::Upstream;

pub use tail::TimeUnit;

pub(in super::super) use tail::Tail;

/// Whether a line looks like one.
pub(super) fn fits(line: &[u8]) -> bool {
    start(line).is_ok()
}

/// Finds out what stands behind the size of these lines; `named` is what a user says of columns.
pub(super) fn tail<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
    unit: Option<TimeUnit>,
    named: &[(String, String)],
) -> Tail {
    Tail::of(lines.filter_map(|line| start(line).ok()).map(|start| start.rest), unit, named)
}

/// A row up to its size.
struct Start<'a> {
    client: &'a [u8],
    at: i64,
    asked: &'a [u8],
    status: u16,
    rest: &'a [u8],
}

fn start(line: &[u8]) -> Result<Start<'_>, Reason> {
    let bracket = bracket(line).ok_or(Reason::Malformed)?;
    let client = line[..bracket].split(|byte| *byte == b' ').next().unwrap_or_default();
    let mut rest = &line[bracket..];
    let time = field(&mut rest).ok_or(Reason::Malformed)?;
    let at = common(time).ok_or(Reason::NoTime)?.nanos;
    if !instant::is_believed(at) {
        return Err(Reason::FarTime);
    }
    let asked = field(&mut rest).ok_or(Reason::Malformed)?;
    let status = field(&mut rest).ok_or(Reason::Malformed)?;
    let status = whole(status).and_then(|status| u16::try_from(status).ok()).ok_or(Reason::NoNumber)?;
    let _bytes = field(&mut rest);
    Ok(Start { client, at, asked, status, rest })
}

/// Reads a line. Whole numbers at its end are times only if their unit is given: they may be sizes as well.
pub(in super::super) fn row<'a>(line: &'a [u8], tail: &Tail) -> Result<Row<'a>, Reason> {
    let Start { client, mut at, asked, status, rest } = start(line)?;
    let extras = tail.read(rest);
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

#[cfg(test)]
mod tests {
    use super::super::Hints;
    use super::*;

    const HEAD: &str = "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /a?b=c HTTP/1.1\"";

    fn found(lines: &[String], hints: &Hints) -> Tail {
        tail(lines.iter().map(String::as_bytes), hints.unit, &hints.columns)
    }

    fn times(tail: &str, unit: Option<TimeUnit>) -> (Option<u64>, Option<u64>, End) {
        of_rows(&[tail], &Hints { unit, ..Hints::default() })
    }

    /// The times of the first of some rows.
    fn of_rows(tails: &[&str], hints: &Hints) -> (Option<u64>, Option<u64>, End) {
        let lines: Vec<String> = tails.iter().map(|tail| format!("{HEAD} {tail}")).collect();
        let row = row(lines[0].as_bytes(), &found(&lines, hints)).unwrap();
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
            row(line.as_bytes(), &found(std::slice::from_ref(&line), &Hints::default())).unwrap().at,
            common(b"17/May/2015:10:05:00 +0000").unwrap().nanos
        );
    }

    #[test]
    fn which_column_is_which_time_is_seen_over_all_rows() {
        let none = Hints::default();
        let millis = |ms: u64| Some(ms * 1_000_000);
        let of = |tails: &[&str]| {
            let found = of_rows(tails, &none);
            (found.0, found.1)
        };
        assert_eq!(of(&["200 1 \"-\" \"-\" \"2.43\" 0.025"]), (millis(25), None), "a ratio has two decimals");
        assert_eq!(of(&["200 1 \"-\" \"-\" \"2.43\""]), (None, None));
        assert_eq!(
            of(&["200 1 \"-\" \"-\" 0.025 0.001 0.019 0.020", "200 1 \"-\" \"-\" 0.030 - - -"]),
            (millis(25), millis(20)),
            "request, connect, header, response"
        );
        assert_eq!(
            of(&["200 1 \"-\" \"-\" 0.020 0.020", "200 1 \"-\" \"-\" 0.020 0.031"]),
            (millis(20), millis(20))
        );
        let swapped = ["200 1 \"-\" \"-\" 0.020 0.025", "200 1 \"-\" \"-\" - 0.001"];
        assert_eq!(of(&swapped), (millis(25), millis(20)), "the server behind first");
        assert_eq!(
            of(&["502 1 \"-\" \"-\" rt=0.025 urt=\"0.010, 0.011\" x=1"]),
            (millis(25), millis(21)),
            "a list with a name"
        );
        let ingress =
            "200 1 \"-\" \"-\" 345 0.025 [a-b] [] 10.0.0.5:80, 10.0.0.6:80 1, 2 0.001, 0.020 502, 200 a1";
        assert_eq!(of(&[ingress]), (millis(25), millis(21)));
        let mut mixed = vec!["200 1 \"-\" \"-\" 0.025 0.020"; 39];
        mixed.push("200 1 \"-\" \"-\" other format");
        assert_eq!(of(&mixed), (millis(25), millis(20)), "a few rows of another kind");
        let columns = [("duration", "4"), ("service", "3")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let said = Hints { columns: columns.to_vec(), ..Hints::default() };
        let (total, service, _) = of_rows(&["200 1 \"-\" \"-\" 0.025 0.020"], &said);
        assert_eq!((total, service), (millis(20), millis(25)), "what is said counts");
        let lines = [format!("{HEAD} 200 1 \"-\" \"-\" 0.025 0.020")];
        let words = found(&lines, &none).words().unwrap();
        assert!(words.starts_with("column 3 behind the size is the time of a request, column 4"), "{words}");
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
        assert_eq!(row(line.as_bytes(), &Tail::default()).unwrap().method, b"GET");
        let broken = "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"\\x16\\x03\" 400 1";
        assert_eq!(row(broken.as_bytes(), &Tail::default()).unwrap().method, b"");
        assert_eq!(row(b"nothing", &Tail::default()), Err(Reason::Malformed));
    }
}
