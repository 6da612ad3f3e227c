//! One value of the file with its place, read as the type expected there.
//!
//! In: a spanned TOML value. Out: a quantity, a number, a name, a list or a table; or a problem at its place.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::names::{Id, list};
use super::nature::Nature;
use super::problem::Problem;
use super::reader::{Context, Reader};
use super::shape::Shape;
use super::source::Span;
use crate::dist::Law;
use crate::units::{self, Bandwidth, Bytes, Rate, Time, UnitError};

/// A value of the file.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) value: &'a DeValue<'a>,
    start: usize,
    end: usize,
}

impl<'a> Value<'a> {
    pub(crate) fn new(cx: &'a Context, value: &'a Spanned<DeValue<'a>>) -> Value<'a> {
        let Span { start, end } = value.span();
        Value { cx, value: value.get_ref(), start, end }
    }

    pub(crate) fn span(&self) -> Span {
        self.start..self.end
    }

    /// Reports a problem at this value.
    pub(crate) fn problem(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.cx.push(Problem::at(&self.span(), message).hint(hint));
    }

    /// The place of a part of this value's text: exact unless the text contains escapes.
    pub(crate) fn span_of(&self, part: &str) -> Span {
        let text = self.value.as_str().unwrap_or_default();
        let quote = match (self.end - self.start).checked_sub(text.len()) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return self.span(),
        };
        match (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize) {
            Some(offset) if offset + part.len() <= text.len() && !part.is_empty() => {
                let start = self.start + quote + offset;
                start..start + part.len()
            }
            _ => self.span(),
        }
    }

    /// Reports a problem at a part of this value's text.
    pub(crate) fn problem_in(&self, part: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.cx.push(Problem::at(&self.span_of(part), message).hint(hint));
    }

    /// Notes as what it is read.
    #[cfg(test)]
    fn saw(&self, how: impl Into<String>) {
        self.cx.saw(self.span(), super::reader::Seen::As(how.into()));
    }

    fn wrong_type(&self, expected: &str, hint: impl Into<String>) {
        let found = match self.value.type_str() {
            found @ ("integer" | "array") => format!("an {found}"),
            found => format!("a {found}"),
        };
        let message = format!("expected {expected}, found {found}");
        self.cx.push(Problem::at(&self.span(), message).hint(hint).code("wrong-type"));
    }

    /// The text of a quantity; a bare number gets a hint with the likeliest unit.
    fn quantity(&self, expected: &str, example: &str, unit: &str) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => return Some(text),
            DeValue::Integer(number) if number.radix() == 10 => {
                self.wrong_type(
                    expected,
                    format!("quantities are text with a unit: \"{}{unit}\"", number.as_str()),
                );
            }
            DeValue::Float(number) if number.as_str().bytes().any(|it| it.is_ascii_digit()) => {
                self.wrong_type(
                    expected,
                    format!("quantities are text with a unit: \"{}{unit}\"", number.as_str()),
                );
            }
            _ => self.wrong_type(expected, format!("write {example}")),
        }
        None
    }

    /// Returns the result, or reports a problem at this value.
    pub(crate) fn accept<T>(&self, read: Result<T, UnitError>) -> Option<T> {
        read.map_err(|error| self.problem(error.message, error.hint)).ok()
    }

    fn within<T: PartialOrd + std::fmt::Display>(&self, value: T, range: RangeInclusive<T>) -> Option<T> {
        if range.contains(&value) {
            return Some(value);
        }
        let problem = Problem::at(&self.span(), format!("{value} is out of range"));
        let hint = format!("from {} to {} is possible", range.start(), range.end());
        self.cx.push(problem.hint(hint).code("out-of-range"));
        None
    }

    /// Notes that it is a number.
    fn note(&self, nature: Nature) {
        self.cx.note(self.span(), nature);
    }

    /// The same value, noted as one that nobody chooses: what is there has to be counted or estimated.
    pub(crate) fn measured(self) -> Value<'a> {
        self.note(Nature::Measure);
        self
    }

    /// The same value, noted as a weight of a mix.
    pub(crate) fn weight(self) -> Value<'a> {
        self.note(Nature::Weight);
        self
    }

    pub(crate) fn time(self) -> Option<Time> {
        #[cfg(test)]
        self.saw("time");
        self.note(Nature::Time);
        let text = self.quantity("a duration", "a duration such as \"250ms\"", "s")?;
        self.accept(units::parse_time(text))
    }

    pub(crate) fn time_within(self, range: RangeInclusive<Time>) -> Option<Time> {
        #[cfg(test)]
        self.saw(format!("time {range:?}"));
        let time = self.time()?;
        self.within(time, range)
    }

    /// A duration above zero.
    pub(crate) fn span_of_time(self) -> Option<Time> {
        let time = self.time()?;
        if time == Time::ZERO {
            self.problem("a duration of zero here", "write a duration longer than zero");
            return None;
        }
        Some(time)
    }

    /// A duration, or `word` for none.
    pub(crate) fn time_or(self, word: &str) -> Option<Option<Time>> {
        #[cfg(test)]
        self.saw(format!("or {word}"));
        match self.value {
            DeValue::String(text) if text == word => Some(None),
            _ => self.span_of_time().map(Some),
        }
    }

    pub(crate) fn rate(self) -> Option<Rate> {
        #[cfg(test)]
        self.saw("rate");
        self.note(Nature::Rate);
        let text = self.quantity("a rate", "a rate such as \"400/s\"", "/s")?;
        let rate = self.accept(units::parse_rate(text))?;
        self.within(rate, Rate(0.0)..=units::RATE_MAX)
    }

    pub(crate) fn bytes(self) -> Option<Bytes> {
        #[cfg(test)]
        self.saw("bytes");
        self.note(Nature::Data);
        let text = self.quantity("an amount of data", "an amount of data such as \"2 GiB\"", " B")?;
        self.accept(units::parse_bytes(text))
    }

    /// A bandwidth above zero.
    pub(crate) fn bandwidth(self) -> Option<Bandwidth> {
        #[cfg(test)]
        self.saw("bandwidth");
        let text = self.quantity("a bandwidth", "a bandwidth such as \"750 Mbit/s\"", " Gbit/s")?;
        let bandwidth = self.accept(units::parse_bandwidth(text))?;
        if bandwidth.0 <= 0.0 {
            self.problem("no bandwidth at all", "write a bandwidth above zero");
            return None;
        }
        Some(bandwidth)
    }

    /// An amount of data of at least one byte.
    pub(crate) fn some_bytes(self) -> Option<Bytes> {
        let bytes = self.bytes()?;
        if bytes == Bytes(0) {
            self.problem("no data at all here", "write an amount of at least \"1 B\"");
            return None;
        }
        Some(bytes)
    }

    pub(crate) fn share(self) -> Option<f64> {
        #[cfg(test)]
        self.saw("share");
        self.note(Nature::Share);
        if let DeValue::Float(number) = self.value
            && let Ok(share @ 0.0..=1.0) = number.as_str().parse::<f64>()
        {
            // Rounded, so that the hint suggests 7% and not 7.000000000000001%.
            let percent = (share * 1e8).round() / 1e6;
            self.wrong_type("a share", format!("write it in percent: \"{percent}%\""));
            return None;
        }
        let text = self.quantity("a share", "a share such as \"90%\"", "%")?;
        self.accept(units::parse_percent(text))
    }

    pub(crate) fn law(self) -> Option<Law> {
        #[cfg(test)]
        self.saw("law");
        self.note(Nature::Law);
        let text = self.quantity("a law of time", "a law such as \"6ms\" or \"exponential 6ms\"", "ms")?;
        self.accept(self.cx.law(text))
    }

    /// The law of another text, which says what the one of the file stands for.
    pub(crate) fn law_of(self, text: String) -> Option<Law> {
        self.note(Nature::Law);
        self.accept(self.cx.law(&text))
    }

    /// A law, or a recorded value for each request.
    pub(crate) fn demand(self) -> Option<Law> {
        #[cfg(test)]
        self.saw("demand");
        match self.value {
            DeValue::String(text) if text.trim_start().starts_with("replay") => {
                self.accept(self.cx.recordings.replayed(text))
            }
            _ => self.law(),
        }
    }

    /// A law, or `word` for none.
    pub(crate) fn law_or(self, word: &str) -> Option<Option<Law>> {
        #[cfg(test)]
        self.saw(format!("or {word}"));
        match self.value {
            DeValue::String(text) if text == word => Some(None),
            _ => self.law().map(Some),
        }
    }

    pub(crate) fn whole(self, range: RangeInclusive<u64>) -> Option<u64> {
        #[cfg(test)]
        self.saw(format!("whole {}..={}", range.start(), range.end()));
        self.note(Nature::Number);
        let DeValue::Integer(number) = self.value else {
            let hint = match self.value {
                DeValue::String(text) if text.parse::<u64>().is_ok() => {
                    format!("write {text} without quotes")
                }
                _ => format!("write a number from {} to {}", range.start(), range.end()),
            };
            self.wrong_type("a whole number", hint);
            return None;
        };
        match u64::from_str_radix(number.as_str(), number.radix()) {
            Ok(value) => self.within(value, range),
            Err(_) => {
                self.problem(
                    format!("{number} is out of range"),
                    format!("from {} to {} is possible", range.start(), range.end()),
                );
                None
            }
        }
    }

    pub(crate) fn count(self, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.whole(u64::from(*range.start())..=u64::from(*range.end()))?;
        u32::try_from(value).ok()
    }

    /// A whole number, or `word` for no bound.
    pub(crate) fn count_or(self, word: &str, range: RangeInclusive<u32>) -> Option<Option<u32>> {
        #[cfg(test)]
        self.saw(format!("or {word}"));
        match self.value {
            DeValue::String(text) if text == word => Some(None),
            DeValue::String(_) => {
                let (low, high) = (range.start(), range.end());
                self.wrong_type(
                    "a whole number",
                    format!("write a number from {low} to {high}, or \"{word}\""),
                );
                None
            }
            _ => self.count(range).map(Some),
        }
    }

    /// Any number, infinity included, but not NaN.
    pub(crate) fn real(self) -> Option<f64> {
        #[cfg(test)]
        self.saw("real");
        self.note(Nature::Number);
        let number = match self.value {
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(|value| value as f64)
            }
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => {
                self.wrong_type("a number", "write a number without quotes");
                return None;
            }
        };
        let number = number.filter(|number| !number.is_nan());
        if number.is_none() {
            self.problem("this number has no use here", "write an ordinary number");
        }
        number
    }

    pub(crate) fn number(self, range: RangeInclusive<f64>) -> Option<f64> {
        #[cfg(test)]
        self.saw(format!("number {range:?}"));
        let number = self.real()?;
        self.within(number, range)
    }

    pub(crate) fn flag(self) -> Option<bool> {
        #[cfg(test)]
        self.saw("flag");
        let flag = self.value.as_bool();
        if flag.is_none() {
            self.wrong_type("true or false", "write true or false without quotes");
        }
        flag
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        #[cfg(test)]
        self.saw("text");
        match self.value {
            DeValue::String(text) => Some(text),
            _ => {
                self.wrong_type("text", "write text between quotes");
                None
            }
        }
    }

    pub(crate) fn choice<T: Copy>(self, choices: &[(&str, T)]) -> Option<T> {
        self.choice_or(choices, |_| None)
    }

    /// One of several words, with a special hint for some wrong words.
    pub(crate) fn choice_or<T: Copy>(
        self,
        choices: &[(&str, T)],
        foreign: impl FnOnce(&str) -> Option<String>,
    ) -> Option<T> {
        #[cfg(test)]
        self.saw(format!("choice {}", choices.iter().map(|it| it.0).collect::<Vec<_>>().join(" ")));
        let text = self.text()?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let hint = match self.cx.closest(text, words.iter().copied()) {
                Some(close) => format!("did you mean \"{close}\"?"),
                None => foreign(text).unwrap_or_else(|| format!("choose one of {}", list(&words))),
            };
            self.problem(format!("`{text}` is not a choice here"), hint);
        }
        found
    }

    /// The position of a name among the tables of a kind.
    pub(crate) fn id<T: Id>(self) -> Option<T> {
        let name = self.text()?;
        self.cx.resolve(&self.span(), &[T::KIND], name).map(|(_, index)| T::at(index))
    }

    /// A name of a catalogue; `otherwise` says what to write for hardware that is not in it.
    pub(crate) fn listed<T>(
        self,
        noun: &str,
        otherwise: &str,
        find: impl FnOnce(&str) -> Option<&'static T>,
        names: impl FnOnce() -> Vec<&'static str>,
    ) -> Option<&'static T> {
        self.listed_as(self.text()?, noun, otherwise, find, names)
    }

    /// The same of a name that is a part of this value's text.
    pub(crate) fn listed_as<T>(
        self,
        name: &str,
        noun: &str,
        otherwise: &str,
        find: impl FnOnce(&str) -> Option<&'static T>,
        names: impl FnOnce() -> Vec<&'static str>,
    ) -> Option<&'static T> {
        let found = find(name);
        if found.is_none() {
            let names = names();
            let hint = match self.cx.closest(name, names.iter().copied()) {
                Some(close) => format!("did you mean \"{close}\"? Else {otherwise}"),
                None => format!("the list has {}; else {otherwise}", list(&names)),
            };
            let span = if self.value.as_str() == Some(name) { self.span() } else { self.span_of(name) };
            let message = format!("`{name}` is not {noun} that this version knows");
            self.cx.push(Problem::at(&span, message).hint(hint));
        }
        found
    }

    /// The elements of an array of at most `most`.
    pub(crate) fn elements(self, most: usize) -> Option<Vec<Value<'a>>> {
        #[cfg(test)]
        self.saw("elements");
        let DeValue::Array(array) = self.value else {
            self.wrong_type("an array", "write a list between [ and ]");
            return None;
        };
        if array.len() > most {
            self.problem(format!("{} entries are too many here", array.len()), format!("at most {most}"));
            return None;
        }
        Some(array.iter().map(|element| Value::new(self.cx, element)).collect())
    }

    /// The elements of an array, or a single value as its only element.
    pub(crate) fn one_or_more(self, most: usize) -> Option<Vec<Value<'a>>> {
        #[cfg(test)]
        self.saw("one_or_more");
        match self.value {
            DeValue::Array(_) => self.elements(most),
            _ => Some(vec![self]),
        }
    }

    /// The two elements of a pair.
    pub(crate) fn pair(self, example: &str) -> Option<(Value<'a>, Value<'a>)> {
        #[cfg(test)]
        self.saw("pair");
        if let DeValue::Array(array) = self.value
            && let [first, second] = array.as_ref()
        {
            return Some((Value::new(self.cx, first), Value::new(self.cx, second)));
        }
        self.problem("expected a pair", format!("write {example}"));
        None
    }

    pub(crate) fn is_table(self) -> bool {
        self.value.is_table()
    }
    pub(crate) fn is_array(self) -> bool {
        self.value.is_array()
    }
    pub(crate) fn is_empty_array(self) -> bool {
        self.value.as_array().is_some_and(|array| array.is_empty())
    }
    pub(crate) fn is_text(self) -> bool {
        self.value.is_str()
    }

    /// A whole number as the file has it, if it is one.
    pub(crate) fn digits(self) -> Option<&'a str> {
        match self.value {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
            _ => None,
        }
    }

    pub(crate) fn as_table(self, example: &str) -> Option<&'a DeTable<'a>> {
        let table = self.value.as_table_of();
        if table.is_none() {
            self.wrong_type("a table", format!("write {example}"));
        }
        table
    }

    /// Reads a table of a known shape; keys that `read` never asks for are problems.
    pub(crate) fn table<T>(self, shape: &'static Shape, read: impl FnOnce(&Reader<'a>) -> T) -> Option<T> {
        self.table_with(shape, None, read)
    }

    /// The same of a table that may have the keys of another shape beside its own.
    pub(crate) fn table_beside<T>(
        self,
        shape: &'static Shape,
        beside: &'static Shape,
        read: impl FnOnce(&Reader<'a>) -> T,
    ) -> Option<T> {
        self.table_with(shape, Some(beside), read)
    }

    /// The same of a table that may have such keys, or not.
    pub(crate) fn table_with<T>(
        self,
        shape: &'static Shape,
        beside: Option<&'static Shape>,
        read: impl FnOnce(&Reader<'a>) -> T,
    ) -> Option<T> {
        #[cfg(test)]
        for shape in std::iter::once(shape).chain(beside) {
            self.cx.saw(self.span(), super::reader::Seen::Table(shape.title));
        }
        let table = self.as_table(shape.title)?;
        Some(Reader::read(self.cx, table, self.span(), shape, beside, read))
    }

    /// The entries of a table whose keys are names, in the order of the file.
    pub(crate) fn entries(self, example: &str, most: usize) -> Option<Vec<(Name<'a>, Value<'a>)>> {
        #[cfg(test)]
        self.saw("entries");
        let table = self.as_table(example)?;
        if table.len() > most {
            self.problem(format!("{} entries are too many here", table.len()), format!("at most {most}"));
            return None;
        }
        Some(self.cx.entries(table))
    }
}

/// A key that is used as a name.
#[derive(Clone, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

/// `DeValue::as_table` with the lifetime of the table itself.
trait AsTable<'a> {
    fn as_table_of(&'a self) -> Option<&'a DeTable<'a>>;
}

impl<'a> AsTable<'a> for DeValue<'a> {
    fn as_table_of(&'a self) -> Option<&'a DeTable<'a>> {
        match self {
            DeValue::Table(table) => Some(table),
            _ => None,
        }
    }
}
