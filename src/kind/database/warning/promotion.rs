//! Promotions by hand that find no replica. In: the faults that promote one of a database. Out: a warning for the first that cannot.
//!
//! Each promotion takes a replica out of the others, and none begins while one is under way. A second Region can take over again when the one that was left
//! has been made anew.

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
    let replicas = database.most_replicas();
    let promotes = |fault: &&Fault| {
        matches!(fault.target, Target::Requests { of, effect: OnRequests::Promotes, .. } if of == (Kind::Database, index))
            && fault.every.is_none()
            && fault.at < expected.duration
    };
    let mut faults: Vec<&Fault> = expected.faults.iter().filter(promotes).collect();
    faults.sort_by_key(|fault| fault.at);
    let (mut left, mut over) = (replicas, Time::ZERO);
    let in_vain = faults.into_iter().find_map(|fault| {
        if let Some(global) = &database.global {
            // The Region that has been left has to be the second one first.
            let is_early = fault.at < over;
            over = fault.at + global.failover.mean() + global.rejoin.mean();
            return is_early.then(|| (fault, "before there is a second Region again".to_owned()));
        }
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
    let what = if database.global.is_some() { "the second Region" } else { "a replica" };
    let message = format!("fault `{}` promotes {what} of database `{}` {why}", fault.name, database.name);
    let hint = match database.global {
        Some(_) => "nothing happens then: remove it, or let it come later",
        None => {
            "nothing happens then: remove it, or give the database another replica and the first promotion its time"
        }
    };
    Some(Warning::new(Code::FaultWithoutEffect, &["fault", &fault.name, "effect"], message, hint))
}
