//! `simcap run`: one scenario, one or many seeds. In: a file. Out: a page or JSON, and the result folder.

use std::io::Write;
use std::time::{Duration, Instant};

use simcap::ensemble::{Ensemble, Target};
use simcap::guard::Reason;
use simcap::machine::Threads;
use simcap::number::number;
use simcap::outcome::Outcome;
use simcap::{comparison, report, scenario};

use super::progress::Progress;
use super::samples::samples;
use super::watch::Running;
use crate::cli::{Run, RunFormat, Voice};
use crate::exit::Exit;

pub fn run(args: &Run, voice: Voice) -> anyhow::Result<Exit> {
    if !args.watch {
        return once(args, voice, None).map(|(exit, _)| exit);
    }
    let mut before: Option<Outcome> = None;
    super::watch::watch(std::slice::from_ref(&args.file), voice, |running| {
        let (exit, outcome) = once(args, voice, Some(running))?;
        if let (RunFormat::Text, Some(before), Some(now)) = (args.format, &before, &outcome) {
            super::say::say(&changed(before, now, voice))?;
        }
        // What was ended early or is broken leaves the last whole run to compare with.
        before = outcome.or(before.take());
        Ok(exit)
    })
}

/// How a run differs from the one before: A is the one before.
fn changed(before: &Outcome, now: &Outcome, voice: Voice) -> String {
    if before.runs.seeds != now.runs.seeds {
        return "\nThe seeds are others than before, so the two runs are not compared\n".into();
    }
    let comparison = comparison::Comparison::of(before, now);
    let text = match voice.quiet {
        true => report::comparison_verdicts(&comparison),
        false => report::comparison(&comparison, super::say::paper(voice.verbose, false)),
    };
    format!("\nAgainst the run before: A is that run, B this one\n{text}")
}

/// Runs it, and returns what came out if the runs were not ended early.
fn once(args: &Run, voice: Voice, running: Option<&Running>) -> anyhow::Result<(Exit, Option<Outcome>)> {
    let quiet = voice.quiet;
    let scenario = scenario::load(&args.file, &args.set)?;
    let samples = samples(&args.samples, scenario.starts)?;
    #[cfg(feature = "charts")]
    let source = args.html.as_ref().and_then(|_| report::Source::of_run(&args.file));
    let targets: Vec<Target> =
        args.precision.iter().map(|text| Target::parse(text, &scenario)).collect::<Result<_, _>>()?;
    let seed = super::seed::seed(args.seed, &scenario);
    let usual = match args.save_baseline {
        // As `compare` makes: with fewer, its intervals would hold nearly every width of a rule.
        Some(_) => scenario.runs.max(comparison::FEWEST_RUNS.value),
        None => scenario.runs,
    };
    super::warnings::print_before_run(&scenario, args.runs.runs.unwrap_or(usual), quiet);
    // From here on a signal ends the runs and not the process, so no empty folder is left.
    let guard = super::stop::guard(&args.limits)?;
    if let Some(running) = running {
        running.ends_with(&guard);
    }
    let folder = report::Folder::prepare(&args.out, &scenario.slug, &args.file, &args.set)?;
    #[cfg(feature = "charts")]
    args.html.as_deref().map_or(Ok(()), report::probe_file)?;
    args.save_baseline.as_deref().map_or(Ok(()), report::probe_baseline)?;
    samples.as_ref().map_or(Ok(()), |samples| report::probe_file(samples.path))?;

    let silent = quiet || args.no_progress || args.format != RunFormat::Text;
    let progress = Progress::new(scenario.duration, silent);
    let tell = |told| progress.tell(told);
    let began = Instant::now();
    let threads = args.runs.threads.map(usize::from);
    let mut ensemble = Ensemble::new(&scenario, seed, threads, &targets, &tell)?.guarded(&guard);
    ensemble.extend_to(match (args.runs.runs, targets.is_empty()) {
        (Some(runs), _) => runs,
        (None, true) => usual,
        // As many runs as needed, but not more than allowed.
        (None, false) => usual.min(args.max_runs),
    } as usize);
    let precision = match targets.is_empty() {
        true => Vec::new(),
        false => ensemble.extend_until_precise(&targets, args.max_runs as usize),
    };
    let outcome = match ensemble.interruption() {
        None => Some(ensemble.outcome()),
        // Of a file that is another one by now.
        Some(it) if it.reason == Reason::Changed => None,
        Some(_) => ensemble.partial_outcome(),
    };
    let interruption = ensemble.into_interruption();
    let elapsed = began.elapsed();
    progress.finish();
    let mut exit = Exit::Failure;
    let mut whole = None;
    if let Some(mut outcome) = outcome {
        outcome.precision = precision;
        outcome.scenario.overrides = args.set.clone();
        outcome.scenario.file = args.file.display().to_string();
        outcome.scenario.file_from_here = folder.path_to(&args.file);
        let dir = match outcome.partial {
            None => folder.path().to_owned(),
            Some(_) => folder.for_partial()?,
        };
        // The charts are drawn on as many threads as the runs had.
        let threads = Threads::new(threads.unwrap_or(0))?;
        let mut files = threads.install(|| report::write(&outcome, &dir, args.pictures.charts()))?;
        // Nothing can be compared with runs that were ended early.
        if let (Some(path), None) = (&args.save_baseline, &outcome.partial) {
            files.push(report::write_baseline(&outcome, path)?);
        }
        #[cfg(feature = "charts")]
        if let Some(path) = &args.html {
            files.push(report::write_html(&report::html(&outcome, source.as_ref()), path)?);
        }
        if let Some(samples) = &samples {
            files.push(samples.write(&outcome)?);
        }
        if args.stats {
            // If stderr is closed there is nowhere to report it.
            let _ = anstream::stderr().write_all(stats(&outcome, elapsed).as_bytes());
        }
        exit = super::say::show(&outcome, Some(elapsed), &files, args.format, args.bill, voice)?;
        whole = Some(outcome).filter(|outcome| outcome.partial.is_none());
    }
    match interruption {
        Some(interruption) => Err(interruption.into()),
        None => Ok((exit, whole)),
    }
}

/// The work of all runs, for tuning; on stderr, because it differs every time.
fn stats(outcome: &Outcome, elapsed: Duration) -> String {
    let work = &outcome.work;
    let requests = outcome.requests.arrived * outcome.runs.count as f64;
    let per = |count: f64| elapsed.as_nanos() as f64 / count.max(1.0);
    let rows = [
        ("runs", outcome.runs.count.to_string()),
        ("requests", number(requests)),
        ("events", number(work.events as f64)),
        ("events per request", format!("{:.2}", work.events as f64 / requests.max(1.0))),
        ("ns per event", format!("{:.1}", per(work.events as f64))),
        ("ns per request", format!("{:.1}", per(requests))),
        ("peak pending events", number(work.peak_pending as f64)),
        ("peak attempts in flight", number(work.peak_in_flight as f64)),
        ("seconds", format!("{:.2}", elapsed.as_secs_f64())),
    ];
    rows.iter().map(|(name, value)| format!("{name:<24}{value:>14}\n")).collect()
}
