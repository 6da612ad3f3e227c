//! Promotions by hand that find no replica. In: the faults that promote one of a database. Out: a warning for the first that cannot.
//!
//! Each promotion takes a replica out of the others, and none begins while one is under way.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::database::language::Database;
use crate::kind::expected::Expected;
use crate::kind::fault::language::{Fault, OnRequests, Target};
use crate::kind::warning::Warning;
use crate::number::agreeing;
use crate::units::Time;

pub(super) fn warning(
    index: usize,
    database: &Database,
    expected: &Expected<'_, Settings>,
) -> Option<Warning> {
    // A second Region takes over once, and what is left of the first is no part of it any more.
    let replicas = if database.global.is_some() { 1 } else { database.most_replicas() };
    let promotes = |fault: &&Fault| {
        matches!(fault.target, Target::Requests { of, effect: OnRequests::Promotes, .. } if of == (Kind::Database, index))
            && fault.every.is_none()
            && fault.at < expected.duration
    };
    let mut faults: Vec<&Fault> = expected.faults.iter().filter(promotes).collect();
    faults.sort_by_key(|fault| fault.at);
    let (mut left, mut over) = (replicas, Time::ZERO);
    let in_vain = faults.into_iter().find_map(|fault| {
        if fault.at < over {
            return Some((fault, "while another one is under way".to_owned()));
        }
        if left == 0 {
            let had = agreeing(replicas.to_string(), "replica");
            return Some((fault, format!("of which no replica is left: it had {had}")));
        }
        (left, over) = (left - 1, fault.at + database.takeover.promotion.mean());
        None
    });
    let (fault, why) = in_vain?;
    let message = format!("fault `{}` promotes a replica of database `{}` {why}", fault.name, database.name);
    let hint = "nothing happens then: remove it, or give the database another replica and the first promotion its time";
    Some(Warning::new(Code::FaultWithoutEffect, &["fault", &fault.name, "effect"], message, hint))
}
