//! What stations and processors did in a row of the timeline.
//!
//! In: their integrals over time. Out: by how much each has grown since the last row.

use super::Flow;

/// Integrals as they stood at the end of the last row.
#[derive(Debug, Default)]
pub struct Readings {
    /// When the row began.
    pub row_start: u64,
    busy: Vec<f64>,
    waiting: Vec<f64>,
    processors: Vec<(f64, f64)>,
}

fn grow_by(values: &mut Vec<f64>, index: u32, value: f64) -> f64 {
    let index = index as usize;
    if values.len() <= index {
        values.resize(index + 1, 0.0);
    }
    value - std::mem::replace(&mut values[index], value)
}

impl Flow {
    /// Busy-server nanoseconds of a station in the row.
    pub fn busy_in_row(&mut self, station: u32) -> f64 {
        let area = self.stations[station as usize].busy_area(self.now);
        grow_by(&mut self.readings.busy, station, area)
    }

    /// Waiting nanoseconds of a station in the row.
    pub fn waiting_in_row(&mut self, station: u32) -> f64 {
        let area = self.stations[station as usize].waiting_area(self.now);
        grow_by(&mut self.readings.waiting, station, area)
    }

    /// Busy-core and job nanoseconds of a processor in the row.
    pub fn processor_in_row(&mut self, processor: u32) -> (f64, f64) {
        let state = &mut self.processors[processor as usize];
        let (busy, jobs) = (state.busy_area(self.now), state.jobs_area(self.now));
        let known = &mut self.readings.processors;
        if known.len() <= processor as usize {
            known.resize(processor as usize + 1, (0.0, 0.0));
        }
        let before = std::mem::replace(&mut known[processor as usize], (busy, jobs));
        (busy - before.0, jobs - before.1)
    }
}
