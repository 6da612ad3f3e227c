//! What a request takes of the CPU of hosts that only forward it. In: the steps of a class, and its bytes. Out: the same steps, with one on
//! the CPU at the beginning of each such tier. So all that looks at steps counts it.

use super::path::Step;
use crate::kind::Settings;
use crate::units::Bytes;

/// Adds them, in the tiers inside of others as well.
pub(super) fn add(steps: &mut [Step], kinds: &Settings, bytes: Bytes) {
    for step in steps {
        match step {
            Step::Call { target, steps } => {
                add(steps, kinds, bytes);
                let hosts = target.fleet(kinds).and_then(|fleet| kinds.hosts(fleet.index()));
                if let Some(passing) = hosts.and_then(|hosts| hosts.passing) {
                    steps.insert(0, Step::Cpu(passing.law(bytes)));
                }
            }
            Step::Of { inside, .. } => add(inside, kinds, bytes),
            Step::Cpu(_) | Step::Delay(_) => {}
        }
    }
}
