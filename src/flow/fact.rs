//! What kinds tell each other: few things, and never one for each request.
//!
//! In: a fact that a kind tells. Out: the same fact, heard by every kind in the order of the list. Facts are delivered
//! first in, first out, when the kind that told them has returned.

/// Something that other kinds may have to act upon.
#[derive(Clone, Debug)]
pub enum Fact {}
