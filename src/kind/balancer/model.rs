//! Load balancers: which hosts are their targets, and which steps requests take there.
//!
//! In: hosts that come into service and leave it. Out: targets with their health checks. `targets` chooses the target
//! of a request, `health` decides which are healthy.

use super::capacity::Capacity;
use super::choose::Choice;
use super::connections::Connections;
use super::counts::{Inside, Marks};
use super::language;
use super::language::TargetConnections;
use super::nodes::Verdict;
use super::record::BalancerSeries;
use super::sessions::Opened;
use super::split::Splitter;
use super::surge::Surge;
use super::targets::{Balancer, Door, Target};
use super::traffic::Traffic;
use crate::dist::below;
use crate::flow::attempt::NETWORK;
use crate::flow::draws::Draws;
use crate::flow::fact::{Fact, Reading};
use crate::flow::host::AsTarget;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::{Flow, NONE, number};
use crate::id::{self, Gauge, NETWORK_IN, NETWORK_OUT};
use crate::kind::fleet::language::Fleet;
use crate::kind::part::{Asked, Counted, Part, Place, Plan, Share, Skip};
use crate::kind::path::{CompileOwn, PathOwner};
use crate::kind::{self, Kind, Settings};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::usage::Used;

/// All balancers.
#[derive(Debug)]
pub struct Balancers<'s> {
    pub(super) settings: &'s [language::Balancer],
    pub(super) each: Vec<Balancer>,
    /// Of each attempt at a balancer whose targets close idle connections: when its own is closed, unless it is there before. At one
    /// that chooses targets for connections: when that of its client ends if nothing more comes.
    pub(super) closes: PerAttempt<u64>,
    /// Whether one of them has a surge queue.
    pub surges: bool,
    /// Whether one of them has to hear of failures at its targets.
    pub mitigates: bool,
    /// Of each balancer that splits its requests.
    pub(super) splits: Vec<Splitter>,
    /// The way that was drawn for the attempt that walks at this instant, until it has come there.
    pub(super) drawn: Option<u8>,
    pub(super) fleets: &'s [Fleet],
    pub(super) traffic: Traffic,
    pub(super) series: Vec<BalancerSeries>,
    /// Of each of them, counters at the end of the last row.
    pub(super) marks: Vec<Marks>,
}

/// Steps at a balancer, other than the choice of a target.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A health check ends.
    Probed,
    /// A balancer chooses one of the ways that follow, into a tier.
    Split { split: u16, tier: u8 },
    /// One of these ways: attempts for which another was chosen go past it.
    Way { split: u16, way: u8, past: u32 },
    /// A balancer chooses the instance of a fleet for a tier, and looks at who asks.
    Choose { balancer: u16, tier: u8, fleet: u16, at: u32 },
    /// A balancer with a surge queue: the request goes past the next op if a target can take it, or waits.
    Line { balancer: u16, past: u32 },
    /// A request has waited there, and goes on.
    Called { balancer: u16 },
    /// A connection to a target of such a balancer has ended: another request may go on.
    Freed { balancer: u16 },
    /// A request comes to the target of a tier, on a connection that may be closed by now.
    Reach { tier: u8 },
    /// The answer of a tier leaves, and its connection is idle.
    Keep { tier: u8 },
    /// A request that may be of a user comes to a balancer, which does not look at who asks.
    Comes { balancer: u16 },
    /// The answer to such a request goes back.
    Rests { balancer: u16 },
}

timers! {
    Kind::Balancer;
    /// A node of a balancer checks a target.
    Check { balancer: u16, check: u32 } = "health check by balancer/check";
    /// A health check was not answered in time.
    CheckTimeout { balancer: u16, check: u32 } = "timeout of a health check by balancer/check";
    /// The weights of targets change.
    Weigh { balancer: u16 } = "weights of the targets of balancer";
    /// A balancer looks at what is asked of it, and grows.
    Grow { balancer: u16 } = "growth of balancer";
    /// A new target of a Network Load Balancer gets its first connections.
    Join { balancer: u16, target: u32 } = "first connections of a new target by balancer/target";
    /// The weights of target groups change.
    Shift { split: u16, change: u16 } = "weights of the target groups of a balancer by split/change";
}

impl<'s> Part<'s> for Balancers<'s> {
    type Op = Op;
    type Timer = Timer;

    /// A health check.
    fn own_path(_index: usize, _all: &Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
        to.entry();
        to.thread();
        to.inside();
        to.leave();
        to.ask(Op::Probed, NETWORK);
    }

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.balancers;
        let all = settings;
        let borders = std::mem::take(&mut plan.borders);
        let each = settings.iter().enumerate().map(|(index, settings)| {
            let probe = plan.entries((id::Kind::Balancer, index)).map_or(NONE, |entries| entries[0]);
            let zones = &plan.kinds.fleets[settings.targets.index()].azs;
            let mut balancer = Balancer::new(settings, zones, probe, plan.seed);
            let keep_alive = plan.kinds.fleets[settings.targets.index()]
                .keep_alive
                .filter(|_| settings.keeps_connections());
            balancer.connections =
                keep_alive.map(|it| Connections::new(it.0, settings.idle_timeout.0, settings.hop.0));
            balancer.capacity = Capacity::new(index, all, &borders);
            balancer.surge = settings.surge_queue().map(|places| Surge::new(places, flow));
            balancer
        });
        let each: Vec<Balancer> = each.collect();
        let traffic = Traffic::new(borders, settings);
        let mitigates = settings.iter().any(|it| it.weights_every.is_some());
        let balancers = Balancers {
            settings,
            each,
            closes: PerAttempt::new(u64::MAX),
            surges: settings.iter().any(|it| it.classic.is_some()),
            mitigates,
            splits: Splitter::all(settings, plan.seed),
            drawn: None,
            fleets: &plan.kinds.fleets,
            traffic,
            series: Vec::new(),
            marks: Vec::new(),
        };
        balancers.begin_weighing(flow);
        balancers.begin_shifting(flow);
        balancers.begin_growing(flow);
        balancers
    }

    fn asks(op: Op, place: &mut Place) -> Option<Asked> {
        if let Op::Choose { fleet, tier, .. } = op {
            place.groups[usize::from(tier)] = fleet.into();
        }
        None
    }

    /// Attempts for which another way was chosen.
    fn skips(op: Op, _draws: &Draws) -> Option<Skip> {
        let Op::Way { split, way, past } = op else { return None };
        let counted = Counted::Way { kind: id::Kind::Balancer, choice: split, way };
        Some(Skip { to: past, share: Share::Counted(counted) })
    }

    fn past(&self, of: Counted) -> Option<(u64, u64)> {
        let Counted::Way { kind: id::Kind::Balancer, choice, way } = of else { return None };
        self.splits.get(usize::from(choice))?.past(way)
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Probed => {
                self.probed(id, flow);
                Next::Gone
            }
            Op::Split { split, tier } => self.split(split, tier, id, flow),
            Op::Way { way, past, .. } => self.way(way, past),
            Op::Choose { balancer, tier, at, .. } => self.choose(Choice { balancer, tier, at }, id, flow),
            Op::Line { balancer, past } => self.line_up(balancer, past, id, flow),
            Op::Called { balancer } => {
                self.called(balancer, id);
                Next::Op
            }
            Op::Freed { balancer } => {
                self.drain(balancer, flow);
                Next::Op
            }
            Op::Comes { balancer } => {
                self.comes(balancer, id, flow);
                Next::Op
            }
            Op::Rests { balancer } => {
                self.rests(balancer, id, flow);
                Next::Op
            }
            Op::Reach { tier } => self.reach(id, tier, flow),
            Op::Keep { tier } => {
                self.keep(id, tier, flow);
                Next::Op
            }
        }
    }

    fn give_up(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Option<Cause> {
        let Op::Line { balancer, .. } = op else { return None };
        Some(self.waited_in_vain(balancer))
    }

    fn release(&mut self, id: u32, _flow: &mut Flow) {
        if self.surges {
            self.called_in_vain(id);
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Check { balancer, check } => self.check_health(balancer, check, flow),
            Timer::CheckTimeout { balancer, check } => self.check_timed_out(balancer, check, flow),
            Timer::Weigh { balancer } => self.weigh(balancer, flow),
            Timer::Grow { balancer } => self.grow(balancer, flow),
            Timer::Join { balancer, target } => self.join(balancer, target, flow),
            Timer::Shift { split, change } => self.shift(split, change, flow),
        }
    }

    /// The number of unhealthy targets is a column of the fleet.
    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        let rows = self.each.iter_mut().map(|it| it.sessions.in_row(flow.now, span));
        let mut dialed: Vec<Opened> = rows.collect();
        for (balancer, settings) in self.settings.iter().enumerate() {
            let (opened, open) = flow.dialed.in_row(balancer, flow.now, span);
            let sum = &mut dialed[settings.root(balancer)];
            (sum.opened, sum.open) = (sum.opened + opened, sum.open + open);
        }
        let inside: Vec<Inside> = (0..self.settings.len()).map(|root| self.inside(root)).collect();
        let each = &mut self.each;
        let flows = |balancer: usize| Some(each[balancer].flows.as_mut()?.in_row(flow.now, span));
        self.traffic.read(span, self.settings, flow, flows, &dialed, |root| inside[root]);
        self.read_all(span, flow);
        for balancer in 0..self.each.len() {
            let astray = std::mem::take(&mut self.each[balancer].astray);
            if astray > 0 {
                let balancer = self.settings[balancer].root(balancer);
                flow.note_happened_in_row(Resource::OldAddress { balancer }, astray);
            }
        }
        for group in 0..flow.groups.len() {
            flow.readings.group(group).unhealthy.push(self.unhealthy(group).into());
        }
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for balancer in 0..self.each.len() {
            if self.settings[balancer].group_of.is_some() {
                continue;
            }
            let reserved = self.settings[balancer].growth.map_or(0.0, |growth| growth.reserved);
            add(
                (id::Kind::Balancer, balancer),
                Used::hourly(self.traffic.capacity_units(balancer, reserved)),
            );
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let index = of.index as usize;
        match (of.kind, of.name) {
            (id::Kind::Balancer, "requests") => {
                Some(Reading::Integral(self.traffic.requests(index, self.settings, flow) as f64 * 60e9))
            }
            (id::Kind::Balancer, language::OWN_5XX) => {
                Some(Reading::Integral(self.counts(index).all_own() as f64 * 60e9))
            }
            (id::Kind::Balancer, language::TARGET_5XX) => {
                Some(Reading::Integral(self.counts(index).of_targets as f64 * 60e9))
            }
            (id::Kind::Balancer, _) => {
                let all = self.settings.iter().zip(&self.each).enumerate();
                let groups = all.filter(|(other, (settings, _))| settings.root(*other) == index);
                Some(Reading::Level(groups.map(|(_, (_, state))| state.unhealthy()).sum::<u32>().into()))
            }
            (id::Kind::Fleet, NETWORK_IN | NETWORK_OUT) => {
                let own = (0..self.settings.len()).filter(|&it| self.settings[it].targets.index() == index);
                let bytes = own.map(|balancer| self.traffic.bytes(balancer, of.name == NETWORK_OUT, flow));
                Some(Reading::IntegralPerInstance { area: bytes.sum::<f64>() * 60e9, group: index })
            }
            _ => None,
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::InService(host) => {
                let own = &flow.hosts[host as usize];
                let (group, number, unregistered) = (own.group, own.number, own.unregistered);
                for balancer in 0..self.each.len() {
                    match self.settings[balancer].targets.index() == group {
                        true if unregistered => {
                            let text = format!(
                                "instance {number} is in service and not registered: AddToLoadBalancer is suspended"
                            );
                            flow.incident(id::Kind::Balancer, &self.settings[balancer].name, text);
                        }
                        true => self.register(balancer, host, true, flow),
                        false => {}
                    }
                }
            }
            Fact::Returned(host) => {
                let own = &flow.hosts[host as usize];
                let (group, unregistered) = (own.group, own.unregistered);
                for balancer in 0..self.each.len() {
                    if self.settings[balancer].targets.index() == group && !unregistered {
                        self.register(balancer, host, false, flow);
                    }
                }
            }
            Fact::Leaving(host) | Fact::Parting(host) => self.leave(host, flow),
            Fact::ZoneLost(place) => self.zone_changes(place, true, flow),
            Fact::ZoneBack(place) => self.zone_changes(place, false, flow),
            _ => {}
        }
    }
}

impl Balancers<'_> {
    /// A balancer.
    #[inline(always)]
    pub fn of(&mut self, balancer: u16) -> &mut Balancer {
        &mut self.each[usize::from(balancer)]
    }

    /// The largest number of targets of a group that one balancer considers unhealthy.
    fn unhealthy(&self, group: usize) -> u32 {
        let targets_it = self.settings.iter().zip(&self.each).filter(|(it, _)| it.targets.index() == group);
        targets_it.map(|(_, balancer)| balancer.unhealthy()).max().unwrap_or(0)
    }

    /// Registers a host, and its checks begin. A host that has been in service for long is already known, unless it is back after a
    /// restart: healthy and connected, or unhealthy if its application is not up.
    fn register(&mut self, balancer: usize, host: u32, stayed: bool, flow: &mut Flow) {
        let known = &flow.hosts[host as usize];
        let (zone, runs, seasoned) = (known.place.zone, known.is_running(), known.seasoned && stayed);
        let state = &mut self.each[balancer];
        let target = Target {
            instance: host,
            picker: state.picker_of(zone),
            registered: true,
            healthy: false,
            at_some: false,
            initial: true,
            new: true,
            full: false,
            waits: false,
            since: 0,
            struck: false,
            told: AsTarget::default(),
        };
        let index: u32 = number(state.targets.len());
        state.targets.push(target);
        state.doors.push(Door { instance: host, connected: seasoned && runs });
        state.nodes.register(Verdict::first(seasoned, runs));
        state.sum_up(index);
        let interval = self.settings[balancer].health_check.interval.0;
        let checks = state.checks_of(index);
        for (node, check) in checks.enumerate() {
            let phase = match node {
                0 => below(&mut state.phases, interval.max(1)),
                _ => state.nodes.phase(interval),
            };
            flow.set(Timer::Check { balancer: number(balancer), check }, flow.now.saturating_add(phase));
        }
        self.refresh(balancer, flow);
    }

    /// A host leaves: no balancer sends it new requests, and each lets its current ones end.
    fn leave(&mut self, host: u32, flow: &mut Flow) {
        let (mut connected_until, mut drained_by) = (flow.now, flow.now);
        for (balancer, settings) in self.settings.iter().enumerate() {
            let Balancer { targets, doors, .. } = &mut self.each[balancer];
            let is_it = |target: &Target| target.registered && target.instance == host;
            let Some(index) = targets.iter().position(is_it) else { continue };
            targets[index].registered = false;
            // A connection to a host that is lost keeps nothing.
            let connected = doors[index].connected && !flow.hosts[host as usize].is_lost();
            let (number, target) = (number(balancer), index as u32);
            for check in self.each[balancer].checks_of(target) {
                flow.cancel(Timer::Check { balancer: number, check });
                flow.cancel(Timer::CheckTimeout { balancer: number, check });
            }
            self.refresh(balancer, flow);
            let delay = flow.now.saturating_add(settings.deregistration_delay.0);
            drained_by = drained_by.max(delay);
            if connected && settings.target_connections == TargetConnections::KeepAlive {
                connected_until = connected_until.max(delay);
            }
        }
        flow.tell(Fact::Deregistered { host, connected_until, drained_by });
    }

    /// Tells hosts whether they are among the targets and get requests, where that is other than before. One that was healthy once and fails
    /// its checks is told nothing, unless a fault is why: it may fail them because it is full, and what is full is capacity.
    fn tell_hosts(&mut self, balancer: usize, flow: &mut Flow) {
        let is_open = self.each[balancer].fails_open();
        for target in &mut self.each[balancer].targets {
            let gets = target.registered && (is_open || !(target.new || target.struck));
            let trusted = target.registered && target.at_some && !target.waits;
            let after = AsTarget { known: target.registered, gets, trusted };
            let before = std::mem::replace(&mut target.told, after);
            if before != target.told {
                let (host, now) = (&mut flow.hosts[target.instance as usize], flow.now);
                host.rotation.changes(before, target.told, host.running, now);
            }
        }
    }

    /// Makes the targets eligible that may get requests.
    pub(super) fn refresh(&mut self, balancer: usize, flow: &mut Flow) {
        let text = self.each[balancer].refresh(flow.now);
        self.tell_hosts(balancer, flow);
        let fleet = self.settings[balancer].targets.index();
        let of_fleet = self.settings.iter().zip(&self.each).filter(|(it, _)| it.targets.index() == fleet);
        let left_out = of_fleet.map(|(_, balancer)| balancer.left_out()).max().unwrap_or(0);
        flow.note_lost(Resource::FewTargets { fleet }, None, left_out);
        if self.each[balancer].surge.is_some() {
            self.drain(number(balancer), flow);
        }
        // One that does not fail open may lose its last target before that is judged, without sending elsewhere.
        if text.is_some() || !self.each[balancer].opens {
            let lacks = |(at, it): (usize, &language::Balancer)| {
                it.targets.index() == fleet && self.each[at].has_none_healthy()
            };
            let lacking = self.settings.iter().enumerate().filter(|it| lacks(*it)).count();
            flow.note_lost(Resource::FailsOpen { fleet }, None, number(lacking));
            let has_none = |(at, it): &(usize, &language::Balancer)| {
                it.targets.index() == fleet && self.each[*at].has_lost_all()
            };
            let empty = self.settings.iter().enumerate().filter(has_none).count();
            flow.note_lost(Resource::NoTargets { fleet }, None, number(empty));
        }
        if let Some(text) = text {
            flow.incident(id::Kind::Balancer, &self.settings[balancer].name, text.into());
        }
    }
}
