//! Answers of a bounded length. In: JSON, or text, and how long it may be. Out: as much of it as fits, and what was left out.

use serde_json::Value;

/// Most notes on what was left out.
const NOTES_MAX: usize = 24;
/// What a list is cut to at least, if its elements are short.
const LEAST: usize = 64;

/// What a cut has left out, as sentences for an assistant.
#[derive(Debug, Default)]
pub struct LeftOut {
    notes: Vec<String>,
    more: usize,
}

impl LeftOut {
    fn note(&mut self, path: &str, what: &str) {
        match self.notes.len() < NOTES_MAX {
            true => self.notes.push(format!("{}: {what}", if path.is_empty() { "/" } else { path })),
            false => self.more += 1,
        }
    }

    /// A line for each part, and how many more there are.
    pub fn lines(mut self) -> Vec<String> {
        if self.more > 0 {
            self.notes.push(format!("and {} more parts", self.more));
        }
        self.notes
    }
}

/// Parts of a result that are drawn and hardly ever read: one number for each row of the timeline, or for each width of latency.
const SERIES: [&str; 5] = ["timeline", "distribution", "density", "spread", "rows"];

/// Takes out what is for charts, if the value has more bytes than it may have; says which parts.
pub fn drop_series(value: &mut Value, most: usize) -> Vec<String> {
    let mut dropped = Vec::new();
    if length(value) > most {
        drop_each(value, "", &mut dropped);
    }
    dropped
}

fn drop_each(value: &mut Value, path: &str, dropped: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.retain(|key, value| {
            let path = format!("{path}/{key}");
            let is_series = SERIES.contains(&key.as_str()) && (value.is_object() || value.is_array());
            if is_series {
                dropped.push(format!("{path}: for charts, not here"));
            } else {
                drop_each(value, &path, dropped);
            }
            !is_series
        }),
        Value::Array(items) => {
            items
                .iter_mut()
                .enumerate()
                .for_each(|(at, item)| drop_each(item, &format!("{path}/{at}"), dropped));
        }
        _ => {}
    }
}

/// Cuts a value to so many bytes of JSON. What is long gives way first: lists keep their first elements, objects all that is short.
pub fn cut(value: &mut Value, most: usize) -> LeftOut {
    let mut left_out = LeftOut::default();
    fit(value, most, "", &mut left_out);
    left_out
}

fn fit(value: &mut Value, most: usize, path: &str, left_out: &mut LeftOut) {
    if length(value) <= most {
        return;
    }
    match value {
        Value::Object(map) => {
            let sizes: Vec<usize> = map.iter().map(|(key, value)| key.len() + 4 + length(value)).collect();
            let share = share(&sizes, most.saturating_sub(2));
            for ((key, value), _) in map.iter_mut().zip(&sizes).filter(|(_, size)| **size > share) {
                let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                fit(value, share.saturating_sub(key.len() + 4), &path, left_out);
            }
            // With so many keys, not even they fit.
            let mut all = 2;
            let before = map.len();
            map.retain(|key, value| {
                all += key.len() + 4 + length(value);
                all <= most
            });
            if map.len() < before {
                left_out.note(path, &format!("{} of its {before} keys are here", map.len()));
            }
        }
        Value::Array(items) => {
            let before = items.len();
            if let Some(first) = items.first_mut().filter(|first| length(first) + 3 > most) {
                fit(first, most.saturating_sub(3).max(LEAST.min(most)), &format!("{path}/0"), left_out);
            }
            let mut all = 2;
            let kept = items.iter().take_while(|item| {
                all += length(item) + 1;
                all <= most
            });
            let kept = kept.count();
            items.truncate(kept);
            if kept < before {
                left_out.note(path, &format!("the first {kept} of {before} elements are here"));
            }
        }
        Value::String(text) => {
            let before = text.len();
            *text = short(text, most.saturating_sub(5));
            left_out.note(path, &format!("the first {} of {before} bytes are here", text.len()));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// How long each part may be, so that all together fit: those that are shorter leave their rest to the others.
fn share(sizes: &[usize], most: usize) -> usize {
    let mut sorted = sizes.to_vec();
    sorted.sort_unstable();
    let mut rest = most;
    for (at, size) in sorted.iter().enumerate() {
        let each = rest / (sorted.len() - at);
        if *size > each {
            return each;
        }
        rest -= size;
    }
    usize::MAX
}

fn length(value: &Value) -> usize {
    let mut count = Count(0);
    // Counting does not fail.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

/// Counts what is written, and keeps none of it.
struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The beginning of a text, at most so many bytes, to the end of a line where that is not far.
pub fn short(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
    let end = if line > end / 2 { line } else { end };
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_is_not_touched() {
        let mut value = json!({ "a": [1, 2, 3], "b": "text" });
        let before = value.clone();
        assert!(cut(&mut value, 100).lines().is_empty());
        assert_eq!(value, before);
    }

    #[test]
    fn long_parts_give_way_to_short_ones() {
        let rows: Vec<Value> = (0..5_000).map(|at| json!({ "at": at, "p99": 12.5 })).collect();
        let mut value =
            json!({ "runs": 8, "verdict": "met", "timeline": { "rows": rows }, "why": "x".repeat(9_000) });
        let left_out = cut(&mut value, 2_000).lines();
        assert!(length(&value) <= 2_000, "{}", length(&value));
        assert_eq!((&value["runs"], &value["verdict"]), (&json!(8), &json!("met")));
        let kept = value["timeline"]["rows"].as_array().unwrap().len();
        assert!(kept > 10, "{kept}");
        assert_eq!(left_out.len(), 2, "{left_out:?}");
        assert_eq!(left_out[0], format!("/timeline/rows: the first {kept} of 5000 elements are here"));
    }

    #[test]
    fn nothing_is_longer_than_it_may_be() {
        let many: serde_json::Map<String, Value> =
            (0..3_000).map(|at| (format!("key{at}"), json!([at]))).collect();
        let deep = (0..100).fold(json!("x".repeat(5_000)), |inner, _| json!({ "inner": [inner] }));
        let wide = json!([["y".repeat(50_000)], 2, 3]);
        for value in [Value::Object(many), deep, wide, json!("é".repeat(4_000))] {
            for most in [300, 1_000, 4_000] {
                let mut value = value.clone();
                let left_out = cut(&mut value, most).lines();
                assert!(length(&value) <= most, "{} of {most}", length(&value));
                assert!(!left_out.is_empty() && left_out.len() <= NOTES_MAX + 1);
            }
        }
    }

    #[test]
    fn a_text_ends_at_a_letter_and_best_at_a_line() {
        assert_eq!(short("one\ntwo\nthree", 12), "one\ntwo\n…");
        assert_eq!(short("ééééé", 7), "éé…");
        assert_eq!(short("short", 5), "short");
    }
}
