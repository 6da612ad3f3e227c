//! What is read of waiting rooms: a row of the timeline when it ends, totals at the end.
//!
//! In: counters and integrals since the start. Out: what they grew by, as rates and shares.

use super::model::WaitingRooms;
use super::record::{WaitingRoomSeries, WaitingRoomTotals};
use super::state::Room;
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::units::Time;

impl WaitingRooms<'_> {
    /// Reads a row of every room.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        for (index, room) in self.each.iter_mut().enumerate() {
            if self.series.len() <= index {
                let name = room.settings.name.clone();
                self.series.push(WaitingRoomSeries { name, ..WaitingRoomSeries::default() });
            }
            read(room, &mut self.series[index], span, flow);
        }
    }
}

fn read(room: &mut Room, series: &mut WaitingRoomSeries, span: f64, flow: &Flow) {
    let areas = room.areas(flow.now);
    let before = std::mem::replace(&mut room.areas_in_row, areas);
    let [let_in, left] = [room.counted.let_in(), room.counted.left];
    let (let_in, left) = (room.marks[0].grown(let_in), room.marks[1].grown(left));
    let rate = room.settings.rate.as_ref();
    let allowed = rate.map(|rate| rate.between(Time(flow.readings.row_start), Time(flow.now)));
    series.waiting.push((areas[0] - before[0]) / span);
    series.let_in.push(let_in as f64 * 1e9 / span);
    series.left.push(left as f64 * 1e9 / span);
    series.inside.push(room.sessions.inside(flow.now) as f64);
    // The first one of a row may be that of the one before by a part.
    let busy = allowed.filter(|allowed| *allowed > 0.0).map(|allowed| let_in as f64 / allowed);
    series.busy_percent.push(busy.map_or(0.0, |busy| (100.0 * busy).min(100.0)));
    series.held_percent.push(100.0 * (areas[1] - before[1]) / span);
}

impl Recorded for WaitingRooms<'_> {
    type Series = WaitingRoomSeries;
    type Totals = WaitingRoomTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<WaitingRoomSeries>, Vec<WaitingRoomTotals>) {
        let totals = self.each.iter().map(|room| {
            let polls = room.settings.poll.map_or(0.0, |poll| room.areas(flow.now)[0] / poll.0.max(1) as f64);
            WaitingRoomTotals { waiting: room.line.len() as u64, polls, ..room.counted.clone() }
        });
        let totals = totals.collect();
        (std::mem::take(&mut self.series), totals)
    }
}
