//! The use of stations and processors in a row of the timeline.
//!
//! In: their integrals over time. Out: how much each has grown since the last row.

use super::whose::host_of;
use crate::measure::pool::PoolSeries;

/// What other kinds know of the hosts of a group, row by row. The kind of the group takes it at the end.
#[derive(Debug, Default)]
pub struct GroupRows {
    /// Targets that a balancer holds for unhealthy.
    pub unhealthy: Vec<f64>,
    /// Pools of connections, in the order of the file.
    pub pools: Vec<PoolSeries>,
}

/// Integrals at the end of the last row.
#[derive(Debug, Default)]
pub struct Readings {
    /// When the row began.
    pub row_start: u64,
    /// The current stretch: rows that share a number in the columns of members.
    pub stretch: usize,
    busy: Areas,
    waiting: Areas,
    processors: Vec<(f64, f64)>,
    groups: Vec<GroupRows>,
}

/// Integrals of stations, by number.
#[derive(Debug, Default)]
struct Areas {
    of_threads: Vec<f64>,
    of_others: Vec<f64>,
}

impl Areas {
    /// How much the integral of a station has grown.
    fn grow_by(&mut self, station: u32, area: f64) -> f64 {
        let (values, index) = match host_of(station) {
            Some(host) => (&mut self.of_threads, host),
            None => (&mut self.of_others, station as usize),
        };
        if values.len() <= index {
            values.resize(index + 1, 0.0);
        }
        area - std::mem::replace(&mut values[index], area)
    }
}

impl Readings {
    /// The rows of the hosts of a group.
    pub fn group(&mut self, group: usize) -> &mut GroupRows {
        if self.groups.len() <= group {
            self.groups.resize_with(group + 1, GroupRows::default);
        }
        &mut self.groups[group]
    }

    /// Growth of the busy-server integral of a station.
    pub fn busy(&mut self, station: u32, area: f64) -> f64 {
        self.busy.grow_by(station, area)
    }

    /// Growth of the waiting integral of a station.
    pub fn waiting(&mut self, station: u32, area: f64) -> f64 {
        self.waiting.grow_by(station, area)
    }

    /// Growth of the busy-core and job integrals of a processor.
    pub fn processor(&mut self, processor: u32, (busy, jobs): (f64, f64)) -> (f64, f64) {
        let known = &mut self.processors;
        if known.len() <= processor as usize {
            known.resize(processor as usize + 1, (0.0, 0.0));
        }
        let before = std::mem::replace(&mut known[processor as usize], (busy, jobs));
        (busy - before.0, jobs - before.1)
    }
}
