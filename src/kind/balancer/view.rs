//! What a balancer shows of a run: that it fails open, that it rejects what it has not grown for, and that its weights change (`weights`). In: what was lost, and its rows. Out:
//! what can run out, its words, and warnings.

mod weights;

use super::capacity::ACTIVE_CONNECTIONS;
use super::label;
use super::language::Balancer;
use super::ports::WAIT_S as PORT_WAIT_S;
use super::record::{BalancerSeries, SurgeSeries, TargetPortSeries};
use super::{Balancers, warning};
use crate::dist::Law;
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, in_some_runs, peak, requests_in_all, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};
use crate::number::number;

impl View<All> for Balancers<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let limited = limited(scene).map(|(balancer, series)| {
            let busy = busy(series).into_iter().map(|busy| 100.0 * busy).collect();
            Watched::busy(carried(scene, balancer), busy, &waiting(series)).or_refusing(&series.rejected)
        });
        let surges = surges(scene).map(|(balancer, queue)| {
            Watched::busy(Resource::Surge { balancer }, somebody_waits(queue), &queue.waiting)
                .or_refusing(&queue.spilled)
        });
        let ports = ported(scene).map(|(balancer, _, ports)| {
            let of = Resource::TargetPorts { balancer };
            Watched::busy(of, ports.taken_percent.clone(), &would_wait(&ports.failed))
                .or_refusing(&ports.failed)
        });
        limited.chain(ports).chain(surges).chain(weights::watch(scene)).collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let limited = limited(scene).map(|(balancer, series)| {
            let of = carried(scene, balancer);
            let what = if of == (Resource::Bandwidth { balancer }) { label::BANDWIDTH } else { label::UNITS };
            let name = what.plain(&[&series.name]);
            let constant = Capacity::constant(of, name, StageKind::Network, &[]);
            Capacity {
                busy: asked(scene, balancer, series),
                there: series.carries.clone(),
                waiting: Some(waiting(series).into()),
                ..constant
            }
        });
        limited
            .chain(ported(scene).map(|(balancer, series, of)| ports(scene, balancer, series, of)))
            .collect()
    }

    fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
        weights::waits(settings, add);
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let what = match of {
            Resource::Units { balancer } => Some((label::UNITS, balancer)),
            Resource::Bandwidth { balancer } => Some((label::BANDWIDTH, balancer)),
            Resource::TargetPorts { balancer } => Some((label::PORTS, balancer)),
            Resource::Surge { balancer } => Some((label::SURGE, balancer)),
            Resource::OldAddress { balancer } => Some((label::ADDRESSES, balancer)),
            Resource::Raced { balancer } => Some((label::RACED, balancer)),
            Resource::Reweighted { balancer } => Some((label::WEIGHTS, balancer)),
            _ => None,
        };
        if let Some((what, balancer)) = what {
            let name = scene.balancers.get(balancer).map_or("", |balancer| balancer.name.as_str());
            return Some(what.quoted(&[name]));
        }
        let (what, fleet) = match of {
            Resource::FailsOpen { fleet } => (label::HEALTHY, fleet),
            Resource::NoTargets { fleet } => (label::TARGETS, fleet),
            _ => return None,
        };
        let fleet = scene.fleets.get(fleet).map_or("", |fleet| fleet.name.as_str());
        Some(what.quoted(&[fleet]))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        if let Resource::Surge { balancer } = about.resource.of {
            let queue = about.scene.timeline.balancers.get(balancer)?.surge.first()?;
            let most = number(peak(&queue.waiting, about.rows));
            let spilled = peak(&queue.spilled, about.rows);
            if spilled == 0.0 {
                return Some(with(
                    format!("requests wait in the {}", about.name),
                    &[format!("up to {most}")],
                ));
            }
            let facts = [format!("up to {most} waiting"), format!("up to {}/s turned away", number(spilled))];
            return Some(with(format!("{} full", about.name), &facts));
        }
        if let Resource::TargetPorts { balancer } = about.resource.of {
            let ports = about.scene.timeline.balancers.get(balancer)?.ports.first()?;
            let failed = number(peak(&ports.failed, about.rows));
            return Some(with(
                format!("{} exhausted", about.name),
                &[format!("up to {failed} connections/s dropped")],
            ));
        }
        if let Resource::Units { balancer } | Resource::Bandwidth { balancer } = about.resource.of {
            let rejected = peak(&about.scene.timeline.balancers.get(balancer)?.rejected, about.rows);
            return Some(with(
                format!("{} full", about.name),
                &[format!("up to {}/s rejected", number(rejected))],
            ));
        }
        if let Resource::OldAddress { balancer } = about.resource.of {
            return Some(address(about, balancer));
        }
        if let Resource::Raced { balancer } = about.resource.of {
            return Some(raced(about, balancer));
        }
        if let Resource::Reweighted { balancer } = about.resource.of {
            return weights::changed(about, balancer);
        }
        if let Resource::NoTargets { fleet } = about.resource.of {
            return Some(empty(about, fleet));
        }
        let Resource::FailsOpen { fleet } = about.resource.of else { return None };
        let all = about.scene.balancers.iter().filter(|balancer| balancer.targets.index() == fleet);
        // A Classic Load Balancer does not fail open.
        let (classic, others): (Vec<_>, Vec<_>) = all.partition(|balancer| balancer.classic.is_some());
        let does = match (others.is_empty(), classic.is_empty()) {
            (true, _) => format!("{} sends to none", names(&classic)),
            (_, true) => format!("{} sends to all (fails open)", names(&others)),
            _ => format!("{} sends to all (fails open), {} to none", names(&others), names(&classic)),
        };
        let open = &about.resource.waiting;
        let in_some = in_some_runs(open, about.rows);
        let at_times = if about.rows.clone().any(|row| at(open, row) == 0.0) { " at times" } else { "" };
        Some(format!("no {}: {does}{at_times}{in_some}", about.name))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// `` `public` or `internal` ``.
fn names(some: &[&Balancer]) -> String {
    some.iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(" or ")
}

/// `no registered target of `web`: `public` answers 503`.
fn empty(about: &Full<'_>, fleet: usize) -> String {
    let all = about.scene.balancers.iter().filter(|balancer| balancer.targets.index() == fleet);
    let (http, others): (Vec<_>, Vec<_>) = all.partition(|balancer| balancer.knows_http());
    let answers = (!http.is_empty()).then(|| format!("{} answers 503", names(&http)));
    let refuses = (!others.is_empty()).then(|| format!("{} refuses connections", names(&others)));
    let does: Vec<String> = answers.into_iter().chain(refuses).collect();
    let in_some = in_some_runs(&about.resource.waiting, about.rows);
    format!("no registered {}: {}{in_some}", about.name, does.join(", "))
}

/// `1,234 requests sent to an address of `public` that leads nowhere, which clients keep for up to 60s`.
fn address(about: &Full<'_>, balancer: usize) -> String {
    let Some(own) = about.scene.balancers.get(balancer) else { return String::new() };
    let kept = own.split.as_ref().and_then(|split| split.ttl.as_ref()).map_or(own.dns.ttl, Law::mean);
    let (requests, in_some) = requests_in_all(&about.resource.waiting, about.rows);
    // Weights of before lead to groups that should get nothing any more.
    let until_s = about.scene.time_s(about.rows.end);
    let is_shifted = own.split.as_ref().is_some_and(|split| {
        split.ttl.is_some() && split.changes.iter().any(|(at, _)| at.as_secs_f64() < until_s)
    });
    let name = &own.name;
    match is_shifted {
        true => format!(
            "{requests} sent by earlier weights of `{name}`, which clients keep for {kept}, to a group without a healthy target{in_some}"
        ),
        false => format!(
            "{requests} sent to an address of `{name}` that leads nowhere, which clients keep for {kept}{in_some}"
        ),
    }
}

/// `12 requests of `lb` met connections that targets of `web` closed as idle`.
fn raced(about: &Full<'_>, balancer: usize) -> String {
    let Some(own) = about.scene.balancers.get(balancer) else { return String::new() };
    let fleet = about.scene.fleets.get(own.targets.index()).map_or("", |it| it.name.as_str());
    let (requests, in_some) = requests_in_all(&about.resource.waiting, about.rows);
    format!("{requests} of `{}` met connections that targets of `{fleet}` closed as idle{in_some}", own.name)
}

/// The balancers that carry no more than so much at a time, with their rows.
fn limited<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (usize, &'a BalancerSeries)> {
    let all = scene.timeline.balancers.iter().enumerate();
    all.filter(|(_, series)| series.carries.iter().any(|carries| *carries > 0.0))
}

/// What a balancer carries.
fn carried(scene: &Scene<'_>, balancer: usize) -> Resource {
    match scene.balancers.get(balancer).is_some_and(|it| it.network.is_some()) {
        true => Resource::Bandwidth { balancer },
        false => Resource::Units { balancer },
    }
}

/// The balancers with a surge queue, with its rows.
fn surges<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (usize, &'a SurgeSeries)> {
    let all = scene.timeline.balancers.iter().enumerate();
    all.filter_map(|(balancer, series)| Some((balancer, series.surge.first()?)))
}

/// Percent busy of what a surge queue waits for: no target can take one more while somebody waits.
fn somebody_waits(queue: &SurgeSeries) -> Vec<f64> {
    queue.waiting.iter().map(|waiting| 100.0 * waiting.min(1.0)).collect()
}

/// The balancers whose ports to targets can run out, with the rows of these.
fn ported<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (usize, &'a BalancerSeries, &'a TargetPortSeries)> {
    let all = scene.timeline.balancers.iter().enumerate();
    all.filter_map(|(balancer, series)| Some((balancer, series, series.ports.first()?)))
}

/// How much of its ports connections need: those that found none would have taken as much as those that did. A port is free when its
/// connection has been idle for long enough, so both are counted over that time.
fn ports<'a>(
    scene: &Scene<'a>,
    balancer: usize,
    series: &BalancerSeries,
    ports: &TargetPortSeries,
) -> Capacity<'a> {
    let taken_for =
        scene.balancers.get(balancer).map_or(0.0, |it| it.idle_timeout.as_secs_f64().max(PORT_WAIT_S));
    let sum = |column: &[f64], row: usize| {
        let recent = |before: &usize| scene.time_s(row) - scene.time_s(*before) < taken_for || *before == row;
        (0..=row).filter(recent).fold(0.0, |sum, row| sum + at(column, row) * scene.row_s(row))
    };
    let asked = |(row, taken): (usize, &f64)| match (at(&ports.failed, row) > 0.0, sum(&ports.opened, row)) {
        (false, _) => taken / 100.0,
        // Nothing was opened that would tell how much they are.
        (true, 0.0) => taken / 100.0 + 1.0,
        (true, opened) => taken / 100.0 * (1.0 + sum(&ports.failed, row) / opened),
    };
    let busy = ports.taken_percent.iter().enumerate().map(asked).collect();
    let (of, name) = (Resource::TargetPorts { balancer }, label::PORTS_TO_ONE.plain(&[&series.name]));
    Capacity {
        busy,
        waiting: Some(would_wait(&ports.failed).into()),
        ..Capacity::constant(of, name, StageKind::Network, &ports.taken_percent)
    }
}

/// The part of what it carries that was taken, row by row: the largest of new connections, active ones and bytes. A Network Load Balancer has an end of
/// bytes alone. Rules that are evaluated are charged, and no limit.
fn busy(series: &BalancerSeries) -> Vec<f64> {
    let part = |asked: f64, carries: f64| if carries > 0.0 { (asked / carries).min(1.0) } else { 0.0 };
    let of = |(row, carries): (usize, &f64)| {
        let bytes = at(&series.units_bytes, row);
        match series.limit.first() {
            Some(limit) => part(at(&series.units_new, row), at(&limit.new, row))
                .max(part(at(&series.units_active, row), at(&limit.active, row)))
                .max(part(bytes, at(&limit.bytes, row))),
            None => part(bytes, *carries),
        }
    };
    series.carries.iter().enumerate().map(of).collect()
}

/// What is rejected would have waited.
fn waiting(series: &BalancerSeries) -> Vec<f64> {
    would_wait(&series.rejected)
}

fn would_wait(rejected: &[f64]) -> Vec<f64> {
    rejected.iter().map(|rejected| if *rejected > 0.0 { WAITING } else { 0.0 }).collect()
}

/// The same with what it rejected: of new connections and bytes each of these would have taken as much as one that passed. A connection would have
/// been open for the idle timeout, so those that were rejected within that are asked for beside those that are open.
fn asked(scene: &Scene<'_>, balancer: usize, series: &BalancerSeries) -> Vec<f64> {
    let settings = scene.balancers.get(balancer);
    let (held_s, connections) =
        settings.map_or((0.0, 0.0), |it| (it.idle_timeout.as_secs_f64(), 1.0 / it.requests_per_connection));
    let refused = |row: usize| at(&series.rejected, row) * scene.row_s(row) * connections;
    // What was refused in the rows that began within the idle timeout, and the first of these.
    let (mut first, mut recent) = (0, 0.0);
    let of = |(row, carries): (usize, &f64)| {
        recent += refused(row);
        while first < row && scene.time_s(row + 1) - scene.time_s(first) > held_s {
            recent -= refused(first);
            first += 1;
        }
        let with_rejected = |busy: f64| match (at(&series.rejected, row), at(&series.requests, row)) {
            (0.0, _) => busy,
            // Nothing passed that would tell how much they are.
            (_, 0.0) => busy + 1.0,
            (rejected, requests) => busy + rejected / requests * busy,
        };
        let part = |asked: f64, carries: f64| if carries > 0.0 { asked / carries } else { 0.0 };
        let bytes = at(&series.units_bytes, row);
        match series.limit.first() {
            Some(limit) => {
                let [new, bytes] = [(at(&series.units_new, row), &limit.new), (bytes, &limit.bytes)]
                    .map(|(asked, limit)| with_rejected(part(asked, at(limit, row)).min(1.0)));
                let active = at(&series.units_active, row) + recent / ACTIVE_CONNECTIONS;
                new.max(bytes).max(part(active, at(&limit.active, row)))
            }
            None => with_rejected(part(bytes, *carries).min(1.0)),
        }
    };
    series.carries.iter().enumerate().map(of).collect()
}
