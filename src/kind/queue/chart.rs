//! The picture of queues: what waits, how long, and what comes and goes. In: rows and figures. Out: three panels of each queue.

use super::record::{QueueOutcome, QueueSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Seen, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<QueueSeries, QueueOutcome>] = &[Chart {
    file: "queues.png",
    title: "Messages",
    shows: |_| true,
    size: |queue| peak(&queue.series.backlog),
    panels: &[
        Panel {
            title: "waiting, in flight",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[
                Layer::new("can be received", Hue::Blue, Form::Area(Cells::All(|queue| &queue.backlog))),
                Layer::new("in flight", Hue::Orange, Form::Line(Cells::All(|queue| &queue.in_flight))),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "oldest message",
            unit: Unit::Seconds,
            scale: Scale::Linear,
            layers: &[Layer::new("age", Hue::Blue, Form::Line(Cells::All(|queue| &queue.oldest_s)))],
            shown: None,
            weight: 0.8,
        },
        Panel {
            title: "per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("sent", Hue::Blue, Form::Line(Cells::All(|queue| &queue.sent))),
                Layer::new("deleted", Hue::Orange, Form::Line(Cells::All(|queue| &queue.deleted))),
            ],
            shown: None,
            weight: 0.8,
        },
    ],
    words: Words {
        alone: |queue| {
            let age = number::millis(1e3 * peak(&queue.series.oldest_s));
            let sent = number::compact(peak(&queue.series.sent));
            format!("{}, age up to {age}, sent up to {sent}", backlog(queue))
        },
        each: backlog,
        some: |drawn, all| format!("the largest {drawn} of {all} · "),
    },
}];

/// `orders: can be received up to 1.2k`.
fn backlog(queue: &Seen<'_, QueueSeries, QueueOutcome>) -> String {
    format!("{}: can be received up to {}", queue.told.name, number::compact(peak(&queue.series.backlog)))
}
