//! How many seeds a run takes when nobody says: as many as stay quick. In: the traffic. Out: a number of runs.
//!
//! It follows from the scenario alone, never from a clock or a number of cores: the same file gives the same bytes.

use super::traffic::Source;
use crate::language::shape::Given;
use crate::units::Time;

/// Most runs by default: 8.
pub const MOST: Given<u32> = Given::new(
    8,
    "assumption: Student's t is within a fifth of its limit with 8 runs; more runs narrow an interval slowly",
);
/// Fewest runs by default: 2.
pub const FEWEST: Given<u32> =
    Given::new(2, "the fewest that have an interval, and no machine is without two cores");
/// Requests that all runs together may have before runs are saved: 8 million.
pub const REQUESTS: Given<f64> =
    Given::new(8e6, "assumption: about ten seconds of one core at a microsecond a request");
/// Most runs that can be asked for.
pub const RUNS_MAX: u32 = 1_000;

/// The default in words, for the reference.
pub(super) const WORDS: &str = "8 million over the expected number of requests, rounded down, at least 2 and at most 8 (assumption: about ten seconds of one core)";

/// The default number of runs.
pub(super) fn by_traffic(sources: &[Source], duration: Time) -> u32 {
    let expected: f64 = sources.iter().map(|source| source.pattern.expected(duration)).sum();
    let runs = REQUESTS.value / expected.max(1.0);
    (runs as u32).clamp(FEWEST.value, MOST.value)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    fn runs(rate: &str, further: &str) -> u32 {
        let text = format!(
            "duration = \"1h\"\n{further}\ntraffic.all.rate = {rate}\nrequest.a.steps = [{{ delay = \"1ms\" }}]"
        );
        crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap().runs
    }

    #[test]
    fn the_more_requests_the_fewer_runs() {
        // 3,600 s at 10, 500 and 2,000 requests/s; then half of it at 1,000 requests/s.
        assert_eq!([runs("\"10/s\"", ""), runs("\"500/s\"", ""), runs("\"2000/s\"", "")], [8, 4, 2]);
        assert_eq!(runs("[[\"30m\", \"0/s\"], [\"30m\", \"1000/s\"]]", ""), 4);
        assert_eq!(runs("\"2000/s\"", "runs = 5"), 5, "who asks for more gets more");
    }
}
