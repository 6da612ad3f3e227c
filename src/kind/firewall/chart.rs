//! The picture of firewalls: what they let through and what they block. In: rows and figures. Out: panels of each firewall and source.

use super::record::{FirewallOutcome, FirewallSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<FirewallSeries, FirewallOutcome>] = &[Chart {
    file: "firewalls.png",
    title: "Firewalls: let through and blocked",
    // A source of which nothing was blocked has nothing to show here.
    shows: |firewall| firewall.told.over_limit + firewall.told.matched > 0.0,
    news: |_| true,
    size: |firewall| peak(&firewall.series.blocked) + peak(&firewall.series.passed),
    panels: &[Panel {
        title: "Requests per second",
        unit: Unit::PerSecond,
        scale: Scale::Linear,
        layers: &[
            Layer::new("let through", Hue::Blue, Form::Line(Cells::All(|firewall| &firewall.passed))),
            Layer::new("blocked", Hue::Vermilion, Form::Line(Cells::All(|firewall| &firewall.blocked))),
        ],
        shown: None,
        weight: 1.0,
    }],
    words: Words {
        alone: |firewall| {
            let told = firewall.told;
            let share = (told.over_limit + told.matched) / told.requests.max(1.0) * 100.0;
            format!(
                "{}, requests of {}: {} blocked of {}",
                told.name,
                told.source,
                number::percent(share),
                number::compact(told.requests)
            )
        },
        each: |firewall| {
            let told = firewall.told;
            let share = (told.over_limit + told.matched) / told.requests.max(1.0) * 100.0;
            format!("{} of {} blocked", number::percent(share), told.source)
        },
        some: |drawn, all| format!("the largest {drawn} of {all} · "),
    },
}];
