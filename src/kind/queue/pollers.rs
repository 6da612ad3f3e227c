//! Workers: pollers on the hosts of a fleet, which receive, work and delete, one message after the other.
//!
//! In: hosts that come into service and leave it. Out: errands on these hosts. A poller is always in one errand, or it
//! pauses. On a leaving host it finishes what it has received; on one that is gone its messages stay in flight until their
//! visibility timeout ends. A message whose work fails is not deleted, and comes back then as well.

use std::collections::VecDeque;

use super::crew::{Doing, Poller};
use super::language::consumer::Consumer;
use super::op::Timer;
use super::sources::is_of_lambda;
use super::state::Queues;
use crate::flow::attempt::Tier;
use crate::flow::fact::Fact;
use crate::flow::host::Lifecycle;
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::kind::Kind;
use crate::measure::resource::Action;

impl Queues<'_> {
    /// A host is in service and its application runs: its pollers begin.
    pub(super) fn start(&mut self, host: u32, flow: &mut Flow) {
        let state = &flow.hosts[host as usize];
        if state.lifecycle != Lifecycle::InService || !state.is_running() || state.stopped {
            return;
        }
        let group = state.group;
        // Those of an application that has ended, or of a host that was cut off, are stopped: it begins with new ones.
        let begun = self.pollers.iter().any(|poller| poller.host == host && poller.doing != Doing::Stopped);
        for crew in 0..self.crews.len() {
            if self.crews[crew].fleet != group || begun {
                continue;
            }
            for _ in 0..self.crews[crew].pollers {
                let poller = number(self.pollers.len());
                self.crews[crew].turns(Doing::Stopped.counts(), Doing::Pausing.counts(), flow.now);
                self.pollers.push(Poller {
                    crew,
                    host,
                    doing: Doing::Pausing,
                    at: 0,
                    // Pollers that begin together ask different queues first.
                    round: poller as usize,
                    batch: VecDeque::new(),
                    finished: Vec::new(),
                    since: flow.now,
                    asked: 0,
                    held_off: false,
                    held_beside: 0,
                });
                flow.set(Timer::Poll { poller }, flow.now);
            }
        }
    }

    /// A host is leaving: its pollers receive no more, and finish what they have. On one that is lost they have ended.
    pub(super) fn stop(&mut self, host: u32, flow: &mut Flow) {
        let mut until = None;
        for index in 0..self.pollers.len() {
            if self.pollers[index].host != host {
                continue;
            }
            match self.pollers[index].doing {
                Doing::Pausing => {
                    flow.cancel(Timer::Poll { poller: number(index) });
                    self.turn(index, Doing::Stopped, flow.now);
                }
                Doing::Stopped => {}
                Doing::Asking | Doing::Waiting | Doing::Working | Doing::Deleting => {
                    let limit = flow.now.saturating_add(self.consumer(index).stop_timeout.0);
                    until = until.max(Some(limit));
                }
            }
        }
        for queue in 0..self.each.len() {
            // A wait for a message is called off.
            let waiters: Vec<u32> = self.each[queue].waiters.iter().map(|&(id, _)| id).collect();
            for id in waiters {
                let is_its = self.poller_of(id, flow).is_some_and(|poller| self.pollers[poller].host == host);
                if is_its {
                    self.each[queue].waiters.retain(|&(waiter, _)| waiter != id);
                    flow.grant(id);
                }
            }
        }
        if let Some(until) = until
            && !flow.hosts[host as usize].is_lost()
        {
            flow.tell(Fact::Working { host, until });
        }
    }

    /// A host is gone, or all but gone, and its pollers with it: nobody works any more on what they have received.
    pub(super) fn end(&mut self, host: u32, flow: &mut Flow) {
        for index in 0..self.pollers.len() {
            if self.pollers[index].host == host && self.pollers[index].doing != Doing::Stopped {
                self.end_poller(index, flow);
            }
        }
    }

    fn end_poller(&mut self, poller: usize, flow: &mut Flow) {
        if self.pollers[poller].doing == Doing::Pausing {
            flow.cancel(Timer::Poll { poller: number(poller) });
        }
        let state = &mut self.pollers[poller];
        let had = state.batch.len() + state.finished.len();
        state.batch.clear();
        state.finished.clear();
        let queue = self.queue_of(poller);
        self.of(queue).counts.cut_off += had as u64;
        self.turn(poller, Doing::Stopped, flow.now);
    }

    /// A poller goes over to another thing.
    fn turn(&mut self, poller: usize, to: Doing, now: u64) {
        let state = &mut self.pollers[poller];
        let was = state.counts();
        state.asked = state.asked_until(now);
        (state.doing, state.held_off, state.since) = (to, false, now);
        self.crews[state.crew].turns(was, state.counts(), now);
        self.recount(poller, now);
    }

    /// A call of an attempt is throttled, or taken at last; if it is that of a poller, that one is idle meanwhile.
    pub(super) fn hold_off(&mut self, id: u32, held_off: bool, flow: &Flow) {
        let Some(poller) = self.poller_of(id, flow) else { return };
        let state = &mut self.pollers[poller];
        let was = state.counts();
        state.asked = state.asked_until(flow.now);
        (state.held_off, state.since) = (held_off, flow.now);
        self.crews[state.crew].turns(was, state.counts(), flow.now);
    }

    /// An attempt waits for a message; if it is a poller, that one is idle.
    pub(super) fn waits(&mut self, id: u32, flow: &Flow) {
        if let Some(poller) = self.poller_of(id, flow) {
            self.turn(poller, Doing::Waiting, flow.now);
        }
    }

    /// An attempt has got messages: if it is a poller that has waited for them, it is idle no more.
    pub(super) fn gets(&mut self, id: u32, flow: &Flow) {
        if let Some(poller) = self.poller_of(id, flow).filter(|&it| self.pollers[it].doing == Doing::Waiting)
        {
            self.turn(poller, Doing::Asking, flow.now);
        }
    }

    /// The poller whose errand an attempt is.
    fn poller_of(&self, id: u32, flow: &Flow) -> Option<usize> {
        let errand = flow.errand(id, Kind::Queue as u8).filter(|poller| !is_of_lambda(*poller))?;
        Some(errand as usize)
    }

    fn begin_round(&mut self, poller: usize) {
        let state = &mut self.pollers[poller];
        (state.at, state.round, state.asked) = (0, state.round.wrapping_add(1), 0);
    }

    pub(super) fn queue_of(&self, poller: usize) -> u16 {
        let Poller { crew, at, round, .. } = self.pollers[poller];
        self.crews[crew].queue_at(at, round)
    }

    fn consumer(&self, poller: usize) -> &Consumer {
        let queue = usize::from(self.queue_of(poller));
        self.settings[queue].consumer.as_ref().expect("a queue with pollers has workers")
    }

    /// A poller asks its queues, beginning with the first.
    pub(super) fn poll(&mut self, poller: u32, flow: &mut Flow) {
        self.begin_round(poller as usize);
        self.ask(poller as usize, flow);
    }

    fn ask(&mut self, poller: usize, flow: &mut Flow) {
        self.set_out(poller, Doing::Asking, flow);
    }

    /// A poller begins an errand.
    fn set_out(&mut self, poller: usize, doing: Doing, flow: &mut Flow) {
        let queue = usize::from(self.queue_of(poller));
        let path = self.each[queue].path.expect("a queue with workers has their path");
        self.turn(poller, doing, flow.now);
        let first = match doing {
            Doing::Working => path.work,
            Doing::Deleting => path.delete,
            _ => path.receive,
        };
        self.each[queue].counts.begun += u64::from(doing == Doing::Working);
        let id = flow.send_errand(Kind::Queue as u8, number(poller), first);
        flow.enter_tier(id, 0, self.pollers[poller].host, Tier::NONE);
        self.number(poller, id, flow);
    }

    /// The work on the k-th message of a queue takes the k-th of values that are replayed.
    fn number(&self, poller: usize, id: u32, flow: &mut Flow) {
        if let Some(first) = self.pollers[poller].batch.front() {
            flow.attempts[id].ordinal = first.ordinal;
        }
    }

    /// Whether an attempt is the errand of a poller whose host is leaving: it receives nothing any more.
    pub(super) fn is_stopping(&self, id: u32, flow: &Flow) -> bool {
        let host = self.poller_of(id, flow).map(|poller| self.pollers[poller].host);
        host.is_some_and(|host| life_of(host, flow) != Lifecycle::InService)
    }

    /// An errand has come back with messages.
    pub(super) fn take(&mut self, id: u32, flow: &mut Flow) {
        let Some(poller) = self.poller_of(id, flow) else { return };
        let hand = std::mem::take(self.hand(id));
        let queue = self.queue_of(poller);
        self.receives(poller, queue, &hand);
        self.pollers[poller].batch.extend(hand);
        self.number(poller, id, flow);
        self.of(queue).counts.begun += 1;
        self.turn(poller, Doing::Working, flow.now);
    }

    /// The work on a message is done: it is deleted now, or with the others.
    pub(super) fn finish(&mut self, id: u32, flow: &mut Flow) -> Next {
        let Some(poller) = self.poller_of(id, flow) else { return Next::Op };
        let together = self.consumer(poller).delete_together;
        let state = &mut self.pollers[poller];
        state.finished.extend(state.batch.pop_front());
        if together && !state.batch.is_empty() {
            self.done(id, flow);
            return Next::Gone;
        }
        self.turn(poller, Doing::Deleting, flow.now);
        Next::Op
    }

    /// What a worker is done with is deleted.
    pub(super) fn remove_finished(&mut self, id: u32, queue: u16, again: u32, flow: &mut Flow) -> Next {
        if let Some(next) = self.throttled(id, queue, (Action::Delete, &[]), again, flow) {
            return next;
        }
        if let Some(poller) = self.poller_of(id, flow) {
            let finished = std::mem::take(&mut self.pollers[poller].finished);
            self.delete(queue, finished, flow);
            self.recount(poller, flow.now);
        }
        Next::Op
    }

    /// An errand ends. The next one is on the host before this one leaves it.
    pub(super) fn done(&mut self, id: u32, flow: &mut Flow) {
        if let Some(poller) = self.poller_of(id, flow) {
            self.go_on(poller, flow);
        }
        if self.came_back(id, flow) {
            return; // it was on no host
        }
        flow.end_errand(id);
    }

    /// An errand has come to nothing.
    pub(super) fn errand_failed(&mut self, id: u32, flow: &mut Flow) {
        let Some(poller) = self.poller_of(id, flow) else { return };
        // Its host has ended: nothing has failed, and nobody deletes what it had.
        if !matches!(life_of(self.pollers[poller].host, flow), Lifecycle::InService | Lifecycle::Terminating)
        {
            return self.end_poller(poller, flow);
        }
        let queue = self.queue_of(poller);
        let fifo = self.settings[usize::from(queue)].fifo;
        let state = &mut self.pollers[poller];
        match state.doing {
            Doing::Working => {
                let failed = state.batch.pop_front();
                if let (true, Some(failed)) = (fifo, failed) {
                    // What follows it in its group must not overtake it.
                    state.batch.retain(|other| other.group != failed.group);
                }
                self.of(queue).counts.failed += 1;
                self.go_on(poller, flow);
            }
            Doing::Deleting => {
                state.finished.clear();
                self.go_on(poller, flow);
            }
            Doing::Asking | Doing::Waiting => self.pause(poller, flow),
            Doing::Pausing | Doing::Stopped => {}
        }
    }

    /// What a poller does next.
    fn go_on(&mut self, poller: usize, flow: &mut Flow) {
        let state = &self.pollers[poller];
        let lifecycle = life_of(state.host, flow);
        let got_nothing = matches!(state.doing, Doing::Asking | Doing::Waiting);
        let (has_more, has_finished) = (!state.batch.is_empty(), !state.finished.is_empty());
        let is_last = state.at + 1 >= self.crews[state.crew].queues.len();
        let waited = self.consumer(poller).wait > 0;
        if got_nothing && is_last {
            self.crews[state.crew].spared += state.asked_until(flow.now) as f64;
        }
        match lifecycle {
            Lifecycle::InService | Lifecycle::Terminating if has_more => {
                self.set_out(poller, Doing::Working, flow);
            }
            Lifecycle::InService | Lifecycle::Terminating if has_finished => {
                self.set_out(poller, Doing::Deleting, flow);
            }
            Lifecycle::InService if got_nothing && !is_last => {
                self.pollers[poller].at += 1;
                self.ask(poller, flow);
            }
            Lifecycle::InService if got_nothing && !waited => self.pause(poller, flow),
            Lifecycle::InService => {
                self.begin_round(poller);
                self.ask(poller, flow);
            }
            _ => self.turn(poller, Doing::Stopped, flow.now),
        }
    }

    fn pause(&mut self, poller: usize, flow: &mut Flow) {
        let state = &self.pollers[poller];
        if life_of(state.host, flow) != Lifecycle::InService {
            self.turn(poller, Doing::Stopped, flow.now);
            return;
        }
        let interval = self.consumer(poller).poll_interval.0;
        self.turn(poller, Doing::Pausing, flow.now);
        flow.set(Timer::Poll { poller: number(poller) }, flow.now.saturating_add(interval));
    }
}

/// Where a host is in its life, for its pollers: one that is lost or cut off, or whose application has ended, is as good as gone; one that
/// drains leaves, whether it ends or becomes another version in place.
fn life_of(host: u32, flow: &Flow) -> Lifecycle {
    let host = &flow.hosts[host as usize];
    match host.lifecycle {
        _ if host.is_lost() || host.stopped || host.down => Lifecycle::Terminated,
        Lifecycle::InService if host.is_draining() => Lifecycle::Terminating,
        lifecycle => lifecycle,
    }
}
