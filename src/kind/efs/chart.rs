//! The picture of file systems: what they pass, how long operations wait, which credits are left. In: rows and figures. Out: panels of each.

use super::record::{FileSystemOutcome, FileSystemSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<FileSystemSeries, FileSystemOutcome>] = &[Chart {
    file: "files.png",
    title: "File systems: throughput and waiting",
    shows: |it| peak(&it.series.reads) + peak(&it.series.writes) > 0.0,
    news: |_| true,
    size: |it| peak(&it.series.read_mib) + peak(&it.series.written_mib),
    panels: &[
        Panel {
            title: "MiB per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                Layer::new("read", Hue::PaleBlue, Form::Stacked(Cells::All(|it| &it.read_mib))),
                Layer::new("written", Hue::Orange, Form::Stacked(Cells::All(|it| &it.written_mib))),
            ],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Time in which it passed nothing more",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("reads", Hue::Blue, Form::Line(Cells::All(|it| &it.reads_busy_percent))),
                Layer::new("writes", Hue::Orange, Form::Line(Cells::All(|it| &it.writes_busy_percent))),
                Layer::new(
                    "throughput",
                    Hue::Vermilion,
                    Form::Line(Cells::All(|it| &it.throughput_busy_percent)),
                ),
            ],
            shown: None,
            weight: 0.8,
        },
        Panel {
            title: "operations that wait",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new("waiting", Hue::Purple, Form::Area(Cells::All(|it| &it.waiting)))],
            shown: Some(|it| peak(&it.waiting) >= 1.0),
            weight: 0.6,
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
                "{}: up to {} MiB/s read · {} MiB/s written",
                it.told.name,
                number::compact(peak(&it.series.read_mib)),
                number::compact(peak(&it.series.written_mib)),
            )
        },
        each: |it| format!("{} {} files", it.told.name, number::compact(it.told.reads + it.told.writes)),
        some: |drawn, all| format!("the busiest {drawn} of {all} file systems · "),
    },
}];
