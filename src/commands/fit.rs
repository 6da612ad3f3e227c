//! `simcap calibrate` and `simcap backtest`: a scenario beside a recording. In: a file and measurements. Out: pages, files, pictures.

use std::path::{Path, PathBuf};

use simcap::backtest::{self, Asked, Backtest, BacktestError, Limits};
use simcap::calibrate::{CalibrateError, Calibration, Wanted};
use simcap::files;
use simcap::measured::{self, Measured};
use simcap::number::counted;
use simcap::report::{self, CALIBRATION_FILE};
use simcap::rng::seed_of_run;
use simcap::scenario::{self, Scenario};
use simcap::units::Time;

use super::progress::Progress;
use crate::cli::{Backtest as BacktestArgs, Calibrate, Day, DayFormat, Seed, Voice};
use crate::exit::{Ended, Exit};

/// Fewest runs: of one nobody knows what is chance.
const FEWEST: u32 = 2;

/// What both commands begin with.
struct Begun {
    scenario: Scenario,
    measured: Measured,
    seeds: Vec<u64>,
    folder: PathBuf,
}

fn begin(day: &Day, name: &str, voice: Voice) -> anyhow::Result<Begun> {
    let scenario = scenario::load(&day.file, &day.set)?;
    let measured = measured::read(&day.measured, &day.column)?;
    let seed = match day.seed {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Random) => super::seed::random_seed(),
        None => scenario.seed,
    };
    let runs = day.runs.unwrap_or(scenario.runs.max(FEWEST));
    let seeds: Vec<u64> = (0..runs as usize).map(|run| seed_of_run(seed, run)).collect();
    super::warnings::print_before_run(&scenario, runs, voice.quiet);
    let folder = day.out.clone().unwrap_or_else(|| Path::new("out").join(&scenario.slug).join(name));
    Ok(Begun { scenario, measured, seeds, folder })
}

pub fn calibrate(args: &Calibrate, voice: Voice) -> anyhow::Result<Exit> {
    let day = &args.day;
    let Begun { scenario, measured, seeds, folder } = begin(day, "calibrate", voice)?;
    let guard = super::stop::guard(&day.limits)?;
    // How many candidates there will be nobody knows before: it shows how much was done of a usual number.
    let simulated = Time(scenario.duration.0.saturating_mul(CANDIDATES * seeds.len() as u64));
    let progress = Progress::of_all(simulated, "about 40 candidates".into(), day.is_silent(voice.quiet));
    let wanted = Wanted {
        file: day.file.clone(),
        overrides: day.set.clone(),
        inputs: args.input.clone(),
        hold_out: args.hold_out,
        seeds,
        threads: day.threads.map(usize::from),
    };
    let found = Calibration::of(&scenario, &measured, &wanted, &guard, &|told| progress.tell(told));
    progress.finish();
    let found = found.map_err(|error| match error {
        CalibrateError::Runs(BacktestError::Stopped(reason)) => {
            let known = "nothing is kept of a fit that was ended".into();
            Ended { what: "the calibration", reason, known }.into()
        }
        CalibrateError::Scenario(error) => anyhow::Error::from(*error),
        other => other.into(),
    })?;
    let files = report::write_calibration(&found, &folder, day.pictures.charts())?;
    super::say::say(&match (day.format, voice.quiet) {
        (DayFormat::Json, _) => report::to_json(&found),
        (DayFormat::Csv, _) => report::calibration_csv(&found),
        (DayFormat::Text, true) => {
            found.changes().map(|(_, path, value)| format!("{path}={value}\n")).collect()
        }
        (DayFormat::Text, false) => {
            report::calibration(&found, super::say::paper(voice.verbose, false))
                + &report::comparison_files(&files)
        }
    })?;
    Ok(Exit::Fine)
}

/// Candidates of a usual fit.
const CANDIDATES: u64 = 40;

pub fn backtest(args: &BacktestArgs, voice: Voice) -> anyhow::Result<Exit> {
    let day = &args.day;
    let Begun { scenario, measured, seeds, folder } = begin(day, "backtest", voice)?;
    let calibration = calibration(args)?;
    let (held, said) = held_out(calibration.as_ref(), &scenario, &measured);
    let guard = super::stop::guard(&day.limits)?;
    let limits = Limits {
        latency: args.max_latency_error,
        cpu_points: args.max_cpu_points,
        throughput: args.max_throughput_error,
        errors: args.errors_at,
        periods: args.min_periods,
        class_requests: args.max_class_error,
        cpu_part: args.max_cpu_error,
        latency_bias: args.max_latency_bias,
    };
    let judged = |period: usize| held.as_ref().is_none_or(|held| held.contains(&period));
    let what = format!("{} of the recorded day", counted(seeds.len() as u64, "run"));
    let duration = scenario.duration.min(Time::from_secs_f64(measured.end_s()));
    let progress = Progress::of_all(Time(duration.0 * seeds.len() as u64), what, day.is_silent(voice.quiet));
    let asked = Asked {
        file: day.file.display().to_string(),
        overrides: day.set.clone(),
        seeds,
        threads: day.threads.map(usize::from),
        limits,
        judged: (&judged, said),
        background: calibration.as_ref().map_or(&[], |it| &it.background),
    };
    let found = Backtest::of(&scenario, &measured, &asked, &guard, &|told| progress.tell(told));
    progress.finish();
    let found = found.map_err(|error| match error {
        BacktestError::Stopped(reason) => {
            let known = "nothing is kept of it".into();
            Ended { what: "the backtest", reason, known }.into()
        }
        other => anyhow::Error::from(other),
    })?;
    let files = report::write_backtest(&found, &folder, day.pictures.charts())?;
    super::say::say(&match (day.format, voice.quiet) {
        (DayFormat::Json, _) => report::to_json(&found),
        (DayFormat::Csv, _) => report::backtest_csv(&found),
        (DayFormat::Text, true) => report::answer_of_backtest(&found),
        (DayFormat::Text, false) => {
            report::backtest(&found, super::say::paper(voice.verbose, false))
                + &report::comparison_files(&files)
        }
    })?;
    Ok(super::say::verdict(found.verdict.word != backtest::Word::No))
}

/// The calibration that the scenario comes from: the one that is named, or the one beside it.
fn calibration(args: &BacktestArgs) -> anyhow::Result<Option<Calibration>> {
    let beside = || {
        let folder = args.day.file.parent().unwrap_or(Path::new(""));
        Some(folder.join(CALIBRATION_FILE)).filter(|it| it.exists())
    };
    let Some(path) = args.calibration.clone().or_else(beside) else { return Ok(None) };
    let unreadable =
        |error: &dyn std::fmt::Display| anyhow::anyhow!("{} is no calibration: {error}", path.display());
    let text = files::read(&path).map_err(|error| unreadable(&error))?;
    Ok(Some(serde_json::from_slice(&text).map_err(|error| unreadable(&error))?))
}

/// The periods that were held out, if the file was fitted to this recording; and what is known of that, in a sentence.
fn held_out(
    calibration: Option<&Calibration>,
    scenario: &Scenario,
    measured: &Measured,
) -> (Option<Vec<usize>>, String) {
    let Some(found) = calibration else {
        let said = "Judged on all periods; whether the file was fitted to them is not known.";
        return (None, said.into());
    };
    let ends_s = scenario.duration.as_secs_f64();
    let covered = (0..measured.periods).take_while(|it| measured.start_s(it + 1) <= ends_s).count();
    match found.unseen(measured, covered) {
        None => (None, format!("The file was fitted to {}: all periods are new to it.", found.measured)),
        Some(unseen) if unseen.is_empty() && found.held_out.is_empty() => {
            let said = "Nothing is judged: the file was fitted to every period of this recording, and nothing was held out.";
            (Some(unseen), said.into())
        }
        Some(unseen) if unseen.is_empty() => {
            let said = "Nothing is judged: the file was fitted to every period of this recording.";
            (Some(unseen), said.into())
        }
        Some(unseen) if unseen == found.held_out => {
            (Some(unseen), format!("Judged on {}, to which the file was not fitted.", found.hold_out))
        }
        Some(unseen) => {
            let said = format!(
                "Judged on {}, to which the file was not fitted: the others are in {}.",
                counted(unseen.len() as u64, "period"),
                found.measured
            );
            (Some(unseen), said)
        }
    }
}
