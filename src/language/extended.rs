//! A scenario that extends another one: the tree of all its files together.
//!
//! In: the texts of the file, of the one that it extends, and so on. Out: one tree, in which a table of both is one table with the keys of both, and any other
//! value is that of the file that extends; a table whose keys are places in a list changes items of it. What `without` names is left out before that.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::names::closest;
use super::overrides::{path, shift_table, shifted};
use super::problem::Problem;
use super::source::{Sources, Span};
use super::syntax;

/// The key that names the file that is extended.
pub(crate) const EXTENDS: &str = "extends";
/// The key that names what is left out of it.
pub(crate) const WITHOUT: &str = "without";
/// Deepest tables in tables. Source: nothing in the language has as many.
const DEPTH_MAX: usize = 60;

/// The file that a text extends, if it is TOML and says so; or the place of what should be the name of one.
pub(crate) fn extends(text: &str) -> Option<Result<(String, Span), Span>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let value = root.get_ref().get(EXTENDS).filter(|_| errors.is_empty())?;
    Some(match value.get_ref() {
        DeValue::String(name) => Ok((name.to_string(), value.span())),
        _ => Err(value.span()),
    })
}

/// The tree of all files.
pub(crate) fn tree(sources: &Sources) -> Result<DeTable<'_>, Vec<Problem>> {
    let (mut tree, mut problems) = (DeTable::new(), Vec::new());
    let starts = sources.starts();
    for index in (0..sources.files()).rev() {
        let (text, start) = (sources.part(index), starts[index]);
        let (root, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let errors = errors.iter().map(|error| (error.span(), error.message()));
            let found = syntax::problems(text, errors).into_iter();
            problems
                .extend(found.map(|it| Problem { span: it.span.map(|span| shifted(&span, start)), ..it }));
            continue;
        }
        let mut table = root.into_inner();
        // A file alone is read as it is, whatever is in it.
        if sources.files() > 1 {
            if let Some(key) = too_deep(&table) {
                let span = shifted(&key, start);
                return Err(vec![Problem::at(&span, "tables that are nested too deeply")]);
            }
            table = shift_table(table, start);
            problems.extend(leave_out(&mut tree, table.get(WITHOUT)));
        }
        // These are of each file alone.
        tree.remove(EXTENDS);
        tree.remove(WITHOUT);
        merge(&mut tree, table);
    }
    if problems.is_empty() { Ok(tree) } else { Err(problems) }
}

/// A key below which tables are too deep, if there is one.
fn too_deep(root: &DeTable) -> Option<Span> {
    let mut tables = vec![(root, 0, None)];
    // A loop, because dotted keys can be nested deeper than the call stack.
    while let Some((table, depth, top)) = tables.pop() {
        for (key, value) in table {
            let top: Span = top.clone().unwrap_or_else(|| key.span());
            match value.get_ref() {
                DeValue::Table(_) if depth == DEPTH_MAX => return Some(top),
                DeValue::Table(inner) => tables.push((inner, depth + 1, Some(top))),
                // Arrays are values, which the parser bounds.
                _ => {}
            }
        }
    }
    None
}

/// Leaves out of a tree what the value of `without` names. What is no list of texts is told when it is read.
fn leave_out(tree: &mut DeTable, without: Option<&Spanned<DeValue>>) -> Vec<Problem> {
    let Some(without) = without else { return Vec::new() };
    let all = match without.get_ref() {
        DeValue::Array(all) => all.iter().collect(),
        _ => vec![without],
    };
    let mut problems = Vec::new();
    for value in all {
        let DeValue::String(text) = value.get_ref() else { continue };
        let Some(keys) = path(text) else {
            let hint = "write the path of a table or a key, such as \"fleet.web\"";
            problems.push(Problem::at(&value.span(), "not the path of a key").hint(hint));
            continue;
        };
        let keys: Vec<&str> = keys.iter().map(|key| key.get_ref().as_str()).collect();
        problems.extend(remove(tree, &keys).err().map(|hint| {
            let problem = Problem::at(&value.span(), format!("`{text}` is not in what this file extends"));
            match hint {
                Some(hint) => problem.hint(hint),
                None => problem,
            }
        }));
    }
    problems
}

/// Removes what is at a path; else says what may have been meant.
fn remove(table: &mut DeTable, path: &[&str]) -> Result<(), Option<String>> {
    let Some((name, rest)) = path.split_first() else { return Err(None) };
    if !table.contains_key(*name) {
        let known = table.keys().map(|key| key.get_ref().as_ref());
        return Err(closest(name, known).map(|close| format!("did you mean `{close}`?")));
    }
    if rest.is_empty() {
        table.remove(*name);
        return Ok(());
    }
    match table.get_mut(*name).map(Spanned::get_mut) {
        Some(DeValue::Table(inner)) => remove(inner, rest),
        _ => Err(Some(format!("`{name}` is no table: name all of it"))),
    }
}

/// Whether the keys of a table are places of a list of this length.
fn are_items(table: &DeTable, length: usize) -> bool {
    let is_place = |key: &str| {
        key.bytes().all(|it| it.is_ascii_digit()) && key.parse().is_ok_and(|it: usize| it < length)
    };
    !table.is_empty() && table.keys().all(|key| is_place(key.get_ref()))
}

/// Puts what a file says of items of a list over them.
fn merge_items<'s>(items: &mut DeArray<'s>, over: DeTable<'s>) {
    for (key, value) in over {
        let Some(item) = key.get_ref().parse().ok().and_then(|at: usize| items.get_mut(at)) else { continue };
        let span = value.span();
        match (item.get_mut(), value.into_inner()) {
            (DeValue::Table(inner), DeValue::Table(table)) => merge(inner, table),
            (DeValue::Array(inner), DeValue::Table(table)) if are_items(&table, inner.len()) => {
                merge_items(inner, table);
            }
            (_, value) => *item = Spanned::new(span, value),
        }
    }
}

/// Puts what a file says over what it extends.
fn merge<'s>(base: &mut DeTable<'s>, over: DeTable<'s>) {
    for (key, value) in over {
        let name = key.get_ref().to_string();
        let span = value.span();
        match (base.get_mut(name.as_str()).map(Spanned::get_mut), value.into_inner()) {
            (Some(DeValue::Table(inner)), DeValue::Table(table)) => merge(inner, table),
            // `steps.0.cpu = "7ms"` changes an item of a list, as `--set` does.
            (Some(DeValue::Array(items)), DeValue::Table(table)) if are_items(&table, items.len()) => {
                merge_items(items, table);
            }
            (_, value) => {
                // Without this the key would stay where it was, and so would its place.
                base.remove(name.as_str());
                base.insert(key, Spanned::new(span, value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree of files, each of which extends the next one, as text.
    fn of(files: &[&str]) -> Result<String, String> {
        let mut sources = Sources::default();
        for (index, file) in files.iter().enumerate() {
            sources.add_file(&format!("{index}.toml"), file);
        }
        let tree = tree(&sources).map_err(|problems| {
            let place = |it: &Problem| {
                let place = sources.locate(it.span.as_ref().unwrap()).unwrap();
                format!("{}: {} at {}", place.source, it.message, &place.text[place.span])
            };
            problems.iter().map(place).collect::<Vec<_>>().join("; ")
        })?;
        Ok(shown(&tree))
    }

    fn shown(table: &DeTable) -> String {
        let mut all: Vec<String> = table
            .iter()
            .map(|(key, value)| match value.get_ref() {
                DeValue::Table(inner) => format!("{} {{ {} }}", key.get_ref(), shown(inner)),
                DeValue::Integer(number) => format!("{} {number}", key.get_ref()),
                other => format!("{} {}", key.get_ref(), other.type_str()),
            })
            .collect();
        all.sort();
        all.join(", ")
    }

    #[test]
    fn tables_are_put_together_and_values_replaced() {
        let base = "a = 1\nlist = [1, 2]\n[fleet.web]\nmin = 2\nmax = 4\n";
        assert_eq!(
            of(&["extends = \"1.toml\"\nlist = 3\n[fleet.web]\nmax = 8\n[fleet.jobs]\nmin = 1\n", base])
                .unwrap(),
            "a 1, extends string, fleet { jobs { min 1 }, web { max 8, min 2 } }, list 3"
        );
    }

    #[test]
    fn what_is_left_out_is_gone_and_can_come_again() {
        let base = "[fleet.web]\nmin = 2\nmax = 4\n[fleet.db]\nmin = 1\n";
        let over = "without = [\"fleet.db\", \"fleet.web.max\"]\nfleet.db.max = 3\n";
        assert_eq!(of(&[over, base]).unwrap(), "fleet { db { max 3 }, web { min 2 } }, without array");
        assert_eq!(of(&["without = \"fleet\"", base]).unwrap(), "without string");
        // Of three files the second one leaves out of the third.
        assert_eq!(
            of(&["a = 1", "without = \"fleet.db\"", base]).unwrap(),
            "a 1, fleet { web { max 4, min 2 } }"
        );
    }

    #[test]
    fn mistakes_have_their_place_in_their_own_file() {
        let base = "[fleet.web]\nmin = 2\n";
        let wrong = of(&["a = 1\nwithout = [\"fleet.wed\", \"fleet.web.min.x\", \"..\"]", base]).unwrap_err();
        assert_eq!(
            wrong,
            "0.toml: `fleet.wed` is not in what this file extends at \"fleet.wed\"; 0.toml: `fleet.web.min.x` is not in what this file \
             extends at \"fleet.web.min.x\"; 0.toml: not the path of a key at \"..\""
        );
        assert!(of(&["a = 1", "b = = 2"]).unwrap_err().starts_with("1.toml: "));
        let deep = format!("{}b = 1", "a.".repeat(70));
        assert!(of(&["a = 1", &deep]).unwrap_err().contains("nested too deeply"));
    }
}
