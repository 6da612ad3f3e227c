//! A database of which the second Region takes over.
//!
//! In: that it is asked for, planned or not. Out: the first Region stops writing; commits that the second one lacks are lost after a failover, and waited for in a
//! switchover; after its time the nodes of the second Region are those of the database, with nothing in memory. (Aurora user guide, "Using switchover or
//! failover in Amazon Aurora Global Database".) Hosts find the new writer as after a failover within a Region.

use super::corruption::in_second_region;
use super::model::{Databases, RESULT, Timer};
use super::struck::{GONE, NOWHERE};
use crate::catalog::region::Region;
use crate::flow::fact::{Fact, Order};
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::number::things;

/// Bytes of a commit that go to the second Region: those of the one write I/O as which it is billed. (Amazon Aurora pricing: write I/Os are counted in
/// units of 4 KB.)
const LOG: u64 = 4_096;

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
            (Order::Report { by }, _) => self.report(database, by, flow),
            (Order::Size { .. }, _) => {}
        }
    }

    /// The second Region is to take over: after a failover, or in a planned switchover.
    pub(super) fn leave_region(&mut self, database: usize, planned: bool, strike: u32, flow: &mut Flow) {
        let is_lost = self.has_lost(database, !self.each[database].abroad);
        let state = &mut self.each[database];
        let is_free = state.promoting.is_none() && !is_lost && (!planned || !state.nodes[0].lost);
        let Some(region) = state.region.as_mut().filter(|region| is_free && !region.is_gone) else {
            let text = "the second Region does not take over: there is none, or it or the writer of a switchover is lost";
            flow.incident(Kind::Database, &self.settings[database].name, text.into());
            return flow.tell(Fact::Resumed { strike });
        };
        let (law, stream) = if planned { &mut region.switchover } else { &mut region.failover };
        let mut at = flow.now.saturating_add(law.time(stream).0);
        let text = match planned {
            true => {
                at = at.max(region.has_all_by);
                "writes stop, until the second Region has all commits and takes over".to_owned()
            }
            false => {
                let lacks = region.takes_over(flow.now);
                region.is_gone = true;
                state.lose(lacks.commits, lacks.since, lacks.until);
                self.leave_corruption(database, in_second_region(flow.now), flow);
                format!("the second Region takes over: {}", lost(lacks.commits))
            }
        };
        let state = &mut self.each[database];
        state.promoting = Some((NOWHERE, strike));
        flow.incident(Kind::Database, &self.settings[database].name, text);
        self.call_off(database, flow);
        // In a switchover the first Region can be read from until the end.
        let stop = if planned { 1 } else { self.each[database].near };
        for node in 0..stop {
            self.each[database].nodes[node].absent = true;
            self.cut_off(database, node, flow);
        }
        flow.set(Timer::Promoted { database: number(database) }, at);
        self.note_lost(database, flow);
    }

    /// A commit is sent to the second Region, if the file says which one that is.
    pub(super) fn send_log(&self, database: u16, flow: &mut Flow) {
        let index = usize::from(database);
        let (settings, state) = (&self.settings[index], &self.each[index]);
        let regions = [state.abroad, !state.abroad].map(|abroad| settings.region_when(abroad, self.home));
        if let [Some(from), Some(to)] = regions {
            flow.sends(from, to, LOG);
        }
    }

    /// The nodes of the second Region are those of the database from now on.
    pub(super) fn arrive_abroad(&mut self, database: usize, flow: &mut Flow) {
        let settings = &self.settings[database];
        self.lose_rest(database, flow);
        let (is_home, home) = (self.each[database].abroad, self.home);
        let state = &mut self.each[database];
        state.trouble.leaves(GONE);
        for (_, strike) in std::mem::take(&mut state.restarting) {
            flow.tell(Fact::Resumed { strike });
        }
        for node in 0..self.each[database].nodes.len() {
            self.cut_off(database, node, flow);
        }
        self.exchange_regions(database, flow);
        let state = &mut self.each[database];
        state.abroad = !is_home;
        let (near, is_warm) = (state.near, state.near < state.nodes.len());
        let is_gone = state.region.as_ref().is_some_and(|region| region.is_gone);
        for (index, node) in state.nodes.iter_mut().enumerate() {
            let (place, abroad) = if node.far { (index - near, is_home) } else { (index, !is_home) };
            node.place = settings.place_when(place, abroad, home);
            node.absent = place >= settings.nodes_when(abroad) as usize;
            if index > 0 && !node.far {
                state.replication.lose(index - 1, flow.now);
            }
            // A zone of that Region may be lost. The page cache of Aurora outlives the restart of a node that was read at.
            let stays_away = node.absent || self.lost.contains(&node.place) || node.far && is_gone;
            match is_warm {
                _ if stays_away => {}
                true => node.lost = false,
                false => node.start_cold(),
            }
        }
        self.aim_pools(database, flow);
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
        self.tend_region(database, flow);
        self.report_if_paired(database, flow);
    }

    /// The first Region of a switchover was lost before it had sent everything.
    fn lose_rest(&mut self, database: usize, flow: &mut Flow) {
        let state = &mut self.each[database];
        let Some(region) = &mut state.region else { return };
        let lacks = region.takes_over(flow.now);
        if lacks.commits > 0 {
            state.lose(lacks.commits, lacks.since, lacks.until);
            flow.incident(Kind::Database, &self.settings[database].name, lost(lacks.commits));
        }
    }

    /// One way between a caller in a Region and the database, which may be in another one by now; the way back of a statement has its results.
    pub(super) fn go(
        &self,
        id: u32,
        database: u16,
        (from, results): (Option<Region>, bool),
        flow: &mut Flow,
    ) -> Next {
        let index = usize::from(database);
        let state = &self.each[index];
        // Its connection may lead to the Region that does not write.
        let is_far = (state.near..state.nodes.len()).contains(&self.sessions.of(id).node.into());
        let there = self.settings[index].region_when(state.abroad != is_far, self.home);
        let pair = from.or(self.home).zip(there);
        if let Some((from, there)) = pair.filter(|_| results) {
            flow.sends(there, from, RESULT);
        }
        match pair.map_or(0, |(from, there)| from.round_trip(there).0 / 2) {
            0 => Next::Op,
            span => flow.pass(span, id),
        }
    }
}

/// `12 commits that it has not got are lost`.
fn lost(commits: u64) -> String {
    let are = if commits == 1 { "is" } else { "are" };
    format!("{} that it has not got {are} lost", things(commits as f64, "commit"))
}
