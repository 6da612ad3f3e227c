//! Fields and numbers out of bytes, without a copy. In: a part of a line. Out: its fields; spans in nanoseconds.

use memchr::{memchr, memchr2};

/// Cuts the next field off: up to a space, or between quotes. `None` at the end, or if a quote has no end.
///
/// Inside quotes a backslash keeps the next character, as Apache and nginx write it.
pub(super) fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let text = *rest;
    let text = match text.iter().position(|byte| *byte != b' ')? {
        0 => text,
        start => &text[start..],
    };
    match text[0] {
        b'"' => {
            let end = closing(&text[1..])?;
            *rest = &text[end + 2..];
            Some(&text[1..=end])
        }
        b'[' => {
            let end = memchr(b']', text)?;
            if text.get(end + 1) == Some(&b':') {
                // An address of IPv6 with a port: `[2001:db8::1]:2817` is one word.
                let end = memchr(b' ', text).unwrap_or(text.len());
                *rest = &text[end..];
                return Some(&text[..end]);
            }
            *rest = &text[end + 1..];
            Some(&text[1..end])
        }
        _ => {
            let end = memchr(b' ', text).unwrap_or(text.len());
            *rest = &text[end..];
            Some(&text[..end])
        }
    }
}

/// Where the quote ends that text is inside of.
fn closing(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr2(b'"', b'\\', text.get(from..)?)?;
        match text[at] {
            b'"' => return Some(at),
            _ => from = at + 2,
        }
    }
}

/// A whole number of at most 18 digits.
pub(super) fn whole(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0u64, |value, byte| match byte {
        b'0'..=b'9' => Some(value * 10 + u64::from(byte - b'0')),
        _ => None,
    })
}

/// A decimal number such as `0.002` in units of `10^-9`, so seconds become nanoseconds: more digits are cut off. `None` if it is
/// none, or negative; minus is what logs write for a time that there was not.
pub(super) fn nanos(text: &[u8]) -> Option<u64> {
    let (before, after) = match memchr(b'.', text) {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &text[..0]),
    };
    // Nine digits are three decades of seconds; nothing that is measured takes longer.
    if before.len() > 9 || before.is_empty() && after.is_empty() {
        return None;
    }
    let seconds = if before.is_empty() { 0 } else { whole(before)? };
    let mut fraction = 0;
    for (place, byte) in after.iter().enumerate() {
        match byte {
            digit @ b'0'..=b'9' if place < 9 => fraction = fraction * 10 + u64::from(digit - b'0'),
            b'0'..=b'9' => {}
            _ => return None,
        }
    }
    let missing = 9usize.saturating_sub(after.len());
    Some(seconds * 1_000_000_000 + fraction * 10u64.pow(missing as u32))
}

/// Whether it is `-`, empty, or minus one: a field without a value.
pub(super) fn is_none(text: &[u8]) -> bool {
    matches!(text, b"-" | b"" | b"-1" | b"-1.000")
}

/// The method and the address of a request line such as `GET /path HTTP/1.1`; an empty method if there is none.
pub(super) fn request(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (method, rest) = match memchr(b' ', line) {
        Some(space) => (&line[..space], &line[space + 1..]),
        None => return None,
    };
    if method.is_empty() || method.len() > 16 || !method.iter().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let end = memchr(b' ', rest).unwrap_or(rest.len());
    (end > 0).then_some((method, &rest[..end]))
}

/// A 64-bit hash of bytes that are only counted: FNV-1a over eight bytes at a time would do no better for so few bytes.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<String> {
        let mut rest = text.as_bytes();
        std::iter::from_fn(|| field(&mut rest)).map(|it| String::from_utf8_lossy(it).into_owned()).collect()
    }

    #[test]
    fn fields_are_words_quotes_and_brackets() {
        assert_eq!(
            fields(r#"a "b c" [d e] - "say \"hi\" \\" "" f"#),
            ["a", "b c", "d e", "-", r#"say \"hi\" \\"#, "", "f"]
        );
        assert_eq!(fields("  a   b  "), ["a", "b"]);
        assert_eq!(fields("[2001:db8::1]:2817 [d e] [::1]:80"), ["[2001:db8::1]:2817", "d e", "[::1]:80"]);
        assert_eq!(fields(r#"a "b"#), ["a"], "a quote without its end");
        assert_eq!(fields(r#"a "b\"#), ["a"]);
        assert_eq!(fields("a [b"), ["a"]);
    }

    #[test]
    fn spans_are_nanoseconds() {
        let of = |text: &str| nanos(text.as_bytes());
        assert_eq!(
            (of("0.002"), of("12"), of(".5")),
            (Some(2_000_000), Some(12_000_000_000), Some(500_000_000))
        );
        assert_eq!(of("0.1234567899"), Some(123_456_789), "more digits are cut off");
        assert_eq!([of("-1"), of(""), of("."), of("1e3"), of("0,1"), of("1234567890")], [None; 6]);
    }

    #[test]
    fn a_request_line_has_a_method_and_an_address() {
        assert_eq!(request(b"GET /a?b HTTP/1.1"), Some((&b"GET"[..], &b"/a?b"[..])));
        assert_eq!(request(b"GET /a"), Some((&b"GET"[..], &b"/a"[..])));
        for broken in [&b"-"[..], b"\x16\x03\x01", b"get /a", b"GET ", b"", b" /a"] {
            assert_eq!(request(broken), None);
        }
    }
}
