//! What is varied in a study. In: `fleet.was.min=4..14`, `fleet.was.instance=c7g.large,c7g.xlarge`. Out: an [`Axis`], or a plain
//! override where nothing is varied.
//!
//! A range has both of its ends: `4..14` is 4, 5 and so on up to 14. `4..14 by 2` has a step; what is no whole number needs one:
//! `20%..80% by 20%`, `50ms..200ms by 50ms`. A list has its values between commas. A value with a comma stands in quotes or brackets,
//! as in TOML.

use serde::{Deserialize, Serialize};

use super::variant::{Variant, parts};
use crate::language::overrides::split;
use crate::text::visible;

/// The name of the axis of whole variants.
pub(super) const VARIANT: &str = "variant";
/// Most values of an axis.
const MOST_VALUES: u64 = 10_000;
/// Most digits of a number of a range, before and after its point.
const MOST_DIGITS: usize = 15;

/// What is varied: a key, or whole variants of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    /// The path of the key, or `variant`.
    pub name: String,
    /// Its values, in the order in which they were asked for.
    pub choices: Vec<Choice>,
}

/// A value of an axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// For people: the value, or the name of the variant.
    pub label: String,
    /// What it replaces in the file.
    pub overrides: Vec<String>,
}

/// Values that make no axis.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}`: {message}")]
pub struct AxisError {
    text: String,
    message: String,
    /// What to write instead.
    pub hint: String,
}

impl Axis {
    /// Reads an axis; nothing where there is only one value, which is a plain override.
    ///
    /// # Errors
    /// It has a range without a usable step, too many values, or the same value twice.
    pub fn parse(text: &str) -> Result<Option<Axis>, AxisError> {
        let wrong =
            |message: String, hint: &str| AxisError { text: text.to_owned(), message, hint: hint.to_owned() };
        let Some((name, written)) = split(text) else { return Ok(None) };
        let values = match parts(written).as_slice() {
            [only] => match Range::parse(only) {
                None => return Ok(None),
                Some(range) => range.and_then(|it| it.values()).map_err(|(what, hint)| wrong(what, hint))?,
            },
            several => {
                if let Some(range) = several.iter().find(|it| Range::parse(it).is_some()) {
                    let why = format!("the range `{}` is one of several values", range.trim());
                    return Err(wrong(why, "a range stands alone; write all values, or one range"));
                }
                several.iter().map(|it| it.trim().to_owned()).collect()
            }
        };
        if values.iter().any(String::is_empty) {
            return Err(wrong("a value is empty".into(), "write the values between commas: 4, 6, 8"));
        }
        if let Some(twice) = values.iter().enumerate().find(|(at, value)| values[..*at].contains(value)) {
            return Err(wrong(format!("{} is there twice", twice.1), "name each value once"));
        }
        let choice = |value: String| Choice {
            overrides: vec![format!("{name}={value}")],
            label: visible(&value).into_owned(),
        };
        Ok(Some(Axis { name: name.to_owned(), choices: values.into_iter().map(choice).collect() }))
    }

    /// Whole variants of a file, each by its name; nothing without one.
    pub fn of_variants(variants: &[Variant]) -> Option<Axis> {
        let choice =
            |it: &Variant| Choice { label: visible(&it.name).into_owned(), overrides: it.overrides.clone() };
        let choices: Vec<Choice> = variants.iter().map(choice).collect();
        (!choices.is_empty()).then(|| Axis { name: VARIANT.into(), choices })
    }

    /// Each of its values as a number, if all are: to draw them to scale.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let numbers: Option<Vec<(f64, &str)>> = self.choices.iter().map(|it| number(&it.label)).collect();
        let numbers = numbers?;
        numbers.iter().all(|it| it.1 == numbers[0].1).then(|| numbers.iter().map(|it| it.0).collect())
    }

    /// What its numbers are counted in: `ms`, `%`, `/s`; empty for plain numbers and for what is no number.
    pub fn unit(&self) -> &str {
        let first = self.choices.first().and_then(|it| number(&it.label));
        if self.numbers().is_some() { first.map_or("", |it| it.1) } else { "" }
    }
}

/// A number and what stands behind it.
fn number(text: &str) -> Option<(f64, &str)> {
    let decimal = Decimal::parse(text)?;
    Some((decimal.digits as f64 / 10u64.pow(decimal.places as u32) as f64, decimal.unit))
}

/// A number as people write it: whole digits, how many of them stand behind the point, and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimal<'a> {
    digits: i64,
    places: usize,
    unit: &'a str,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Decimal<'a>> {
        let text = text.trim();
        let sign = usize::from(text.starts_with('-'));
        let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
        let end = text[sign..].find(|letter| !is_part(letter)).map_or(text.len(), |end| sign + end);
        let (written, unit) = (&text[..end], text[end..].trim());
        let (whole, behind) = written.split_once('.').unwrap_or((written, ""));
        let is_odd = whole.len() == sign || written.ends_with('.') || behind.contains('.');
        // `1e3` and names such as `4xlarge` are no numbers with units.
        let is_unit = |letter: char| letter.is_ascii_alphabetic() || "%/µ".contains(letter);
        if is_odd || written.len() > MOST_DIGITS || !unit.chars().all(is_unit) || unit == "e" {
            return None;
        }
        let digits = format!("{whole}{behind}").parse().ok()?;
        Some(Decimal { digits, places: behind.len(), unit })
    }

    /// Its digits with so many places behind the point; nothing where these are too many.
    fn scaled(&self, places: usize) -> Option<i64> {
        self.digits.checked_mul(10i64.checked_pow((places - self.places) as u32)?)
    }

    fn text(digits: i64, places: usize, unit: &str) -> String {
        if places == 0 {
            return format!("{digits}{unit}");
        }
        let (sign, whole) = (if digits < 0 { "-" } else { "" }, digits.unsigned_abs());
        let scale = 10u64.pow(places as u32);
        let text = format!("{sign}{}.{:0places$}", whole / scale, whole % scale);
        // 0.50 is 0.5; 1.00 stays a number with a point, where the file has one.
        let short = text.trim_end_matches('0');
        let short = if short.ends_with('.') { format!("{short}0") } else { short.to_owned() };
        short + unit
    }
}

/// From, to, and how far apart.
struct Range<'a> {
    from: Decimal<'a>,
    to: Decimal<'a>,
    step: Option<Decimal<'a>>,
}

const HINT: &str = "write 4..14, 4..14 by 2, or 50ms..200ms by 50ms";

/// What is wrong, and what to write.
type Wrong = (String, &'static str);

impl<'a> Range<'a> {
    /// Nothing where the text is no range at all, such as a path with two points.
    fn parse(text: &'a str) -> Option<Result<Range<'a>, Wrong>> {
        let quoted = text.trim_start().starts_with(['"', '\'', '[', '{']);
        let (from, rest) = text.split_once("..").filter(|_| !quoted)?;
        let from = Decimal::parse(from)?;
        let (to, step) = match rest.split_once(" by ") {
            Some((to, step)) => (to, Some(step)),
            None => (rest, None),
        };
        let read =
            |text: &'a str| Decimal::parse(text).ok_or((format!("`{}` is no number", text.trim()), HINT));
        let range = || Ok(Range { from, to: read(to)?, step: step.map(read).transpose()? });
        Some(range())
    }

    fn values(&self) -> Result<Vec<String>, Wrong> {
        let Range { from, to, step } = self;
        if from.unit != to.unit || step.is_some_and(|it| it.unit != from.unit) {
            return Err(("its ends and its step have different units".into(), HINT));
        }
        let is_whole = from.unit.is_empty() && from.places + to.places == 0;
        let step = match step {
            Some(step) => *step,
            None if is_whole => Decimal { digits: 1, places: 0, unit: "" },
            None => return Err(("a range that is not of whole numbers needs a step".into(), HINT)),
        };
        let places = from.places.max(to.places).max(step.places);
        let scaled = (from.scaled(places), to.scaled(places), step.scaled(places));
        let (Some(first), Some(last), Some(step)) = scaled else {
            return Err(("its numbers have too many digits together".into(), HINT));
        };
        if step <= 0 || last < first {
            return Err(("a range goes upwards".into(), HINT));
        }
        let count = (last - first) as u64 / step as u64 + 1;
        if count > MOST_VALUES {
            return Err((format!("{count} values are too many"), "use a larger step: 4..14 by 2"));
        }
        let value = |at: u64| Decimal::text(first + at as i64 * step, places, from.unit);
        Ok((0..count).map(value).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        let axis = Axis::parse(text).unwrap().unwrap_or_else(|| panic!("{text} is no axis"));
        axis.choices.into_iter().map(|it| it.label).collect()
    }

    #[test]
    fn a_range_has_both_ends() {
        assert_eq!(labels("fleet.was.min=4..7"), ["4", "5", "6", "7"]);
        assert_eq!(labels("a.b = 4..14 by 5"), ["4", "9", "14"]);
        assert_eq!(labels("a=4..13 by 5"), ["4", "9"]);
        assert_eq!(labels("a=-1..1"), ["-1", "0", "1"]);
        assert_eq!(labels("a=20%..80% by 30%"), ["20%", "50%", "80%"]);
        assert_eq!(labels("a=50ms..150ms by 50ms"), ["50ms", "100ms", "150ms"]);
        assert_eq!(labels("a=0.5..1.5 by 0.25"), ["0.5", "0.75", "1.0", "1.25", "1.5"]);
        assert_eq!(labels("a=100/s..200/s by 50/s"), ["100/s", "150/s", "200/s"]);
        // Thirds of a whole are no sums of rounded steps.
        assert_eq!(labels("a=0.1..0.3 by 0.1"), ["0.1", "0.2", "0.3"]);
    }

    #[test]
    fn a_list_has_its_values_between_commas() {
        let axis = Axis::parse("fleet.was.instance=c7g.large, c7g.xlarge").unwrap().unwrap();
        assert_eq!(axis.name, "fleet.was.instance");
        let odd = Axis::parse(r#"traffic."a=b, \"c\"".rate=10/s, 20/s"#).unwrap().unwrap();
        assert_eq!(odd.name, r#"traffic."a=b, \"c\"".rate"#);
        assert_eq!(odd.choices[1].overrides, [r#"traffic."a=b, \"c\"".rate=20/s"#]);
        assert_eq!(axis.choices[1].overrides, ["fleet.was.instance=c7g.xlarge"]);
        assert_eq!(labels(r#"a="x, y", [1, 2], {b = 1, c = 2}"#), ["\"x, y\"", "[1, 2]", "{b = 1, c = 2}"]);
    }

    #[test]
    fn what_has_one_value_is_a_plain_override() {
        for text in ["a=4", "a=\"4..14\"", "a=[1, 2]", "a='1,2'", "file=../traces/day.csv", "a=x..y", "a"] {
            assert_eq!(Axis::parse(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_makes_no_axis_says_what_to_write() {
        for (text, why) in [
            ("a=4..", "no number"),
            ("a=4..9 by x", "no number"),
            ("a=9..4", "upwards"),
            ("a=4..9 by 0", "upwards"),
            ("a=1ms..9ms", "needs a step"),
            ("a=0.5..2", "needs a step"),
            ("a=1ms..9s by 1ms", "different units"),
            ("a=1..1000000", "too many"),
            ("a=1,1", "twice"),
            ("a=1,,2", "empty"),
            ("a=1..3,5", "one of several values"),
            ("a=1..99999999999999 by 0.00001", "too many digits"),
        ] {
            let error = Axis::parse(text).unwrap_err();
            assert!(error.to_string().contains(why) && !error.hint.is_empty(), "{text}: {error}");
        }
    }

    #[test]
    fn numbers_are_drawn_to_scale_and_names_are_not() {
        let axis = |text| Axis::parse(text).unwrap().unwrap();
        assert_eq!(axis("a=1,10,100").numbers(), Some(vec![1.0, 10.0, 100.0]));
        let times = axis("a=50ms,0.5ms");
        assert_eq!((times.numbers(), times.unit()), (Some(vec![50.0, 0.5]), "ms"));
        assert_eq!((axis("a=50ms,1s").numbers(), axis("a=50ms,1s").unit()), (None, ""));
        assert_eq!(axis("a=c7g.large,c7g.xlarge").numbers(), None);
    }
}
