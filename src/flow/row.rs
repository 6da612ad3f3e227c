//! Readings at the end of a row of the timeline.
//!
//! In: integrals of stations and processors. Out: how much they grew in the row, and how busy each member of a
//! resource was.

use super::Flow;
use crate::catalog::zone::Zone;
use crate::measure::load::{Member, Noted};
use crate::measure::lost;
use crate::measure::resource::Resource;

impl Flow {
    /// Busy-server nanoseconds of a station in the row that ends.
    pub fn busy_in_row(&mut self, station: u32) -> f64 {
        let area = self.station(station).busy_area(self.now);
        self.readings.busy(station, area)
    }

    /// Waiting nanoseconds of a station in the row that ends.
    pub fn waiting_in_row(&mut self, station: u32) -> f64 {
        let area = self.station(station).waiting_area(self.now);
        self.readings.waiting(station, area)
    }

    /// Busy-core and job nanoseconds of a processor in the row that ends.
    pub fn processor_in_row(&mut self, processor: u32) -> (f64, f64) {
        let state = &mut self.processors[processor as usize];
        let areas = (state.busy_area(self.now), state.jobs_area(self.now));
        self.readings.processor(processor, areas)
    }

    /// Records that so many of something are lost from now on, with a zone if they are told apart by that.
    pub fn note_lost(&mut self, of: Resource, zone: Option<Zone>, count: u32) {
        let timeline = &mut self.recorder.timeline;
        lost::note(&mut timeline.lost, (of, zone), count, self.now, timeline.time_s.len());
    }

    /// Records that so much of something happens at this instant.
    pub fn note_happened(&mut self, of: Resource, count: u32) {
        let timeline = &mut self.recorder.timeline;
        lost::happens(&mut timeline.lost, of, count, timeline.time_s.len());
    }

    /// Records that so much of something has happened in the row that ends.
    pub fn note_happened_in_row(&mut self, of: Resource, count: u32) {
        let timeline = &mut self.recorder.timeline;
        lost::happened(&mut timeline.lost, of, count, timeline.time_s.len());
    }

    /// Records how busy members of a resource were in the row.
    pub fn note_members(&mut self, of: Resource, members: impl Iterator<Item = Noted>) {
        let stretch = self.readings.stretch;
        let Some(series) = self.recorder.timeline.loads.iter_mut().find(|series| series.of == of) else {
            return;
        };
        for noted in members {
            let number = noted.part.number();
            let at = match series.members.binary_search_by_key(&number, |member| member.part.number()) {
                Ok(at) => at,
                Err(at) => {
                    series.members.insert(at, Member::of(&noted));
                    at
                }
            };
            series.members[at].add(stretch, noted.spent);
        }
    }
}
