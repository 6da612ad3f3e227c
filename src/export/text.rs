//! Texts that the scripts of k6 and Locust share. In: what is sent. Out: tables, and what stands above them.

use serde_json::{Map, Value, json};

use super::sent::{Population, Sent};
use crate::kind::retry::Jitter;
use crate::number::{amount, counted};
use crate::text::visible;

/// The language of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    JavaScript,
    Python,
}

impl Language {
    fn remark(self) -> &'static str {
        match self {
            Language::JavaScript => "//",
            Language::Python => "#",
        }
    }
}

/// What the script is.
pub(super) fn title(sent: &Sent<'_>) -> String {
    let scenario = sent.scenario;
    let mut parts = Vec::new();
    if !sent.streams.is_empty() {
        parts.push(format!("{} requests are expected from open sources", amount(sent.expected())));
    }
    if !sent.populations.is_empty() {
        parts.push(counted(sent.populations.len() as u64, "population") + " of users");
    }
    format!("The traffic of \"{}\": {}, {}.", visible(&scenario.name), scenario.duration, parts.join(", "))
}

/// What is to be known of it, one remark a line.
pub(super) fn remarks(sent: &Sent<'_>, language: Language, more: &[&str]) -> String {
    let notes = sent.notes.iter().map(String::as_str).chain(more.iter().copied());
    notes.map(|note| format!("{} {}\n", language.remark(), visible(note))).collect()
}

/// What a request of each class is.
pub(super) fn classes(sent: &Sent<'_>) -> Map<String, Value> {
    let of = |index: usize| {
        let class = &sent.scenario.classes[index];
        let path = class.path.clone().unwrap_or_else(|| format!("/{}", class.name.replace(' ', "-")));
        let has_body = matches!(class.method, "POST" | "PUT" | "PATCH");
        let (body, headers) = match has_body {
            true => (json!("{}"), json!({ "Content-Type": "application/json" })),
            false => (Value::Null, json!({})),
        };
        // An address has no pattern.
        let path = path.replace('*', "1");
        (
            class.name.clone(),
            json!({ "method": class.method, "path": path, "body": body, "headers": headers }),
        )
    };
    sent.classes().into_iter().map(of).collect()
}

/// How the clients of each source behave.
pub(super) fn clients(sent: &Sent<'_>, timeout_s: f64) -> Map<String, Value> {
    let open = sent.streams.iter().map(|stream| stream.source);
    let mut sources: Vec<usize> = open.chain(sent.populations.iter().map(|it| it.source)).collect();
    sources.dedup();
    let of = |index: usize| {
        let source = &sent.scenario.sources[index];
        let retries = source.client.retries;
        let jitter = match retries.jitter {
            Jitter::None => "none",
            Jitter::Full => "full",
            Jitter::Equal => "equal",
            Jitter::Exponential => "exponential",
        };
        let client = json!({
            "timeout_s": source.client.timeout.map_or(timeout_s, |timeout| timeout.as_secs_f64()),
            "retries": retries.max,
            "backoff_s": retries.backoff.as_secs_f64(),
            "cap_s": retries.cap.as_secs_f64(),
            "jitter": jitter,
        });
        (source.name.clone(), client)
    };
    sources.into_iter().map(of).collect()
}

/// Classes of a population with their shares.
pub(super) fn shares(sent: &Sent<'_>, population: &Population<'_>) -> Value {
    let of = |&(class, share): &(usize, f64)| json!([sent.scenario.classes[class].name, share]);
    population.classes.iter().map(of).collect()
}

/// A table with a line for each entry, as both languages write it.
pub(super) fn table(entries: Map<String, Value>) -> String {
    if entries.is_empty() {
        return "{}".into();
    }
    let line = |(name, value): (String, Value)| format!("  {}: {value},\n", Value::from(name));
    format!("{{\n{}}}", entries.into_iter().map(line).collect::<String>())
}

/// Rows as CSV.
pub(super) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut lines = csv::Writer::from_writer(Vec::new());
    // Neither fails: memory takes whatever is written, and each row has as many cells.
    rows.iter().for_each(|row| drop(lines.write_record(row)));
    lines.into_inner().unwrap_or_default()
}

/// A script with its parts in their places, which stand between two `@`.
pub(super) fn filled(script: &str, parts: &[(&str, String)]) -> String {
    let mut rest = script;
    let mut text = String::with_capacity(2 * script.len());
    // What is filled in is not searched again: a name may contain anything.
    while let Some((before, name, after)) = next(rest, parts) {
        text.push_str(before);
        text.push_str(name);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The first place of a part: what is before it, the part, and what is after it.
fn next<'a>(text: &'a str, parts: &'a [(&str, String)]) -> Option<(&'a str, &'a str, &'a str)> {
    let places = parts.iter().filter_map(|(name, part)| {
        let place = format!("@{name}@");
        Some((text.find(&place)?, place.len(), part))
    });
    let (at, length, part) = places.min_by_key(|place| place.0)?;
    Some((&text[..at], part, &text[at + length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_text() {
        let parts = [("A", "x @B@".to_owned()), ("B", "y".to_owned())];
        assert_eq!(filled("1 @A@ 2 @B@ 3 @C@", &parts), "1 x @B@ 2 y 3 @C@");
    }
}
