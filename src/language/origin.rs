//! The text of a checked scenario, to show later remarks at their place.
//!
//! In: keys by their path, and remarks about them. Out: a [`Report`] with the lines of these keys.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Problems, Report};
use super::source::{Sources, Span};
use super::{extended, overrides};

/// The sources of a scenario: its files and the overrides.
#[derive(Clone, Debug)]
pub struct Origin {
    file: String,
    sources: Sources,
}

impl Origin {
    pub(crate) fn new(file: &str, sources: Sources) -> Origin {
        Origin { file: file.to_owned(), sources }
    }

    /// A page of warnings. Each is a problem without a place, with the path of its key. If the file does not have the
    /// key, the table around it is shown.
    pub fn report(&self, found: impl IntoIterator<Item = (Problem, Vec<String>)>) -> Report {
        // What was read once can be read again.
        let mut root = extended::tree(&self.sources).unwrap_or_default();
        let starts = self.sources.starts_of_overrides();
        // Overrides that have been applied once can be applied again.
        let _ = overrides::apply(&mut root, &self.sources, &starts);
        let mut problems = Problems::default();
        for (problem, path) in found {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            problems.push(Problem { span: place(&root, &path), ..problem }.into_warning());
        }
        problems.report(&self.file, self.sources.clone())
    }
}

/// The place of the longest part of a path that exists: a value on one line, or else its key.
fn place(table: &DeTable, path: &[&str]) -> Option<Span> {
    let (name, rest) = path.split_first()?;
    let (key, value) = table.get_key_value(*name)?;
    inner(value, rest).or_else(|| match value.get_ref() {
        // For a table, the name in its header.
        DeValue::Table(_) => Some(key.span()),
        _ => Some(value.span()),
    })
}

fn inner(value: &Spanned<DeValue>, path: &[&str]) -> Option<Span> {
    match (value.get_ref(), path.split_first()) {
        (DeValue::Table(table), Some(_)) => place(table, path),
        (DeValue::Array(array), Some((index, rest))) => {
            let element = array.get(index.parse::<usize>().ok()?)?;
            inner(element, rest).or_else(|| Some(element.span()))
        }
        _ => None,
    }
}
