//! What becomes of a request at a table. In: attempts that come to one. Out: units that are taken, requests that are tried again or fail, items that are
//! written.

use rand::Rng;

use super::deed::Deed;
use super::item::{ANY, Asking, NO_ITEM, Placed, name_of};
use super::model::{Tables, Timer};
use super::replica::Copy;
use super::state::Throttle;
use crate::flow::keys::Keys;
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::measure::stage::Cause;

impl Tables<'_> {
    /// A request is about to go to a table.
    pub(super) fn begin(&mut self, id: u32, table: u16, (keys, slot): (u16, u8), items: u8, flow: &Flow) {
        let placed = self.place(table, keys, (keys != ANY).then(|| flow.attempts.key(id, slot)));
        *self.asking.of_mut(id) = Asking { placed, tries: 0 };
        if items > 1 {
            let more = (1..items).map(|_| {
                let key = self.further(table, keys);
                self.place(table, keys, key)
            });
            let all = std::iter::once(placed).chain(more.collect::<Vec<_>>()).collect();
            self.transactions.insert(id, all);
        }
    }

    /// Where an item is.
    fn place(&mut self, table: u16, keys: u16, key: Option<u32>) -> Placed {
        match key {
            Some(key) => Placed::of_key(keys, key),
            None => Placed::any(self.each[usize::from(table)].chance.next_u64()),
        }
    }

    /// The key of a further item of a transaction.
    fn further(&mut self, table: u16, keys: u16) -> Option<u32> {
        let space = self.key_spaces.get(usize::from(keys))?;
        let name = &self.settings[usize::from(table)].name;
        let seed = self.seed;
        let draw = self
            .further
            .entry((table, keys))
            .or_insert_with(|| Keys::new(&name_of(name, space), space.count, space.zipf, seed));
        Some(draw.draw(|_| {}))
    }

    /// The items of a request.
    fn items<'a>(asking: &'a Asking, all: Option<&'a Vec<Placed>>) -> &'a [Placed] {
        all.map_or(std::slice::from_ref(&asking.placed), Vec::as_slice)
    }

    /// The table takes a request, or throttles it: then it goes on at `again`, or fails.
    pub(super) fn ask(
        &mut self,
        id: u32,
        (table, deed): (u16, Deed),
        (halves, items): (u32, u8),
        again: u32,
        flow: &mut Flow,
    ) -> Next {
        let index = usize::from(table);
        let settings = &self.settings[index];
        let row = self.asking.of_mut(id);
        row.tries += 1;
        let asking = *row;
        let all = (items > 1).then(|| self.transactions.get(&id)).flatten();
        let items = Tables::items(&asking, all);
        let (sort, now) = (deed.sort(), flow.now);
        let it = &mut self.each[index];
        it.follow(settings, now);
        if asking.tries == 1 {
            it.asks(sort, halves, items);
        }
        let throttle = match it.take(sort, halves, items, now) {
            Ok(()) => {
                it.counts.taken[sort] += 1;
                if deed.reads() && self.is_behind(index, asking.placed.item) {
                    self.each[index].counts.behind += 1;
                }
                return Next::Op;
            }
            Err(throttle) => throttle,
        };
        match throttle {
            Throttle::Table => it.counts.throttled_by_table[sort] += 1,
            Throttle::Partition(partition) => {
                it.counts.throttled_by_partition[sort] += 1;
                let can_split = it.partitions.can_split(partition);
                if let Some(split) = settings.split.filter(|_| can_split)
                    && it.partitions.each[partition].throttled(now)
                {
                    let end = now.saturating_add(split.window.min(split.after).0);
                    flow.set(Timer::Window { table, partition: number(partition) }, end);
                }
            }
        }
        if asking.tries <= settings.retries.max {
            return Next::At(again);
        }
        it.counts.given_up += 1;
        self.transactions.remove(&id);
        Next::Fail(Cause::ThroughputExceeded)
    }

    /// The SDK pauses before it tries again.
    pub(super) fn pause(&mut self, id: u32, table: u16, flow: &mut Flow) -> Next {
        let index = usize::from(table);
        let retry = self.asking.of(id).tries.saturating_sub(1).min(u8::MAX.into()) as u8;
        let it = &mut self.each[index];
        let pause = self.settings[index].retries.pause(retry, &mut it.jitter);
        it.counts.paused = it.counts.paused.saturating_add(pause);
        flow.pass(pause, id)
    }

    /// A partition that goes on throttling splits, and is looked at no longer: one that throttles more will be.
    pub(super) fn window_ends(&mut self, table: u16, partition: u32, flow: &mut Flow) {
        let Some(split) = self.settings[usize::from(table)].split else { return };
        let all = &mut self.each[usize::from(table)].partitions;
        let place = partition as usize;
        let Some(heat) = &mut all.each[place].heat else { return };
        let end = heat.since.saturating_add(split.after.0);
        if heat.goes_on && flow.now < end {
            heat.next_window();
            let next = flow.now.saturating_add(split.window.0).min(end);
            flow.set(Timer::Window { table, partition }, next);
            return;
        }
        let (goes_on, hottest) = (heat.goes_on, heat.hottest());
        all.each[place].heat = None;
        match hottest {
            _ if !goes_on => {}
            Some(item) => all.isolate(item, place),
            None => all.split(place),
        }
    }

    /// A request is done.
    pub(super) fn done(
        &mut self,
        id: u32,
        (table, deed): (u16, Deed),
        (halves, size): (u32, u32),
        flow: &mut Flow,
    ) {
        let index = usize::from(table);
        let all = self.transactions.remove(&id);
        if deed.reads() {
            return;
        }
        let asking = self.asking.of(id);
        for placed in Tables::items(&asking, all.as_ref()) {
            // Items of a population are there all the time.
            let stored = match deed {
                Deed::Put if placed.item == NO_ITEM => i64::from(size),
                Deed::Delete if placed.item == NO_ITEM => -i64::from(size),
                _ => 0,
            };
            self.each[index].store(&self.settings[index], stored, flow.now);
            let copy = Copy { halves, bytes: size, stored, item: placed.item, bits: placed.bits };
            self.copy(index, copy, flow);
        }
    }

    /// A request for an item asks DAX first: whether it has it.
    pub(super) fn is_hit(&mut self, id: u32, table: u16, (keys, slot): (u16, u8), flow: &Flow) -> bool {
        let it = &mut self.each[usize::from(table)];
        let item = Placed::of_key(keys, flow.attempts.key(id, slot)).item;
        it.dax.as_mut().is_some_and(|dax| dax.look_up(item, flow.now, &mut it.counts))
    }

    /// DAX has an item that was read or written through it.
    pub(super) fn keep(&mut self, id: u32, (table, deed): (u16, Deed), flow: &Flow) {
        let item = self.asking.of(id).placed.item;
        let it = &mut self.each[usize::from(table)];
        let Some(dax) = &mut it.dax else { return };
        match deed {
            Deed::Delete => dax.drop(item),
            _ => dax.keep(item, flow.now, &mut it.counts),
        }
    }
}
