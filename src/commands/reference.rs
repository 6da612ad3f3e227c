//! `simcap reference`: the manual of the scenario file. In: nothing. Out: text on stdout.

use simcap::scenario;

use crate::cli::Voice;
use crate::exit::Exit;

pub fn reference(voice: Voice) -> anyhow::Result<Exit> {
    // It has no verdict, and nothing else is printed with -q.
    if !voice.quiet {
        super::say::say(&scenario::reference())?;
    }
    Ok(Exit::Fine)
}
