//! Requests of balancers that split them, and the instants at which their weights change. In: attempts and timers. Out: the way that each
//! attempt takes, and incidents.

use super::model::{Balancers, Timer};
use crate::flow::Flow;
use crate::flow::attempt::State;
use crate::flow::next::Next;
use crate::id::{self, FleetId};
use crate::measure::resource::Resource;

impl Balancers<'_> {
    /// A request comes to the first of some ways: one of them is drawn, which it comes to at once.
    pub(super) fn split(&mut self, split: u16, tier: u8, id: u32, flow: &mut Flow) -> Next {
        let attempt = &flow.attempts[id];
        // As for the cookies of targets: a caller that is an instance keeps none.
        let is_client = tier == 0 && attempt.state == State::Active;
        let user = Some(attempt.user).filter(|_| is_client);
        let own = &mut self.splits[usize::from(split)];
        let way = own.choose(user, flow.now);
        self.drawn = Some(way);
        if own.is_old(way) {
            let balancer = own.balancer;
            let of_it = self.settings[balancer].splits().find(|it| it.index == split);
            let group = of_it.and_then(|it| it.ways.get(usize::from(way))).map(|way| way.group.index());
            if group.is_some_and(|group| !self.each[group].sends_to_healthy()) {
                flow.note_happened(Resource::OldAddress { balancer }, 1);
            }
        }
        Next::Op
    }

    /// A request comes to a way: it takes it, or goes past it.
    pub(super) fn way(&mut self, way: u8, past: u32) -> Next {
        match self.drawn == Some(way) {
            true => {
                self.drawn = None;
                Next::Op
            }
            false => Next::At(past),
        }
    }

    /// Waits for the changes of weights.
    pub(super) fn begin_shifting(&self, flow: &mut Flow) {
        for split in self.settings.iter().filter(|it| it.group_of.is_none()).flat_map(|it| it.splits()) {
            for (change, (at, _)) in (0..).zip(&split.changes) {
                flow.set(Timer::Shift { split: split.index, change }, at.0);
            }
        }
    }

    /// The weights of a split change.
    pub(super) fn shift(&mut self, split: u16, change: u16, flow: &mut Flow) {
        let splitter = &mut self.splits[usize::from(split)];
        let settings = &self.settings[splitter.balancer];
        let Some(own) = settings.splits().find(|it| it.index == split) else { return };
        let Some((_, weights)) = own.changes.get(usize::from(change)) else { return };
        splitter.change(weights, flow.now);
        let name = |fleet: FleetId| self.fleets[fleet.index()].name.as_str();
        let parts = own.ways.iter().zip(weights).map(|(way, weight)| format!("{} {weight}", name(way.fleet)));
        let text = format!("weights of target groups: {}", parts.collect::<Vec<_>>().join(", "));
        flow.incident(id::Kind::Balancer, &settings.name, text);
    }
}
