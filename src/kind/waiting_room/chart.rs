//! The picture of waiting rooms: who waits, and who is let in. In: rows and figures. Out: panels of each room.

use super::record::{WaitingRoomOutcome, WaitingRoomSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<WaitingRoomSeries, WaitingRoomOutcome>] = &[Chart {
    file: "waiting-rooms.png",
    title: "Waiting rooms: waiting and let in",
    shows: |room| room.told.came > 0.0,
    news: |room| room.told.waited > 0.0,
    size: |room| peak(&room.series.waiting),
    panels: &[
        Panel {
            title: "Visitors waiting",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new("waiting", Hue::Purple, Form::Area(Cells::All(|room| &room.waiting)))],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Visitors per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("let in", Hue::Blue, Form::Line(Cells::All(|room| &room.let_in))),
                Layer::new("gave up", Hue::Vermilion, Form::Line(Cells::All(|room| &room.left))),
            ],
            shown: None,
            weight: 1.0,
        },
    ],
    words: Words {
        alone: |room| {
            format!(
                "{}: up to {} waiting · {} gave up · waits p99 {}",
                room.told.name,
                number::compact(room.told.most),
                number::compact(room.told.left),
                number::millis(room.told.wait_ms.p99),
            )
        },
        each: |room| format!("{} up to {} waiting", room.told.name, number::compact(room.told.most)),
        some: |drawn, all| format!("the fullest {drawn} of {all} waiting rooms · "),
    },
}];
