//! Faults that change nothing, or not as they should. In: the faults, and the zones in which something is. Out: warnings.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let zones = expected.settings.zones();
    let mut found = Vec::new();
    for fault in &expected.faults {
        let (name, zone) = (fault.name.as_str(), fault.place.zone);
        if fault.at >= expected.duration {
            let end = if fault.at == expected.duration {
                "at the end of the run"
            } else {
                "after the end of the run"
            };
            let message = format!("fault `{name}` begins at {}, {end}", fault.at);
            let hint = "set `at` to a time within `duration`, or remove it";
            found.push(Warning::new(Code::FaultWithoutEffect, &["fault", name, "at"], message, hint));
        } else if !zones.contains(&zone) {
            let message = format!("fault `{name}` takes zone {zone}, in which nothing has a place");
            let used: Vec<String> = zones.iter().map(|zone| zone.to_string()).collect();
            let hint = match used.is_empty() {
                true => "nothing of the file has a place in a zone: remove it".to_owned(),
                false => format!("take one of {}, or give a resource `azs` with it", used.join(", ")),
            };
            found.push(Warning::new(Code::FaultWithoutEffect, &["fault", name, "zone"], message, hint));
        }
    }
    found
}
