//! Queues and topics in several Regions: what is lost with one, and copies from one to the other.
//!
//! In: Regions that are lost and back, and what is published. Out: calls that wait at a lost queue and hear nothing, messages that are there again,
//! copies that come later. Whether a call comes to a queue at all is said before its step.

use super::copies::Copy;
use super::op::Timer;
use super::state::{Queues, index};
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::flow::{Flow, number};
use crate::id::Kind;
use crate::kind::part::Plan;
use crate::kind::topic::language::Topic;

/// A topic of the run.
#[derive(Debug)]
pub struct Publisher {
    /// The Region that it may be lost with, and whether it is.
    region: Option<Zone>,
    is_lost: bool,
    /// The way to each of its queues that is in another Region.
    ways: Vec<Option<(Region, Region)>>,
}

impl Publisher {
    /// Of every topic of a file.
    pub(super) fn all(plan: &Plan<'_>) -> Vec<Publisher> {
        let home = Region::of(plan.region);
        let of = |(at, topic): (usize, &Topic)| {
            let way = |queue: usize| {
                let there = plan.kinds.region((Kind::Queue, queue));
                let pair = topic.region.or(home).zip(there.or(home));
                pair.filter(|(from, to)| from != to)
            };
            Publisher {
                region: plan.kinds.lost_with((Kind::Topic, at)),
                is_lost: false,
                ways: topic.queues.iter().map(|queue| way(queue.index())).collect(),
            }
        };
        plan.kinds.topics.iter().enumerate().map(of).collect()
    }
}

impl Queues<'_> {
    /// Messages of a topic are copied to the queue at a place of its list.
    pub(super) fn copy(&mut self, topic: u16, place: usize, groups: &[u32], flow: &mut Flow) {
        let queue = index(self.topics[usize::from(topic)].queues[place]);
        match self.publishers[usize::from(topic)].ways[place] {
            None if self.topics[usize::from(topic)].bus.is_some() => {
                for group in groups {
                    let Some(due) = self.delivery(topic, flow.now) else { return };
                    let copy = Copy { due, published: flow.now, topic, groups: vec![*group] };
                    self.of(queue).copies.send(copy);
                }
                self.expect(queue, flow);
            }
            None => self.put(queue, groups, flow),
            Some((from, to)) => {
                let due = flow.now.saturating_add(from.round_trip(to).0 / 2);
                self.of(queue).copies.send(Copy { due, published: flow.now, topic, groups: groups.to_vec() });
                self.expect(queue, flow);
            }
        }
    }

    /// Copies have come to a queue.
    pub(super) fn copied(&mut self, queue: u16, flow: &mut Flow) {
        while let Some(copy) = self.of(queue).copies.come(flow.now) {
            match self.of(queue).is_lost {
                true => self.of(queue).copies.hold(copy),
                false => {
                    let size = self.settings[usize::from(queue)].message_size.0;
                    if let Some((from, to)) = self.way(copy.topic, queue) {
                        flow.sends(from, to, size * copy.groups.len() as u64);
                    }
                    self.put(queue, &copy.groups, flow);
                }
            }
        }
        self.expect(queue, flow);
    }

    /// The timer of a queue is set to the next copies.
    fn expect(&mut self, queue: u16, flow: &mut Flow) {
        if let Some(due) = self.of(queue).copies.next() {
            flow.set(Timer::Copied { queue }, due);
        }
    }

    /// A Region is lost: nobody who waits for a message there gets one.
    pub(super) fn region_lost(&mut self, region: Zone, strike: u32, flow: &mut Flow) {
        self.publishers.iter_mut().filter(|it| it.region == Some(region)).for_each(|it| it.is_lost = true);
        for queue in self.each.iter_mut().filter(|it| it.region == Some(region)) {
            queue.is_lost = true;
            queue.waiters.drain(..).for_each(|(id, _)| flow.meets(id, strike));
        }
        for queue in 0..self.each.len() {
            if self.each[queue].region == Some(region) {
                self.forget_pollers(number(queue), flow.now);
            }
        }
    }

    /// It is back, with all messages.
    pub(super) fn region_back(&mut self, region: Zone, flow: &mut Flow) {
        self.publishers.iter_mut().filter(|it| it.region == Some(region)).for_each(|it| it.is_lost = false);
        for queue in 0..self.each.len() {
            let state = &mut self.each[queue];
            if state.region == Some(region) {
                state.is_lost = false;
                self.settle(number(queue), flow);
            }
            let state = &mut self.each[queue];
            if !state.is_lost {
                let mut copies = std::mem::take(&mut state.copies);
                let is_there = |topic: u16| !self.publishers[usize::from(topic)].is_lost;
                let way = |topic: u16| {
                    self.way(topic, number(queue)).map_or(0, |(from, to)| from.round_trip(to).0 / 2)
                };
                copies.try_again(flow.now, is_there, way);
                self.of(number(queue)).copies = copies;
                self.expect(number(queue), flow);
            }
        }
    }

    /// The way from a topic to one of its queues in another Region.
    fn way(&self, topic: u16, queue: u16) -> Option<(Region, Region)> {
        let topic = usize::from(topic);
        let place = self.topics[topic].queues.iter().position(|it| index(*it) == queue)?;
        self.publishers[topic].ways[place]
    }

    /// Messages go from a queue to the host that has received them, which may be in another Region.
    pub(super) fn carry(&self, id: u32, queue: u16, bytes: u64, flow: &mut Flow) {
        let depth = flow.attempts[id].depth;
        let Some(tier) = depth.checked_sub(1) else { return };
        let host = flow.attempts.tier(id, tier).instance;
        let there = flow.hosts[host as usize].place.zone.region();
        let here = self.settings[usize::from(queue)].region;
        if here != there
            && let Some((from, to)) = here.or(self.home).zip(there.or(self.home))
        {
            flow.sends(from, to, bytes);
        }
    }
}
