//! Aurora Auto Scaling: replicas that are added and removed.
//!
//! In: the minutes of the metrics. Out: replicas that serve after their boot, and replicas that are gone with their connections. Pools keep
//! the connections that they have: only those that they open later lead to a replica that was added.

use super::language::ReaderMetric;
use super::model::{Databases, Timer};
use super::readers::PERIOD;
use crate::flow::{Flow, number};
use crate::id;
use crate::number;
use crate::units::Time;

impl Databases<'_> {
    /// The first look at the readers of each database that adds some.
    pub(super) fn begin_readers(&mut self, flow: &mut Flow) {
        for database in 0..self.each.len() {
            let state = &mut self.each[database];
            if let Some(readers) = &mut state.readers {
                let present = state.nodes.iter().skip(1).filter(|node| !node.lost);
                readers.busy = present.map(|node| (node.processor, 0.0)).collect();
                flow.set(Timer::Minute { database: number(database) }, flow.now.saturating_add(PERIOD));
            }
        }
    }

    /// A minute is over.
    pub(super) fn look_at_readers(&mut self, database: usize, flow: &mut Flow) {
        flow.set(Timer::Minute { database: number(database) }, flow.now.saturating_add(PERIOD));
        let Some(settings) = &self.settings[database].replica_scaling else { return };
        let state = &mut self.each[database];
        let Some(readers) = &mut state.readers else { return };
        readers.note(settings.metric, &state.nodes, flow);
        let present = state.nodes[1..].iter().filter(|node| !node.absent).count() as u32;
        // It waits until each replica is available.
        if readers.making > 0 || state.nodes.iter().any(|node| node.lost && !node.absent) {
            return;
        }
        let wanted = readers.wanted(settings, present, flow.now);
        let value = readers.points.back().copied().flatten().unwrap_or(0.0);
        let why = match settings.metric {
            ReaderMetric::Cpu => {
                format!(
                    "CPU of {} % where {} % is the target",
                    number::number(value),
                    number::number(settings.target)
                )
            }
            ReaderMetric::Connections => {
                let (value, target) = (number::number(value), number::number(settings.target));
                format!("{value} connections to each where {target} is the target")
            }
        };
        if wanted > present {
            self.add_readers(database, wanted - present, &why, flow);
        } else if wanted < present {
            self.remove_readers(database, present - wanted, &why, flow);
        }
    }

    fn add_readers(&mut self, database: usize, count: u32, why: &str, flow: &mut Flow) {
        let name = &self.settings[database].name;
        let text = format!("{} will be added: {why}", number::things(count.into(), "replica"));
        flow.incident(id::Kind::Database, name, text);
        let state = &mut self.each[database];
        let Some(readers) = &mut state.readers else { return };
        readers.making += count;
        let absent = state.nodes.iter().filter(|node| node.absent).map(|node| node.processor);
        for processor in absent.take(count as usize) {
            let span = readers.boot.0.time(&mut readers.boot.1);
            let at = flow.now.saturating_add(span.0);
            flow.set(Timer::Serves { database: number(database), processor }, at);
        }
    }

    /// A replica that was added serves from now on.
    pub(super) fn serve(&mut self, database: usize, processor: u32, flow: &mut Flow) {
        let state = &mut self.each[database];
        let Some(readers) = &mut state.readers else { return };
        readers.making -= 1;
        if readers.making == 0 {
            readers.added = Some(flow.now);
        }
        readers.since.push((processor, flow.now));
        let Some(node) = state.nodes.iter_mut().find(|node| node.processor == processor) else { return };
        node.absent = false;
        if !self.lost.contains(&node.place) {
            node.start_cold();
        }
        flow.incident(id::Kind::Database, &self.settings[database].name, "a replica was added".into());
        self.rejoin_replicas(database, flow);
        self.note_lost(database, flow);
        self.fill_pools(flow);
    }

    fn remove_readers(&mut self, database: usize, count: u32, why: &str, flow: &mut Flow) {
        let mut removed = 0;
        for _ in 0..count {
            let state = &mut self.each[database];
            let Some(readers) = &mut state.readers else { break };
            // The one that was added last, unless it is the writer by now.
            let is_replica =
                |processor: u32| state.nodes.iter().skip(1).position(|it| it.processor == processor);
            let found = readers
                .since
                .iter()
                .enumerate()
                .rev()
                .find_map(|(index, it)| Some((index, is_replica(it.0)?)));
            let Some((index, place)) = found else { break };
            let (_, since) = readers.since.remove(index);
            readers.gone.push((Time(since), Time(flow.now)));
            readers.removed = Some(flow.now);
            let node = &mut state.nodes[1 + place];
            (node.absent, node.lost) = (true, true);
            state.replication.lose(place, flow.now);
            self.break_off(database, 1 + place, flow);
            removed += 1;
        }
        if removed > 0 {
            let text = format!("{} removed: {why}", number::things(removed.into(), "replica"));
            flow.incident(id::Kind::Database, &self.settings[database].name, text);
            self.note_lost(database, flow);
        }
    }
}
