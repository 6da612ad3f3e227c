//! What a service station shows of a run: its servers. In: its settings and rows. Out: what can run out, and its words.

use super::language::Service;
use super::record::ServiceSeries;
use super::{Services, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::member::FULL;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};
use crate::units::Time;

impl View<All> for Services<'_> {
    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let services = scene.timeline.services.iter().enumerate();
        let watched = services.map(|(service, series)| {
            let busy = busy(scene.services.get(service), series, scene);
            let of = Resource::Service { service };
            let waiting = waiting(series, &busy);
            Watched::busy(of, busy, &waiting).or_refusing(&series.refused)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let services = scene.timeline.services.iter().enumerate();
        let capacity = services.map(|(service, series)| {
            let (of, name) = (Resource::Service { service }, series.name.clone());
            let settings = scene.services.get(service);
            let busy = busy(settings, series, scene);
            let waiting = waiting(series, &busy).into();
            let constant = Capacity::constant(of, name, StageKind::Service, &busy);
            let refusing = settings.map_or_else(Vec::new, |service| refusing(service, series, scene));
            let servers = settings.and_then(|service| servers(service, scene));
            let there = servers.unwrap_or_else(|| constant.there.clone());
            Capacity { there, waiting: Some(waiting), refusing, ..constant }
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let Resource::Service { service } = of else { return None };
        Some(format!("`{}`", scene.services.get(service).map_or("", |service| service.name.as_str())))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::Service { service } = about.resource.of else { return None };
        let series = about.scene.timeline.services.get(service);
        let refused = series.map_or(0.0, |series| peak(&series.refused, about.rows));
        let refusing = if refused > 0.0 { "its queue too".into() } else { String::new() };
        Some(with(format!("{} full", about.name), &[about.waiting.into(), refusing]))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Percent busy. Where there are no servers and requests ask for one, nothing of the station is idle.
fn busy(settings: Option<&Service>, series: &ServiceSeries, scene: &Scene<'_>) -> Vec<f64> {
    let mut busy = series.busy_percent.clone();
    for (row, servers) in settings.and_then(|it| servers(it, scene)).into_iter().flatten().enumerate() {
        if servers == 0.0 && (at(&series.waiting, row) >= WAITING || at(&series.refused, row) > 0.0) {
            busy[row] = 100.0;
        }
    }
    busy
}

/// Requests that wait. Those that a full station turns away would have.
fn waiting(series: &ServiceSeries, busy: &[f64]) -> Vec<f64> {
    let of = |(row, waiting): (usize, &f64)| match at(busy, row) >= 100.0 && at(&series.refused, row) > 0.0 {
        true => waiting.max(WAITING),
        false => *waiting,
    };
    series.waiting.iter().enumerate().map(of).collect()
}

/// The rows in which what was served and what was turned away together are more than all servers do.
fn refusing(service: &Service, series: &ServiceSeries, scene: &Scene<'_>) -> Vec<bool> {
    let time_s = service.time.mean().as_secs_f64();
    let servers = servers(service, scene);
    let all = |row: usize| servers.as_ref().map_or(f64::from(service.servers), |servers| at(servers, row));
    let refused = series.refused.iter().enumerate();
    let rows = refused.map(|(row, refused)| {
        let asked = at(&series.busy_percent, row) / 100.0 * all(row) + refused * time_s;
        *refused > 0.0 && asked >= FULL * all(row)
    });
    rows.collect()
}

/// Servers of each row, where their number changes.
fn servers(service: &Service, scene: &Scene<'_>) -> Option<Vec<f64>> {
    let starts = scene.timeline.time_s.iter().map(|start| Time::from_secs_f64(*start));
    let ends = starts.clone().skip(1).chain([scene.duration]);
    let mean = starts.zip(ends).map(|(from, to)| {
        let span = to.0.saturating_sub(from.0).max(1) as f64;
        service.server_nanos(from, to) / span
    });
    (!service.changes.is_empty()).then(|| mean.collect())
}
