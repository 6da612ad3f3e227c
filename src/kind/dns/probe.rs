//! What a health check does at its endpoint. In: the records of a name. Out: the ops of a check for each record that has one.
//!
//! It comes from outside and enters by the target of the record, as a request does: through a balancer, which chooses an instance, or at the instance
//! that has the address.

use super::language::Dns;
use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::id::Kind;
use crate::kind::path::{CompileErrand, PathOwner};
use crate::kind::{self, Settings};

/// Writes the checks of all names, in the order of [`entries`].
pub(super) fn write(all: &Settings, to: &mut impl CompileErrand<Op = kind::Op>) {
    for (index, dns) in all.domains.iter().enumerate() {
        for (at, record) in dns.records.iter().enumerate() {
            let Some(check) = record.check.as_ref().filter(|_| is_asked(dns, at)) else { continue };
            to.errand((Kind::Dns, index), format!("dns.{}/health check {at}", dns.name));
            to.enter(record.to, |to| to.cpu(&check.cpu));
            to.ask(Op::Checked, NETWORK);
        }
    }
}

/// Whether checkers ask at the target of a record.
fn is_asked(dns: &Dns, record: usize) -> bool {
    let record = &dns.records[record];
    let is_tier = matches!(record.to.0, Kind::Fleet | Kind::Balancer);
    is_tier && record.check.as_ref().is_some_and(|it| it.alarm.is_none())
}

/// Where the check of each record of a name begins, by where checks of the name do.
pub(super) fn entries(dns: &Dns, index: usize, written: &[(PathOwner, Vec<u32>)]) -> Vec<Option<u32>> {
    let mut own =
        written.iter().filter(|(of, _)| *of == (Kind::Dns, index)).filter_map(|(_, ops)| ops.first());
    (0..dns.records.len()).map(|at| if is_asked(dns, at) { own.next().copied() } else { None }).collect()
}
