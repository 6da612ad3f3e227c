//! `[fleet.NAME]`: an Auto Scaling group of instances. In: type, threads, sizes, boot. Out: a [`Fleet`].

mod boot;
pub mod cluster;
mod cold;
mod cores;
mod cpu;
mod credits;
pub mod deploy;
mod deployed;
pub mod first_touch;
mod foreign;
mod forwards;
mod hardware;
mod hook;
pub mod launch;
pub mod limits;
mod machine;
mod maintenance;
mod memory;
mod network;
pub mod overrides;
pub mod pool;
mod protect;
pub mod refresh;
mod resize;
pub mod shapes;
mod shed;
pub(crate) mod sizes;
mod sockets;
pub mod spot;
mod standby;
pub mod suspend;
pub mod tasks;
mod termination;
pub mod version;
pub mod warm_pool;

pub use self::boot::Boot;
pub use self::cluster::{Cluster, Scaler};
pub use self::cold::Cold;
pub use self::cores::Cores;
pub use self::cpu::Discipline;
pub use self::credits::Credits;
pub use self::deploy::{Deploy, Strategy};
pub use self::forwards::PER_KB;
pub use self::hardware::Hardware;
pub use self::hook::{DefaultResult, LaunchHook, Patience, TerminateHook};
pub use self::launch::Shortage;
pub use self::maintenance::Healthy;
pub use self::memory::Memory;
pub use self::network::Network;
pub use self::overrides::{Allocation, Override};
pub use self::pool::{Growth, Order, Pool};
pub use self::protect::Protection;
pub use self::refresh::Refresh;
pub use self::resize::Resize;
pub use self::shed::Shedding;
pub use self::sockets::{KEEP_ALIVE, PORTS, Sockets, TIME_WAIT};
pub use self::spot::Spot;
pub use self::standby::Standby;
pub use self::suspend::{Process, Suspension};
pub use self::tasks::{On, OnNodes, Placement, Tasks};
pub use self::termination::Termination;
pub use self::version::Version;
pub use self::warm_pool::{Waiting, WarmPool};

use self::cpu::DISCIPLINES;
use self::machine::instance;
use self::shapes::{
    BACKLOG, BOOT_SHAPE, COOLDOWN, GRACE, HARDWARE_SHAPE, INSTANCES_MAX, LAUNCH_HOOK_SHAPE, LIFETIME_RANGE,
    STATUS_CHECK, TERMINATE_HOOK_SHAPE, THREADS, THREADS_MAX, WARMUP,
};
use crate::catalog::InstanceType;
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::alarm::language::names::Names as AlarmNames;
use crate::kind::effort::Work;
use crate::kind::host::{Hosts, Passing};
use crate::kind::path::Written;
use crate::kind::scaling::language::hpa;
use crate::kind::scaling::language::predictive::PREDICTIVE_SHAPE;
use crate::kind::scaling::language::shapes as scaling;
use crate::kind::scaling::language::{Group, Policy, PolicyKind, ScheduledAction};
use crate::kind::table::{Foreign, Table};
use crate::kind::zones;
use crate::language::bounds;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// Gauges of a fleet.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Fleet,
        name: "instances",
        own: false,
        about: "instances in service, at the end of the period",
    },
    Dial {
        kind: Kind::Fleet,
        name: "threads_busy",
        own: true,
        about: "busy threads in percent of those of the instances in service, at the end of the period",
    },
    Dial {
        kind: Kind::Fleet,
        name: "waiting",
        own: true,
        about: "requests that wait for a thread, for each instance past its warm-up, mean of the period",
    },
    Dial {
        kind: Kind::Fleet,
        name: "memory_used",
        own: true,
        about: "memory used in percent, mean of the instances in service, at the end of the period; of a fleet with `memory`",
    },
    Dial {
        kind: Kind::Fleet,
        name: cluster::RESERVATION,
        own: false,
        about: "`CapacityProviderReservation`: instances that its tasks need, in percent of those in service; of a fleet with `cluster`",
    },
];

/// An Auto Scaling group.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Name in the file.
    pub name: String,
    /// Type of each instance when the run starts; [`Fleet::hardware`] knows the later ones.
    pub instance: InstanceType,
    /// The types that its instances can have, in order of priority, the first of which is `instance`; none if they have one.
    pub overrides: Vec<Override>,
    /// How on-demand launches choose one of them.
    pub allocation: Allocation,
    /// How slow an application is that has just started.
    pub cold: Option<Cold>,
    /// CPU credits of each instance, of a T type.
    pub credits: Option<Credits>,
    /// Its vCPUs as threads of cores, if two share one.
    pub cores: Option<Cores>,
    /// What each instance has in its memory, if the file says so.
    pub memory: Option<Memory>,
    /// The link of each instance, if answers take time on it.
    pub network: Option<Network>,
    /// Speed of the first instances relative to the others, in the order of their launch.
    pub speeds: Vec<f64>,
    /// Availability Zones the instances are spread over, in the order in which they are filled.
    pub azs: Vec<Zone>,
    /// Requests an instance works on at once; `None` is unlimited.
    pub threads: Option<u32>,
    /// Connections that wait for a thread; beyond it a connection is not accepted.
    pub backlog: u32,
    /// What becomes of a connection beyond the backlog.
    pub overflow: Overflow,
    /// Its application closes a connection on which nothing came for so long; absent if it never does before the other end.
    pub keep_alive: Option<Time>,
    /// How CPU is shared between running threads.
    pub discipline: Discipline,
    /// Smallest number of instances.
    pub min: u32,
    /// Largest number of instances.
    pub max: u32,
    /// Instances in service when the run starts.
    pub desired: u32,
    /// How long a launch takes, and how busy an instance is meanwhile.
    pub boot: Boot,
    /// Lifecycle hook on launch; without one an instance is in service as soon as EC2 runs.
    pub launch_hook: Option<LaunchHook>,
    /// Lifecycle hook on termination.
    pub terminate_hook: Option<TerminateHook>,
    /// When processes of the group are suspended.
    pub suspend: Vec<Suspension>,
    /// Which instances a scale-in may not end.
    pub protect: Option<Protection>,
    /// When an instance turns requests away.
    pub shed: Option<Shedding>,
    /// The connections that it opens for its calls, if their ports can run out.
    pub sockets: Option<Sockets>,
    /// What each request takes of its CPU in passing.
    pub forwards: Option<Passing>,
    /// An instance is replaced when it is as old as this.
    pub max_lifetime: Option<Time>,
    /// When and where launches fail.
    pub launch_failures: Vec<Shortage>,
    /// From a launch that has failed until the group tries again.
    pub launch_retry: Time,
    /// What part of its instances is Spot, if some are.
    pub spot: Option<Spot>,
    /// How many instances stay, and may be there, while some are replaced.
    pub maintenance: Option<Healthy>,
    /// What can be deployed to its instances, beside what they have when the run starts.
    pub versions: Vec<Version>,
    /// When its instances are replaced, in time order, and then its deployments, in time order.
    pub refresh: Vec<Refresh>,
    /// When its instances get another type, in time order.
    pub resize: Vec<Resize>,
    /// When instances are on standby.
    pub standby: Vec<Standby>,
    /// Which instance a scale-in ends.
    pub termination: Vec<Termination>,
    /// Its instances run the tasks or pods of other fleets.
    pub cluster: Option<Cluster>,
    /// Its instances are tasks or pods.
    pub tasks: Option<Tasks>,
    /// Prepared instances beside the group.
    pub warm_pool: Option<WarmPool>,
    /// Default instance warm-up: kept out of the group's metrics this long after InService.
    pub warmup: Time,
    /// Default cooldown of simple scaling.
    pub cooldown: Time,
    /// Health check grace period.
    pub grace: Time,
    /// Whether the balancer's verdict replaces instances (`health = "elb"`) or only EC2 status checks.
    pub elb_health: bool,
    /// From the loss of an instance to its failed EC2 status check.
    pub status_check: Law,
    /// Period of the instances' CloudWatch metrics.
    pub metric_period: Time,
    /// Dynamic scaling policies.
    pub policies: Vec<Policy>,
    /// Scheduled actions in time order.
    pub schedule: Vec<ScheduledAction>,
    /// Connection pools of each instance.
    pub pools: Vec<Pool>,
    /// Changes of the number of serving instances on a timetable, without Auto Scaling: (when, how many).
    pub timetable: Vec<(Time, u32)>,
}

/// What becomes of a connection beyond the backlog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// The packet is dropped and sent again after 1 s, 3 s, 7 s, until the balancer's connect timeout (504).
    Drop,
    /// The connection is reset (502).
    Reset,
}

fn speeds(value: Value) -> Option<Vec<f64>> {
    let speed = |value: Value| bounds::positive(value, value.number(0.0..=1_000.0)?);
    value.elements(INSTANCES_MAX as usize)?.into_iter().map(speed).collect()
}

fn timetable(value: Value) -> Option<Vec<(Time, u32)>> {
    let mut changes: Vec<(Time, u32)> = Vec::new();
    for change in value.elements(10_000)? {
        let Some((at, count)) = change.pair("[\"50s\", 10]") else { continue };
        let (Some(time), Some(count)) = (at.time(), count.count(0..=INSTANCES_MAX)) else { continue };
        bounds::in_order(changes.last().map(|last| last.0), time, &at);
        changes.push((time, count));
    }
    Some(changes)
}

/// A timetable moves instances by itself, so nothing else may.
fn timetable_alone(reader: &Reader, fleet: &Fleet) {
    if fleet.timetable.is_empty() {
        return;
    }
    let (policies, schedule) = (!fleet.policies.is_empty(), !fleet.schedule.is_empty());
    let used = [
        ("scaling", policies),
        ("schedule", schedule),
        ("warm_pool", fleet.warm_pool.is_some()),
        ("spot", fleet.spot.is_some()),
        ("refresh", fleet.refreshes().next().is_some()),
        ("deploy", fleet.deployments().next().is_some()),
        ("standby", !fleet.standby.is_empty()),
        ("protect", fleet.protect.is_some()),
    ];
    for (key, used) in used {
        if let (true, Some(table), Some(other)) = (used, reader.get("timetable"), reader.get(key)) {
            let problem = Problem::at(&table.span(), format!("a timetable does not go with `{key}`"))
                .also(&other.span(), "this is Auto Scaling")
                .hint("a timetable sets the number of instances without Auto Scaling: keep one of the two");
            reader.cx.push(problem);
        }
    }
}

/// Capacity that is lacking, and Spot that is reclaimed, where no instance is would be felt nowhere.
fn zones_of_its_own(reader: &Reader, fleet: &Fleet) {
    let lacking = fleet.launch_failures.iter().filter_map(|span| span.zone);
    let reclaimed = fleet.spot.iter().flat_map(|spot| &spot.waves).filter_map(|wave| wave.zone);
    let named = lacking.map(|zone| ("launch_failures", zone));
    for (key, zone) in named.chain(reclaimed.map(|zone| ("spot", zone))) {
        if let (false, Some(value)) = (fleet.azs.contains(&zone), reader.get(key)) {
            let own: Vec<String> = fleet.azs.iter().map(Zone::to_string).collect();
            let hint = format!("it is in {}; `azs` says where the instances are", own.join(", "));
            value.problem(format!("zone {zone} has no instance of this fleet"), hint);
        }
    }
}

/// A type that the fleet does not have lacks nowhere.
fn lacks_its_types(reader: &Reader, fleet: &Fleet) {
    let has = |name: &String| fleet.all_hardware().any(|hardware| hardware.instance.name == *name);
    let strange =
        fleet.launch_failures.iter().filter_map(|span| span.instance.as_ref()).find(|name| !has(name));
    if let (Some(name), Some(value)) = (strange, reader.get("launch_failures")) {
        let hint = format!("it has {}", fleet.type_names());
        value.problem(format!("no instance of this fleet is a `{name}`"), hint);
    }
}

impl Fleet {
    /// How many zones its instances are spread over.
    pub fn zones(&self) -> u32 {
        self.azs.len() as u32
    }

    /// Whether something other than its schedule changes its size: a policy, or a scaler of nodes.
    pub fn scales(&self) -> bool {
        let scaler = self.cluster.as_ref().map_or(Scaler::None, |cluster| cluster.scaler);
        !self.policies.is_empty() || scaler != Scaler::None && self.max > self.min
    }

    /// Its instance refreshes.
    pub fn refreshes(&self) -> impl Iterator<Item = &Refresh> {
        self.refresh.iter().filter(|refresh| refresh.deploy.is_none())
    }

    /// Its deployments.
    pub fn deployments(&self) -> impl Iterator<Item = &Refresh> {
        self.refresh.iter().filter(|refresh| refresh.deploy.is_some())
    }

    /// Whether its launch hook ends in ABANDON where nothing completes it in time.
    pub fn abandons_launches(&self) -> bool {
        self.launch_hook.as_ref().is_some_and(|hook| hook.default_result == DefaultResult::Abandon)
    }
}

impl Table<Settings> for Fleet {
    const ABOUT: &'static str = "Auto Scaling groups of instances";
    const SHAPES: &'static [&'static Shape] = &[
        &shapes::SHAPE,
        &HARDWARE_SHAPE,
        &overrides::SHAPE,
        &shapes::CREDITS_SHAPE,
        &network::SHAPE,
        &memory::SHAPE,
        &BOOT_SHAPE,
        &shapes::BOOT_CPU_SHAPE,
        &first_touch::SHAPE,
        &cold::SHAPE,
        &LAUNCH_HOOK_SHAPE,
        &TERMINATE_HOOK_SHAPE,
        &suspend::SHAPE,
        &protect::SHAPE,
        &shed::SHAPE,
        &sockets::SHAPE,
        &forwards::SHAPE,
        &launch::SHAPE,
        &maintenance::SHAPE,
        &version::SHAPE,
        &refresh::SHAPE,
        &deploy::SHAPE,
        &standby::SHAPE,
        &resize::SHAPE,
        &spot::SHAPE,
        &spot::WAVE_SHAPE,
        &cluster::SHAPE,
        &cluster::RESERVED_SHAPE,
        &tasks::FARGATE_SHAPE,
        &tasks::TASKS_SHAPE,
        &tasks::REQUESTS_SHAPE,
        &warm_pool::SHAPE,
        &pool::SHAPE,
        &scaling::SHAPE,
        &scaling::TARGET_TRACKING_SHAPE,
        &scaling::MATH_SHAPE,
        &scaling::ALARM_SHAPE,
        &scaling::STEP_SHAPE,
        &scaling::STEPS_SHAPE,
        &scaling::SIMPLE_SHAPE,
        &PREDICTIVE_SHAPE,
        &hpa::SHAPE,
        &scaling::ACTION_SHAPE,
    ];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const PLACED: bool = true;
    const IS_GROUP: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Fleet {
        let sizes = sizes::read(reader);
        let monitoring = [("detailed", Time::from_secs(60)), ("basic", Time::from_secs(300))];
        let unknown =
            || InstanceType { name: String::new(), vcpus: 1, quota: None, memory: Bytes(1), strength: 1.0 };
        let (one, overrides) = match reader.one_of(&["instance", "overrides"], true) {
            Some(("instance", value)) => (instance(value), Vec::new()),
            Some((_, value)) => (None, Override::read_all(value).unwrap_or_default()),
            None => (None, Vec::new()),
        };
        let one = one.or_else(|| overrides.first().map(|first| first.instance.clone()));
        let mut instance = one.unwrap_or_else(unknown);
        let tasks = Tasks::read(reader, &instance);
        if tasks.is_some() {
            instance.name = tasks::size(&instance);
        }
        let cluster = reader.maybe("cluster", |value| {
            value.table(&cluster::SHAPE, |reader| Cluster::read(reader, &instance))
        });
        let boot = tasks.as_ref().map(Tasks::boot).or(cluster.as_ref().map(Cluster::boot));
        let usual = |of: Given<Time>| if tasks.is_some() { Time::ZERO } else { of.value };
        let mut fleet = Fleet {
            name: name.to_owned(),
            instance,
            overrides,
            allocation: reader.or(
                "allocation",
                |value| value.choice(&overrides::ALLOCATIONS),
                Allocation::Prioritized,
            ),
            cold: reader.maybe("cold", |value| value.table(&cold::SHAPE, Cold::read)),
            credits: None,
            network: None,
            cores: None,
            memory: None,
            speeds: reader.maybe("speeds", speeds).unwrap_or_default(),
            azs: reader.or("azs", |value| zones::zones(value, true), zones::usual()),
            threads: reader.or(
                "threads",
                |value| value.count_or("unlimited", 1..=THREADS_MAX),
                Some(THREADS.value),
            ),
            backlog: reader.or("backlog", |value| value.count(0..=1_000_000), BACKLOG.value),
            keep_alive: reader.maybe("keep_alive", Value::span_of_time),
            overflow: reader.or(
                "overflow",
                |value| value.choice(&[("drop", Overflow::Drop), ("reset", Overflow::Reset)]),
                Overflow::Drop,
            ),
            discipline: reader.or(
                "discipline",
                |value| value.choice(&DISCIPLINES),
                Discipline::ProcessorSharing,
            ),
            min: sizes.min,
            max: sizes.max,
            desired: sizes.desired,
            boot: reader
                .maybe("boot", |value| {
                    value.table(&BOOT_SHAPE, |reader| Boot::read(reader, boot.as_ref(), tasks.is_some()))
                })
                .or(boot.clone())
                .unwrap_or_default(),
            launch_hook: reader
                .maybe("launch_hook", |value| value.table(&LAUNCH_HOOK_SHAPE, LaunchHook::read)),
            terminate_hook: reader
                .maybe("terminate_hook", |value| value.table(&TERMINATE_HOOK_SHAPE, TerminateHook::read)),
            suspend: reader.maybe("suspend", Suspension::read_all).unwrap_or_default(),
            protect: reader.maybe("protect", Protection::read),
            shed: reader.maybe("shed", Shedding::read),
            sockets: reader.maybe("sockets", Sockets::read),
            forwards: reader.maybe("forwards", forwards::read),
            max_lifetime: reader.maybe("max_lifetime", |value| value.time_within(LIFETIME_RANGE)),
            launch_failures: reader.maybe("launch_failures", Shortage::read_all).unwrap_or_default(),
            launch_retry: reader.or("launch_retry", Value::span_of_time, launch::RETRY.value),
            spot: reader.maybe("spot", |value| value.table(&spot::SHAPE, Spot::read)),
            maintenance: reader.maybe("maintenance", Healthy::read),
            versions: reader.maybe("versions", Version::read_all).unwrap_or_default(),
            refresh: Vec::new(),
            standby: Vec::new(),
            resize: Vec::new(),
            termination: reader.or("termination", Termination::read_all, Termination::usual()),
            warm_pool: reader.maybe("warm_pool", |value| value.table(&warm_pool::SHAPE, WarmPool::read)),
            warmup: reader.or("warmup", Value::time, usual(WARMUP)),
            cooldown: reader.or("cooldown", Value::time, COOLDOWN.value),
            grace: reader.or("grace", Value::time, usual(GRACE)),
            elb_health: reader.or(
                "health",
                |value| value.choice(&[("ec2", false), ("elb", true)]),
                tasks.is_some(),
            ),
            status_check: reader.or("status_check", Value::law, STATUS_CHECK.value),
            metric_period: reader.or("monitoring", |value| value.choice(&monitoring), monitoring[0].1),
            policies: Vec::new(),
            schedule: reader
                .maybe("schedule", |value| ScheduledAction::read_all(value, sizes))
                .unwrap_or_default(),
            pools: reader.maybe("pools", Pool::read_all).unwrap_or_default(),
            timetable: reader.maybe("timetable", timetable).unwrap_or_default(),
            tasks: tasks.clone(),
            cluster,
        };
        tasks::check(reader, fleet.tasks.as_ref());
        let group = Group {
            metric_period: fleet.metric_period,
            warmup: fleet.warmup,
            cooldown: fleet.cooldown,
            containers: fleet.tasks.is_some(),
            own: reader.cx.names.find(Kind::Fleet, name).unwrap_or_default(),
        };
        let alone = fleet.schedule.is_empty() && reader.get("scaling").is_none();
        let known = alone.then_some(sizes);
        fleet.standby = reader.maybe("standby", |value| Standby::read_all(value, known)).unwrap_or_default();
        fleet.credits = Credits::read(reader, &fleet.instance);
        fleet.network = Network::read(reader, &fleet.instance);
        fleet.cores = Cores::read(reader, &fleet.instance, fleet.discipline);
        cpu::check(reader, &fleet.instance, fleet.discipline);
        fleet.memory = Memory::read(reader, &fleet.instance);
        fleet.complete_overrides();
        fleet.resize = reader.maybe("resize", |value| Resize::read_all(value, &fleet)).unwrap_or_default();
        resize::alone(reader, &fleet);
        lacks_its_types(reader, &fleet);
        fleet.policies = reader.maybe("scaling", |value| Policy::read_all(value, &group)).unwrap_or_default();
        let provider = fleet.cluster.as_ref().filter(|_| fleet.max > fleet.min);
        if let Some(Scaler::CapacityProvider(target)) = provider.map(|cluster| cluster.scaler) {
            fleet.policies.push(Policy::of_provider(target, group.own));
        }
        let of = (fleet.maintenance, fleet.versions.as_slice());
        let refreshes = reader.maybe("refresh", |value| Refresh::read_all(value, of)).unwrap_or_default();
        let deployments = reader.maybe("deploy", |value| Refresh::read_deployments(value, of));
        fleet.refresh = refreshes.into_iter().chain(deployments.unwrap_or_default()).collect();
        version::check(reader, !fleet.versions.is_empty());
        deploy::check(reader, &fleet.refresh);
        let forecasts = |policy: &Policy| matches!(policy.kind, PolicyKind::Predictive(_));
        let forecasts = fleet.policies.iter().any(forecasts);
        let base = fleet.memory.map(|memory| memory.base);
        overrides::check(reader, &fleet.overrides, fleet.spot.as_ref(), base, forecasts);
        timetable_alone(reader, &fleet);
        zones_of_its_own(reader, &fleet);
        if let Some(pool) = &fleet.warm_pool {
            pool.check(reader, sizes);
        }
        let largest = fleet.schedule.iter().filter_map(|action| action.max).fold(fleet.max, u32::max);
        spot::check(reader, fleet.spot.as_ref(), &fleet.launch_failures, largest);
        fleet
    }

    /// The alarms of its policies.
    fn own_work(&self, _all: &Settings, seconds: f64, _walk: impl Fn() -> f64) -> Work {
        let mut work = Work::default();
        self.policies.iter().for_each(|policy| work.add(policy.work(seconds)));
        work
    }

    fn by_chance(&self, duration: Time) -> Option<f64> {
        let spot = self.spot.as_ref().filter(|it| it.rate > 0.0)?;
        let instances = f64::from(self.desired.saturating_sub(spot.on_demand_of(self.desired)));
        Some(1.0 - libm::exp(-spot.rate * instances * duration.as_secs_f64() / 3_600.0))
    }

    fn move_to(&mut self, region: Region) {
        self.azs.iter_mut().for_each(|zone| *zone = zone.moved_to(region));
        let waves = self.spot.iter_mut().flat_map(|spot| &mut spot.waves);
        let zones =
            waves.map(|wave| &mut wave.zone).chain(self.launch_failures.iter_mut().map(|it| &mut it.zone));
        zones.flatten().for_each(|zone| *zone = zone.moved_to(region));
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.azs.first()?.region()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        let nodes = self.tasks.as_ref().and_then(Tasks::nodes);
        nodes.map(|of| (Kind::Fleet, of.fleet.index())).into_iter().collect()
    }

    fn hosts(&self) -> Option<Hosts<'_>> {
        let shares = self.discipline == Discipline::ProcessorSharing;
        Some(Hosts {
            name: &self.name,
            strength: self.instance.strength,
            fastest: self.fastest(),
            hop: Time::ZERO,
            shares,
            alone: false,
            link: self.link(),
            sheds: self.shed.is_some(),
            connects: self.sockets.is_some(),
            passing: self.forwards,
            crowds: self.all_hardware().any(|it| it.cores.is_some() || it.instance.quota.is_some()),
            fails: self.versions.iter().any(Version::fails),
        })
    }

    fn work_at(&self, busy: f64, on: Option<&InstanceType>) -> Option<f64> {
        let Some(instance) = on else {
            let hardware = self.hardware(0);
            return Some(hardware.share_of_work(busy) * hardware.work());
        };
        // Its vCPUs are threads or cores as those of the fleet are.
        let cores = Cores::resized(self.cores.as_ref(), instance);
        let hardware = Hardware { instance, credits: None, cores: cores.as_ref(), network: None };
        Some(hardware.share_of_work(busy) * hardware.work())
    }

    fn pools(&self) -> Vec<(Kind, usize)> {
        self.pools.iter().map(|pool| (Kind::Database, pool.database.index())).collect()
    }

    fn places(&self, _all: &Settings) -> Vec<Zone> {
        self.azs.clone()
    }

    fn changes(&self) -> Vec<Time> {
        let actions = self.schedule.iter().map(|action| action.at);
        let resizes = self.resize.iter().map(|resize| resize.at);
        actions.chain(self.timetable.iter().map(|change| change.0)).chain(resizes).collect()
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        Policy::check_all(index, all, cx);
        tasks::check_nodes(index, all, cx);
        let alarms = || self.refresh.iter().flat_map(|refresh| &refresh.alarms);
        if alarms().next().is_some() {
            AlarmNames::of(all).check(alarms(), cx);
        }
    }
}
