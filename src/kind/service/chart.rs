//! The picture of services: how busy their servers are, and what waits. In: rows and figures. Out: panels of each service.

use super::record::{ServiceOutcome, ServiceSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<ServiceSeries, ServiceOutcome>] = &[Chart {
    file: "services.png",
    title: "Services: busy and waiting",
    shows: |service| service.told.arrived > 0.0,
    news: |_| true,
    size: |service| peak(&service.series.busy_percent) + peak(&service.series.waiting),
    panels: &[
        Panel {
            title: "Busy servers",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[Layer::new("busy", Hue::Blue, Form::Line(Cells::All(|service| &service.busy_percent)))],
            shown: None,
            weight: 1.0,
        },
        Panel {
            title: "Requests waiting",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new("waiting", Hue::Purple, Form::Area(Cells::All(|service| &service.waiting)))],
            shown: Some(|service| peak(&service.waiting) > 0.0),
            weight: 1.0,
        },
        Panel {
            title: "Turned away per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "turned away",
                Hue::Vermilion,
                Form::Area(Cells::All(|service| &service.refused)),
            )],
            shown: Some(|service| peak(&service.refused) > 0.0),
            weight: 0.8,
        },
    ],
    words: Words {
        alone: |service| {
            format!(
                "{}: up to {} busy, up to {} waiting · waits p99 {}",
                service.told.name,
                number::percent(peak(&service.series.busy_percent)),
                number::compact(peak(&service.series.waiting)),
                number::millis(service.told.wait_ms.p99),
            )
        },
        each: |service| {
            let busy = number::percent(peak(&service.series.busy_percent));
            format!("{} up to {busy} busy", service.told.name)
        },
        some: |drawn, all| format!("the busiest {drawn} of {all} services · "),
    },
}];
