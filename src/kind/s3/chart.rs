//! The picture of buckets: what they are asked for, and what they refuse. In: rows and figures. Out: panels of each bucket.

use super::record::{BucketOutcome, BucketSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<BucketSeries, BucketOutcome>] = &[Chart {
    file: "buckets.png",
    title: "Buckets: requests and partitions",
    shows: |bucket| peak(&bucket.series.reads) + peak(&bucket.series.writes) > 0.0,
    news: |_| true,
    size: |bucket| peak(&bucket.series.reads_asked_percent).max(peak(&bucket.series.writes_asked_percent)),
    panels: &[
        Panel {
            title: "requests per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("reads", Hue::PaleBlue, Form::Stacked(Cells::All(|bucket| &bucket.reads))),
                Layer::new("writes", Hue::Orange, Form::Stacked(Cells::All(|bucket| &bucket.writes))),
                Layer {
                    shown: Some(|bucket| peak(&bucket.reads_refused) + peak(&bucket.writes_refused) > 0.0),
                    ..Layer::new("503 Slow Down", Hue::Vermilion, Form::Stacked(Cells::Made(refused)))
                },
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Fullest partition, of what it takes",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("reads", Hue::Blue, Form::Line(Cells::Made(|it| taken(&it.reads_asked_percent)))),
                Layer::new(
                    "writes",
                    Hue::Orange,
                    Form::Line(Cells::Made(|it| taken(&it.writes_asked_percent))),
                ),
            ],
            shown: Some(|it| peak(&it.reads_asked_percent) + peak(&it.writes_asked_percent) > 0.0),
            weight: 0.8,
        },
        Panel {
            title: "partitions",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "partitions",
                Hue::Green,
                Form::Line(Cells::All(|bucket| &bucket.partitions)),
            )],
            shown: Some(|bucket| bucket.partitions.windows(2).any(|pair| pair[0] != pair[1])),
            weight: 0.6,
        },
    ],
    words: Words {
        alone: |bucket| {
            format!(
                "{}: up to {} a second · {} answered 503 Slow Down",
                bucket.told.name,
                number::compact(peak(&bucket.series.reads) + peak(&bucket.series.writes)),
                number::compact(bucket.told.refused),
            )
        },
        each: |bucket| format!("{} {} × 503", bucket.told.name, number::compact(bucket.told.refused)),
        some: |drawn, all| format!("the fullest {drawn} of {all} buckets · "),
    },
}];

/// What was refused, of both sorts.
fn refused(bucket: &BucketSeries) -> Vec<f64> {
    bucket.reads_refused.iter().zip(&bucket.writes_refused).map(|(reads, writes)| reads + writes).collect()
}

/// The part of what was asked that can be taken.
fn taken(percent: &[f64]) -> Vec<f64> {
    percent.iter().map(|percent| percent.min(100.0)).collect()
}
