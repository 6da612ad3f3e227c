//! What pages call a resource, what it is, and how to change it. In: words with a place for each name, and the names. Out: a [`Called`].
//!
//! A kind has its labels in a list, `labels!`, and makes every name of its resources of one of them: so `simcap explain` knows all that
//! a page can show.

use std::fmt;

/// Stands in the words of a label where the file has a name.
pub const NAME: &str = "NAME";

/// Words for a resource of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The words, with [`NAME`] in place of names: `threads of NAME`.
    pub words: &'static str,
    /// What it is.
    pub about: &'static str,
    /// The keys that change how much of it there is or how it behaves, as paths of the language.
    pub keys: &'static [&'static str],
    /// What may stand in brackets behind the names, to say which part it is: `writer`.
    pub behind: &'static [&'static str],
}

impl Label {
    /// As a sentence has it, each name in backticks.
    pub fn quoted(self, names: &[&str]) -> Called {
        self.with(names, "`")
    }

    /// As a table has it.
    pub fn plain(self, names: &[&str]) -> Called {
        self.with(names, "")
    }

    /// With a quote around each name.
    pub fn with(self, names: &[&str], quote: &str) -> Called {
        let mut text = String::new();
        let mut names = names.iter();
        for (place, words) in self.words.split(NAME).enumerate() {
            if place > 0 {
                let name = names.next().copied().unwrap_or_default();
                text.extend([quote, name, quote]);
            }
            text.push_str(words);
        }
        Called { label: self, text }
    }
}

/// A resource by its label, with the names that the file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The label.
    pub label: Label,
    text: String,
}

impl Called {
    /// With the part that it is in brackets behind it, which is one of its label, and more words on that.
    pub fn part(self, part: &str, more: &str) -> Called {
        debug_assert!(self.label.behind.contains(&part), "`{}` has no part `{part}`", self.label.words);
        self.also(&format!(" ({part}{more})"))
    }

    /// With more words behind it.
    pub fn also(mut self, more: &str) -> Called {
        self.text.push_str(more);
        self
    }
}

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Of a resource that is made for a test of something else.
#[cfg(test)]
impl From<&'static str> for Called {
    fn from(words: &'static str) -> Called {
        Label { words, about: "", keys: &[], behind: &[] }.plain(&[])
    }
}

/// The labels of a kind: `THREADS = "threads of NAME", "what they are", ["fleet.NAME.threads"];` each, and `behind
/// ["writer"]` where that may stand in brackets behind it. They are in its list by being made.
macro_rules! labels {
    ($($label:ident = $words:literal, $about:literal, [$($key:literal),+ $(,)?] $(, behind [$($behind:literal),+])?;)+) => {
        $(
            pub(super) const $label: $crate::measure::resource::label::Label =
                $crate::measure::resource::label::Label {
                    words: $words,
                    about: $about,
                    keys: &[$($key),+],
                    behind: &[$($($behind),+)?],
                };
        )+
        /// All of them.
        pub(super) const LABELS: &[$crate::measure::resource::label::Label] = &[$($label),+];
    };
}
pub(crate) use labels;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_their_places_and_more_words_behind() {
        let label = Label { words: "pool of NAME to NAME", about: "", keys: &[], behind: &[] };
        assert_eq!(label.quoted(&["web", "shop"]).to_string(), "pool of `web` to `shop`");
        assert_eq!(
            label.plain(&["web", "shop"]).also(" (writer)").to_string(),
            "pool of web to shop (writer)"
        );
        let alone = Label { words: "NAME", about: "", keys: &[], behind: &[] };
        assert_eq!(alone.quoted(&["payment"]).to_string(), "`payment`");
    }
}
