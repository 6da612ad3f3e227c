//! `simcap report`: shows a stored run again. In: an outcome.json, or its folder. Out: its page; table, charts and an HTML file if asked for.

use simcap::report;

use crate::cli::{Report, Voice};
use crate::exit::Exit;

pub fn report(args: &Report, voice: Voice) -> anyhow::Result<Exit> {
    let file = &match args.file.is_dir() {
        true => args.file.join(report::OUTCOME_FILE),
        false => args.file.clone(),
    };
    let outcome = report::read(file)?;
    let samples = super::samples::samples(&args.samples, None)?;
    if (args.out.is_some() || samples.is_some()) && !outcome.has_rows() {
        return Err(report::ReportError::NoRows { path: file.clone() }.into());
    }
    let mut files = match &args.out {
        Some(dir) => report::write_views(&outcome, file, dir, args.charts())?,
        None => Vec::new(),
    };
    #[cfg(feature = "charts")]
    if let Some(path) = &args.html {
        let source = report::Source::of_stored(&outcome, file);
        files.push(report::write_html(&report::html(&outcome, source.as_ref()), path)?);
    }
    if let Some(samples) = &samples {
        files.push(samples.write(&outcome)?);
    }
    super::say::show(&outcome, None, &files, args.format, args.bill, voice)
}
