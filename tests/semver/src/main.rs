//! The list of what is public in the library. In: the JSON that rustdoc writes of it. Out: one line for each item, sorted, on standard
//! output; at its end the types that stand in one of them and that a user cannot name.
//!
//! Implementations that every type has, by a blanket or as an auto trait, are left out: they say nothing of this library.

use std::collections::BTreeSet;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let json = std::env::args().nth(1).ok_or("which JSON of rustdoc?")?;
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    let lines: BTreeSet<String> = api.items().map(ToString::to_string).collect();
    lines.iter().for_each(|line| println!("{line}"));
    unnameable(&lines).iter().for_each(|path| println!("cannot be named: {path}"));
    Ok(())
}

/// Paths that lead into a module which is not public, so that they are written down by where their types are, and not by a name.
fn unnameable(lines: &BTreeSet<String>) -> BTreeSet<&str> {
    let modules: BTreeSet<&str> = lines.iter().filter_map(|line| line.strip_prefix("pub mod ")).collect();
    let paths = lines.iter().flat_map(|line| {
        let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        words.map(|word| word.trim_end_matches(':'))
    });
    let own = paths.filter(|path| path.starts_with("simcap::"));
    own.filter(|path| {
        let parents = path.match_indices("::").map(|(at, _)| &path[..at]);
        // Below a module there are types, whose parts are theirs; names of types are written in capitals.
        let mut above = parents.take_while(|parent| {
            parent.rsplit("::").next().is_some_and(|name| name.starts_with(|c: char| c.is_lowercase()))
        });
        above.any(|parent| !modules.contains(parent))
    })
    .collect()
}
