//! Bytes against networks: in a run bytes take no time, so what they would take is worked out here.
//!
//! In: what nodes send, and what they can sustain. Out: a warning.

use super::code::Code;
use super::warning::Warning;
use crate::number::bounded;
use crate::units::Time;

/// More bytes than nodes can sustain.
pub(crate) fn too_many_bytes(key: &[&str], at: Time, asked: f64, what: &str, there: f64) -> Warning {
    let message = format!(
        "the traffic at {at} sends {} Gbit/s from {what}, which can sustain {}",
        bounded(asked / 1e9),
        bounded(there / 1e9)
    );
    let hint = "network baseline of its types (EC2 user guide); beyond it they spend credits, and bytes take no time in a run";
    Warning::new(Code::NetworkAboveBandwidth, key, message, hint)
}
