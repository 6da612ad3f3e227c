//! What goes through a NAT gateway. In: a step that leaves the VPC. Out: a [`Passage`] with that step inside, and its ops.
//!
//! No file writes this step: a step at something outside, inside of a fleet that has a NAT gateway, is inside of one.

use super::language::Nat;
use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::{Kind, NatId, UNKNOWN};
use crate::kind::path::{Leaves, PathOwner};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::Bytes;

/// A request through a NAT gateway.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    /// The gateways.
    pub nat: NatId,
    /// Where it goes.
    pub to: PathOwner,
    /// Bytes of the request.
    pub request: Bytes,
    /// Bytes of its answer.
    pub response: Bytes,
    /// Whether the work there goes on if its caller has gone.
    pub outlives: bool,
}

impl Step<Settings, kind::Op> for Passage {
    const SHAPES: &'static [&'static Shape] = &[];

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Passage {
        // No verb stands for it.
        let none = Bytes(0);
        Passage { nat: NatId(UNKNOWN), to: (Kind::Nat, 0), request: none, response: none, outlives: false }
    }

    fn passing(leaves: &Leaves, fleet: usize, all: &Settings) -> Option<Passage> {
        let at = all.nats.iter().position(|nat: &Nat| nat.passes(fleet, leaves))?;
        let Leaves { to, request, response, outlives, .. } = *leaves;
        Some(Passage { nat: NatId(number(at)), to, request, response, outlives })
    }

    fn outlives_caller(&self) -> bool {
        self.outlives
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let nat = self.nat.index();
        to.uses((Kind::Nat, nat));
        to.waits(Resource::GatewayPorts { nat });
        to.waits(Resource::GatewayLink { nat });
        to.holds(Resource::GatewayPorts { nat });
        let bytes = Bytes(self.request.0.saturating_add(self.response.0));
        to.passes(all.nats[nat].bandwidth.time_of(bytes).as_secs_f64(), 2.0);
        to.inside(1.0);
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.nat.index();
        let name = &all.nats[index].name;
        let link = Resource::GatewayLink { nat: index };
        let label = format!("through the NAT gateway {name}");
        let stage = to.stage(StageKind::Network, Some(link), name, &label);
        let nat = number(index);
        to.ask(Op::Open { nat, tier: to.tier(), kind: self.to.0, to: number(self.to.1) }, NETWORK);
        let carry = |bytes: Bytes| Op::Carry { nat, bytes: [(bytes.0 >> 32) as u32, bytes.0 as u32] };
        to.ask(carry(self.request), stage);
        to.inside();
        to.ask(carry(self.response), stage);
        to.ask(Op::Close { nat }, NETWORK);
    }
}
