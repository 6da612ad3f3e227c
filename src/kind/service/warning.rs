//! What is rarely intended of a service station: too few servers. In: the traffic that is expected. Out: warnings.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{counted, excess};
use crate::units::Time;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, service) in expected.services.iter().enumerate() {
        let asked = expected.load.busy(|demand| demand.of(Resource::Service { service: index }), 1.0);
        let servers = |time: Time| {
            let past = service.changes.iter().take_while(|change| change.0 <= time);
            past.last().map_or(service.servers, |change| change.1)
        };
        found.extend(expected.load.worst(&asked, |time| f64::from(servers(time))).map(|(time, times)| {
            let servers = servers(time);
            let message = format!(
                "the traffic at {time} asks for {} the {} of service `{}`",
                excess(times),
                counted(servers.into(), "server"),
                service.name
            );
            let at = ["service", &service.name, "servers"];
            let later = service.changes.iter().find(|change| change.0 > time && change.1 > servers);
            let hint = match later {
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
