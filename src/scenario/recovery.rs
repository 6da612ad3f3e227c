//! When a scenario has recovered from a fault. In: its objectives. Out: what has to hold again, in windows.

use super::Scenario;
use super::objective::Bound;
use crate::id::Kind;
use crate::units::Time;

/// What holds in windows of a width where all is well.
#[derive(Clone, Debug, PartialEq)]
pub struct Holds {
    /// In words.
    pub text: String,
    /// Width of a window: a whole number of rows.
    pub window: Time,
    /// What holds in each.
    pub bound: Bound,
}

impl Scenario {
    /// Whether anything is to fail.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn has_faults(&self) -> bool {
        !self.kinds.names(Kind::Fault).is_empty()
    }

    /// What has to hold again after a fault: its objectives on latency, errors and availability. One of the whole event is asked of each minute. Without
    /// any, that a minute is not down.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn recovers_by(&self) -> Vec<Holds> {
        let minute = self.availability.minute;
        let holds = |objective: &super::objective::Objective| {
            let window = if let Bound::Every { window, .. } = objective.bound { window } else { minute };
            let bound = objective.bound.each();
            let is_of_requests =
                matches!(bound, Bound::Latency { .. } | Bound::Errors { .. } | Bound::Availability { .. });
            is_of_requests.then(|| Holds { text: objective.text.clone(), window, bound: bound.clone() })
        };
        let all: Vec<Holds> = self.objectives.iter().filter_map(holds).collect();
        match all.is_empty() {
            false => all,
            true => {
                let bound = Bound::Errors { class: None, limit: self.availability.down, inclusive: true };
                let text = format!("errors <= {}", crate::number::share(self.availability.down));
                vec![Holds { text, window: minute, bound }]
            }
        }
    }
}
