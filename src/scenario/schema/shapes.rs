//! Which table a key can have as its value. In: a key and the tables among which its own stands. Out: the [`Shape`]s of that table.
//!
//! The title of a shape names its key, as `boot = { … }` does. A test holds that the reader of the file reads a key as the same shape.

use crate::kind::table::{PLACED_SHAPE, Words};
use crate::kind::{self, time};
use crate::language::shape::{Key, Shape};
use crate::scenario::reference;
use crate::scenario::request::language as request;

/// Tables that belong together: those of traffic, of the bill, or of a kind.
pub(in crate::scenario) type Group = &'static [&'static Shape];

/// A shape, and the tables among which it stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct Placed {
    pub(in crate::scenario) shape: &'static Shape,
    pub(in crate::scenario) group: Group,
}

impl Placed {
    /// The shape of the top of the file.
    pub(in crate::scenario) fn root() -> Placed {
        in_its_group(&crate::scenario::root::SHAPE)
    }

    /// The shapes that the table of a key can have.
    pub(in crate::scenario) fn inside(self, key: &Key) -> Vec<Placed> {
        if self.shape.title == crate::scenario::root::SHAPE.title
            && let Some(words) = of_kind(key.name)
        {
            return words.shapes.iter().take(1).map(|shape| Placed { shape, group: words.shapes }).collect();
        }
        let named = |shape: &Shape| names(shape.title, key.name);
        let own: Vec<Placed> = self
            .group
            .iter()
            .filter(|it| named(it))
            .map(|shape| Placed { shape, group: self.group })
            .collect();
        if !own.is_empty() {
            return own;
        }
        let titles = [format!("[{}]", key.name), format!("[{}.NAME]", key.name)];
        // `name of a [keys.NAME] table or { count, zipf }`.
        let mentioned = |shape: &Shape| shape.title.starts_with('[') && key.value.contains(shape.title);
        let titled = |shape: &Shape| titles.iter().any(|title| *title == shape.title);
        let tests: [&dyn Fn(&Shape) -> bool; 4] =
            [&mentioned, &titled, &named, &|shape| lists(key.value, shape)];
        let found = tests.iter().find_map(|test| reference::shapes().find(|shape| test(shape)));
        found.map(in_its_group).into_iter().collect()
    }

    /// The keys that it can have: its own, and those of its place if it has one.
    pub(in crate::scenario) fn keys(self) -> impl Iterator<Item = &'static Key> {
        let first = self.group.first().map_or("", |shape| shape.title);
        let is_placed = first == self.shape.title
            && kind::TABLES.iter().any(|it| it.placed && it.shapes[0].title == first);
        self.shape.keys.iter().chain(PLACED_SHAPE.keys.iter().filter(move |_| is_placed))
    }
}

/// What can stand inside of a transaction.
pub(in crate::scenario) fn in_a_transaction() -> Vec<&'static Shape> {
    kind::Step::inner_shapes().chain(time::SHAPES).collect()
}

/// Every step of a path.
pub(in crate::scenario) fn steps() -> Vec<&'static Shape> {
    request::verbs().collect()
}

fn of_kind(table: &str) -> Option<Words> {
    kind::TABLES.into_iter().find(|words| words.key.name == table)
}

/// A shape with the tables among which it is listed.
pub(in crate::scenario) fn in_its_group(shape: &'static Shape) -> Placed {
    let kinds = kind::TABLES.into_iter().map(|words| words.shapes);
    let mut groups = [reference::HEAD, reference::BILL].into_iter().chain(kinds);
    let has = |group: &Group| group.iter().any(|it| it.title == shape.title && it.verb() == shape.verb());
    Placed { shape, group: groups.find(has).unwrap_or_default() }
}

/// Whether a title is that of a key: `boot = { … }`, `reserved = [{ … }], capacity = [{ … }]`.
fn names(title: &str, key: &str) -> bool {
    let mut depth = 0;
    let is_outside = |it: &char| {
        depth += i32::from("{[".contains(*it)) - i32::from("}]".contains(*it));
        depth == 0
    };
    let outside: String = title.chars().filter(is_outside).collect();
    outside.split([',', ']']).any(|part| part.trim().starts_with(&format!("{key} =")))
}

/// Whether words list exactly the keys of a shape.
fn lists(words: &str, shape: &Shape) -> bool {
    let keys: Vec<&str> = shape.keys.iter().map(|key| key.name).collect();
    words.contains(&format!("{{ {} }}", keys.join(", ")))
}
