//! The picture of event buses: calls to them. In: rows and figures. Out: panels of each bus.

use super::record::{TopicOutcome, TopicSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<TopicSeries, TopicOutcome>] = &[Chart {
    file: "buses.png",
    title: "Event buses: calls and their quota",
    shows: |bus| bus.told.puts > 0.0,
    news: |_| true,
    size: |bus| peak(&bus.series.puts),
    panels: &[
        Panel {
            title: "Calls per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("calls", Hue::Blue, Form::Line(Cells::All(|bus| &bus.puts)))],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Of the quota of all buses",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "of the quota",
                Hue::Purple,
                Form::Line(Cells::All(|bus| &bus.puts_percent)),
            )],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Throttled per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("throttled", Hue::Vermilion, Form::Area(Cells::All(|bus| &bus.throttled)))],
            shown: Some(|bus| peak(&bus.throttled) > 0.0),
            weight: 0.8,
        },
    ],
    words: Words {
        alone: |bus| {
            format!(
                "{}: up to {} calls a second, up to {} of the quota",
                bus.told.name,
                number::compact(peak(&bus.series.puts)),
                number::percent(peak(&bus.series.puts_percent)),
            )
        },
        each: |bus| {
            format!(
                "{} up to {} of the quota",
                bus.told.name,
                number::percent(peak(&bus.series.puts_percent))
            )
        },
        some: |drawn, all| format!("the busiest {drawn} of {all} event buses · "),
    },
}];
