//! A database of which rows are wrong: a bad release, or a DELETE without a WHERE, has spoiled a share of them.
//!
//! In: that it happens, and statements at rows. Out: requests that read or change a wrong row fail. Replicas and a second Region get what is wrong as
//! they get every commit, with their lag, so a failover does not help. Only a database that is made anew as it was before is right again.

use super::corruption::Corruption;
use super::model::{Databases, row_number};
use super::op::NO_ROWS;
use crate::flow::Flow;
use crate::flow::fact::Fact;
use crate::flow::next::Next;
use crate::id::Kind;
use crate::measure::stage::Cause;
use crate::rng::{mixed, stream};

impl Databases<'_> {
    /// A share of the rows is wrong from now on.
    pub(super) fn corrupt(&mut self, database: usize, fault: u16, (strike, share): (u32, f64), flow: &Flow) {
        let name = &self.settings[database].name;
        let chance = stream(self.seed, &format!("database.{name}/wrong rows {strike}"));
        let state = &mut self.each[database];
        let corruption = Corruption {
            fault,
            strike,
            at: flow.now,
            share,
            salt: mixed(self.seed, u64::from(strike)),
            chance,
            replicas: state.replication.arrivals(flow.now),
            abroad: state.region.as_mut().map_or(u64::MAX, |region| region.will_have(flow.now)),
        };
        state.corruptions.push(corruption);
    }

    /// A statement has been executed: its row may be wrong on the node.
    pub(super) fn check(&mut self, id: u32, database: u16, (keys, slot): (u16, u8), flow: &mut Flow) -> Next {
        let node = usize::from(self.sessions.of(id).node);
        let row = (keys != NO_ROWS).then(|| row_number(keys, flow.attempts.key(id, slot)));
        let all = &mut self.each[usize::from(database)].corruptions;
        match all.iter_mut().find_map(|it| it.meets(node, row, flow.now).then_some(it.strike)) {
            None => Next::Op,
            Some(strike) => {
                flow.meets(id, strike);
                Next::Fail(Cause::CorruptData)
            }
        }
    }

    /// A node takes over, or a database that was made anew: what it has not got is right again.
    pub(super) fn leave_corruption(
        &mut self,
        database: usize,
        has: impl Fn(&Corruption) -> bool,
        flow: &mut Flow,
    ) {
        let left: Vec<u32> =
            self.each[database].corruptions.extract_if(.., |it| !has(it)).map(|it| it.strike).collect();
        if left.is_empty() {
            return;
        }
        let text = "its rows are right again: it is as it was before they were wrong".to_owned();
        flow.incident(Kind::Database, &self.settings[database].name, text);
        left.into_iter().for_each(|strike| flow.tell(Fact::Resumed { strike }));
    }

    /// The nodes of a database are others, and all have the same data.
    pub(super) fn spread_corruption(&mut self, database: usize) {
        for it in &mut self.each[database].corruptions {
            it.replicas.fill(0);
        }
    }
}
