//! The warnings that there are, by name, and which of them a file allows. In: `allow = ["NAME"]`. Out: [`Code`]s.

use serde::{Deserialize, Serialize};

use crate::language::names::closest;
use crate::language::value::Value;

/// What a warning is about. The name is stable: scripts and `allow` go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// More CPU than the credits of a T type pay for.
    BurstableAboveBaseline,
    /// Pools of the largest fleets hold more connections than the database takes.
    ConnectionsAboveLimit,
    /// The peak asks for more than everything that may be there.
    DemandAboveCapacity,
    /// A fault takes a shard of a cache with replicas, which do not take over in a run.
    FailoverNotSimulated,
    /// A fault that changes nothing: nothing is in its zone, or it begins after the end.
    FaultWithoutEffect,
    /// Instances that the balancer's verdict ends before their application answers.
    GraceShorterThanBoot,
    /// Launches that a lifecycle hook abandons before what it waits for is done.
    HookShorterThanBoot,
    /// Instances came into service and never served, or their launches were abandoned.
    InstancesNeverServed,
    /// Launches that EC2 refused, so that instances are lacking at the end.
    LaunchesFailed,
    /// Messages that make more messages than they are, in a cycle of queues.
    MessagesMultiply,
    /// More bytes than the network of a node carries in the time that the scenario gives them.
    NetworkAboveBandwidth,
    /// No price for something that is billed.
    NoPrice,
    /// A run of about an hour or more.
    LongRun,
    /// A fault takes the writer of a database from which nothing takes over.
    NothingTakesOver,
    /// A group came to its largest size and wanted more.
    ScalingAtMaximum,
    /// A policy that can change nothing, or a range in which nothing moves.
    ScalingWithoutRoom,
    /// A scheduled action that comes after the end of the run.
    ScheduleAfterEnd,
    /// Traffic that rises faster than an Application Load Balancer grows.
    SteeperThanAlb,
    /// A CPU target or threshold below 1 %.
    TargetBelowOne,
    /// Something that no request uses, or a queue of which nothing receives.
    Unused,
    /// A price that nothing is charged for.
    UnusedPrice,
    /// A warm cache whose content has expired when the peak comes.
    WarmCacheExpires,
    /// Instances of a warm pool that are stopped before they have installed what they need.
    WarmPoolWithoutHook,
    /// Work on the messages of a receive that takes longer than the visibility timeout of their queue.
    WorkOutlastsVisibility,
}

impl Code {
    /// Every code, in alphabetical order.
    pub const ALL: [Code; 24] = [
        Code::BurstableAboveBaseline,
        Code::ConnectionsAboveLimit,
        Code::DemandAboveCapacity,
        Code::FailoverNotSimulated,
        Code::FaultWithoutEffect,
        Code::GraceShorterThanBoot,
        Code::HookShorterThanBoot,
        Code::InstancesNeverServed,
        Code::LaunchesFailed,
        Code::LongRun,
        Code::MessagesMultiply,
        Code::NetworkAboveBandwidth,
        Code::NoPrice,
        Code::NothingTakesOver,
        Code::ScalingAtMaximum,
        Code::ScalingWithoutRoom,
        Code::ScheduleAfterEnd,
        Code::SteeperThanAlb,
        Code::TargetBelowOne,
        Code::Unused,
        Code::UnusedPrice,
        Code::WarmCacheExpires,
        Code::WarmPoolWithoutHook,
        Code::WorkOutlastsVisibility,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Code::BurstableAboveBaseline => "burstable-above-baseline",
            Code::ConnectionsAboveLimit => "connections-above-limit",
            Code::DemandAboveCapacity => "demand-above-capacity",
            Code::FailoverNotSimulated => "failover-not-simulated",
            Code::FaultWithoutEffect => "fault-without-effect",
            Code::GraceShorterThanBoot => "grace-shorter-than-boot",
            Code::HookShorterThanBoot => "hook-shorter-than-boot",
            Code::InstancesNeverServed => "instances-never-served",
            Code::LaunchesFailed => "launches-failed",
            Code::LongRun => "long-run",
            Code::MessagesMultiply => "messages-multiply",
            Code::NetworkAboveBandwidth => "network-above-bandwidth",
            Code::NoPrice => "no-price",
            Code::NothingTakesOver => "nothing-takes-over",
            Code::ScalingAtMaximum => "scaling-at-maximum",
            Code::ScalingWithoutRoom => "scaling-without-room",
            Code::ScheduleAfterEnd => "schedule-after-end",
            Code::SteeperThanAlb => "steeper-than-alb",
            Code::TargetBelowOne => "target-below-one",
            Code::Unused => "unused",
            Code::UnusedPrice => "unused-price",
            Code::WarmCacheExpires => "warm-cache-expires",
            Code::WarmPoolWithoutHook => "warm-pool-without-hook",
            Code::WorkOutlastsVisibility => "work-outlasts-visibility",
        }
    }

    /// What it warns of, for the reference.
    pub const fn about(self) -> &'static str {
        match self {
            Code::BurstableAboveBaseline => {
                "a T type needs more CPU than its baseline, so that its credits run out in the end; those of caches and databases \
                 are not simulated: they always run at full speed, and the surplus is not in the bill"
            }
            Code::ConnectionsAboveLimit => {
                "pools × largest size of the fleets is more than `max_connections` of a database"
            }
            Code::DemandAboveCapacity => {
                "the peak asks for more CPU, servers or commands than there are at the largest size"
            }
            Code::FailoverNotSimulated => {
                "a fault takes shards of a cache that has replicas; in a run none of them takes over, so that the shards are lost \
                 until the zone is back"
            }
            Code::FaultWithoutEffect => {
                "a fault in a zone in which nothing has a place, or that begins after the end of the run"
            }
            Code::GraceShorterThanBoot => {
                "`health = \"elb\"` and a `grace` that ends before the application of a new instance answers: it is \
                 replaced before it ever serves, and so is its replacement"
            }
            Code::HookShorterThanBoot => {
                "a `launch_hook` that abandons a launch when its `heartbeat` ends, which is before the application is up or \
                 the action is completed: no new instance comes into service"
            }
            Code::InstancesNeverServed => {
                "in the run, launches were abandoned by their hook, or instances were ended before their application answered, \
                 or could not open their pools; the headroom does not count on them"
            }
            Code::LaunchesFailed => {
                "in the run EC2 refused launches, and at the end the group still lacks instances of its desired capacity"
            }
            Code::LongRun => "the run will take about an hour or more of one core",
            Code::MessagesMultiply => {
                "one message in a cycle of queues makes one or more of its own, so that the backlog grows without end"
            }
            Code::NetworkAboveBandwidth => {
                "a value too large for the time of a look-up, or more bytes than the nodes send; bytes take no time in \
                 a run"
            }
            Code::NoPrice => "something that is billed has no price, so the bill counts it as $0",
            Code::NothingTakesOver => {
                "a fault takes the writer of a database, and no replica or standby in another zone takes over: nothing is \
                 written, and what needs the writer waits, until the zone is back"
            }
            Code::ScalingAtMaximum => "a fleet came to its largest size in the run and wanted more",
            Code::ScalingWithoutRoom => "a policy with `min` = `max`, or a range that nothing moves in",
            Code::ScheduleAfterEnd => {
                "a scheduled action of a fleet comes after the end of the run, so never"
            }
            Code::SteeperThanAlb => {
                "traffic at a balancer more than doubles within 5 minutes, to more than 100 capacity units; a balancer \
                 never is the bottleneck in a run"
            }
            Code::TargetBelowOne => "a CPU target or threshold below 1; it is in percent",
            Code::Unused => {
                "a resource, a population of keys or a class that no request uses, or a queue that nothing receives from; \
                 resources are billed all the same"
            }
            Code::UnusedPrice => "a price in `[prices]` that nothing is charged for",
            Code::WarmCacheExpires => "most of what a `warm` cache holds has expired when the peak comes",
            Code::WarmPoolWithoutHook => {
                "a `warm_pool` of which instances are stopped before their user data is done, because no `launch_hook` waits for \
                 it: they install when they are needed"
            }
            Code::WorkOutlastsVisibility => {
                "the work on the messages of a receive takes longer than the visibility timeout of their queue, so that they can be \
                 delivered again"
            }
        }
    }

    /// Reads `allow`.
    pub(crate) fn read_all(value: Value) -> Option<Vec<Code>> {
        let values = value.one_or_more(Code::ALL.len() * 10)?;
        let code = |value: Value| {
            let text = value.text()?;
            let found = Code::ALL.into_iter().find(|code| code.name() == text);
            if found.is_none() {
                let names = Code::ALL.map(Code::name);
                let hint = match closest(text, names) {
                    Some(close) => format!("did you mean \"{close}\"?"),
                    None => format!("there is {}", names.join(", ")),
                };
                value.problem(format!("`{text}` is not a warning"), hint);
            }
            found
        };
        Some(values.into_iter().filter_map(code).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_one_in_json_and_the_list_is_whole_and_sorted() {
        let names = Code::ALL.map(Code::name);
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        // A code that is left out of the list would be one that a file cannot allow.
        assert_eq!(Code::WorkOutlastsVisibility as usize + 1, Code::ALL.len());
    }
}
