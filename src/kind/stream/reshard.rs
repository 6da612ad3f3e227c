//! Other shards: an update of their number, or capacity that follows the traffic. In: how many. Out: shards that take over from others.
//!
//! A record is read only after all records of the shards before its own: a consumer begins with a shard when it has come to the end of those that had its hashes.

use super::key::parents;
use super::language::capacity::Capacity;
use super::op::Timer;
use super::reader::{Lane, Reader};
use super::shard::Shard;
use super::state::Streams;
use crate::engine::bucket::Bucket;
use crate::flow::{Flow, number};

impl Streams<'_> {
    /// The shards of the start, and the updates that will come.
    pub(super) fn open_all(&mut self, flow: &mut Flow) {
        for index in 0..self.settings.len() {
            let settings = &self.settings[index];
            let stream: u16 = number(index);
            self.open(stream, settings.capacity.first(settings.shard), flow);
            self.each[index].counts.reshards = 0;
            if let Capacity::Provisioned(it) = &settings.capacity {
                for (update, it) in it.updates.iter().enumerate() {
                    if it.done.0 < flow.end {
                        flow.set(Timer::Reshard { stream, update: number(update) }, it.done.0);
                    }
                }
            }
        }
    }

    /// An update is done.
    pub(super) fn updated(&mut self, stream: u16, update: u16, flow: &mut Flow) {
        if let Capacity::Provisioned(it) = &self.settings[usize::from(stream)].capacity
            && let Some(update) = it.updates.get(usize::from(update))
        {
            self.open(stream, update.shards, flow);
        }
    }

    /// On-demand capacity follows the traffic as far as it has until now.
    pub(super) fn follow(&mut self, stream: u16, flow: &mut Flow) {
        while let Some(growth) = &mut self.each[usize::from(stream)].growth
            && let Some((_, shards)) = growth.next(flow.now)
        {
            self.open(stream, shards, flow);
        }
    }

    /// So many shards take over from those that there are.
    fn open(&mut self, stream: u16, shards: u32, flow: &mut Flow) {
        let index = usize::from(stream);
        let settings = &self.settings[index];
        let old = std::mem::take(&mut self.each[index].open);
        let first: u32 = number(self.shards.len());
        for place in 0..shards as usize {
            let shard: u32 = number(self.shards.len());
            let before = if old.is_empty() { 0..0 } else { parents(place, shards as usize, old.len()) };
            self.shards.push(Shard::new(&settings.shard));
            for consumer in 0..settings.consumers() {
                self.add_reader(stream, consumer, shard, before.len());
            }
            old[before].iter().for_each(|parent| self.shards[*parent as usize].children.push(shard));
        }
        let it = &mut self.each[index];
        it.open = (first..first + shards).collect();
        it.shards.extend(first..first + shards);
        it.there.set(shards, flow.now);
        it.counts.reshards += 1;
        if old.is_empty() {
            return self.begin_reads(stream, flow);
        }
        for shard in old {
            self.shards[shard as usize].open = false;
            for place in 0..self.shards[shard as usize].readers.len() {
                let reader = self.shards[shard as usize].readers[place];
                self.plan(reader, flow);
            }
        }
    }

    fn add_reader(&mut self, stream: u16, consumer: u32, shard: u32, parents: usize) {
        let settings = &self.settings[usize::from(stream)];
        let reader: u32 = number(self.readers.len());
        let source = settings.source.as_ref().filter(|_| consumer == 0);
        let fan_out = match source {
            Some(source) => source.fan_out,
            None => settings.readers.is_some_and(|it| it.fan_out),
        };
        let first: u32 = number(self.lanes.len());
        let lanes = first..first + source.map_or(0, |source| source.factor);
        self.lanes.extend(lanes.clone().map(|_| Lane { reader, ..Lane::default() }));
        self.readers.push(Reader {
            stream,
            consumer,
            shard,
            next: 0,
            lanes,
            buffered: 0,
            behind: false,
            throttled: false,
            last: None,
            due: u64::MAX,
            parents,
            is_done: false,
            own: fan_out.then(|| Bucket::new(settings.shard.read, settings.shard.read.max(1.0))),
            pushed: 0,
            busy: Default::default(),
        });
        self.shards[shard as usize].readers.push(reader);
        self.each[usize::from(stream)].readers.push(reader);
    }

    /// The consumers of the start begin to read. Their reads are spread over their interval: those of one shard after those of the one before.
    fn begin_reads(&mut self, stream: u16, flow: &mut Flow) {
        let index = usize::from(stream);
        let settings = &self.settings[index];
        let (count, consumers) = (self.each[index].open.len() as u128, u128::from(settings.consumers()));
        for reader in self.each[index].readers.clone() {
            let own = &mut self.readers[reader as usize];
            if own.own.is_some() {
                continue; // what is put is pushed
            }
            let interval = match (&settings.source, settings.readers) {
                (Some(source), _) if !own.lanes.is_empty() => source.poll_interval.0,
                (_, Some(readers)) => readers.interval.0,
                _ => continue,
            };
            // Each shard has its consumers one after the other.
            let place = self.each[index].open.iter().position(|it| *it == own.shard).unwrap_or(0) as u128;
            let place = place * consumers + u128::from(own.consumer);
            own.due = (u128::from(interval) * place / (count * consumers).max(1)) as u64;
            flow.set(Timer::Read { reader }, own.due);
        }
    }

    /// A consumer has come to the end of a shard: it goes on with those after it of which that was the last one before.
    pub(super) fn finish(&mut self, reader: u32, flow: &mut Flow) {
        let own = &mut self.readers[reader as usize];
        own.is_done = true;
        let (consumer, shard) = (own.consumer, own.shard);
        self.trim(shard);
        for place in 0..self.shards[shard as usize].children.len() {
            let child = self.shards[shard as usize].children[place];
            let next = self.shards[child as usize].readers.iter().copied();
            let Some(next) = next.into_iter().find(|it| self.readers[*it as usize].consumer == consumer)
            else {
                continue;
            };
            self.readers[next as usize].parents -= 1;
            if self.readers[next as usize].parents == 0 {
                self.plan(next, flow);
            }
        }
    }
}
