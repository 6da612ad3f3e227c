//! What is inside of a place of the file. In: the keys that lead there. Out: the tables that it can be, or the steps, or whose names it has.

use super::cursor::Cursor;
use crate::kind::policy;
use crate::language::form::{Form, List, Table};
use crate::language::shape::{Key, Shape};
use crate::scenario::schema::shapes::{Placed, in_a_transaction, in_its_group, steps};

/// What is inside of a place.
#[derive(Clone, Debug)]
pub(super) enum Inside {
    /// Keys of one of these tables.
    Tables(Vec<Placed>),
    /// Keys of a step, with what can stand beside each.
    Steps { shapes: Vec<&'static Shape>, beside: Option<&'static Shape> },
    /// Names of the tables of a kind.
    Names { of: String },
    /// Nothing that the language says.
    Nothing,
}

/// What is at the end of a path, with the values that are below names still to come.
struct Found {
    inside: Inside,
    below: Option<Box<Found>>,
}

/// What is inside of the table in which the cursor is.
pub(super) fn at_path(cursor: &Cursor) -> Inside {
    inside(&cursor.path, cursor)
}

/// The key of which the cursor is in the value.
pub(super) fn of_value(cursor: &Cursor) -> Option<&'static Key> {
    let (name, before) = cursor.key.split_last()?;
    let path = [cursor.path.as_slice(), before].concat();
    inside(&path, cursor).found(name, seen(cursor, path.len())).map(|(_, key)| key)
}

/// The keys of a table around the cursor, by the number of keys that lead to it.
fn seen(cursor: &Cursor, length: usize) -> &[String] {
    cursor.around.iter().rev().find(|(it, _)| *it == length).map_or(&[], |(_, seen)| seen)
}

/// What is inside of the place to which keys and names lead.
fn inside(path: &[String], cursor: &Cursor) -> Inside {
    let mut here = Found::of(Inside::Tables(vec![Placed::root()]));
    for (at, part) in path.iter().enumerate() {
        here = match here {
            Found { below: Some(below), .. } => *below,
            Found { inside, .. } => match inside.found(part, seen(cursor, at)) {
                Some((of, key)) => {
                    Form::of(key.value).map_or_else(|_| Found::nothing(), |form| behind(&form, of, key))
                }
                None => Found::nothing(),
            },
        };
    }
    here.inside
}

impl Inside {
    /// A key that can stand beside others.
    fn found(&self, name: &str, seen: &[String]) -> Option<(Placed, &'static Key)> {
        let in_table = |of: Placed| of.keys().find(|key| key.name == name).map(|key| (of, key));
        match self {
            Inside::Tables(tables) => tables.iter().copied().find_map(in_table),
            Inside::Steps { shapes, beside } => {
                // As a key of the verb that is there: `cache` is a step, and a key of others. Else as a verb first.
                let is_there = |verb: &str| verb != name && seen.iter().any(|seen| seen == verb);
                let of_verb = shapes.iter().filter(|shape| is_there(shape.verb()));
                let verbs = shapes.iter().filter(|shape| shape.verb() == name);
                let all = of_verb.chain(verbs).chain(shapes).copied().chain(*beside);
                all.map(in_its_group).find_map(in_table)
            }
            Inside::Names { .. } | Inside::Nothing => None,
        }
    }
}

impl Found {
    fn of(inside: Inside) -> Found {
        Found { inside, below: None }
    }

    fn nothing() -> Found {
        Found::of(Inside::Nothing)
    }
}

/// What is inside of the value of a key.
fn behind(form: &Form, of: Placed, key: &'static Key) -> Found {
    match (&form.table, &form.list) {
        (Some(Table::Step), _) => {
            Found::of(Inside::Steps { shapes: steps(), beside: Some(&policy::BESIDE_SHAPE) })
        }
        (Some(Table::Shape), _) if of.shape.verb() == "transaction" => {
            Found::of(Inside::Steps { shapes: in_a_transaction(), beside: None })
        }
        (Some(Table::Shape), _) => Found::of(Inside::Tables(of.inside(key))),
        (Some(Table::Named(value)), _) => {
            let below = behind(value, of, key);
            let titles = of.inside(key).into_iter().map(|inside| inside.shape.title);
            let free = [key.value].into_iter().chain(titles).find_map(free);
            let inside = Inside::Names { of: free.unwrap_or_else(|| key.name.to_owned()) };
            Found { inside, below: Some(Box::new(below)) }
        }
        (None, Some(List::Of(element))) => behind(element, of, key),
        (None, _) => Found::nothing(),
    }
}

/// The kind of table whose names stand for a word in capitals, as in `{ CLASS = weight }`.
fn free(words: &str) -> Option<String> {
    let capitals =
        words.split(['{', '[', ',']).filter_map(|part| part.split_once(" = ")).map(|(word, _)| word.trim());
    let word =
        capitals.into_iter().find(|word| word.len() > 2 && word.bytes().all(|it| it.is_ascii_uppercase()))?;
    Some(match word {
        "CLASS" => "request".to_owned(),
        word => word.to_lowercase(),
    })
}
