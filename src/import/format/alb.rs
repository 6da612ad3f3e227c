//! Access logs of Application and Classic Load Balancers. In: a line. Out: a request.
//!
//! Fields: Elastic Load Balancing user guide, "Access log entries". A Classic Load Balancer has no type as its first field, and no
//! creation time.

use std::borrow::Cow;

use super::super::instant::{self, iso};
use super::super::row::{End, Reason, Row};
use super::super::scan::{field, is_none, nanos, request, whole};

/// Fields between the address and the time of creation: agent, cipher, protocol, group, trace, domain, certificate, priority.
const TO_CREATION: usize = 8;

/// Whether a line looks like one.
pub(super) fn fits(line: &[u8]) -> bool {
    row(line).is_ok()
}

/// Reads a line.
pub(in super::super) fn row(line: &[u8]) -> Result<Row<'_>, Reason> {
    let mut rest = line;
    let mut next = || field(&mut rest).ok_or(Reason::Malformed);
    let first = next()?;
    let (is_classic, time) = match first {
        b"http" | b"https" | b"h2" | b"grpcs" | b"ws" | b"wss" | b"" => (false, next()?),
        time if time.first().is_some_and(u8::is_ascii_digit) => (true, time),
        _ => return Err(Reason::Malformed),
    };
    let _balancer = next()?;
    let client = next()?;
    let target = next()?;
    let spans = [next()?, next()?, next()?];
    let status = next()?;
    let of_target = next()?;
    let (_received, _sent) = (next()?, next()?);
    let line = next()?;
    let mut at = iso(time).ok_or(Reason::NoTime)?;
    if !is_classic {
        // Logged when the answer is sent: the request came earlier. Old logs end before that field.
        for _ in 0..TO_CREATION {
            if field(&mut rest).is_none() {
                break;
            }
        }
        if let Some(created) = field(&mut rest).and_then(iso) {
            at = created;
        }
    }
    if !instant::is_believed(at.nanos) {
        return Err(Reason::FarTime);
    }
    let (method, path) = request(line).unwrap_or((b"", b"-"));
    let [taken, service, sent] = spans.map(nanos);
    if spans.iter().zip([taken, service, sent]).any(|(text, span)| span.is_none() && !is_none(text)) {
        return Err(Reason::NoNumber);
    }
    let end = end(status, of_target, taken)?;
    let total = match (taken, service, sent) {
        (Some(taken), Some(service), Some(sent)) => Some(taken + service + sent),
        _ => None,
    };
    Ok(Row {
        at: at.nanos,
        method,
        path: Cow::Borrowed(path),
        client: client.rsplitn(2, |byte| *byte == b':').last().unwrap_or(client),
        target: if is_none(target) { b"" } else { target },
        end,
        total,
        service,
        ..Row::default()
    })
}

/// Who is to blame: the target has a status of its own; where it has none, the balancer answered, or never reached a target.
fn end(status: &[u8], of_target: &[u8], taken: Option<u64>) -> Result<End, Reason> {
    let number = |text: &[u8]| whole(text).and_then(|status| u16::try_from(status).ok());
    let target = match is_none(of_target) {
        true => None,
        false => Some(number(of_target).ok_or(Reason::NoNumber)?),
    };
    if is_none(status) {
        return Ok(End::Aborted);
    }
    Ok(match (number(status).ok_or(Reason::NoNumber)?, target) {
        (500.., Some(500..)) => End::ByTarget,
        (500.., _) if taken.is_none() => End::NotDispatched,
        (500.., _) => End::ByBalancer,
        (status, _) => End::of_status(status),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with these times and statuses.
    pub fn line(times: &str, statuses: &str) -> String {
        format!(
            "https 2030-01-15T12:30:46.000000Z app/web/0 192.0.2.7:54321 10.0.0.1:80 {times} {statuses} 256 1024 \
             \"GET https://example.com:443/orders/17?who=me HTTP/1.1\" \"agent (a; b)\" - - arn:x \"Root=1\" \"d\" \"c\" 0 \
             2030-01-15T12:30:45.500000Z \"forward\" \"-\" \"-\" \"10.0.0.1:80\" \"200\" \"-\" \"-\""
        )
    }

    #[test]
    fn a_request_arrives_when_it_was_created_and_takes_three_spans() {
        let text = line("0.001 0.020 0.003", "200 200");
        let row = row(text.as_bytes()).unwrap();
        assert_eq!(row.at, iso(b"2030-01-15T12:30:45.5Z").unwrap().nanos);
        assert_eq!((row.total, row.service), (Some(24_000_000), Some(20_000_000)));
        assert_eq!(
            (row.method, &row.path[..]),
            (&b"GET"[..], &b"https://example.com:443/orders/17?who=me"[..])
        );
        assert_eq!(
            (row.client, row.target, row.end),
            (&b"192.0.2.7"[..], &b"10.0.0.1:80"[..], End::Answered)
        );
    }

    #[test]
    fn who_failed_is_told_apart() {
        let end = |times: &str, statuses: &str| row(line(times, statuses).as_bytes()).map(|row| row.end);
        assert_eq!(end("0.001 0.020 0.003", "500 500"), Ok(End::ByTarget));
        assert_eq!(end("0.001 0.020 0.003", "404 404"), Ok(End::Refused));
        assert_eq!(end("-1 -1 -1", "502 -"), Ok(End::NotDispatched));
        assert_eq!(end("0.001 -1 -1", "504 -"), Ok(End::ByBalancer));
        assert_eq!(end("0.001 -1 -1", "460 -"), Ok(End::Aborted));
        assert_eq!(end("0.001 x -1", "200 -"), Err(Reason::NoNumber));
        assert_eq!(end("0.001 0.1 0.1", "2OO -"), Err(Reason::NoNumber));
    }

    #[test]
    fn addresses_may_be_of_ipv6() {
        let text = line("0.001 0.020 0.003", "200 200")
            .replace("192.0.2.7:54321 10.0.0.1:80", "[2001:db8::1]:2817 [2001:db8::2]:80");
        let row = row(text.as_bytes()).unwrap();
        assert_eq!((row.client, row.target), (&b"[2001:db8::1]"[..], &b"[2001:db8::2]:80"[..]));
        assert_eq!((row.total, row.at), (Some(24_000_000), iso(b"2030-01-15T12:30:45.5Z").unwrap().nanos));
    }

    #[test]
    fn a_classic_balancer_has_neither_type_nor_creation() {
        let text = "2030-01-15T12:30:46.000000Z web 192.0.2.7:1 10.0.0.1:80 0.1 0.2 0.3 200 200 0 29 \"GET http://e:80/ HTTP/1.1\" \"a\" - -";
        let row = row(text.as_bytes()).unwrap();
        assert_eq!((row.total, &row.path[..]), (Some(600_000_000), &b"http://e:80/"[..]));
        assert!(!fits(b"2030-01-15T12:30:46 started"));
    }
}
