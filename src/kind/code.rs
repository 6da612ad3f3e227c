//! The warnings that there are, each written once: its name, its place on a page, what it warns of; and which of them a file allows.
//!
//! In: `allow = ["NAME"]`. Out: [`Code`]s.

use serde::{Deserialize, Serialize};

use crate::language::names::closest;
use crate::language::value::Value;

/// Makes the list: what it is about in the docs, `Variant "name" PLACE "what it warns of, for the reference"`.
macro_rules! codes {
    ($($(#[$doc:meta])+ $Code:ident $name:literal $place:literal $about:literal;)*) => {
        /// What a warning is about. The name is stable: scripts and `allow` go by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $($(#[$doc])+ $Code,)*
        }

        impl Code {
            /// Every code, in alphabetical order.
            pub const ALL: [Code; [$($name),*].len()] = [$(Code::$Code),*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Code::$Code => $name,)*
                }
            }

            /// What it warns of, for the reference.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Code::$Code => $about,)*
                }
            }

            /// Where it stands on a page: the lowest first, and those of one place as they were found.
            pub(crate) const fn place(self) -> u8 {
                match self {
                    $(Code::$Code => $place,)*
                }
            }
        }
    };
}

codes! {
    /// A name that keeps the addresses of instances that have ended.
    AddressesLeftBehind "addresses-left-behind" 8
        "a name of Route 53 has a fixed address for each instance of a fleet that grows and shrinks: an instance that ends leaves an address \
         at which nothing answers";
    /// An objective on the age of messages that are hidden for longer.
    AgeBelowDelay "age-below-delay" 10
        "an objective on the age of messages allows less than the `delivery_delay` of their queue: it is always missed";
    /// An alarm with a shorter period than its metric has points.
    AlarmFasterThanMetric "alarm-faster-than-metric" 7
        "an alarm of a minute or more with a shorter period than its metric has points, such as a minute with \
         `monitoring = \"basic\"`: the points in between are missing";
    /// More balancers in a Region than AWS allows.
    BalancersAboveQuota "balancers-above-quota" 8
        "the file has more Application Load Balancers than a Region may have by the quotas of AWS";
    /// More CPU than the credits of a T type pay for.
    BurstableAboveBaseline "burstable-above-baseline" 1
        "a T type needs more CPU than its baseline, so that its credits run out in the end; those of caches and \
         databases are not simulated: they always run at full speed, and the surplus is not in the bill";
    /// Pools of the largest fleets hold more connections than the database takes.
    ConnectionsAboveLimit "connections-above-limit" 3
        "pools × largest size of the fleets is more than `max_connections` of a database, or sessions that are pinned at its proxy leave none to others";
    /// Containers that have used up their CPU time.
    CpuLimitReached "cpu-limit-reached" 14
        "in the run tasks had used up their CPU limit and stood still for a good part of their time: a request waits for the next period then";
    /// The peak asks for more than everything that may be there.
    DemandAboveCapacity "demand-above-capacity" 2
        "the peak asks for more CPU, threads, connections, servers or commands than there are at the largest size";
    /// A fault takes a shard of a cache with replicas that do not take over.
    FailoverNotSimulated "failover-not-simulated" 4
        "a fault takes shards of a cache that has replicas and no `multi_az`: none of them takes over, and the shards are \
         lost until the zone is back";
    /// A fault that changes nothing: nothing is in its zone, no request uses what it strikes, or it begins after the end.
    FaultWithoutEffect "fault-without-effect" 4
        "a fault in a zone in which nothing has a place, one of what no request uses, one that begins after the end of the run, one that \
         strikes more instances than there are, or one that promotes a replica where none is left";
    /// More requests than a web ACL may look at.
    FirewallAboveQuota "firewall-above-quota" 8
        "more requests a second come to a firewall than a web ACL of a Region may have by the quotas of AWS";
    /// Instances that the balancer's verdict ends before their application answers.
    GraceShorterThanBoot "grace-shorter-than-boot" 5
        "`health = \"elb\"` and a `grace` that ends before the application of a new instance answers: it is replaced \
         before it ever serves, and so is its replacement";
    /// Launches that a lifecycle hook abandons before what it waits for is done.
    HookShorterThanBoot "hook-shorter-than-boot" 5
        "a `launch_hook` that abandons a launch when its `heartbeat` ends, which is before the application is up or \
         the action is completed: no new instance comes into service";
    /// Instances came into service and never served, or their launches were abandoned.
    InstancesNeverServed "instances-never-served" 14
        "in the run, launches were abandoned by their hook, or instances were ended before their application \
         answered, or could not open their pools; the headroom does not count on them";
    /// Applications that close connections which their balancer would still use.
    KeepAliveBelowIdle "keep-alive-below-idle" 8
        "the application of a fleet closes idle connections (`keep_alive`) before its balancer does (`idle_timeout`): a request \
         that is sent at that moment is a 502";
    /// Launches that EC2 refused, so that instances are lacking at the end.
    LaunchesFailed "launches-failed" 14
        "in the run EC2 refused launches, and at the end the group still lacks instances of its desired capacity";
    /// Containers whose limits are more than their instance has.
    LimitsAboveInstance "limits-above-instance" 7
        "the CPU limits of the containers that fit on an instance of a cluster add up to more than its vCPUs, which a run does not share";
    /// A run of about an hour or more.
    LongRun "long-run" 0
        "the run will take about an hour or more of one core";
    /// Messages that make more messages than they are, in a cycle of queues.
    MessagesMultiply "messages-multiply" 10
        "one message in a cycle of queues makes one or more of its own, so that the backlog grows without end";
    /// More bytes than the network of a node carries in the time that the scenario gives them.
    NetworkAboveBandwidth "network-above-bandwidth" 6
        "a value too large for the time of a look-up, or more bytes than the nodes send; bytes take no time in a run";
    /// No price for something that is billed.
    NoPrice "no-price" 12
        "something that is billed has no price, so the bill counts it as $0";
    /// A fault takes the writer of a database from which nothing takes over.
    NothingTakesOver "nothing-takes-over" 4
        "a fault takes the writer of a database, and no replica or standby in another zone takes over: nothing is \
         written, and what needs the writer waits, until the zone is back";
    /// A group came to its largest size and wanted more.
    ScalingAtMaximum "scaling-at-maximum" 13
        "a fleet came to its largest size in the run and wanted more";
    /// A policy that can change nothing, or a range in which nothing moves.
    ScalingWithoutRoom "scaling-without-room" 7
        "a policy with `min` = `max`, or a range that nothing moves in";
    /// An action with a time that comes after the end of the run, or never.
    ScheduleAfterEnd "schedule-after-end" 7
        "a scheduled action of a fleet, or another change with an `at`, comes after the end of the run, so never; or a \
         `cron` names no time of the run";
    /// Sessions that were not kept.
    SessionsLost "sessions-lost" 14
        "in the run a cache of `sessions` refused some for want of memory, or lost some by a flush or with a node";
    /// A setting that nothing in the file can feel.
    SettingWithoutEffect "setting-without-effect" 8
        "a setting that changes nothing in this file, such as anomaly mitigation of fewer than three targets";
    /// Queues that hold the same messages, and of which each says another size.
    SizesDisagree "sizes-disagree" 10
        "queues that get the same messages, from a topic or as dead letters, with another `message_size` each; the \
         bill goes by it";
    /// Traffic that rises faster than an Application Load Balancer grows.
    SteeperThanAlb "steeper-than-alb" 8
        "traffic at a balancer more than doubles within 5 minutes, to more than 100 capacity units; a balancer never \
         is the bottleneck in a run";
    /// A CPU target or threshold below 1 %.
    TargetBelowOne "target-below-one" 7
        "a CPU target or threshold below 1; it is in percent";
    /// More targets than AWS lets a balancer have.
    TargetsAboveQuota "targets-above-quota" 8
        "a fleet may have more instances than its balancer may have targets by the quotas of AWS";
    /// Tasks that never found room.
    TasksWithoutRoom "tasks-without-room" 14
        "at the end of the run tasks or pods still wait for room on an instance of their cluster";
    /// Answers that clients keep for longer than a minute, with health checks.
    TtlAboveMinute "ttl-above-minute" 8
        "a name of Route 53 with health checks whose `ttl` is above 60 s: a dead address gets requests for that long after it was found out";
    /// Something that no request uses, or a queue of which nothing receives.
    Unused "unused" 9
        "a resource, a population of keys or a class that no request uses, a queue that nothing receives from, or a \
         version that no refresh and no deployment brings; resources are billed all the same";
    /// A price that nothing is charged for.
    UnusedPrice "unused-price" 12
        "a price in `[prices]` that nothing is charged for";
    /// A warm cache whose content has expired when the peak comes.
    WarmCacheExpires "warm-cache-expires" 11
        "most of what a `warm` cache holds has expired when the peak comes";
    /// Instances of a warm pool that are stopped before they have installed what they need.
    WarmPoolWithoutHook "warm-pool-without-hook" 5
        "a `warm_pool` of which instances are stopped before their user data is done, because no `launch_hook` waits \
         for it: they install when they are needed";
    /// A request that takes longer than a leaving target may go on with it.
    WorkOutlastsDraining "work-outlasts-draining" 10
        "a request takes longer than the `deregistration_delay` of its balancer, and targets leave: by scale-in, deployments, a refresh, a \
         resize or their lifetime. Requests that are at them are cut off";
    /// Work on a message that takes longer than a leaving instance may go on with it.
    WorkOutlastsStop "work-outlasts-stop" 10
        "the work on the messages of a receive takes longer than `stop_timeout`, and the fleet of the workers scales in: \
         messages are cut off, and come back when their visibility timeout ends";
    /// A request that takes longer than its client or its balancer waits for it, however idle everything is.
    WorkOutlastsTimeout "work-outlasts-timeout" 2
        "a request takes longer than its client or its balancer waits for it, however idle everything is: constant \
         times, and the least of ranges and of recorded values, add up to more than the timeout";
    /// Work on the messages of a receive that takes longer than the visibility timeout of their queue.
    WorkOutlastsVisibility "work-outlasts-visibility" 10
        "the work on the messages of a receive takes longer than the visibility timeout of their queue, so that they \
         can be delivered again";
}

impl Code {
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
    fn the_name_is_the_one_in_json_and_the_list_is_sorted() {
        let names = Code::ALL.map(Code::name);
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
    }
}
