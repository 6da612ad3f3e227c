//! The language of `[fleet.NAME]`: every key with its default, and the source of each default.

use super::launch::RETRY;
use crate::dist::Law;
use crate::kind::zones::{AZS, ZONES};
use crate::language::shape::{Given, Key, Shape};
use crate::units::Time;

const LAUNCHES: &str = "SpareCores sc-inspector-data, 54 launches, June to August 2026";

/// Largest number of instances of a fleet.
pub const INSTANCES_MAX: u32 = 10_000;
/// Largest number of threads of an instance.
pub const THREADS_MAX: u32 = 100_000;

/// Requests an instance works on at once: 200.
pub const THREADS: Given<u32> = Given::new(200, "Apache Tomcat configuration reference, maxThreads");
/// Connections that wait for a thread: 100.
pub const BACKLOG: Given<u32> = Given::new(100, "Apache Tomcat configuration reference, acceptCount");
/// From the alarm to the launch call: 5 s to 6 s.
pub const DECISION: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(5), high: Time::from_secs(6) },
    "activity notifications of published Auto Scaling groups: 5 s to 6 s after the alarm",
);
/// From the API call to the kernel, where EC2 calls the instance running: median 15 s, 90th percentile 28 s.
pub const LAUNCH: Given<Law> = Given::new(Law::Lognormal { mean: Time::from_secs(17), cv: 0.5 }, LAUNCHES);
/// From the kernel to the first line of user data: median 12.6 s, 90th percentile 17 s.
pub const SYSTEM: Given<Law> = Given::new(Law::Lognormal { mean: Time::from_secs(13), cv: 0.25 }, LAUNCHES);
/// User data on a golden image: up to 5 s.
pub const BOOTSTRAP_GOLDEN: Given<Law> = Given::new(
    Law::Uniform { low: Time::ZERO, high: Time::from_secs(5) },
    "assumption: nothing left to install",
);
/// User data on an image that lacks one package: 40 s.
pub const BOOTSTRAP_HYBRID: Given<Law> =
    Given::new(Law::Lognormal { mean: Time::from_secs(40), cv: 0.1 }, LAUNCHES);
/// User data that installs everything: 200 s to 250 s.
pub const BOOTSTRAP_USER_DATA: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(200), high: Time::from_secs(250) },
    "aws-samples/amazon-ec2-auto-scaling-group-examples, warm pools: 243 s without a pool",
);
/// From the start of the application to its first answer: 5.6 s to 7.4 s.
pub const APPLICATION: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_millis(5_600), high: Time::from_millis(7_400) },
    "Atom-oh/aws-ec2-benchmark (2026): Spring Boot to its first answer",
);
/// Busy vCPUs while an instance boots: 1.
pub const BOOT_CPU: Given<f64> = Given::new(
    1.0,
    "assumption: the system, an installer and the start of an application each keep one thread busy",
);
/// Longest wait of a lifecycle hook: 3,600 s.
pub const HEARTBEAT: Given<Time> =
    Given::new(Time::from_secs(3_600), "EC2 Auto Scaling API reference, PutLifecycleHook: HeartbeatTimeout");
/// From 30 s to 7,200 s. Source: EC2 Auto Scaling API reference, PutLifecycleHook.
pub const HEARTBEAT_RANGE: std::ops::RangeInclusive<Time> = Time::from_secs(30)..=Time::from_secs(7_200);
/// However often heartbeats are recorded, a hook waits at most for so many heartbeat timeouts. Source: EC2 Auto Scaling user guide,
/// "Lifecycle hooks".
pub const HEARTBEATS_MAX: u64 = 100;
/// And at most for 48 h. Source: the same.
pub const HOOK_MAX: Time = Time::from_secs(172_800);
/// From a day to the longest time there is. Source: EC2 Auto Scaling API reference, CreateAutoScalingGroup.
pub const LIFETIME_RANGE: std::ops::RangeInclusive<Time> =
    Time::from_secs(86_400)..=Time::from_secs(31_536_000);
/// Default instance warm-up: 300 s.
pub const WARMUP: Given<Time> = Given::new(
    Time::from_secs(300),
    "EC2 Auto Scaling user guide (2023-06): without a warm-up the default cooldown counts",
);
/// Default cooldown: 300 s.
pub const COOLDOWN: Given<Time> =
    Given::new(Time::from_secs(300), "EC2 Auto Scaling user guide, scaling cooldowns (2023-06)");
/// Health check grace period: 300 s.
pub const GRACE: Given<Time> = Given::new(
    Time::from_secs(300),
    "EC2 Auto Scaling user guide, health checks (2023-06): groups made in the console",
);
/// Work of one vCPU of hardware that is not in the list: 1, as the m5 family.
pub const STRENGTH: Given<f64> = Given::new(1.0, "by definition: the m5 family");

/// Period of a CPU limit: 100 ms.
pub const PERIOD: Given<Time> = Given::new(
    Time::from_millis(100),
    "Linux kernel documentation, \"CFS Bandwidth Control\"; Amazon ECS and Kubernetes leave it so",
);
/// From a millisecond to a second. Source: the same.
pub const PERIOD_RANGE: std::ops::RangeInclusive<Time> = Time::from_millis(1)..=Time::from_secs(1);

/// What the second thread of a core adds while both are busy: 30 %.
pub const SECOND_THREAD: f64 = 0.3;
/// The same for the reference.
pub const SECOND_THREAD_SHOWN: &str = "`\"30%\"` (SpareCores sc-inspector-data, 2026-08, stress-ng of m5.large and c5.large: two threads do \
     1.31 times as much as one; t3.large 1.46, m6i.large 1.02; that it is the same for all types is an assumption)";

/// From the loss of an instance to its failed EC2 status checks: up to a minute.
pub const STATUS_CHECK: Given<Law> = Given::new(
    Law::Uniform { low: Time::ZERO, high: STATUS_PERIOD },
    "EC2 user guide, status checks for your instances: they run every minute",
);
/// Period of EC2 status checks. Source: EC2 user guide, status checks for your instances.
pub const STATUS_PERIOD: Time = Time::from_secs(60);

/// The language of a fleet.
pub const SHAPE: Shape = Shape {
    title: "[fleet.NAME]",
    about: "An Auto Scaling group of instances. Give `instances`, or `min` and `max`.",
    keys: &[
        Key::optional(
            "instance",
            "instance type, such as \"m6i.large\", or { vcpus, memory, strength, cores, period }",
            "required without `overrides`",
            "hardware of each instance",
        ),
        Key::optional(
            "fargate",
            "{ image, pull }",
            "none: the instances are EC2 instances",
            "the instances are tasks of Amazon ECS on AWS Fargate, of which `instance` is the size",
        ),
        Key::optional(
            "cluster",
            "{ orchestrator, scaler, … }",
            "none: the instances serve requests themselves",
            "the instances run the tasks or pods of other fleets",
        ),
        Key::optional(
            "tasks",
            "{ on, placement, requests, image, pull, max_unavailable }",
            "none: the instances are EC2 instances",
            "the instances are tasks or pods on the EC2 instances of another fleet",
        ),
        Key::optional(
            "credits",
            "{ mode, baseline, most, launch, initial }",
            "those of a T type (EC2 user guide, burstable performance instances); other types have none",
            "CPU credits of each instance",
        ),
        Key::optional(
            "threads_per_core",
            "1 or 2",
            "1: each vCPU is as fast as if it had a core alone (assumption: sizes of cores are a refinement)",
            "with 2, two vCPUs are the threads of one core: while both are busy, they do less than twice as much as one; a CPU step takes its \
             time on a core alone",
        ),
        Key::optional(
            "second_thread",
            "share, such as \"30%\"",
            SECOND_THREAD_SHOWN,
            "what the second thread of a core adds while both are busy",
        ),
        Key::optional(
            "memory",
            "{ base, request }",
            "none: memory is not counted",
            "what an instance has in its memory, for the gauge `memory_used`",
        ),
        Key::optional(
            "network",
            "{ baseline, burst, lasts, initial }",
            "none: bytes take no time, and a warning says where they would",
            "the answers of an instance share its network bandwidth; `{ }` is that of its type",
        ),
        Key::optional(
            "speeds",
            "array of numbers",
            "all instances are equally fast",
            "CPU speed of the first instances relative to the others, in the order of launch: [0.5] is one slow host",
        ),
        Key::given("azs", ZONES, || AZS.show(), "Availability Zones the instances are spread over"),
        Key::given(
            "threads",
            "whole number or \"unlimited\"",
            || THREADS.show(),
            "requests an instance works on at once",
        ),
        Key::given(
            "backlog",
            "whole number",
            || BACKLOG.show(),
            "connections that wait for a thread; beyond it a connection is not accepted",
        ),
        Key::optional(
            "keep_alive",
            "duration",
            "longer than the balancer's `idle_timeout`",
            "how long its application keeps an idle connection open, as `keepAliveTimeout` of Node.js or `keepalive_timeout` of nginx \
             say: a request that a balancer sends while the application closes its connection is a 502",
        ),
        Key::optional(
            "overflow",
            "\"drop\" or \"reset\"",
            "`\"drop\"` (assumption: Linux with tcp_abort_on_overflow off; unverified)",
            "a connection beyond the backlog is sent again later (504 in the end), or reset (502)",
        ),
        Key::optional(
            "discipline",
            "\"processor_sharing\" or \"fifo\"",
            "`\"processor_sharing\"` (assumption: an operating system shares its cores among threads)",
            "running threads share the cores, or one thread per core runs to its end",
        ),
        Key::optional(
            "instances",
            "whole number",
            "`min` and `max` count",
            "short for an equal `min`, `max` and `desired`",
        ),
        Key::optional("min", "whole number", "required without `instances`", "smallest number of instances"),
        Key::optional("max", "whole number", "required without `instances`", "largest number of instances"),
        Key::optional("desired", "whole number", "`min`", "instances in service when the run starts"),
        Key::optional(
            "boot",
            "{ image, decision, launch, system, bootstrap, application, cpu, first_touch }",
            "a golden image: what each key inside has as its default (assumption: everything is installed in the image)",
            "how long a launch takes, stage by stage",
        ),
        Key::optional(
            "cold",
            "{ speed, for }",
            "none: an application is as fast with its first request as later",
            "an application that has just started needs more CPU for the same work",
        ),
        Key::optional(
            "launch_hook",
            "{ heartbeat, default_result, complete }",
            "none, as on AWS: an instance is in service as soon as EC2 runs, while its application still starts",
            "lifecycle hook on launch (Pending:Wait): the instance is registered and in service after it",
        ),
        Key::optional(
            "terminate_hook",
            "{ complete, heartbeat }",
            "none",
            "lifecycle hook on termination (Terminating:Wait), after the instance has drained",
        ),
        Key::optional(
            "suspend",
            "array of { at, until, processes }",
            "none",
            "spans in which processes of the group are suspended",
        ),
        Key::optional(
            "shed",
            "{ concurrency, queue_time }",
            "none: requests wait as long as it takes",
            "when an instance turns requests away",
        ),
        Key::optional(
            "sockets",
            "{ keep_alive, ports, time_wait }",
            "none: its local ports never run out",
            "the connections that its instances open for their calls",
        ),
        Key::optional(
            "forwards",
            "{ cpu, per_kb }",
            "none",
            "what each request takes of its CPU in passing, as at an inspection appliance",
        ),
        Key::optional(
            "protect",
            "{ new, initial, until }",
            "none",
            "scale-in protection: which instances a scale-in may not end",
        ),
        Key::optional(
            "max_lifetime",
            "duration, at least 86,400 s",
            "none (EC2 Auto Scaling API reference, CreateAutoScalingGroup: MaxInstanceLifetime)",
            "an instance is replaced when it is as old as this",
        ),
        Key::optional(
            "launch_failures",
            "array of { at, until, zone, beyond, market, instance }",
            "none",
            "spans in which EC2 lacks capacity, so that launches fail",
        ),
        Key::given(
            "launch_retry",
            "duration",
            || RETRY.show(),
            "from a launch that has failed until the group tries again",
        ),
        Key::optional(
            "maintenance",
            "{ min_healthy, max_healthy }",
            "none: at most a tenth ends at once, before others are launched",
            "instance maintenance policy: how instances are replaced that are unhealthy, too old, or refreshed",
        ),
        Key::optional(
            "overrides",
            "array of { instance, weight, spot_price }",
            "none: all instances have the type `instance`",
            "the types of a mixed instances group, in order of priority, and what each counts for",
        ),
        Key::optional(
            "allocation",
            "\"prioritized\" or \"lowest-price\"",
            "`\"prioritized\"` (EC2 Auto Scaling API reference, InstancesDistribution: OnDemandAllocationStrategy)",
            "how an on-demand launch chooses one of the `overrides`: the first that can be had, or the one with the lowest price of a \
             unit of capacity",
        ),
        Key::optional(
            "versions",
            "{ NAME = { speed, errors, malformed, health, bootstrap, application } }",
            "none",
            "what a `refresh` or a `deploy` can bring to the instances: slower, failing or unhealthy versions",
        ),
        Key::optional(
            "refresh",
            "array of { at, version, alarms, rollback, … }",
            "none",
            "instance refreshes: all instances are replaced, a few at a time, by those of a version",
        ),
        Key::optional(
            "deploy",
            "array of { at, strategy, version, batch, … }",
            "none",
            "deployments: a version is brought to the instances in place, or by a second set of them",
        ),
        Key::optional(
            "resize",
            "array of { at, instance, downtime, one_by_one }",
            "none",
            "vertical resizes: all instances get another type, and are away meanwhile",
        ),
        Key::optional(
            "standby",
            "array of { at, count, until, replace }",
            "none",
            "instances that leave service for a while and stay in the group (EnterStandby, ExitStandby)",
        ),
        Key::optional(
            "spot",
            "{ on_demand_base, on_demand_share, allocation, pools, price, rate, interruptions, on_notice }",
            "none: every instance is on demand",
            "which part of the instances is Spot, and when EC2 takes those back",
        ),
        Key::optional(
            "termination",
            "\"Default\", \"AllocationStrategy\", \"OldestInstance\", \"NewestInstance\" or \
             \"ClosestToNextInstanceHour\", or an array of them",
            "`[\"AllocationStrategy\", \"OldestInstance\"]` (assumption: AWS's own is \"Default\", which in the end goes by \
             the next billed hour and by chance)",
            "which instance of the fullest zone a scale-in ends: each policy leaves those that fit it best",
        ),
        Key::optional(
            "warm_pool",
            "{ state, min, max_prepared, reuse, start, stop }",
            "none",
            "prepared instances beside the group, which a scale-out takes before it launches others",
        ),
        Key::given(
            "warmup",
            "duration",
            || WARMUP.show(),
            "an instance is kept out of the group's metrics this long after it is in service",
        ),
        Key::given("cooldown", "duration", || COOLDOWN.show(), "pause after an activity of simple scaling"),
        Key::given(
            "grace",
            "duration",
            || GRACE.show(),
            "an instance is not replaced for failed balancer checks this long after it is in service",
        ),
        Key::optional(
            "health",
            "\"ec2\" or \"elb\"",
            "`\"ec2\"` (EC2 Auto Scaling user guide, health checks)",
            "whether the balancer's verdict replaces instances",
        ),
        Key::given(
            "status_check",
            "law",
            || STATUS_CHECK.show(),
            "time from the loss of an instance with its zone until an EC2 status check fails, by which the group notices",
        ),
        Key::optional(
            "monitoring",
            "\"detailed\" or \"basic\"",
            "`\"detailed\"`: a point each 60 s, as AWS advises for scaling; AWS's own default is basic, 300 s (Amazon EC2 Auto Scaling user guide, monitoring: 60 s and 300 s)",
            "period of the instances' CloudWatch metrics: an alarm with a shorter `period`, of a minute or more, sees no point in between",
        ),
        Key::optional(
            "scaling",
            "array of { target_tracking }, { step } or { simple }",
            "none",
            "dynamic scaling policies",
        ),
        Key::optional("schedule", "array of { at, min, max, desired }", "none", "scheduled actions"),
        Key::optional(
            "pools",
            "{ DATABASE = whole number } or { DATABASE = { writer, reader, timeout, minimum } }",
            "none",
            "connection pools of each instance; a number is the size of the writer's pool and of the reader's",
        ),
        Key::optional(
            "timetable",
            "array of [duration, whole number]",
            "none",
            "changes of the number of serving instances, without Auto Scaling",
        ),
    ],
};

/// The language of hardware that is not in the list.
pub const HARDWARE_SHAPE: Shape = Shape {
    title: "instance = { … }",
    about: "Hardware that is not in the list of instance types.",
    keys: &[
        Key::required(
            "vcpus",
            "number, from 0.001 on",
            "virtual CPUs; a part of one is a CPU limit, as a task or a pod has it: full speed until the CPU time of a period is used up",
        ),
        Key::optional(
            "cores",
            "whole number, at least `vcpus`",
            "`vcpus`, rounded up (assumption: a container sees no more than it may use)",
            "virtual CPUs that can work at once; with fewer `vcpus` these are the CPU limit",
        ),
        Key::given(
            "period",
            "duration, 1 ms to 1 s",
            || PERIOD.show(),
            "the period of a CPU limit: 0.25 vCPUs are 25 ms of CPU time in each 100 ms",
        ),
        Key::required("memory", "data", "main memory"),
        Key::given(
            "strength",
            "number",
            || STRENGTH.show(),
            "work of one busy vCPU in one second, relative to the m5 family",
        ),
        Key::optional(
            "name",
            "text",
            "`\"custom\"` (assumption: a word for the page)",
            "name for its price: `\"EC2/NAME\"` in [prices]",
        ),
    ],
};

/// The language of CPU credits.
pub const CREDITS_SHAPE: Shape = Shape {
    title: "credits = { … }",
    about: "CPU credits of an instance: one is a vCPU at 100 % for a minute. An instance earns them all the time, for its \
            baseline, and spends them while it is busier.",
    keys: &[
        Key::optional(
            "mode",
            "\"standard\" or \"unlimited\"",
            "`\"standard\"` for T2, `\"unlimited\"` for T3, T3a, T4g (EC2 user guide, burstable performance instances)",
            "what an instance without credits does: it is held to its baseline, or goes on and owes the surplus",
        ),
        Key::optional(
            "baseline",
            "share, from 1% on",
            "that of the type (EC2 user guide); required for hardware that is not in the list",
            "share of each vCPU that the earned credits pay for",
        ),
        Key::optional(
            "most",
            "number",
            "a day of earning (EC2 user guide, burstable performance instances)",
            "most credits that an instance keeps; a surplus beyond it is charged at once",
        ),
        Key::optional(
            "launch",
            "number",
            "30 for each vCPU of T2 in standard mode (EC2 user guide), else 0",
            "credits that a new instance begins with, spent first and beyond the most",
        ),
        Key::optional(
            "initial",
            "number",
            "`most` (assumption: little to do in the day before the run)",
            "credits of the instances that the run begins with",
        ),
        Key::optional(
            "kept",
            "true or false",
            "`false` for T2, `true` for the others (EC2 user guide, burstable performance instances)",
            "whether an instance keeps what it has earned while it is stopped, in a warm pool",
        ),
    ],
};

/// The language of booting.
pub const BOOT_SHAPE: Shape = Shape {
    title: "boot = { … }",
    about: "How long it takes from the launch call to a running application, stage by stage.",
    keys: &[
        Key::optional(
            "image",
            "\"golden\", \"hybrid\" or \"user_data\"",
            "`\"golden\"` (assumption: everything is installed in the image)",
            "how much is left for user data to install; decides the default of `bootstrap`",
        ),
        Key::given(
            "decision",
            "law",
            || DECISION.show(),
            "from the alarm to the launch call; not billed yet",
        ),
        Key::given(
            "launch",
            "law",
            || LAUNCH.show(),
            "from the API call to the kernel, where EC2 calls the instance running",
        ),
        Key::given("system", "law", || SYSTEM.show(), "from the kernel to the first line of user data"),
        Key::given("bootstrap", "law", bootstraps, "user data, for `golden`, `hybrid`, `user_data`"),
        Key::given(
            "application",
            "law",
            || APPLICATION.show(),
            "from the start of the application to its first answer",
        ),
        Key::given(
            "cpu",
            "number, or { system, bootstrap, application }",
            || BOOT_CPU.show(),
            "busy vCPUs from the kernel to the first answer; the group's CPU has them once the instance is past its warm-up",
        ),
        Key::optional(
            "first_touch",
            "{ data, restore, rate, throughput }",
            "none: what is read is in `application`",
            "a data set that the application reads as it starts, from a volume restored from a snapshot",
        ),
    ],
};

/// The language of the load of a booting instance.
pub const BOOT_CPU_SHAPE: Shape = Shape {
    title: "cpu = { … }",
    about: "Busy vCPUs in each stage of booting; an instance never has more than all of its own.",
    keys: &[
        Key::given("system", "number", || BOOT_CPU.show(), "busy vCPUs while the system starts"),
        Key::given("bootstrap", "number", || BOOT_CPU.show(), "busy vCPUs while user data runs"),
        Key::given("application", "number", || BOOT_CPU.show(), "busy vCPUs while the application starts"),
    ],
};

const HEARTBEAT_KEY: Key = Key::given(
    "heartbeat",
    "duration, 30 s to 7,200 s",
    || HEARTBEAT.show(),
    "the heartbeat timeout: the longest wait",
);
const RECORD_KEY: Key = Key::optional(
    "record_heartbeat",
    "duration, at most `heartbeat`",
    "never",
    "how often the work records a heartbeat (`RecordLifecycleActionHeartbeat`), each of which lets the timeout begin anew; the wait \
     is then at most 100 timeouts, and at most 48 h",
);

/// The language of a launch hook.
pub const LAUNCH_HOOK_SHAPE: Shape = Shape {
    title: "launch_hook = { … }",
    about: "A lifecycle hook on launch: Pending:Wait from the moment EC2 runs; `{}` takes every default.",
    keys: &[
        Key::optional(
            "complete",
            "\"application\" or law",
            "`\"application\"` (assumption: the last line of user data completes the action)",
            "when the action is completed: when the application runs, or this long after EC2 runs",
        ),
        HEARTBEAT_KEY,
        RECORD_KEY,
        Key::optional(
            "default_result",
            "\"abandon\" or \"continue\"",
            "`\"abandon\"` (EC2 Auto Scaling API reference, PutLifecycleHook)",
            "what happens at the heartbeat timeout: another launch replaces it, or it goes into service",
        ),
    ],
};

/// The language of a termination hook.
pub const TERMINATE_HOOK_SHAPE: Shape = Shape {
    title: "terminate_hook = { … }",
    about: "A lifecycle hook on termination: Terminating:Wait from the moment the instance has drained.",
    keys: &[
        Key::required("complete", "law", "how long the work takes that the hook waits for"),
        HEARTBEAT_KEY,
        RECORD_KEY,
    ],
};

fn bootstraps() -> (String, &'static str) {
    let images = [BOOTSTRAP_GOLDEN, BOOTSTRAP_HYBRID, BOOTSTRAP_USER_DATA].map(|image| image.show().0);
    (
        images.join(", "),
        "an assumption for golden images; measured launches for the others (sc-inspector-data, aws-samples)",
    )
}
