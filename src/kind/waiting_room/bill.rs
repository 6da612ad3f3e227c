//! A waiting room has no price here: it is a product of others, or one of the parts of which AWS has a sample.
//!
//! In: nothing. Out: nothing.

use super::language::WaitingRoom;
use crate::kind::Settings;
use crate::kind::bill::Billed;

impl Billed<Settings> for WaitingRoom {}
