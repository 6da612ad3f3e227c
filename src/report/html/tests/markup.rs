//! Reads a page as a browser does, as far as tests need it. In: HTML. Out: its tags and attributes, its text, its values.

use serde_json::Value;

/// What a browser takes for text up to its end tag, whatever is in it.
const RAW: [&str; 2] = ["script", "style"];

/// The names of all tags with those of their attributes, and the values of all attributes.
pub fn tags(page: &str) -> (Vec<String>, Vec<(String, String)>) {
    let (mut tags, mut values) = (Vec::new(), Vec::new());
    for part in parts(&without_code(page)) {
        let Part::Tag(tag) = part else { continue };
        let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or_default().to_owned();
        let mut rest = &tag[name.len()..];
        let mut shape = name.clone();
        while let Some((attribute, after)) = rest.trim_start().split_once("=\"") {
            // Words before it have no value.
            let words: Vec<&str> = attribute.split_whitespace().collect();
            let (value, next) = after.split_once('"').expect("a value that is closed");
            shape += &format!(" {}", words.join(" "));
            values.push((words.last().copied().unwrap_or_default().to_owned(), value.to_owned()));
            rest = next;
        }
        tags.push(shape + rest);
    }
    (tags, values)
}

/// The text of the page, each piece between two tags on a line.
pub fn text(page: &str) -> String {
    let piece = |part: Part| match part {
        Part::Text(text) => Some(plain(text.trim_matches('\n'))).filter(|text| !text.trim().is_empty()),
        Part::Tag(_) | Part::Raw(_) => None,
    };
    parts(&without_code(page)).into_iter().filter_map(piece).collect::<Vec<_>>().join("\n")
}

/// What the script reads.
pub fn data(page: &str) -> Value {
    let raw = |part: Part| match part {
        Part::Raw(text) if text.starts_with('{') => Some(text.to_owned()),
        _ => None,
    };
    let found: Vec<String> = parts(page).into_iter().filter_map(raw).collect();
    assert_eq!(found.len(), 1);
    serde_json::from_str(&found[0]).expect("the values are JSON")
}

fn plain(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

enum Part<'a> {
    Tag(&'a str),
    Text(&'a str),
    /// The inside of a script or a style.
    Raw(&'a str),
}

/// The page without the tags around names in a sentence.
fn without_code(page: &str) -> String {
    page.replace("<code>", "").replace("</code>", "")
}

fn parts(page: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        parts.push(Part::Text(&rest[..start]));
        let inside = &rest[start + 1..];
        let mut quoted = false;
        let end = inside.find(|c: char| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let end = end.expect("a tag that is closed");
        let tag = &inside[..end];
        parts.push(Part::Tag(tag));
        rest = &inside[end + 1..];
        if let Some(name) = RAW.iter().find(|name| tag.split(' ').next() == Some(name)) {
            let end = rest.find(&format!("</{name}")).expect("an end");
            parts.push(Part::Raw(&rest[..end]));
            rest = &rest[end..];
        }
    }
    parts.push(Part::Text(rest));
    parts
}
