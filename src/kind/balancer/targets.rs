//! The targets of a balancer, and which of them gets a request.
//!
//! In: targets that come, go, and pass or fail checks. Out: a target for each request. A balancer has no queue; with no
//! healthy target it fails open and sends to all registered ones, with no registered target it answers 503.

use super::capacity::Capacity;
use super::connections::Connections;
use super::counts::Counts;
use super::language::{Balancer as Settings, Network};
use super::names::Names;
use super::nodes::Nodes;
use super::picker::Picker;
use super::sessions::Sessions;
use super::stickiness::Sticky;
use super::surge::Surge;
use crate::catalog::zone::Zone;
use crate::dist::below;
use crate::flow::flows::Flows;
use crate::flow::host::AsTarget;
use crate::rng::{Stream, stream};

/// One balancer.
#[derive(Debug)]
pub struct Balancer {
    /// A picker for each zone, or one for all with cross-zone balancing.
    pub(super) pickers: Vec<Picker>,
    zones: Vec<Zone>,
    /// Its nodes.
    pub(super) nodes: Nodes,
    /// Requests that came to a zone without any target, by an address that clients keep, since that was noted.
    pub(super) astray: u32,
    /// Which of its zones clients know, where each sends to its own targets.
    names: Names,
    pub(super) targets: Vec<Target>,
    /// Of each target, what every request needs.
    pub(super) doors: Vec<Door>,
    /// The idle timeout in nanoseconds.
    pub idle: u64,
    /// Whether a target that was drawn may not get the request: with slow start, and while nodes differ.
    draws_on: bool,
    /// How long the share of a new target ramps up, in nanoseconds.
    slow_start: u64,
    /// Its clients, with stickiness.
    pub(super) sticky: Option<Box<Sticky>>,
    /// The connections of users, if it answers requests.
    pub(super) sessions: Sessions,
    /// Its idle connections, if its targets close those.
    pub(super) connections: Option<Connections>,
    /// What it carries itself, if that has an end.
    pub(super) capacity: Option<Capacity>,
    /// Requests that did not end well.
    pub(super) counts: Counts,
    /// Of a Network Load Balancer.
    pub(super) network: Option<Network>,
    /// Whether it answers requests; else it carries connections.
    pub(super) knows_http: bool,
    /// Whether it sends to all targets where none is healthy.
    pub(super) opens: bool,
    /// Its clients' connections, if it chooses a target for each.
    pub(super) flows: Option<Flows>,
    /// Its ports for each target, if these can run out.
    pub(super) ports: Vec<Flows>,
    /// Of a Classic Load Balancer.
    pub(super) surge: Option<Surge>,
    /// First op of its health checks.
    pub(super) probe: u32,
    /// Where requests go; `None` before the first target.
    sends: Option<Sends>,
    pub(super) phases: Stream,
}

/// Where a balancer sends requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sends {
    /// To the healthy targets.
    ToHealthy,
    /// To all registered targets, because none is healthy.
    ToAll,
    /// Nowhere, because none is registered.
    Nowhere,
}

/// A target in the target group.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub(super) instance: u32,
    pub(super) picker: usize,
    pub(super) registered: bool,
    /// At all nodes that check it.
    pub(super) healthy: bool,
    /// Healthy at one of them at least.
    pub(super) at_some: bool,
    /// Not yet judged by a node, and unhealthy at none.
    pub(super) initial: bool,
    /// It has never been healthy at any.
    pub(super) new: bool,
    /// It can take no further connection, as far as the balancer knows.
    pub(super) full: bool,
    /// It is healthy, and a Network Load Balancer sends nothing there yet.
    pub(super) waits: bool,
    pub(super) since: u64,
    /// It has become unhealthy at all nodes while it did nothing, because of what struck it, and has not been healthy since.
    pub(super) struck: bool,
    /// What it is, as its host was told.
    pub(super) told: AsTarget,
}

/// The way to a target.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    pub(super) instance: u32,
    /// It has had a request, so a connection to it is open.
    pub(super) connected: bool,
}

impl Target {
    /// Whether it has been judged, and found unhealthy.
    pub(super) fn is_unhealthy(&self) -> bool {
        !self.healthy && !self.initial
    }
}

impl Balancer {
    /// A balancer without targets, over these zones.
    pub(super) fn new(settings: &Settings, zones: &[Zone], probe: u32, seed: u64) -> Balancer {
        let pickers = if settings.cross_zone { 1 } else { zones.len() };
        let picker = |zone| {
            let name = format!("balancer.{}/zone {zone}/choice", settings.name);
            Picker::new(settings.routing, settings.ties, stream(seed, &name))
        };
        Balancer {
            pickers: (0..pickers.max(1)).map(picker).collect(),
            zones: zones.to_vec(),
            nodes: Nodes::new(zones, settings.cross_zone, seed, &settings.name),
            astray: 0,
            names: Names::new(settings.dns, pickers.max(1), seed, &settings.name),
            targets: Vec::new(),
            doors: Vec::new(),
            idle: settings.idle_timeout.0,
            draws_on: settings.slow_start.0 > 0,
            slow_start: settings.slow_start.0,
            sticky: Sticky::new(settings, seed),
            sessions: Sessions::default(),
            connections: None,
            capacity: None,
            counts: Counts::default(),
            network: settings.network,
            knows_http: settings.knows_http(),
            opens: settings.classic.is_none(),
            flows: (!settings.knows_http()).then(Flows::default),
            ports: Vec::new(),
            surge: None,
            probe,
            sends: None,
            phases: stream(seed, &format!("balancer.{}/health check phase", settings.name)),
        }
    }

    /// A balancer with so many healthy targets, for tests.
    #[cfg(test)]
    pub(super) fn of_healthy(targets: u32) -> Balancer {
        use super::language::{Routing, Ties};
        let target = |instance| Target {
            instance,
            picker: 0,
            registered: true,
            healthy: true,
            at_some: true,
            initial: false,
            new: false,
            full: false,
            waits: false,
            since: 0,
            struck: false,
            told: AsTarget::default(),
        };
        Balancer {
            pickers: vec![Picker::new(Routing::WeightedRandom, Ties::First, stream(1, "test"))],
            zones: Vec::new(),
            nodes: Nodes::new(&[], true, 1, "test"),
            astray: 0,
            names: Names::new(super::language::Dns::default(), 1, 1, "test"),
            targets: (0..targets).map(target).collect(),
            doors: Vec::new(),
            idle: 0,
            draws_on: false,
            slow_start: 0,
            sticky: None,
            sessions: Sessions::default(),
            connections: None,
            capacity: None,
            counts: Counts::default(),
            network: None,
            knows_http: true,
            opens: true,
            flows: None,
            ports: Vec::new(),
            surge: None,
            probe: 0,
            sends: None,
            phases: stream(1, "test"),
        }
    }

    /// The picker of the targets of a zone.
    pub(super) fn picker_of(&self, zone: Zone) -> usize {
        self.zones.iter().position(|other| *other == zone).unwrap_or(0) % self.pickers.len()
    }

    /// A target has refused the connection of a request.
    pub fn refused(&mut self, target: u32) {
        self.doors[target as usize].connected = false;
    }

    /// A request at a target has ended.
    #[inline(always)]
    pub fn answered(&mut self, target: u32) {
        let picker = match self.pickers.len() {
            1 => 0,
            _ => self.targets[target as usize].picker,
        };
        self.pickers[picker].answered(target);
    }

    /// Requests at its targets.
    pub(super) fn outstanding(&self) -> u64 {
        self.pickers.iter().map(Picker::all_outstanding).sum()
    }

    /// Registered targets that checks have found unhealthy.
    pub fn unhealthy(&self) -> u32 {
        self.targets.iter().filter(|target| target.registered && target.is_unhealthy()).count() as u32
    }

    /// Registered targets that are healthy, at the node where the fewest are.
    pub fn healthy(&self) -> u32 {
        if self.nodes.disagree {
            return self.fewest_healthy();
        }
        self.targets.iter().filter(|target| target.registered && target.healthy).count() as u32
    }

    /// Registered targets that get nothing while others do, because they fail checks that they have passed before.
    pub(super) fn left_out(&self) -> u32 {
        let is_out = |it: &&Target| it.registered && it.is_unhealthy() && !it.at_some && !it.new;
        match self.sends {
            Some(Sends::ToHealthy) => self.targets.iter().filter(is_out).count() as u32,
            _ => 0,
        }
    }

    /// Registered targets.
    pub fn registered(&self) -> u32 {
        self.targets.iter().filter(|target| target.registered).count() as u32
    }

    /// A target has become healthy: it starts slowly where another one is healthy that is past its own start. Source: Elastic Load Balancing
    /// user guide, target groups.
    pub(super) fn begin_slowly(&mut self, target: u32, now: u64) {
        let is_warm = |it: &Target| {
            it.registered && it.at_some && (it.since == 0 || now.saturating_sub(it.since) >= self.slow_start)
        };
        let others = (0..).zip(&self.targets).filter(|(index, _)| *index != target);
        let is_needed = others.map(|(_, it)| it).any(is_warm);
        self.targets[target as usize].since = if is_needed { now } else { 0 };
    }

    /// Slow start: the share of a new target grows linearly over the ramp; a request beyond that share goes to the next
    /// target in turn.
    #[cold]
    fn ramp(&mut self, mut target: u32, now: u64) -> u32 {
        for _ in 0..self.targets.len() {
            let state = self.targets[target as usize];
            let age = now.saturating_sub(state.since);
            if state.since == 0 || age >= self.slow_start || below(&mut self.phases, self.slow_start) < age {
                break;
            }
            self.pickers[state.picker].answered(target);
            match self.pickers[state.picker].pick() {
                Some(next) => target = next,
                None => break,
            }
        }
        target
    }

    /// Chooses the target for a request; returns it with its host.
    #[inline(always)]
    pub fn pick(&mut self, now: u64) -> Option<(u32, u32)> {
        let mut target = match &mut self.pickers[..] {
            [picker] => picker.pick()?,
            _ => self.pick_in_zone(now)?,
        };
        if self.draws_on {
            target = self.draw_on(target, now);
        }
        let door = &mut self.doors[target as usize];
        door.connected = true;
        Some((target, door.instance))
    }

    /// A target that was drawn may not get the request.
    #[cold]
    fn draw_on(&mut self, mut target: u32, now: u64) -> u32 {
        if self.nodes.disagree {
            target = self.draw_for_node(target);
        }
        if self.slow_start > 0 {
            target = self.ramp(target, now);
        }
        target
    }

    /// Clients spread evenly over the zones that they know; who comes to one that is lost has failed before.
    #[inline(never)]
    fn pick_in_zone(&mut self, now: u64) -> Option<u32> {
        let nodes = &self.nodes;
        let zone = self.names.next(now, |zone| nodes.takes_part(zone));
        match self.pickers[zone].pick() {
            // Its one surge queue is of all zones.
            None if self.surge.is_some() => self.pickers.iter_mut().find_map(Picker::pick),
            None => {
                self.astray += u32::from(self.names.is_astray(zone));
                None
            }
            target => target,
        }
    }

    /// Makes targets eligible: the healthy ones, or all registered ones if none is healthy; returns the incident to
    /// report, if there is one.
    pub(super) fn refresh(&mut self, now: u64) -> Option<&'static str> {
        self.compare();
        self.draws_on = self.slow_start > 0 || self.nodes.disagree;
        let open_at_some = self.opens && self.is_open_at_some();
        let any = |is: fn(&Target) -> bool| self.targets.iter().any(|target| target.registered && is(target));
        let any_healthy = any(|target| target.at_some);
        let sends = match (any_healthy, any(|_| true)) {
            (true, _) => Sends::ToHealthy,
            (false, true) if self.opens => Sends::ToAll,
            (false, _) => Sends::Nowhere,
        };
        // Where each zone has targets of its own, one without a healthy target fails open by itself.
        let (mut good, mut ready) = (vec![false; self.pickers.len()], vec![false; self.pickers.len()]);
        for it in self.targets.iter().filter(|it| it.registered && it.at_some) {
            good[it.picker] = true;
            ready[it.picker] |= !it.waits;
        }
        // A zone that is lost is in the name again as long after it is back as one whose targets were bad, if one of them is healthy then.
        for (zone, good) in good.iter().enumerate() {
            self.names.judge(zone, *good && !self.nodes.is_lost(zone), now);
        }
        for (index, target) in self.targets.iter().enumerate() {
            let is_open = open_at_some || (!good[target.picker] && self.opens);
            // Where nothing else is healthy, what waits gets the requests.
            let gets = (target.at_some || is_open) && !(target.waits && ready[target.picker]);
            let eligible = target.registered && gets && !target.full;
            self.pickers[target.picker].set_eligible(index as u32, eligible);
        }
        let before = self.sends.replace(sends);
        if before == Some(sends) || (before.is_none() && sends == Sends::ToHealthy) {
            return None;
        }
        Some(match sends {
            Sends::ToHealthy => "has a healthy target again",
            Sends::ToAll => "no healthy target: fails open, sends to all",
            Sends::Nowhere if !self.knows_http => "no target left: refuses connections",
            Sends::Nowhere if self.registered() > 0 => "no healthy target: answers 503",
            Sends::Nowhere => "no target left: answers 503",
        })
    }

    /// Whether a target may get requests, or might if it were not full.
    pub(super) fn has_healthy(&self) -> bool {
        self.sends != Some(Sends::Nowhere) && self.sends.is_some()
    }

    /// Whether what is sent there goes to targets that pass their checks.
    pub(super) fn sends_to_healthy(&self) -> bool {
        self.sends == Some(Sends::ToHealthy)
    }

    /// Whether a target may get requests.
    pub(super) fn has_eligible(&self) -> bool {
        self.pickers.iter().any(|picker| !picker.eligible().is_empty())
    }

    /// The targets that can take no further connection.
    pub(super) fn full_targets(&self) -> Vec<u32> {
        (0..).zip(&self.targets).filter(|(_, target)| target.full).map(|(index, _)| index).collect()
    }

    /// A target can take no further connection, or can again.
    pub(super) fn set_full(&mut self, target: u32, full: bool) {
        let state = &mut self.targets[target as usize];
        state.full = full;
        let eligible = state.registered && state.at_some && !full;
        self.pickers[state.picker].set_eligible(target, eligible);
    }

    /// Whether it sends to all targets, because none is healthy.
    pub(super) fn fails_open(&self) -> bool {
        self.sends == Some(Sends::ToAll)
    }

    /// Whether it has targets of which none is healthy.
    pub(super) fn has_none_healthy(&self) -> bool {
        self.fails_open() || (self.sends == Some(Sends::Nowhere) && self.registered() > 0)
    }

    /// Whether it had targets, and none is registered any more.
    pub(super) fn has_lost_all(&self) -> bool {
        self.sends == Some(Sends::Nowhere) && self.registered() == 0
    }

    /// The health of its targets, in words.
    pub(super) fn health(&self) -> String {
        let new = self.targets.iter().filter(|target| target.registered && target.initial).count();
        match (self.unhealthy(), self.registered()) {
            (0, 1) if new == 0 => "the one target healthy again".into(),
            (0, registered) if new == 0 => format!("all {registered} targets healthy again"),
            (0, 1) => "the one target not judged yet".into(),
            (0, registered) => format!("none of {registered} targets unhealthy, {new} not judged yet"),
            (_, 1) => "the one target unhealthy".into(),
            (unhealthy, registered) => format!("{unhealthy} of {registered} targets unhealthy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A start of 60. With nobody else healthy, or only one that is starting itself, a target gets its whole share at once.
    #[test]
    fn a_target_starts_slowly_only_beside_one_that_is_past_its_start() {
        let since = |others: &[(bool, u64)]| {
            let mut balancer = Balancer::of_healthy(3);
            balancer.slow_start = 60;
            for (target, &(healthy, since)) in balancer.targets[1..].iter_mut().zip(others) {
                (target.at_some, target.since) = (healthy, since);
            }
            balancer.begin_slowly(0, 100);
            balancer.targets[0].since
        };
        assert_eq!(since(&[(false, 0), (false, 10)]), 0);
        assert_eq!(since(&[(true, 41), (true, 99)]), 0);
        assert_eq!(since(&[(true, 40), (true, 99)]), 100);
        assert_eq!(since(&[(true, 0), (false, 0)]), 100);
    }
}
