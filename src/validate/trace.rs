//! Recorded arrivals and service times that cases replay. In: a scenario as text. Out: the files that it names, in a folder.

use std::fs;
use std::io;
use std::path::Path;

/// Embeds the traces.
macro_rules! traces {
    ($($name:literal),* $(,)?) => { &[$(($name, include_bytes!(concat!("traces/", $name)))),*] };
}

/// Name and content of each.
const TRACES: &[(&str, &[u8])] = traces![
    "A14.1.csv",
    "A20.1.csv",
    "A20.2.csv",
    "A20.5.csv.gz",
    "B2.144.csv.gz",
    "B2.60.csv.gz",
    "B2.80.csv.gz",
    "B4.det20.250.t0.csv.gz",
    "B4.det50.100.t0.csv.gz",
    "B4.det50.160.t0.csv.gz",
    "B4.det50.240.t0.1.csv.gz",
    "B4.exp50.160.t0.csv.gz",
    "B4.exp50.180.t0.csv.gz",
    "B4.exp50.240.t0.1.csv.gz",
    "B5.burst.csv.gz",
    "B5.par4_80.csv.gz",
    "B5.steady20.csv.gz",
    "B5.steady35.csv.gz",
    "B6.plain.csv.gz",
    "B6.retry.csv.gz",
    "B6.retry_meta.csv.gz",
    "B7.boot.csv.gz",
];

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
        let cases = families()
            .iter()
            .flat_map(|family| family.cases.iter().map(move |case| case.scenario(family, 1)));
        let texts: Vec<String> = cases.collect();
        assert!(TRACES.iter().all(|(name, _)| texts.iter().any(|text| text.contains(name))));
    }
}
