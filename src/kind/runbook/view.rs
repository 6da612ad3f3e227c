//! What runbooks show of a run: nothing of their own; what they do is among the incidents. In: nothing. Out: nothing.

use super::Runbooks;
use crate::kind::All;
use crate::kind::view::View;

impl View<All> for Runbooks<'_> {}
