//! Names of classes out of methods and paths. In: what a log has. Out: a path without what is personal, and a short name.

use std::borrow::Cow;

use super::segment::{is_always_word, is_id, is_of_people};

/// Longest name of a class.
const NAME_MAX: usize = 40;
/// Deeper paths are cut here.
pub(super) const DEPTH_MAX: usize = 8;
/// What stands for any one segment.
pub(super) const ANY: &str = "*";

/// The path of an address: without scheme, host, query, fragment and parameters.
pub(super) fn path_of(address: &[u8]) -> &[u8] {
    let path = match memchr::memchr(b':', address.get(..6).unwrap_or_default()) {
        Some(at) if address[at..].starts_with(b"://") => {
            let rest = &address[at + 3..];
            match memchr::memchr2(b'/', b'?', rest) {
                Some(slash) => &rest[slash..],
                None => b"/",
            }
        }
        _ => address,
    };
    match memchr::memchr3(b'?', b'#', b';', path) {
        Some(0) => b"/",
        Some(end) => &path[..end],
        None => path,
    }
}

/// The segments of a path; slashes at its ends and double ones count for nothing.
pub(super) fn segments(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|segment| !segment.is_empty())
}

/// The segments with `*` for each that is an id by its looks or by what it follows.
pub(super) fn cleaned(path: &[u8]) -> Vec<String> {
    let mut before: &[u8] = b"";
    let mut found = Vec::new();
    for segment in segments(path).take(DEPTH_MAX) {
        let is_hidden = is_id(segment) || is_of_people(before) && !is_always_word(segment);
        found.push(if is_hidden { ANY.to_owned() } else { String::from_utf8_lossy(segment).into_owned() });
        before = segment;
    }
    found
}

/// `post-api-orders-id` of `POST` and `api`, `orders`, `*`; `GET` is left out.
pub(super) fn name<'a>(method: &str, segments: impl IntoIterator<Item = &'a str>) -> String {
    let mut name = String::new();
    if !matches!(method, "GET" | "" | ANY) {
        name.push_str(&method.to_ascii_lowercase());
    }
    let mut is_root = true;
    for segment in segments {
        is_root = false;
        let word = if matches!(segment, ANY | "**") { "id" } else { segment };
        name.push('-');
        name.extend(
            word.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }),
        );
    }
    if is_root {
        name.push_str("-home");
    }
    let mut short = String::new();
    for part in name.split('-').filter(|part| !part.is_empty()) {
        if short.len() + part.len() >= NAME_MAX {
            break;
        }
        if !short.is_empty() {
            short.push('-');
        }
        short.push_str(part);
    }
    if short.is_empty() { "requests".into() } else { short }
}

/// The name of a class that a load test already names, such as `/items/[id]` or `Add to cart`.
pub(super) fn of_label(method: &[u8], label: &[u8]) -> String {
    let spaced: Vec<u8> =
        path_of(label).iter().map(|byte| if *byte == b' ' { b'-' } else { *byte }).collect();
    let segments = cleaned(&spaced);
    name(&String::from_utf8_lossy(method), segments.iter().map(String::as_str))
}

/// A name with spaces that a load test gives to a request, as one segment.
pub(super) fn label(text: &[u8]) -> Cow<'_, [u8]> {
    let is_label =
        text.contains(&b' ') && !text.starts_with(b"/") && memchr::memmem::find(text, b"://").is_none();
    match is_label {
        true => Cow::Owned(
            text.iter().map(|byte| if matches!(byte, b' ' | b'/') { b'-' } else { *byte }).collect(),
        ),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_is_left_of_an_address() {
        let of = |text: &'static str| String::from_utf8_lossy(path_of(text.as_bytes())).into_owned();
        assert_eq!(of("https://example.com:443/a/b?c=d#e"), "/a/b");
        assert_eq!(
            (of("http://h"), of("http://h?x=1"), of("/a;jsessionid=1?b"), of("?a")),
            ("/".into(), "/".into(), "/a".into(), "/".into())
        );
        assert_eq!(of("/a:b://c"), "/a:b://c");
    }

    #[test]
    fn names_are_short_and_plain() {
        assert_eq!(of_label(b"GET", b"/"), "home");
        assert_eq!(of_label(b"POST", b"/api/v1/orders/17/items"), "post-api-v1-orders-id-items");
        assert_eq!(of_label(b"", b"Add to cart"), "add-to-cart");
        assert_eq!(of_label(b"GET", b"/users/jane/posts"), "users-id-posts");
        assert_eq!(of_label(b"GET", b"/users/me"), "users-me");
        assert!(of_label(b"GET", b"/aaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbb/cccccccccccccccc").len() <= NAME_MAX);
        assert_eq!(of_label(b"", "€".as_bytes()), "id");
    }
}
