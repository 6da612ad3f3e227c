//! `simcap plan`: the cheapest values that meet the objectives. In: a file, and what there is to choose. Out: a page, a table, a chart.

use std::path::{Path, PathBuf};

use simcap::ensemble::Told;
use simcap::guard::Guard;
use simcap::number::counted;
use simcap::plan::{self, CONFIDENCE, Options, PlanError, Planned};
use simcap::report;
use simcap::study::{Asked, Runner, RunnerError, Stopped, Store, Study};

use super::progress::Progress;
use super::sweep::RUNS;
use crate::cli::{PageFormat, Plan, Voice};
use crate::exit::{Ended, Exit};

pub fn plan(args: &Plan, voice: Voice) -> anyhow::Result<Exit> {
    let seed = args.points.seed.map(super::seed::number);
    let (file, set, variants) = (args.file.clone(), args.set.clone(), args.variant.clone());
    let asked = Asked { file, set, variants, seed, runs: None };
    let study = plan::study_of(asked.clone()).map_err(|it| *it)?;
    let written = &study.first.plan;
    let options = Options {
        headroom: args.headroom.or(written.headroom).unwrap_or(1.0),
        confidence: args.confidence.or(written.confidence).unwrap_or(CONFIDENCE),
        cost: args.cost.into(),
        most_runs: args.max_runs.map(|it| it as usize),
        rare: args.rare,
        every: args.every,
    };
    args.points.printing.probe()?;
    super::warnings::print_before_run(&study.first, 1, voice.quiet);
    let guard = super::stop::guard(&args.points.limits)?;
    let folder = args.out.clone().unwrap_or_else(|| Path::new("out").join(&study.first.slug).join("sweep"));
    let silent = args.points.printing.is_silent(voice.quiet);
    let plans = Plans { args, options, folder: &folder, guard: &guard, silent };
    let mut found = plans.of(&study)?;
    if !args.no_fault_cost && !study.first.faults.is_empty() {
        // Where something names a fault there is no scenario without it, and nothing to say.
        let without = Asked { set: [asked.set.clone(), vec!["fault={}".into()]].concat(), ..asked };
        if let Ok(study) = plan::study_of(without) {
            found.without_faults = Some(Box::new(plans.of(&study)?));
        }
    }
    show(&found, &folder, args, voice)
}

/// Where plans are made.
struct Plans<'a> {
    args: &'a Plan,
    options: Options,
    folder: &'a Path,
    guard: &'a Guard,
    silent: bool,
}

impl Plans<'_> {
    fn of(&self, study: &Study) -> anyhow::Result<Planned> {
        let store = Store::open(&self.folder.join(RUNS))?;
        let progress = Progress::new(study.first.duration, self.silent);
        let tell = |told| progress.tell(told);
        let threads = self.args.points.threads();
        let like = study.first.with_traffic(self.options.headroom);
        let runner = Runner::new(&like, threads, Some(store), self.guard, &tell)?;
        let planned = |runs: usize| progress.tell(Told::Planned(runs));
        let found = plan::plan(study, &self.options, &runner, &planned);
        progress.finish();
        found.map_err(ended)
    }
}

/// Runs that were ended early say that they are kept.
fn ended(error: PlanError) -> anyhow::Error {
    match error {
        PlanError::Runs(RunnerError::Stopped(Stopped { reason, done })) => {
            let known = format!("{} are kept, and are not run again", counted(done as u64, "run"));
            Ended { what: "the plan", reason, known }.into()
        }
        other => other.into(),
    }
}

fn show(found: &Planned, folder: &Path, args: &Plan, voice: Voice) -> anyhow::Result<Exit> {
    let files: Vec<PathBuf> = report::write_plan(found, folder, args.points.printing.pictures.charts())?;
    #[cfg(feature = "charts")]
    args.points.printing.write_html(|| report::html_of_plan(found))?;
    super::say::say(&match (args.points.printing.format, voice.quiet) {
        (PageFormat::Json, _) => report::to_json(found),
        (PageFormat::Markdown, _) => report::markdown_of_plan(found),
        (PageFormat::Csv, _) => report::plan_csv(found),
        (PageFormat::Text, true) => report::answer_of_plan(found),
        (PageFormat::Text, false) => {
            let paper = super::say::paper(voice.verbose, false);
            report::plan(found, paper) + &report::comparison_files(&files)
        }
    })?;
    Ok(super::say::verdict(found.is_found()))
}
