//! Faults that change nothing, or not as they should. In: the faults, the zones in which something is, and what requests use. Out: warnings.

use super::language::{Fault, Target};
use crate::catalog::zone::Place;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::language::names::Named;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    expected.faults.iter().filter_map(|fault| without_effect(fault, expected)).collect()
}

fn without_effect(fault: &Fault, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let name = fault.name.as_str();
    let warning = |key, message, hint: String| {
        Some(Warning::new(Code::FaultWithoutEffect, &["fault", name, key], message, hint))
    };
    if fault.at >= expected.duration {
        let end = match fault.at == expected.duration {
            true => "at the end of the run",
            false => "after the end of the run",
        };
        let message = format!("fault `{name}` begins at {}, {end}", fault.at);
        return warning("at", message, "set `at` to a time within `duration`, or remove it".into());
    }
    match fault.target {
        Target::Zone(Place { zone, .. }) => {
            let zones = expected.settings.zones();
            if zones.contains(&zone) {
                return None;
            }
            let used: Vec<String> = zones.iter().map(|zone| zone.to_string()).collect();
            let hint = match used.is_empty() {
                true => "nothing of the file has a place in a zone: remove it".to_owned(),
                false => format!("take one of {}, or give a resource `azs` with it", used.join(", ")),
            };
            let message = format!("fault `{name}` takes zone {zone}, in which nothing has a place");
            warning("zone", message, hint)
        }
        Target::Hosts { fleet, zone: Some(zone), .. } => {
            let fleet = &expected.fleets[fleet.index()];
            if fleet.azs.contains(&zone) {
                return None;
            }
            let used: Vec<String> = fleet.azs.iter().map(|zone| zone.to_string()).collect();
            let message = format!(
                "fault `{name}` strikes instances of `{}` in zone {zone}, where it has none",
                fleet.name
            );
            warning("zone", message, format!("take one of {}, or add the zone to its `azs`", used.join(", ")))
        }
        Target::Hosts { zone: None, .. } => None,
        Target::Requests { .. } | Target::Name { .. } => {
            let of = fault.target.of().filter(|of| !expected.used.contains(of))?;
            let struck = super::struck(fault, expected.settings);
            let message = format!("fault `{name}` strikes `{struck}`, which no request uses");
            let key = of.0.table();
            warning(key, message, "use it in a step, or remove the fault".into())
        }
    }
}
