//! The picture of NAT gateways: their ports, their links, what they refuse. In: rows and figures. Out: panels of each table.

use super::record::{NatOutcome, NatSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<NatSeries, NatOutcome>] = &[Chart {
    file: "nat.png",
    title: "NAT gateways: ports and links",
    shows: |nat| nat.told.requests + nat.told.refused > 0.0,
    news: |_| true,
    size: |nat| peak(&nat.series.ports_percent).max(peak(&nat.series.link_percent)),
    panels: &[
        Panel {
            title: "Fullest gateway",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("ports", Hue::Blue, Form::Line(Cells::All(|nat| &nat.ports_percent))),
                Layer::new("link", Hue::Orange, Form::Line(Cells::All(|nat| &nat.link_percent))),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Failed per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("no port", Hue::Vermilion, Form::Area(Cells::All(|nat| &nat.refused))),
                Layer::new("reset", Hue::Purple, Form::Line(Cells::All(|nat| &nat.reset))),
            ],
            shown: Some(|nat| peak(&nat.refused) + peak(&nat.reset) > 0.0),
            weight: 0.8,
        },
    ],
    words: Words {
        alone: |nat| {
            format!(
                "{}: up to {} of its ports · {} without one",
                nat.told.name,
                number::percent(peak(&nat.series.ports_percent)),
                number::compact(nat.told.refused),
            )
        },
        each: |nat| format!("{} up to {}", nat.told.name, number::percent(peak(&nat.series.ports_percent))),
        some: |drawn, all| format!("the fullest {drawn} of {all} NAT gateways · "),
    },
}];
