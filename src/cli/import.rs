//! The command that reads logs, and infrastructure. In: arguments. Out: [`Import`].

use std::path::PathBuf;

use clap::Args;
use simcap::import::{Format, TimeUnit, classes};
use simcap::units::{Time, parse_time};

use super::limits::Limits;

const MORE: &str = "\
Formats, found out from the first lines of each file, gzip or plain:
  alb         access logs of Application and Classic Load Balancers
  clf         Common Log Format: Apache, nginx, with times at the end of a row or without
  cloudfront  standard logs of CloudFront, with tabs or as JSON lines
  k6          results of k6: --out csv, --out json
  locust      results of Locust: _stats_history.csv, _stats.csv
  cloudwatch  get-metric-statistics and get-metric-data as JSON, CSV of the console
  csv         any CSV whose first line names its columns: time, path, status, duration_ms, count

Infrastructure, which becomes the fleets, balancers and databases of a scenario: `terraform show -json` of a plan or a state, terraform.tfstate,
templates of CloudFormation and SAM, a folder of them, cdk.out. The options of logs do not matter there.

Examples:
  simcap import s3-logs/2026/11/27 --out out/day
  simcap import access.log --period 10s --classes 'checkout=POST /checkout' --classes 'rest=* /**'
  simcap import access.log.gz metrics.json --classes out/import/access/classes.toml
  zcat *.gz | simcap import -
  simcap import plan.json --out out/shop";

/// A part of the arguments of `--column`.
#[derive(Clone, Debug)]
pub struct Column(pub String, pub String);

#[derive(Args, Debug)]
#[command(after_help = MORE)]
pub struct Import {
    /// Files, folders with all that is in them, or - for standard input
    #[arg(required = true, value_name = "FILE|FOLDER")]
    pub paths: Vec<PathBuf>,
    /// The format of all files [default: found out]
    #[arg(long, value_name = "NAME", value_parser = str::parse::<Format>)]
    pub format: Option<Format>,
    /// Where scenario.toml, rates.csv, measured.csv and classes.toml are written [default: out/import/NAME]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Length of a period of the tables [default: that of the figures; of a log 1m up to a week, 5m up to two months, else 1h]
    #[arg(long, value_name = "DURATION", value_parser = period)]
    pub period: Option<i64>,
    /// Leave out what is before this instant, such as 2026-11-27T09:00:00Z
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub from: Option<i64>,
    /// Leave out what is at this instant or later
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub to: Option<i64>,
    /// Classes of requests: a classes.toml, or NAME=METHOD PATH; can be repeated [default: proposed by method and path]
    #[arg(long, value_name = "FILE|PATTERN")]
    pub classes: Vec<String>,
    /// Most classes that are proposed; what is rarer becomes the class `other`
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = top)]
    pub top: usize,
    /// Which column of a csv holds what: time, method, path, status, duration, service, count; of a clf duration and service, by the number of
    /// a column behind the size or by the `rt` of rt=0.02; can be repeated
    #[arg(long, value_name = "WHAT=NAME", value_parser = column)]
    pub column: Vec<Column>,
    /// In logs of Apache, what the whole number at the end of each row counts: us (%D), ms or s (%T)
    #[arg(long, value_name = "UNIT", value_parser = time_unit)]
    pub time_unit: Option<TimeUnit>,
    /// Threads to read with [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub limits: Limits,
    /// Show no progress: no bar on a terminal, no lines elsewhere
    #[arg(long)]
    pub no_progress: bool,
}

fn period(text: &str) -> Result<i64, String> {
    match parse_time(text) {
        Ok(time)
            if time >= Time::from_secs(1)
                && time <= Time::from_secs(86_400)
                && time.0 % 1_000_000_000 == 0 =>
        {
            Ok(time.0 as i64)
        }
        Ok(_) => Err("a period has whole seconds, and lies between 1s and 24h".into()),
        Err(error) => Err(format!("{}; {}", error.message, error.hint)),
    }
}

fn instant(text: &str) -> Result<i64, String> {
    simcap::import::instant(text)
        .map_err(|_| "write a date such as 2026-11-27T09:00:00Z, or seconds since 1970".into())
}

fn top(text: &str) -> Result<usize, String> {
    // One place is for files, one for what is rarer.
    let most = classes::CLASSES_MAX - 2;
    text.parse()
        .ok()
        .filter(|top| (1..=most).contains(top))
        .ok_or_else(|| format!("a whole number from 1 to {most}"))
}

fn column(text: &str) -> Result<Column, String> {
    let (what, name) = text.split_once('=').ok_or("write time=NAME")?;
    match simcap::import::columns().any(|known| known == what) {
        true => Ok(Column(what.to_owned(), name.to_owned())),
        false => Err(format!(
            "one of {}, then = and the name",
            simcap::import::columns().collect::<Vec<_>>().join(", ")
        )),
    }
}

fn time_unit(text: &str) -> Result<TimeUnit, String> {
    match text {
        "us" => Ok(TimeUnit::Micros),
        "ms" => Ok(TimeUnit::Millis),
        "s" => Ok(TimeUnit::Seconds),
        _ => Err("us, ms or s".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_instants_and_columns_are_checked_before_anything_is_read() {
        assert_eq!((period("1m"), top("12")), (Ok(60_000_000_000), Ok(12)));
        assert!(
            period("10ms").is_err()
                && period("2d").is_err()
                && period("1500ms").is_err()
                && top("0").is_err()
                && top("99").is_err()
        );
        assert_eq!(instant("1431857103"), Ok(1_431_857_103_000_000_000));
        assert!(instant("tomorrow").is_err() && column("time").is_err() && column("colour=x").is_err());
        assert!(column("time=Zeit").is_ok() && time_unit("us").is_ok() && time_unit("h").is_err());
    }
}
