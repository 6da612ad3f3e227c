//! A policy is a library inside of an application: nothing is charged for it.
//!
//! In: nothing. Out: nothing.

use super::language::Resilience;
use crate::kind::Settings;
use crate::kind::bill::Billed;

impl Billed<Settings> for Resilience {}
