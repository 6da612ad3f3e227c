//! The ways into a tier that is split over several target groups. In: a balancer, and the groups of one of its actions. Out: for each
//! group a [`Way`] with the call inside, and its ops.
//!
//! No file writes this step: a call of such a balancer becomes a way for each group, one after the other. An attempt takes one of
//! them and goes past the others.

use super::language::Split;
use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::id::{BalancerId, Kind, UNKNOWN};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::units::Time;

/// One of the ways.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The balancer.
    pub balancer: BalancerId,
    /// Which of the splits of all balancers.
    pub split: u16,
    /// Its number among the ways.
    pub way: u8,
    /// The part of the attempts that takes it, on the mean over the run.
    pub share: f64,
}

impl Way {
    /// The ways of a split, each with the balancer that has its targets.
    pub(crate) fn all(balancer: BalancerId, split: &Split, duration: Time) -> Vec<(Way, BalancerId)> {
        let ways = (0..).zip(split.ways.iter().zip(split.shares(duration)));
        ways.map(|(way, (to, share))| (Way { balancer, split: split.index, way, share }, to.group)).collect()
    }
}

impl Step<Settings, kind::Op> for Way {
    const SHAPES: &'static [&'static Shape] = &[];

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Way {
        // No verb stands for it.
        Way { balancer: BalancerId(UNKNOWN), split: 0, way: 0, share: 1.0 }
    }

    fn is_way(&self) -> bool {
        true
    }

    /// As a call of one group.
    fn outlives_caller(&self) -> bool {
        true
    }

    fn needs(&self, _all: &Settings, to: &mut impl Needs) {
        to.uses((Kind::Balancer, self.balancer.index()));
        to.inside(self.share);
    }

    /// Before the first way one is drawn; each way is a label, so that nothing is joined across it.
    fn compile(&self, _all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let Way { split, way, .. } = *self;
        if way == 0 {
            let tier = to.fleet().map_or(0, |_| to.tier() + 1);
            to.ask(Op::Split { split, tier }, NETWORK);
        }
        let at = to.label();
        let entrance = |past| Op::Way { split, way, past };
        to.ask(entrance(at), NETWORK);
        to.inside();
        let past = to.label();
        to.patch(at, entrance(past));
    }
}
