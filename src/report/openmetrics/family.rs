//! Metric families as text. In: names, labels and values. Out: OpenMetrics, each family with its lines together and each series in the order
//! of its times.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::number::digits;

/// What a family counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// A value that may fall.
    Gauge,
    /// What only grows.
    Counter,
    /// Labels that say something.
    Info,
}

impl Type {
    fn word(self) -> &'static str {
        match self {
            Type::Gauge => "gauge",
            Type::Counter => "counter",
            Type::Info => "info",
        }
    }

    /// What the name of a sample ends with, beside that of its family.
    fn suffix(self) -> &'static str {
        match self {
            Type::Gauge => "",
            Type::Counter => "_total",
            Type::Info => "_info",
        }
    }
}

/// A label: name and value.
pub(super) type Label = (String, String);

/// A sample: when, in whole milliseconds of Unix time, and how much.
type Sample = (Option<i64>, f64);

#[derive(Debug)]
struct Family {
    of: Type,
    unit: &'static str,
    help: String,
    series: BTreeMap<Vec<Label>, Vec<Sample>>,
}

/// All families, by name.
#[derive(Debug, Default)]
pub(super) struct Families(BTreeMap<String, Family>);

impl Families {
    /// Adds samples of a series. What a family is, its first series says.
    pub fn add(
        &mut self,
        (name, of, unit): (String, Type, &'static str),
        help: impl FnOnce() -> String,
        labels: Vec<Label>,
        samples: impl IntoIterator<Item = Sample>,
    ) {
        let family =
            self.0.entry(name).or_insert_with(|| Family { of, unit, help: help(), series: BTreeMap::new() });
        family.series.entry(labels).or_default().extend(samples);
    }

    /// The text, up to its end mark.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        for (name, family) in &self.0 {
            let _ = writeln!(text, "# TYPE {name} {}", family.of.word());
            if !family.unit.is_empty() {
                let _ = writeln!(text, "# UNIT {name} {}", family.unit);
            }
            let _ = writeln!(text, "# HELP {name} {}", escaped(&family.help));
            let suffix = family.of.suffix();
            for (labels, samples) in &family.series {
                let labels: Vec<String> =
                    labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
                let labels = labels.join(",");
                for (at, value) in samples {
                    let value = digits(*value);
                    let _ = match at {
                        Some(at) => writeln!(text, "{name}{suffix}{{{labels}}} {value} {}", seconds(*at)),
                        None => writeln!(text, "{name}{suffix}{{{labels}}} {value}"),
                    };
                }
            }
        }
        text + "# EOF\n"
    }
}

/// Milliseconds as seconds with as many digits as they need.
fn seconds(ms: i64) -> String {
    match ms.rem_euclid(1000) {
        0 => ms.div_euclid(1000).to_string(),
        rest => format!("{}.{rest:03}", ms.div_euclid(1000)),
    }
}

/// Text as a label or a help line has it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '"' => escaped.push_str("\\\""),
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A word as a part of a name: letters, digits and `_`.
pub(super) fn word(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_hides_is_escaped() {
        let mut families = Families::default();
        let labels = vec![("class".to_owned(), "a\\b\"c\nd".to_owned())];
        families.add(
            ("x".into(), Type::Counter, ""),
            || "one\ntwo".into(),
            labels,
            [(Some(-1_500), 1.0), (Some(2_000), 2.5)],
        );
        assert_eq!(
            families.text(),
            "# TYPE x counter\n# HELP x one\\ntwo\nx_total{class=\"a\\\\b\\\"c\\nd\"} 1 -2.500\nx_total{class=\"a\\\\b\\\"c\\nd\"} 2.5 2\n# EOF\n"
        );
    }
}
