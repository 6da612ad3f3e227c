//! A service station is no AWS building block: nothing is charged for it.
//!
//! In: nothing. Out: nothing.

use super::language::Service;
use crate::kind::Settings;
use crate::kind::bill::Billed;

impl Billed<Settings> for Service {}
