//! The rhythm of a day. In: its mean and peak, as the file writes them. Out: a [`Rhythm`]: a rate at any time before and after the
//! start of the run.

use super::bounds;
use super::reader::Reader;
use super::shape::{Given, Key, Shape};
use super::value::Value;
use crate::units::{Rate, Time};

/// Time of day of the daily peak: 21 h.
pub const PEAK_AT: Given<Time> = Given::new(Time::from_secs(21 * 3_600), "assumption: evening shopping");
/// Time of day at the start of a run: midnight.
pub const STARTS_AT: Given<Time> = Given::new(Time::ZERO, "assumption: a run of a day is a calendar day");

const DAY: Time = Time::from_secs(86_400);

/// The language of a daily rhythm.
pub const DAILY_SHAPE: Shape = Shape {
    title: "daily = { … }",
    about: "A sinusoid of 24 hours with this mean and peak; one that would fall below zero is a sharpened sinusoid instead, \
            with the same mean and peak.",
    keys: &[
        Key::required("mean", "rate", "mean over a day"),
        Key::required("peak", "rate", "rate at the top"),
        Key::given("peak_at", "duration", || PEAK_AT.show(), "time of day of the peak"),
        Key::given("starts_at", "duration", || STARTS_AT.show(), "time of day at the start of the run"),
    ],
};

/// A rate that comes again each day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rhythm {
    mean: Rate,
    peak: Rate,
    peak_at: Time,
    starts_at: Time,
    /// Of a rhythm that a plain sinusoid would take below zero.
    power: Option<f64>,
}

impl Rhythm {
    pub(crate) fn read(reader: &Reader) -> Rhythm {
        let mean = reader.must("mean", Value::rate, Rate(1.0));
        let peak = reader.must("peak", |value| bounds::peak(value, mean, "mean"), mean);
        let hour = |value: Value| value.time_within(Time::ZERO..=DAY);
        let peak_at = reader.or("peak_at", hour, PEAK_AT.value);
        let starts_at = reader.or("starts_at", hour, STARTS_AT.value);
        Rhythm { mean, peak, peak_at, starts_at, power: sharpness(mean.0, peak.0) }
    }

    /// The rate so many seconds after the start of the run, or before it.
    pub fn at(&self, seconds: f64) -> Rate {
        let hours = self.starts_at.as_secs_f64() + seconds - self.peak_at.as_secs_f64();
        let wave = wave(hours / DAY.as_secs_f64());
        let rate = match self.power {
            None => self.mean.0 + (self.peak.0 - self.mean.0) * (2.0 * wave - 1.0),
            Some(power) => self.peak.0 * libm::pow(wave, power),
        };
        Rate(rate.max(0.0))
    }
}

/// A raised cosine: 1 at a whole number of days from the peak, 0 half a day away from it.
fn wave(days: f64) -> f64 {
    (1.0 + libm::cos(std::f64::consts::TAU * days)) / 2.0
}

/// The power of the raised cosine whose mean over its peak is that of the curve; none where a plain
/// sinusoid stays above zero.
fn sharpness(mean: f64, peak: f64) -> Option<f64> {
    if peak <= 2.0 * mean {
        return None;
    }
    // Over a whole period the mean of equally spaced points is as good as exact.
    const POINTS: u32 = 288;
    let mean_of = |power: f64| {
        let sum: f64 = (0..POINTS).map(|i| libm::pow(wave(f64::from(i) / f64::from(POINTS)), power)).sum();
        sum / f64::from(POINTS)
    };
    // Beyond a power of 1,000 the peak is shorter than the distance of the knots.
    let (mut low, mut high) = (1.0, 1_000.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        match mean_of(middle) > mean / peak {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_the_mean_and_peak_it_was_given() {
        for (mean, peak) in [(500.0, 800.0), (500.0, 1_000.0), (500.0, 1_200.0), (500.0, 4_000.0)] {
            let (peak_at, starts_at) = (Time::from_secs(6 * 3_600), Time::from_secs(3_600));
            let power = sharpness(mean, peak);
            let rhythm = Rhythm { mean: Rate(mean), peak: Rate(peak), peak_at, starts_at, power };
            let day: Vec<f64> = (-288..0).map(|i| rhythm.at(300.0 * f64::from(i)).0).collect();
            assert!((day.iter().sum::<f64>() / 288.0 - mean).abs() < 1e-6 * mean, "{mean} {peak}");
            assert!(day.iter().all(|rate| (0.0..=peak * (1.0 + 1e-12)).contains(rate)));
            // The run starts at one o'clock: six o'clock is five hours later, and 19 hours earlier.
            for hours in [5.0, -19.0] {
                assert!((rhythm.at(3_600.0 * hours).0 / peak - 1.0).abs() < 1e-12);
            }
        }
    }
}
