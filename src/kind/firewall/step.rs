//! The way past a firewall. In: the firewalls before a table, and what a request asks for. Out: a [`Guard`] for each, and its ops.
//!
//! No file writes this step: a request passes it where it enters what the firewall stands before.

use super::language::Firewall;
use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::{FirewallId, Kind, UNKNOWN};
use crate::kind::front::Asked;
use crate::kind::path::PathOwner;
use crate::kind::pattern::fits;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;

/// Pass a firewall.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    /// Which.
    pub firewall: FirewallId,
    /// A bit for each of its rules that looks at the path of the request.
    pub rules: u32,
}

impl Guard {
    /// The rules of a firewall that look at the path of a request.
    fn rules_for(firewall: &Firewall, asked: &Asked) -> u32 {
        let looks = |(index, pattern): (usize, Option<&String>)| {
            let looks = pattern.is_none_or(|pattern| fits(pattern, asked.look().0));
            u32::from(looks) << index
        };
        firewall.rules.iter().map(|rule| rule.path.as_ref()).enumerate().map(looks).sum()
    }
}

impl Step<Settings, kind::Op> for Guard {
    const SHAPES: &'static [&'static Shape] = &[];

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Guard {
        // No verb stands for it.
        Guard { firewall: FirewallId(UNKNOWN), rules: 0 }
    }

    fn gates((kind, before): PathOwner, all: &Settings, asked: &Asked) -> Vec<Guard> {
        let stands = |firewall: &Firewall| firewall.before == Some((kind, before));
        let own = (0..).zip(&all.firewalls).filter(|(_, firewall)| stands(firewall));
        own.map(|(index, firewall)| Guard {
            firewall: FirewallId(index),
            rules: Guard::rules_for(firewall, asked),
        })
        .collect()
    }

    fn is_gate(&self) -> bool {
        true
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let firewall = self.firewall.index();
        to.uses((Kind::Firewall, firewall));
        to.counts((Kind::Firewall, firewall), "requests", 1.0);
        to.passes(all.firewalls[firewall].latency.as_secs_f64(), 0.5);
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let firewall = self.firewall.index();
        let settings = &all.firewalls[firewall];
        // It looks at requests where it stands, and answers nobody if that is lost.
        settings.before.into_iter().for_each(|before| to.reaches(before));
        to.hop(settings.latency);
        to.ask(Op::Inspect { firewall: number(firewall), rules: self.rules }, NETWORK);
    }
}
