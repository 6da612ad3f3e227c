//! Every kind is a folder with the same files at its seams, and what else is in it is its own.
//!
//! In: the folders of `src/kind`, and the list of kinds. Out: a file that is missing, that has no use, or that others can reach.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::kinds;

/// Files that every kind has.
const ALWAYS: [&str; 4] = ["language.rs", "model.rs", "rules.md", "view.rs"];
/// Files that a kind has if its line of the list has a word, and only then.
const BY_WORD: [(&str, &str); 4] = [
    ("bill.rs", " tables "),
    ("record.rs", " records "),
    ("reading.rs", " records "),
    ("step.rs", " steps "),
];
/// Files that a kind has if another one of its files names what is in it, and only then.
const BY_USE: [(&str, &str, &str); 3] = [
    ("chart.rs", "record.rs", "super::chart::CHARTS"),
    ("label.rs", "view.rs", "label::LABELS"),
    ("warning.rs", "view.rs", "warning::expected"),
];
/// What other kinds and the frame may name of a kind.
const SEEN: [&str; 3] = ["language", "record", "step"];
/// Inner files that are seen outside, and why.
const SEEN_FOR: [(&str, &str, &str); 1] =
    [("balancer", "picker", "a bench compares it with other ways to choose a target")];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The lines of the list of kinds.
fn list() -> Vec<String> {
    let text = read(&source().join("kind.rs"));
    let (_, list) = text.rsplit_once("kinds! {").unwrap();
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "}");
    lines.map(str::to_owned).collect()
}

/// The line of a kind, and the names in its folder: `bill.rs`, `language` for a folder.
fn of(kind: &str) -> (String, BTreeSet<String>) {
    let line = list().into_iter().find(|line| line.split_whitespace().next() == Some(kind)).unwrap();
    let names = fs::read_dir(source().join("kind").join(kind)).unwrap();
    (line, names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
}

#[test]
fn every_kind_is_in_the_list_and_has_its_files() {
    let mut listed: Vec<String> =
        list().iter().filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect();
    listed.sort_unstable();
    let mut found = kinds();
    found.sort_unstable();
    assert!(found.len() >= 6);
    assert_eq!(listed, found);
    for kind in found {
        let (line, files) = of(&kind);
        let folder = source().join("kind").join(&kind);
        for file in ALWAYS {
            assert!(files.contains(file), "{kind} has no {file}");
        }
        for (file, word) in BY_WORD {
            assert_eq!(files.contains(file), line.contains(word), "{line}: {file}");
        }
        for (file, by, name) in BY_USE {
            assert_eq!(
                files.contains(file),
                read(&folder.join(by)).contains(name),
                "{kind}: {file} and {by}"
            );
        }
        // Users can name the type of every outcome.
        let told = format!("pub use crate::kind::{kind}::record::");
        assert_eq!(
            read(&source().join("outcome.rs")).contains(&told),
            line.contains(" records "),
            "{line}: its outcome in outcome.rs"
        );
        // A folder has the parts of the file of its name.
        for name in files.iter().filter(|name| !name.contains('.')) {
            assert!(files.contains(&format!("{name}.rs")), "{kind}/{name} is of no file");
        }
    }
}

#[test]
fn what_is_no_seam_is_reached_by_its_own_kind_alone() {
    for kind in kinds() {
        let module = read(&source().join("kind").join(format!("{kind}.rs")));
        let declared = module.lines().filter_map(|line| {
            let (before, name) = line.trim_end_matches(';').rsplit_once("mod ")?;
            Some((before.trim().to_owned(), name.to_owned()))
        });
        let declared: Vec<(String, String)> = declared.collect();
        let names: BTreeSet<String> = declared.iter().map(|(_, name)| format!("{name}.rs")).collect();
        let (_, files) = of(&kind);
        let sources: BTreeSet<String> = files.into_iter().filter(|file| file.ends_with(".rs")).collect();
        assert_eq!(names, sources, "{kind}");
        for (before, name) in &declared {
            let known = SEEN_FOR.iter().any(|(of, seen, _)| (*of, *seen) == (kind.as_str(), name.as_str()));
            assert!(
                known || before.is_empty() || SEEN.contains(&name.as_str()),
                "{kind}: {before} mod {name}"
            );
        }
    }
}

#[test]
fn every_kind_has_rules_and_tests_of_its_own() {
    // The table of a kind has the name of its folder.
    let ids = read(&source().join("id.rs"));
    let tests = source().with_file_name("tests").join("it/kind");
    for kind in kinds() {
        let (line, _) = of(&kind);
        let folder = source().join("kind").join(&kind);
        let include = format!("#![doc = include_str!(\"{kind}/rules.md\")]");
        let module = read(&folder.with_extension("rs"));
        assert!(module.contains(&include), "the docs of {kind} do not have its rules");
        let rules = read(&folder.join("rules.md"));
        assert!(rules.contains(&format!("tests/it/kind/{kind}")), "no test of {kind} holds its rules");
        assert!(tests.join(format!("{kind}.rs")).exists(), "{kind} has no tests of its own");
        let declared = read(&tests.with_extension("rs")).contains(&format!("\nmod {kind};\n"));
        assert!(declared, "the tests of {kind} are in no module: they do not run");
        assert_eq!(line.contains(" tables "), ids.contains(&format!(" \"{kind}\" ")), "{line}");
    }
}
