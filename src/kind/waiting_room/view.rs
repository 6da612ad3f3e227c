//! What a waiting room shows of a run: whom it keeps waiting. In: its settings and rows. Out: what can run out, and its words.

use super::label;
use super::record::WaitingRoomSeries;
use super::{WaitingRooms, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::number;
use crate::units::Time;

impl View<All> for WaitingRooms<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let rooms = scene.timeline.waiting_rooms.iter().enumerate();
        let watched = rooms.map(|(waiting_room, series)| {
            Watched::busy(Resource::Room { waiting_room }, busy(series), &series.waiting)
        });
        watched.collect()
    }

    /// Only a rate says how many more there may be.
    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let rooms = scene.timeline.waiting_rooms.iter().enumerate();
        let capacities = rooms.filter_map(|(waiting_room, series)| {
            let rate = scene.waiting_rooms.get(waiting_room)?.rate.as_ref()?;
            let of = Resource::Room { waiting_room };
            let name = Self::name(scene, of)?;
            let constant = Capacity::constant(of, name, StageKind::WaitingRoom, &series.busy_percent);
            let most = rate.most().max(f64::MIN_POSITIVE);
            let there = (0..scene.timeline.time_s.len()).map(|row| {
                let [from, to] = [row, row + 1].map(|row| Time::from_secs_f64(scene.time_s(row)));
                rate.between(from, to) / (most * scene.row_s(row)).max(f64::MIN_POSITIVE)
            });
            Some(Capacity {
                there: there.collect(),
                waiting: Some(series.waiting.as_slice().into()),
                ..constant
            })
        });
        capacities.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let Resource::Room { waiting_room } = of else { return None };
        let name = scene.waiting_rooms.get(waiting_room).map_or("", |room| room.name.as_str());
        Some(label::ROOM.quoted(&[name]))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::Room { waiting_room } = about.resource.of else { return None };
        let left = about.scene.timeline.waiting_rooms.get(waiting_room);
        let left = left.map_or(0.0, |series| peak(&series.left, about.rows));
        let gave_up =
            if left > 0.0 { format!("up to {} a second gave up", number(left)) } else { String::new() };
        Some(with(format!("{} held visitors back", about.name), &[about.waiting.into(), gave_up]))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Percent of what it may let in, and all of it while somebody waits: an alarm, its opening or who is inside can hold it as well.
fn busy(series: &WaitingRoomSeries) -> Vec<f64> {
    series.busy_percent.iter().zip(&series.held_percent).map(|(busy, held)| busy.max(*held)).collect()
}
