//! The picture of tables: what they take, and what they throttle. In: rows and figures. Out: panels of each table.

use super::record::{DynamoTableOutcome, DynamoTableSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<DynamoTableSeries, DynamoTableOutcome>] = &[Chart {
    file: "dynamodb.png",
    title: "DynamoDB tables: units and partitions",
    shows: |table| peak(&table.series.read_units) + peak(&table.series.write_units) > 0.0,
    news: |_| true,
    size: |table| peak(&table.series.reads_asked_percent).max(peak(&table.series.writes_asked_percent)),
    panels: &[
        Panel {
            title: "read units",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("consumed", Hue::PaleBlue, Form::Area(Cells::All(|table| &table.read_units))),
                Layer {
                    shown: Some(|table| is_near(&table.read_units, &table.read_limit)),
                    ..Layer::new("limit", Hue::Vermilion, Form::Line(Cells::All(|table| &table.read_limit)))
                },
            ],
            shown: Some(|table| peak(&table.read_units) > 0.0),
            weight: 1.0,
        },
        Panel {
            title: "write units",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("consumed", Hue::PaleBlue, Form::Area(Cells::All(|table| &table.write_units))),
                Layer {
                    shown: Some(|table| is_near(&table.write_units, &table.write_limit)),
                    ..Layer::new("limit", Hue::Vermilion, Form::Line(Cells::All(|table| &table.write_limit)))
                },
            ],
            shown: Some(|table| peak(&table.write_units) > 0.0),
            weight: 1.0,
        },
        Panel {
            title: "throttled, and waiting",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("reads", Hue::Blue, Form::Line(Cells::All(|table| &table.reads_throttled))),
                Layer::new("writes", Hue::Orange, Form::Line(Cells::All(|table| &table.writes_throttled))),
                Layer::new("waiting", Hue::Purple, Form::Line(Cells::All(|table| &table.retrying))),
            ],
            shown: Some(|table| peak(&table.reads_throttled) + peak(&table.writes_throttled) > 0.0),
            weight: 0.8,
        },
        Panel {
            title: "DAX hit ratio",
            unit: Unit::Share,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "hit ratio",
                Hue::Green,
                Form::Line(Cells::Gaps(|table| &table.dax_hit_ratio)),
            )],
            shown: Some(|table| table.dax_hit_ratio.iter().any(Option::is_some)),
            weight: 0.6,
        },
        Panel {
            title: "partitions",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "partitions",
                Hue::Green,
                Form::Line(Cells::All(|table| &table.partitions)),
            )],
            shown: Some(|table| table.partitions.windows(2).any(|pair| pair[0] != pair[1])),
            weight: 0.6,
        },
    ],
    words: Words {
        alone: |table| {
            format!(
                "{}: up to {} read and {} write units a second · {} throttled",
                table.told.name,
                number::compact(peak(&table.series.read_units)),
                number::compact(peak(&table.series.write_units)),
                number::compact(table.told.throttled_by_table + table.told.throttled_by_partition),
            )
        },
        each: |table| {
            let throttled = table.told.throttled_by_table + table.told.throttled_by_partition;
            format!("{} {} throttled", table.told.name, number::compact(throttled))
        },
        some: |drawn, all| format!("the fullest {drawn} of {all} tables · "),
    },
}];

/// Whether a limit is near enough to be drawn beside what was consumed: it would flatten that.
fn is_near(consumed: &[f64], limit: &[f64]) -> bool {
    4.0 * peak(consumed) > limit.iter().copied().fold(f64::INFINITY, f64::min)
}
