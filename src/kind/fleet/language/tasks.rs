//! `fargate` and `tasks` of a fleet: its instances are tasks of Amazon ECS or pods of Amazon EKS. In: a table, and their size. Out:
//! [`Tasks`], and the usual times of their start.

use super::boot::Boot;
use super::shapes::{APPLICATION, INSTANCES_MAX};
use crate::catalog::InstanceType;
use crate::dist::Law;
use crate::id::{FleetId, Kind, UNKNOWN};
use crate::kind::Settings;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::number::agreeing;
use crate::units::{Bandwidth, Bytes, Time};

/// Size of an image: 100 MiB.
pub const IMAGE: Given<Bytes> =
    Given::new(Bytes(100 << 20), "assumption: a small service with its runtime, compressed");
/// How fast Fargate pulls and unpacks an image: 100 Mbit/s.
pub const PULL_FARGATE: Given<Bandwidth> = Given::new(
    Bandwidth(100e6),
    "elasticscale.com (2024), reduce AWS Fargate pull times: a task with an image of 413 MB starts in 53 s to 62 s, of which 15 s to 25 s \
     are provisioning",
);
/// How fast an EC2 instance pulls and unpacks one: 400 Mbit/s.
pub const PULL_EC2: Given<Bandwidth> =
    Given::new(Bandwidth(400e6), "assumption: an instance unpacks with more cores than a task has");
/// From the decision of the scheduler to the call: up to 2 s.
pub const SCHEDULES: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(1), high: Time::from_secs(2) },
    "assumption: a scheduler acts within seconds",
);
/// PROVISIONING on Fargate: 15 s to 25 s.
pub const PROVISIONING: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(15), high: Time::from_secs(25) },
    "vladionescu.me (2022), scaling containers on AWS: ECS on Fargate has its first tasks after about 30 s, pull included; that the rest is \
     pull and start is an assumption",
);
/// Attaching a network interface on an instance: 1 s to 3 s.
pub const ATTACHES: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(1), high: Time::from_secs(3) },
    "assumption: the agent attaches a network interface, or the CNI plugin assigns an address, within seconds",
);
/// Start of a container: 1 s.
pub const STARTS: Given<Law> =
    Given::new(Law::Constant(Time::from_secs(1)), "assumption: a container starts in about a second");

/// The language of tasks on Fargate.
pub const FARGATE_SHAPE: Shape = Shape {
    title: "fargate = { … }",
    about: "The instances are tasks of an Amazon ECS service on AWS Fargate; `instance` is their size, which must be one that Fargate has. \
            `boot` has other defaults then: `decision` is that of the service scheduler, `launch` is PROVISIONING, `system` the pull of \
            the image, `bootstrap` the start of the container. `warmup` and `grace` are 0 s, and `health` is \"elb\", as of an ECS \
            service. `{ }` takes all defaults.",
    keys: &[
        Key::given("image", "data", || IMAGE.show(), "compressed size of the image that each task pulls"),
        Key::given("pull", "bandwidth", || PULL_FARGATE.show(), "how fast it is pulled and unpacked"),
    ],
};

/// The language of tasks and pods on instances of a cluster.
pub const TASKS_SHAPE: Shape = Shape {
    title: "tasks = { on, … }",
    about: "The instances are tasks or pods on the instances of another fleet, which is a `cluster`. One waits (PROVISIONING, Pending) \
            until an instance has room for what it requests. `boot`, `warmup`, `grace` and `health` have the defaults of `fargate`, \
            without its provisioning.",
    keys: &[
        Key::required("on", "name of a fleet with `cluster`", "whose instances run them"),
        Key::optional(
            "placement",
            "\"spread\" or \"binpack\"",
            "`\"spread\"` (Amazon ECS developer guide, \"Task placement strategies\": services spread over zones, then instances; the \
             scheduler of Kubernetes prefers the least allocated node)",
            "on which of the instances with room: the one with the fewest in the emptiest zone, or the fullest",
        ),
        Key::optional(
            "requests",
            "{ vcpus, memory }",
            "all of `instance`",
            "what is reserved for each on its instance; `instance` is its limit then, as of a pod",
        ),
        Key::given(
            "image",
            "data",
            || IMAGE.show(),
            "compressed size of the image; the first on each instance pulls it",
        ),
        Key::given("pull", "bandwidth", || PULL_EC2.show(), "how fast it is pulled and unpacked"),
        Key::optional(
            "max_unavailable",
            "whole number",
            "none: all on an instance that is drained leave at once (Kubernetes documentation, \"Disruptions\")",
            "PodDisruptionBudget: how many may be missing while instances are drained",
        ),
    ],
};

/// The language of what is reserved.
pub const REQUESTS_SHAPE: Shape = Shape {
    title: "requests = { … }",
    about: "What the scheduler reserves for a task or a pod on its instance.",
    keys: &[
        Key::optional("vcpus", "number", "those of `instance`", "virtual CPUs, such as 0.25"),
        Key::optional("memory", "data", "that of `instance`", "memory"),
    ],
};

/// Instances that are tasks or pods.
#[derive(Clone, Debug, PartialEq)]
pub struct Tasks {
    /// Compressed size of the image, and how fast it is pulled and unpacked.
    pub image: Bytes,
    /// See `image`.
    pub pull: Bandwidth,
    /// Where they run.
    pub on: On,
}

/// Where tasks run.
#[derive(Clone, Debug, PartialEq)]
pub enum On {
    /// AWS Fargate.
    Fargate,
    /// Instances of a cluster.
    Nodes(OnNodes),
}

/// Tasks on instances of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct OnNodes {
    /// The fleet of the instances.
    pub fleet: FleetId,
    /// On which of them.
    pub placement: Placement,
    /// Thousandths of a vCPU that are reserved for each.
    pub milli: u32,
    /// Memory that is.
    pub memory: Bytes,
    /// How many may be missing while instances are drained.
    pub max_unavailable: Option<u32>,
}

/// On which instance a task is placed, of those with room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The one with the fewest of its fleet, in the zone with the fewest.
    Spread,
    /// The one with the least room.
    Binpack,
}

/// Sizes of a Fargate task: vCPUs, and memory in GiB from, to, and in which steps. Source: Amazon ECS developer guide, "Task size".
const SIZES: [(f64, f64, f64, f64); 7] = [
    (0.25, 0.5, 2.0, 0.5),
    (0.5, 1.0, 4.0, 1.0),
    (1.0, 2.0, 8.0, 1.0),
    (2.0, 4.0, 16.0, 1.0),
    (4.0, 8.0, 30.0, 1.0),
    (8.0, 16.0, 60.0, 4.0),
    (16.0, 32.0, 120.0, 8.0),
];

impl Tasks {
    /// What a fleet says of its tasks, if they are some.
    pub(super) fn read(reader: &Reader, instance: &InstanceType) -> Option<Tasks> {
        let (key, value) = reader.one_of(&["fargate", "tasks"], false)?;
        let image = |reader: &Reader| reader.or("image", Value::some_bytes, IMAGE.value);
        if key == "fargate" {
            check_size(reader, instance);
            return value.table(&FARGATE_SHAPE, |reader| Tasks {
                image: image(reader),
                pull: reader.or("pull", Value::bandwidth, PULL_FARGATE.value),
                on: On::Fargate,
            });
        }
        value.table(&TASKS_SHAPE, |reader| Tasks {
            image: image(reader),
            pull: reader.or("pull", Value::bandwidth, PULL_EC2.value),
            on: On::Nodes(OnNodes::read(reader, instance)),
        })
    }

    /// The usual times of their start. What is not busy of a task is not its CPU: others pull its image.
    pub(super) fn boot(&self) -> Boot {
        let launch = match self.on {
            On::Fargate => PROVISIONING.value,
            On::Nodes(_) => ATTACHES.value,
        };
        Boot {
            decision: SCHEDULES.value,
            launch,
            system: Law::Constant(self.pull.time_of(self.image)),
            bootstrap: STARTS.value,
            application: APPLICATION.value,
            cpu: [0.0, 0.0, 1.0],
            first_touch: None,
        }
    }

    /// The instances that run them, if those are of a fleet.
    pub fn nodes(&self) -> Option<&OnNodes> {
        match &self.on {
            On::Fargate => None,
            On::Nodes(nodes) => Some(nodes),
        }
    }
}

impl OnNodes {
    fn read(reader: &Reader, instance: &InstanceType) -> OnNodes {
        let milli = |vcpus: f64| (vcpus * 1_000.0).round().max(1.0) as u32;
        let whole = (milli(instance.mean_vcpus()), instance.memory);
        let requests = reader.maybe("requests", |value| {
            value.table(&REQUESTS_SHAPE, |reader| {
                let vcpus = |value: Value| {
                    let of = value.number(0.001..=1_024.0)?;
                    if of > instance.mean_vcpus() {
                        let message = format!(
                            "a request of {} is more than the limit of {}",
                            agreeing(of.to_string(), "vCPU"),
                            instance.mean_vcpus()
                        );
                        value.problem(message, "`instance` is the limit: at least what is requested");
                    }
                    Some(milli(of))
                };
                let memory = |value: Value| {
                    let of = value.some_bytes()?;
                    if of > instance.memory {
                        value.problem(
                            format!("a request of {of} is more than the limit of {}", instance.memory),
                            "`instance` is the limit: at least what is requested",
                        );
                    }
                    Some(of)
                };
                (reader.or("vcpus", vcpus, whole.0), reader.or("memory", memory, whole.1))
            })
        });
        let (milli, memory) = requests.unwrap_or(whole);
        let placements = [("spread", Placement::Spread), ("binpack", Placement::Binpack)];
        OnNodes {
            fleet: reader.must("on", Value::id, FleetId(UNKNOWN)),
            placement: reader.or("placement", |value| value.choice(&placements), Placement::Spread),
            milli,
            memory,
            max_unavailable: reader.maybe("max_unavailable", |value| value.count(1..=INSTANCES_MAX)),
        }
    }
}

/// What a task of this size is called: `0.5 vCPU, 1 GiB`.
pub(super) fn size(instance: &InstanceType) -> String {
    format!("{} vCPU, {}", instance.mean_vcpus(), instance.memory)
}

/// Whether a task of Fargate can have this size; else which ones it has.
fn check_size(reader: &Reader, instance: &InstanceType) {
    let Some(value) = reader.get("instance") else { return };
    let gib = |of: f64| if of < 1.0 { format!("{} MiB", of * 1024.0) } else { format!("{of} GiB") };
    let vcpus = instance.mean_vcpus();
    let Some((_, from, to, step)) = SIZES.iter().find(|size| size.0 == vcpus) else {
        let all: Vec<String> = SIZES.iter().map(|size| size.0.to_string()).collect();
        let hint = format!("a task has {} vCPUs", all.join(", "));
        return value.problem(format!("Fargate has no tasks of {vcpus} vCPUs"), hint);
    };
    let memory = instance.memory.as_gib();
    let steps = (memory - from) / step;
    // A quarter has no 1.5 GiB.
    let is_one = (*from..=*to).contains(&memory) && steps.fract() == 0.0 && !(vcpus == 0.25 && memory == 1.5);
    if !is_one {
        let hint = match vcpus {
            0.25 => "it can have 512 MiB, 1 GiB or 2 GiB".to_owned(),
            _ => format!("it can have {} to {}, in steps of {}", gib(*from), gib(*to), gib(*step)),
        };
        value.problem(format!("Fargate has no task of {vcpus} vCPUs with {}", instance.memory), hint);
    }
}

/// Tasks are on the instances of a cluster of their zones, one of which has room for each.
pub(super) fn check_nodes(index: usize, all: &Settings, cx: &Context) {
    let fleet = &all.fleets[index];
    let Some(span) = cx.names.span(Kind::Fleet, index) else { return };
    let problem = |message: String, hint: String| cx.push(Problem::at(span, message).hint(hint));
    let Some((of, nodes)) = fleet
        .tasks
        .as_ref()
        .and_then(Tasks::nodes)
        .and_then(|of| Some((of, all.fleets.get(of.fleet.index())?)))
    else {
        return;
    };
    let Some(cluster) = &nodes.cluster else {
        return problem(
            format!("fleet `{}` has its tasks on fleet `{}`, which is no cluster", fleet.name, nodes.name),
            format!("add cluster = {{ orchestrator = \"ecs\" }} to [fleet.{}], or \"eks\"", nodes.name),
        );
    };
    if nodes.azs.iter().any(|zone| !fleet.azs.contains(zone)) {
        problem(
            format!("fleet `{}` is not in all zones of its cluster `{}`", fleet.name, nodes.name),
            "write the same `azs` in both".into(),
        );
    }
    let milli = (nodes.instance.vcpus * 1_000).saturating_sub(cluster.reserved_milli);
    let memory = nodes.instance.memory.0.saturating_sub(cluster.reserved_memory.0);
    if of.milli > milli || of.memory.0 > memory {
        problem(
            format!("no instance of `{}` has room for one of `{}`", nodes.name, fleet.name),
            format!(
                "each has {} vCPUs and {} for tasks: request less, or take a larger type",
                f64::from(milli) / 1e3,
                Bytes(memory)
            ),
        );
    }
}

/// What a task does not have: it is neither an EC2 instance nor of an Auto Scaling group.
pub(super) fn check(reader: &Reader, tasks: Option<&Tasks>) {
    let Some((key, span)) =
        ["fargate", "tasks"].into_iter().find_map(|key| Some((key, reader.get(key)?.span())))
    else {
        return;
    };
    let not = [
        "overrides",
        "credits",
        "threads_per_core",
        "launch_hook",
        "terminate_hook",
        "warm_pool",
        "resize",
        "standby",
        "max_lifetime",
        "maintenance",
        "timetable",
        "suspend",
        "launch_failures",
    ];
    for (of, value) in not.into_iter().filter_map(|of| Some((of, reader.get(of)?))) {
        let problem = Problem::at(&value.span(), format!("`{of}` does not go with `{key}`"))
            .also(&span, "these are containers")
            .hint("it is of EC2 instances and their groups: leave one of the two out");
        reader.cx.push(problem);
    }
    if let (Some(_), Some(value)) = (tasks.and_then(Tasks::nodes), reader.get("spot")) {
        value.problem(
            "tasks on instances have no market of their own",
            "write `spot` into the fleet of the instances",
        );
    }
}
