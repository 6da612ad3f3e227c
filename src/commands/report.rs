//! `simcap report`: every view of a stored run once more. In: an outcome.json. Out: its page, table and charts.

use std::path::Path;

use simcap::report;

use crate::cli::Report;
use crate::exit::Exit;

pub fn report(args: &Report, quiet: bool) -> anyhow::Result<Exit> {
    let outcome = report::read(&args.file)?;
    let beside = args.file.parent().unwrap_or(Path::new(""));
    let dir = args.out.as_deref().unwrap_or(beside);
    report::prepare(dir)?;
    let files = report::write_views(&outcome, dir, !args.no_charts)?;
    super::show(&outcome, &files, args.format, quiet)
}
