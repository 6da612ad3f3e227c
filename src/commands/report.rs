//! `simcap report`: shows a stored run again. In: an outcome.json. Out: its page; table and charts if asked for.

use simcap::report;

use crate::cli::Report;
use crate::exit::Exit;

pub fn report(args: &Report, quiet: bool) -> anyhow::Result<Exit> {
    let outcome = report::read(&args.file)?;
    let files = match &args.out {
        Some(dir) => report::write_views(&outcome, &args.file, dir, !args.no_charts)?,
        None => Vec::new(),
    };
    super::show(&outcome, &files, args.format, quiet)
}
