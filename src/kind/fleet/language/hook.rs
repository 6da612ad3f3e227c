//! `launch_hook` and `terminate_hook` of a fleet. Out: [`LaunchHook`], [`TerminateHook`].

use super::shapes::{HEARTBEAT, HEARTBEAT_RANGE};
use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::units::Time;

/// A lifecycle hook on launch: the instance waits in `Pending:Wait` before it is registered and in service.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchHook {
    /// The longest wait.
    pub heartbeat: Time,
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
    /// The longest wait.
    pub heartbeat: Time,
    /// Duration of the work that the hook waits for.
    pub complete: Law,
}

fn heartbeat(reader: &Reader) -> Time {
    reader.or("heartbeat", |value| value.time_within(HEARTBEAT_RANGE), HEARTBEAT.value)
}

impl LaunchHook {
    pub(super) fn read(reader: &Reader) -> LaunchHook {
        let results = [("abandon", DefaultResult::Abandon), ("continue", DefaultResult::Continue)];
        LaunchHook {
            heartbeat: heartbeat(reader),
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
            heartbeat: heartbeat(reader),
            complete: reader.must("complete", Value::law, Law::Constant(Time::ZERO)),
        }
    }
}
