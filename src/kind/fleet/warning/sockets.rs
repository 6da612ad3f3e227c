//! Local ports that nothing takes. In: a fleet, and what paths do there. Out: a warning.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;

/// `sockets` of a fleet that calls nobody.
pub(super) fn warnings(index: usize, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let fleet = &expected.fleets[index];
    let demands = expected.load.demands.iter().chain(expected.paths.iter().map(|path| &path.demand));
    let calls = demands.map(|demand| demand.count((Kind::Fleet, index), "calls")).any(|count| count > 0.0);
    (fleet.sockets.is_some() && !calls).then(|| {
        let message = format!("`sockets` of `{}`, from which no path calls another tier", fleet.name);
        let hint = "it does nothing: connections to databases, caches, services and queues stay open";
        Warning::new(Code::SettingWithoutEffect, &["fleet", &fleet.name, "sockets"], message, hint)
    })
}
