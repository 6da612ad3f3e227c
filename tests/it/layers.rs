//! Modules depend one way: each may use only those before it.

mod circles;

use std::fs;
use std::path::{Path, PathBuf};

/// The order of the library, then of the binary.
const ORDER: [&str; 29] = [
    "text",
    "units",
    "guard",
    "interval",
    "rng",
    "dist",
    "catalog",
    "language",
    "scenario",
    "engine",
    "measure",
    "usage",
    "flow",
    "kind",
    "model",
    "cost",
    "warning",
    "objective",
    "outcome",
    "ensemble",
    "comparison",
    "breakpoint",
    "report",
    "validate",
    "cli",
    "exit",
    "commands",
    "main",
    "lib",
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
            false => {}
        }
    }
}

/// The modules that a source names after `crate::` or `simcap::`, comments and text left out, tests included.
fn used(source: &str) -> Vec<&str> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.match_indices("crate::").map(move |(at, found)| &line[at + found.len()..]))
        .flat_map(|rest| match rest.strip_prefix('{') {
            // `use crate::{cost, objective};`
            Some(list) => list.split('}').next().unwrap_or("").split(',').map(str::trim).collect(),
            None => vec![rest],
        })
        .map(|path| path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""))
        .collect()
}

#[test]
fn modules_use_only_those_before_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&source, &mut paths);
    let rank = |module: &str| ORDER.iter().position(|&other| other == module);
    let mut wrong = Vec::new();
    let mut uses = 0;
    for path in paths {
        let file = path.strip_prefix(&source).unwrap().to_str().unwrap().replace('\\', "/");
        let module = file.split(['/', '.']).next().unwrap();
        let own = rank(module).unwrap_or_else(|| panic!("src/{file} has no place in the order"));
        for other in used(&fs::read_to_string(&path).unwrap()) {
            uses += 1;
            if rank(other).is_none_or(|place| place > own) {
                wrong.push(format!("src/{file} uses {other}"));
            }
        }
    }
    wrong.dedup();
    assert!(uses > 100, "the uses were not found");
    assert!(wrong.is_empty(), "against the order {ORDER:?}:\n{}", wrong.join("\n"));
}

#[test]
fn grouped_and_inline_uses_are_found() {
    let source = "use crate::{cost, objective};\n// crate::main\nfn f() { crate::dist::uniform(); }\nuse crate::rng::Stream;";
    assert_eq!(used(source), ["cost", "objective", "dist", "rng"]);
}
