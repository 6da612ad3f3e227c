//! What a service station shows of a run: its servers. In: its settings and rows. Out: what can run out, and its words.

use super::language::Service;
use super::record::ServiceSeries;
use super::{Services, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
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
            Watched::busy(of, busy, &series.waiting).or_refusing(&series.refused)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let services = scene.timeline.services.iter().enumerate();
        let capacity = services.map(|(service, series)| {
            let (of, name) = (Resource::Service { service }, series.name.clone());
            let settings = scene.services.get(service);
            let constant = Capacity::constant(of, name, StageKind::Service, &busy(settings, series, scene));
            let servers = settings.and_then(|service| servers(service, scene));
            let there = servers.unwrap_or_else(|| constant.there.clone());
            Capacity { there, waiting: Some(series.waiting.as_slice().into()), ..constant }
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

/// Percent busy. Where there are no servers and requests wait for one, nothing of the station is idle.
fn busy(settings: Option<&Service>, series: &ServiceSeries, scene: &Scene<'_>) -> Vec<f64> {
    let mut busy = series.busy_percent.clone();
    for (row, servers) in settings.and_then(|it| servers(it, scene)).into_iter().flatten().enumerate() {
        if servers == 0.0 && at(&series.waiting, row) >= WAITING {
            busy[row] = 100.0;
        }
    }
    busy
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
