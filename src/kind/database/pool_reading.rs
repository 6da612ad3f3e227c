//! Readings of connection pools at the end of a row of the timeline.
//!
//! In: the connections of every host, busy and open. Out: a row for each pool of each fleet, for the writer and for the
//! replicas.

use super::model::Databases;
use crate::flow::Flow;
use crate::id;
use crate::kind::fleet::language::Pool as Settings;
use crate::measure::load::Noted;
use crate::measure::part::Part;
use crate::measure::pool::PoolSeries;
use crate::measure::resource::{Node as Side, Resource};

/// The use of the pools of a fleet in a row, on one side.
#[derive(Debug, Default)]
struct Used {
    busy: f64,
    waiting: f64,
    servers: f64,
    /// For each host, its busy and open connections.
    members: Vec<Noted>,
}

impl Databases<'_> {
    /// Reads a row of the pools of a fleet.
    pub(super) fn read_pools(&mut self, fleet: usize, span: f64, flow: &mut Flow) {
        let settings = self.fleets[fleet].pools;
        // Nobody waits in a host that has one request at a time.
        if settings.is_empty() || self.fleets[fleet].of.0 != id::Kind::Fleet {
            return;
        }
        let mut used: Vec<[Used; 2]> = settings.iter().map(|_| Default::default()).collect();
        let mut running = 0;
        for host in 0..flow.hosts.len() as u32 {
            let state = &flow.hosts[host as usize];
            if state.group != fleet || state.ended <= flow.readings.row_start {
                continue;
            }
            let from = state.running.max(flow.readings.row_start);
            running += state.served_until().min(flow.now).saturating_sub(from);
            let (number, zone, pace) = (state.number, state.place.zone.0.into(), state.speed);
            let pools = self.pools.of(host).pools.iter_mut().zip(settings);
            for ((pool, settings), used) in pools.zip(&mut used) {
                let open = pool.open_in_row(flow.now);
                let sides = [(pool.writer, settings.writer), (pool.reader, settings.reader)];
                for (((station, most), servers), used) in sides.into_iter().zip(open).zip(used) {
                    let busy = flow.busy_in_row(station);
                    used.busy += busy;
                    used.waiting += flow.waiting_in_row(station);
                    used.servers += servers;
                    // One that grows has what it may have, however little is open.
                    let grows = settings.kept(most) < most && servers > 0.0;
                    let all = if grows { servers.max(f64::from(most) * span) } else { servers };
                    used.members.push(Noted {
                        zone: Some(zone),
                        pace,
                        ..Noted::new(Part::Instance(number), busy, all)
                    });
                }
            }
        }
        for (pool, used) in used.iter_mut().enumerate() {
            for (node, used) in [Side::Writer, Side::Reader].into_iter().zip(used) {
                let members = std::mem::take(&mut used.members).into_iter();
                flow.note_members(Resource::Pool { fleet, pool, node }, members);
            }
        }
        let rows = flow.readings.group(fleet);
        if rows.pools.is_empty() {
            let role = |pool: &Settings, role: Side| PoolSeries {
                database: self.settings[pool.database.index()].name.clone(),
                of: Some(pool.database),
                role,
                ..PoolSeries::default()
            };
            let pools = settings.iter().flat_map(|pool| [role(pool, Side::Writer), role(pool, Side::Reader)]);
            rows.pools = pools.collect();
        }
        let longest = self.pools.waits.longest_in_row(fleet);
        // Without a replica there is nothing that a connection to read could lead to.
        let has_replicas = |pool: &Settings| self.each[pool.database.index()].nodes.len() > 1;
        let sizes =
            settings.iter().flat_map(|pool| [pool.writer, if has_replicas(pool) { pool.reader } else { 0 }]);
        let sides = used.into_iter().flatten().zip(sizes);
        for ((series, (used, size)), longest) in rows.pools.iter_mut().zip(sides).zip(longest) {
            let percent = if used.servers > 0.0 { 100.0 * used.busy / used.servers } else { 0.0 };
            series.open.push(used.servers / span);
            series.most.push(f64::from(size) * running as f64 / span);
            series.used_percent.push(percent);
            series.waiting.push(used.waiting / span);
            series.longest_wait_ms.push(longest);
        }
    }
}
