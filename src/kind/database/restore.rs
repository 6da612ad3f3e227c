//! A database that is made anew from its backups, as it was at an instant.
//!
//! In: that people order it. Out: after the time for a new instance, its volume and its log, other nodes are those of the database, with nothing in memory; commits
//! since that instant are lost and counted. Until then the old one goes on, if it can and people let it. Hosts find the new one as after a failover. (Amazon RDS user guide,
//! "Restoring a DB instance to a specified time for Amazon RDS"; Aurora user guide, "Restoring a DB cluster to a specified time".)

use super::backup::{Restore, SECOND, Source};
use super::language;
use super::lazy::Lazy;
use super::model::{Databases, Timer};
use super::struck::{GONE, NOWHERE};
use crate::catalog::region::Region;
use crate::catalog::zone::Place;
use crate::dist::rounded;
use crate::flow::fact::{Fact, Point};
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::number::things;
use crate::units::Time;

impl Databases<'_> {
    /// People order a new database, as this one was at a point in time. With `stop`, this one ends at once.
    pub(super) fn restore(
        &mut self,
        database: usize,
        (to, region, stop): (Point, Option<Region>, bool),
        flow: &mut Flow,
    ) {
        let name = &self.settings[database].name;
        match self.begin_restore(database, to, region.is_some(), flow) {
            Err(why) => flow.incident(Kind::Database, name, format!("no restore: {why}")),
            Ok((text, at)) => {
                flow.incident(Kind::Database, name, text);
                flow.set(Timer::Rebuilt { database: number(database) }, at);
                if stop {
                    self.stop(database, flow);
                }
            }
        }
    }

    /// What is done and when it is over, or why nothing is.
    fn begin_restore(
        &mut self,
        database: usize,
        to: Point,
        elsewhere: bool,
        flow: &Flow,
    ) -> Result<(String, u64), &'static str> {
        let settings = &self.settings[database];
        let is_somewhere = self.place_of_new(database, 0, elsewhere || self.each[database].abroad).is_some();
        let state = &mut self.each[database];
        let (Some(backup), Some(law)) = (&mut state.backup, &settings.backup) else {
            return Err("it has no backups");
        };
        if backup.restoring.is_some() {
            return Err("one is under way");
        }
        if !is_somewhere {
            return Err("all zones in which it could be are lost");
        }
        let wanted = match to {
            Point::Latest => None,
            Point::At(at) => Some(at.0 / SECOND),
            Point::Before(fault) => {
                let it = state.corruptions.iter().rfind(|it| it.fault == fault);
                Some(it.ok_or("nothing is wrong with it")?.at / SECOND)
            }
        };
        if wanted.is_some_and(|wanted| wanted > flow.now / SECOND) {
            return Err("that time is still to come");
        }
        let from_copy = elsewhere && !state.abroad;
        let source = match from_copy {
            true => backup.abroad(wanted, flow.now).ok_or("there is no copy of its backups")?,
            false => backup.here(wanted, flow.now),
        };
        let Source { point, wait } = source;
        if Time(point * SECOND) + law.retention < Time(flow.now) {
            return Err("its backups do not go back so far");
        }
        let (law_of, stream) = &mut backup.provision;
        let from = flow.now.saturating_add(wait).saturating_add(law_of.time(stream).0);
        let is_lazy = law.first_touch.is_some();
        let filled = if is_lazy { Time::ZERO } else { law.rate.time_of(settings.storage) };
        let has_log = !from_copy || backup.has_log_abroad();
        let log =
            law.replay.filter(|_| has_log).map_or(0.0, |each| backup.since_snapshot(point) * each.0 as f64);
        let at = from.saturating_add(filled.0).saturating_add(rounded(log));
        backup.restoring = Some(Restore { point, abroad: elsewhere || state.abroad, from, is_lazy });
        let place = match law.region.filter(|_| from_copy) {
            None => String::new(),
            Some(region) => format!(" in {}", region.code()),
        };
        let (was, takes) = (Time(point * SECOND), Time(at - flow.now));
        Ok((format!("it is made anew{place} as it was at {was}, which takes {takes}"), at))
    }

    /// The old database ends before the new one is there.
    fn stop(&mut self, database: usize, flow: &mut Flow) {
        self.call_off(database, flow);
        for node in 0..self.each[database].nodes.len() {
            self.each[database].nodes[node].absent = true;
            self.cut_off(database, node, flow);
        }
        self.lose_since_point(database, flow);
        self.note_lost(database, flow);
    }

    /// The database is as it was at the point of its restore from now on.
    fn lose_since_point(&mut self, database: usize, flow: &mut Flow) {
        let state = &mut self.each[database];
        let Some(backup) = &mut state.backup else { return };
        let Some(Restore { point, .. }) = backup.restoring else { return };
        let (lost, last) = (backup.since(point), backup.last);
        if lost > 0 {
            state.lose(lost, point * SECOND, last);
            flow.incident(Kind::Database, &self.settings[database].name, losing(lost, point));
        }
    }

    /// The new database is there: its nodes are those of the database from now on.
    pub(super) fn rebuilt(&mut self, database: usize, flow: &mut Flow) {
        let settings = &self.settings[database];
        self.lose_since_point(database, flow);
        let state = &mut self.each[database];
        let Some(restore) = state.backup.as_mut().and_then(|backup| backup.restoring.take()) else { return };
        self.leave_old(database, flow);
        let nodes = self.new_nodes(database, restore, flow);
        let state = &mut self.each[database];
        if let (Some(backup), Some(law)) = (&mut state.backup, &settings.backup) {
            backup.made.push((Time(restore.from), number(nodes), restore.abroad));
            let first = law.first_touch.as_ref().filter(|_| restore.is_lazy && settings.row.is_some());
            state.lazy = first
                .map(|first| Lazy::of(settings, state.data_pages, (first, law.rate), (self.seed, flow.now)));
        }
        let place = match settings.backup.as_ref().and_then(|law| law.region).filter(|_| restore.abroad) {
            None => String::new(),
            Some(region) => format!(", in {}", region.code()),
        };
        let point = restore.point;
        let text = format!("the restored database serves{place}, as of {}", Time(point * SECOND));
        flow.incident(Kind::Database, &settings.name, text);
        self.leave_corruption(database, |it| it.at < point * SECOND, flow);
        self.spread_corruption(database);
        self.rejoin_replicas(database, flow);
        self.keep_addresses(database, NOWHERE, flow);
        self.fail_over(database, flow);
        self.lead(database, flow);
        self.aim_pools(database, flow);
        self.fill_pools(flow);
        self.tend_region(database, flow);
        self.note_lost(database, flow);
    }

    /// The old nodes are no part of it any more, nor is what was done to them.
    fn leave_old(&mut self, database: usize, flow: &mut Flow) {
        self.call_off(database, flow);
        let state = &mut self.each[database];
        state.trouble.leaves(GONE);
        if let Some((_, strike)) = state.promoting.take() {
            flow.cancel(Timer::Promoted { database: number(database) });
            flow.tell(Fact::Resumed { strike });
        }
        for (_, strike) in std::mem::take(&mut state.restarting) {
            flow.tell(Fact::Resumed { strike });
        }
        // A second Region follows the old database.
        if let Some(region) = &mut state.region {
            region.takes_over(flow.now);
            region.is_gone = true;
        }
        for node in 0..self.each[database].nodes.len() {
            self.cut_off(database, node, flow);
        }
    }

    /// The new nodes: all of Aurora and of a cluster, and of other RDS the writer and its standby. Returns how many there are.
    fn new_nodes(&mut self, database: usize, restore: Restore, flow: &Flow) -> usize {
        let settings = &self.settings[database];
        let all = match settings.engine.is_aurora() || settings.cluster {
            true => 1 + settings.replicas as usize,
            false => 1,
        };
        self.each[database].abroad = restore.abroad;
        let near = self.each[database].near;
        for index in 0..near {
            let place = self.place_of_new(database, index, restore.abroad);
            let state = &mut self.each[database];
            let node = &mut state.nodes[index];
            node.absent = index >= all;
            if index > 0 {
                // It follows the old one no more, and the new one from here on.
                state.replication.lose(index - 1, flow.now);
                state.replication.exchange(index - 1, flow.now);
            }
            if let Some(place) = place.filter(|_| index < all) {
                node.place = place;
                node.start_cold();
            }
        }
        let standby = settings.standby().filter(|_| !restore.abroad);
        self.each[database].standby = standby.filter(|place| !self.lost.contains(place));
        all
    }

    /// Nodes were lost or are back: its log is uploaded as long as the writer of RDS, or the storage of Aurora in any zone, is there.
    pub(super) fn note_uploads(&mut self, database: usize, now: u64) {
        let settings = &self.settings[database];
        let state = &mut self.each[database];
        let Some(backup) = &mut state.backup else { return };
        let uploads = match settings.engine.is_aurora() {
            true => (0..=settings.azs.len())
                .any(|node| !self.lost.contains(&settings.place_when(node, state.abroad, self.home))),
            false => !state.nodes[0].lost,
        };
        backup.note(uploads, now);
    }

    /// Where a new node can be: in its zone, or where that is lost, in another one.
    fn place_of_new(&self, database: usize, node: usize, abroad: bool) -> Option<Place> {
        let settings: &language::Database = &self.settings[database];
        let own = std::iter::once(node).chain(0..=settings.azs.len());
        own.map(|node| settings.place_when(node, abroad, self.home)).find(|place| !self.lost.contains(place))
    }
}

/// `12 commits after 9m58s are lost`.
fn losing(lost: u64, point: u64) -> String {
    let are = if lost == 1 { "is" } else { "are" };
    format!("{} after {} {are} lost", things(lost as f64, "commit"), Time(point * SECOND))
}
