//! What many commands take: how many runs, on how many cores, under which seed, and what ends them early. In: arguments. Out: numbers,
//! sizes, spans.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use simcap::scenario::runs::RUNS_MAX;
use simcap::units::{Bytes, parse_bytes, parse_time};

/// Limits that end the runs of a command early; results so far are kept.
#[derive(Args, Debug)]
pub struct Limits {
    /// Memory that all runs together may use, such as `8 GiB`, or `none` [default: three quarters of what is free]
    #[arg(long, value_name = "SIZE|none", value_parser = max_memory)]
    pub max_memory: Option<MaxMemory>,
    /// Wall-clock time that all runs together may take, such as `10m` [default: no limit]
    #[arg(long, value_name = "DURATION", value_parser = max_time)]
    pub max_time: Option<Duration>,
}

/// How much memory runs may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxMemory {
    Bytes(Bytes),
    Unlimited,
}

/// A size such as `8 GiB`, or `none`.
pub(super) fn max_memory(text: &str) -> Result<MaxMemory, String> {
    match text {
        "none" => Ok(MaxMemory::Unlimited),
        _ => parse_bytes(text)
            .map(MaxMemory::Bytes)
            .map_err(|error| format!("{}; {}", error.message, error.hint)),
    }
}

/// A duration such as `10m`.
pub(super) fn max_time(text: &str) -> Result<Duration, String> {
    let time = parse_time(text).map_err(|error| format!("{}; {}", error.message, error.hint))?;
    Ok(Duration::from_nanos(time.0))
}

/// How many runs, and on how many cores.
#[derive(Args, Debug)]
pub struct Runs {
    /// Number of runs, each with a seed of its own [default: the scenario's, or by its traffic from 2 to 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    pub runs: Option<u32>,
    /// Threads to run on; the outcome is the same for any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// The seed of the random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    Number(u64),
    Random,
}

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Seed, String> {
        match text {
            "random" => Ok(Seed::Random),
            _ => text.parse().map(Seed::Number).map_err(|_| "neither a whole number nor `random`".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_sizes_and_durations() {
        assert_eq!(max_memory("8 GiB"), Ok(MaxMemory::Bytes(Bytes(8 << 30))));
        assert_eq!(max_memory("none"), Ok(MaxMemory::Unlimited));
        assert_eq!(max_time("1m 30s"), Ok(Duration::from_secs(90)));
        assert!(max_memory("much").is_err() && max_time("10").is_err());
    }

    #[test]
    fn a_seed_is_a_number_or_random() {
        assert_eq!("7".parse(), Ok(Seed::Number(7)));
        assert_eq!("random".parse(), Ok(Seed::Random));
        assert!("-1".parse::<Seed>().is_err());
    }
}
