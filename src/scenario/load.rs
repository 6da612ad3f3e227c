//! Reads a whole scenario: files, overrides, syntax, tables, and what must fit together.
//!
//! In: a path or bytes. Out: a [`Scenario`], or a [`Report`] of every problem.

use std::io;
use std::path::{Path, PathBuf};

use super::{Scenario, extends, foreign, root};
use toml::de::DeTable;

use crate::id::Kind;
use crate::language::files::Files;
use crate::language::nature::Nature;
use crate::language::origin::Origin;
use crate::language::problem::{Problem, Problems, Report};
use crate::language::reader::{Context, Reader};
use crate::language::recordings::Recordings;
use crate::language::source::{Sources, Span};
use crate::language::{extended, hidden, overrides};

/// Largest scenario file, in bytes: a hundred thousand knots fit.
pub(super) const FILE_MAX: u64 = 4 << 20;

/// Why there is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file could not be read at all.
    #[error("cannot read scenario `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file has problems; [`Report::render`] is the page that shows them.
    #[error("{0}")]
    Invalid(Report),
}

/// Reads a scenario from a file and applies `--set` overrides such as `fleet.web.max=80`.
///
/// # Errors
/// The file cannot be read, or it or an override has problems; all of them are in the report.
pub fn load(path: &Path, overrides: &[String]) -> Result<Scenario, ScenarioError> {
    load_with_origin(path, overrides).map(|(scenario, _)| scenario)
}

/// As [`load`], and the text that the scenario comes from.
///
/// # Errors
/// As those of [`load`].
pub fn load_with_origin(path: &Path, overrides: &[String]) -> Result<(Scenario, Origin), ScenarioError> {
    load_from(&Files::Disk, path, overrides)
}

/// As [`load_with_origin`], from files that are given instead of those on the disk.
///
/// # Errors
/// As those of [`load`].
pub fn load_from(
    files: &Files,
    path: &Path,
    overrides: &[String],
) -> Result<(Scenario, Origin), ScenarioError> {
    let unreadable = |source| ScenarioError::Unreadable { path: path.to_owned(), source };
    let text = files.bytes(path, FILE_MAX).map_err(unreadable)?;
    let base_dir = path.parent().unwrap_or(Path::new(""));
    let mut sources = Sources::default();
    if !files.is_called(path, "toml") {
        sources.conceal();
    }
    scenario(files, &path.display().to_string(), &text, base_dir, overrides, sources, true)
}

/// Reads a scenario, and hands over the tree that it was read from, with what its numbers were read as; of several notes of a place the
/// last one counts.
///
/// # Errors
/// As those of [`load`].
pub(super) fn trace(
    path: &Path,
    overrides: &[String],
    seen: impl FnOnce(&DeTable<'_>, &[(Span, Nature)]),
) -> Result<(), ScenarioError> {
    let unreadable = |source| ScenarioError::Unreadable { path: path.to_owned(), source };
    let files = Files::Disk;
    let text = files.bytes(path, FILE_MAX).map_err(unreadable)?;
    let (name, base_dir) = (path.display().to_string(), path.parent().unwrap_or(Path::new("")));
    let mut sources = Sources::default();
    if !files.is_called(path, "toml") {
        sources.conceal();
    }
    let natures = match read(&files, &name, &text, base_dir, overrides, &mut sources, true) {
        Ok((_, cx)) => cx.natures(),
        Err(problems) => return Err(ScenarioError::Invalid(problems.report(&name, sources))),
    };
    // What was read once can be read again.
    let mut tree = extended::tree(&sources).unwrap_or_default();
    let _ = overrides::apply(&mut tree, &sources, &sources.starts_of_overrides());
    seen(&tree, &natures);
    Ok(())
}

/// Reads a scenario from bytes. `file_name` is for messages and the slug; files that the scenario names are
/// looked for in `base_dir`.
///
/// # Errors
/// The text or an override has problems; all of them are in the report.
pub fn parse(
    file_name: &str,
    text: &[u8],
    base_dir: &Path,
    overrides: &[String],
) -> Result<Scenario, ScenarioError> {
    parse_with_origin(file_name, text, base_dir, overrides).map(|(scenario, _)| scenario)
}

/// As [`parse`], and the text that the scenario comes from.
///
/// # Errors
/// As those of [`parse`].
pub fn parse_with_origin(
    file_name: &str,
    text: &[u8],
    base_dir: &Path,
    overrides: &[String],
) -> Result<(Scenario, Origin), ScenarioError> {
    scenario(&Files::Disk, file_name, text, base_dir, overrides, Sources::default(), false)
}

/// Reads a scenario; what knows no key of the language is a `foreign` file, of which nothing is shown.
fn scenario(
    files: &Files,
    file_name: &str,
    text: &[u8],
    base_dir: &Path,
    overrides: &[String],
    mut sources: Sources,
    foreign: bool,
) -> Result<(Scenario, Origin), ScenarioError> {
    match read(files, file_name, text, base_dir, overrides, &mut sources, foreign) {
        Ok((scenario, _)) => Ok((scenario, Origin::new(file_name, sources))),
        Err(problems) => Err(ScenarioError::Invalid(problems.report(file_name, sources))),
    }
}

/// Problems of the first stage that has any: bytes, syntax, overrides, meaning.
fn read(
    files: &Files,
    file_name: &str,
    text: &[u8],
    base_dir: &Path,
    overrides: &[String],
    sources: &mut Sources,
    foreign: bool,
) -> Result<(Scenario, Context), Problems> {
    if text.len() as u64 > FILE_MAX {
        let problem = Problem::of_file("the file is too large to be a scenario");
        return Err(only([problem.hint(format!("at most {} MiB", FILE_MAX >> 20))]));
    }
    let file = match std::str::from_utf8(text) {
        Ok(file) => file,
        Err(error) => {
            let offset = error.valid_up_to();
            sources.add(file_name, &String::from_utf8_lossy(text));
            let byte = text.get(offset).copied().unwrap_or_default();
            let message = format!("not UTF-8 text: byte 0x{byte:02x} at offset {offset}");
            let replaced = offset..offset + char::REPLACEMENT_CHARACTER.len_utf8();
            return Err(only([Problem::at(&replaced, message).hint("save the file as UTF-8")]));
        }
    };
    sources.add_file(file_name, file);
    let folders = extends::gather(files, file_name, base_dir, sources).map_err(|problem| only([*problem]))?;
    let starts: Vec<usize> = overrides.iter().map(|text| sources.add(overrides::SOURCE, text)).collect();

    let mut tree = extended::tree(sources).map_err(only)?;
    if let Some(problem) = study(file_name, &tree) {
        return Err(only([problem]));
    }
    let tables = Kind::TABLES;
    let foreign = foreign && !tree.keys().any(|key| root::SHAPE.has(key.get_ref()));
    let strangers = overrides::strangers(&tree, sources, &starts, &tables);
    overrides::apply(&mut tree, sources, &starts).map_err(|list| only(list).of_foreign(foreign))?;

    let cx = Context::new(&tree, &tables, Recordings::of(files.clone(), folders), foreign::key);
    hidden::check(&cx, &tree);
    overrides
        .iter()
        .zip(&starts)
        .for_each(|(text, start)| hidden::look(&cx, text, &(*start..start + text.len())));
    let scenario =
        Reader::read(&cx, &tree, 0..0, &root::SHAPE, None, |reader| root::scenario(file_name, reader));
    root::whole(&cx, &scenario);
    match cx.has_problems() {
        false => Ok((scenario, cx)),
        true => Err(cx.into_problems().without_missing(strangers).of_foreign(foreign)),
    }
}

/// What can be read of a text that is not whole, for editors. Files that it names are not looked at.
pub(super) fn draft(text: &str) -> Scenario {
    let (tree, _) = DeTable::parse_recoverable(text);
    let recordings = Recordings::of(Files::given([]), Vec::new());
    let cx = Context::new(tree.get_ref(), &Kind::TABLES, recordings, foreign::key);
    Reader::read(&cx, tree.get_ref(), 0..0, &root::SHAPE, None, |reader| root::scenario("", reader))
}

/// What is wrong with a scenario that is read already as TOML, for editors. Files that it names are not looked at, and are not there.
pub(super) fn problems_of(tree: &DeTable<'_>) -> Vec<Problem> {
    let cx = Context::new(tree, &Kind::TABLES, Recordings::of(Files::given([]), Vec::new()), foreign::key);
    let scenario = Reader::read(&cx, tree, 0..0, &root::SHAPE, None, |reader| root::scenario("", reader));
    root::whole(&cx, &scenario);
    cx.into_problems().into_kept()
}

/// What to do with a study file, which names the scenario that it is of: else there would be a problem for everything that it lacks.
fn study(file_name: &str, tree: &DeTable<'_>) -> Option<Problem> {
    let (key, of) = tree.get_key_value("scenario")?;
    let is_study = of.get_ref().is_str() && !["traffic", "request"].iter().any(|it| tree.contains_key(*it));
    let problem = Problem::at(&key.span(), "this is a study of a scenario, and no scenario");
    is_study.then(|| {
        problem.hint(format!(
            "`simcap sweep {file_name}` runs it; `simcap plan {file_name}` chooses among its points"
        ))
    })
}

fn only(list: impl IntoIterator<Item = Problem>) -> Problems {
    let mut problems = Problems::default();
    list.into_iter().for_each(|problem| problems.push(problem));
    problems
}

/// How the values of a file were read that uses every table and key of the language at least once.
#[cfg(test)]
pub(super) fn trail_of_everything() -> Vec<(Span, crate::language::reader::Seen)> {
    let base_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/good");
    let text = include_bytes!("../../tests/it/good/everything.toml");
    let read = read(&Files::Disk, "everything.toml", text, &base_dir, &[], &mut Sources::default(), false);
    read.map_or_else(|_| Vec::new(), |(_, cx)| cx.trail.take())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::reference::shapes;
    use super::*;

    /// Uses every table and key of the language at least once.
    const EVERYTHING: &str = include_str!("../../tests/it/good/everything.toml");

    #[test]
    fn the_reference_lists_every_key_that_is_read_and_no_other() {
        let base_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/good");
        let read = read(
            &Files::Disk,
            "everything.toml",
            EVERYTHING.as_bytes(),
            &base_dir,
            &[],
            &mut Sources::default(),
            false,
        );
        let (_, cx) = read.map_err(|_| "everything.toml has problems").unwrap();
        let listed: BTreeSet<_> =
            shapes().flat_map(|shape| shape.keys.iter().map(|key| (shape.title, key.name))).collect();
        let asked = cx.asked();
        assert_eq!(listed.difference(&asked).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
        assert_eq!(asked.difference(&listed).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
    }
}
