//! What is read of databases: a row of the timeline when it ends, totals at the end.
//!
//! In: counters and integrals since the start. Out: what they grew by, as rates, shares and means.

use super::model::Databases;
use super::presence::{Did, Row};
use super::record::{DatabaseSeries, DatabaseTotals, ServerlessSeries};
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::measure::column::the_one;
use crate::measure::load::Noted;
use crate::measure::part::Part;
use crate::measure::resource::{Node as Side, Resource};

impl Databases<'_> {
    /// Reads a row of every database and of the pools of every fleet.
    pub(super) fn read_all(&mut self, span: f64, flow: &mut Flow) {
        for index in 0..self.each.len() {
            self.read(index, span, flow);
            self.read_proxy(index, span, flow);
            self.read_acus(index, span, flow.now);
            self.read_volumes(index, span, flow);
            self.read_region(index, span, flow.now);
        }
        for fleet in 0..self.fleets.len() {
            self.read_pools(fleet, span, flow);
        }
    }

    fn read(&mut self, index: usize, span: f64, flow: &mut Flow) {
        let settings = &self.settings[index];
        let did: Vec<Did> = self.each[index].nodes.iter_mut().map(|node| node.did_in_row(flow)).collect();
        let far = &did[self.each[index].near..];
        let far = far.iter().fold(std::mem::take(&mut self.each[index].far_did), |sum, did| sum.and(*did));
        let use_of = self.each[index].presence.read(flow.now, span, &did);
        let replicas = use_of.len().saturating_sub(1);
        let vcpus: Vec<f64> = self.each[index].nodes.iter().map(|node| node.vcpus.into()).collect();
        if replicas > 1 {
            let members = use_of[1..].iter().zip(&vcpus[1..]).zip(1..);
            let members = members.map(|((it, vcpus), number)| {
                Noted::new(Part::Replica(number), it.did.used, it.there * vcpus)
            });
            flow.note_members(Resource::Database { database: index, node: Side::Reader }, members);
        }
        // As many as could be read from, on the mean of the row: of those that are all there, exactly their number.
        let there = |rows: &[Row]| rows.iter().map(|it| it.there).sum::<f64>();
        let percent = |rows: &[Row], vcpus: &[f64]| {
            let busy: f64 = rows.iter().map(|it| it.did.used).sum();
            let all: f64 = rows.iter().zip(vcpus).map(|(it, vcpus)| it.there * vcpus).sum();
            if all > 0.0 { 100.0 * busy / all } else { 0.0 }
        };
        // Statements beyond the cores share them; what rounding leaves of none is none.
        let waiting =
            |rows: &[Row]| rows.iter().map(|it| it.did.jobs - it.did.busy).sum::<f64>().max(0.0) / span;
        let now = flow.now;
        let state = &mut self.each[index];
        let refused = state.marks.refused.grown(state.refused);
        let lag = state.replication.worst_lag(now, |replica| !state.nodes[1 + replica].lost);
        let applied = state.replication.read_appliers(now);
        let waiting_area = state.locks.waiting_area(now);
        let hottest = state.locks.hottest(now);
        let log = state.log_in_row(now);
        let (granted, waited) = (state.locks.granted_after_wait, state.locks.waited);
        let (reads, writes, stale, own) = (state.reads, state.writes, state.stale.reads, state.stale.own);
        let stale_age = state.stale.worst();
        let opened = |nodes: &[super::Node]| nodes.iter().map(|node| node.open).sum::<u32>();
        let (writer_open, replica_open) = (opened(&state.nodes[..1]), opened(state.replicas()));
        let granted = state.marks.granted.grown(granted);
        let waited = state.marks.waited.grown(waited);
        let reads = state.marks.reads.grown(reads);
        let writes = state.marks.writes.grown(writes);
        let stale = state.marks.stale.grown(stale);
        let own = state.marks.own.grown(own);
        // Waiting transactions: whole nanoseconds are exact enough for a mean over a row.
        let lock_waiting = state.marks.waiting.grown(waiting_area as u64);
        let appliers = span * settings.appliers().map_or(1.0, f64::from);
        if applied.len() > 1 {
            let members = applied.iter().zip(&use_of[1..]).zip(1..);
            let members = members.map(|((it, row), number)| {
                Noted::new(Part::Replica(number), it.busy, row.there / span * appliers)
            });
            flow.note_members(Resource::Appliers { database: index }, members);
        }
        if self.series.len() <= index {
            self.series.push(DatabaseSeries { name: settings.name.clone(), ..DatabaseSeries::default() });
        }
        let series = &mut self.series[index];
        series.writer_cpu_percent.push(percent(&use_of[..1], &vcpus[..1]));
        series.replicas.push(there(&use_of[1..]) / span);
        series.replica_cpu_percent.push(percent(&use_of[1..], &vcpus[1..]));
        series.writer_waiting.push(waiting(&use_of[..1]));
        series.replica_waiting.push(waiting(&use_of[1..]));
        series.writer_connections.push(writer_open.into());
        series.replica_connections.push(replica_open.into());
        series.refused.push(refused as f64);
        series.writer_active.push(use_of[0].did.jobs / span);
        series.lock_waiting.push(lock_waiting as f64 / span);
        series.hot_row_percent.push(100.0 * hottest / span);
        series.lock_wait_ms.push((granted > 0).then(|| waited as f64 / granted as f64 / 1e6));
        series.reads.push(reads as f64 * 1e9 / span);
        series.writes.push(writes as f64 * 1e9 / span);
        series.lag_ms.push(lag as f64 / 1e6);
        series.stale_reads.push(stale as f64 * 1e9 / span);
        series.own_stale_reads.push(own as f64 * 1e9 / span);
        series.read_age_ms.push(stale_age as f64 / 1e6);
        let all = appliers * there(&use_of[1..]) / span;
        // A sum of nothing would be -0.
        let busy = applied.iter().fold(0.0, |sum, it| sum + it.busy);
        series.apply_percent.push(if all > 0.0 { 100.0 * busy / all } else { 0.0 });
        series.apply_waiting.push(applied.iter().map(|it| it.waited).sum::<f64>() / span);
        let state = &mut self.each[index];
        let nodes = &state.nodes[state.near..];
        if !nodes.is_empty() {
            let there: f64 = nodes.iter().filter(|node| !node.absent).map(|node| f64::from(node.vcpus)).sum();
            let series = the_one(&mut self.series[index].far);
            series.cpu_percent.push(100.0 * far.used / (there * span).max(1.0));
            series.waiting.push((far.jobs - far.busy).max(0.0) / span);
            series.connections.push(opened(nodes).into());
            series.reads.push(state.marks.far.grown(state.far_reads) as f64 * 1e9 / span);
        }
        let series = &mut self.series[index];
        if let Some((worked, waited)) = log {
            let series = the_one(&mut series.log);
            series.busy_percent.push(100.0 * worked / span);
            series.waiting.push(waited / span);
        }
    }

    fn read_proxy(&mut self, index: usize, span: f64, flow: &mut Flow) {
        let Some(proxied) = &self.pools.proxies[index] else { return };
        let pool = &proxied.pool;
        // Pinned connections are lent to nobody else.
        let mut side = |station: u32, side: usize| {
            let lends = proxied.limits[side].saturating_sub(proxied.pinned[side]);
            let (busy, waiting) = (flow.busy_in_row(station) / span, flow.waiting_in_row(station) / span);
            match lends {
                0 => (if waiting > 0.0 { 100.0 } else { 0.0 }, waiting),
                _ => (100.0 * busy / f64::from(lends), waiting),
            }
        };
        let (writer, reader) = (side(pool.writer, 0), side(pool.reader, 1));
        let series = the_one(&mut self.series[index].proxy);
        series.clients.push(proxied.clients.iter().sum::<u32>().into());
        series.writer_busy_percent.push(writer.0);
        series.writer_waiting.push(writer.1);
        series.reader_busy_percent.push(reader.0);
        series.reader_waiting.push(reader.1);
    }

    fn read_region(&mut self, index: usize, span: f64, now: u64) {
        let state = &mut self.each[index];
        let Some(region) = &mut state.region else { return };
        let series = the_one(&mut self.series[index].global);
        series.lag_ms.push(region.worst_lag(now) as f64 / 1e6);
        series.sent.push(state.marks.sent.grown(region.sent) as f64 * 1e9 / span);
    }

    fn read_acus(&mut self, index: usize, span: f64, now: u64) {
        if self.settings[index].serverless.is_none() {
            return;
        }
        let state = &mut self.each[index];
        state.pass_capacity(now);
        let in_row = std::mem::take(&mut state.consumed.in_row);
        let [writer, replicas] = in_row.map(|halves| halves as f64 / 2.0 / span);
        let columns = &mut self.series[index].acus;
        if columns.is_empty() {
            columns.push(ServerlessSeries::default());
        }
        if let Some(series) = columns.first_mut() {
            series.writer.push(writer);
            series.replicas.push(replicas);
        }
    }

    /// Totals of every database.
    fn totals(&self, flow: &Flow) -> Vec<DatabaseTotals> {
        let pools = &self.pools;
        let waits = |database: usize, side| {
            pools.waits.of(database, side, |fleet, pool| pools.taken(fleet, pool, side, flow))
        };
        let totals =
            self.settings.iter().zip(&self.each).zip(0..).map(|((settings, state), index)| DatabaseTotals {
                proxy_wait: pools.waits.of_proxy(index, pools.taken_of_proxy(index, Side::All, flow)),
                proxy_timeouts: self.pools.proxies[index].as_ref().map_or(0, |proxied| proxied.timeouts),
                unknown_commits: state.unknown_commits,
                read_only: state.read_only,
                lost_commits: state.lost_commits,
                doubled_commits: state.doubled_commits,
                lost_span: state.lost_span,
                global_lag: state.region.as_ref().map_or_else(Default::default, |it| it.lags(flow.now)),
                connections_made: state.made,
                writer_wait: waits(index, Side::Writer),
                reader_wait: waits(index, Side::Reader),
                name: settings.name.clone(),
                engine: settings.engine.name().into(),
                reads: state.reads,
                writes: state.writes,
                commits: state.commits,
                lock_timeouts: state.lock_timeouts,
                deadlocks: state.deadlocks,
                connections_refused: state.refused,
                peak_connections: state.nodes[0].peak,
                max_connections: Some(settings.writer_connections.into()),
                replica_max_connections: Some(settings.replica_connections.into()),
                replica_reads: state.replica_reads,
                stale_reads: state.stale.reads,
                own_stale_reads: state.stale.own,
                read_age: state.stale.of_all(state.replica_reads),
                lag: state.replication.lag(flow.now, |replica| !state.nodes[1 + replica].lost),
                lock_waits: state.locks.granted_after_wait,
                lock_waited: state.locks.waited,
                pages_hit: state.pages.0,
                pages: state.pages.1,
            });
        totals.collect()
    }
}

impl super::state::Database {
    /// How long the log worked for commits in the row that ends, and how long these waited for it; nothing where it limits no commit.
    fn log_in_row(&mut self, now: u64) -> Option<(f64, f64)> {
        let log = self.log.as_ref().filter(|log| log.each().is_some())?;
        let all = (log.worked(now), log.waited(now));
        let before = std::mem::replace(&mut self.marks.log, all);
        // What rounding leaves of nothing is nothing.
        Some(((all.0 - before.0).max(0.0), (all.1 - before.1).max(0.0)))
    }
}

impl Recorded for Databases<'_> {
    type Series = DatabaseSeries;
    type Totals = DatabaseTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<DatabaseSeries>, Vec<DatabaseTotals>) {
        (std::mem::take(&mut self.series), self.totals(flow))
    }
}
