//! A runbook costs nothing by itself: what it orders is on the bill of that. In: nothing. Out: nothing.

use super::language::Runbook;
use crate::kind::Settings;
use crate::kind::bill::Billed;

impl Billed<Settings> for Runbook {}
