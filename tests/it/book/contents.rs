//! The contents of the book. In: `src/book/SUMMARY.md` and the files that are there. Out: whether each is a chapter, once, and opens with
//! the question that it answers; and whether the README still fits on two screens.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::links::{links, plain};
use super::root;

const SUMMARY: &str = "src/book/SUMMARY.md";

/// The files of a folder with an ending, as paths in the project.
fn files(folder: &str, name: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|it| name(it)).map(|name| Path::new(folder).join(name)).collect()
}

/// What has to be a chapter: what is written for the book, and what the docs of the crate and the command show.
fn wanted() -> BTreeSet<PathBuf> {
    let mut wanted: BTreeSet<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(PathBuf::from).into();
    wanted.extend(["scenarios/README.md", "src/model/rules.md", "tests/stack/result.md"].map(PathBuf::from));
    for folder in ["src", "src/book", "src/validate", "src/scenario/reference"] {
        wanted.extend(files(folder, |name| name.ends_with(".md") && name != "SUMMARY.md"));
    }
    for kind in files("src/kind", |name| !name.contains('.')) {
        let rules = kind.join("rules.md");
        if root().join(&rules).exists() {
            wanted.insert(rules);
        }
    }
    wanted
}

#[test]
fn every_chapter_is_in_the_contents_once() {
    let summary = fs::read_to_string(root().join(SUMMARY)).unwrap();
    let named = links(&summary).targets;
    let named: Vec<PathBuf> = named.iter().map(|it| plain(&Path::new("src/book").join(it))).collect();
    let mut once = BTreeSet::new();
    let twice: Vec<&PathBuf> = named.iter().filter(|it| !once.insert((*it).clone())).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let wanted = wanted();
    assert!(wanted.len() > 60, "{}", wanted.len());
    assert_eq!(once, wanted);
}

/// Whether a chapter has a title, and below it a question.
fn asks(chapter: &str) -> bool {
    let mut paragraphs = chapter.split("\n\n");
    let title = paragraphs.next().is_some_and(|it| it.starts_with("# ") && !it.contains('\n'));
    title && paragraphs.next().is_some_and(|it| it.starts_with('*') && it.ends_with("?*"))
}

#[test]
fn a_chapter_opens_with_the_question_that_it_answers() {
    let chapters = files("src/book", |name| name.ends_with(".md") && name != "SUMMARY.md");
    assert!(chapters.len() > 25, "{chapters:?}");
    let silent = |path: &&PathBuf| !asks(&fs::read_to_string(root().join(path)).unwrap());
    let silent: Vec<&PathBuf> = chapters.iter().filter(silent).collect();
    assert!(silent.is_empty(), "{silent:?}");
    assert!(asks("# Speed\n\n*How fast is it?*\n\nFast.\n"));
    assert!(!asks("# Speed\n\nIt is fast.\n") && !asks("*How fast is it?*\n\nFast.\n"));
}

/// A large terminal has some 65 lines.
#[test]
fn the_readme_is_two_screens() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let lines = readme.lines().count();
    assert!((60..=130).contains(&lines), "{lines} lines");
    let wide: Vec<&str> = readme.lines().filter(|line| line.chars().count() > 120).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}
