//! Which of the values that a key can have fit at a place. In: values, and the text around the place. Out: those in which the reader of
//! scenarios finds nothing wrong there.
//!
//! The words of a key say what it can be anywhere. What it can be here hangs on the other keys of its table, and on other tables: a gauge
//! that only some databases have, a queue that does not lead to itself. Only the reader knows that, so it is asked.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::choice::Choice;
use super::there::Around;
use crate::language::problem::Problem;
use crate::language::source::Span;
use crate::scenario::load;

/// Most values that are tried. More are those of a list of the catalogue, and fit alike.
const MANY: usize = 100;

/// So much text is read for all values of a place together, in bytes; those that are left then are offered untried. A file of 28 KB takes up
/// to 8 ms for each value, so that this is about half a second. It is a number and no time, so that the same is offered everywhere, in a
/// browser, too, which has no clock.
const READ_MAX: usize = 2 << 20;

/// A word that no file has.
const STRANGE: &str = "zz-no-such-value-zz";

/// Those that fit; if none does, the names and words that would if the rest of the file said something else.
pub(super) fn fitting(choices: Vec<Choice>, around: &Around, is_gauge: bool) -> Vec<Choice> {
    if choices.len() > MANY {
        return choices;
    }
    let Some(text) = around.with_value(&format!("\"{STRANGE}\"")) else { return choices };
    let (mut tree, _) = DeTable::parse_recoverable(&text);
    let tree = tree.get_mut();
    // The rest of what is extended is in another file.
    if tree.contains_key("extends") {
        return choices;
    }
    let Some(place) = value_in(tree, &|it| it.get_ref().as_str() == Some(STRANGE)) else { return choices };
    let place = place.span();
    // Of a gauge that cannot be, the reader shows the name of what looks at it. What else is shown there may be mended by other keys.
    let name = name_of_table(tree, around.path()).filter(|_| is_gauge);
    let is_there = |it: &Problem| {
        let is_at = |span: &Span| {
            place.contains(&span.start) || (it.code == "invalid" && name.as_ref() == Some(span))
        };
        it.span.as_ref().is_some_and(is_at)
    };
    let mut problems = |choice: &Choice| {
        if let Some(value) = value_in(tree, &|it| it.span() == place) {
            *value.get_mut() = written(choice);
        }
        load::problems_of(tree).into_iter().filter(is_there).collect::<Vec<_>>()
    };
    let count = READ_MAX / text.len().max(1);
    let tried = choices.into_iter().enumerate().map(|(number, choice)| {
        let problems = if number < count { problems(&choice) } else { Vec::new() };
        (choice, problems)
    });
    // Whatever else the file says, a value of another type or out of its range is wrong.
    let is_never = |it: &Problem| matches!(it.code, "wrong-type" | "out-of-range");
    let possible: Vec<_> = tried.filter(|(_, problems)| !problems.iter().any(is_never)).collect();
    // What is wrong with each of several is not wrong with one.
    let is_of_all = |it: &Problem| {
        let has = |others: &[Problem]| others.iter().any(|other| other.message == it.message);
        possible.len() > 1 && possible.iter().all(|(_, others)| has(others))
    };
    let fits: Vec<bool> = possible.iter().map(|(_, problems)| problems.iter().all(is_of_all)).collect();
    let none = !fits.contains(&true);
    // An example that does not fit shows nothing.
    let is_offered = |choice: &Choice, fits: bool| fits || (none && choice.detail.is_empty());
    let possible = possible.into_iter().zip(fits);
    possible.filter(|((choice, _), fits)| is_offered(choice, *fits)).map(|((choice, _), _)| choice).collect()
}

/// Where the name of a table is, to which keys lead: that of `[alarm.slow]`.
fn name_of_table(tree: &DeTable<'_>, path: &[String]) -> Option<Span> {
    let [kind, name, ..] = path else { return None };
    match tree.get(kind.as_str())?.get_ref() {
        DeValue::Table(tables) => Some(tables.get_key_value(name.as_str())?.0.span()),
        _ => None,
    }
}

/// What a choice is in a file.
fn written(choice: &Choice) -> DeValue<'static> {
    match choice.insert.parse() {
        Ok(flag) => DeValue::Boolean(flag),
        Err(_) => DeValue::String(choice.label.clone().into()),
    }
}

/// A value of a tree for which something holds.
fn value_in<'t, 'i>(
    tree: &'t mut DeTable<'i>,
    is_it: &impl Fn(&Spanned<DeValue<'i>>) -> bool,
) -> Option<&'t mut Spanned<DeValue<'i>>> {
    tree.iter_mut().find_map(|(_, value)| value_inside(value, is_it))
}

fn value_inside<'t, 'i>(
    value: &'t mut Spanned<DeValue<'i>>,
    is_it: &impl Fn(&Spanned<DeValue<'i>>) -> bool,
) -> Option<&'t mut Spanned<DeValue<'i>>> {
    if is_it(value) {
        return Some(value);
    }
    match value.get_mut() {
        DeValue::Table(table) => value_in(table, is_it),
        DeValue::Array(all) => all.iter_mut().find_map(|it| value_inside(it, is_it)),
        _ => None,
    }
}
