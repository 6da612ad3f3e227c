//! Axes: the position of each value, and the labelled values. In: the range of the data. Out: an [`Axis`].

use crate::number;

/// How values become distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences have equal distances.
    Linear,
    /// Equal factors have equal distances.
    Log,
    /// Names side by side, each as wide as the others.
    Names,
    /// Each further nine of a percentile has the same distance as the one before.
    Nines,
}

/// A labelled value.
#[derive(Clone, Debug)]
pub struct Tick {
    /// Its position on the scale of the axis; see [`Axis::share_of_place`].
    pub place: f64,
    /// Its label.
    pub label: String,
    /// Labelled before the others if there is no room for all.
    pub major: bool,
}

/// Steps of a clock, seconds.
const CLOCK_STEPS: [f64; 15] = [
    5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 10_800.0, 21_600.0,
    86_400.0,
];

/// Part of an axis that is left free at both of its ends, where its values are points.
const BESIDE: f64 = 0.04;

/// A scale between two values.
#[derive(Clone, Debug)]
pub struct Axis {
    /// How its values become distances.
    pub scale: Scale,
    low: f64,
    high: f64,
    /// Labelled values, in order.
    pub ticks: Vec<Tick>,
    /// How its values are written.
    pub name: fn(f64) -> String,
}

impl Axis {
    /// From `low` to at least `high` in round steps.
    pub fn linear(low: f64, high: f64, name: fn(f64) -> String) -> Axis {
        let span = match high - low {
            span if span.is_finite() && span > 1e-6 => span,
            _ => 1.0,
        };
        Axis::stepped(low, low + span, round_step(span / 5.0), name)
    }

    /// The same in such steps.
    fn stepped(low: f64, high: f64, step: f64, name: fn(f64) -> String) -> Axis {
        let steps = ((high - low) / step - 1e-9).ceil().max(1.0);
        let ticks = (0..=steps as u32).map(|i| low + f64::from(i) * step);
        let ticks = ticks.map(|value| Tick { place: value, label: name(value), major: true }).collect();
        Axis { scale: Scale::Linear, low, high: low + steps * step, ticks, name }
    }

    /// Spans of time from zero, in units of so many seconds: from a few seconds on in steps of a clock, so that a label is `5m` and not
    /// `3m20s`.
    pub fn spans(high: f64, unit_s: f64, name: fn(f64) -> String) -> Axis {
        let least = high * unit_s / 5.0;
        let step = CLOCK_STEPS.into_iter().find(|step| *step >= least * 0.999);
        match step.filter(|_| least > CLOCK_STEPS[0]) {
            Some(step) => Axis::stepped(0.0, high, step / unit_s, name),
            None => Axis::linear(0.0, high, name),
        }
    }

    /// Counts from zero: steps of at least one.
    pub fn counts(high: f64) -> Axis {
        Axis::linear(0.0, high.max(5.0), number::compact)
    }

    /// All of 0 % to 100 %.
    pub fn percent() -> Axis {
        Axis::linear(0.0, 100.0, number::percent)
    }

    /// Logarithmic, ticks at 1, 2 and 5; at most six decades, smaller values are drawn on the lower edge.
    pub fn log(values: impl Iterator<Item = f64>, name: fn(f64) -> String) -> Axis {
        Axis::log_over(1e6, values, name)
    }

    /// The same over at most so many times the smallest value.
    pub fn log_over(most: f64, values: impl Iterator<Item = f64>, name: fn(f64) -> String) -> Axis {
        let values =
            values.filter(|value| value.is_finite() && *value > 0.0).map(|value| value.clamp(1e-9, 1e12));
        let (low, high) = ends(values).unwrap_or((1.0, 1_000.0));
        let low = low.max(high / most);
        let middle = (low * high).sqrt();
        let (low, high) = (low.min(middle / 2.0), high.max(middle * 2.0));
        let all: Vec<(f64, bool)> = ((low.log10().floor() as i32 - 1)..=(high.log10().ceil() as i32 + 1))
            .flat_map(|decade| [1.0, 2.0, 5.0].map(|lead| (lead * 10f64.powi(decade), lead == 1.0)))
            .collect();
        let below = |value: f64| value <= low * (1.0 + 1e-9);
        let above = |value: f64| value >= high * (1.0 - 1e-9);
        let first = all.iter().rposition(|(value, _)| below(*value)).unwrap_or(0);
        let last = all.iter().position(|(value, _)| above(*value)).unwrap_or(all.len());
        let chosen = all.iter().take(last + 1).skip(first);
        let ticks: Vec<Tick> = chosen
            .map(|(value, major)| Tick { place: value.log10(), label: name(*value), major: *major })
            .collect();
        let (low, high) =
            (ticks.first().map_or(0.0, |tick| tick.place), ticks.last().map_or(3.0, |tick| tick.place));
        Axis { scale: Scale::Log, low, high, ticks, name }
    }

    /// Named rows, the first one on top; each is one high, and the last one begins at zero.
    pub fn rows(names: impl ExactSizeIterator<Item = String>) -> Axis {
        let count = names.len().max(1) as f64;
        let tick = |(nth, label)| Tick { place: count - 0.5 - nth as f64, label, major: true };
        let ticks = names.enumerate().map(tick).collect();
        Axis { scale: Scale::Linear, low: 0.0, high: count, ticks, name: number::compact }
    }

    /// Named columns, the first one on the left, or rows, the first one at the bottom; each is one wide, and the first begins at zero.
    pub fn names(names: impl ExactSizeIterator<Item = String>) -> Axis {
        let count = names.len().max(1) as f64;
        let tick = |(nth, label)| Tick { place: nth as f64 + 0.5, label, major: true };
        let ticks = names.enumerate().map(tick).collect();
        Axis { scale: Scale::Names, low: 0.0, high: count, ticks, name: number::compact }
    }

    /// From the least to the largest of some values, with a little room at both ends, and with a label at each.
    pub fn values(values: &[(f64, String)], scale: Scale) -> Axis {
        let mut axis = Axis { scale, low: 0.0, high: 0.0, ticks: Vec::new(), name: number::compact };
        let tick = |(value, label): &(f64, String)| Tick {
            place: axis.place(*value),
            label: label.clone(),
            major: true,
        };
        let ticks: Vec<Tick> = values.iter().map(tick).collect();
        let (low, high) = ends(ticks.iter().map(|tick| tick.place)).unwrap_or((0.0, 1.0));
        let room = if high > low { BESIDE * (high - low) } else { 0.5 };
        (axis.low, axis.high, axis.ticks) = (low - room, high + room, ticks);
        axis
    }

    /// From below `low` to above `high`, both round: from zero, unless all values are far from it.
    pub fn around(low: f64, high: f64, name: fn(f64) -> String) -> Axis {
        if low <= high / 2.0 || !(high - low).is_normal() {
            return Axis::linear(low.min(0.0), high, name);
        }
        let step = round_step((high - low) / 4.0);
        Axis::stepped((low / step + 1e-9).floor() * step, high, step, name)
    }

    /// Multiples on a logarithmic scale, from the first to the last one.
    pub fn multiples(first: f64, last: f64) -> Axis {
        let axis = Axis::log([first, last].into_iter(), number::times);
        let (low, high) = (first.log10(), last.log10());
        let inside = |tick: &Tick| (low - 1e-9..=high + 1e-9).contains(&tick.place);
        let mut ticks: Vec<Tick> = axis.ticks.into_iter().filter(inside).collect();
        for value in [first, last] {
            if ticks.iter().all(|tick| (tick.place - value.log10()).abs() > 1e-9) {
                ticks.push(Tick { place: value.log10(), label: number::times(value), major: false });
            }
        }
        Axis { low, high, ticks, ..axis }
    }

    /// Time since the start of the run, `h:mm`, or `m:ss` in a run of less than an hour.
    pub fn time(span: f64) -> Axis {
        Axis::between(0.0, span.max(1.0), span)
    }

    /// A part of that axis.
    pub fn between(from: f64, to: f64, whole: f64) -> Axis {
        const STEPS: [f64; 17] = [
            1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0,
            10_800.0, 21_600.0, 43_200.0,
        ];
        let span = (to - from).max(f64::MIN_POSITIVE);
        let fits = |step: &&f64| span / **step <= 10.0;
        let step = STEPS.iter().find(fits).copied().unwrap_or_else(|| round_step(span / 864e3) * 86_400.0);
        // Whole minutes say enough where ticks are that far apart.
        let label = |secs: f64| match whole >= 3_600.0 && step >= 60.0 {
            true => format!("{}:{:02}", (secs / 3_600.0).floor(), (secs / 60.0).floor() % 60.0),
            false => number::clock_of_span(secs, whole),
        };
        let (first, last) = ((from / step - 1e-9).ceil() as u32, (to / step + 1e-9) as u32);
        let ticks = (first..=last).map(|i| f64::from(i) * step);
        let ticks = ticks.map(|secs| Tick { place: secs, label: label(secs), major: true }).collect();
        Axis { scale: Scale::Linear, low: from, high: to, ticks, name: number::clock }
    }

    /// Percentiles from 0 to 99.999.
    pub fn nines() -> Axis {
        let named = [(0.0, "0"), (50.0, "50"), (75.0, "75"), (90.0, "90"), (95.0, "95"), (99.0, "99")];
        let tail = [(99.9, "99.9"), (99.99, "99.99"), (99.999, "99.999")];
        let ticks = named.into_iter().chain(tail);
        let ticks =
            ticks.map(|(value, label)| Tick { place: nines(value), label: label.into(), major: true });
        Axis { scale: Scale::Nines, low: 0.0, high: nines(99.999), ticks: ticks.collect(), name: percentile }
    }

    /// Position of a value between the ends of the axis, 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        self.share_of_place(self.place(value))
    }

    /// Whether a span of values lies on the axis, at least in part.
    pub fn meets(&self, from: f64, to: f64) -> bool {
        self.place(to) >= self.low && self.place(from) <= self.high
    }

    /// Position of a value on the scale of the axis.
    pub fn place(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear | Scale::Names => value,
            Scale::Log => value.max(f64::MIN_POSITIVE).log10(),
            Scale::Nines => nines(value),
        }
    }

    /// The places at which the axis begins and ends.
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Position of a place between the ends of the axis, 0 to 1.
    pub fn share_of_place(&self, place: f64) -> f64 {
        ((place - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The least and the largest of some values.
pub fn ends(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |range: Option<(f64, f64)>, value| {
        Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    })
}

/// A percentile in words: `p99.9`.
fn percentile(percentile: f64) -> String {
    format!("p{}", (percentile * 1e3).round() / 1e3)
}

fn nines(percentile: f64) -> f64 {
    -(1.0 - percentile / 100.0).max(1e-9).log10()
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let decade = 10f64.powf(least.max(1e-9).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .map(|lead| lead * decade)
        .into_iter()
        .find(|step| *step >= least * 0.999)
        .unwrap_or(decade)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn spans_have_the_steps_of_a_clock() {
        let of = |high: f64| Axis::spans(high, 1e-3, number::millis);
        assert_eq!(labels(&of(1_000_000.0)), ["0ms", "5m", "10m", "15m", "20m"]);
        assert_eq!(labels(&of(90_000.0)), ["0ms", "30s", "1m", "1m30s"]);
        assert_eq!(labels(&of(2_000.0)), labels(&Axis::linear(0.0, 2_000.0, number::millis)));
    }

    #[test]
    fn a_log_axis_ticks_at_one_two_five_and_encloses_its_values() {
        let axis = Axis::log([3.0, 140.0].into_iter(), number::millis);
        assert_eq!(labels(&axis), ["2ms", "5ms", "10ms", "20ms", "50ms", "100ms", "200ms"]);
        assert!(axis.share(3.0) > 0.0 && axis.share(140.0) < 1.0);
        assert_eq!(axis.share(0.0), 0.0);
    }

    #[test]
    fn axes_of_nothing_or_of_one_value_still_have_a_range() {
        for axis in [
            Axis::log([].into_iter(), number::millis),
            Axis::log([5.0].into_iter(), number::millis),
            Axis::log([1e-300, 1e300].into_iter(), number::millis),
            Axis::linear(0.0, 0.0, number::compact),
            Axis::time(0.0),
        ] {
            assert!(axis.high > axis.low && axis.ticks.len() >= 2, "{axis:?}");
        }
    }

    #[test]
    fn time_is_named_in_round_steps() {
        assert_eq!(labels(&Axis::time(14_400.0))[..3], ["0:00", "0:30", "1:00"]);
        assert_eq!(labels(&Axis::time(600.0))[..3], ["0:00", "1:00", "2:00"]);
    }

    #[test]
    fn a_part_of_the_time_has_ticks_at_its_own_round_steps() {
        let axis = Axis::between(3_456.0, 4_344.0, 14_400.0);
        assert_eq!(labels(&axis)[..3], ["0:58", "1:00", "1:02"]);
        assert!(axis.share(3_600.0) > 0.1 && axis.share(3_456.0) == 0.0);
        let seconds = Axis::between(3_600.0, 3_660.0, 14_400.0);
        assert_eq!(labels(&seconds)[..2], ["1:00:00", "1:00:10"]);
    }

    #[test]
    fn multiples_begin_and_end_with_what_was_run() {
        let axis = Axis::multiples(0.3, 2.4);
        assert_eq!((axis.share(0.3), axis.share(2.4)), (0.0, 1.0));
        assert!(labels(&axis).contains(&"×1") && labels(&axis).contains(&"×2.4"), "{:?}", labels(&axis));
        assert!(
            axis.meets(0.1, 0.4) && axis.meets(1.0, 1.0) && !axis.meets(0.1, 0.2) && !axis.meets(3.0, 4.0)
        );
    }

    #[test]
    fn named_rows_stand_below_each_other() {
        let axis = Axis::rows(["one".to_owned(), "two".to_owned()].into_iter());
        assert_eq!(labels(&axis), ["one", "two"]);
        assert_eq!((axis.share_of_place(axis.ticks[0].place), axis.ends()), (0.75, (0.0, 2.0)));
    }

    #[test]
    fn every_nine_is_equally_far() {
        let axis = Axis::nines();
        let step = axis.share(99.0) - axis.share(90.0);
        assert!((axis.share(99.9) - axis.share(99.0) - step).abs() < 1e-9);
    }
}
