//! What is rarely intended of queues: work that outlasts their timeout, workers that cannot keep up, too many calls, messages that
//! multiply, nothing that receives, sizes that do not agree, work that a scale-in cuts off, objectives that a delay rules out.
//!
//! In: the traffic that is expected. Out: warnings.

mod calls;
mod cut_off;
pub(super) mod cycle;
mod delay;
mod fill;
mod limits;
mod sizes;
mod timeout;
mod unreceived;
mod visibility;
mod workers;

use crate::kind::Settings;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = calls::warnings(expected);
    found.extend(unreceived::warnings(expected));
    found.extend(cycle::warnings(expected));
    found.extend(sizes::warnings(expected));
    found.extend(limits::warnings(expected));
    found.extend(workers::warnings(expected));
    found.extend(visibility::warnings(expected));
    found.extend(timeout::warnings(expected));
    found.extend(cut_off::warnings(expected));
    found.extend(delay::warnings(expected));
    found
}
