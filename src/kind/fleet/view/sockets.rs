//! Local ports that run out. In: the ports of a fleet, row by row. Out: what is full, how much of it is taken, and words.

use crate::kind::fleet::label;
use crate::kind::view::{at, peak, with};
use crate::kind::{Full, Scene};
use crate::measure::capacity::Capacity;
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

/// How much of the ports calls need: those in use, and those that were closed and are not free yet. One that is idle is there for the next
/// call. Where calls failed, they would have needed as much as those that found a port. What is free at an instant may be what was taken as
/// long ago as a port is taken after its end, so both are counted over that time where each call closes its connection.
pub(super) fn capacity<'a>(scene: &Scene<'a>, fleet: usize, ports: &PortSeries) -> Capacity<'a> {
    let settings = &scene.fleets[fleet];
    let sockets = settings.sockets.filter(|sockets| sockets.keep_alive.0 == 0);
    let wait = sockets.map_or(0.0, |sockets| sockets.time_wait.as_secs_f64());
    let sum = |column: &[f64], row: usize| {
        let within =
            (0..=row).filter(|&before| scene.time_s(row) - scene.time_s(before) < wait || before == row);
        within.fold(0.0, |sum, row| sum + at(column, row) * scene.row_s(row))
    };
    let asked = |(row, busy): (usize, &f64)| match (at(&ports.failed, row) > 0.0, sum(&ports.calls, row)) {
        (false, _) => busy / 100.0,
        // No call that had one would tell how much they are.
        (true, 0.0) => busy / 100.0 + 1.0,
        (true, calls) => busy / 100.0 * (1.0 + sum(&ports.failed, row) / calls),
    };
    let busy = ports.busy_percent.iter().enumerate().map(asked).collect();
    let of = Resource::Ports { fleet };
    let resource = label::PORTS.plain(&[&settings.name]);
    Capacity {
        busy,
        waiting: Some(waiting(ports).into()),
        ..Capacity::constant(of, resource, StageKind::Network, &ports.busy_percent)
    }
}

pub(super) fn words(about: &Full<'_>, fleet: usize) -> String {
    let ports = about.scene.timeline.fleets.get(fleet).and_then(|it| it.ports.first());
    let failed = ports.map_or(0.0, |ports| peak(&ports.failed, about.rows));
    with(format!("{} exhausted", about.name), &[format!("up to {} calls/s failed", number(failed))])
}
