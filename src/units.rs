//! Quantities with units: what a scenario writes as `"250ms"`, `"2 GiB"`, `"6000/s"`, `"99.9%"`.
//!
//! In: text from a scenario or the command line. Out: typed values and their display for people.
//! No other module of the crate keeps a quantity with a unit in a bare number.

use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

use serde::{Deserialize, Serialize};

/// An instant or a span of simulated time in whole nanoseconds.
///
/// `u64` nanoseconds reach 584 years; arithmetic saturates, so that no scenario can overflow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

impl Time {
    /// The start of a run.
    pub const ZERO: Time = Time(0);
    /// Later than any event: a timer that never fires.
    pub const NEVER: Time = Time(u64::MAX);

    /// Whole nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Time {
        Time(nanos)
    }
    /// Whole microseconds.
    pub const fn from_micros(micros: u64) -> Time {
        Time(micros * 1_000)
    }
    /// Whole milliseconds.
    pub const fn from_millis(millis: u64) -> Time {
        Time(millis * 1_000_000)
    }
    /// Whole seconds.
    pub const fn from_secs(secs: u64) -> Time {
        Time(secs * 1_000_000_000)
    }
    /// Seconds, rounded to the nanosecond; negative and NaN become zero, too large saturates.
    pub fn from_secs_f64(secs: f64) -> Time {
        Time((secs * 1e9).round() as u64)
    }
    /// Seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }
    /// Milliseconds.
    pub fn as_millis_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
    /// The span since `earlier`, zero if `earlier` is later.
    pub const fn since(self, earlier: Time) -> Time {
        Time(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Time {
    type Output = Time;
    fn add(self, rhs: Time) -> Time {
        Time(self.0.saturating_add(rhs.0))
    }
}

impl AddAssign for Time {
    fn add_assign(&mut self, rhs: Time) {
        *self = *self + rhs;
    }
}

impl Sub for Time {
    type Output = Time;
    fn sub(self, rhs: Time) -> Time {
        self.since(rhs)
    }
}

impl Mul<u64> for Time {
    type Output = Time;
    fn mul(self, rhs: u64) -> Time {
        Time(self.0.saturating_mul(rhs))
    }
}

impl Div<u64> for Time {
    type Output = Time;
    fn div(self, rhs: u64) -> Time {
        Time(self.0 / rhs)
    }
}

/// Two significant units at most: `4h`, `60m12s`, `1.5s`, `250ms`, `12us`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0;
        if *self == Time::NEVER {
            return f.write_str("never");
        }
        if nanos >= 3_600_000_000_000 {
            let (hours, minutes) = (nanos / 3_600_000_000_000, nanos / 60_000_000_000 % 60);
            return match (minutes, nanos / 1_000_000_000 % 60) {
                (0, 0) => write!(f, "{hours}h"),
                (_, 0) => write!(f, "{hours}h{minutes}m"),
                (_, secs) => write!(f, "{hours}h{minutes}m{secs}s"),
            };
        }
        if nanos >= 60_000_000_000 {
            let (minutes, secs) = (nanos / 60_000_000_000, nanos % 60_000_000_000 / 1_000_000_000);
            return match secs {
                0 => write!(f, "{minutes}m"),
                _ => write!(f, "{minutes}m{secs}s"),
            };
        }
        let (value, unit) = match nanos {
            0 => return f.write_str("0s"),
            1..1_000 => (nanos as f64, "ns"),
            1_000..1_000_000 => (nanos as f64 / 1e3, "us"),
            1_000_000..1_000_000_000 => (nanos as f64 / 1e6, "ms"),
            _ => (nanos as f64 / 1e9, "s"),
        };
        write!(f, "{}{unit}", (value * 1_000.0).round() / 1_000.0)
    }
}

/// Events per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Rate(pub f64);

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

/// Highest rate that a scenario can ask for: 10 million per second.
pub const RATE_MAX: Rate = Rate(1e7);

/// An amount of data in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

impl Bytes {
    /// Gigabytes of 10^9 bytes, the unit of data transfer prices: an assumption, AWS does not say which ones it means.
    pub fn as_gb(self) -> f64 {
        self.0 as f64 / 1e9
    }
    /// Gibibytes of 2^30 bytes, the unit of memory sizes, and of volumes and their prices.
    pub fn as_gib(self) -> f64 {
        self.0 as f64 / (1u64 << 30) as f64
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
        let mut value = self.0 as f64;
        let mut unit = 0;
        while value >= 1024.0 && unit + 1 < UNITS.len() {
            value /= 1024.0;
            unit += 1;
        }
        write!(f, "{} {}", (value * 100.0).round() / 100.0, UNITS[unit])
    }
}

/// Bits per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Bandwidth(pub f64);

impl Bandwidth {
    /// How long so much data takes at this bandwidth.
    pub fn time_of(self, data: Bytes) -> Time {
        Time::from_secs_f64(data.0 as f64 * 8.0 / self.0.max(f64::MIN_POSITIVE))
    }
}

/// With the largest unit of which there is one: `750 Mbit/s`.
impl fmt::Display for Bandwidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"), (1.0, "bit/s")];
        let (scale, unit) = units.into_iter().find(|(scale, _)| self.0 >= *scale).unwrap_or((1.0, "bit/s"));
        write!(f, "{} {unit}", (self.0 / scale * 1_000.0).round() / 1_000.0)
    }
}

/// United States dollars before tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Usd(pub f64);

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${:.2}", self.0)
    }
}

/// Why a quantity could not be read: a fragment for "… in `key`", and a correct form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UnitError {
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

fn split_number<'a>(text: &'a str, what: &str, example: &str) -> Result<(f64, &'a str), UnitError> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_' | '+' | '-')))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let error = || UnitError {
        message: format!("`{text}` is not {what}"),
        hint: format!("write a number and a unit, for example {example}"),
    };
    let value: f64 = digits.replace('_', "").parse().map_err(|_| error())?;
    if !value.is_finite() {
        return Err(error());
    }
    if value < 0.0 {
        return Err(UnitError {
            message: format!("`{text}` is negative"),
            hint: format!("{what} cannot be below zero"),
        });
    }
    Ok((value, unit.trim()))
}

fn unknown_unit(text: &str, unit: &str, what: &str, units: &str) -> UnitError {
    let message = match unit {
        "" => format!("`{}` has no unit", text.trim()),
        _ => format!("`{unit}` is not a unit of {what}"),
    };
    UnitError { message, hint: format!("units of {what}: {units}") }
}

/// Reads a duration such as `"250ms"`, `"1.5 s"`, `"4h"` or `"1h30m"`.
///
/// # Errors
/// No number, a negative number, a missing or unknown unit, or more than a hundred years.
pub fn parse_time(text: &str) -> Result<Time, UnitError> {
    let mut rest = text.trim();
    let mut secs = 0.0;
    loop {
        let end = rest.find(|c: char| c.is_ascii_alphabetic() || c == 'µ').map_or(rest.len(), |start| {
            rest[start..]
                .find(|c: char| !(c.is_ascii_alphabetic() || c == 'µ'))
                .map_or(rest.len(), |len| start + len)
        });
        let (value, unit) = split_number(&rest[..end], "a duration", "\"250ms\" or \"4h\"")?;
        let scale = match unit {
            "ns" => 1e-9,
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "s" | "sec" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return Err(unknown_unit(text, unit, "time", "ns, us, ms, s, m, h, d")),
        };
        secs += value * scale;
        rest = rest[end..].trim_start();
        if rest.is_empty() {
            break;
        }
    }
    if secs > 100.0 * 365.0 * 86_400.0 {
        return Err(UnitError {
            message: format!("`{text}` is longer than a hundred years"),
            hint: "simulated time ends at one hundred years".into(),
        });
    }
    Ok(Time::from_secs_f64(secs))
}

/// Reads a rate such as `"6000/s"`, `"90/min"` or `"1.2k/s"`; the value is per second.
///
/// # Errors
/// No number, a negative number, or a missing or unknown unit.
pub fn parse_rate(text: &str) -> Result<Rate, UnitError> {
    let (value, unit) = split_number(text, "a rate", "\"6000/s\"")?;
    let (factor, per) = match unit.strip_prefix('k') {
        Some(per) => (1e3, per),
        None => (1.0, unit),
    };
    let per = match per.trim() {
        "/s" => 1.0,
        "/m" | "/min" => 60.0,
        "/h" => 3_600.0,
        "/d" | "/day" => 86_400.0,
        _ => return Err(unknown_unit(text, unit, "rate", "/s, /min, /h, /day")),
    };
    Ok(Rate(value * factor / per))
}

/// Reads an amount of data such as `"2 GiB"` or `"30kB"`.
///
/// # Errors
/// No number, a negative number, a missing or unknown unit, or more than an exbibyte.
pub fn parse_bytes(text: &str) -> Result<Bytes, UnitError> {
    let (value, unit) = split_number(text, "an amount of data", "\"2 GiB\"")?;
    let scale: f64 = match unit {
        "B" => 1.0,
        "kB" | "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        "KiB" => 1024.0,
        "MiB" => 1_048_576.0,
        "GiB" => 1_073_741_824.0,
        "TiB" => 1_099_511_627_776.0,
        _ => return Err(unknown_unit(text, unit, "data", "B, KB, MB, GB, TB, KiB, MiB, GiB, TiB")),
    };
    if value * scale > (1u64 << 60) as f64 {
        return Err(UnitError {
            message: format!("`{text}` is more than an exbibyte"),
            hint: "write a smaller amount".into(),
        });
    }
    Ok(Bytes((value * scale).round() as u64))
}

/// Reads a bandwidth such as `"750 Mbit/s"` or `"12.5 Gbps"`.
///
/// # Errors
/// No number, a negative number, a missing or unknown unit, or more than a petabit per second.
pub fn parse_bandwidth(text: &str) -> Result<Bandwidth, UnitError> {
    let (value, unit) = split_number(text, "a bandwidth", "\"750 Mbit/s\"")?;
    let scale = match unit {
        "kbit/s" | "kbps" => 1e3,
        "Mbit/s" | "Mbps" => 1e6,
        "Gbit/s" | "Gbps" => 1e9,
        "MB/s" => 8e6,
        "MiB/s" => 8.0 * 1_048_576.0,
        _ => return Err(unknown_unit(text, unit, "bandwidth", "kbit/s, Mbit/s, Gbit/s, MB/s, MiB/s")),
    };
    if value * scale > 1e15 {
        return Err(UnitError {
            message: format!("`{text}` is more than a petabit per second"),
            hint: "write a smaller bandwidth".into(),
        });
    }
    Ok(Bandwidth(value * scale))
}

/// Reads a share such as `"99.9%"`; the value lies between 0 and 1.
///
/// # Errors
/// No number, a missing `%`, or a value outside 0 % to 100 %.
pub fn parse_percent(text: &str) -> Result<f64, UnitError> {
    let (value, unit) = split_number(text, "a percentage", "\"0.1%\"")?;
    if unit != "%" {
        return Err(unknown_unit(text, unit, "percentage", "%"));
    }
    if value > 100.0 {
        return Err(UnitError {
            message: format!("`{text}` is above 100 %"),
            hint: "a share lies between 0% and 100%".into(),
        });
    }
    Ok(value / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_print_alike() {
        for text in ["0s", "12us", "250ms", "1.5s", "5m", "60m12s", "4h", "1h30m"] {
            let time = parse_time(text).unwrap();
            assert_eq!(parse_time(&time.to_string()).unwrap(), time, "{text}");
        }
        assert_eq!(parse_time("1h30m").unwrap(), Time::from_secs(5_400));
    }

    #[test]
    fn a_quantity_without_its_unit_is_an_error() {
        assert_eq!(parse_time("250").unwrap_err().message, "`250` has no unit");
        assert_eq!(parse_time("5 parsecs").unwrap_err().message, "`parsecs` is not a unit of time");
        assert!(parse_rate("600").is_err());
        assert!(parse_bytes("2 Gib").is_err());
        assert!(parse_percent("0.1").is_err());
        assert!(parse_time("-5s").unwrap_err().message.contains("negative"));
    }

    #[test]
    fn bandwidths_read_and_print_alike() {
        for text in ["750 Mbit/s", "12.5 Gbit/s", "64 kbit/s", "1.024 Gbit/s"] {
            assert_eq!(parse_bandwidth(text).unwrap().to_string(), text);
        }
        assert_eq!(parse_bandwidth("5Gbps").unwrap(), Bandwidth(5e9));
        assert_eq!(parse_bandwidth("2 MB/s").unwrap(), Bandwidth(16e6));
        assert_eq!(parse_bandwidth("1 MiB/s").unwrap(), Bandwidth(8_388_608.0));
        assert_eq!(parse_bandwidth("5 GB/s").unwrap_err().message, "`GB/s` is not a unit of bandwidth");
        assert!(parse_bandwidth("9000000 Gbit/s").is_err());
        assert_eq!(Bandwidth(8e6).time_of(Bytes(250_000)), Time::from_millis(250));
    }

    #[test]
    fn rates_are_per_second() {
        assert_eq!(parse_rate("90/min").unwrap(), Rate(1.5));
        assert_eq!(parse_rate("1.2k/s").unwrap(), Rate(1200.0));
    }
}
