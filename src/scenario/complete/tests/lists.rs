//! Every list that a value is looked up in is offered. In: a file with every key of the language, in which one word after the other is replaced
//! by one that nobody knows. Out: what is missing of the lists in which the reader of the file then looked for it.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::super::complete;
use crate::language::names::looked_up;
use crate::language::reader::Seen;
use crate::language::source::Span;
use crate::scenario::load;

const EVERYTHING: &str = include_str!("../../../../tests/it/good/everything.toml");

/// A word that is like no other.
const STRANGE: &str = "zzqqxxzz";

/// The texts of the file, with their places.
fn texts(value: &DeValue, span: Span, found: &mut Vec<(Span, String)>) {
    match value {
        DeValue::String(text) => found.push((span, text.to_string())),
        DeValue::Array(all) => all.iter().for_each(|it| texts(it.get_ref(), it.span(), found)),
        DeValue::Table(all) => all.iter().for_each(|(_, it)| texts(it.get_ref(), it.span(), found)),
        _ => {}
    }
}

#[test]
fn every_list_that_a_value_is_looked_up_in_is_offered() {
    let table = DeTable::parse(EVERYTHING).unwrap();
    let mut all = Vec::new();
    table.get_ref().iter().for_each(|(_, it)| texts(it.get_ref(), it.span(), &mut all));
    let keys: Vec<(Span, String)> = load::trail_of_everything()
        .into_iter()
        .filter_map(|(span, seen)| match seen {
            Seen::Key(title, key) => Some((span, format!("{title} {key}"))),
            _ => None,
        })
        .collect();
    let mut done: BTreeMap<String, u32> = BTreeMap::new();
    let mut lacks = Vec::new();
    let base_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/good");
    let began = std::time::Instant::now();
    let mut parsed = 0;
    for (span, text) in all {
        let around = keys.iter().filter(|(outer, _)| outer.start <= span.start && span.end <= outer.end);
        let Some((_, key)) = around.min_by_key(|(outer, _)| outer.len()) else { continue };
        let times = done.entry(key.clone()).or_default();
        if *times >= 2 { continue; }
        *times += 1;
        let parts: Vec<&str> = text.split(['.', ' ']).collect();
        let offered = complete(EVERYTHING, span.start + 1);
        for part in std::iter::once(text.as_str()).chain(parts.iter().copied().filter(|it| parts.len() > 1 && it.starts_with(char::is_alphabetic))) {
            let file = format!("{}\"{}\"{}", &EVERYTHING[..span.start], text.replacen(part, STRANGE, 1), &EVERYTHING[span.end..]);
            looked_up::take();
            parsed += 1;
            let result = crate::scenario::parse("everything.toml", file.as_bytes(), &base_dir, &[]);
            let looked = looked_up::take();
            let looked: Vec<_> = looked.into_iter().filter(|(word, _)| word == STRANGE).collect();
            if looked.is_empty() {
               if let Err(error) = &result { println!("NOLIST {key}: {part}: {}", error.to_string().lines().take(3).collect::<Vec<_>>().join(" / ")); }
               continue;
            }
            for (_, list) in looked {
                let missing: Vec<&String> = list.iter().filter(|known| {
                    !offered.choices.iter().any(|choice| choice.label == **known || choice.label.split(['.', ' ']).any(|it| it == known.as_str()))
                }).collect();
                if !missing.is_empty() {
                    lacks.push(format!("{key}: {part}: lacks {} of {}: {:?}", missing.len(), list.len(), missing.iter().take(5).collect::<Vec<_>>()));
                }
            }
        }
    }
    println!("{parsed} parsed in {:?}", began.elapsed());
    assert!(lacks.is_empty(), "{lacks:#?}");
}
