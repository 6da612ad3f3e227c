//! Fleets and their instances, each with a zone, threads and cores.
//!
//! In: the settings of a fleet, facts and timers. Out: hosts. `lifecycle` has their life, `capacity` how many there
//! should be.

use std::collections::VecDeque;

use super::instance::{Instance, Made, Refreshing, Standing};
use super::language::cluster::RESERVATION;
use super::language::launch::{TOKENS, TOKENS_A_SECOND};
use super::language::{Discipline, Fleet as Settings, Overflow, Process, Refresh};
use super::launch_rate::FargateRate;
use super::orders::Orders;
use super::prepared::Pool;
use super::record::FleetSeries;
use super::sockets::{Ports, To};
use super::watch::Watch;
use crate::catalog::InstanceType;
use crate::catalog::zone::{Place, Zone};
use crate::dist::Sampler;
use crate::engine::bucket::Bucket;
use crate::engine::station::{Station, UNLIMITED};
use crate::engine::turns::Turns;
use crate::flow::attempt::Tier;
use crate::flow::draws::DrawId;
use crate::flow::fact::{Fact, Order, Reading};
use crate::flow::host::{Group, Host, Lifecycle, Rotation, Withheld};
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::{Flow, NONE, number};
use crate::id::{self, AlarmOf, Gauge};
use crate::kind::Kind;
use crate::kind::alarm::language::names::Names;
use crate::kind::part::{Asked, Part, Place as Step, Plan};
use crate::kind::path::PathOwner;
use crate::measure::resource::{Purpose, Resource};
use crate::measure::stage::Cause;
use crate::rng::{Stream, stream};
use crate::units::Time;
use crate::usage::Used;

/// All fleets. Their groups come first among all groups, so a fleet and its group have one number.
#[derive(Debug)]
pub struct Fleets<'s> {
    pub(super) settings: &'s [Settings],
    pub(super) each: Vec<Fleet>,
    /// Rows so far, without what other kinds know of its hosts.
    pub(super) series: Vec<FleetSeries>,
    /// Instances by the number of the host.
    pub(super) instances: Vec<Instance>,
    /// Zones that are lost.
    pub(super) lost: Vec<Place>,
    /// What the account may still launch, all fleets together.
    pub(super) tokens: Bucket,
    /// When Fargate takes further tasks of the account, by Region and market.
    pub(super) fargate: Vec<FargateRate>,
    /// Tasks that wait for room on an instance, in order, and instances that are drained of theirs.
    pub(super) waiting: Vec<u32>,
    pub(super) drains: Vec<u32>,
    /// When launch credits were granted, as far as that is a day ago at most; and whether some were not.
    pub(super) granted: VecDeque<u64>,
    pub(super) grants_are_over: bool,
    /// When each attempt came to the host at which it may be turned away.
    pub(super) came: PerAttempt<u64>,
    /// Local ports of the instances, for their calls.
    pub(super) ports: Ports,
    /// Whether some of them can run out.
    connects: bool,
    /// Alarms that are in ALARM.
    pub(super) in_alarm: Vec<AlarmOf>,
}

/// One fleet.
#[derive(Debug)]
pub struct Fleet {
    /// Current smallest size.
    pub(super) min: u32,
    /// Current largest size.
    pub(super) max: u32,
    /// Instances still to be made at once (at the start, or by the timetable), one after the other.
    pub(super) at_once: u32,
    /// Random numbers of each stage of booting.
    pub(super) boot: [Stream; 5],
    /// Random numbers of applications that are restarted, and of what is installed on instances that stay.
    pub(super) restart: Stream,
    pub(super) installs: Stream,
    /// Random numbers of the time until a lost instance fails its status checks.
    pub(super) status_check: Stream,
    /// How late scheduled actions are.
    late: Stream,
    /// Random numbers of the launch hook and of the termination hook.
    pub(super) hooks: [Stream; 2],
    /// Instances made so far, including those of the start.
    pub(super) created: u32,
    /// Launched so far.
    pub(super) launched: u32,
    /// Terminated so far.
    pub(super) terminated: u32,
    /// Launches that a lifecycle hook abandoned.
    pub(super) abandoned: u32,
    /// Most instances alive at once.
    pub(super) peak: usize,
    /// The largest size that was wanted beyond the maximum, and how often one beyond it was.
    pub(super) wanted_most: u32,
    pub(super) wanted_times: u64,
    /// A zone was lost and is back: its instances may have to be spread again.
    pub(super) uneven: bool,
    /// Zones of which it was said that launches go to others, because these lack capacity.
    pub(super) avoided: Vec<Zone>,
    /// Types that launches avoid because EC2 lacks them.
    pub(super) avoided_types: Vec<usize>,
    /// What the scaler of its nodes remembers.
    pub(super) watch: Watch,
    /// Random numbers of when the CPU periods of tasks begin.
    pub(super) periods: Stream,
    /// Connections that found a backlog full.
    pub(super) refused: u64,
    /// The same count at the end of the last row.
    pub(super) refused_mark: Mark,
    /// Surplus CPU credits that were charged, vCPU-hours by hour.
    pub(super) surplus: Vec<f64>,
    /// Instance-nanoseconds for which instances that have ended were held to their baseline.
    pub(super) held_for: f64,
    /// Instances that are out of credits, and the most that ever were.
    pub(super) held: u32,
    pub(super) most_held: u32,
    /// Instances without network credits, instance-nanoseconds for which those that have ended were, and what their links have sent,
    /// in nanoseconds at the burst.
    pub(super) throttled: u32,
    /// When the last of them began or ceased to be without.
    pub(super) throttled_at: Option<u64>,
    pub(super) throttled_for: f64,
    pub(super) sent: f64,
    /// What all links had sent at the end of the last row.
    pub(super) sent_mark: f64,
    /// Random numbers of the interruptions of Spot instances, and how many there were.
    pub(super) interruptions: Stream,
    pub(super) interrupted: u64,
    /// Instances are missing because of them.
    pub(super) lacks_spot: bool,
    /// How many are missing of those that were taken out of service on purpose, those that were taken first at the front.
    pub(super) taken: Vec<(Purpose, u32)>,
    /// Which of its types instances are to have, and random numbers of the time for which they are away to get it.
    pub(super) model: usize,
    pub(super) downtime: Stream,
    /// In which order launches choose one of several types.
    pub(super) orders: Orders,
    /// Instances on standby.
    pub(super) standing: Vec<Standing>,
    /// The version that the group has: what is launched unless a refresh brings another one. Random numbers of what fails.
    pub(super) version: usize,
    pub(super) failures: Stream,
    /// Of each of its refreshes, the alarms by which it fails.
    pub(super) alarms: Vec<Vec<AlarmOf>>,
    /// Whether a balancer checks its instances.
    pub(super) checked: bool,
    /// Refreshes, deployments and rollbacks so far.
    pub(super) serial: u32,
    /// The instance refresh in progress, or the deployment.
    pub(super) refreshing: Option<Refreshing>,
    /// The entry of that, until its last instances have begun to leave.
    pub(super) rollout: Option<usize>,
    /// Instances that answer, for callers without a balancer, in turn.
    pub(super) in_turn: Turns,
    /// Prepared instances beside the group.
    pub(super) pool: Option<Pool>,
    /// Launches that EC2 refused, when the last one was, and when the group tries again.
    pub(super) failed: u64,
    /// Instances that are missing because of them.
    pub(super) unlaunched: u32,
    pub(super) failed_at: Option<u64>,
    pub(super) retry_at: u64,
}

/// Steps at a fleet.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Choose an instance of a fleet without balancer: that to which the attempt is addressed, or in turn.
    Direct { fleet: u16, tier: u8, addressed: bool },
    /// A step on the CPU of the instance of a tier begins with the next op, or has ended.
    Crowd { tier: u8, begins: bool },
    /// An attempt is about to begin its steps on an instance of a tier, of which some versions fail some.
    MayFail { tier: u8 },
    /// Send the answer of a tier over the link of its instance.
    Send { tier: u8, draw: DrawId },
    /// A request has come to the instance of a tier, which may turn it away.
    Admit { tier: u8 },
    /// The same, after it has waited for its thread.
    Admitted { tier: u8 },
    /// A call from the instance of a tier takes a connection.
    Connect { tier: u8, to: To },
    /// It has ended.
    HangUp { tier: u8 },
}

timers! {
    Kind::Fleet;
    /// EC2 runs an instance.
    Runs { instance: u32 } = "start of instance";
    /// The application of an instance has had its time to start.
    Started { instance: u32 } = "start of the application of instance";
    /// The wait of an instance in a lifecycle hook ends.
    Hook { instance: u32, completed: bool } = "end of the lifecycle hook of instance";
    /// The launch hook of an instance that is prepared for the warm pool times out.
    WarmHook { fleet: u16, member: u32 } = "end of the lifecycle hook in the warm pool of fleet";
    /// An instance is as old as it may be.
    Aged { instance: u32 } = "maximum lifetime of instance";
    /// Suspended processes are resumed.
    Resume { fleet: u16, span: u16 } = "processes resumed of fleet";
    /// Instances are no longer protected from scale-in.
    Unprotect { fleet: u16 } = "end of the scale-in protection of fleet";
    /// Launches that have failed are tried again.
    Retry { fleet: u16 } = "launches tried again by fleet";
    /// EC2 has capacity again.
    Relief { fleet: u16, span: u16 } = "end of a lack of capacity for fleet";
    /// The deregistration delay of a terminating instance ends.
    Drained { instance: u32 } = "end of draining of instance";
    /// A version is installed on an instance that stays.
    Installed { instance: u32 } = "installation on instance";
    /// Spot instances get their notice, by the timetable or by chance.
    Wave { fleet: u16, wave: u16 } = "Spot interruptions of fleet";
    Notice { instance: u32 } = "Spot interruption notice of instance";
    /// A Spot instance is shut down, two minutes after its notice.
    Reclaimed { instance: u32 } = "end of Spot instance";
    /// An instance refresh begins.
    Refresh { fleet: u16, which: u16 } = "instance refresh of fleet";
    /// An instance that replaces another one is warm.
    Warm { instance: u32 } = "end of the warm-up of replacement instance";
    /// The wait at a checkpoint of a refresh is over.
    Checkpoint { fleet: u16 } = "checkpoint of the refresh of fleet";
    /// A refresh has waited long enough after its last replacement, has not gone on for too long, is cancelled.
    Baked { fleet: u16 } = "end of the bake time of fleet";
    GivesUp { fleet: u16 } = "refresh given up of fleet";
    Cancel { fleet: u16, which: u16 } = "refresh cancelled of fleet";
    /// Instances are to have another type, and one is back with it.
    Resize { fleet: u16, which: u16 } = "resize of fleet";
    Resized { instance: u32 } = "end of the resize of instance";
    /// Instances enter standby, and leave it.
    EnterStandby { fleet: u16, which: u16 } = "instances on standby of fleet";
    ExitStandby { fleet: u16, which: u16 } = "end of standby of fleet";
    /// A scheduled action.
    Schedule { fleet: u16, action: u16 } = "scheduled action of fleet";
    /// A change of the timetable.
    Timetable { fleet: u16, change: u16 } = "timetable of fleet";
    /// A lost instance fails its EC2 status checks.
    Noticed { instance: u32 } = "failed status check of instance";
    /// The application of an instance is a step warmer.
    Warms { instance: u32 } = "warming of the application of instance";
    /// The network credits of an instance may be spent, or there again.
    Link { instance: u32 } = "network credits of instance";
    /// The scheduler looks for an instance for a task.
    Place { task: u32 } = "placement of task";
    /// A scaler of nodes looks, and a batch of one is over.
    Scan { fleet: u16 } = "look of the scaler of fleet";
    Batch { fleet: u16 } = "end of a batch of the scaler of fleet";
    /// The CPU time that a task may use in a period may be used up, or a new period begins.
    Quota { instance: u32 } = "CPU limit of task";
    /// The CPU credits of an instance may be spent, or there again.
    Credits { instance: u32 } = "CPU credits of instance";
}

impl<'s> Part<'s> for Fleets<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.fleets;
        debug_assert!(flow.groups.is_empty(), "the groups of fleets come first");
        for (settings, calls) in settings.iter().zip(std::mem::take(&mut plan.calls)) {
            flow.groups.push(Group { desired: settings.desired, calls, ..Group::default() });
        }
        let names = Names::of(plan.kinds);
        let checked = |index: usize| plan.kinds.balancers.iter().any(|it| it.targets.index() == index);
        let each = settings.iter().enumerate().map(|(index, settings)| {
            let of =
                |refresh: &Refresh| refresh.alarms.iter().filter_map(|it| names.find(&it.name)).collect();
            let orders = Orders::new(settings, plan.region, plan.prices);
            let alarms = settings.refresh.iter().map(of).collect();
            Fleet { alarms, checked: checked(index), ..Fleet::new(settings, plan.seed, orders) }
        });
        Fleets {
            settings,
            each: each.collect(),
            series: Vec::new(),
            instances: Vec::new(),
            lost: Vec::new(),
            tokens: Bucket::new(TOKENS_A_SECOND, TOKENS),
            fargate: Vec::new(),
            waiting: Vec::new(),
            drains: Vec::new(),
            granted: VecDeque::new(),
            grants_are_over: false,
            came: PerAttempt::new(0),
            ports: Ports::new(plan.kinds.fleets.len()),
            connects: plan.kinds.fleets.iter().any(|fleet| fleet.sockets.is_some()),
            in_alarm: Vec::new(),
        }
    }

    fn asks(op: Op, place: &mut Step) -> Option<Asked> {
        match op {
            Op::Direct { fleet, tier, .. } => {
                place.groups[usize::from(tier)] = fleet.into();
                None
            }
            Op::Crowd { .. }
            | Op::MayFail { .. }
            | Op::Admit { .. }
            | Op::Admitted { .. }
            | Op::Connect { .. }
            | Op::HangUp { .. } => None,
            Op::Send { tier, draw } => {
                Some((Resource::Network { fleet: place.groups[usize::from(tier)] }, Some(draw)))
            }
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Direct { fleet, tier, addressed } => match self.direct(fleet, addressed, id, flow) {
                Some(instance) => {
                    flow.enter_tier(id, tier, instance, Tier::NONE);
                    Next::Op
                }
                None => Next::Fail(Cause::ServiceUnavailable),
            },
            Op::Crowd { tier, begins } => self.crowd(id, tier, begins, flow),
            Op::MayFail { tier } => self.may_fail(id, tier, flow),
            Op::Send { tier, draw } => self.send(id, tier, draw, flow),
            Op::Admit { tier } => self.admit(id, tier, flow),
            Op::Admitted { tier } => self.admitted(id, tier, flow),
            Op::Connect { tier, to } => self.connect_out(id, tier, to, flow),
            Op::HangUp { tier } => {
                self.hang_up(id, tier, flow);
                Next::Op
            }
        }
    }

    fn release(&mut self, id: u32, flow: &mut Flow) {
        if self.connects {
            self.hang_up_all(id, flow);
        }
    }

    fn processor(&self, op: Op, id: u32, flow: &Flow) -> Option<u32> {
        match op {
            Op::Direct { .. }
            | Op::Crowd { .. }
            | Op::MayFail { .. }
            | Op::Admit { .. }
            | Op::Admitted { .. }
            | Op::Connect { .. }
            | Op::HangUp { .. } => None,
            Op::Send { tier, .. } => self.link_of(id, tier, flow).map(|link| link.processor),
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Runs { instance } => self.runs(instance, flow),
            Timer::Started { instance } => flow.tell(Fact::Starting(instance)),
            Timer::Hook { instance, completed } => self.hook_ends(instance, completed, flow),
            Timer::WarmHook { fleet, member } => self.abandon_in_pool(fleet, member, flow),
            Timer::Aged { instance } => self.grown_old(instance, flow),
            Timer::Resume { fleet, .. } => self.resume(fleet, flow),
            Timer::Unprotect { fleet } => self.unprotect(usize::from(fleet), flow),
            Timer::Retry { fleet } => self.try_again(fleet, flow),
            Timer::Relief { fleet, .. } => self.spread_again(fleet.into(), flow),
            Timer::Drained { instance } => self.drained(instance, flow),
            Timer::Installed { instance } => self.installed(instance, flow),
            Timer::Refresh { fleet, which } => self.begin_refresh(fleet, which, flow),
            Timer::Warm { instance } => self.is_warm(instance, flow),
            Timer::Checkpoint { fleet } => self.pass_checkpoint(fleet.into(), flow),
            Timer::Baked { fleet } => self.complete_refresh(fleet.into(), flow),
            Timer::GivesUp { fleet } => self.give_refresh_up(fleet.into(), flow),
            Timer::Cancel { fleet, which } => self.cancel_refresh(fleet.into(), which.into(), flow),
            Timer::Resize { fleet, which } => self.begin_resize(fleet.into(), which.into(), flow),
            Timer::Resized { instance } => self.is_back(instance, flow),
            Timer::EnterStandby { fleet, which } => self.enter_standby(fleet.into(), which.into(), flow),
            Timer::ExitStandby { fleet, which } => self.exit_standby(fleet.into(), which.into(), flow),
            Timer::Wave { fleet, wave } => self.wave(fleet, wave, flow),
            Timer::Notice { instance } => self.taken_by_chance(instance, flow),
            Timer::Reclaimed { instance } => self.reclaimed(instance, flow),
            Timer::Noticed { instance } => self.noticed(instance, flow),
            Timer::Warms { instance } => self.warm_up(instance, flow),
            Timer::Link { instance } => self.look_at_link(instance, flow),
            Timer::Place { task } => self.place(task, flow),
            Timer::Scan { fleet } => self.scan(fleet.into(), flow),
            Timer::Batch { fleet } => self.end_batch(fleet.into(), flow),
            Timer::Quota { instance } => self.look_at_quota(instance, flow),
            Timer::Credits { instance } => self.look_at_account(instance, flow),
            Timer::Schedule { fleet, action } => self.scheduled_action(fleet, action, flow),
            Timer::Timetable { fleet, change } => self.timetable_change(fleet, change, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        // Groups of other kinds come after those of fleets.
        if fact.group(&flow.hosts).is_some_and(|group| group >= self.each.len()) {
            return;
        }
        match *fact {
            Fact::Begin(group) => self.begin(group, flow),
            Fact::Begun(group) => self.plan(group, flow),
            Fact::Connected(host) => self.connected(host, flow),
            Fact::Refused(host) => self.refused(host, flow),
            Fact::InService(host) => self.in_service(host, flow),
            Fact::Deregistered { host, connected_until, drained_by } => {
                self.deregistered(host, connected_until, drained_by, flow);
            }
            Fact::Working { host, until } => self.instances[host as usize].working_until = until,
            Fact::Idle(host) => self.last_request_left(host, flow),
            Fact::Drained(host) => self.emptied(host, flow),
            Fact::Admitted(host) => self.note_in_service(flow.hosts[host as usize].group, flow),
            Fact::Healthy(host) => {
                self.instances[host as usize].passes = Some(true);
                self.serves(host, true, flow);
                self.passes_checks(host, flow);
                self.evict_next(flow);
                self.note_in_service(flow.hosts[host as usize].group, flow);
            }
            Fact::Unhealthy(host) => {
                self.instances[host as usize].passes = Some(false);
                self.held_for_unhealthy(host, flow);
                self.note_in_service(flow.hosts[host as usize].group, flow);
            }
            Fact::Struck { host, strike, blow } => self.struck(host, strike, blow, flow),
            Fact::Relieved { host, strike } => self.relieved(host, strike, flow),
            Fact::ZoneLost(place) => self.zone_lost(place, flow),
            Fact::ZoneBack(place) => self.zone_back(place, flow),
            Fact::Alarm { of, state } => self.hear_alarm(of, state, flow),
            Fact::Ordered { of: (id::Kind::Fleet, group), order: Order::Size { min, max, desired } } => {
                self.set_sizes(group.into(), (min, max, desired), "an order of a runbook", flow);
            }
            Fact::MayGrow { group, max } => self.may_grow(group, max, flow),
            Fact::Wanted { group, capacity, ref cause, warmup }
                if !self.is_suspended(group, Process::AlarmNotification, flow) =>
            {
                self.set_desired(group, capacity, cause, warmup, flow);
            }
            _ => {}
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    /// The lives of instances, and surplus credits.
    fn used(&mut self, flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for fleet in 0..self.each.len() {
            let of_type = |model: usize| self.lives(fleet, (false, model), flow);
            let spans = of_type(0).chain(self.pool_spans(fleet, flow.end)).collect();
            let resized = (1..self.settings[fleet].types()).map(|model| of_type(model).collect()).collect();
            let (hours, spot) = (self.each[fleet].surplus.clone(), self.spot_spans(fleet, flow));
            let owed = self.accounts(fleet, flow).1;
            add((id::Kind::Fleet, fleet), Used { spans, resized, spot, hours, owed, ..Used::default() });
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let in_service = |&host: &u32| flow.hosts[host as usize].lifecycle == Lifecycle::InService;
        let name = (of.kind == crate::id::Kind::Fleet).then_some(of.name)?;
        let group = of.index as usize;
        let hosts = flow.groups[group].alive.iter().copied().filter(in_service);
        match name {
            "instances" => Some(Reading::Level(hosts.count() as f64)),
            RESERVATION => {
                self.settings[group].cluster.as_ref()?;
                let needed = self.needed_nodes(group, flow) as f64;
                // Without an instance the metric is 200 if there are tasks, else 100.
                match flow.count(group, |state| state == Lifecycle::InService) {
                    0 if needed > 0.0 => Some(Reading::Level(200.0)),
                    0 => Some(Reading::Level(100.0)),
                    _ => Some(Reading::PerInstance { sum: 100.0 * needed, group }),
                }
            }
            "threads_busy" => {
                let threads = f64::from(self.settings[group].threads?);
                let busy =
                    hosts.map(|host| 100.0 * f64::from(flow.hosts[host as usize].threads.busy()) / threads);
                Some(Reading::PerInstance { sum: busy.sum(), group })
            }
            "memory_used" => {
                let memory = self.settings[group].memory?;
                let used = hosts.map(|host| {
                    memory
                        .used(flow.hosts[host as usize].inside, self.hardware_of(host, flow).instance.memory)
                });
                Some(Reading::PerInstance { sum: used.sum(), group })
            }
            "waiting" => {
                // Of all hosts that have been there, so that the integral never falls.
                let own = flow.hosts.iter().filter(|host| host.group == group);
                let area = own.map(|host| host.threads.waiting_area(flow.now)).sum();
                Some(Reading::IntegralPerInstance { area, group })
            }
            _ => None,
        }
    }

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        let hosts = |fleet: usize| {
            let hosts = flow.hosts.iter().zip(0..);
            hosts.filter(move |(host, _)| host.group == fleet)
        };
        match of {
            Resource::Cpu { fleet } => {
                Some(hosts(fleet).map(|(_, number)| self.work_done(number, flow)).sum())
            }
            Resource::Network { fleet } => Some(self.sent(fleet, flow)),
            Resource::Threads { fleet } => {
                Some(hosts(fleet).map(|(host, _)| host.threads.taken() as f64).sum())
            }
            _ => None,
        }
    }
}

impl Fleet {
    /// A fleet without instances so far.
    fn new(settings: &Settings, seed: u64, orders: Orders) -> Fleet {
        let purpose = |purpose: String| stream(seed, &format!("fleet.{}/{purpose}", settings.name));
        Fleet {
            min: settings.min,
            max: settings.max,
            at_once: 0,
            boot: ["decision", "launch", "system", "bootstrap", "application"]
                .map(|stage| purpose(format!("boot/{stage}"))),
            restart: purpose("restart".into()),
            installs: purpose("install".into()),
            status_check: purpose("status check".into()),
            late: purpose("scheduled action".into()),
            hooks: ["launch", "termination"].map(|hook| purpose(format!("{hook} hook"))),
            created: 0,
            launched: 0,
            terminated: 0,
            abandoned: 0,
            peak: 0,
            wanted_most: 0,
            wanted_times: 0,
            uneven: false,
            avoided: Vec::new(),
            avoided_types: Vec::new(),
            watch: Watch::default(),
            periods: purpose("cpu periods".into()),
            refused: 0,
            refused_mark: Mark::default(),
            surplus: Vec::new(),
            held_for: 0.0,
            held: 0,
            most_held: 0,
            throttled: 0,
            throttled_at: None,
            throttled_for: 0.0,
            sent: 0.0,
            sent_mark: 0.0,
            interruptions: purpose("spot interruption".into()),
            interrupted: 0,
            lacks_spot: false,
            taken: Vec::new(),
            model: 0,
            orders,
            downtime: purpose("resize".into()),
            standing: Vec::new(),
            version: 0,
            failures: purpose("failures of versions".into()),
            alarms: Vec::new(),
            checked: false,
            serial: 0,
            refreshing: None,
            rollout: None,
            in_turn: Turns::default(),
            pool: Pool::new(settings, seed),
            failed: 0,
            unlaunched: 0,
            failed_at: None,
            retry_at: 0,
        }
    }
}

impl Fleets<'_> {
    /// A connection to a host was not accepted because its backlog is full; returns what happens to it.
    pub fn refuse(&mut self, host: u32, flow: &Flow) -> Overflow {
        let fleet = flow.hosts[host as usize].group;
        self.each[fleet].refused += 1;
        self.settings[fleet].overflow
    }

    /// Fills the warm pool, and plans the changes known at the start: scheduled actions and the timetable.
    fn plan(&mut self, fleet: usize, flow: &mut Flow) {
        self.fill_pool(fleet, flow);
        self.plan_interruptions(fleet, flow);
        self.plan_refreshes(fleet, flow);
        self.plan_resizes(fleet, flow);
        self.plan_standby(fleet, flow);
        self.plan_scans(fleet, flow);
        if fleet + 1 == self.each.len() {
            self.assign_all(flow);
        }
        let settings = &self.settings[fleet];
        for (action, scheduled) in settings.schedule.iter().enumerate() {
            let late = Sampler::new(&scheduled.late).time(&mut self.each[fleet].late);
            let at = (scheduled.at + late).0;
            flow.set(Timer::Schedule { fleet: number(fleet), action: number(action) }, at);
        }
        for (span, suspension) in settings.suspend.iter().enumerate() {
            if let Some(until) = suspension.until {
                flow.set(Timer::Resume { fleet: number(fleet), span: number(span) }, until.0);
            }
        }
        if let Some(until) = settings.protect.and_then(|protection| protection.until) {
            flow.set(Timer::Unprotect { fleet: number(fleet) }, until.0);
        }
        for (span, shortage) in settings.launch_failures.iter().enumerate() {
            if let Some(until) = shortage.until {
                flow.set(Timer::Relief { fleet: number(fleet), span: number(span) }, until.0);
            }
        }
        for (change, &(at, _)) in settings.timetable.iter().enumerate() {
            if at > Time::ZERO {
                flow.set(Timer::Timetable { fleet: number(fleet), change: number(change) }, at.0);
            }
        }
    }

    /// Makes an instance in the zone with the fewest, of those that are not lost; nothing if all are.
    pub(super) fn create_instance(&mut self, fleet: usize, flow: &mut Flow) -> Option<u32> {
        let place = self.emptiest(fleet, flow)?;
        Some(self.create_instance_at(fleet, place, flow))
    }

    /// Makes an instance in a zone.
    pub(super) fn create_instance_at(&mut self, fleet: usize, place: Place, flow: &mut Flow) -> u32 {
        let (spot, version) = (self.is_next_spot(fleet, flow), self.wanted_version(fleet));
        // What the run starts with is there, whatever can be had then.
        let model = self.type_in(fleet, place.zone, flow).unwrap_or(self.each[fleet].model);
        let created = &mut self.each[fleet].created;
        *created += 1;
        let order = *created;
        self.create_host(fleet, place, Made { order, spot, model, version, restarted_by: 0 }, flow)
    }

    /// The host of an instance that is made so.
    pub(super) fn create_host(&mut self, fleet: usize, place: Place, made: Made, flow: &mut Flow) -> u32 {
        let Made { order, spot, model, version, restarted_by } = made;
        let settings = &self.settings[fleet];
        let factor = settings.speeds.get(order as usize - 1).copied().unwrap_or(1.0);
        let InstanceType { vcpus, strength, .. } = *settings.hardware(model).instance;
        let speed = strength * factor * settings.version_speed(version);
        // Closed until the application is up: connections before that are refused.
        let threads = Station::new(0, 0);
        let (cores, processor) = match settings.discipline {
            Discipline::Fifo => (flow.add_station(vcpus, UNLIMITED), NONE),
            Discipline::ProcessorSharing => (NONE, flow.add_processor(vcpus, speed)),
        };
        let host = number(flow.hosts.len());
        flow.hosts.push(Host {
            group: fleet,
            number: order,
            place,
            lifecycle: Lifecycle::Pending,
            launched: flow.now,
            stages: [u64::MAX; 3],
            running: u64::MAX,
            in_service: u64::MAX,
            seasoned: false,
            failed_start: false,
            unregistered: false,
            draining: false,
            warmup: settings.warmup.0,
            idle_since: u64::MAX,
            lost: u64::MAX,
            ended: u64::MAX,
            threads,
            cpu: cores.min(processor), // only one of the two is there
            cores,
            processor,
            speed,
            vcpus,
            mean_vcpus: settings.hardware(model).instance.mean_vcpus(),
            weight: settings.weight(model),
            stopped: false,
            down: false,
            ails: !settings.version_passes(version),
            strength: speed,
            pace: 1.0,
            withheld: Withheld::default(),
            rotation: Rotation::default(),
            inside: 0,
            entered: 0,
        });
        self.instances.resize(flow.hosts.len(), Instance::default());
        let own = &mut self.instances[host as usize];
        (own.spot, own.model, own.version) = (spot, model, version);
        own.restarted_by = restarted_by;
        self.limit(host, self.settings[fleet].hardware(model).instance.quota, flow);
        // The oldest first; one that comes back from standby is as old as it was.
        let alive = &flow.groups[fleet].alive;
        let at = alive.partition_point(|&it| flow.hosts[it as usize].number < order);
        flow.groups[fleet].alive.insert(at, host);
        // Blue instances that are kept are there too, though they get nothing.
        let counts = |&&it: &&u32| {
            !flow.hosts[it as usize].lifecycle.is_terminating() || self.instances[it as usize].kept
        };
        let there = flow.groups[fleet].alive.iter().filter(counts).count();
        let state = &mut self.each[fleet];
        state.peak = state.peak.max(there + state.standing.len());
        flow.tell(Fact::Launched(host));
        host
    }

    /// The application of an instance accepts connections: opens its threads and their backlog.
    pub(super) fn open_threads(&self, host: u32, flow: &mut Flow) {
        let (threads, room) = self.threads_of(host, flow);
        flow.open_threads(host, threads, room);
    }

    /// The instance that an attempt enters without a balancer.
    #[inline]
    fn direct(&mut self, fleet: u16, addressed: bool, id: u32, flow: &mut Flow) -> Option<u32> {
        if addressed && flow.addressed.of(id) != NONE {
            return Some(std::mem::replace(flow.addressed.of_mut(id), NONE));
        }
        self.each[usize::from(fleet)].in_turn.take()
    }

    /// Adds an instance that is in service and answers to the turns of callers without a balancer.
    pub(super) fn join_turns(&mut self, instance: u32, flow: &Flow) {
        let host = &flow.hosts[instance as usize];
        if host.lifecycle == Lifecycle::InService && host.is_running() {
            self.each[host.group].in_turn.insert(instance);
        }
    }
}
