//! The picture of functions: invocations in progress, cold starts, throttles. In: rows and figures. Out: panels of each function.

use super::record::{LambdaOutcome, LambdaSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<LambdaSeries, LambdaOutcome>] = &[Chart {
    file: "functions.png",
    title: "Functions: concurrency, cold starts, throttles",
    shows: |function| function.told.invocations + function.told.throttled() + function.told.events > 0.0,
    news: |_| true,
    size: |function| peak(&function.series.concurrency) + peak(&function.series.throttled),
    panels: &[
        Panel {
            title: "Environments",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[
                Layer::new("there", Hue::PaleBlue, Form::Area(Cells::All(|it| &it.environments))),
                Layer {
                    shown: Some(|it| peak(&it.provisioned) > 0.0),
                    ..Layer::new("provisioned", Hue::Green, Form::Line(Cells::All(|it| &it.provisioned)))
                },
                Layer::new("in use", Hue::Blue, Form::Line(Cells::All(|it| &it.concurrency))),
            ],
            shown: None,
            weight: 1.2,
        },
        Panel {
            title: "Invocations per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("all", Hue::PaleGreen, Form::Area(Cells::All(|it| &it.invocations))),
                Layer::new("cold", Hue::Orange, Form::Line(Cells::All(|it| &it.cold))),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Throttled and failed per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("throttled", Hue::Vermilion, Form::Area(Cells::All(|it| &it.throttled))),
                Layer {
                    shown: Some(|it| peak(&it.failed) > 0.0),
                    ..Layer::new(
                        "timed out or without connections",
                        Hue::Purple,
                        Form::Line(Cells::All(|it| &it.failed)),
                    )
                },
            ],
            shown: Some(|it| peak(&it.throttled) + peak(&it.failed) > 0.0),
            weight: 0.8,
        },
        Panel {
            title: "Events in the queue or worked on",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new("events", Hue::Sky, Form::Area(Cells::All(|it| &it.events_there)))],
            shown: Some(|it| peak(&it.events) > 0.0),
            weight: 0.8,
        },
        Panel {
            title: "Age of the oldest event",
            unit: Unit::Seconds,
            scale: Scale::Linear,
            layers: &[Layer::new("age", Hue::Yellow, Form::Line(Cells::All(|it| &it.event_age_s)))],
            shown: Some(|it| peak(&it.event_age_s) > 0.0),
            weight: 0.6,
        },
        Panel {
            title: "Events dropped per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("dropped", Hue::Dark, Form::Area(Cells::All(|it| &it.events_dropped)))],
            shown: Some(|it| peak(&it.events_dropped) > 0.0),
            weight: 0.6,
        },
    ],
    words: Words {
        alone: |function| {
            format!(
                "{}: up to {} at once · {} cold · {} throttled",
                function.told.name,
                number::compact(function.told.most),
                number::percent(100.0 * function.told.cold_share),
                number::compact(function.told.throttled()),
            )
        },
        each: |function| {
            format!("{} up to {} at once", function.told.name, number::compact(function.told.most))
        },
        some: |drawn, all| format!("the busiest {drawn} of {all} functions · "),
    },
}];
