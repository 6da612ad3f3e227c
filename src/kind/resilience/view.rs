//! What policies show of a run: nothing that is full, for they only pass on what others do. In: nothing. Out: nothing.

use super::Resiliences;
use crate::kind::All;
use crate::kind::view::View;

impl View<All> for Resiliences<'_> {}
