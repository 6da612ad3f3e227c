//! `simcap run`: one scenario, one seed. In: a file. Out: a page or JSON, and the folder of the run.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use simcap::outcome::Outcome;
use simcap::outcome::figure::number;
use simcap::{report, scenario, simulate};

use super::progress::Progress;
use crate::cli::{Format, Run, Seed};
use crate::exit::Exit;

pub fn run(args: &Run, quiet: bool) -> anyhow::Result<Exit> {
    let scenario = scenario::load(&args.file, &args.set)?;
    super::warn_of_prices(&scenario);
    let seed = match args.seed {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Random) => random_seed(),
        None => scenario.seed,
    };
    let dir = args.out.join(&scenario.slug);
    report::prepare(&dir)?;

    let silent = quiet || args.no_progress || args.format == Format::Json;
    let mut progress = Progress::new(scenario.duration, silent);
    let began = Instant::now();
    let mut outcome = simulate(&scenario, seed, &mut |now| progress.at(now));
    let elapsed = began.elapsed();
    progress.finish();
    outcome.scenario.overrides = args.set.clone();
    outcome.scenario.file = args.file.display().to_string();

    let files = report::write(&outcome, &dir, !args.no_charts)?;
    if args.stats {
        eprint!("{}", stats(&outcome, elapsed));
    }
    super::show(&outcome, &files, args.format, quiet)
}

/// The work of a run, for people who tune it; on stderr, because no two runs take the same time.
fn stats(outcome: &Outcome, elapsed: Duration) -> String {
    let (work, requests) = (&outcome.work, outcome.requests.arrived);
    let per = |count: u64| elapsed.as_nanos() as f64 / count.max(1) as f64;
    let rows = [
        ("requests", number(requests as f64)),
        ("events", number(work.events as f64)),
        ("events per request", format!("{:.2}", work.events as f64 / requests.max(1) as f64)),
        ("ns per event", format!("{:.1}", per(work.events))),
        ("ns per request", format!("{:.1}", per(requests))),
        ("peak pending events", number(work.peak_pending as f64)),
        ("peak attempts in flight", number(work.peak_in_flight as f64)),
        ("seconds", format!("{:.2}", elapsed.as_secs_f64())),
    ];
    rows.iter().map(|(name, value)| format!("{name:<24}{value:>14}\n")).collect()
}

/// A seed that differs from run to run and that one can type: 32 bits.
fn random_seed() -> u64 {
    RandomState::new().hash_one(std::process::id()) & u64::from(u32::MAX)
}
