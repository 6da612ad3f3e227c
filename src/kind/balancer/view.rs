//! What a balancer shows of a run: that it fails open, and that it rejects what it has not grown for. In: what was lost, and its rows. Out:
//! what can run out, its words, and warnings.

use super::record::{BalancerSeries, SurgeSeries};
use super::{Balancers, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, in_some_runs, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};
use crate::number::number;

impl View<All> for Balancers<'_> {
    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let limited = limited(scene).map(|(balancer, series)| {
            let busy = busy(series).into_iter().map(|busy| 100.0 * busy).collect();
            Watched::busy(carried(scene, balancer), busy, &waiting(series)).or_refusing(&series.rejected)
        });
        let surges = surges(scene).map(|(balancer, _, queue)| {
            Watched::busy(Resource::Surge { balancer }, taken(scene, balancer, queue), &queue.waiting)
                .or_refusing(&queue.spilled)
        });
        limited.chain(surges).collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let limited = limited(scene).map(|(balancer, series)| {
            let of = carried(scene, balancer);
            let what = if of == (Resource::Bandwidth { balancer }) { "bandwidth" } else { "capacity units" };
            let name = format!("{what} of {}", series.name);
            let constant = Capacity::constant(of, name, StageKind::Network, &[]);
            Capacity {
                busy: asked(series),
                there: series.carries.clone(),
                waiting: Some(waiting(series).into()),
                ..constant
            }
        });
        limited.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let what = match of {
            Resource::Units { balancer } => Some(("capacity units", balancer)),
            Resource::Bandwidth { balancer } => Some(("bandwidth", balancer)),
            Resource::Surge { balancer } => Some(("surge queue", balancer)),
            _ => None,
        };
        if let Some((what, balancer)) = what {
            let name = scene.balancers.get(balancer).map_or("", |balancer| balancer.name.as_str());
            return Some(format!("{what} of `{name}`"));
        }
        let Resource::FailsOpen { fleet } = of else { return None };
        let fleet = scene.fleets.get(fleet).map_or("", |fleet| fleet.name.as_str());
        Some(format!("healthy targets of `{fleet}`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        if let Resource::Surge { balancer } = about.resource.of {
            let queue = about.scene.timeline.balancers.get(balancer)?.surge.first()?;
            let most = number(peak(&queue.waiting, about.rows));
            let spilled = peak(&queue.spilled, about.rows);
            let facts = [format!("up to {most} waiting"), format!("up to {}/s turned away", number(spilled))];
            return Some(with(format!("{} full", about.name), &facts));
        }
        if let Resource::Units { balancer } | Resource::Bandwidth { balancer } = about.resource.of {
            let rejected = peak(&about.scene.timeline.balancers.get(balancer)?.rejected, about.rows);
            return Some(with(
                format!("{} full", about.name),
                &[format!("up to {}/s rejected", number(rejected))],
            ));
        }
        let Resource::FailsOpen { fleet } = about.resource.of else { return None };
        let all = about.scene.balancers.iter().filter(|balancer| balancer.targets.index() == fleet);
        let names: Vec<String> = all.map(|balancer| format!("`{}`", balancer.name)).collect();
        let open = &about.resource.waiting;
        let in_some = in_some_runs(open, about.rows);
        let at_times = if about.rows.clone().any(|row| at(open, row) == 0.0) { " at times" } else { "" };
        Some(format!(
            "no {}: {} sends to all (fails open){at_times}{in_some}",
            about.name,
            names.join(" or ")
        ))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
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

/// The balancers with a surge queue, with their rows.
fn surges<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (usize, &'a BalancerSeries, &'a SurgeSeries)> {
    let all = scene.timeline.balancers.iter().enumerate();
    all.filter_map(|(balancer, series)| Some((balancer, series, series.surge.first()?)))
}

/// Percent of the places of a surge queue that were taken, row by row.
fn taken(scene: &Scene<'_>, balancer: usize, queue: &SurgeSeries) -> Vec<f64> {
    let places = scene.balancers.get(balancer).and_then(|it| it.surge_queue()).unwrap_or(0);
    queue.waiting.iter().map(|waiting| 100.0 * waiting / f64::from(places.max(1))).collect()
}

/// The part of what it carries that was taken, row by row: the larger one of connections and of bytes. A Network Load Balancer has an end of
/// bytes alone. Rules that are evaluated are charged, and no limit.
fn busy(series: &BalancerSeries) -> Vec<f64> {
    let part = |asked: f64, carries: f64| if carries > 0.0 { (asked / carries).min(1.0) } else { 0.0 };
    let of = |(row, carries): (usize, &f64)| {
        let connections = at(&series.units_new, row).max(at(&series.units_active, row));
        let bytes = at(&series.units_bytes, row);
        match series.limit.first() {
            Some(limit) => {
                part(connections, at(&limit.connections, row)).max(part(bytes, at(&limit.bytes, row)))
            }
            None => part(bytes, *carries),
        }
    };
    series.carries.iter().enumerate().map(of).collect()
}

/// What is rejected would have waited.
fn waiting(series: &BalancerSeries) -> Vec<f64> {
    series.rejected.iter().map(|rejected| if *rejected > 0.0 { WAITING } else { 0.0 }).collect()
}

/// The same with what it rejected: each of these would have taken as much as one that passed.
fn asked(series: &BalancerSeries) -> Vec<f64> {
    let of = |(row, busy): (usize, f64)| match (at(&series.rejected, row), at(&series.requests, row)) {
        (0.0, _) => busy,
        // Nothing passed that would tell how much they are.
        (_, 0.0) => busy + 1.0,
        (rejected, requests) => busy + rejected / requests * busy,
    };
    busy(series).into_iter().enumerate().map(of).collect()
}
