//! `simcap reference`: the manual of the scenario file. In: nothing. Out: text on stdout.

use simcap::scenario;

use crate::exit::Exit;

pub fn reference() -> anyhow::Result<Exit> {
    super::say::say(&scenario::reference())?;
    Ok(Exit::Fine)
}
