//! Numbers for people: counts, shares, milliseconds, dollars and times as sentences, tables and charts show them.
//!
//! In: bare numbers of an outcome, whose field names carry the unit. Out: short text; the files keep every digit.

mod nines;
mod noun;

use crate::interval::Interval;
use crate::units::Time;

pub use nines::{MINUTES_OF_A_YEAR, available, nines, nines_of, yearly};
pub use noun::{agreeing, counted, done_of};

/// Three significant digits, every digit before the point, thousands separated: `0.41`, `9.5`, `312`, `14,208`.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    // A sum of nothing is -0, and nobody has less than nothing.
    let value = value + 0.0;
    let decimals = decimals(value);
    grouped(&trimmed(&format!("{value:.decimals$}")))
}

/// Every digit, as tables of files have it: `0.41`, `14208.125`.
pub fn digits(value: f64) -> String {
    // A sum of nothing is -0, and nobody has less than nothing.
    (value + 0.0).to_string()
}

/// Beyond this a number says no more than that it is absurd.
const ABSURD: f64 = 1e9;

/// Names as a sentence has them: `a`, `a and b`, `a, b and c`.
pub fn all_of(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// [`number`], for what an odd scenario can drive to any size: no more than a billion.
pub fn bounded(value: f64) -> String {
    match value.is_nan() || value > ABSURD {
        true => format!("more than {}", number(ABSURD)),
        false => number(value),
    }
}

/// A whole number with thousands separators: `34,512,880`.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A count or a rate as the tick of an axis has it, millions short: `8,120`, `12.4 M`, `0.25`.
pub fn compact(value: f64) -> String {
    match value.abs() {
        size if size >= 9_999_999.5 => format!("{} M", number(value / 1e6)),
        _ => number(value),
    }
}

/// A count that may be a mean over runs: whole as it is, a large one rounded, a small one to three digits.
pub fn amount(value: f64) -> String {
    match value + 0.0 {
        value if value.fract() == 0.0 && value.abs() < 1e18 => grouped(&format!("{value:.0}")),
        value if value.abs() >= 99.95 => grouped(&format!("{:.0}", value.round())),
        value => number(value),
    }
}

/// A whole number of things, which may be a mean over runs: `7`, `about 31`.
pub fn whole(value: f64) -> String {
    let nearest = value.round();
    match (value - nearest).abs() < 1e-6 {
        true => number(nearest),
        false => format!("about {}", number(nearest.max(1.0))),
    }
}

/// The same with the noun: `1 instance`, `7 instances`, `about 31 instances`, `1 instance in some runs`.
pub fn things(count: f64, noun: &str) -> String {
    match count {
        count if count > 0.0 && count < 1.0 - 1e-6 => format!("1 {noun} in some runs"),
        count => agreeing(whole(count), noun),
    }
}

/// How many times a limit something is, where it is above it: `1.19 times`, and never `1 times`.
pub fn excess(times: f64) -> String {
    let shown = bounded(times);
    if times <= 1.0 || shown != "1" {
        return format!("{shown} times");
    }
    let precise = (3..=6).map(|decimals| trimmed(&format!("{times:.decimals$}"))).find(|shown| shown != "1");
    precise.map_or("a little more than".into(), |shown| format!("{shown} times"))
}

/// Half the width of an interval to two significant digits, without its unit: `9`, `0.25`, `1,200`.
pub fn margin(half_width: f64) -> String {
    match half_width {
        half_width if !half_width.is_finite() => "–".into(),
        0.0 => "0".into(),
        half_width => {
            let decimals = 1 - libm::log10(half_width).floor() as i32;
            let scale = libm::pow(10.0, f64::from(decimals));
            let rounded = (half_width * scale).round() / scale;
            grouped(&trimmed(&format!("{rounded:.*}", decimals.clamp(0, 12) as usize)))
        }
    }
}

/// Half the width of an interval in the unit that [`millis`] shows a value in, without the unit.
pub fn millis_margin(value: f64, half_width: f64) -> String {
    match value {
        value if value < 0.9995 => margin(half_width * 1e3),
        value if value < 999.5 => margin(half_width),
        // Minutes and seconds: the margin is in seconds.
        _ => margin(half_width / 1e3),
    }
}

/// What stands beside a value: `± 9`, or `(1.3–7.6)` where the ends of its interval are not equally far. `show` gives
/// [`margin`]s in the unit of the value.
pub fn beside(value: f64, interval: &Interval, show: impl Fn(f64) -> String) -> String {
    match interval.is_even(value) {
        true => format!("± {}", show(interval.half_width)),
        false => format!("({}–{})", show(interval.low), show(interval.high)),
    }
}

/// A value without the digits that its interval does not support: none beyond the second one of half its width. Two digits of the value
/// stay: one would be another value.
pub fn supported(value: f64, interval: &Interval) -> f64 {
    if !(interval.half_width > 0.0 && interval.half_width.is_finite()) {
        return value;
    }
    let second_digit = |of: f64| 1 - libm::log10(of).floor() as i32;
    let own = if value == 0.0 { i32::MIN } else { second_digit(value.abs()) };
    let places = second_digit(interval.half_width).max(own);
    let scale = libm::pow(10.0, f64::from(places.abs()));
    let rounded = if places >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale };
    if rounded == 0.0 { value } else { rounded }
}

/// A span of work for people: `about 40 h`.
pub fn about(seconds: f64) -> String {
    const YEAR: f64 = 365.0 * 86_400.0;
    let (value, unit) = match seconds {
        s if s < 90.0 => (s, "s"),
        s if s < 90.0 * 60.0 => (s / 60.0, "min"),
        s if s < 72.0 * 3_600.0 => (s / 3_600.0, "h"),
        s if s < 2.0 * YEAR => (s / 86_400.0, "days"),
        s => (s / YEAR, "years"),
    };
    let digits = libm::log10(value.abs().max(1.0)).floor() as i32;
    let scale = libm::pow(10.0, f64::from((digits - 1).max(0)));
    format!("about {:.0} {unit}", (value / scale).round() * scale)
}

/// A share between 0 and 1 in percent; nothing short of all reads `100 %` and nothing above none reads `0 %`.
pub fn share(share: f64) -> String {
    percent(share * 100.0)
}

/// A percentage, with more digits the closer it is to none or all: `61 %`, `3.2 %`, `0.04 %`, `99.97 %`.
pub fn percent(percent: f64) -> String {
    let text = match percent {
        value if !value.is_finite() => "–".into(),
        0.0 => "0".into(),
        value if value > 0.0 && value < 0.01 => "<0.01".into(),
        value if value > 99.99 && value < 100.0 => ">99.99".into(),
        value if value < 1.0 || (99.9..100.0).contains(&value) => trimmed(&format!("{value:.2}")),
        value if value < 10.0 || (99.0..100.0).contains(&value) => trimmed(&format!("{value:.1}")),
        value => format!("{value:.0}"),
    };
    format!("{text} %")
}

/// A share between 0 and 1 in percent to the tenth, for tables: `90.4 %`.
pub fn tenths(part: f64) -> String {
    match part * 100.0 {
        percent if (0.05..99.95).contains(&percent) => format!("{percent:.1} %"),
        _ => share(part),
    }
}

/// A share between 0 and 1 in percent to the tenth, as people set it: `60 %`, `22.5 %`.
pub fn setting(share: f64) -> String {
    format!("{} %", bounded((share * 1_000.0).round() / 10.0))
}

/// What was asked of a capacity, over it: `90.4 %`, from ten times it on `543 times`.
pub fn of_capacity(part: f64) -> String {
    match part {
        part if part >= 9.995 => format!("{} times", number(part.round())),
        part => tenths(part),
    }
}

/// Milliseconds in the unit that reads best: `850us`, `12.3ms`, `1.24s`, `2m5s`.
pub fn millis(ms: f64) -> String {
    match ms {
        ms if !ms.is_finite() => "–".into(),
        0.0 => "0ms".into(),
        ms if ms < 0.9995 => format!("{}us", number(ms * 1e3)),
        ms if ms < 999.5 => format!("{}ms", number(ms)),
        ms if ms < 59_950.0 => format!("{}s", number(ms / 1e3)),
        // As spans are written in a file.
        ms => Time::from_secs((ms / 1e3).round() as u64).to_string(),
    }
}

/// Times the traffic, to three digits, from ten on to the whole: `×1.6`, `×0.825`, `×24`.
pub fn times(multiplier: f64) -> String {
    match multiplier {
        multiplier if multiplier >= 9.995 => format!("×{}", number(multiplier.round())),
        multiplier => format!("×{}", number(multiplier)),
    }
}

/// Dollars to the cent, less than one to three digits that say something: `$1,234.56`, `$0.0225`.
pub fn usd(value: f64) -> String {
    let value = value + 0.0;
    let decimals = if value.abs() < 0.995 { decimals(value) } else { 2 };
    let text = trimmed(&format!("{value:.decimals$}"));
    match text.split_once('.') {
        Some((_, cents)) if cents.len() > 2 => format!("${text}"),
        _ => format!("${}", grouped(&format!("{value:.2}"))),
    }
}

/// Dollars as the tick of an axis has them: `$1,240`, `$12.40`, `$5`.
pub fn usd_short(value: f64) -> String {
    if value >= 99.995 {
        return format!("${}", number(value.round()));
    }
    let text = usd(value);
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

/// A moment of the event as minutes and seconds, `9:12`, and from an hour on with the hours, `1:00:12`, as the charts have it; tenths
/// where it is between two seconds.
pub fn clock(secs: f64) -> String {
    let tenths = (secs.max(0.0) * 10.0).round() as u64;
    let (hours, minutes, secs, tenths) = (tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60, tenths % 10);
    let time = match hours {
        0 => format!("{minutes}:{secs:02}"),
        _ => format!("{hours}:{minutes:02}:{secs:02}"),
    };
    match tenths {
        0 => time,
        _ => format!("{time}.{tenths}"),
    }
}

/// A moment as the tick of an axis has it: `1:01:10`, or `1:05` in a run of less than an hour.
pub fn clock_of_span(secs: f64, span: f64) -> String {
    let secs = secs.max(0.0).round() as u64;
    match span >= 3_600.0 {
        true => format!("{}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60),
        false => format!("{}:{:02}", secs / 60, secs % 60),
    }
}

/// The width of whole rows of the timeline: `10 s`, `minute`, `5 minutes`.
pub fn width(secs: f64) -> String {
    match secs {
        60.0 => "minute".into(),
        secs if secs >= 60.0 && secs % 60.0 == 0.0 => format!("{} minutes", secs / 60.0),
        secs => format!("{} s", number(secs)),
    }
}

/// Decimals that show three significant digits.
fn decimals(value: f64) -> usize {
    // Compared, not taken the logarithm of: figures stand in sentences of the artefact, whose bytes are the same everywhere.
    const STEPS: [f64; 9] = [1e2, 1e1, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];
    match value.abs() {
        0.0 => 0,
        size => STEPS.iter().position(|&step| size >= step).unwrap_or(STEPS.len()),
    }
}

fn trimmed(text: &str) -> String {
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    };
    // A little less than nothing, of which no digit is left.
    if text == "-0" { "0".into() } else { text.into() }
}

fn grouped(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or(text);
    let digits = whole.trim_start_matches('-').len();
    let mut out = String::with_capacity(text.len() + digits / 3);
    out.push_str(&whole[..whole.len() - digits]);
    for (position, digit) in whole[whole.len() - digits..].chars().enumerate() {
        if position > 0 && (digits - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(&text[whole.len()..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_of_several_names_has_an_and() {
        let names = ["a", "b", "c"].map(String::from);
        let told: Vec<String> = (0..=3).map(|count| all_of(&names[..count])).collect();
        assert_eq!(told, ["", "a", "a and b", "a, b and c"]);
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(34_512_880), "34,512,880");
        assert_eq!(number(14_207.6), "14,208");
        assert_eq!(number(-1_234.0), "-1,234");
        assert_eq!([0.0, 0.28375, 9.5, 99.96].map(number), ["0", "0.284", "9.5", "100"]);
    }

    #[test]
    fn a_mean_count_keeps_the_digits_that_say_something() {
        assert_eq!(
            [0.0, 7.0, 0.125, 12.34, 1_234.5, 28_477_090.5].map(amount),
            ["0", "7", "0.125", "12.3", "1,235", "28,477,091"]
        );
    }

    #[test]
    fn things_are_whole_or_about_so_many() {
        let shown = [0.0, 0.25, 1.0, 1.25, 7.0, 30.5, 2.75, 1_240.5].map(|count| things(count, "instance"));
        let words = [
            "0 instances",
            "1 instance in some runs",
            "1 instance",
            "about 1 instance",
            "7 instances",
            "about 31 instances",
            "about 3 instances",
            "about 1,241 instances",
        ];
        assert_eq!(shown, words);
    }

    #[test]
    fn what_is_above_a_limit_is_never_once_as_much() {
        let shown = [1.19, 1.0004, 1.000_001, 1.000_000_1, 250.0, 1e12].map(excess);
        let words = ["1.19 times", "1.0004 times", "1.000001 times", "a little more than", "250 times"];
        assert_eq!(shown[..5], words);
        assert_eq!(shown[5], "more than 1,000,000,000 times");
    }

    #[test]
    fn a_margin_has_two_digits_in_the_unit_of_its_value() {
        assert_eq!(
            [0.0, 9.04, 0.2549, 1_234.0, 0.000_031].map(margin),
            ["0", "9", "0.25", "1,200", "0.000031"]
        );
        assert_eq!((millis_margin(412.0, 9.04), millis_margin(1_240.0, 31.0)), ("9".into(), "0.031".into()));
        assert_eq!(millis_margin(0.85, 0.012), "12");
    }

    fn interval(low: f64, high: f64) -> Interval {
        Interval { low, high, half_width: (high - low) / 2.0, level: 0.95, runs: 5 }
    }

    #[test]
    fn ends_stand_beside_a_value_that_is_not_in_the_middle() {
        let shown = |value, low, high| beside(value, &interval(low, high), margin);
        assert_eq!(shown(412.0, 402.96, 421.04), "± 9");
        assert_eq!(shown(2.08, 1.31, 7.62), "(1.3–7.6)");
        assert_eq!(shown(0.02, 0.0, 0.31), "(0–0.31)");
        assert_eq!(shown(5.0, 5.0, 5.0), "± 0");
        assert_eq!(shown(9.99, 9.98, 10.01), "± 0.015", "both ends would read 10");
    }

    #[test]
    fn a_value_has_no_digits_that_its_interval_does_not_support() {
        let shown = |value, half: f64| supported(value, &interval(value - half, value + half));
        assert_eq!(shown(0.0472, 0.028), 0.047);
        assert_eq!(
            (shown(653.0, 5_600.0), shown(16.01, 134.0)),
            (650.0, 16.0),
            "700 and 20 are other values"
        );
        assert_eq!(shown(360.317, 6.7), 360.3);
        assert_eq!(shown(28_475_178.0, 24_000.0), 28_475_000.0);
        assert_eq!((shown(4.0, 1_000.0), shown(7.25, 0.0)), (4.0, 7.25));
    }

    #[test]
    fn a_share_is_rounded_but_never_to_all_or_none() {
        let shown = [0.0, 0.000_04, 0.0004, 0.032, 0.61, 0.9997, 0.999_99, 1.0].map(share);
        assert_eq!(shown, ["0 %", "<0.01 %", "0.04 %", "3.2 %", "61 %", "99.97 %", ">99.99 %", "100 %"]);
        assert_eq!(share(0.996), "99.6 %");
        assert_eq!([0.0, 0.9041, 0.999_99, 1.0].map(tenths), ["0 %", "90.4 %", ">99.99 %", "100 %"]);
        assert_eq!(
            [0.9041, 1.2, 9.99, 10.0, 542.55].map(of_capacity),
            ["90.4 %", "120 %", "999 %", "10 times", "543 times"]
        );
    }

    #[test]
    fn milliseconds_take_the_unit_that_reads_best() {
        let shown = [0.0, 0.85, 12.34, 412.0, 999.9, 1_240.0, 8_200.0, 125_000.0].map(millis);
        assert_eq!(shown, ["0ms", "850us", "12.3ms", "412ms", "1s", "1.24s", "8.2s", "2m5s"]);
    }

    #[test]
    fn a_multiple_of_the_traffic_has_three_digits_at_most() {
        let shown = [0.8246, 1.0, 1.626, 9.99, 24.31, 1_234.5].map(times);
        assert_eq!(shown, ["×0.825", "×1", "×1.63", "×9.99", "×24", "×1,235"]);
    }

    #[test]
    fn small_prices_keep_the_digits_that_say_something() {
        let shown = [0.0, 0.0225, 0.096, 0.5, 0.000_000_2, 12.0, 1_234.567].map(usd);
        assert_eq!(shown, ["$0.00", "$0.0225", "$0.096", "$0.50", "$0.0000002", "$12.00", "$1,234.57"]);
    }

    #[test]
    fn a_moment_reads_in_hours_minutes_and_seconds() {
        assert_eq!([0.0, 3_599.9, 0.5].map(clock), ["0:00", "59:59.9", "0:00.5"]);
        // A fault at 20h10m20s of a long run, and one that ends between two seconds.
        assert_eq!([3_612.0, 72_620.0, 72_682.6].map(clock), ["1:00:12", "20:10:20", "20:11:22.6"]);
    }

    #[test]
    fn ticks_are_short() {
        assert_eq!([8_120.4, 41_234_567.0, 0.25].map(compact), ["8,120", "41.2 M", "0.25"]);
        assert_eq!([0.0, 5.0, 12.4, 1_240.0].map(usd_short), ["$0", "$5", "$12.40", "$1,240"]);
        let moments = [clock_of_span(3_670.0, 14_400.0), clock_of_span(65.0, 600.0)];
        assert_eq!(moments, ["1:01:10", "1:05"]);
        assert_eq!([10.0, 60.0, 300.0].map(width), ["10 s", "minute", "5 minutes"]);
    }
}
