//! The picture of volumes: what they pass, how long I/Os wait, which files were not there. In: rows and figures. Out: panels of each.

use super::record::{VolumeOutcome, VolumeSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<VolumeSeries, VolumeOutcome>] = &[Chart {
    file: "volumes.png",
    title: "EBS volumes: I/Os and waiting",
    shows: |it| peak(&it.series.reads) + peak(&it.series.writes) + peak(&it.series.missing) > 0.0,
    news: |_| true,
    size: |it| peak(&it.series.reads) + peak(&it.series.writes),
    panels: &[
        Panel {
            title: "I/Os per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("reads", Hue::PaleBlue, Form::Stacked(Cells::All(|it| &it.reads))),
                Layer::new("writes", Hue::Orange, Form::Stacked(Cells::All(|it| &it.writes))),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Time in which a volume passed nothing more",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("mean", Hue::Blue, Form::Line(Cells::All(|it| &it.busy_percent))),
                Layer::new("fullest", Hue::Vermilion, Form::Line(Cells::All(|it| &it.fullest_percent))),
            ],
            shown: None,
            weight: 0.8,
        },
        Panel {
            title: "I/Os that wait",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new("waiting", Hue::Purple, Form::Area(Cells::All(|it| &it.waiting)))],
            shown: Some(|it| peak(&it.waiting) >= 1.0),
            weight: 0.6,
        },
        Panel {
            title: "Files that were on another instance, per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("not there", Hue::Vermilion, Form::Area(Cells::All(|it| &it.missing)))],
            shown: Some(|it| peak(&it.missing) > 0.0),
            weight: 0.8,
        },
        Panel {
            title: "Burst credits left",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[Layer::new("credits", Hue::Green, Form::Line(Cells::All(|it| &it.credits_percent)))],
            shown: Some(|it| it.credits_percent.iter().any(|left| *left < 99.0)),
            weight: 0.6,
        },
    ],
    words: Words {
        alone: |it| {
            format!(
                "{}: up to {} I/Os/s · {} files not there",
                it.told.name,
                number::compact(peak(&it.series.reads) + peak(&it.series.writes)),
                number::compact(it.told.missing),
            )
        },
        each: |it| {
            format!("{} {} files", it.told.name, number::compact(it.told.files_read + it.told.files_written))
        },
        some: |drawn, all| format!("the busiest {drawn} of {all} volumes · "),
    },
}];
