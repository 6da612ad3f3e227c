//! What is read of queues: a row of the timeline when it ends, totals at the end, gauges when a metric asks.
//!
//! In: counters and integrals since the start. Out: what they grew by, as rates and means; values at an instant.

use super::record::{QueueSeries, QueueTotals};
use super::state::Queues;
use crate::flow::Flow;
use crate::flow::fact::Reading;
use crate::flow::mark::Mark;
use crate::id::{self, Gauge, Owner};
use crate::kind::record::Recorded;

impl Queues<'_> {
    /// Reads a row of every queue.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        for (index, (settings, state)) in self.settings.iter().zip(&mut self.each).enumerate() {
            if self.series.len() <= index {
                self.series.push(QueueSeries { name: settings.name.clone(), ..QueueSeries::default() });
            }
            let series = &mut self.series[index];
            let (marks, counts) = (&mut state.marks, &state.counts);
            let mean = |mark: &mut f64, area: f64| (area - std::mem::replace(mark, area)) / span;
            let rate = |mark: &mut Mark, count: u64| mark.grown(count) as f64 * 1e9 / span;
            series.backlog.push(mean(&mut marks.backlog, state.store.backlog.area(flow.now)));
            series.in_flight.push(mean(&mut marks.in_flight, state.store.flying.area(flow.now)));
            // As with full receives.
            let held = mean(&mut marks.working, state.store.working.area(flow.now));
            let beside = mean(&mut marks.held_beside, state.held_beside.area(flow.now));
            let groups = (held - beside - mean(&mut marks.spared, state.spared)).max(0.0);
            series.groups_percent.push(100.0 * groups / state.spread.watched());
            series.oldest_s.push(state.store.largest_age(flow.now) as f64 / 1e9);
            series.sent.push(rate(&mut marks.sent, counts.sent));
            series.deleted.push(rate(&mut marks.deleted, counts.deleted));
            series.dead_lettered.push(rate(&mut marks.dead_lettered, counts.dead_lettered));
            series.expired.push(rate(&mut marks.expired, counts.expired));
            series.failed.push(rate(&mut marks.failed, counts.failed));
            series.cut_off.push(rate(&mut marks.cut_off, counts.cut_off));
            series.taken_over.push(rate(&mut marks.taken_over, counts.taken_over));
            let columns =
                [&mut series.sends_throttled, &mut series.receives_throttled, &mut series.deletes_throttled];
            let mut throttled = 0.0;
            for ((column, count), mark) in columns.into_iter().zip(counts.throttled).zip(&mut marks.throttled)
            {
                column.push(rate(mark, count));
                throttled += column.last().copied().unwrap_or(0.0);
            }
            series.throttled.push(throttled);
            let columns =
                [&mut series.sends_percent, &mut series.receives_percent, &mut series.deletes_percent];
            // A receive that gets nothing is no demand: it is what pollers do when there is time.
            let most = state.limits.most(span / 1e9);
            for ((column, count), mark) in columns.into_iter().zip(counts.calls).zip(&mut marks.calls) {
                // What a row has beyond its limit is the burst that was saved up before.
                let count = mark.grown(count) as f64;
                column.push(most.map_or(0.0, |most| (100.0 * count / most).min(100.0)));
            }
            if let Some(most) = state.limits.most_of_group(span / 1e9)
                && let Some(percent) = series.sends_percent.last_mut()
            {
                let sends = marks.group_sends.grown(counts.group_sends) as f64;
                *percent = (100.0 * sends / (most * state.spread.watched())).min(100.0);
            }
            if state.path.is_some() {
                state.came.push(marks.came.grown(counts.sent + counts.taken_over) as f64);
                state.taken.push(marks.taken.grown(counts.received - counts.again) as f64);
                if settings.calls.is_some() {
                    state.by_calls.push(marks.by_calls.grown(counts.sent_by_calls) as f64);
                }
            }
        }
        let crews = self.crews.iter_mut().map(|crew| {
            let areas = (crew.there.area(flow.now), crew.busy.area(flow.now), crew.spared);
            let before = std::mem::replace(&mut crew.mark, areas);
            let busy = areas.1 - before.1 - (areas.2 - before.2);
            (&crew.queues, areas.0 - before.0, busy.max(0.0))
        });
        for (queues, there, busy) in crews {
            for &queue in queues {
                let series = &mut self.series[usize::from(queue)];
                series.pollers.push(there / span);
                series.pollers_busy_percent.push(if there > 0.0 { 100.0 * busy / there } else { 0.0 });
            }
        }
        for (&queue, polling) in &mut self.sources.polling {
            let (there, busy) = polling.read(flow.now);
            let series = &mut self.series[usize::from(queue)];
            series.pollers.push(there / span);
            series.pollers_busy_percent.push(if there > 0.0 { 100.0 * busy / there } else { 0.0 });
        }
        for series in &mut self.series {
            // A queue without workers.
            series.pollers.resize(series.backlog.len(), 0.0);
            series.pollers_busy_percent.resize(series.backlog.len(), 0.0);
        }
    }

    /// Totals of every queue. Messages that are still there count with the age that they have reached.
    fn totals(&self, flow: &mut Flow) -> Vec<QueueTotals> {
        let totals = self.settings.iter().zip(&self.each).enumerate().map(|(index, (settings, state))| {
            let (counts, store) = (state.counts, &state.store);
            let mut age = state.age.clone();
            let counted = store.sent().filter(|sent| *sent >= self.warmup);
            counted.for_each(|sent| {
                age.record(flow.now - sent);
                flow.recorder.stays.still_there(Owner::Queue(index), flow.now - sent);
            });
            QueueTotals {
                name: settings.name.clone(),
                sent: counts.sent,
                taken_over: counts.taken_over,
                received: counts.received,
                again: counts.again,
                deleted: counts.deleted,
                dead_lettered: counts.dead_lettered,
                expired: counts.expired,
                failed: counts.failed,
                cut_off: counts.cut_off,
                empty: counts.empty,
                over_limit: counts.over_limit,
                throttled: counts.throttled.iter().sum(),
                requests: counts.requests,
                delayed: store.delayed(),
                visible: store.backlog.value,
                in_flight: store.flying.value,
                wait: state.wait.clone(),
                age,
                mean_backlog: store.backlog.area(flow.now) / flow.now.max(1) as f64,
            }
        });
        totals.collect()
    }

    /// Books the requests of a row to the hour in which it began.
    pub(super) fn read_requests(&mut self, flow: &Flow) {
        for queue in &mut self.each {
            queue.requests.read(queue.counts.requests, flow);
        }
        for (count, requests) in &mut self.published {
            requests.read(*count, flow);
        }
    }

    /// What a gauge of a queue shows, or the backlog of a fleet's queues.
    pub(super) fn show(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let backlog = |index: usize| self.each[index].store.backlog.value as f64;
        let workers = |index: usize| self.settings[index].consumer.as_ref().map(|it| it.fleet.index());
        let index = of.index as usize;
        match (of.kind, of.name) {
            (id::Kind::Fleet, "backlog_per_instance") => {
                let own = (0..self.each.len()).filter(|&queue| workers(queue) == Some(index));
                Some(Reading::PerInstance { sum: own.map(backlog).sum(), group: index })
            }
            (id::Kind::Queue, "backlog_per_instance") => {
                Some(Reading::PerInstance { sum: backlog(index), group: workers(index)? })
            }
            (id::Kind::Queue, name) => Some(Reading::Level(match name {
                "age" => age_s(self.each[index].store.oldest(), flow.now),
                "in_flight" => self.each[index].store.flying.value as f64,
                _ => backlog(index),
            })),
            _ => None,
        }
    }
}

impl Recorded for Queues<'_> {
    type Series = QueueSeries;
    type Totals = QueueTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<QueueSeries>, Vec<QueueTotals>) {
        (std::mem::take(&mut self.series), self.totals(flow))
    }
}

/// Seconds since an instant; 0 without one.
fn age_s(since: Option<u64>, now: u64) -> f64 {
    since.map_or(0.0, |since| (now - since) as f64 / 1e9)
}
