//! `suspend` of a fleet: processes of its group that do nothing for a while. In: an array of tables. Out: [`Suspension`]s.

use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most spans of a fleet.
const SPANS_MAX: usize = 100;

/// The language of suspended processes.
pub const SHAPE: Shape = Shape {
    title: "suspend = [ { at, until, processes } ]",
    about: "Spans in which processes of the group are suspended. At their end the group comes to its desired \
            capacity, and failed checks count again. A scheduled action or an alarm's call that comes meanwhile is lost; an alarm that is still on calls \
            again.",
    keys: &[
        Key::optional("at", "duration", "the start of the run", "when they are suspended"),
        Key::optional("until", "duration", "the end of the run", "when they are resumed"),
        Key::required(
            "processes",
            "array of \"Launch\", \"Terminate\", \"AlarmNotification\", \"ScheduledActions\", \"HealthCheck\", \
             \"ReplaceUnhealthy\", \"AZRebalance\", \"InstanceRefresh\", \"AddToLoadBalancer\"",
            "which ones (EC2 Auto Scaling API reference, SuspendProcesses); what is launched while AddToLoadBalancer is \
             suspended gets no requests of a balancer, also afterwards",
        ),
    ],
};

/// What a group does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// Adds instances.
    Launch,
    /// Removes instances.
    Terminate,
    /// Answers to the alarms of its policies.
    AlarmNotification,
    /// Carries out scheduled actions.
    ScheduledActions,
    /// Notices that instances are unhealthy.
    HealthCheck,
    /// Replaces them.
    ReplaceUnhealthy,
    /// Spreads its instances over the zones.
    AzRebalance,
    /// Replaces its instances in a refresh.
    InstanceRefresh,
    /// Registers what it launches with its balancers. What was launched meanwhile is not registered later.
    AddToLoadBalancer,
}

const PROCESSES: [(&str, Process); 9] = [
    ("Launch", Process::Launch),
    ("Terminate", Process::Terminate),
    ("AlarmNotification", Process::AlarmNotification),
    ("ScheduledActions", Process::ScheduledActions),
    ("HealthCheck", Process::HealthCheck),
    ("ReplaceUnhealthy", Process::ReplaceUnhealthy),
    ("AZRebalance", Process::AzRebalance),
    ("InstanceRefresh", Process::InstanceRefresh),
    ("AddToLoadBalancer", Process::AddToLoadBalancer),
];

/// A span in which processes are suspended.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspension {
    /// When they are suspended.
    pub at: Time,
    /// When they are resumed; `None` is never.
    pub until: Option<Time>,
    /// Which ones.
    pub processes: Vec<Process>,
}

impl Suspension {
    /// Whether a process is suspended at an instant.
    pub fn holds(&self, process: Process, now: Time) -> bool {
        let is_now = self.at <= now && self.until.is_none_or(|until| now < until);
        is_now && self.processes.contains(&process)
    }

    pub(super) fn read_all(value: Value) -> Option<Vec<Suspension>> {
        let mut all = Vec::new();
        for entry in value.elements(SPANS_MAX)? {
            let suspension = entry.table(&SHAPE, |reader| Suspension {
                at: reader.or("at", Value::time, Time::ZERO),
                until: reader.maybe("until", Value::time),
                processes: reader.must("processes", processes, Vec::new()),
            });
            let Some(suspension) = suspension else { continue };
            if suspension.until.is_some_and(|until| until <= suspension.at) {
                entry.problem("the span ends before it begins", "set `until` to more than `at`");
            }
            all.push(suspension);
        }
        Some(all)
    }
}

fn processes(value: Value) -> Option<Vec<Process>> {
    let elements = value.elements(PROCESSES.len())?;
    Some(elements.into_iter().filter_map(|value| value.choice(&PROCESSES)).collect())
}
