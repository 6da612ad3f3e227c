//! `predictive` of a fleet's `scaling`. In: a history of hours, a target, what the forecast may do. Out: a [`Predictive`].

use jiff::Timestamp;

use crate::language::bounds;
use crate::language::calendar;
use crate::language::reader::Reader;
use crate::language::rhythm::{DAILY_SHAPE, Rhythm};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Time, UnitError};

/// Predictive scaling of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictive {
    /// What is forecast.
    pub load: Load,
    /// As much of the load as one instance is to take.
    pub target: f64,
    /// What is done with the forecast.
    pub mode: Mode,
    /// How long before its hour the capacity is launched.
    pub buffer: Time,
    /// If the forecast may raise the largest size of the group: by which share beyond itself.
    pub increase: Option<f64>,
    /// Mean load of each hour before that in which the run starts, the oldest first.
    pub history: Vec<Option<f64>>,
    /// How much of its hour is over when the run starts.
    pub into_hour: Time,
}

/// The load that is forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Requests to the targets of the group, a minute.
    Requests,
    /// CPU percent of all its instances together.
    Cpu,
}

impl Load {
    /// Its name in sentences.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Load::Requests => "requests a minute",
            Load::Cpu => "percent of CPU",
        }
    }
}

/// What a forecast does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is made and shown.
    ForecastOnly,
    /// It also launches instances.
    ForecastAndScale,
}

/// How long before its hour the capacity is launched: 300 s.
pub const BUFFER: Given<Time> = Given::new(
    Time::from_secs(300),
    "EC2 Auto Scaling API reference, PredictiveScalingConfiguration: SchedulingBufferTime",
);

const HOUR: Time = Time::from_secs(3_600);
/// Hours that are forecast from: two weeks. Source: EC2 Auto Scaling user guide, "Predictive scaling".
const HOURS_MAX: usize = 14 * 24;
/// Hours that a forecast needs. Source: the same.
const HOURS_MIN: usize = 24;

/// The language of predictive scaling.
pub const PREDICTIVE_SHAPE: Shape = Shape {
    title: "predictive = { … }",
    about: "Forecast the load of each hour from that of the hours before, and launch what it takes ahead of the hour. It never \
            removes an instance; beside other policies the larger capacity counts.",
    keys: &[
        Key::required(
            "metric",
            "\"requests\" or \"cpu\"",
            "the load: requests a minute to the group, or CPU percent of all its instances together (100 for each that is \
             busy)",
        ),
        Key::required("target", "number", "as much of the load as one instance is to take"),
        Key::required(
            "history",
            "array of numbers, name of a file, or { mean, peak, peak_at, starts_at }",
            "the load before the run: a file with columns `time` (a date with an offset) and `value`; a number for each hour, \
             the last for that before the run's first; or, of requests, each day's rhythm with the keys of `daily`. At least 24 \
             hours; two weeks count",
        ),
        Key::optional(
            "mode",
            "\"forecast_only\" or \"forecast_and_scale\"",
            "`\"forecast_only\"` (EC2 Auto Scaling API reference)",
            "whether the forecast launches instances, or is only shown",
        ),
        Key::given(
            "buffer",
            "duration below 1 h",
            || BUFFER.show(),
            "how long before its hour the capacity is launched",
        ),
        Key::optional(
            "max_breach",
            "\"honor\" or \"increase\"",
            "`\"honor\"` (EC2 Auto Scaling API reference)",
            "what happens if the forecast is above `max`: it stays at `max`, or `max` is raised and not lowered again",
        ),
        Key::optional(
            "max_buffer",
            "share, 0 to 100 %",
            "`\"0%\"` (EC2 Auto Scaling API reference)",
            "with max_breach = \"increase\": how far above the forecast `max` is raised",
        ),
        Key::optional(
            "warmup",
            "duration",
            "the fleet's `warmup`",
            "warm-up of the instances that it launches",
        ),
        Key::optional(
            "name",
            "text",
            "`\"predictive\"` (assumption: a word for the page)",
            "name in the activity history",
        ),
    ],
};

impl Predictive {
    pub(super) fn read(reader: &Reader) -> Predictive {
        let loads = [("requests", Load::Requests), ("cpu", Load::Cpu)];
        let modes = [("forecast_only", Mode::ForecastOnly), ("forecast_and_scale", Mode::ForecastAndScale)];
        let load = reader.must("metric", |value| value.choice(&loads), Load::Requests);
        let most = if load == Load::Cpu { 100.0 } else { 1e12 };
        let target = reader.must("target", |value| bounds::positive(value, value.number(0.0..=most)?), 1.0);
        let increase =
            reader.or("max_breach", |value| value.choice(&[("honor", false), ("increase", true)]), false);
        let max_buffer = reader.get("max_buffer");
        if let (false, Some(value)) = (increase, max_buffer) {
            value.problem(
                "a buffer above a maximum that stays",
                "remove it, or write max_breach = \"increase\"",
            );
        }
        let buffer = max_buffer.and_then(Value::share).unwrap_or(0.0);
        let into_hour = reader.get("history").and_then(starts).map_or(Time::ZERO, into_hour);
        let history = reader.must("history", |value| history(value, load, into_hour), Vec::new());
        Predictive {
            load,
            target,
            mode: reader.or("mode", |value| value.choice(&modes), Mode::ForecastOnly),
            buffer: reader.or("buffer", below_an_hour, BUFFER.value),
            increase: increase.then_some(buffer),
            history,
            into_hour,
        }
    }
}

fn below_an_hour(value: Value) -> Option<Time> {
    value.time_within(Time::ZERO..=Time(HOUR.0 - 1))
}

/// The date at which the run starts, if the file has one.
fn starts(value: Value) -> Option<Timestamp> {
    value.cx.calendar.get().as_ref().map(|calendar| calendar.starts)
}

fn into_hour(starts: Timestamp) -> Time {
    Time(starts.as_nanosecond().rem_euclid(i128::from(HOUR.0)) as u64)
}

fn history(value: Value, load: Load, into_hour: Time) -> Option<Vec<Option<f64>>> {
    if value.is_table() {
        return daily(value, load, into_hour);
    }
    let hours = match value.is_text() {
        true => recorded(value)?,
        false => {
            let numbers = value.elements(HOURS_MAX)?;
            numbers.into_iter().map(|value| value.number(0.0..=1e12).map(Some)).collect::<Option<Vec<_>>>()?
        }
    };
    if hours.len() < HOURS_MIN {
        value.problem(
            format!(
                "{} of history are too few for a forecast",
                crate::number::counted(hours.len() as u64, "hour")
            ),
            "a forecast takes at least 24 hours, and up to 14 days",
        );
        return None;
    }
    Some(hours)
}

/// The mean of each hour of a day of some rhythm, up to that in which the run starts.
fn daily(value: Value, load: Load, into_hour: Time) -> Option<Vec<Option<f64>>> {
    if load == Load::Cpu {
        value.problem(
            "a rhythm of requests for a forecast of CPU",
            "write metric = \"requests\", or the CPU percent of each hour before the run",
        );
        return None;
    }
    let rhythm = value.table(&DAILY_SHAPE, Rhythm::read)?;
    // The middles of many parts of an hour have its mean.
    const PARTS: u32 = 60;
    let hour_s = HOUR.as_secs_f64();
    let hours = (1..=HOURS_MIN as u32).rev().map(|back| {
        let start = -into_hour.as_secs_f64() - f64::from(back) * hour_s;
        let middles = (0..PARTS).map(|part| start + (f64::from(part) + 0.5) * hour_s / f64::from(PARTS));
        let sum: f64 = middles.map(|at| rhythm.at(at).0).sum();
        Some(60.0 * sum / f64::from(PARTS))
    });
    Some(hours.collect())
}

/// The mean of each hour of a file before the hour in which the run starts. Rows after that are not known to a forecast.
fn recorded(value: Value) -> Option<Vec<Option<f64>>> {
    let Some(starts) = starts(value) else {
        value.problem(
            "a history without the date of the run",
            "write at the top of the file when the run starts, such as starts = \"2026-11-27T00:00:00Z\"",
        );
        return None;
    };
    let name = value.text()?;
    let open = |column: &str| {
        let table = value.accept(value.cx.recordings.table(name))?;
        let index = value.accept(table.find(column))?;
        Some((table, index))
    };
    let (table, index) = open("time")?;
    let mut times = Vec::new();
    let first_hour = starts.as_nanosecond().div_euclid(i128::from(HOUR.0));
    let read = table.each(index, |cell| {
        let Some(time) = calendar::date(cell.trim()) else {
            return Err(UnitError {
                message: "a time that is no date with an offset".into(),
                hint: "write 2026-11-27T09:00:00Z or 2026-11-27T09:00:00+09:00".into(),
            });
        };
        value.cx.recordings.take_value()?;
        times.push(first_hour - time.as_nanosecond().div_euclid(i128::from(HOUR.0)));
        Ok(())
    });
    value.accept(read)?;
    let (table, index) = open("value")?;
    let mut sums = vec![(0.0, 0u32); HOURS_MAX];
    let mut times = times.into_iter();
    let read = table.each(index, |cell| {
        let load = cell.trim().parse::<f64>().ok().filter(|load| load.is_finite() && *load >= 0.0);
        let Some(load) = load else {
            return Err(UnitError {
                message: "a value that is no number from 0 on".into(),
                hint: "write the load as a plain number, such as 1250.5".into(),
            });
        };
        // Hours back from the one in which the run starts.
        let back = times.next().and_then(|back| usize::try_from(back).ok()).filter(|back| *back > 0);
        if let Some((sum, count)) = back.and_then(|back| sums.get_mut(back - 1)) {
            *sum += load;
            *count += 1;
        }
        Ok(())
    });
    value.accept(read)?;
    let oldest = sums.iter().rposition(|hour| hour.1 > 0).map_or(0, |at| at + 1);
    let hours = sums[..oldest].iter().rev();
    Some(hours.map(|(sum, count)| (*count > 0).then(|| sum / f64::from(*count))).collect())
}
