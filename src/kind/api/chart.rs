//! The picture of APIs: what they took and what they throttled. In: rows and figures. Out: panels of each API.

use super::record::{ApiOutcome, ApiSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<ApiSeries, ApiOutcome>] = &[Chart {
    file: "apis.png",
    title: "APIs: requests, throttled, from the cache",
    shows: |api| api.told.requests + api.told.throttled > 0.0,
    news: |_| true,
    size: |api| peak(&api.series.requests) + peak(&api.series.throttled),
    panels: &[
        Panel {
            title: "Requests per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("taken", Hue::PaleGreen, Form::Area(Cells::All(|api| &api.requests))),
                Layer {
                    shown: Some(|api| peak(&api.hits) > 0.0),
                    ..Layer::new("from the cache", Hue::Blue, Form::Line(Cells::All(|api| &api.hits)))
                },
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Throttled per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("throttled", Hue::Vermilion, Form::Area(Cells::All(|api| &api.throttled)))],
            shown: Some(|api| peak(&api.throttled) > 0.0),
            weight: 0.8,
        },
    ],
    words: Words {
        alone: |api| {
            format!(
                "{}: up to {} a second · {} throttled",
                api.told.name,
                number::compact(peak(&api.series.requests)),
                number::compact(api.told.throttled + api.told.over_quota),
            )
        },
        each: |api| {
            format!("{} up to {} a second", api.told.name, number::compact(peak(&api.series.requests)))
        },
        some: |drawn, all| format!("the busiest {drawn} of {all} APIs · "),
    },
}];
