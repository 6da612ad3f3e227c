//! What is rarely intended of a service station: too few servers. In: the traffic that is expected. Out: warnings.
//!
//! Messages wait where their workers are kept busy, so their work counts over the whole run: what is too much then is never done.

use super::language::Service;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{counted, excess};
use crate::units::Time;

/// By chance as much may be asked for.
const TOO_MUCH: f64 = 1.02;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, service) in expected.services.iter().enumerate() {
        let asked = expected.load.busy(|demand| demand.of(Resource::Service { service: index }), 1.0);
        let servers = |time: Time| {
            let past = service.changes.iter().take_while(|change| change.0 <= time);
            past.last().map_or(service.servers, |change| change.1)
        };
        let worst = expected.load.worst(&asked, |time| f64::from(servers(time)));
        if worst.is_none() {
            found.extend(of_messages(expected, index, service));
        }
        found.extend(worst.map(|(time, times)| {
            let servers = servers(time);
            let message = format!(
                "the traffic at {time} asks for {} the {} of service `{}`",
                excess(times),
                counted(servers.into(), "server"),
                service.name
            );
            let at = ["service", &service.name, "servers"];
            let later = service.changes.iter().find(|change| change.0 > time && change.1 > servers);
            let past = service.changes.iter().take_while(|change| change.0 <= time);
            let most_before = past.map(|change| change.1).fold(service.servers, u32::max);
            let hint = match later {
                // It shrinks and grows again: the growth is not late.
                Some((at, later)) if most_before >= *later => format!(
                    "it had {most_before} before, and has {later} again from {at}: is it meant to have so few between?"
                ),
                Some((at, later)) => {
                    format!("it has {later} servers only from {at}: are they there too late?")
                }
                None => "is its `time` right? else it needs more servers".into(),
            };
            Warning::new(Code::DemandAboveCapacity, &at, message, hint)
        }));
    }
    found
}

/// What requests and messages together ask for in the whole run, if that is more than all servers can do in it.
fn of_messages(expected: &Expected<'_, Settings>, index: usize, service: &Service) -> Option<Warning> {
    let of = Resource::Service { service: index };
    let messages = expected
        .load
        .in_all(|demand| expected.paths.iter().map(|walk| demand.walked(walk.of) * walk.demand.of(of)).sum());
    let all = messages + expected.load.in_all(|demand| demand.of(of));
    let there = service.server_nanos(Time::ZERO, expected.duration) * 1e-9;
    (messages > 0.0 && there > 0.0 && all > there * TOO_MUCH).then(|| {
        let message = format!(
            "over the whole run messages ask for {} the servers of service `{}`",
            excess(all / there),
            service.name
        );
        let hint = "is its `time` right? else it needs more servers: more workers do not help".to_owned();
        Warning::new(Code::DemandAboveCapacity, &["service", &service.name, "servers"], message, hint)
    })
}
