//! The picture of names: where requests go, what is healthy, and lookups. In: rows and figures. Out: panels of each name.

use super::record::{DnsOutcome, DnsSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<DnsSeries, DnsOutcome>] = &[Chart {
    file: "dns.png",
    title: "Names: requests by record",
    shows: |name| name.told.requests > 0.0,
    // One record alone, with no old answers, has nothing to show.
    news: |name| name.series.records.len() > 1 || name.told.old > 0.0 || name.told.failed > 0.0,
    size: |name| name.told.requests,
    panels: &[
        Panel {
            title: "Requests per second by record",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[
                record(
                    ("first", |name| called(name, 0)),
                    Hue::PaleBlue,
                    |name| of(name, 0),
                    |name| !name.records.is_empty(),
                ),
                record(
                    ("second", |name| called(name, 1)),
                    Hue::PaleGreen,
                    |name| of(name, 1),
                    |name| name.records.len() > 1,
                ),
                record(
                    ("third", |name| called(name, 2)),
                    Hue::Yellow,
                    |name| of(name, 2),
                    |name| name.records.len() > 2,
                ),
                record(("others", |_| None), Hue::PaleGrey, others, |name| name.records.len() > 3),
                Layer {
                    name: "by old answers",
                    named: None,
                    hue: Hue::Vermilion,
                    form: Form::Line(Cells::All(|name| &name.old)),
                    shown: Some(|name| peak(&name.old) > 0.0),
                },
            ],
            shown: None,
            weight: 1.2,
        },
        Panel {
            title: "Healthy records",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[Layer::new("healthy", Hue::Green, Form::Line(Cells::All(|name| &name.healthy)))],
            shown: Some(|name| name.healthy.iter().any(|it| *it != name.healthy[0])),
            weight: 0.6,
        },
        Panel {
            title: "Lookups per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new("lookups", Hue::Blue, Form::Line(Cells::All(|name| &name.queries)))],
            shown: None,
            weight: 0.8,
        },
    ],
    words: Words {
        alone: |name| {
            format!(
                "{}: {} lookups, {} requests by old answers, {} without an answer",
                name.told.name,
                number::compact(name.told.queries),
                number::compact(name.told.old),
                number::compact(name.told.unanswered),
            )
        },
        each: |name| format!("{} {} lookups", name.told.name, number::compact(name.told.queries)),
        some: |drawn, all| format!("{drawn} of {all} names, those with the most requests · "),
    },
}];

const fn record(
    (name, named): (&'static str, fn(&DnsSeries) -> Option<&str>),
    hue: Hue,
    values: fn(&DnsSeries) -> Vec<f64>,
    shown: fn(&DnsSeries) -> bool,
) -> Layer<DnsSeries, DnsOutcome> {
    Layer { name, named: Some(named), hue, form: Form::Stacked(Cells::Made(values)), shown: Some(shown) }
}

/// What one record leads to.
fn called(name: &DnsSeries, record: usize) -> Option<&str> {
    name.records.get(record).map(|it| it.name.as_str())
}

/// Requests by one record.
fn of(name: &DnsSeries, record: usize) -> Vec<f64> {
    name.records.get(record).map(|it| it.requests.clone()).unwrap_or_default()
}

/// Requests by those after the first three.
fn others(name: &DnsSeries) -> Vec<f64> {
    let mut sum = vec![0.0; name.requests.len()];
    for record in name.records.iter().skip(3) {
        sum.iter_mut().zip(&record.requests).for_each(|(sum, it)| *sum += it);
    }
    sum
}
