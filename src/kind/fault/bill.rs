//! What faults are charged for: nothing. In: nothing. Out: nothing.

use super::language::Fault;
use crate::kind::Settings;
use crate::kind::bill::Billed;

impl Billed<Settings> for Fault {}
