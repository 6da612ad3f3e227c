//! NAT gateways: which requests get a connection, and how long their bytes take.
//!
//! In: steps of attempts; zones and hosts that are lost. Out: requests that go on, fail for want of a port, or are reset.

use super::gateway::Gateway;
use super::language;
use super::ports::Taken;
use super::reading::{Counts, Marks};
use super::record::NatSeries;
use crate::catalog::zone::Place as Where;
use crate::flow::fact::Fact;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id;
use crate::kind::Kind;
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::kind::path::PathOwner;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::units::Bytes;
use crate::usage::Used;

/// All NAT gateways.
#[derive(Debug)]
pub struct Nats<'s> {
    pub(super) settings: &'s [language::Nat],
    pub(super) each: Vec<Nat>,
    /// The connection that an attempt has.
    held: PerAttempt<Held>,
    /// Rows so far.
    pub(super) series: Vec<NatSeries>,
}

/// Steps at a gateway.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A host takes a connection to a destination.
    Open { nat: u16, tier: u8, kind: id::Kind, to: u16 },
    /// Bytes pass.
    Carry { nat: u16, bytes: [u32; 2] },
    /// The request has ended.
    Close { nat: u16 },
}

timers! {
    Kind::Nat;
    /// A link may grow.
    Grow { nat: u16, gateway: u16 } = "growth of a NAT gateway";
}

/// A connection of a host: the gateway, the destination, and the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    nat: u16,
    gateway: u16,
    destination: u32,
    host: u32,
}

/// No connection.
const NOTHING: Held = Held { nat: u16::MAX, gateway: 0, destination: 0, host: 0 };

/// The gateways of a table.
#[derive(Debug)]
pub struct Nat {
    pub(super) gateways: Vec<Gateway>,
    /// The destinations so far.
    destinations: Vec<PathOwner>,
    pub(super) counts: Counts,
    pub(super) marks: Marks,
    /// Gigabytes by hour.
    pub(super) hours: Vec<f64>,
}

impl<'s> Part<'s> for Nats<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.nats;
        let each = settings.iter().enumerate().map(|(index, settings)| {
            let zones = settings.gateways(plan.kinds).into_iter();
            let gateways: Vec<Gateway> = zones.map(|zone| Gateway::new(settings, zone, flow)).collect();
            for gateway in (0..gateways.len()).filter(|_| settings.most.0 > settings.bandwidth.0) {
                flow.set(Timer::Grow { nat: number(index), gateway: number(gateway) }, settings.growth.0);
            }
            Nat {
                gateways,
                destinations: Vec::new(),
                counts: Counts::default(),
                marks: Marks::default(),
                hours: Vec::new(),
            }
        });
        let each = each.collect();
        Nats { settings, each, held: PerAttempt::new(NOTHING), series: Vec::new() }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Open { nat, .. } => Some((Resource::GatewayPorts { nat: nat.into() }, None)),
            Op::Carry { nat, .. } => Some((Resource::GatewayLink { nat: nat.into() }, None)),
            Op::Close { .. } => None,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Open { nat, tier, kind, to } => {
                let host = flow.attempts.tier(id, tier).instance;
                self.open(id, nat, host, (kind, to.into()), flow)
            }
            Op::Carry { nat, bytes } => {
                let bytes = Bytes(u64::from(bytes[0]) << 32 | u64::from(bytes[1]));
                let it = &mut self.each[usize::from(nat)];
                let held = self.held.of(id);
                let Some(gateway) = it.gateways.get(usize::from(held.gateway)) else { return Next::Op };
                it.counts.carried += 1;
                it.counts.bytes += u128::from(bytes.0);
                flow.begin(gateway.processor, id, Gateway::work(bytes));
                Next::Wait
            }
            Op::Close { nat } => {
                let held = std::mem::replace(self.held.of_mut(id), NOTHING);
                if let Some(gateway) = self.each[usize::from(nat)].gateways.get_mut(usize::from(held.gateway))
                {
                    let settings = &self.settings[usize::from(nat)];
                    gateway.ports(held.destination as usize).give(settings, held.host, flow.now);
                }
                Next::Op
            }
        }
    }

    fn fire(&mut self, Timer::Grow { nat, gateway }: Timer, flow: &mut Flow) {
        let settings = &self.settings[usize::from(nat)];
        self.each[usize::from(nat)].gateways[usize::from(gateway)].grow(settings, flow);
        flow.set(Timer::Grow { nat, gateway }, flow.now.saturating_add(settings.growth.0));
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Gone(host) | Fact::Crashed(host) | Fact::Lost(host) => {
                let gateways = self.each.iter_mut().flat_map(|it| &mut it.gateways);
                gateways.flat_map(|it| &mut it.to).for_each(|ports| ports.leave(host));
            }
            Fact::ZoneLost(place) => self.zone_changes(place, true, flow),
            Fact::ZoneBack(place) => self.zone_changes(place, false, flow),
            _ => {}
        }
    }

    fn release(&mut self, id: u32, _flow: &mut Flow) {
        let held = self.held.of(id);
        if held == NOTHING {
            return;
        }
        *self.held.of_mut(id) = NOTHING;
        let gateway = &mut self.each[usize::from(held.nat)].gateways[usize::from(held.gateway)];
        gateway.ports(held.destination as usize).close();
    }

    fn processor(&self, op: Op, id: u32, _flow: &Flow) -> Option<u32> {
        let Op::Carry { nat, .. } = op else { return None };
        let gateway = usize::from(self.held.of(id).gateway);
        Some(self.each[usize::from(nat)].gateways.get(gateway)?.processor)
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, it) in self.each.iter().enumerate() {
            add((id::Kind::Nat, index), Used::hourly(it.hours.clone()));
        }
    }

    /// What goes to the only gateway crosses a border from all other zones.
    fn passed(&mut self, add: &mut impl FnMut(f64)) {
        for (it, settings) in self.each.iter_mut().zip(self.settings) {
            let bytes = it.counts.bytes - std::mem::replace(&mut it.marks.passed, it.counts.bytes);
            if !settings.per_zone {
                add(bytes as f64);
            }
        }
    }

    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        match of {
            Resource::GatewayPorts { nat } => Some(self.each[nat].counts.taken as f64),
            Resource::GatewayLink { nat } => Some(self.each[nat].counts.carried as f64),
            _ => None,
        }
    }
}

impl Nats<'_> {
    /// A host wants a connection.
    fn open(&mut self, id: u32, nat: u16, host: u32, to: PathOwner, flow: &mut Flow) -> Next {
        let settings = &self.settings[usize::from(nat)];
        let it = &mut self.each[usize::from(nat)];
        let place = flow.hosts[host as usize].place;
        let own = it.gateways.iter().position(|gateway| gateway.zone == place.zone);
        // One for all is not in the zone of most hosts.
        let gateway = own.unwrap_or(0);
        let known = it.destinations.iter().position(|known| *known == to);
        let destination = known.unwrap_or_else(|| {
            it.destinations.push(to);
            it.destinations.len() - 1
        });
        let Some(ports) = it.gateways.get_mut(gateway).map(|gateway| gateway.ports(destination)) else {
            return Next::Op;
        };
        match ports.take(settings, host, flow.now) {
            Taken::Nothing => {
                it.counts.refused += 1;
                return Next::Fail(Cause::PortAllocation);
            }
            Taken::Forgotten => {
                it.counts.reset += 1;
                return Next::Fail(Cause::ConnectionReset);
            }
            Taken::Opened => it.counts.opened += 1,
            Taken::Kept => {}
        }
        it.counts.taken += 1;
        *self.held.of_mut(id) =
            Held { nat, gateway: number(gateway), destination: number(destination), host };
        Next::Op
    }

    /// Gateways of a zone are lost with it, or are back.
    fn zone_changes(&mut self, place: Where, lost: bool, flow: &mut Flow) {
        for (index, (it, settings)) in self.each.iter_mut().zip(self.settings).enumerate() {
            for gateway in &mut it.gateways {
                if gateway.lost == lost || !Where::at_home(gateway.zone).is_in(place) {
                    continue;
                }
                gateway.changes(lost, flow);
                // A zone has one of them.
                flow.note_lost(Resource::LostGateways { nat: index }, Some(gateway.zone), lost.into());
                let end = if lost { "is lost" } else { "is back" };
                let text = format!("the NAT gateway in {} {end}", gateway.zone.named());
                flow.incident(id::Kind::Nat, &settings.name, text);
            }
        }
    }
}
