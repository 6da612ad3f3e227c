//! The picture of fleets: capacity and its load. In: rows and figures. Out: instances by lifecycle state, CPU, the
//! credits of T types, and links with their credits, for each fleet.

use super::record::{FleetOutcome, FleetSeries, StandbySeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

pub(super) const CHARTS: &[Chart<FleetSeries, FleetOutcome>] = &[Chart {
    file: "instances.png",
    title: "Instances and their CPU",
    shows: |_| true,
    news: |_| true,
    size: |fleet| fleet.told.peak_instances.into(),
    panels: &[
        Panel {
            title: "Instances by state",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[
                Layer::new("in service", Hue::PaleGreen, Form::Stacked(Cells::Made(serving))),
                state(
                    "in service, gets no requests",
                    Hue::PaleRed,
                    Cells::Made(FleetSeries::idle),
                    |fleet| peak(&fleet.idle()) > 0.0,
                ),
                state("lost", Hue::Vermilion, Cells::All(|fleet| &fleet.lost), |fleet| {
                    peak(&fleet.lost) > 0.0
                }),
                state("warming up", Hue::Sky, Cells::All(|fleet| &fleet.warming), |fleet| {
                    peak(&fleet.warming) > 0.0
                }),
                state("pending", Hue::Yellow, Cells::Made(pending), |fleet| peak(&pending(fleet)) > 0.0),
                state("waiting for an instance", Hue::Purple, Cells::Made(waiting), |fleet| {
                    peak(&waiting(fleet)) > 0.0
                }),
                state("draining", Hue::PaleGrey, Cells::All(|fleet| &fleet.terminating), |fleet| {
                    peak(&fleet.terminating) > 0.0
                }),
                state("ready in the warm pool", Hue::PaleBlue, Cells::Made(pooled), |fleet| {
                    !fleet.warm_pool.is_empty()
                }),
                state("on standby", Hue::Purple, Cells::Made(on_standby), |fleet| {
                    peak(&on_standby(fleet)) > 0.0
                }),
                state("stopped, to be resized", Hue::Orange, Cells::Made(away), |fleet| {
                    peak(&away(fleet)) > 0.0
                }),
                Layer::new("largest size allowed", Hue::Vermilion, Form::Level(|fleet| fleet.max_instances)),
                Layer::new("desired", Hue::Dark, Form::Line(Cells::All(|fleet| &fleet.desired))),
            ],
            shown: None,
            weight: 1.6,
        },
        Panel {
            title: "Mean CPU while running",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("CPU", Hue::Blue, Form::Line(Cells::All(|fleet| &fleet.cpu_percent))),
                Layer::new("CPU target", Hue::Vermilion, Form::Level(|fleet| fleet.cpu_target)),
            ],
            shown: Some(|fleet| fleet.credits.is_empty()),
            weight: 1.0,
        },
        Panel {
            title: "Mean CPU, of what credits allow",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("CPU", Hue::Blue, Form::Line(Cells::All(|fleet| &fleet.cpu_percent))),
                Layer::new("CPU target, of all CPU", Hue::Vermilion, Form::Level(|fleet| fleet.cpu_target)),
            ],
            shown: Some(|fleet| !fleet.credits.is_empty()),
            weight: 1.0,
        },
        Panel {
            title: "Time at the CPU limit",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[Layer::new("stands still", Hue::Vermilion, Form::Line(Cells::Made(throttled)))],
            shown: Some(|fleet| !fleet.limit.is_empty()),
            weight: 1.0,
        },
        Panel {
            title: "Mean CPU credits",
            unit: Unit::Count,
            scale: Scale::Linear,
            layers: &[
                Layer::new("credits", Hue::Blue, Form::Line(Cells::Made(balance))),
                Layer {
                    name: "owed",
                    named: None,
                    hue: Hue::Vermilion,
                    form: Form::Line(Cells::Made(owed)),
                    shown: Some(|fleet| peak(&owed(fleet)) > 0.0),
                },
            ],
            shown: Some(|fleet| !fleet.credits.is_empty()),
            weight: 1.0,
        },
        Panel {
            title: "Mean use of links",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("busy", Hue::Blue, Form::Line(Cells::Made(link_busy))),
                Layer::new("network credits", Hue::Vermilion, Form::Line(Cells::Made(network_credits))),
            ],
            shown: Some(|fleet| !fleet.network.is_empty()),
            weight: 1.0,
        },
    ],
    words: Words {
        alone: |fleet| {
            format!(
                "{} × {}: at most {}, {} launched, {} terminated · CPU up to {}",
                fleet.told.name,
                fleet.told.instance,
                fleet.told.peak_instances,
                number::compact(fleet.told.launched),
                number::compact(fleet.told.terminated),
                number::percent(peak(&fleet.series.cpu_percent)),
            )
        },
        each: |fleet| format!("{} at most {}", fleet.told.name, fleet.told.peak_instances),
        some: |drawn, all| format!("the largest {drawn} of {all} fleets: "),
    },
}];

/// Instances in service that may get requests.
fn serving(fleet: &FleetSeries) -> Vec<f64> {
    fleet.there().into_iter().zip(fleet.idle()).map(|(there, idle)| there - idle).collect()
}

/// Tasks for which no instance has room, and the others that are pending.
fn waiting(fleet: &FleetSeries) -> Vec<f64> {
    let rows = fleet.in_service.len();
    fleet.tasks.first().map_or_else(|| vec![0.0; rows], |tasks| tasks.waiting.clone())
}

fn pending(fleet: &FleetSeries) -> Vec<f64> {
    fleet.pending.iter().zip(waiting(fleet)).map(|(pending, waiting)| (pending - waiting).max(0.0)).collect()
}

/// For which part of their time tasks stand still because they have used up their CPU time.
fn throttled(fleet: &FleetSeries) -> Vec<f64> {
    fleet.limit.first().map_or_else(Vec::new, |limit| limit.throttled_percent.clone())
}

fn balance(fleet: &FleetSeries) -> Vec<f64> {
    fleet.credits.first().map_or_else(Vec::new, |credits| credits.balance.clone())
}

fn link_busy(fleet: &FleetSeries) -> Vec<f64> {
    fleet.network.first().map_or_else(Vec::new, |network| network.busy_percent.clone())
}

fn network_credits(fleet: &FleetSeries) -> Vec<f64> {
    fleet.network.first().map_or_else(Vec::new, |network| network.credits_percent.clone())
}

fn owed(fleet: &FleetSeries) -> Vec<f64> {
    fleet.credits.first().map_or_else(Vec::new, |credits| credits.owed.clone())
}

/// Instances that wait in the warm pool.
fn pooled(fleet: &FleetSeries) -> Vec<f64> {
    let rows = fleet.in_service.len();
    fleet.warm_pool.first().map_or_else(|| vec![0.0; rows], |pool| pool.ready.clone())
}

/// Instances on standby, those included that drain on their way there.
fn on_standby(fleet: &FleetSeries) -> Vec<f64> {
    let rows = fleet.in_service.len();
    let both = |it: &StandbySeries| {
        it.entering.iter().zip(&it.there).map(|(entering, there)| entering + there).collect()
    };
    fleet.standby.first().map_or_else(|| vec![0.0; rows], both)
}

/// Instances that are stopped to become another type.
fn away(fleet: &FleetSeries) -> Vec<f64> {
    let rows = fleet.in_service.len();
    fleet.resizing.first().map_or_else(|| vec![0.0; rows], |it| it.away.clone())
}

/// A state that no instance was in does not appear in the legend.
const fn state(
    name: &'static str,
    hue: Hue,
    count: Cells<FleetSeries>,
    seen: fn(&FleetSeries) -> bool,
) -> Layer<FleetSeries, FleetOutcome> {
    Layer { name, named: None, hue, form: Form::Stacked(count), shown: Some(seen) }
}
