//! Copies between the replicas of a global table. In: items that are written, and Regions that are lost. Out: items in the other replica, with the units
//! that they take there.

use super::item::{Item, NO_ITEM, Placed};
use super::model::{Tables, Timer};
use super::replica::Copy;
use crate::catalog::zone::Zone;
use crate::flow::{Flow, number};

impl Tables<'_> {
    /// An item was written to a table that is copied.
    pub(super) fn copy(&mut self, table: usize, copy: Copy, flow: &mut Flow) {
        let Some(replica) = &mut self.each[table].replica else { return };
        let to = replica.to;
        replica.write(copy, flow.now);
        let other = &mut self.each[to];
        if copy.item != NO_ITEM && other.replica.as_mut().is_some_and(|it| it.is_overwritten(copy.item)) {
            other.counts.overwritten += 1;
        }
        self.expect(table, flow);
    }

    /// Whether the other replica has a newer version of an item, which is on its way.
    pub(super) fn is_behind(&self, table: usize, item: Item) -> bool {
        let from = self.each[table].replica.as_ref().and_then(|it| self.each[it.to].replica.as_ref());
        item != NO_ITEM && from.is_some_and(|it| it.lacks(item))
    }

    /// The timer of a table is set to the next copy, unless nothing goes.
    fn expect(&mut self, table: usize, flow: &mut Flow) {
        let Some(replica) = &self.each[table].replica else { return };
        let is_lost = replica.lost.is_some() || self.each[replica.to].is_lost;
        if let Some(due) = replica.next().filter(|_| !is_lost) {
            flow.set(Timer::Copied { table: number(table) }, due.max(flow.now));
        }
    }

    /// Copies have come to the other table: they take its units, however many there are.
    pub(super) fn copied(&mut self, table: u16, flow: &mut Flow) {
        let index = usize::from(table);
        let Some(mut replica) = self.each[index].replica.take() else { return };
        let to = replica.to;
        if replica.lost.is_none() && !self.each[to].is_lost {
            let way = self.region_of(index).zip(self.region_of(to));
            while let Some(copy) = replica.come(flow.now) {
                let (settings, there) = (&self.settings[to], &mut self.each[to]);
                let placed = Placed { item: copy.item, bits: copy.bits };
                there.follow(settings, flow.now);
                there.asks(1, copy.halves, &[placed]);
                there.consume(1, copy.halves, placed, flow.now);
                there.store(settings, copy.stored, flow.now);
                there.counts.copies += 1;
                if let Some((from, to)) = way {
                    flow.sends(from, to, copy.bytes.into());
                }
            }
        }
        self.each[index].replica = Some(replica);
        self.expect(index, flow);
    }

    /// A Region is lost, or back.
    pub(super) fn region_changes(&mut self, region: Zone, is_lost: bool, flow: &mut Flow) {
        for it in self.each.iter_mut().filter(|it| it.region == Some(region)) {
            it.is_lost = is_lost;
            match (&mut it.replica, is_lost) {
                (Some(replica), true) => replica.cut_off(flow.now),
                (Some(replica), false) => replica.go_on(flow.now),
                (None, _) => {}
            }
        }
        for table in 0..self.each.len() {
            self.expect(table, flow);
        }
    }
}
