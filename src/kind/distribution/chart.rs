//! The picture of distributions: what they took off their origins. In: rows and figures. Out: hit ratio, requests to the origins, what was sent.

use super::record::{DistributionOutcome, DistributionSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Seen, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<DistributionSeries, DistributionOutcome>] = &[Chart {
    file: "distributions.png",
    title: "Distributions",
    shows: |it| it.told.requests > 0.0,
    news: |_| true,
    size: |it| it.told.requests,
    panels: &[
        Panel {
            title: "Hit ratio at the edges",
            unit: Unit::Share,
            scale: Scale::Upper,
            layers: &[Layer::new("hit ratio", Hue::Green, Form::Line(Cells::Gaps(|it| &it.hit_ratio)))],
            shown: Some(|it| it.hit_ratio.iter().any(Option::is_some)),
            weight: 1.2,
        },
        Panel {
            title: "Requests per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("from clients", Hue::PaleBlue, Form::Area(Cells::All(|it| &it.requests))),
                Layer::new("to origins", Hue::Vermilion, Form::Line(Cells::All(|it| &it.origin))),
            ],
            shown: None,
            weight: 1.2,
        },
        Panel {
            title: "Megabits per second to clients",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("sent", Hue::Blue, Form::Area(Cells::All(|it| &it.megabits)))],
            shown: Some(|it| peak(&it.megabits) > 0.0),
            weight: 1.0,
        },
        Panel {
            title: "Turned away per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "above a quota",
                Hue::Vermilion,
                Form::Area(Cells::All(|it| &it.throttled)),
            )],
            shown: Some(|it| peak(&it.throttled) > 0.0),
            weight: 0.8,
        },
    ],
    words: Words {
        alone: hits,
        each: hits,
        some: |drawn, all| format!("the busiest {drawn} of {all} distributions · "),
    },
}];

/// `cdn: 92 % of 1.2k requests for what may be kept hit · 340 to origins`.
fn hits(it: &Seen<'_, DistributionSeries, DistributionOutcome>) -> String {
    let DistributionOutcome { name, hit_ratio, hits, misses, origin, .. } = it.told;
    let found = number::percent(100.0 * hit_ratio);
    format!(
        "{name}: {found} of {} look-ups hit · {} to origins",
        number::compact(hits + misses),
        number::compact(*origin)
    )
}
