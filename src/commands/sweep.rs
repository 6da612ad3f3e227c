//! `simcap sweep` and `simcap merge`: a scenario at many points. In: a file and axes, or the parts of several machines. Out: a page, a
//! table, charts, or the object of a shard.

use std::path::{Path, PathBuf};

use simcap::number::counted;
use simcap::outcome::digest::Digest;
use simcap::outcome::estimate::Quantity;
use simcap::report;
use simcap::study::{self, Asked, Runner, RunnerError, Shard, ShardFile, Stopped, Store, Study, Swept};
use simcap::units::Time;

use super::progress::Progress;
use crate::cli::{Merge, PageFormat, StudyPrinting, Sweep, Voice};
use crate::exit::{BadShard, Ended, Exit, UnknownFigure};

/// The folder of what is kept of runs, in that of the results.
pub(super) const RUNS: &str = "runs";

pub fn sweep(args: &Sweep, voice: Voice) -> anyhow::Result<Exit> {
    let seed = args.points.seed.map(super::seed::number);
    let shard =
        args.shard.map(|it| it.shard(|name| std::env::var(name).ok()).map_err(BadShard)).transpose()?;
    let (file, set) = (args.file.clone(), args.set.clone());
    let part = shard.unwrap_or(Shard::WHOLE);
    let study =
        Study::part(Asked { file, set, variants: args.variant.clone(), seed, runs: args.runs }, part)?;
    let known = Quantity::all(&study.first).into_iter().map(|it| it.name(&study.first));
    UnknownFigure::check(&args.show, &known.collect::<Vec<_>>())?;
    args.points.printing.probe()?;
    super::warnings::print_all(&study.first, study.seeds.len() as u32, voice.quiet);
    let guard = super::stop::guard(&args.points.limits)?;
    let folder = args.out.clone().unwrap_or_else(|| Path::new("out").join(&study.first.slug).join("sweep"));
    if shard.is_none() {
        report::probe_sweep(&folder, &study.file)?;
    }
    let store = Store::open(&folder.join(RUNS))?;

    if shard.is_some() && ShardFile::is_there(&folder, part, study.id()) {
        return told(part, &folder.join(part.file(study.id())), "is there already", voice);
    }
    let at = part.of(study.runs());
    let progress = progress(&study, at.len(), args.points.printing.is_silent(voice.quiet));
    let tell = |told| progress.tell(told);
    let threads = args.points.threads();
    let runner = Runner::new(&study.first, threads, Some(store), &guard, &tell)?;
    if shard.is_some() {
        let runs = runner
            .runs_of(&study, &at, |at, digest| (at, digest))
            .map_err(|it| ended(it, &runner, &study, &at))?;
        progress.finish();
        let path = ShardFile::new(part, study.head(), runs).write(&folder)?;
        return told(part, &path, "is done", voice);
    }
    runner.runs_of(&study, &at, |_, _| ()).map_err(|it| ended(it, &runner, &study, &at))?;
    let swept = Swept::of(&study.head(), &args.show, |point| {
        let point = &study.points[point];
        let kept = |seed: &u64| runner.kept(&study, point, *seed);
        let kept = || study.seeds.iter().map(kept).collect::<Result<Vec<Digest>, RunnerError>>();
        point.key.as_ref().map_or_else(|problem| Ok(Err(problem.clone())), |_| kept().map(Ok))
    })?;
    progress.finish();
    show(&swept, &folder, &args.points.printing, voice, &kept(&runner))
}

pub fn merge(args: &Merge, voice: Voice) -> anyhow::Result<Exit> {
    args.printing.probe()?;
    let swept = study::merge(&args.parts, &args.show)?;
    let known: Vec<String> =
        swept.points.iter().flat_map(|it| &it.figures).map(|it| it.name.clone()).collect();
    UnknownFigure::check(&args.show, &known)?;
    show(&swept, args.out.as_ref().unwrap_or(&args.parts), &args.printing, voice, "")
}

/// One end for all runs.
fn progress(study: &Study, runs: usize, silent: bool) -> Progress {
    let simulated = Time(study.first.duration.0.saturating_mul(runs as u64));
    let points = counted(study.points.len() as u64, "point");
    let what = format!("{} of {points}", counted(runs as u64, "run"));
    Progress::of_all(simulated, what, silent)
}

/// Runs that were ended early say that they go on.
fn ended(error: RunnerError, runner: &Runner<'_>, study: &Study, at: &[usize]) -> anyhow::Error {
    match error {
        RunnerError::Stopped(Stopped { reason, .. }) => {
            let (kept, planned) = (runner.kept_of(study, at), counted(at.len() as u64, "run"));
            let known = format!("{kept} of {planned} are kept, and are not run again");
            Ended { what: "the sweep", reason, known }.into()
        }
        other => other.into(),
    }
}

/// `; 12 of its 44 runs were kept from before`.
pub(super) fn kept(runner: &Runner<'_>) -> String {
    match (runner.found(), runner.made()) {
        (0, _) => String::new(),
        (found, made) => {
            format!("{found} of {} were kept from before.\n", counted((found + made) as u64, "run"))
        }
    }
}

/// A line on a shard: its objectives are judged where all parts are put together.
fn told(Shard { index, count }: Shard, path: &Path, what: &str, voice: Voice) -> anyhow::Result<Exit> {
    if !voice.quiet {
        super::say::say(&format!("Shard {index} of {count} {what}: {}\n", path.display()))?;
    }
    Ok(Exit::Fine)
}

fn show(
    swept: &Swept,
    folder: &Path,
    printing: &StudyPrinting,
    voice: Voice,
    kept: &str,
) -> anyhow::Result<Exit> {
    let files: Vec<PathBuf> = report::write_sweep(swept, folder, printing.pictures.charts())?;
    #[cfg(feature = "charts")]
    printing.write_html(|| report::html_of_sweep(swept))?;
    super::say::say(&match (printing.format, voice.quiet) {
        (PageFormat::Json, _) => report::to_json(swept),
        (PageFormat::Markdown, _) => report::markdown_of_sweep(swept),
        (PageFormat::Csv, _) => report::sweep_csv(swept),
        (PageFormat::Text, true) => report::cheapest_of_sweep(swept),
        (PageFormat::Text, false) => {
            let paper = super::say::paper(voice.verbose, false);
            report::sweep(swept, paper) + kept + &report::comparison_files(&files)
        }
    })?;
    // A sweep looks for a point that meets all: it has missed where there is none.
    Ok(super::say::verdict(!swept.has_objectives() || swept.points.iter().any(|it| it.meets_all())))
}
