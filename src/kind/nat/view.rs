//! What NAT gateways show of a run: their ports and links. In: settings and rows. Out: what can run out, and its words.

use super::Nats;
use super::label;
use crate::kind::view::{View, lost, peak, with};
use crate::kind::{All, Full, Scene};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::number;

impl View<All> for Nats<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let nats = scene.timeline.nats.iter().enumerate();
        let watched = nats.flat_map(|(nat, series)| {
            let ports = Resource::GatewayPorts { nat };
            let ports = Watched::busy(ports, series.ports_percent.clone(), &series.refused);
            let link = Resource::GatewayLink { nat };
            [
                ports.or_refusing(&series.refused),
                Watched::busy(link, series.link_percent.clone(), &series.link_waiting),
            ]
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let nats = scene.timeline.nats.iter().enumerate();
        let capacities = nats.flat_map(|(nat, series)| {
            let (ports, link) = (Resource::GatewayPorts { nat }, Resource::GatewayLink { nat });
            let constant = |of: Resource, percent: &[f64]| {
                Capacity::constant(of, words(of, &series.name, ""), StageKind::Network, percent)
            };
            [
                Capacity {
                    waiting: Some((&series.refused).into()),
                    refusing: series
                        .refused
                        .iter()
                        .map(|it| if *it > 0.0 { f64::INFINITY } else { 0.0 })
                        .collect(),
                    ..constant(ports, &series.ports_percent)
                },
                Capacity {
                    waiting: Some((&series.link_waiting).into()),
                    ..constant(link, &series.link_percent)
                },
            ]
        });
        capacities.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let (Resource::GatewayPorts { nat } | Resource::GatewayLink { nat } | Resource::LostGateways { nat }) =
            of
        else {
            return None;
        };
        Some(words(of, scene.nats.get(nat).map_or("", |nat| nat.name.as_str()), "`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        if let Resource::LostGateways { nat } = about.resource.of {
            return Some(lost(about.resource, about.rows, "NAT gateway", &about.scene.nats.get(nat)?.name));
        }
        let Resource::GatewayPorts { nat } = about.resource.of else { return None };
        let settings = about.scene.nats.get(nat)?;
        let refused = peak(&about.resource.refused, about.rows).round();
        let numbers = [
            format!("{} to one destination", number(settings.at_once() as f64)),
            format!("up to {} a second without one", number(refused)),
        ];
        Some(with(format!("{} full", about.name), &numbers))
    }
}

/// `ports of the NAT gateway `egress``.
fn words(of: Resource, name: &str, quote: &str) -> Called {
    let label = match of {
        Resource::GatewayPorts { .. } => label::PORTS,
        Resource::LostGateways { .. } => label::GATEWAYS,
        _ => label::LINK,
    };
    label.with(&[name], quote)
}
