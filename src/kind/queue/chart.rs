//! The picture of queues: what waits, how long, and what comes and goes. In: rows and figures. Out: panels of each queue.

use super::record::{QueueOutcome, QueueSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Seen, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<QueueSeries, QueueOutcome>] = &[Chart {
    file: "queues.png",
    title: "Messages",
    shows: |_| true,
    news: |_| true,
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
            layers: &[Layer::new("age", Hue::Purple, Form::Line(Cells::All(|queue| &queue.oldest_s)))],
            shown: None,
            weight: 0.8,
        },
        Panel {
            title: "per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("sent", Hue::PaleBlue, Form::Stacked(Cells::All(|queue| &queue.sent))),
                Layer {
                    shown: Some(|queue| peak(&queue.taken_over) > 0.0),
                    ..Layer::new("moved here", Hue::Sky, Form::Stacked(Cells::All(|queue| &queue.taken_over)))
                },
                Layer::new("deleted", Hue::Green, Form::Line(Cells::All(|queue| &queue.deleted))),
            ],
            shown: None,
            weight: 0.8,
        },
        Panel {
            title: "failed per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer {
                    shown: Some(|queue| peak(&queue.failed) > 0.0),
                    ..Layer::new("work failed", Hue::Vermilion, Form::Area(Cells::All(|queue| &queue.failed)))
                },
                Layer {
                    shown: Some(|queue| peak(&queue.cut_off) > 0.0),
                    ..Layer::new("cut off", Hue::PaleGrey, Form::Line(Cells::All(|queue| &queue.cut_off)))
                },
                Layer {
                    shown: Some(|queue| peak(&queue.dead_lettered) > 0.0),
                    ..Layer::new(
                        "dead letters",
                        Hue::Dark,
                        Form::Line(Cells::All(|queue| &queue.dead_lettered)),
                    )
                },
                Layer {
                    shown: Some(|queue| peak(&queue.expired) > 0.0),
                    ..Layer::new("expired", Hue::PaleGreen, Form::Line(Cells::All(|queue| &queue.expired)))
                },
            ],
            shown: Some(went_wrong),
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

/// Whether a message was lost, or its work came to nothing.
fn went_wrong(queue: &QueueSeries) -> bool {
    [&queue.failed, &queue.cut_off, &queue.dead_lettered, &queue.expired]
        .iter()
        .any(|column| peak(column) > 0.0)
}

/// `orders: can be received up to 1.2k`.
fn backlog(queue: &Seen<'_, QueueSeries, QueueOutcome>) -> String {
    format!("{}: can be received up to {}", queue.told.name, number::compact(peak(&queue.series.backlog)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The legend is one for all panels.
    #[test]
    fn no_two_lines_of_a_queue_share_a_colour() {
        let layers = CHARTS.iter().flat_map(|chart| chart.panels).flat_map(|panel| panel.layers);
        let hues: Vec<Hue> = layers.map(|layer| layer.hue).collect();
        let first = |(at, hue): (usize, &Hue)| !hues[..at].contains(hue);
        assert!(hues.iter().enumerate().all(first), "{hues:?}");
    }

    /// Each way in which messages come, go or come to nothing has a line, which is there where there is something to show.
    #[test]
    fn what_went_wrong_has_a_line() {
        let rows = |at: usize| if at == 0 { vec![0.0, 1.0] } else { vec![0.0; 2] };
        for wrong in 0..5 {
            let queue = QueueSeries {
                failed: rows(wrong),
                cut_off: rows(wrong.abs_diff(1)),
                dead_lettered: rows(wrong.abs_diff(2)),
                expired: rows(wrong.abs_diff(3)),
                taken_over: rows(wrong.abs_diff(4)),
                ..QueueSeries::default()
            };
            let panels =
                CHARTS[0].panels.iter().filter(|panel| panel.shown.is_none_or(|shown| shown(&queue)));
            let layers = panels.flat_map(|panel| panel.layers);
            let drawn = layers.filter(|layer| layer.shown.is_some_and(|shown| shown(&queue)));
            let names: Vec<_> = drawn.map(|layer| layer.name).collect();
            let all = ["work failed", "cut off", "dead letters", "expired", "moved here"];
            assert_eq!(names, [all[wrong]]);
        }
    }
}
