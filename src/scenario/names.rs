//! The names that a scenario gives to its resources, and the nearest one to a misspelt name.
//!
//! In: the top-level tables of the file. Out: positions in the lists of a `Scenario`, in the order of the file.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::KIND_MAX;
use super::source::Span;

/// Longest name that is compared with others or accepted at all.
const NAME_MAX: usize = 64;

/// A kind of named table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Traffic,
    Users,
    Class,
    Balancer,
    Fleet,
    Cache,
    Database,
    Service,
    Keys,
}

impl Kind {
    pub(super) const ALL: [Kind; 9] = [
        Kind::Traffic,
        Kind::Users,
        Kind::Class,
        Kind::Balancer,
        Kind::Fleet,
        Kind::Cache,
        Kind::Database,
        Kind::Service,
        Kind::Keys,
    ];

    /// The first part of the table's name in the file.
    pub(super) const fn table(self) -> &'static str {
        match self {
            Kind::Traffic => "traffic",
            Kind::Users => "users",
            Kind::Class => "request",
            Kind::Balancer => "balancer",
            Kind::Fleet => "fleet",
            Kind::Cache => "cache",
            Kind::Database => "database",
            Kind::Service => "service",
            Kind::Keys => "keys",
        }
    }

    /// With its article, for messages.
    const fn noun(self) -> &'static str {
        match self {
            Kind::Traffic => "a source of traffic",
            Kind::Users => "a population of users",
            Kind::Class => "a request class",
            Kind::Balancer => "a balancer",
            Kind::Fleet => "a fleet",
            Kind::Cache => "a cache",
            Kind::Database => "a database",
            Kind::Service => "a service",
            Kind::Keys => "a population of keys",
        }
    }
}

/// Every name of the file.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<Kind, Vec<(String, Span)>>);

impl Names {
    /// Collects the names below each kind's table, in the order of the file.
    pub(super) fn of(root: &DeTable) -> Names {
        let names = |kind: &Kind| -> Vec<(String, Span)> {
            let Some(DeValue::Table(table)) = root.get(kind.table()).map(|value| value.get_ref()) else {
                return Vec::new();
            };
            let mut names: Vec<_> =
                table.iter().map(|(key, _)| (key.get_ref().to_string(), key.span())).collect();
            names.sort_by_key(|(_, span)| span.start);
            names.truncate(KIND_MAX); // more are refused, and would only make look-ups slow
            names
        };
        Names(Kind::ALL.iter().map(|kind| (*kind, names(kind))).collect())
    }

    fn list(&self, kind: Kind) -> &[(String, Span)] {
        self.0.get(&kind).map_or(&[], Vec::as_slice)
    }

    pub(super) fn iter(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.list(kind).iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn count(&self, kind: Kind) -> usize {
        self.list(kind).len()
    }

    /// Position of a name in the list of its kind.
    pub(super) fn find(&self, kind: Kind, name: &str) -> Option<u32> {
        self.iter(kind).position(|known| known == name).and_then(|index| u32::try_from(index).ok())
    }

    pub(super) fn name(&self, kind: Kind, index: usize) -> &str {
        self.list(kind).get(index).map_or("", |(name, _)| name)
    }

    pub(super) fn span(&self, kind: Kind, index: usize) -> Option<&Span> {
        self.list(kind).get(index).map(|(_, span)| span)
    }

    /// Message and hint for a name that none of the kinds has.
    pub(super) fn dangling(&self, kinds: &[Kind], name: &str) -> (String, String) {
        let nouns: Vec<&str> = kinds.iter().map(|kind| kind.noun()).collect();
        let known: Vec<&str> = kinds.iter().flat_map(|kind| self.iter(*kind)).collect();
        let tables: Vec<String> = kinds.iter().map(|kind| format!("[{}.NAME]", kind.table())).collect();
        let hint = match (closest(name, known.iter().copied()), known.as_slice()) {
            (Some(close), _) => format!("did you mean `{close}`?"),
            (None, []) => format!("this scenario has no {} table", tables.join(" or ")),
            (None, known) => format!("there is {}", list(known)),
        };
        (format!("`{name}` is not {} of this scenario", nouns.join(" or ")), hint)
    }
}

/// What is wrong with a name, if anything.
pub(super) fn fault(name: &str) -> Option<String> {
    if name.trim() != name || name.is_empty() {
        return Some("a name cannot be empty or begin or end with a space".into());
    }
    (name.chars().count() > NAME_MAX).then(|| format!("a name has at most {NAME_MAX} characters"))
}

/// The known word that was most likely meant.
pub(super) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes the product of both lengths; nobody misspells a name of this length.
    if word.len() > NAME_MAX {
        return None;
    }
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(word.len().max(candidate.len()) / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The first few of a list of words, quoted, for a hint.
pub(super) fn list(words: &[&str]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = words.iter().take(SHOWN).map(|word| format!("`{word}`")).collect();
    match words.len() > SHOWN {
        true => format!("{} and {} more", shown.join(", "), words.len() - SHOWN),
        false => shown.join(", "),
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
