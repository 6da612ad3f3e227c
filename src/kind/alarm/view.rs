//! What alarms show of a run: their changes are in the history of alarms, and they never run out. In: nothing. Out: nothing.

use super::Alarms;
use crate::kind::All;
use crate::kind::view::View;

impl View<All> for Alarms<'_> {}
