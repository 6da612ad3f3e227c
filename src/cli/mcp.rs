//! The command that serves an assistant. In: arguments. Out: [`Mcp`].

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use simcap::units::{Bytes, parse_bytes};

use super::limits::{MaxMemory, max_memory, max_time};

const MORE: &str = "\
An assistant starts it, and asks it over standard input and output. It can list, check, run, compare and plan scenarios, import logs, look \
words up, and read what runs have left. Nothing outside of the folder is read or written, whatever it asks for and whatever a scenario \
names. Each call is a process of its own, which ends at its limits.

A client is told of it by lines such as these:
  { \"mcpServers\": { \"simcap\": { \"command\": \"simcap\", \"args\": [\"mcp\", \"--root\", \"/home/me/shop\"] } } }";

/// Fewer bytes would not even hold a short page.
const LEAST_OUTPUT: u64 = 4 << 10;
/// More would fill the memory of any assistant.
const MOST_OUTPUT: u64 = 8 << 20;

#[derive(Args, Debug)]
#[command(after_help = MORE)]
pub struct Mcp {
    /// The folder in which it reads and writes
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Wall-clock time that a call may take
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = max_time)]
    pub max_time: Duration,
    /// Memory that a call may take, or `none`
    #[arg(long, value_name = "SIZE|none", default_value = "2 GiB", value_parser = max_memory)]
    pub max_memory: MaxMemory,
    /// Length of an answer; what does not fit is left out and named
    #[arg(long, value_name = "SIZE", default_value = "48 KiB", value_parser = max_output)]
    pub max_output: Bytes,
    /// How many calls run at once; further ones wait
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub at_once: u16,
}

/// A size from 4 KiB to 8 MiB.
fn max_output(text: &str) -> Result<Bytes, String> {
    let size = parse_bytes(text).map_err(|error| format!("{}; {}", error.message, error.hint))?;
    match (LEAST_OUTPUT..=MOST_OUTPUT).contains(&size.0) {
        true => Ok(size),
        false => Err("an answer has from 4 KiB to 8 MiB".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_length() {
        assert_eq!(max_output("48 KiB"), Ok(Bytes(48 << 10)));
        assert!(["1 KiB", "1 GiB", "much"].into_iter().all(|text| max_output(text).is_err()));
    }
}
