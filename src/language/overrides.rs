//! `--set path.to.key=value`: values of the command line that replace those of the file.
//!
//! In: the tree of the files and the texts of the overrides. Out: the tree with all overrides applied,
//! with spans that point into the text of the override.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::extended::{EXTENDS, WITHOUT};
use super::names::closest;
use super::problem::Problem;
use super::source::{Sources, Span};
use crate::number::counted;

/// Name of the source for problems inside an override.
pub(crate) const SOURCE: &str = "--set";

/// Applies the overrides, which are the sources after the files.
pub(crate) fn apply<'s>(
    root: &mut DeTable<'s>,
    sources: &'s Sources,
    starts: &[usize],
) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let text = sources.part(sources.files() + index);
        let applied = parse(text).and_then(|(path, value)| {
            let name = path.first().filter(|_| path.len() == 1).map(|key| key.get_ref().as_str());
            if let Some(name @ (EXTENDS | WITHOUT)) = name {
                return Err(Fault {
                    span: path[0].span(),
                    message: format!("`{name}` says what the file is made of, and is read before it"),
                    hint: "write it into the file".into(),
                });
            }
            insert(root, path, value, *start)
        });
        if let Err(fault) = applied {
            problems.push(Problem::at(&shifted(&fault.span, *start), fault.message).hint(fault.hint));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Overrides of a named table that the file does not have, although it has one with a similar name. Returns a problem
/// for each, with the span of its override; `tables` are those that hold names. If the table then lacks keys, the name
/// was probably misspelt.
pub(crate) fn strangers(
    root: &DeTable,
    sources: &Sources,
    starts: &[usize],
    tables: &[&str],
) -> Vec<(Problem, Span)> {
    let mut found = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let text = sources.part(sources.files() + index);
        let Ok((path, _)) = parse(text) else { continue };
        let [kind, name, _, ..] = path.as_slice() else { continue };
        let Some(DeValue::Table(table)) = root.get(kind.get_ref().as_str()).map(Spanned::get_ref) else {
            continue;
        };
        if !tables.contains(&kind.get_ref().as_str()) || table.contains_key(name.get_ref().as_str()) {
            continue;
        }
        let known = table.keys().map(|key| key.get_ref().as_ref());
        let Some(close) = closest(name.get_ref(), known) else { continue };
        let message = format!("the file has no [{}.{}]", kind.get_ref(), name.get_ref());
        let problem = Problem::at(&shifted(&name.span(), *start), message).code("unknown-name");
        found.push((problem.hint(format!("did you mean `{close}`?")), *start..*start + text.len() + 1));
    }
    found
}

/// The error in an override, with a place inside its own text.
struct Fault {
    span: Span,
    message: String,
    hint: String,
}

const HINT: &str = "write --set fleet.web.max=80";

pub(super) type Path = Vec<Spanned<String>>;

pub(super) fn shifted(span: &Span, by: usize) -> Span {
    span.start + by..span.end + by
}

/// Splits an override into the keys of its path and its value.
fn parse(text: &str) -> Result<(Path, Spanned<DeValue<'_>>), Fault> {
    let fault =
        |span: Range<usize>, message: &str| Fault { span, message: message.into(), hint: HINT.into() };
    let equals = equals_sign(text).ok_or_else(|| fault(0..text.len(), "an override without `=`"))?;
    let path = path(&text[..equals]).ok_or_else(|| fault(0..equals, "not the path of a key"))?;

    let rest = &text[equals + 1..];
    let start = equals + 1 + (rest.len() - rest.trim_start().len());
    let written = rest.trim();
    let value = match DeValue::parse(written) {
        Ok(value) => shift(value, start),
        // Text that looks like TOML was meant as TOML; any other text stands for itself, without quotes.
        Err(error) if written.starts_with(['[', '{', '"', '\'']) => {
            let span = error.span().unwrap_or(0..written.len());
            return Err(Fault {
                span: shifted(&span, start),
                message: error.message().to_owned(),
                hint: "the value of an override is TOML, or text without quotes".into(),
            });
        }
        Err(_) => Spanned::new(start..start + written.len(), DeValue::String(written.into())),
    };
    Ok((path, value))
}

/// The first `=` outside quotes, which are those of TOML: between double ones a backslash takes the next letter along.
fn equals_sign(text: &str) -> Option<usize> {
    let (mut quote, mut escaped) = (None, false);
    for (index, character) in text.char_indices() {
        match (character, quote) {
            _ if escaped => escaped = false,
            ('\\', Some('"')) => escaped = true,
            ('=', None) => return Some(index),
            ('"' | '\'', None) => quote = Some(character),
            (character, Some(open)) if character == open => quote = None,
            _ => {}
        }
    }
    None
}

/// The path and the value of an override, as they are written; nothing without an `=` between them.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let at = equals_sign(text)?;
    Some((text[..at].trim(), text[at + 1..].trim()))
}

/// The keys of a path, one in the other; nothing if it is none.
pub(crate) fn keys_of_path(text: &str) -> Option<Vec<String>> {
    Some(path(text)?.into_iter().map(Spanned::into_inner).collect())
}

/// The keys that an override is of, one in the other; nothing if it is none.
pub(crate) fn keys(text: &str) -> Option<Vec<String>> {
    keys_of_path(split(text)?.0)
}

/// The keys of a dotted path, as TOML itself reads them.
pub(super) fn path(text: &str) -> Option<Path> {
    let line = format!("{text}=0");
    let table = DeTable::parse(&line).ok()?;
    let mut keys = Vec::new();
    let mut table = table.get_ref();
    loop {
        let mut entries = table.iter();
        let (key, value) = entries.next()?;
        if entries.next().is_some() {
            return None;
        }
        keys.push(Spanned::new(key.span(), key.get_ref().to_string()));
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => return Some(keys),
        }
    }
}

/// Shifts every span of a value.
fn shift<'i>(value: Spanned<DeValue<'i>>, by: usize) -> Spanned<DeValue<'i>> {
    let span = shifted(&value.span(), by);
    let value = match value.into_inner() {
        DeValue::Array(array) => {
            DeValue::Array(array.into_iter().map(|element| shift(element, by)).collect())
        }
        DeValue::Table(table) => DeValue::Table(shift_table(table, by)),
        other => other,
    };
    Spanned::new(span, value)
}

/// Shifts every span of a table.
pub(super) fn shift_table<'i>(table: DeTable<'i>, by: usize) -> DeTable<'i> {
    let shift_entry = |(key, value): (Spanned<_>, _)| {
        (Spanned::new(shifted(&key.span(), by), key.into_inner()), shift(value, by))
    };
    table.into_iter().map(shift_entry).collect()
}

/// What an override reaches into.
enum Holder<'t, 's> {
    Table(&'t mut DeTable<'s>),
    /// A list, and what it is called.
    List(&'t mut DeArray<'s>, String),
}

/// Puts a value at its path, making the tables on the way. The items of a list are numbered from 0.
fn insert<'s>(
    root: &mut DeTable<'s>,
    mut path: Path,
    value: Spanned<DeValue<'s>>,
    start: usize,
) -> Result<(), Fault> {
    let Some(last) = path.pop() else { return Ok(()) };
    let mut holder = Holder::Table(root);
    for key in path {
        let (span, place) = (key.span(), shifted(&key.span(), start));
        let name = key.get_ref().clone();
        let entry = match holder {
            Holder::Table(table) => table
                .entry(Spanned::new(place.clone(), name.clone().into()))
                .or_insert_with(|| Spanned::new(place, DeValue::Table(DeTable::new()))),
            Holder::List(list, of) => item(list, &of, &key)?,
        };
        let found = entry.get_ref().type_str();
        holder = match entry.get_mut() {
            DeValue::Table(inner) => Holder::Table(inner),
            DeValue::Array(inner) => Holder::List(inner, name),
            _ => {
                return Err(Fault {
                    span,
                    message: format!("`{name}` is not a table but a value of type {found}"),
                    hint: "an override reaches into tables and lists only; replace the whole value".into(),
                });
            }
        };
    }
    match holder {
        Holder::Table(table) => {
            let span = shifted(&last.span(), start);
            let name = last.into_inner();
            // Without this the key of the file would stay, and with it the place of the old value.
            table.remove(name.as_str());
            table.insert(Spanned::new(span, name.into()), shift(value, start));
        }
        Holder::List(list, of) => *item(list, &of, &last)? = shift(value, start),
    }
    Ok(())
}

/// An item of a list by its number.
fn item<'t, 's>(
    list: &'t mut DeArray<'s>,
    of: &str,
    key: &Spanned<String>,
) -> Result<&'t mut Spanned<DeValue<'s>>, Fault> {
    let (number, count) = (key.get_ref(), list.len());
    let fault = |message: String| Fault {
        span: key.span(),
        message,
        hint: match count {
            0 => format!("replace the whole of `{of}`"),
            _ => format!("its items are counted from 0 to {}; or replace the whole of `{of}`", count - 1),
        },
    };
    let Ok(at) = number.parse::<usize>() else {
        return Err(fault(format!("`{of}` is a list, and `{number}` is no number of an item")));
    };
    let items = counted(count as u64, "item");
    list.get_mut(at).ok_or_else(|| fault(format!("`{of}` has {items}, and none with the number {at}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(file: &str, text: &str) -> Result<String, String> {
        let mut sources = Sources::default();
        sources.add_file("a.toml", file);
        let start = sources.add(SOURCE, text);
        let mut root = DeTable::parse(sources.part(0)).unwrap().into_inner();
        apply(&mut root, &sources, &[start]).map_err(|problems| problems[0].message.clone())?;
        let table = &root;
        let mut value = table.values().next().unwrap();
        loop {
            value = match value.get_ref() {
                DeValue::Table(inner) => inner.values().next().unwrap(),
                // What the last override has put into a list is its last item here.
                DeValue::Array(items) if text.split('=').next().unwrap().contains('.') => {
                    items.last().unwrap()
                }
                _ => break,
            };
        }
        let place = sources.locate(&value.span()).unwrap();
        Ok(format!("{}: {}", value.get_ref().type_str(), &place.text[place.span]))
    }

    #[test]
    fn a_value_is_toml_or_else_text() {
        assert_eq!(set("", "fleet.web.max=80").unwrap(), "integer: 80");
        assert_eq!(set("", "duration = 4h").unwrap(), "string: 4h");
        assert_eq!(set("", "prices.\"EC2/m6i.large\"=0.1").unwrap(), "float: 0.1");
        assert_eq!(set("", r#"prices."a=\"b\"=".c=0.1"#).unwrap(), "float: 0.1");
        assert_eq!(set("", r"prices.'a=b\'.c=0.1").unwrap(), "float: 0.1", "no escape between these quotes");
        assert_eq!(keys(r#"prices."a=\"b\"".c=0.1"#).unwrap(), ["prices", "a=\"b\"", "c"]);
        assert_eq!(set("max = 1", "max=[1, 2]").unwrap(), "array: [1, 2]");
        assert_eq!(set("[fleet.web]\nmax = 1", "fleet.web.max=2").unwrap(), "integer: 2");
    }

    #[test]
    fn an_item_of_a_list_is_reached_by_its_number() {
        let file = "steps = [{ cpu = \"1ms\" }, { delay = \"2ms\" }]";
        assert_eq!(set(file, "steps.1.delay=9ms").unwrap(), "string: 9ms");
        assert_eq!(set("knots = [[1, 2], [3, 4]]", "knots.1.1=7").unwrap(), "integer: 7");
        assert_eq!(set("[[a.steps]]\nx = 1\n[[a.steps]]\nx = 2", "a.steps.1.x=3").unwrap(), "integer: 3");
        assert_eq!(set(file, "steps.1={ delay = \"3ms\" }").unwrap(), "string: \"3ms\"");
        let wrong = |text: &str| set(file, text).unwrap_err();
        assert_eq!(wrong("steps.2.cpu=1ms"), "`steps` has 2 items, and none with the number 2");
        assert_eq!(wrong("steps.2=1"), "`steps` has 2 items, and none with the number 2");
        assert_eq!(wrong("steps.first.cpu=1ms"), "`steps` is a list, and `first` is no number of an item");
        assert_eq!(wrong("steps.0.cpu.x=1ms"), "`cpu` is not a table but a value of type string");
        assert!(set("steps = []", "steps.0=1").unwrap_err().contains("has 0 items"));
    }

    #[test]
    fn a_broken_override_is_refused() {
        assert_eq!(set("", "fleet.web.max").unwrap_err(), "an override without `=`");
        assert_eq!(set("", "fleet..max=1").unwrap_err(), "not the path of a key");
        assert!(set("", "max=[1").unwrap_err().contains("array"));
        assert!(set("", "extends=a.toml").unwrap_err().contains("read before it"));
        assert!(set("", "without=[]").is_err() && set("", "fleet.without=1").is_ok());
        assert_eq!(set("a = 1", "a.b=2").unwrap_err(), "`a` is not a table but a value of type integer");
    }
}
