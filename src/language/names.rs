//! The names that a scenario gives to its resources, and the nearest name to a misspelt one.
//!
//! In: the top-level tables of the file. Out: positions in the lists of a `Scenario`, in the order of the file.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::source::Span;

/// Most tables of one kind.
pub(crate) const KIND_MAX: usize = 100;
/// Longest name that is accepted, or compared with others.
const NAME_MAX: usize = 64;

/// A kind of table that the file gives names to, such as `[fleet.NAME]`.
pub(crate) trait Named: Copy {
    /// The first part of the table's name in the file.
    fn table(self) -> &'static str;
    /// The kind in words, with its article, for messages.
    fn noun(self) -> &'static str;
}

/// A position among the tables of one kind.
pub(crate) trait Id: Sized {
    /// The list of kinds.
    type Kind: Named;
    /// The kind of this id.
    const KIND: Self::Kind;
    /// The id of a position.
    fn at(index: u32) -> Self;
}

/// Every name of the file, by the kind of its table.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<&'static str, Vec<(String, Span)>>);

impl Names {
    /// Collects the names under each kind's table, in the order of the file.
    pub(crate) fn of(root: &DeTable, tables: &[&'static str]) -> Names {
        let names = |kind: &str| -> Vec<(String, Span)> {
            let Some(DeValue::Table(table)) = root.get(kind).map(|value| value.get_ref()) else {
                return Vec::new();
            };
            let mut names: Vec<_> =
                table.iter().map(|(key, _)| (key.get_ref().to_string(), key.span())).collect();
            names.sort_by_key(|(_, span)| span.start);
            names.truncate(KIND_MAX); // a file with more is refused; they would only make look-ups slow
            names
        };
        Names(tables.iter().map(|kind| (*kind, names(kind))).collect())
    }

    fn list(&self, kind: impl Named) -> &[(String, Span)] {
        self.0.get(kind.table()).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn iter<K: Named>(&self, kind: K) -> impl Iterator<Item = &str> + use<'_, K> {
        self.list(kind).iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn count(&self, kind: impl Named) -> usize {
        self.list(kind).len()
    }

    /// Position of a name in the list of its kind.
    pub(crate) fn find(&self, kind: impl Named, name: &str) -> Option<u32> {
        self.iter(kind).position(|known| known == name).and_then(|index| u32::try_from(index).ok())
    }

    pub(crate) fn name(&self, kind: impl Named, index: usize) -> &str {
        self.list(kind).get(index).map_or("", |(name, _)| name)
    }

    pub(crate) fn span(&self, kind: impl Named, index: usize) -> Option<&Span> {
        self.list(kind).get(index).map(|(_, span)| span)
    }

    /// The table of another kind that has a name.
    pub(crate) fn other(&self, name: &str) -> Option<&'static str> {
        let mut others = self.0.iter().filter(|(_, names)| names.iter().any(|(other, _)| other == name));
        others.next().map(|(table, _)| *table)
    }

    /// Message and hint for a name that does not exist in any of the kinds.
    pub(crate) fn dangling<K: Named>(&self, kinds: &[K], name: &str) -> (String, String) {
        let nouns: Vec<&str> = kinds.iter().map(|kind| kind.noun()).collect();
        let known: Vec<&str> = kinds.iter().flat_map(|kind| self.iter(*kind)).collect();
        let tables: Vec<String> = kinds.iter().map(|kind| format!("[{}.NAME]", kind.table())).collect();
        let hint = match (closest(name, known.iter().copied()), known.as_slice()) {
            (Some(close), _) => format!("did you mean `{close}`?"),
            (None, []) => format!("this scenario has no {} table", tables.join(" or ")),
            (None, known) => format!("there is {}", list(known)),
        };
        // The name may be right, and what it names is something else.
        let hint = match self.other(name) {
            Some(other) => format!("`{name}` is a [{other}.NAME]; {hint}"),
            None => hint,
        };
        (format!("`{name}` is not {} of this scenario", nouns.join(" or ")), hint)
    }
}

/// The error in a name, if there is one.
pub(crate) fn fault(name: &str) -> Option<String> {
    if name.trim() != name || name.is_empty() {
        return Some("a name cannot be empty or begin or end with a space".into());
    }
    (name.chars().count() > NAME_MAX).then(|| format!("a name has at most {NAME_MAX} characters"))
}

/// The known word that was most likely meant.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes time in proportion to the product of both lengths, and nobody misspells a name this long.
    if word.len() > NAME_MAX {
        return None;
    }
    #[cfg(test)]
    let known = looked_up::note(word, known);
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(word.len().max(candidate.len()) / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The first few of a list of words, quoted, for a hint.
pub(crate) fn list(words: &[&str]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = words.iter().take(SHOWN).map(|word| format!("`{word}`")).collect();
    match words.len() > SHOWN {
        true => format!("{} and {} more", shown.join(", "), words.len() - SHOWN),
        false => shown.join(", "),
    }
}

/// In which lists words were looked up, to test that editors offer what is in them.
#[cfg(test)]
pub(crate) mod looked_up {
    use std::cell::RefCell;

    thread_local! {
        static LISTS: RefCell<Vec<(String, Vec<String>)>> = const { RefCell::new(Vec::new()) };
    }

    /// Notes the list of a word that is not in it.
    pub(super) fn note<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        let known: Vec<&str> = known.into_iter().collect();
        let list = known.iter().map(|it| (*it).to_owned()).collect();
        LISTS.with_borrow_mut(|lists| lists.push((word.to_owned(), list)));
        known
    }

    /// What was noted since the last call, in this thread.
    pub(crate) fn take() -> Vec<(String, Vec<String>)> {
        LISTS.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_none() {
        let known = ["threads", "timetable", "min", "max"];
        assert_eq!(closest("thread", known), Some("threads"));
        assert_eq!(closest("Max", known), Some("max"));
        assert_eq!(closest("tiemtable", known), Some("timetable"));
        assert_eq!(closest("colour", known), None);
    }
}
