//! The words of every key say as what its value is read. In: the tables of the language, and how a file that uses all of them was read.

use super::shapes::{Placed, in_a_transaction, in_its_group, steps};
use crate::kind::policy;
use crate::language::form::{Form, List, Quantity, Table, Text};
use crate::language::reader::Seen;
use crate::language::shape::Key;
use crate::language::source::Span;
use crate::scenario::{load, reference};

#[test]
fn the_words_of_every_value_are_understood() {
    let keys = reference::shapes().flat_map(|shape| shape.keys.iter().map(move |key| (shape, key)));
    let lost: Vec<String> = keys
        .filter_map(|(shape, key)| {
            Some(format!("{} {}: {:?}", shape.title, key.name, Form::of(key.value).err()?))
        })
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(Form::of("number or a strange thing").is_err());
}

/// A form, and those inside of it.
fn all(form: &Form) -> Vec<Form> {
    let inside: Vec<&Form> = match &form.list {
        Some(List::Of(element)) => vec![element.as_ref()],
        Some(List::Each(each)) => each.iter().collect(),
        None => Vec::new(),
    };
    let named =
        form.table.iter().filter_map(|it| if let Table::Named(of) = it { Some(of.as_ref()) } else { None });
    let deeper = inside.into_iter().chain(named).flat_map(all);
    std::iter::once(form.clone()).chain(deeper).collect()
}

/// Whether a value of a form can be read so.
fn admits(form: &Form, how: &str) -> bool {
    let (how, rest) = how.split_once(' ').unwrap_or((how, ""));
    let is = |quantities: &[Quantity]| {
        form.texts.iter().any(|text| matches!(text, Text::Quantity(it) if quantities.contains(it)))
    };
    let has = |word: &str| {
        form.texts.iter().any(|it| {
            matches!(it, Text::Word(known) if known == word)
                || *it == Text::Free
                || matches!(it, Text::Listed(_))
        })
    };
    use Quantity::{Bandwidth, Data, DataLaw, Demand, Duration, Law, Rate, Share};
    match how {
        "time" => is(&[Duration]),
        "rate" => is(&[Rate]),
        "bytes" => is(&[Data, DataLaw]),
        "bandwidth" => is(&[Bandwidth]),
        "share" => is(&[Share]),
        "law" => is(&[Law, Demand]),
        "demand" => is(&[Demand]),
        // A number that must be whole is said to be: an editor marks 1.5 there.
        "whole" => form.number.is_some(),
        "real" | "number" => form.number.as_ref().is_some_and(|range| !range.whole),
        "flag" => !form.flags.is_empty(),
        "text" => !form.texts.is_empty(),
        "choice" => rest.split(' ').all(has),
        "or" => has(rest),
        "elements" | "one_or_more" | "pair" => form.list.is_some(),
        "entries" => matches!(form.table, Some(Table::Named(_))),
        _ => false,
    }
}

/// Whether the table of a key can have this shape.
fn holds(of: Placed, key: &Key, form: &Form, title: &str) -> bool {
    let is_step = || steps().iter().any(|it| it.title == title) || title == policy::BESIDE_SHAPE.title;
    all(form).iter().any(|form| match form.table {
        Some(Table::Step) => is_step(),
        Some(Table::Shape) if of.shape.verb() == "transaction" => {
            in_a_transaction().iter().any(|it| it.title == title)
        }
        Some(Table::Shape) => of.inside(key).iter().any(|it| it.shape.title == title),
        _ => false,
    })
}

#[test]
fn every_value_is_read_as_its_words_say() {
    let mut keys: Vec<(Span, Placed, &Key)> = Vec::new();
    let (mut values, mut tables) = (0, 0);
    let mut wrong = Vec::new();
    for (span, seen) in load::trail_of_everything() {
        if let Seen::Key(title, name) = seen {
            let found = reference::shapes().find(|it| it.title == title && it.has(name));
            let found = found.and_then(|it| Some((it, it.keys.iter().find(|key| key.name == name)?)));
            keys.extend(found.map(|(shape, key)| (span, in_its_group(shape), key)));
            continue;
        }
        let around =
            keys.iter().rev().filter(|(outer, ..)| outer.start <= span.start && span.end <= outer.end);
        let Some((_, of, key)) = around.min_by_key(|(outer, ..)| outer.len()) else { continue };
        let form = Form::of(key.value).unwrap();
        let fits = match &seen {
            Seen::Table(title) => {
                tables += 1;
                // What has a place is below the kind's own table, as that is.
                holds(*of, key, &form, title) || *title == crate::kind::table::PLACED_SHAPE.title
            }
            Seen::As(how) => {
                values += 1;
                all(&form).iter().any(|form| admits(form, how))
            }
            Seen::Key(..) => true,
        };
        if !fits {
            wrong.push(format!("{} {}: `{}` is read as {seen:?}", of.shape.title, key.name, key.value));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(values > 2_000 && tables > 250, "{values} values, {tables} tables");
}
