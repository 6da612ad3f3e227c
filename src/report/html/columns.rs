//! Columns of numbers, short enough for a page, and how each number is written. In: values. Out: a text for each column, and a list
//! of numbers with their words.
//!
//! Values have three significant digits, as the words of the page have them, and whole numbers below ten thousand have all of theirs.

use std::collections::BTreeMap;

use serde::Serialize;

/// Whole numbers below this are written in full.
const WHOLE: f64 = 10_000.0;
/// Numbers of this size have few digits before the first that counts, and after the last.
const FEW_DIGITS: std::ops::Range<f64> = 1e-5..1e12;

/// A value as the page keeps it.
pub(super) fn rounded(value: f64) -> f64 {
    match value {
        value if value.fract() == 0.0 && value.abs() < WHOLE => value + 0.0,
        // By its decimal form, so that it is the same on every machine.
        value => format!("{value:.2e}").parse().unwrap_or(value),
    }
}

/// A column: values with blanks between them, `-` where there is none, `7*120` where one comes 120 times in a row.
pub(super) fn column(values: &[Option<f64>]) -> String {
    let one = |value: &Option<f64>| match value.map(rounded) {
        Some(value) if value.is_finite() && (value == 0.0 || FEW_DIGITS.contains(&value.abs())) => {
            value.to_string()
        }
        Some(value) if value.is_finite() => format!("{value:e}"),
        _ => "-".into(),
    };
    let all: Vec<String> = values.iter().map(one).collect();
    let run = |run: &[String]| match run {
        [one] => one.clone(),
        [one, ..] => format!("{one}*{}", run.len()),
        [] => String::new(),
    };
    all.chunk_by(|one, next| one == next).map(run).collect::<Vec<_>>().join(" ")
}

/// The words of numbers that are written in one way.
#[derive(Serialize)]
pub(super) struct Words {
    /// The numbers, as [`column`] has them.
    values: String,
    /// The words of each, in the same order.
    words: Vec<String>,
}

/// How a number is written.
type Name = fn(f64) -> String;

/// The words for all numbers of a page, one list for each way to write them.
#[derive(Default)]
pub(super) struct Dictionary {
    lists: Vec<(Name, BTreeMap<u64, f64>)>,
}

impl Dictionary {
    /// Takes up numbers that are written so; returns the position of their list.
    pub fn add(&mut self, name: Name, values: impl IntoIterator<Item = f64>) -> usize {
        // Two names of one function may differ in their addresses; then their words stand there twice.
        let known = self.lists.iter().position(|(other, _)| std::ptr::fn_addr_eq(*other, name));
        let at = known.unwrap_or_else(|| {
            self.lists.push((name, BTreeMap::new()));
            self.lists.len() - 1
        });
        let finite = values.into_iter().map(rounded).filter(|value| value.is_finite());
        self.lists[at].1.extend(finite.map(|value| (value.to_bits(), value)));
        at
    }

    /// All lists, in their order.
    pub fn words(&self) -> Vec<Words> {
        let words = |(name, values): &(Name, BTreeMap<u64, f64>)| Words {
            values: column(&values.values().copied().map(Some).collect::<Vec<_>>()),
            words: values.values().map(|value| name(*value)).collect(),
        };
        self.lists.iter().map(words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number;

    #[test]
    fn a_column_has_three_digits_gaps_and_runs() {
        let values = [Some(0.0), Some(0.0), None, Some(12.3456), Some(1_234.0), Some(12_345.6), Some(1e-9)];
        assert_eq!(column(&values), "0*2 - 12.3 1234 12300 1e-9");
        assert_eq!(column(&[Some(f64::NAN), Some(f64::INFINITY), Some(-0.0)]), "-*2 0");
        assert_eq!(column(&[]), "");
    }

    #[test]
    fn each_number_has_its_words_once() {
        let mut all = Dictionary::default();
        assert_eq!(all.add(number::millis, [1.5, 1.5004, 1_500.0]), 0);
        assert_eq!(all.add(number::percent, [1.5]), 1);
        assert_eq!(all.add(number::millis, [2.0]), 0);
        let words = all.words();
        assert_eq!((words[0].values.as_str(), words.len()), ("1.5 2 1500", 2));
        assert_eq!(words[0].words, ["1.5ms", "2ms", "1.5s"]);
    }
}
