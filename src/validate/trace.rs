//! Recorded arrivals and service times that cases replay. In: a scenario as text. Out: the files that it names, in a folder.

use std::fs;
use std::io;
use std::path::Path;

/// Embeds the traces.
macro_rules! traces {
    ($($name:literal),* $(,)?) => { &[$(($name, include_bytes!(concat!("traces/", $name)))),*] };
}

/// Name and content of each.
const TRACES: &[(&str, &[u8])] = traces!["A14.1.csv", "A20.1.csv", "A20.2.csv", "A20.5.csv.gz"];

/// Writes the traces that a scenario names beside it.
pub(super) fn write_named(scenario: &str, folder: &Path) -> io::Result<()> {
    TRACES
        .iter()
        .filter(|(name, _)| scenario.contains(name))
        .try_for_each(|(name, bytes)| fs::write(folder.join(name), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::families;

    #[test]
    fn every_trace_is_replayed_by_a_case() {
        let cases = families().iter().flat_map(|family| family.cases.iter().map(move |case| case.scenario(family, 1)));
        let texts: Vec<String> = cases.collect();
        assert!(TRACES.iter().all(|(name, _)| texts.iter().any(|text| text.contains(name))));
    }
}
