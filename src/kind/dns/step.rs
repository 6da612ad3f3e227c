//! The ways on from a name. In: a name by which requests enter. Out: a [`Way`] for each of its records, and its ops.
//!
//! No file writes this step: what enters by a name becomes a way for each record, one after the other. An attempt takes one of them and goes
//! past the others.

use super::language::values;
use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::Kind;
use crate::kind::front::{Asked, Lead};
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;

/// One of the ways.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The name.
    pub name: u16,
    /// The record.
    pub way: u8,
    /// The part of the requests that goes by it, on the mean over the run, while all records are healthy.
    pub share: f64,
    /// Whether it leads to a fleet, whose instances have addresses.
    pub addresses: bool,
}

impl Step<Settings, kind::Op> for Way {
    const SHAPES: &'static [&'static Shape] = &[];
    const ENTERED: bool = true;

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Way {
        // No verb stands for it.
        Way { name: 0, way: 0, share: 1.0, addresses: false }
    }

    fn leads(index: usize, all: &Settings, asked: &Asked) -> Vec<Lead<Way>> {
        let Some(dns) = all.domains.get(index) else { return Vec::new() };
        let values: Vec<f64> = dns.records.iter().map(|it| values(it.to, all)).collect();
        let shares = dns.shares(asked.duration, &values);
        let lead = |(way, (to, share)): (u8, (PathOwner, f64))| Lead {
            step: Way { name: number(index), way, share, addresses: to.0 == Kind::Fleet },
            to: Some(to),
        };
        (0..).zip(dns.records.iter().map(|it| it.to).zip(shares)).map(lead).collect()
    }

    fn is_way(&self) -> bool {
        true
    }

    fn addresses(&self) -> bool {
        self.addresses
    }

    /// As a call of what it leads to.
    fn outlives_caller(&self) -> bool {
        true
    }

    fn needs(&self, _all: &Settings, to: &mut impl Needs) {
        to.uses((Kind::Dns, self.name.into()));
        to.inside(self.share);
    }

    /// Before the first way the client looks the name up; each way is a label, so that nothing is joined across it.
    fn compile(&self, _all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let Way { name, way, .. } = *self;
        if way == 0 {
            to.ask(Op::Look { name }, NETWORK);
            to.ask(Op::Connect, NETWORK);
        }
        let at = to.label();
        let entrance = |past| Op::Way { name, way, past };
        to.ask(entrance(at), NETWORK);
        to.inside();
        let past = to.label();
        to.patch(at, entrance(past));
    }
}
