//! The command that hands the traffic on: `export`. In: arguments. Out: [`Export`].

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use simcap::units::{Time, parse_time};

use super::limits::Seed;

const EXPORT_HELP: &str = "\
The script sends what the scenario sends: rates over time by class, users with their time to think, timeouts, retries. What a request \
of a class is, the scenario does not know: a table at the top of the script has a method and a path for each class, to be edited. The \
remarks at its head say what k6 or Locust cannot do.

CSV has the expected number of requests of each class in each period, as `rate = { file = \"rates.csv\", column = \"home\", time = \
\"at_s\" }` reads it. With --arrivals it has the exact instants of one seed, as `replay` reads them.

Send nothing to what is not yours: a load test is an attack on somebody else's system.

Examples:
  simcap export shop.toml --to k6 --base-url https://staging.example.com
  simcap export shop.toml --to locust --scale 0.1 --duration 10m --out load
  simcap export shop.toml --to csv --period 1m
  simcap export shop.toml --to csv --arrivals --seed 7";

#[derive(Args, Debug)]
#[command(after_help = EXPORT_HELP)]
pub struct Export {
    /// The scenario
    pub scenario: PathBuf,
    /// What is written
    #[arg(long, value_name = "WHAT")]
    pub to: Target,
    /// Folder for it [default: out/NAME/export]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Where requests go, unless the load test is told otherwise
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080", value_parser = url)]
    pub base_url: String,
    /// Send so many times the traffic
    #[arg(long, value_name = "MULTIPLE", default_value_t = 1.0, value_parser = scale)]
    pub scale: f64,
    /// Send only the beginning [default: the whole run]
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub duration: Option<Time>,
    /// Replace a value of the file, such as `traffic.all.rate=400/s`. Can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Length of a period of CSV, and of recorded arrivals as a rate [default: the bucket of the scenario]
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub period: Option<Time>,
    /// Write the exact instants of the arrivals of one seed
    #[arg(long)]
    pub arrivals: bool,
    /// Seed of these, or `random` [default: the scenario's]
    #[arg(long, value_name = "N|random", requires = "arrivals")]
    pub seed: Option<Seed>,
}

/// What the traffic is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// A script for Grafana k6
    K6,
    /// A script for Locust
    Locust,
    /// A table
    Csv,
}

fn span(text: &str) -> Result<Time, String> {
    match parse_time(text) {
        Ok(Time::ZERO) => Err("it is longer than zero".into()),
        Ok(time) => Ok(time),
        Err(error) => Err(format!("{}; {}", error.message, error.hint)),
    }
}

fn scale(text: &str) -> Result<f64, String> {
    match text.trim_start_matches(['x', '×']).parse::<f64>() {
        Ok(scale) if (1e-6..=1e6).contains(&scale) => Ok(scale),
        _ => Err("a number above zero, such as 0.1 or 2".into()),
    }
}

/// An address of HTTP, without the slash at its end: paths begin with one.
fn url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or_default();
    let is_plain = |it: char| !it.is_whitespace() && !it.is_control() && !"\"'\\<>`".contains(it);
    match !rest.is_empty() && rest.chars().all(is_plain) {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => Err("write an address such as https://staging.example.com".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_and_ends_without_a_slash() {
        assert_eq!(url("https://a.example:8080/x/").unwrap(), "https://a.example:8080/x");
        for wrong in ["", "a.example", "https://", "ftp://a.example", "https://a b", "https://a\"+x"] {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_scale_is_above_zero() {
        assert_eq!((scale("0.5"), scale("x2"), scale("×2")), (Ok(0.5), Ok(2.0), Ok(2.0)));
        for wrong in ["0", "-1", "nan", "inf", "1e9", "many"] {
            assert!(scale(wrong).is_err(), "{wrong}");
        }
    }
}
