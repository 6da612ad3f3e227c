//! A database of which the second Region takes over.
//!
//! In: that it is asked for, planned or not. Out: the first Region stops writing; commits that the second one lacks are lost after a failover, and waited for in a
//! switchover; after its time the nodes of the second Region are those of the database, with nothing in memory. (Aurora user guide, "Using switchover or
//! failover in Amazon Aurora Global Database".) Hosts find the new writer as after a failover within a Region.

use super::corruption::in_second_region;
use super::model::{Databases, Timer};
use super::struck::{GONE, NOWHERE};
use crate::catalog::region::Region;
use crate::flow::fact::{Fact, Order};
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::number::things;

/// No strike of a fault.
const NO_STRIKE: u32 = u32::MAX;

impl Databases<'_> {
    /// People order a failover or a switchover.
    pub(super) fn ordered(&mut self, database: usize, order: Order, flow: &mut Flow) {
        match (order, self.settings[database].global.is_some()) {
            (Order::Restore { to, region, stop }, _) => self.restore(database, (to, region, stop), flow),
            (Order::Promote, false) => self.promote_by_hand(database, NO_STRIKE, flow),
            (Order::Promote, true) => self.leave_region(database, false, NO_STRIKE, flow),
            (Order::SwitchOver, _) => self.leave_region(database, true, NO_STRIKE, flow),
            (Order::Size { .. }, _) => {}
        }
    }

    /// The second Region is to take over: after a failover, or in a planned switchover.
    pub(super) fn leave_region(&mut self, database: usize, planned: bool, strike: u32, flow: &mut Flow) {
        let state = &mut self.each[database];
        let is_free = state.promoting.is_none() && (!planned || !state.nodes[0].lost);
        let Some(region) = state.region.as_mut().filter(|region| is_free && !region.is_gone) else {
            let text =
                "the second Region does not take over: there is none, or the writer of a switchover is lost";
            flow.incident(Kind::Database, &self.settings[database].name, text.into());
            return flow.tell(Fact::Resumed { strike });
        };
        let (behind, since) = region.behind(flow.now);
        let (law, stream) = if planned { &mut region.switchover } else { &mut region.failover };
        let mut at = flow.now.saturating_add(law.time(stream).0);
        let text = match planned {
            true => {
                at = at.max(region.has_all_by);
                "writes stop, until the second Region has all commits and takes over".to_owned()
            }
            false => {
                let are = if behind == 1 { "is" } else { "are" };
                let lost = format!("{} that it has not got {are} lost", things(behind as f64, "commit"));
                format!("the second Region takes over: {lost}")
            }
        };
        region.takes_over(!planned);
        if !planned {
            state.lose(behind, since, flow.now);
            self.leave_corruption(database, in_second_region(flow.now), flow);
        }
        let state = &mut self.each[database];
        state.promoting = Some((NOWHERE, strike));
        flow.incident(Kind::Database, &self.settings[database].name, text);
        self.call_off(database, flow);
        // In a switchover the first Region can be read from until the end.
        let stop = if planned { 1 } else { self.each[database].nodes.len() };
        for node in 0..stop {
            self.each[database].nodes[node].absent = true;
            self.cut_off(database, node, flow);
        }
        flow.set(Timer::Promoted { database: number(database) }, at);
        self.note_lost(database, flow);
    }

    /// The nodes of the second Region are those of the database from now on.
    pub(super) fn arrive_abroad(&mut self, database: usize, flow: &mut Flow) {
        let settings = &self.settings[database];
        let Some(global) = &settings.global else { return };
        let (is_home, home) = (self.each[database].abroad, self.home);
        let there = if is_home { 1 + settings.replicas } else { global.nodes } as usize;
        let state = &mut self.each[database];
        state.trouble.leaves(GONE);
        for (_, strike) in std::mem::take(&mut state.restarting) {
            flow.tell(Fact::Resumed { strike });
        }
        for node in 0..self.each[database].nodes.len() {
            self.cut_off(database, node, flow);
        }
        let state = &mut self.each[database];
        state.abroad = !is_home;
        for (index, node) in state.nodes.iter_mut().enumerate() {
            node.place = settings.place_when(index, !is_home, home);
            node.absent = index >= there;
            if index > 0 {
                state.replication.lose(index - 1, flow.now);
            }
            // A zone of that Region may be lost.
            if index < there && !self.lost.contains(&node.place) {
                node.start_cold();
            }
        }
        let there = settings.global.as_ref().and_then(|global| global.region).filter(|_| !is_home);
        let text = match (is_home, there) {
            (true, _) => "the first Region writes again".to_owned(),
            (false, None) => "the second Region writes".to_owned(),
            (false, Some(there)) => format!("the second Region writes, {}", there.code()),
        };
        flow.incident(Kind::Database, &self.settings[database].name, text);
        self.rejoin_replicas(database, flow);
        self.keep_addresses(database, NOWHERE, flow);
        self.spread_corruption(database);
        self.fail_over(database, flow);
        self.lead(database, flow);
        self.fill_pools(flow);
    }

    /// One way between a caller in a Region and the database, which may be in another one by now.
    pub(super) fn go(&self, id: u32, database: u16, from: Option<Region>, flow: &mut Flow) -> Next {
        let index = usize::from(database);
        let there = self.settings[index].region_when(self.each[index].abroad, self.home);
        let pair = from.or(self.home).zip(there);
        match pair.map_or(0, |(from, there)| from.round_trip(there).0 / 2) {
            0 => Next::Op,
            span => flow.pass(span, id),
        }
    }
}
