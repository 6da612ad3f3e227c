//! The list of what is public in the library. In: the JSON that rustdoc writes of it. Out: one line for each item, sorted, on standard
//! output.
//!
//! Implementations that every type has, by a blanket or as an auto trait, are left out: they say nothing of this library.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let json = std::env::args().nth(1).ok_or("which JSON of rustdoc?")?;
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    let mut lines: Vec<String> = api.items().map(|item| item.to_string()).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}
