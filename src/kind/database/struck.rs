//! A database that faults strike: its statements are slow, fail, are refused or hang, and its nodes die.
//!
//! In: the steps that only such a database has, and what strikes it. Out: statements that take longer, are turned away or answered with an
//! error after their time, answers that are held back, and nodes that are lost until it is over. A fault of one node stays with that
//! machine, whatever its role is later.

use super::failover::Loss;
use super::model::Databases;
use super::op::Op;
use crate::dist::rounded;
use crate::flow::Flow;
use crate::flow::fact::{Impairment, Member};
use crate::flow::next::Next;
use crate::flow::trouble::Strike;
use crate::id;
use crate::measure::stage::Cause;

/// The standby of a writer, which has no processor as long as it is none.
pub(super) const STANDBY: u32 = u32::MAX;
/// A machine for which another one has been made.
pub(super) const GONE: u32 = u32::MAX - 2;
/// A machine that is no node any more; a strike is at it if it is at all machines.
pub(super) const NOWHERE: u32 = u32::MAX - 1;

impl Databases<'_> {
    /// One of the steps of a request at such a database.
    #[inline(never)]
    pub(super) fn endure(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        const UNAVAILABLE: Next = Next::Fail(Cause::DatabaseUnavailable);
        match op {
            Op::Knock { database } => {
                let Some(node) = self.processor_of(id, database) else { return UNAVAILABLE };
                let trouble = &mut self.each[usize::from(database)].trouble;
                let refused = trouble.refuses(node);
                if let Some(strike) = refused.or_else(|| trouble.met_at(node)) {
                    flow.meets(id, strike);
                }
                if refused.is_some() { UNAVAILABLE } else { Next::Op }
            }
            Op::Endure { database, draw, write } => {
                let demand = flow.draws.of(draw).nanos();
                let Some(node) = self.count_statement(id, database, write) else { return UNAVAILABLE };
                let factor = self.each[usize::from(database)].trouble.factor(node);
                flow.begin(node, id, demand * factor);
                if self.contends {
                    self.ease(database, flow);
                }
                Next::Wait
            }
            Op::EndureFlush { database, draw } => {
                let span = flow.draws.of(draw).nanos();
                let Some(node) = self.processor_of(id, database) else { return UNAVAILABLE };
                let factor = self.each[usize::from(database)].trouble.factor(node);
                flow.pass(rounded(span * factor), id)
            }
            // It keeps its connection and its locks.
            Op::Hang { database } => {
                let Some(node) = self.processor_of(id, database) else { return UNAVAILABLE };
                match self.each[usize::from(database)].trouble.hangs_until(node) {
                    Some((until, strike)) => {
                        flow.meets(id, strike);
                        flow.pass(until.saturating_sub(flow.now), id)
                    }
                    None => Next::Op,
                }
            }
            Op::Answer { database } => {
                let Some(node) = self.processor_of(id, database) else { return UNAVAILABLE };
                let trouble = &mut self.each[usize::from(database)].trouble;
                match trouble.fails(node) {
                    Some(strike) => {
                        flow.meets(id, strike);
                        UNAVAILABLE
                    }
                    None => {
                        // A statement that was only slow is done: what fails later fails elsewhere.
                        if flow.met(id).is_some_and(|(strike, _)| trouble.slows(node) == Some(strike)) {
                            flow.forget_met(id);
                        }
                        Next::Op
                    }
                }
            }
            _ => Next::Op,
        }
    }

    /// The processor of the node at the other end of the connection of an attempt.
    fn processor_of(&mut self, id: u32, database: u16) -> Option<u32> {
        let node = self.node_of(id, database)?;
        Some(self.each[usize::from(database)].nodes[usize::from(node)].processor)
    }

    /// A fault strikes a database, or one of its nodes.
    pub(super) fn impaired(
        &mut self,
        database: usize,
        member: Member,
        (fault, number): (u16, u32),
        (how, until): (Impairment, u64),
        flow: &mut Flow,
    ) {
        match how {
            Impairment::Crashes(strike) => return self.crash(database, member, strike, flow),
            Impairment::FailsOver(strike) => return self.switch_over(database, strike, flow),
            Impairment::Promotes(strike) if self.settings[database].global.is_some() => {
                return self.leave_region(database, false, strike, flow);
            }
            Impairment::Promotes(strike) => return self.promote_by_hand(database, strike, flow),
            Impairment::Corrupts { share, strike } => {
                return self.corrupt(database, fault, (strike, share), flow);
            }
            Impairment::SwitchesOver(strike) => return self.leave_region(database, true, strike, flow),
            _ => {}
        }
        let nodes = &self.each[database].nodes[..self.each[database].near];
        let at = match member {
            Member::Writer => Some(nodes[0].processor),
            Member::Replica => {
                let there = nodes[1..].iter().find(|node| !node.lost);
                Some(there.map_or(GONE, |node| node.processor))
            }
            Member::All | Member::Shard(_) => None,
        };
        let strike = Strike { number, how, until, at };
        self.each[database].trouble.begins(fault, strike);
        self.slow_down(database, flow);
        if how == Impairment::Dies {
            self.lose_nodes(database, |node| !node.far && strike.is_at(node.processor), Loss::Alone, flow);
        }
    }

    /// From now on the work of each node counts by how many times as long it takes there.
    pub(super) fn slow_down(&mut self, database: usize, flow: &Flow) {
        let state = &mut self.each[database];
        if state.trouble.is_never() {
            return;
        }
        for node in &mut state.nodes {
            node.slow_down(state.trouble.factor(node.processor), flow);
        }
    }

    /// A strike at a database is over: nodes that died are back, with nothing in memory.
    pub(super) fn restored(&mut self, database: usize, fault: u16, flow: &mut Flow) {
        let Some(strike) = self.each[database].trouble.ends(fault) else { return };
        self.slow_down(database, flow);
        if strike.how == Impairment::Dies {
            if strike.at == Some(STANDBY) {
                let text = "there is a standby again".to_owned();
                flow.incident(id::Kind::Database, &self.settings[database].name, text);
            }
            self.bring_back(database, |node| strike.is_at(node.processor), flow);
            self.fill_pools(flow);
        }
    }

    /// The standby takes over from a writer: what struck that machine is left behind. Where it has died, it is the standby that is
    /// missing now.
    pub(super) fn leave_machine(&mut self, database: usize) {
        let state = &mut self.each[database];
        let writer = state.nodes[0].processor;
        state.trouble.moves(writer, STANDBY, |how| how == Impairment::Dies);
        state.trouble.moves(writer, GONE, |_| true);
    }

    /// A new machine is the writer: what struck the old one is left behind.
    pub(super) fn leave_for_good(&mut self, database: usize) {
        let state = &mut self.each[database];
        let writer = state.nodes[0].processor;
        state.trouble.moves(writer, GONE, |_| true);
    }
}
