//! `simcap explain`: what a word means, and where its default comes from. In: the word. Out: a page on stdout.

use simcap::report;

use crate::cli::{Explain, Voice};
use crate::exit::{Exit, NotExplained};

pub fn explain(args: &Explain, voice: Voice) -> anyhow::Result<Exit> {
    let page = match &args.what {
        None => report::explained_subjects(),
        Some(what) => report::explain(what).map_err(|near| NotExplained { what: what.clone(), near })?,
    };
    // It has no verdict, and nothing else is printed with -q.
    if !voice.quiet {
        super::say::say(&page)?;
    }
    Ok(Exit::Fine)
}
