//! What faults show of a run: the rows in which a zone was lost, those in which it has come back, and those in which something else was
//! struck.
//!
//! In: the faults of the file, and what was recorded of their strikes. Out: a resource that is full while its fault lasts, so that it is
//! the cause of what else was, and one for the return of a zone, which may be a cause as well: nodes come back empty, and requests that
//! waited come at once. What happens at times that are not in the file is recorded.

use super::label;
use super::language::{Fault, OnHosts, OnRequests, Target};
use super::{Faults, warning, words};
use crate::id;
use crate::kind::expected::Expected;
use crate::kind::path::PathOwner;
use crate::kind::view::{View, peak};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::Cause;
use crate::measure::watched::Watched;
use crate::units::Time;

/// Rows in which what comes of the return of a zone is felt: at least so many, and this part of all rows. Assumption: as for
/// its loss.
const FELT_ROWS: usize = 3;
const FELT_PART: usize = 200;
/// Times as long is no slight delay. Assumption: as for a strike that is felt.
const SLIGHT: f64 = 2.0;
/// Times as long is nothing new, and neither is as much faster. Assumption: the draws of one event differ by as much.
const NOTHING_NEW: f64 = 1.05;

impl View<All> for Faults<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let rows = scene.timeline.time_s.len();
        let marked = |of, fault: &Fault, is_full: &dyn Fn(usize) -> bool| Watched {
            zone: fault.place().map(|place| place.zone),
            ..Watched::marked(of, (0..rows).map(is_full).collect())
        };
        let mut watched = Vec::new();
        for Loss { fault, from, until } in losses(&scene.settings.faults) {
            let own = &scene.settings.faults[fault];
            let (from, to) = (from.as_secs_f64(), until.min(scene.duration).as_secs_f64());
            let is_lost = |row: usize| scene.time_s(row) < to && scene.time_s(row + 1) > from;
            watched.push(marked(Resource::Zone { fault }, own, &is_lost));
            if until < scene.duration {
                let begin = (0..rows).find(|&row| scene.time_s(row + 1) > to).unwrap_or(rows);
                let end = begin + (rows / FELT_PART).max(FELT_ROWS);
                let is_back = |row: usize| (begin..end).contains(&row);
                watched.push(marked(Resource::ZoneBack { fault }, own, &is_back));
            }
        }
        watched
    }

    fn upsets(settings: &Settings) -> Vec<Resource> {
        let of = |(fault, own): (usize, &Fault)| match own.place() {
            Some(_) if own.is_planned() => vec![Resource::Zone { fault }, Resource::ZoneBack { fault }],
            Some(_) => {
                vec![Resource::Zone { fault }, Resource::Struck { fault }, Resource::ZoneBack { fault }]
            }
            None => vec![Resource::Struck { fault }],
        };
        settings.faults.iter().enumerate().flat_map(of).collect()
    }

    fn struck(settings: &Settings, of: Resource) -> Vec<PathOwner> {
        let (Resource::Zone { fault } | Resource::Struck { fault } | Resource::ZoneBack { fault }) = of
        else {
            return Vec::new();
        };
        let Some(own) = settings.faults.get(fault) else { return Vec::new() };
        let Some(place) = own.place() else { return own.target.of().into_iter().collect() };
        let tables = id::Kind::ALL
            .into_iter()
            .flat_map(|kind| (0..settings.names(kind).len()).map(move |index| (kind, index)));
        tables.filter(|&table| settings.has_place(table, place.zone)).collect()
    }

    fn failed_at<'a>(scene: &Scene<'a>, of: Resource) -> Option<&'a [f64]> {
        let (Resource::Zone { fault } | Resource::Struck { fault }) = of else { return None };
        Some(&scene.timeline.fault_totals.get(fault)?.failed)
    }

    fn is_nothing(settings: &Settings, of: Resource) -> bool {
        let Resource::Struck { fault } = of else { return false };
        settings.faults.get(fault).is_some_and(is_nothing)
    }

    fn can_fail(scene: &Scene<'_>, of: Resource, cause: Cause) -> bool {
        let Resource::Struck { fault } = of else { return cause != Cause::CorruptData };
        let corrupts = matches!(
            scene.settings.faults.get(fault).map(|own| own.target),
            Some(Target::Requests { effect: OnRequests::Corrupts(_), .. })
        );
        if cause == Cause::CorruptData {
            return corrupts;
        }
        let errors = match scene.settings.faults.get(fault).map(|own| own.target) {
            Some(Target::Hosts { effect: OnHosts::Fails, .. }) => &[Cause::DependencyFailed][..],
            Some(Target::Requests { effect: OnRequests::Fails(_) | OnRequests::Refuses(_), .. }) => {
                &[Cause::InternalError]
            }
            _ => &[Cause::DependencyFailed, Cause::InternalError],
        };
        !errors.contains(&cause)
    }

    fn is_slight(scene: &Scene<'_>, of: Resource) -> bool {
        let Resource::Struck { fault } = of else { return false };
        match scene.settings.faults.get(fault).map(|own| own.target) {
            Some(Target::Hosts { effect: OnHosts::Slow(speed), .. }) => speed * SLIGHT > 1.0,
            Some(Target::Requests { effect: OnRequests::Slow(factor), .. }) => factor < SLIGHT,
            _ => false,
        }
    }

    fn keeps(scene: &Scene<'_>, of: Resource) -> bool {
        let Resource::Struck { fault } = of else { return true };
        !matches!(
            scene.settings.faults.get(fault).map(|own| own.target),
            Some(
                Target::Hosts { effect: OnHosts::Fails, .. }
                    | Target::Requests {
                        effect: OnRequests::Fails(_) | OnRequests::Refuses(_) | OnRequests::Corrupts(_),
                        ..
                    }
            )
        )
    }

    fn not_working(scene: &Scene<'_>, of: Resource) -> Option<Vec<f64>> {
        let Resource::Service { service } = of else { return None };
        let hangs = |fault: &Fault| match fault.target {
            Target::Requests { of, effect, .. } => {
                of == (id::Kind::Service, service) && effect == OnRequests::Hangs
            }
            _ => false,
        };
        let faults = scene.settings.faults.iter().enumerate().filter(|(_, own)| hangs(own));
        let rows =
            faults.map(|(fault, _)| scene.lost(Resource::Struck { fault })).filter(|rows| !rows.is_empty());
        // Two faults at once stop it once.
        let both = |one: Vec<f64>, other: Vec<f64>| {
            one.iter().zip(other).map(|(one, other)| one.max(other)).collect()
        };
        rows.map(<[f64]>::to_vec).reduce(both)
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let (Resource::Zone { fault } | Resource::Struck { fault } | Resource::ZoneBack { fault }) = of
        else {
            return None;
        };
        let own = scene.settings.faults.get(fault)?;
        Some(match own.place() {
            Some(place) => match (place.zone.is_whole(), place.zone.region()) {
                (false, _) => label::ZONE.plain(&[&place.zone.to_string()]),
                (true, Some(region)) => label::REGION.plain(&[region.code()]),
                (true, None) => label::THE_REGION.plain(&[]),
            },
            None => label::FAULT.quoted(&[&own.name]),
        })
    }

    fn full(about: &Full<'_>) -> Option<String> {
        match about.resource.of {
            Resource::Zone { .. } => Some(format!("{} lost", about.name)),
            Resource::ZoneBack { .. } => Some(format!("{} is back", about.name)),
            Resource::Struck { fault } => {
                let own = about.scene.settings.faults.get(fault)?;
                let name = super::struck(own, about.scene.settings);
                match own.target {
                    Target::Hosts { zone, effect, .. } => {
                        Some(words::hosts(peak(&about.resource.waiting, about.rows), name, zone, effect))
                    }
                    Target::Requests { member, effect, .. } => Some(words::requests(name, member, effect)),
                    Target::Name { share, effect, .. } => Some(words::name(name, share, effect)),
                    Target::Zone(_) => None,
                }
            }
            _ => None,
        }
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Whether a fault changes nothing that anybody can tell from chance.
pub(super) fn is_nothing(fault: &Fault) -> bool {
    let is_nothing_new = |times: f64| (NOTHING_NEW.recip()..NOTHING_NEW).contains(&times);
    match fault.target {
        Target::Hosts { effect: OnHosts::Slow(speed), .. } => is_nothing_new(speed.recip()),
        Target::Requests { effect: OnRequests::Slow(factor), .. } => is_nothing_new(factor),
        _ => false,
    }
}

/// A zone is lost for a time.
struct Loss {
    /// The fault that began it.
    fault: usize,
    from: Time,
    until: Time,
}

/// The losses of zones at times that the file gives: those of one zone that overlap are one.
fn losses(faults: &[Fault]) -> Vec<Loss> {
    let mut order: Vec<usize> =
        (0..faults.len()).filter(|&fault| faults[fault].planned_place().is_some()).collect();
    order.sort_by_key(|&fault| faults[fault].at);
    let mut found: Vec<Loss> = Vec::new();
    for fault in order {
        let (from, until) = (faults[fault].at, faults[fault].until().unwrap_or(Time::NEVER));
        let is_of_it =
            |loss: &&mut Loss| faults[loss.fault].place() == faults[fault].place() && loss.until >= from;
        match found.iter_mut().find(is_of_it) {
            Some(loss) => loss.until = loss.until.max(until),
            None => found.push(Loss { fault, from, until }),
        }
    }
    found
}
