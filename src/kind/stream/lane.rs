//! Batches and their invocations. In: records in lanes, functions that end or fail. Out: errands, each of which invokes a function with a batch.

use super::batch::Batch;
use super::op::Timer;
use super::state::Streams;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::kind::Kind;
use crate::measure::stage::Cause;

/// Pause after the first failed try of a batch, and the longest; it doubles in between, nanoseconds. Assumption: as Lambda says it of events, from 1 s up to 5 minutes;
/// AWS says no more of batches than that they are tried again.
const PAUSE: u64 = 1_000_000_000;
const LONGEST: u64 = 300_000_000_000;

impl Streams<'_> {
    /// The idle lanes of a consumer make batches of what they have.
    pub(super) fn make_batches(&mut self, reader: u32, flow: &mut Flow) {
        for lane in self.readers[reader as usize].lanes.clone() {
            self.make_batch(lane, flow);
        }
    }

    /// A lane makes a batch if it is idle: of a full one at once, else when the window is over.
    pub(super) fn make_batch(&mut self, lane: u32, flow: &mut Flow) {
        self.forget_in_queue(lane, flow.now);
        let own = &mut self.lanes[lane as usize];
        if own.batch.is_some() || own.queue.is_empty() {
            return;
        }
        let reader = &mut self.readers[own.reader as usize];
        let stream = usize::from(reader.stream);
        let Some(source) = &self.settings[stream].source else { return };
        let batch = source.batch as usize;
        let due = own.since.saturating_add(source.window.0);
        if !own.is_full(batch) && flow.now < due {
            return flow.set(Timer::Window { lane }, due);
        }
        let records = own.take(batch);
        reader.buffered -= records.len();
        own.since = flow.now;
        let it = &mut self.each[stream];
        it.counts.batches += 1;
        own.batch = Some(Batch::new(records));
        own.busy.step(true, flow.now);
        reader.busy.step(true, flow.now);
        it.busy.step(true, flow.now);
        self.invoke(lane, flow);
    }

    /// The function is invoked with the part of a batch that comes next. The age of its last record counts each time, whatever comes of it.
    fn invoke(&mut self, lane: u32, flow: &mut Flow) {
        let own = &self.lanes[lane as usize];
        let it = &mut self.each[usize::from(self.readers[own.reader as usize].stream)];
        if it.is_lost {
            return flow.set(Timer::Retry { lane }, flow.now.saturating_add(PAUSE));
        }
        if let Some(last) = own.batch.as_ref().and_then(Batch::last) {
            let age = flow.now - last.at;
            it.oldest = it.oldest.max(age);
            if last.at >= self.warmup {
                it.age.record(age);
            }
        }
        if let Some(path) = it.path {
            flow.send_errand(Kind::Stream as u8, lane, path);
        }
    }

    /// The lane whose batch an errand has.
    fn lane_of(&self, id: u32, flow: &Flow) -> Option<u32> {
        flow.errand(id, Kind::Stream as u8)
    }

    /// The function has the batch.
    pub(super) fn take(&mut self, id: u32, flow: &Flow) {
        if let Some(batch) = self.lane_of(id, flow).and_then(|lane| self.lanes[lane as usize].batch.as_mut())
        {
            batch.begin();
        }
    }

    /// It has come to the end of a record.
    pub(super) fn each(&mut self, id: u32, first: u32, flow: &Flow) -> Next {
        let batch = self.lane_of(id, flow).and_then(|lane| self.lanes[lane as usize].batch.as_mut());
        match batch.map(Batch::next) {
            Some(None) => Next::Fail(Cause::InternalError),
            Some(Some(true)) => Next::At(first),
            _ => Next::Op,
        }
    }

    /// The function has answered: the part of the batch is done.
    pub(super) fn done(&mut self, id: u32, flow: &mut Flow) {
        let lane = self.lane_of(id, flow);
        flow.attempts.release(id);
        let Some(lane) = lane else { return };
        let own = &mut self.lanes[lane as usize];
        let stream = usize::from(self.readers[own.reader as usize].stream);
        if let Some(batch) = &mut own.batch {
            self.each[stream].counts.worked += batch.succeed() as u64;
        }
        self.go_on(lane, flow);
    }

    /// An errand has come to nothing: the batch is tried again, later or in parts, or given up.
    pub(super) fn failed(&mut self, id: u32, flow: &mut Flow) {
        let Some(lane) = self.lane_of(id, flow) else { return };
        let own = &mut self.lanes[lane as usize];
        let stream = usize::from(self.readers[own.reader as usize].stream);
        let counts = &mut self.each[stream].counts;
        let (Some(batch), Some(source)) = (&mut own.batch, &self.settings[stream].source) else { return };
        if !batch.begun {
            // The function did not take it: that is no try of the batch.
            counts.held_off += 1;
            return flow.set(Timer::Retry { lane }, flow.now.saturating_add(PAUSE));
        }
        counts.failed += 1;
        let part = batch.part();
        let failure = batch.fail(source);
        counts.worked += failure.worked as u64;
        counts.discarded += failure.discarded as u64;
        counts.again += (part - failure.worked - failure.discarded) as u64;
        if batch.is_empty() {
            return self.go_on(lane, flow);
        }
        let pause = match failure.tries {
            0 => 0,
            tries => PAUSE.saturating_mul(1 << (tries - 1).min(62)).min(LONGEST),
        };
        flow.set(Timer::Retry { lane }, flow.now.saturating_add(pause));
    }

    /// A batch is tried again: without what has become too old meanwhile.
    pub(super) fn retry(&mut self, lane: u32, flow: &mut Flow) {
        let limits = self.oldest_kept(lane, flow.now);
        let own = &mut self.lanes[lane as usize];
        let stream = usize::from(self.readers[own.reader as usize].stream);
        let counts = &mut self.each[stream].counts;
        let Some(batch) = &mut own.batch else { return };
        let (kept, tried) = limits;
        counts.expired += kept.map_or(0, |until| batch.expire(until)) as u64;
        counts.discarded += tried.map_or(0, |until| batch.expire(until)) as u64;
        self.go_on(lane, flow);
    }

    /// Until when records were put that are kept no longer, and that are not tried any more; nothing where none can be.
    fn oldest_kept(&self, lane: u32, now: u64) -> (Option<u64>, Option<u64>) {
        let stream = usize::from(self.readers[self.lanes[lane as usize].reader as usize].stream);
        let settings = &self.settings[stream];
        let age = settings.source.as_ref().and_then(|source| source.age);
        (now.checked_sub(settings.retention.0), age.and_then(|age| now.checked_sub(age.0)))
    }

    /// Records that wait for a batch and are too old leave.
    fn forget_in_queue(&mut self, lane: u32, now: u64) {
        let (kept, tried) = self.oldest_kept(lane, now);
        let own = &mut self.lanes[lane as usize];
        let reader = &mut self.readers[own.reader as usize];
        let counts = &mut self.each[usize::from(reader.stream)].counts;
        let expired = kept.map_or(0, |until| own.expire(until));
        let discarded = tried.map_or(0, |until| own.expire(until));
        reader.buffered -= expired + discarded;
        counts.expired += expired as u64;
        counts.discarded += discarded as u64;
    }

    /// What a lane does next.
    fn go_on(&mut self, lane: u32, flow: &mut Flow) {
        let own = &mut self.lanes[lane as usize];
        if own.batch.as_ref().is_some_and(|batch| !batch.is_empty()) {
            return self.invoke(lane, flow);
        }
        own.batch = None;
        own.busy.step(false, flow.now);
        let reader = own.reader;
        let busy = &mut self.readers[reader as usize];
        busy.busy.step(false, flow.now);
        self.each[usize::from(busy.stream)].busy.step(false, flow.now);
        self.make_batch(lane, flow);
        self.plan(reader, flow);
    }
}
