//! Faults happen: a zone is lost and is back, instances or a service are struck.
//!
//! In: timers. Out: facts. Of faults of one zone that overlap, the first begins its loss and the last ends it. Each strike has a number: the
//! one of a fault that strikes once is its position in the file.

use std::collections::BTreeSet;

use super::language::{Extent, Fault, Member, OnHosts, OnRequests, Target};
use super::names::Names;
use super::record::FaultSeries;
use super::regions::Regions;
use super::strike::{Change, Strike, there};
use super::words;
use crate::catalog::zone::{Place, Zone};
use crate::dist::{Sampler, below};
use crate::flow::fact::{self, Blow, Fact, Impairment};
use crate::flow::host::Lifecycle;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::{self, FaultId};
use crate::kind::part::{Part, Plan};
use crate::kind::path::PathOwner;
use crate::kind::{Kind, Settings};
use crate::measure::resource::Resource;
use crate::rng::{Stream, stream};

/// All faults.
#[derive(Debug)]
pub struct Faults<'s> {
    pub(super) settings: &'s [Fault],
    each: Vec<State<'s>>,
    /// The place of each fault that is present.
    present: Vec<Place>,
    /// Strikes so far, and those that are planned from the start.
    pub(super) strikes: Vec<Strike>,
    /// Those that have begun, and of which not all is as before.
    pub(super) open: Vec<u32>,
    /// Changes of alarms so far.
    pub(super) alarms: Vec<Change>,
    /// Of each policy for calls, the tables to which they lead.
    pub(super) tried: Vec<BTreeSet<PathOwner>>,
    /// The tables of all kinds, for their names.
    pub(super) kinds: &'s Settings,
    /// Requests that failed so far at what a strike held, now and at the end of each row.
    pub(super) charged_so_far: u64,
    pub(super) charged: Vec<u64>,
    /// Rows so far.
    pub(super) series: Vec<FaultSeries>,
    /// Names of balancers.
    pub(super) names: Names,
    /// Regions, for what is lost with one as a whole.
    regions: Regions,
}

/// One fault.
#[derive(Debug)]
struct State<'s> {
    /// The name of what it strikes.
    struck: &'s str,
    /// The time between its strikes.
    gaps: Option<(Sampler, Stream)>,
    /// Random numbers of the instances that it strikes.
    choice: Stream,
}

/// Steps at what a fault has made wrong.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A caller has the address of a balancer: it may be a wrong one.
    Resolve { balancer: u16 },
    /// A caller has connected, or has not.
    Connect,
    /// An attempt comes to what is of a Region as a whole, given by the zone that stands for all of that.
    Reach { region: Zone },
    /// The answer of that leaves.
    Leave { region: Zone },
}

timers! {
    Kind::Fault;
    /// A fault begins.
    Begins { fault: u16 } = "begin of fault";
    /// A strike of a fault ends.
    Ends { strike: u32 } = "end of fault";
    /// The name of a balancer may leave a node out.
    LeavesOut { balancer: u16, fault: u16 } = "end of check of name";
}

impl<'s> Part<'s> for Faults<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.faults;
        let (mut each, mut strikes) = (Vec::new(), Vec::new());
        for (index, fault) in settings.iter().enumerate() {
            let purpose = |purpose: &str| stream(plan.seed, &format!("fault.{}/{purpose}", fault.name));
            let gaps = fault.every.as_ref().map(|law| (Sampler::new(law), purpose("every")));
            each.push(State { struck: struck(fault, plan.kinds), gaps, choice: purpose("instances") });
            strikes.push(Strike::of(number(index)));
        }
        let mut faults = Faults {
            settings,
            each,
            present: Vec::new(),
            strikes,
            open: Vec::new(),
            alarms: Vec::new(),
            tried: std::mem::take(&mut plan.tried),
            kinds: plan.kinds,
            charged_so_far: 0,
            charged: Vec::new(),
            series: Vec::new(),
            names: Names::of(settings, plan.kinds, plan.seed, flow),
            regions: Regions::default(),
        };
        for (index, fault) in settings.iter().enumerate() {
            match fault.is_planned() {
                false => faults.plan_next(number(index), fault.at.0, flow),
                true => {
                    flow.set(Timer::Begins { fault: number(index) }, fault.at.0);
                    if let Some(until) = fault.until() {
                        flow.set(Timer::Ends { strike: number(index) }, until.0);
                    }
                }
            }
        }
        faults
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Resolve { balancer } => self.names.resolve(balancer, id, flow),
            Op::Connect => flow.connect(id),
            Op::Reach { region } => self.regions.reach(region, id, flow),
            Op::Leave { region } => self.regions.leave(region, id, flow),
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Begins { fault } => self.begins(fault, flow),
            Timer::Ends { strike } => self.ends(strike, flow),
            Timer::LeavesOut { balancer, fault } => self.leaves_out(balancer, fault, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            // Its application is up again, or its group takes it away.
            Fact::Connected(host) => self.is_over_for(host, |effect| effect == OnHosts::Crashes, flow),
            Fact::Leaving(host) => self.is_over_for(host, |_| true, flow),
            // What was ordered by people is no strike.
            Fact::Resumed { strike } => {
                if let Some(it) = self.strikes.get_mut(strike as usize) {
                    it.ends(flow.now);
                    let fault = it.fault;
                    self.note(fault, flow);
                }
            }
            _ => {}
        }
        self.look(fact, flow);
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }
}

impl Faults<'_> {
    /// The next strike of a fault that strikes again and again.
    fn plan_next(&mut self, fault: u16, from: u64, flow: &mut Flow) {
        if let Some((law, stream)) = &mut self.each[usize::from(fault)].gaps {
            let gap = law.time(stream).0.max(1);
            flow.set(Timer::Begins { fault }, from.saturating_add(gap));
        }
    }

    fn begins(&mut self, fault: u16, flow: &mut Flow) {
        self.plan_next(fault, flow.now, flow);
        let settings = &self.settings[usize::from(fault)];
        let strike = match settings.is_planned() {
            true => fault.into(),
            false => {
                self.strikes.push(Strike::of(fault));
                let strike = number(self.strikes.len() - 1);
                if let Some(felt) = settings.felt() {
                    flow.set(Timer::Ends { strike }, flow.now.saturating_add(felt.0));
                }
                strike
            }
        };
        flow.met.is_any = true;
        let mut took = Vec::new();
        let what = match settings.target {
            Target::Zone(place) => {
                took = there(place, flow);
                self.zone_begins(fault, strike, place, flow);
                format!("{} lost", place.zone.named())
            }
            Target::Hosts { fleet, zone, extent, effect } => {
                let (hosts, all) = self.choose(fault, fleet.index(), zone, extent, flow);
                let struck = self.each[usize::from(fault)].struck;
                let text = words::hosts_begin(hosts.len(), all, struck, zone, effect);
                flow.incident(id::Kind::Fault, &settings.name, text.clone());
                let blow = blow(effect);
                hosts.iter().for_each(|&host| flow.tell(Fact::Struck { host, strike, blow }));
                took.clone_from(&hosts);
                self.strikes[strike as usize].hosts = hosts;
                text
            }
            Target::Requests { of: (kind, index), member, effect } => {
                let struck = self.each[usize::from(fault)].struck;
                let text = words::requests(struck, member, effect);
                flow.incident(id::Kind::Fault, &settings.name, text.clone());
                let until = settings.felt().map_or(flow.end, |felt| flow.now.saturating_add(felt.0));
                let (of, until) = ((kind, number(index)), until.min(flow.end));
                let member = self::member(member);
                flow.tell(Fact::Impaired {
                    of,
                    member,
                    fault,
                    strike,
                    how: impairment(effect, strike),
                    until,
                });
                text
            }
            Target::Name { share, effect, .. } => {
                let text = words::name(self.each[usize::from(fault)].struck, share, effect);
                flow.incident(id::Kind::Fault, &settings.name, text.clone());
                let until = settings.length.map_or(u64::MAX, |length| flow.now.saturating_add(length.0));
                self.names.begins((fault, strike), flow.now, until);
                text
            }
        };
        let state = &mut self.strikes[strike as usize];
        // What does not last and has struck nothing is over. Of nodes, their kind says when they have started again.
        let starts_again = matches!(settings.target, Target::Requests { .. });
        state.is_present = settings.target.lasts() || starts_again || !state.hosts.is_empty();
        self.watch(strike, took, what, flow);
        self.note(fault, flow);
        let others =
            self.settings.iter().enumerate().filter(|(_, it)| it.with == Some(FaultId(fault.into())));
        let others: Vec<u16> = others.map(|(other, _)| number(other)).collect();
        others.into_iter().for_each(|other| self.begins(other, flow));
    }

    fn ends(&mut self, strike: u32, flow: &mut Flow) {
        let Strike { fault, is_present, .. } = self.strikes[strike as usize];
        let Fault { name, target, .. } = &self.settings[usize::from(fault)];
        // None of its hosts is left.
        if !is_present && matches!(target, Target::Hosts { .. }) {
            return;
        }
        self.strikes[strike as usize].ends(flow.now);
        match *target {
            Target::Zone(place) => self.zone_ends(fault, place, flow),
            Target::Hosts { .. } => {
                let hosts = std::mem::take(&mut self.strikes[strike as usize].hosts);
                let struck = self.each[usize::from(fault)].struck;
                flow.incident(id::Kind::Fault, name, words::hosts_end(hosts.len(), struck));
                hosts.into_iter().for_each(|host| flow.tell(Fact::Relieved { host, strike }));
            }
            Target::Requests { of: (kind, index), member, effect } => {
                let struck = words::member(self.each[usize::from(fault)].struck, member);
                let text = match effect {
                    OnRequests::Dies => format!("over for {struck}: what is back has nothing in memory"),
                    _ => format!("{struck} is as before"),
                };
                flow.incident(id::Kind::Fault, name, text);
                flow.tell(Fact::Restored { of: (kind, number(index)), fault });
            }
            Target::Name { .. } => {
                let struck = self.each[usize::from(fault)].struck;
                flow.incident(
                    id::Kind::Fault,
                    name,
                    format!("all callers have the address of `{struck}` again"),
                );
            }
        }
        self.note(fault, flow);
        self.look_for_what_is_back(flow);
    }

    /// Whether a zone is lost.
    pub(super) fn is_lost(&self, place: Place) -> bool {
        self.present.iter().any(|present| present.is_in(place))
    }

    fn zone_begins(&mut self, fault: u16, strike: u32, place: Place, flow: &mut Flow) {
        let places: Vec<Place> = place.each().collect();
        if !places.iter().all(|&place| self.is_lost(place)) {
            let name = &self.settings[usize::from(fault)].name;
            flow.incident(id::Kind::Fault, name, format!("{} is lost", place.zone.named()));
        }
        for place in places {
            self.zone_goes(fault, strike, place, flow);
        }
        if place.zone.is_whole() && self.regions.begins(place.zone, strike, flow.now) {
            flow.tell(Fact::RegionLost { region: place.zone, strike });
        }
    }

    fn zone_goes(&mut self, fault: u16, strike: u32, place: Place, flow: &mut Flow) {
        let already = self.is_lost(place);
        self.present.push(place);
        if !already {
            let name = &self.settings[usize::from(fault)].name;
            for text in self.names.words(place, self.kinds) {
                flow.incident(id::Kind::Fault, name, text);
            }
            self.names.zone_changes(place, Some(strike), flow.now);
            for (balancer, at) in self.names.checks(place, flow.now) {
                flow.set(Timer::LeavesOut { balancer, fault }, at);
            }
            flow.tell(Fact::ZoneLost(place));
        }
    }

    fn zone_ends(&mut self, fault: u16, place: Place, flow: &mut Flow) {
        let places: Vec<Place> = place.each().collect();
        for place in &places {
            if let Some(one) = self.present.iter().position(|present| present == place) {
                self.present.swap_remove(one);
            }
        }
        if !self.is_lost(place) {
            let name = &self.settings[usize::from(fault)].name;
            flow.incident(id::Kind::Fault, name, format!("{} is back", place.zone.named()));
        }
        for place in places {
            if !self.is_lost(place) {
                self.names.zone_changes(place, None, flow.now);
                flow.tell(Fact::ZoneBack(place));
            }
        }
        if place.zone.is_whole() && self.regions.ends(place.zone) {
            flow.tell(Fact::RegionBack { region: place.zone });
        }
    }

    /// Some of the hosts of a group that are in service, and how many those are.
    fn choose(
        &mut self,
        fault: u16,
        group: usize,
        zone: Option<Zone>,
        extent: Extent,
        flow: &Flow,
    ) -> (Vec<u32>, usize) {
        let is_there = |host: &u32| {
            let host = &flow.hosts[*host as usize];
            host.lifecycle == Lifecycle::InService
                && !host.is_lost()
                && zone.is_none_or(|zone| host.place.zone.has_letter_of(zone))
        };
        let mut hosts: Vec<u32> = flow.groups[group].alive.iter().copied().filter(is_there).collect();
        let (all, struck) = (hosts.len(), extent.of(hosts.len()));
        let choice = &mut self.each[usize::from(fault)].choice;
        for place in 0..struck {
            let other = place + below(choice, (all - place) as u64) as usize;
            hosts.swap(place, other);
        }
        hosts.truncate(struck);
        hosts.sort_unstable();
        (hosts, all)
    }

    /// What some strikes have done to a host is over for it.
    fn is_over_for(&mut self, host: u32, of: impl Fn(OnHosts) -> bool, flow: &mut Flow) {
        for strike in 0..self.strikes.len() {
            let Strike { fault, is_present, ref mut hosts, .. } = self.strikes[strike];
            let settings = &self.settings[usize::from(fault)];
            let Target::Hosts { effect, .. } = settings.target else { continue };
            let Some(place) = hosts.iter().position(|&it| it == host).filter(|_| is_present && of(effect))
            else {
                continue;
            };
            hosts.remove(place);
            // It ends with its last host: it strikes no other one.
            if hosts.is_empty() {
                self.strikes[strike].ends(flow.now);
                if settings.target.lasts() {
                    let text = words::hosts_end(0, self.each[usize::from(fault)].struck);
                    flow.incident(id::Kind::Fault, &settings.name, text);
                }
            }
            self.note(fault, flow);
        }
    }

    /// Records how much of something is struck by a fault: instances, or a zone or a service as a whole. The loss of a zone at
    /// a time that the file gives is known without that.
    fn note(&self, fault: u16, flow: &mut Flow) {
        let settings = &self.settings[usize::from(fault)];
        let present = self.strikes.iter().filter(|it| it.fault == fault && it.is_present);
        let index = usize::from(fault);
        let (of, zone, count) = match settings.target {
            Target::Zone(_) if settings.is_planned() => return,
            // They are lost, and what they are of says until when.
            Target::Hosts { effect: OnHosts::Dies, .. }
            | Target::Requests {
                effect:
                    OnRequests::Dies
                    | OnRequests::Crashes
                    | OnRequests::FailsOver
                    | OnRequests::Promotes
                    | OnRequests::SwitchesOver,
                ..
            } => return,
            Target::Zone(place) => {
                (Resource::Zone { fault: index }, Some(place.zone), present.count().min(1))
            }
            Target::Requests { .. } | Target::Name { .. } => {
                (Resource::Struck { fault: index }, None, present.count().min(1))
            }
            Target::Hosts { .. } => {
                let mut hosts: Vec<u32> = present.flat_map(|it| it.hosts.iter().copied()).collect();
                hosts.sort_unstable();
                hosts.dedup();
                (Resource::Struck { fault: index }, None, hosts.len())
            }
        };
        flow.note_lost(of, zone, number(count));
    }
}

/// What is done to a host.
fn blow(effect: OnHosts) -> Blow {
    match effect {
        OnHosts::Dies => Blow::Dies,
        OnHosts::Crashes => Blow::Crashes,
        OnHosts::Hangs => Blow::Hangs,
        OnHosts::Slow(speed) => Blow::Slow(speed),
        OnHosts::Unreachable => Blow::Unreachable,
        OnHosts::Fails => Blow::Fails,
    }
}

/// Which members of a resource are struck.
fn member(member: Member) -> fact::Member {
    match member {
        Member::All => fact::Member::All,
        Member::Writer => fact::Member::Writer,
        Member::Replica => fact::Member::Replica,
        Member::Shard(shard) => fact::Member::Shard(number(shard as usize - 1)),
    }
}

/// What is done to the requests of a resource.
fn impairment(effect: OnRequests, strike: u32) -> Impairment {
    match effect {
        OnRequests::Slow(factor) => Impairment::Slow(factor),
        OnRequests::Fails(share) => Impairment::Fails(share),
        OnRequests::Refuses(share) => Impairment::Refuses(share),
        OnRequests::Hangs => Impairment::Hangs,
        OnRequests::Dies => Impairment::Dies,
        OnRequests::Crashes => Impairment::Crashes(strike),
        OnRequests::FailsOver => Impairment::FailsOver(strike),
        OnRequests::Promotes => Impairment::Promotes(strike),
        OnRequests::SwitchesOver => Impairment::SwitchesOver(strike),
        OnRequests::Corrupts(share) => Impairment::Corrupts { share, strike },
    }
}

/// The name of what a fault strikes; nothing where that is a zone.
pub(super) fn struck<'s>(fault: &Fault, kinds: &'s Settings) -> &'s str {
    let Some((kind, index)) = fault.target.of() else { return "" };
    kinds.names(kind).get(index).copied().unwrap_or_default()
}
