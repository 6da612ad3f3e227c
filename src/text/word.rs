//! A word that a page shows, and what it means. In: both, at the place that shows it. Out: a [`Word`], which `simcap explain` has as well.

/// The title of a part, the title of a column, or a word that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: &'static str,
    /// What it means, with its unit; empty of a column without a title.
    pub about: &'static str,
}

impl Word {
    /// The title of a column that has none.
    pub const NONE: Word = Word::new("", "");

    /// A word and its meaning.
    pub const fn new(text: &'static str, about: &'static str) -> Word {
        Word { text, about }
    }
}
