//! The axis of a panel of a kind, the same for all of its resources. In: a panel as data, and the resources. Out: an [`Axis`] with room for all
//! values and near limits, and the values themselves.

use super::axis::Axis;
use super::series::Rows;
use crate::measure::chart::{self, Form, Scale, Seen};
use crate::measure::unit::Unit;
use crate::number;

/// Times the largest value up to which a level is drawn.
const FAR: f64 = 4.0;
/// Times the smallest value of a logarithmic axis: what is smaller than that is noise beside what is largest.
const DECADES: f64 = 1e4;

/// The values of a panel, of all its resources together.
pub struct Range {
    values: Vec<f64>,
    /// The largest value, or sum of what is stacked.
    high: f64,
}

impl Range {
    /// Of all resources.
    pub fn of<S, O>(panel: &chart::Panel<S, O>, all: &[Seen<'_, S, O>], rows: &Rows) -> Range {
        let (mut found, mut high) = (Vec::new(), 0.0);
        for thing in all {
            let mut sums = vec![0.0; rows.spans().count()];
            for layer in shown(panel, thing) {
                let column = values(panel.unit, &layer.form, thing.series);
                for (sum, value) in sums.iter_mut().zip(&column).filter(|_| is_stacked(layer)) {
                    *sum += value.filter(|value| value.is_finite()).unwrap_or(0.0);
                }
                found.extend(column.into_iter().flatten().filter(|value| value.is_finite()));
            }
            high = sums.into_iter().fold(high, f64::max);
        }
        let high = found.iter().copied().fold(high, f64::max);
        let mut range = Range { values: found, high };
        let levels = all.iter().flat_map(|thing| {
            let level = |layer: &&chart::Layer<S, O>| match layer.form {
                Form::Level(level) => level(thing.told),
                _ => None,
            };
            shown(panel, thing).iter().filter_map(level).collect::<Vec<_>>()
        });
        let levels: Vec<f64> = levels.filter(|level| range.has(*level)).collect();
        range.values.extend(levels);
        range
    }

    /// Whether any of it can be seen on its axis.
    pub fn is_visible(&self, unit: Unit) -> bool {
        let least = match unit {
            Unit::Percent | Unit::Share => 0.5,
            Unit::Count => 0.05,
            _ => 0.0,
        };
        self.values.iter().any(|value| *value > least)
    }

    /// Whether a level is near enough to the values to be drawn: a far one would flatten them.
    pub fn has(&self, level: f64) -> bool {
        is_near(level, self.high)
    }

    /// The axis on which all have room.
    pub fn axis<S, O>(&self, panel: &chart::Panel<S, O>) -> Axis {
        let all = || self.values.iter().copied();
        match (panel.scale, panel.unit) {
            (Scale::Log, unit) => Axis::log_over(DECADES, all(), words(unit)),
            (Scale::Upper, unit) => {
                let least = all().fold(100.0, f64::min);
                let low = [90.0, 80.0, 50.0].into_iter().find(|low| least >= *low).unwrap_or(0.0);
                Axis::linear(low, 100.0, words(unit))
            }
            (Scale::Linear, Unit::Percent | Unit::Share) => Axis::percent(),
            (Scale::Linear, Unit::Seconds) => {
                Axis::spans(all().fold(self.high, f64::max), 1.0, words(Unit::Seconds))
            }
            (Scale::Linear, Unit::Millis) => {
                Axis::spans(all().fold(self.high, f64::max), 1e-3, words(Unit::Millis))
            }
            (Scale::Linear, Unit::Count) => Axis::counts(all().fold(self.high, f64::max)),
            (Scale::Linear, unit) => Axis::linear(0.0, all().fold(self.high, f64::max), words(unit)),
        }
    }
}

/// Whether a level is near enough to the highest value to be drawn.
pub fn is_near(level: f64, high: f64) -> bool {
    level <= FAR * high
}

/// Whether a layer lies on those before it.
pub fn is_stacked<S, O>(layer: &chart::Layer<S, O>) -> bool {
    matches!(layer.form, Form::Stacked(_))
}

/// The values of a column as they are drawn: shares in percent.
pub fn values<S, O>(unit: Unit, form: &Form<S, O>, series: &S) -> Vec<Option<f64>> {
    let values = form.values(series);
    match unit {
        Unit::Share => values.into_iter().map(|share| share.map(|share| 100.0 * share)).collect(),
        _ => values,
    }
}

/// How values of a unit are written.
fn words(unit: Unit) -> fn(f64) -> String {
    match unit {
        Unit::Seconds => |seconds| number::millis(1e3 * seconds),
        Unit::Millis => number::millis,
        Unit::Share | Unit::Percent => number::percent,
        Unit::Usd => number::usd_short,
        Unit::Count | Unit::PerSecond | Unit::Hours | Unit::Multiple | Unit::Text => number::compact,
    }
}

/// The layers of a panel that a resource has something to show in.
pub fn shown<'a, S, O>(panel: &'a chart::Panel<S, O>, thing: &Seen<'_, S, O>) -> Vec<&'a chart::Layer<S, O>> {
    let shown = |layer: &&chart::Layer<S, O>| layer.shown.is_none_or(|shown| shown(thing.series));
    panel.layers.iter().filter(shown).collect()
}
