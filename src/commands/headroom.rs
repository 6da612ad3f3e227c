//! `simcap headroom`: finds by simulation how much more traffic a scenario can take. In: a file. Out: a page or JSON.

use simcap::breakpoint::{self, Breakpoints, Search, SearchError, Tell};
use simcap::text::visible;
use simcap::{report, scenario};

use super::progress::Progress;
use crate::cli::{Headroom, PageFormat, Voice};
use crate::exit::Exit;

pub fn headroom(args: &Headroom, Voice { quiet, verbose }: Voice) -> anyhow::Result<Exit> {
    let scenario = scenario::load(&args.file, &args.set)?;
    let usual = Search::of(&scenario);
    let search = Search {
        seed: super::seed::seed(args.seed, &scenario),
        runs: args.runs.map_or(usual.runs, |runs| runs as usize),
        threads: args.threads.map(usize::from),
        precision: args.precision,
        up_to: args.up_to,
        whole: args.whole,
    };
    super::warnings::print_all(&scenario, search.runs as u32, quiet);
    let silent = args.printing.is_silent(quiet, args.format == PageFormat::Text);
    let progress = Progress::new(scenario.duration, silent);
    let guard = super::stop::guard(&args.limits)?;
    args.printing.probe()?;
    let tell = |told: Tell<'_>| match told {
        Tell::Run(told) => progress.tell(told),
        Tell::Multiple { probe, done, about } => {
            progress.line(&(report::multiple(probe, done, about) + &progress.left()));
        }
    };
    let found = breakpoint::search_guarded(&scenario, &search, &tell, &guard);
    progress.finish();
    match found {
        Ok(found) => {
            show(found, args, quiet, verbose)?;
            Ok(Exit::Fine)
        }
        Err(SearchError::Interrupted { interruption, known }) => {
            if let Some(known) = known {
                show(*known, args, quiet, verbose)?;
            }
            Err((*interruption).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Prints the limits that were found.
fn show(mut found: Breakpoints, args: &Headroom, quiet: bool, verbose: bool) -> anyhow::Result<()> {
    found.scenario.file = visible(&args.file.display().to_string()).into_owned();
    found.scenario.overrides.clone_from(&args.set);
    #[cfg(feature = "charts")]
    args.printing
        .write_html(|| report::html_of_breakpoints(&found, report::Source::of_run(&args.file).as_ref()))?;
    args.printing.write_json(|| report::to_json(&found))?;
    let charts = args.printing.charts();
    let files = args.out.as_ref().map(|dir| report::write_headroom(&found, dir, charts)).transpose()?;
    let files = files.map_or(String::new(), |files| report::comparison_files(&files));
    super::say::say(&match (args.format, quiet) {
        (PageFormat::Json, _) => report::to_json(&found),
        (PageFormat::Markdown, _) => report::markdown_of_breakpoints(&found),
        (PageFormat::Csv, _) => report::breakpoints_csv(&found),
        (PageFormat::Text, true) => report::first_to_break(&found),
        (PageFormat::Text, false) => report::breakpoints(&found, super::say::paper(verbose, false)) + &files,
    })?;
    Ok(())
}
