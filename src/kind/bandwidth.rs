//! Bytes against networks: where bytes take no time in a run, what they would take is worked out here.
//!
//! In: what nodes send, and what they can sustain. Out: a warning.

use super::code::Code;
use super::warning::Warning;
use crate::number::bounded;
use crate::units::Time;

/// What comes of more bytes where they take no time.
pub(crate) const NO_TIME: &str = "network baseline of its types (EC2 user guide); beyond it they spend credits, and bytes take no time in a run";

/// More bytes than nodes can sustain.
pub(crate) fn too_many_bytes(
    key: &[&str],
    at: Time,
    [asked, there]: [f64; 2],
    what: &str,
    hint: &str,
) -> Warning {
    let message = format!(
        "the traffic at {at} sends {} Gbit/s from {what}, which can sustain {}",
        bounded(asked / 1e9),
        bounded(there / 1e9)
    );
    Warning::new(Code::NetworkAboveBandwidth, key, message, hint)
}
