//! `launch_hook` and `terminate_hook` of a fleet. Out: [`LaunchHook`], [`TerminateHook`].

use super::shapes::{HEARTBEAT, HEARTBEAT_RANGE, HEARTBEATS_MAX, HOOK_MAX};
use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::units::Time;

/// A lifecycle hook on launch: the instance waits in `Pending:Wait` before it is registered and in service.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchHook {
    /// How long it waits.
    pub patience: Patience,
    /// What happens at the end of the longest wait.
    pub default_result: DefaultResult,
    /// When the lifecycle action is completed, counted from the time EC2 calls the instance running; `None`: when the
    /// application is up.
    pub complete: Option<Law>,
}

/// What happens to a launch whose hook was not completed in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultResult {
    /// The instance is terminated, and the group launches another one.
    Abandon,
    /// The instance goes in service as it is.
    Continue,
}

/// A lifecycle hook on termination: the drained instance waits in `Terminating:Wait` before it is shut down.
///
/// Its default result makes no difference: either terminates the instance.
#[derive(Clone, Debug, PartialEq)]
pub struct TerminateHook {
    /// How long it waits.
    pub patience: Patience,
    /// Duration of the work that the hook waits for.
    pub complete: Law,
}

/// How long a hook waits for its action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The heartbeat timeout.
    pub heartbeat: Time,
    /// How often the work records a heartbeat, each of which lets the timeout begin anew; `None`: never.
    pub recorded: Option<Time>,
}

impl Patience {
    fn read(reader: &Reader) -> Patience {
        let heartbeat = reader.or("heartbeat", |value| value.time_within(HEARTBEAT_RANGE), HEARTBEAT.value);
        let recorded = reader.maybe("record_heartbeat", |value| {
            let every = value.span_of_time()?;
            if every > heartbeat {
                value.problem(
                    format!("a heartbeat each {every} comes after the timeout of {heartbeat}"),
                    format!("record one at least each {heartbeat}, or leave `record_heartbeat` out"),
                );
            }
            Some(every)
        });
        Patience { heartbeat, recorded }
    }

    /// The longest wait: the heartbeat timeout, or the absolute limit if heartbeats are recorded.
    pub(crate) fn longest(&self) -> Time {
        match self.recorded {
            Some(_) => (self.heartbeat * HEARTBEATS_MAX).min(HOOK_MAX),
            None => self.heartbeat,
        }
    }
}

impl LaunchHook {
    pub(super) fn read(reader: &Reader) -> LaunchHook {
        let results = [("abandon", DefaultResult::Abandon), ("continue", DefaultResult::Continue)];
        LaunchHook {
            patience: Patience::read(reader),
            default_result: reader.or(
                "default_result",
                |value| value.choice(&results),
                DefaultResult::Abandon,
            ),
            complete: reader.or("complete", |value| value.law_or("application"), None),
        }
    }
}

impl TerminateHook {
    pub(super) fn read(reader: &Reader) -> TerminateHook {
        TerminateHook {
            patience: Patience::read(reader),
            complete: reader.must("complete", Value::law, Law::Constant(Time::ZERO)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred timeouts of 1,728 s are 48 h: shorter ones are limited by their number, longer ones by the hours.
    #[test]
    fn a_hook_that_records_heartbeats_waits_for_100_timeouts_or_48_hours() {
        let longest = |heartbeat: u64, recorded: Option<u64>| {
            let patience =
                Patience { heartbeat: Time::from_secs(heartbeat), recorded: recorded.map(Time::from_secs) };
            patience.longest().0 / 1_000_000_000
        };
        let limits = [30, 60, 1_727, 1_728, 1_729, 7_200].map(|heartbeat| longest(heartbeat, Some(10)));
        assert_eq!(limits, [3_000, 6_000, 172_700, 172_800, 172_800, 172_800]);
        assert_eq!([30, 7_200].map(|heartbeat| longest(heartbeat, None)), [30, 7_200]);
    }
}
