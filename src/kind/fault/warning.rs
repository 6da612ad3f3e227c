//! Faults that change nothing, or not as they should. In: the faults, the zones in which something is, and what requests use. Out: warnings.

use super::language::{Extent, Fault, Target};
use crate::catalog::zone::Place;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::table::Table;
use crate::kind::warning::Warning;
use crate::language::names::Named;
use crate::number::agreeing;

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
    // A law that may be short strikes on some days; what hardly ever strikes in a run is probably a mistake.
    const HARDLY_EVER: f64 = 0.001;
    if let Some(every) = &fault.every
        && fault.by_chance(expected.duration).is_some_and(|chance| chance < HARDLY_EVER)
    {
        let message = format!(
            "fault `{name}` strikes every {} on the mean, and the first time that long after {}: beyond the run of {}",
            every.mean(),
            fault.at,
            expected.duration
        );
        return warning("every", message, "write a shorter time, or an `at` for one strike".into());
    }
    match fault.target {
        Target::Zone(Place { zone, .. }) => {
            let zones = expected.settings.zones();
            if expected.settings.is_used(zone) {
                return None;
            }
            let used: Vec<String> = zones.iter().map(|zone| zone.to_string()).collect();
            let hint = match used.is_empty() {
                true => "nothing of the file has a place in a zone: remove it".to_owned(),
                false => format!("take one of {}, or give a resource `azs` with it", used.join(", ")),
            };
            let message = format!("fault `{name}` takes {}, in which nothing has a place", zone.named());
            warning("zone", message, hint)
        }
        Target::Hosts { fleet, zone: Some(zone), .. } => {
            let fleet = &expected.fleets[fleet.index()];
            if fleet.azs.iter().any(|it| it.has_letter_of(zone)) {
                return None;
            }
            let used: Vec<String> = fleet.azs.iter().map(|zone| zone.to_string()).collect();
            let message = format!(
                "fault `{name}` strikes instances of `{}` in zone {zone}, where it has none",
                fleet.name
            );
            warning("zone", message, format!("take one of {}, or add the zone to its `azs`", used.join(", ")))
        }
        Target::Hosts { fleet, zone: None, extent: Extent::Count(count), .. } => {
            let fleet = &expected.fleets[fleet.index()];
            let most = fleet.timetable.iter().map(|change| change.1).fold(fleet.max, u32::max);
            (count > most).then(|| {
                let (fleet, own) = (&fleet.name, agreeing(most.to_string(), "instance"));
                let message = format!(
                    "fault `{name}` strikes {count} instances of `{fleet}`, which never has more than {own}"
                );
                let hint = "it strikes all that there are: write share = \"100%\", or a smaller number";
                Warning::new(Code::FaultWithoutEffect, &["fault", name, "instances"], message, hint)
            })
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
