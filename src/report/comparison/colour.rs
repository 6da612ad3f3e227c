//! Colours of a comparison. In: a word, or a verdict. Out: its style.

use crate::comparison::Word;
use crate::outcome::Standing;
use crate::report::table::{BAD, GOOD, PLAIN, QUIET, Style, WARNING};

/// The colour of a word.
pub(in crate::report) fn style(word: Word) -> Style {
    match word {
        Word::Better => GOOD,
        Word::Worse => BAD,
        Word::More | Word::Less | Word::Higher | Word::Lower => PLAIN,
        Word::Same | Word::CannotTell => QUIET,
        Word::Unknown => WARNING,
    }
}

/// The colour of a verdict.
pub(super) fn colour(standing: Standing) -> Style {
    match standing {
        Standing::Met => GOOD,
        Standing::Missed => BAD,
        Standing::CannotTell => WARNING,
    }
}
