//! Local ports that run out. In: the ports of a fleet, row by row. Out: what is full, how much of it is taken, and words.

use crate::kind::Full;
use crate::kind::view::{peak, with};
use crate::measure::capacity::{Capacity, shares};
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};
use crate::number::number;

use super::super::record::PortSeries;

/// What fails would have waited.
fn waiting(ports: &PortSeries) -> Vec<f64> {
    ports.failed.iter().map(|failed| if *failed > 0.0 { WAITING } else { 0.0 }).collect()
}

/// The ports of a fleet row by row.
pub(super) fn watched<'a>(fleet: usize, ports: &PortSeries) -> Watched<'a> {
    Watched::busy(Resource::Ports { fleet }, ports.taken_percent.clone(), &waiting(ports))
        .or_refusing(&ports.failed)
}

/// Ports are taken by calls of the last minute.
pub(super) fn capacity<'a>(fleet: usize, name: &str, ports: &PortSeries) -> Capacity<'a> {
    let resource = format!("local ports of {name}");
    let of = Resource::Ports { fleet };
    let taken = shares(&ports.taken_percent);
    let refused = taken.iter().zip(&ports.failed);
    let refusing = refused.map(|(_, failed)| if *failed > 0.0 { f64::INFINITY } else { 0.0 }).collect();
    Capacity {
        busy: taken,
        waiting: Some(waiting(ports).into()),
        refusing,
        ..Capacity::constant(of, resource, StageKind::Network, &ports.taken_percent)
    }
}

pub(super) fn words(about: &Full<'_>, fleet: usize) -> String {
    let ports = about.scene.timeline.fleets.get(fleet).and_then(|it| it.ports.first());
    let failed = ports.map_or(0.0, |ports| peak(&ports.failed, about.rows));
    with(format!("{} exhausted", about.name), &[format!("up to {} calls/s failed", number(failed))])
}
