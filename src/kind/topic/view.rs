//! What topics show of a run: nothing, for what is sent to one is in its queues. In: nothing. Out: nothing.

use super::Topics;
use crate::kind::All;
use crate::kind::view::View;

impl View<All> for Topics {}
