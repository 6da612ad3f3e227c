//! `simcap sensitivity`: which inputs the answer hangs on. In: a file and inputs. Out: a page, a table, a picture.

use std::path::Path;

use simcap::number::counted;
use simcap::outcome::estimate::Quantity;
use simcap::report;
use simcap::scenario;
use simcap::scenario::inputs::inputs;
use simcap::sensitivity::{Bench, Chosen, Sensitivity, Wanted, points};
use simcap::study::{Runner, RunnerError, Shard, Stopped, Store, check_file};
use simcap::units::Time;

use super::progress::Progress;
use crate::cli::{PageFormat, Sensitivity as Args, Voice};
use crate::exit::{BadShard, Ended, Exit, UnknownFigure};

pub fn sensitivity(args: &Args, voice: Voice) -> anyhow::Result<Exit> {
    let seed = args.points.seed.map(super::seed::number);
    let shard =
        args.shard.map(|it| it.shard(|name| std::env::var(name).ok()).map_err(BadShard)).transpose()?;
    check_file(&args.file)?;
    let base = scenario::load(&args.file, &args.set)?;
    let chosen = Chosen::of(inputs(&args.file, &args.set)?, &args.input, args.span)?;
    let known = Quantity::all(&base).into_iter().map(|it| it.name(&base));
    UnknownFigure::check(&args.show, &known.collect::<Vec<_>>())?;
    args.points.printing.probe()?;
    let bench = Bench::of(args.file.clone(), args.set.clone(), (seed, args.runs), &base);
    super::warnings::print_before_run(&base, bench.seeds.len() as u32, voice.quiet);
    let guard = super::stop::guard(&args.points.limits)?;
    let folder = args.out.clone().unwrap_or_else(|| Path::new("out").join(&base.slug).join("sensitivity"));
    let store = Store::open(&folder.join(super::sweep::RUNS))?;

    let points = points(chosen.len(), args.morris);
    let runs = shard.unwrap_or(Shard::WHOLE).of(points * bench.seeds.len()).len();
    let simulated = Time(base.duration.0.saturating_mul(runs as u64));
    let what = format!("{} of {}", counted(runs as u64, "run"), counted(points as u64, "point"));
    let progress = Progress::of_all(simulated, what, args.points.printing.is_silent(voice.quiet));
    let tell = |told| progress.tell(told);
    let runner = Runner::new(&base, args.points.threads(), Some(store), &guard, &tell)?;
    if let Some(shard) = shard {
        let runs = Sensitivity::part(&bench, &chosen, args.morris, shard, &runner).map_err(ended)?;
        progress.finish();
        return told(shard, runs, &folder.join(super::sweep::RUNS), voice);
    }
    let wanted = Wanted { shown: args.show.clone(), margin: args.margin, trajectories: args.morris };
    let found = Sensitivity::of(&bench, &chosen, &wanted, &runner).map_err(ended)?;
    progress.finish();

    let files = report::write_sensitivity(&found, &folder, args.points.printing.pictures.charts())?;
    #[cfg(feature = "charts")]
    args.points.printing.write_html(|| report::html_of_sensitivity(&found))?;
    super::say::say(&match (args.points.printing.format, voice.quiet) {
        (PageFormat::Json, _) => report::to_json(&found),
        (PageFormat::Markdown, _) => report::markdown_of_sensitivity(&found),
        (PageFormat::Csv, _) => report::sensitivity_csv(&found),
        (PageFormat::Text, true) => report::flips_of_sensitivity(&found, false),
        (PageFormat::Text, false) => {
            let paper = super::say::paper(voice.verbose, false);
            report::sensitivity(&found, paper)
                + &super::sweep::kept(&runner)
                + &report::comparison_files(&files)
        }
    })?;
    // It asks what would be, so a verdict of it is no verdict on the file.
    Ok(Exit::Fine)
}

/// A line on a shard, with what puts all of them together.
fn told(Shard { index, count }: Shard, runs: usize, folder: &Path, voice: Voice) -> anyhow::Result<Exit> {
    if !voice.quiet {
        let runs = counted(runs as u64, "run");
        super::say::say(&format!(
            "Shard {index} of {count} is done: {runs} in {}. Where all are, the same command without --shard puts them together.\n",
            folder.display()
        ))?;
    }
    Ok(Exit::Fine)
}

/// Runs that were ended early say that they go on.
fn ended(error: RunnerError) -> anyhow::Error {
    match error {
        RunnerError::Stopped(Stopped { reason, done }) => {
            let known = format!("{} kept, and not run again", counted(done as u64, "run"));
            Ended { what: "the sensitivity analysis", reason, known }.into()
        }
        other => other.into(),
    }
}
