//! What a service station shows of a run: its servers. In: its settings and rows. Out: what can run out, and its words.

use std::ops::Range;

use super::label;
use super::language::Service;
use super::record::ServiceSeries;
use super::{Services, warning};
use crate::kind;
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::member::FULL;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};
use crate::number::{clock, millis, number, things};
use crate::units::Time;

impl View<All> for Services<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let services = scene.timeline.services.iter().enumerate();
        let watched = services.map(|(service, series)| {
            let settings = scene.services.get(service);
            let busy = busy(settings, series, scene);
            let of = Resource::Service { service };
            let waiting = waiting(settings, series, &busy, scene);
            Watched::busy(of, busy, &waiting).or_refusing(&series.refused)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let services = scene.timeline.services.iter().enumerate();
        let capacity = services.map(|(service, series)| {
            let (of, name) = (Resource::Service { service }, label::SERVERS.plain(&[&series.name]));
            let settings = scene.services.get(service);
            let busy = busy(settings, series, scene);
            let waiting = waiting(settings, series, &busy, scene).into();
            let constant = Capacity::constant(of, name, StageKind::Service, &busy);
            let refusing = settings.map_or_else(Vec::new, |service| refusing(service, series, scene));
            let there = settings.and_then(|service| there(service, of, scene));
            let there = there.unwrap_or_else(|| constant.there.clone());
            Capacity { there, waiting: Some(waiting), refusing, ..constant }
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let Resource::Service { service } = of else { return None };
        Some(
            label::SERVERS.quoted(&[scene.services.get(service).map_or("", |service| service.name.as_str())]),
        )
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::Service { service } = about.resource.of else { return None };
        let series = about.scene.timeline.services.get(service);
        let refused = series.map_or(0.0, |series| peak(&series.refused, about.rows));
        let none = about.scene.services.get(service).and_then(|it| servers(it, about.scene));
        let refusing = || if refused > 0.0 { "its queue too".into() } else { String::new() };
        let is_none = |row: usize| none.as_ref().is_some_and(|servers| at(servers, row) == 0.0);
        let without = about.rows.clone().filter(|&row| is_none(row)).count();
        let first = about.rows.clone().take_while(|&row| is_none(row)).count();
        let waits = series.is_some_and(|series| peak(&series.waiting, about.rows) >= WAITING);
        let waiting = || if waits { about.waiting.into() } else { String::new() };
        // They may have come in the middle of a row.
        let is_all = without > 0 && first + 1 >= about.rows.len();
        let back = about.rows.start + first;
        let until = match back < about.scene.timeline.time_s.len() {
            true => format!(" until {}", clock(about.scene.time_s(back))),
            false => String::new(),
        };
        let seconds: f64 = about
            .rows
            .clone()
            .skip(first)
            .filter(|&row| is_none(row))
            .map(|row| about.scene.row_s(row))
            .sum();
        let later =
            if seconds > 0.0 { format!(", none there for {}", millis(seconds * 1e3)) } else { String::new() };
        let fewer = || none.as_ref().map_or_else(String::new, |servers| fewer(servers, about));
        Some(match first {
            0 => with(format!("{} full{later}", about.name), &[fewer(), about.waiting.into(), refusing()]),
            _ if is_all => with(format!("{} without a server{until}", about.name), &[waiting()]),
            _ => {
                let what = format!("{} without a server{until}, then full{later}", about.name);
                with(what, &[waiting(), refusing()])
            }
        })
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// `4 of 50 servers from 3:00 to 4:00`: the fewest while it was full, of the most that there were before; nothing where they were as many.
fn fewer(servers: &[f64], about: &Full<'_>) -> String {
    let rows = about.rows;
    let least = rows.clone().map(|row| at(servers, row)).filter(|count| *count > 0.0).reduce(f64::min);
    let Some(least) = least else { return String::new() };
    let most = servers[..rows.end.min(servers.len())].iter().copied().fold(0.0, f64::max);
    // A row in which the number changes has something between the two.
    if least + 1.0 > most || least.fract() != 0.0 {
        return String::new();
    }
    let is_so = |row: &usize| at(servers, *row) == least;
    let Some(found) = rows.clone().find(is_so) else { return String::new() };
    let from = found + 1 - (0..=found).rev().take_while(is_so).count();
    let to = found + (found..servers.len()).take_while(is_so).count();
    let clock = |row: usize| clock(about.scene.time_s(row));
    let when = match (from, to < servers.len()) {
        (0, false) => String::new(),
        (0, true) => format!(" until {}", clock(to)),
        (_, false) => format!(" from {} on", clock(from)),
        (_, true) => format!(" from {} to {}", clock(from), clock(to)),
    };
    format!("{} of {}{when}", number(least), things(most, "server"))
}

/// Percent busy. Where there are no servers and requests ask for one, nothing of the station is idle from when they were taken away.
fn busy(settings: Option<&Service>, series: &ServiceSeries, scene: &Scene<'_>) -> Vec<f64> {
    let mut busy = series.busy_percent.clone();
    for rows in settings.map_or_else(Vec::new, |it| without_servers(it, series, scene)) {
        busy[rows].fill(100.0);
    }
    busy
}

/// Stretches of rows without a server in which some are asked for.
fn without_servers(settings: &Service, series: &ServiceSeries, scene: &Scene<'_>) -> Vec<Range<usize>> {
    let Some(servers) = servers(settings, scene) else { return Vec::new() };
    let is_asked = |row: usize| at(&series.waiting, row) >= WAITING || at(&series.refused, row) > 0.0;
    let rows: Vec<usize> = (0..servers.len().min(series.busy_percent.len())).collect();
    let alike = rows.chunk_by(|row, next| (servers[*row] == 0.0) == (servers[*next] == 0.0));
    let none = alike.filter(|rows| servers[rows[0]] == 0.0 && rows.iter().any(|&row| is_asked(row)));
    none.map(|rows| rows[0]..rows[rows.len() - 1] + 1).collect()
}

/// Requests that wait. Those that a full station turns away would have, and so would those that come again where it has no server.
fn waiting(settings: Option<&Service>, series: &ServiceSeries, busy: &[f64], scene: &Scene<'_>) -> Vec<f64> {
    let of = |(row, waiting): (usize, &f64)| match at(busy, row) >= 100.0 && at(&series.refused, row) > 0.0 {
        true => waiting.max(WAITING),
        false => *waiting,
    };
    let mut all: Vec<f64> = series.waiting.iter().enumerate().map(of).collect();
    let none = settings.map_or_else(Vec::new, |it| without_servers(it, series, scene));
    none.into_iter().flatten().for_each(|row| all[row] = all[row].max(WAITING));
    all
}

/// Times all servers that what was turned away asked for, in the rows in which that and what was served is all of them.
fn refusing(service: &Service, series: &ServiceSeries, scene: &Scene<'_>) -> Vec<f64> {
    let time_s = service.time.mean().as_secs_f64();
    let servers = servers(service, scene);
    let all = |row: usize| servers.as_ref().map_or(f64::from(service.servers), |servers| at(servers, row));
    let refused = series.refused.iter().enumerate();
    let rows = refused.map(|(row, refused)| {
        let asked = at(&series.busy_percent, row) / 100.0 * all(row) + refused * time_s;
        let is_all = *refused > 0.0 && asked >= FULL * all(row);
        if is_all { refused * time_s / all(row).max(f64::MIN_POSITIVE) } else { 0.0 }
    });
    rows.collect()
}

/// Servers of each row that work, where these are not always as many: what hangs does nothing.
fn there(service: &Service, of: Resource, scene: &Scene<'_>) -> Option<Vec<f64>> {
    let servers = servers(service, scene);
    let Some(hangs) = kind::not_working(scene, of) else { return servers };
    let all = servers.unwrap_or_else(|| vec![f64::from(service.servers); hangs.len()]);
    Some(all.iter().zip(hangs).map(|(servers, hangs)| servers * (1.0 - hangs).max(0.0)).collect())
}

/// Servers of each row, where their number changes.
fn servers(service: &Service, scene: &Scene<'_>) -> Option<Vec<f64>> {
    let starts = scene.timeline.time_s.iter().map(|start| Time::from_secs_f64(*start));
    let ends = starts.clone().skip(1).chain([scene.duration]);
    let mean = starts.zip(ends).map(|(from, to)| {
        let span = to.0.saturating_sub(from.0).max(1) as f64;
        service.server_nanos(from, to) / span
    });
    (!service.changes.is_empty() || service.servers == 0).then(|| mean.collect())
}
