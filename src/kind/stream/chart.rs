//! The picture of streams: what is put, how old records get, how busy the function is. In: rows and figures. Out: panels of each stream.

use super::record::{StreamOutcome, StreamSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<StreamSeries, StreamOutcome>] = &[Chart {
    file: "streams.png",
    title: "Streams: records and iterator age",
    shows: |it| peak(&it.series.records) + peak(&it.series.throttled) > 0.0,
    news: |_| true,
    size: |it| peak(&it.series.iterator_age_s).max(peak(&it.series.records_percent) / 100.0),
    panels: &[
        Panel {
            title: "records per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("put", Hue::PaleBlue, Form::Area(Cells::All(|it| &it.records))),
                Layer {
                    shown: Some(|it| peak(&it.worked) > 0.0),
                    ..Layer::new("worked on", Hue::Green, Form::Line(Cells::All(|it| &it.worked)))
                },
                Layer {
                    shown: Some(|it| peak(&it.throttled) > 0.0),
                    ..Layer::new("throttled", Hue::Vermilion, Form::Line(Cells::All(|it| &it.throttled)))
                },
                Layer {
                    shown: Some(|it| peak(&it.lost) > 0.0),
                    ..Layer::new("lost", Hue::Dark, Form::Line(Cells::All(|it| &it.lost)))
                },
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "iterator age",
            unit: Unit::Seconds,
            scale: Scale::Linear,
            layers: &[Layer::new("age", Hue::Purple, Form::Area(Cells::All(|it| &it.iterator_age_s)))],
            shown: Some(|it| peak(&it.iterator_age_s) > 0.0),
            weight: 0.8,
        },
        Panel {
            title: "fullest shard",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("records", Hue::Blue, Form::Line(Cells::All(|it| &it.records_percent))),
                Layer::new("bytes", Hue::Orange, Form::Line(Cells::All(|it| &it.bytes_percent))),
                Layer {
                    shown: Some(|it| peak(&it.reads_throttled) > 0.0),
                    ..Layer::new("reads", Hue::Sky, Form::Line(Cells::All(|it| &it.reads_percent)))
                },
                Layer {
                    shown: Some(|it| peak(&it.batches_percent) > 0.0),
                    ..Layer::new("batches", Hue::Green, Form::Line(Cells::All(|it| &it.batches_percent)))
                },
            ],
            shown: None,
            weight: 0.8,
        },
        Panel {
            title: "shards",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new("shards", Hue::Green, Form::Line(Cells::All(|it| &it.shards)))],
            shown: Some(|it| it.shards.windows(2).any(|pair| pair[0] != pair[1])),
            weight: 0.6,
        },
        Panel {
            title: "failed invocations per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("failed", Hue::Vermilion, Form::Area(Cells::All(|it| &it.failed)))],
            shown: Some(|it| peak(&it.failed) > 0.0),
            weight: 0.6,
        },
    ],
    words: Words {
        alone: |it| {
            format!(
                "{}: up to {} records a second · {} throttled · iterator age up to {}",
                it.told.name,
                number::compact(peak(&it.series.records)),
                number::compact(it.told.throttled),
                number::millis(1e3 * peak(&it.series.iterator_age_s)),
            )
        },
        each: |it| {
            format!("{} up to {}", it.told.name, number::millis(1e3 * peak(&it.series.iterator_age_s)))
        },
        some: |drawn, all| format!("the latest {drawn} of {all} streams · "),
    },
}];
