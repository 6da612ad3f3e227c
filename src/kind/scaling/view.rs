//! What policies show of a run: nothing of their own, for they never run out. In: nothing. Out: nothing.

use super::Controls;
use crate::kind::All;
use crate::kind::view::View;

impl View<All> for Controls<'_> {}
