//! The two Regions of a database as a pair: whether commits come from one to the other, and how it is made again after a failover.
//!
//! In: zones that are lost and back, a failover that is over. Out: commits that come or do not; a Region that was left and is there again becomes the
//! second one, with its data made anew. (Aurora user guide, "Performing managed failovers for Aurora global databases": when the old Region is healthy, its cluster
//! is added back as a secondary one.)

use super::model::{Databases, Timer};
use crate::flow::fact::Fact;
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::number::things;

impl Databases<'_> {
    /// Whether all storage of the first Region of a database is lost, or of the second.
    pub(super) fn has_lost(&self, database: usize, abroad: bool) -> bool {
        let mut places = self.settings[database].storage_when(abroad, self.home);
        !self.lost.is_empty() && places.all(|place| self.lost.contains(&place))
    }

    /// Zones are lost or back, or another Region writes.
    pub(super) fn tend_region(&mut self, database: usize, flow: &mut Flow) {
        if self.each[database].region.is_none() {
            return;
        }
        let abroad = self.each[database].abroad;
        let (writes, other) = (self.has_lost(database, abroad), self.has_lost(database, !abroad));
        let (settings, state) = (&self.settings[database], &mut self.each[database]);
        let is_over = state.promoting.is_none();
        let Some(region) = &mut state.region else { return };
        let is_there = !writes && !other;
        let text = match is_there {
            true if region.goes_on(flow.now) => "commits come to the second Region again".to_owned(),
            false if region.cut_off(flow.now) => {
                let lacks = region.lacks(flow.now).commits;
                format!(
                    "no commit comes to the second Region any more: it lacks {}",
                    things(lacks as f64, "commit")
                )
            }
            _ => String::new(),
        };
        if !text.is_empty() && !region.is_gone {
            flow.incident(Kind::Database, &settings.name, text);
        }
        let timer = Timer::Rejoins { database: number(database) };
        let is_made = region.is_gone && is_over && is_there;
        match (std::mem::replace(&mut region.is_made, is_made), is_made) {
            (false, true) => {
                let (law, stream) = &mut region.rejoin;
                let at = flow.now.saturating_add(law.time(stream).0);
                flow.set(timer, at);
                let text = "the Region that was left is made anew as the second one";
                flow.incident(Kind::Database, &settings.name, text.into());
            }
            (true, false) => flow.cancel(timer),
            _ => {}
        }
    }

    /// The Region that was left has all data again.
    pub(super) fn rejoins(&mut self, database: usize, flow: &mut Flow) {
        let Some(region) = &mut self.each[database].region else { return };
        region.is_back(flow.now);
        let (near, lost) = (self.each[database].near, &self.lost);
        let nodes = self.each[database].nodes[near..].iter_mut();
        nodes.filter(|node| !node.absent && !lost.contains(&node.place)).for_each(super::Node::start_cold);
        self.aim_pools(database, flow);
        self.fill_pools(flow);
        let text = "there is a second Region again, which has all commits";
        flow.incident(Kind::Database, &self.settings[database].name, text.into());
        self.report_if_paired(database, flow);
    }

    /// Somebody wants to know when there is a second Region that can take over.
    pub(super) fn report(&mut self, database: usize, by: u16, flow: &mut Flow) {
        match &mut self.each[database].region {
            Some(region) => region.awaited.push(by),
            None => return flow.tell(Fact::Ready { by }),
        }
        self.report_if_paired(database, flow);
    }

    /// Tells all who wait for it, if there is a second Region that can take over.
    pub(super) fn report_if_paired(&mut self, database: usize, flow: &mut Flow) {
        let state = &mut self.each[database];
        let is_free = state.promoting.is_none() && !state.nodes[0].lost;
        let Some(region) = state.region.as_mut().filter(|it| is_free && !it.is_gone && !it.is_cut()) else {
            return;
        };
        for by in std::mem::take(&mut region.awaited) {
            flow.tell(Fact::Ready { by });
        }
    }
}
