//! `simcap schema`: what a file can have, for editors and other programs. In: of what. Out: a JSON Schema on stdout.

use simcap::{report, scenario};

use crate::cli::{Schema, SchemaOf, Voice};
use crate::exit::Exit;

pub fn schema(args: &Schema, voice: Voice) -> anyhow::Result<Exit> {
    let schema = match args.of {
        SchemaOf::Scenario => scenario::schema::schema(),
        SchemaOf::Outcome => report::outcome_schema(),
        SchemaOf::Check => report::check_schema(),
    };
    // It has no verdict, and nothing else is printed with -q.
    if !voice.quiet {
        super::say::say(&(serde_json::to_string_pretty(&schema)? + "\n"))?;
    }
    Ok(Exit::Fine)
}
