//! The arrivals of one seed. In: a scenario and a seed. Out: CSV with the exact instant, the source and the class of each request, as
//! `replay = { file = … }` reads it: the same requests that a run of this seed has.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use crate::model;
use crate::scenario::Scenario;

/// Writes the arrivals of open traffic in order of time, and returns how many there were. Users send when they are answered, so only a run
/// knows when.
///
/// # Errors
/// Those of the writer.
pub fn instants(scenario: &Scenario, seed: u64, to: impl Write) -> io::Result<u64> {
    let mut lines = csv::Writer::from_writer(to);
    lines.write_record(["at_s", "source", "class"])?;
    let mut arrivals: Vec<model::Arrivals> =
        scenario.sources.iter().map(|source| model::Arrivals::new(source, seed, scenario.duration)).collect();
    // Of one instant the source that stands first in the file comes first.
    let mut next: BinaryHeap<Reverse<(u64, usize)>> = arrivals
        .iter_mut()
        .enumerate()
        .map(|(source, arrivals)| Reverse((arrivals.next(), source)))
        .collect();
    let mut written = 0;
    while let Some(Reverse((time, source))) = next.pop() {
        if time >= scenario.duration.0 {
            continue;
        }
        let class = usize::from(arrivals[source].class());
        let (seconds, nanos) = (time / 1_000_000_000, time % 1_000_000_000);
        let at = format!("{seconds}.{nanos:09}");
        lines.write_record([&at, &scenario.sources[source].name, &scenario.classes[class].name])?;
        written += 1;
        next.push(Reverse((arrivals[source].next(), source)));
    }
    lines.flush()?;
    Ok(written)
}
