//! Calls with a policy: tries, retries, and the verdict for the caller.
//!
//! In: attempts that come to a step with a policy. Out: for each try an attempt of its own, which walks the step. The caller waits,
//! with all that it holds, until one is answered, or the policy gives up. A try that is given up goes on without its caller, or is
//! cancelled.

use super::caller::Caller;
use super::language::Resilience;
use super::record::{ResilienceSeries, ResilienceTotals};
use super::tries::Tries;
use crate::flow::claims::Waiting;
use crate::flow::deadline::Deadline;
use crate::flow::fact::{Fact, Sign};
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::NoTimer;
use crate::flow::{Flow, NONE};
use crate::id;
use crate::kind::Kind;
use crate::kind::part::{Part, Plan};
use crate::kind::policy::Policy;
use crate::measure::stage::Cause;
use crate::rng::{Stream, stream};

const OWNER: u8 = Kind::Resilience as u8;

/// All policies.
#[derive(Debug)]
pub struct Resiliences<'s> {
    pub(super) settings: &'s [Resilience],
    pub(super) each: Vec<State>,
    /// What each attempt that calls waits for.
    tries: PerAttempt<Tries>,
    /// Rows so far.
    pub(super) series: Vec<ResilienceSeries>,
}

/// One policy.
#[derive(Debug)]
pub(super) struct State {
    /// Each instance that has called, by its number.
    callers: Vec<Option<Caller>>,
    jitter: Stream,
    /// What has happened so far.
    pub(super) counted: ResilienceTotals,
    pub(super) marks: Marks,
    /// Instances whose breaker is not closed.
    pub(super) open: u32,
}

/// Counters at the end of the last row.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) tries: Mark,
    pub(super) timeouts: Mark,
    pub(super) failures: Mark,
    pub(super) refused: Mark,
}

/// Steps of a call.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Send a try, which begins at `first`, and wait for its answer; the caller goes on at `then`.
    Begin { policy: u16, cancels: bool, first: u32, then: u32 },
    /// A try has come through.
    Answered,
    /// The caller goes on, or fails.
    Verdict { policy: u16 },
}

/// Policies have no control timers: their deadlines are limits of waits.
pub type Timer = NoTimer<OWNER>;

impl<'s> Part<'s> for Resiliences<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.resiliences;
        let state = |own: &Resilience| State {
            callers: Vec::new(),
            jitter: stream(plan.seed, &format!("resilience.{}/jitter", own.name)),
            counted: ResilienceTotals { name: own.name.clone(), ..ResilienceTotals::default() },
            marks: Marks::default(),
            open: 0,
        };
        let each = settings.iter().map(state).collect();
        Resiliences { settings, each, tries: PerAttempt::new(Tries::NONE), series: Vec::new() }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Begin { policy, cancels, first, then } => {
                self.begin(id, policy, cancels, first, flow);
                Next::WaitThen(then)
            }
            Op::Answered => self.answered(id, flow),
            Op::Verdict { policy } => self.verdict(id, policy),
        }
    }

    /// An attempt that calls ends early: nobody waits for its tries.
    fn release(&mut self, id: u32, flow: &mut Flow) {
        if self.each.is_empty() || self.tries.of(id).policy == u16::MAX {
            return;
        }
        let mut own = std::mem::replace(self.tries.of_mut(id), Tries::NONE);
        self.each[usize::from(own.policy)].counted.left += 1;
        if own.is_waiting() {
            self.at_caller((id, own), flow, |caller, _, _| caller.leave());
            let cancels = own.cancels;
            own.take().for_each(|attempt| flow.tell(Fact::GivenUp { attempt, caller: id, cancels }));
        }
    }

    /// A try has failed.
    fn lost(&mut self, id: u32, cause: Option<Cause>, flow: &mut Flow) {
        let Some(caller) = flow.errand(id, OWNER) else { return };
        let own = self.tries.of_mut(caller);
        if !own.waits_for(id) {
            return;
        }
        own.put(id, NONE);
        let (policy, is_waiting) = (own.policy, own.is_waiting());
        self.each[usize::from(policy)].counted.failures += 1;
        if !is_waiting {
            self.failed(caller, cause.unwrap_or(Cause::BadGateway), flow);
        }
    }

    fn renumbered(&mut self, from: u32, to: u32, flow: &mut Flow) {
        if let Some(caller) = flow.errand(to, OWNER) {
            self.tries.of_mut(caller).put(from, to);
        }
    }

    /// A second try is due beside the first, or none is answered in time.
    fn give_up(&mut self, op: Op, id: u32, flow: &mut Flow) -> Option<Cause> {
        let Op::Begin { policy, first, .. } = op else { return None };
        let settings = &self.settings[usize::from(policy)].policy;
        let end = settings.timeout.map_or(u64::MAX, |it| self.tries.of(id).since.saturating_add(it.0));
        let counted = &mut self.each[usize::from(policy)].counted;
        let own = self.tries.of_mut(id);
        if flow.now < end {
            counted.tries += 1;
            counted.hedges += 1;
            own.sent[1] = flow.send_try(OWNER, id, first, own.cancels);
            if end < u64::MAX {
                flow.wait_at_most(id, end - flow.now);
            }
            return None;
        }
        let cancels = own.cancels;
        for attempt in own.take() {
            counted.timeouts += 1;
            flow.tell(Fact::GivenUp { attempt, caller: id, cancels });
        }
        self.failed(id, Cause::CallTimeout, flow);
        None
    }

    fn end_row(&mut self, span: f64, _flow: &mut Flow) {
        self.read_all(span);
    }
}

impl Resiliences<'_> {
    /// The tries under way of an attempt that calls.
    pub fn tries_of(&self, id: u32) -> impl Iterator<Item = u32> + use<> {
        self.tries.of(id).sent.into_iter().filter(|&id| id != NONE)
    }

    /// A call sends its first try or the next one, unless it may not.
    fn begin(&mut self, id: u32, policy: u16, cancels: bool, first: u32, flow: &mut Flow) {
        let settings = &self.settings[usize::from(policy)].policy;
        let host = flow.attempts.tier(id, flow.attempts[id].depth - 1).instance;
        let before = self.tries.of(id);
        let is_first = before.policy == u16::MAX;
        let own = Tries { policy, host, cancels, since: flow.now, ..before };
        let refusal = self.at_caller((id, own), flow, |caller, policy, now| caller.begin(policy, now));
        *self.tries.of_mut(id) = Tries { failed: refusal, ..own };
        let counted = &mut self.each[usize::from(policy)].counted;
        counted.calls += u64::from(is_first);
        match refusal {
            Some(Cause::BulkheadFull) => counted.bulkhead_full += 1,
            Some(_) => counted.short_circuited += 1,
            None => {
                counted.tries += 1;
                counted.retries += u64::from(!is_first);
                self.tries.of_mut(id).sent[0] = flow.send_try(OWNER, id, first, cancels);
                flow.attempts.claims_mut(id).waiting =
                    Waiting::Queue { owner: OWNER, place: policy, item: 0 };
                if let Some(limit) = settings.hedge.into_iter().chain(settings.timeout).min() {
                    flow.wait_at_most(id, limit.0);
                }
                return;
            }
        }
        flow.ready.push(id);
    }

    /// A try has come through: its caller has the answer, and with it the times of the stages in which the try was.
    fn answered(&mut self, id: u32, flow: &mut Flow) -> Next {
        let caller = flow.errand(id, OWNER).filter(|&caller| self.tries.of(caller).waits_for(id));
        let Some(caller) = caller else {
            // Nobody waits for it any more.
            return Next::Fail(Cause::CallTimeout);
        };
        let own = self.tries.of_mut(caller);
        let counted = &mut self.each[usize::from(own.policy)].counted;
        counted.hedges_won += u64::from(own.sent[1] == id);
        own.put(id, NONE);
        let cancels = own.cancels;
        for attempt in own.take() {
            counted.outrun += 1;
            flow.tell(Fact::GivenUp { attempt, caller, cancels });
        }
        let own = *own;
        self.at_caller((caller, own), flow, |caller, policy, now| caller.end(policy, false, now));
        flow.attempts.take_times(id, caller);
        flow.attempts.release(id);
        flow.grant(caller);
        Next::Gone
    }

    /// No try of a call is under way any more, and none was answered: it tries again, or has failed.
    fn failed(&mut self, id: u32, cause: Cause, flow: &mut Flow) {
        let own = self.tries.of(id);
        let policy = usize::from(own.policy);
        let retries = self.settings[policy].policy.retries;
        let may = self.at_caller((id, own), flow, |caller, policy, now| {
            caller.end(policy, true, now);
            caller.may_retry(policy)
        });
        let is_left = u32::from(own.retries) < retries.max;
        let state = &mut self.each[policy];
        state.counted.unretried += u64::from(is_left && !may);
        if !is_left || !may {
            self.tries.of_mut(id).failed = Some(cause);
            return flow.grant(id);
        }
        let pause = retries.pause(own.retries, &mut state.jitter);
        self.tries.of_mut(id).retries += 1;
        // It begins again.
        let attempt = &mut flow.attempts[id];
        attempt.next = attempt.at;
        if pause == 0 {
            return flow.grant(id);
        }
        let claims = flow.attempts.claims_mut(id);
        (claims.waiting, claims.limit) = (Waiting::Nowhere, Deadline::NEVER);
        flow.pass(pause, id);
    }

    /// The caller goes on.
    fn verdict(&mut self, id: u32, policy: u16) -> Next {
        let own = std::mem::replace(self.tries.of_mut(id), Tries::NONE);
        let counted = &mut self.each[usize::from(policy)].counted;
        match own.failed {
            None => counted.answered += 1,
            Some(_) if self.settings[usize::from(policy)].policy.fallback => counted.fallbacks += 1,
            Some(cause) => {
                counted.failed += 1;
                return Next::Fail(cause);
            }
        }
        Next::Op
    }

    /// Does something with what the instance of a call keeps; whether its breaker is closed may change.
    fn at_caller<T>(
        &mut self,
        (id, own): (u32, Tries),
        flow: &mut Flow,
        what: impl FnOnce(&mut Caller, &Policy, u64) -> T,
    ) -> T {
        let (state, settings) =
            (&mut self.each[usize::from(own.policy)], &self.settings[usize::from(own.policy)]);
        let host = own.host as usize;
        if state.callers.len() <= host {
            state.callers.resize_with(host + 1, || None);
        }
        let caller = state.callers[host].get_or_insert_with(|| Caller::new(&settings.policy));
        let was_open = caller.is_open();
        let result = what(caller, &settings.policy, flow.now);
        match (was_open, caller.is_open()) {
            (false, true) => {
                state.open += 1;
                state.counted.opened += 1;
                let met = flow.met(id).map(|(strike, _)| strike);
                flow.tell(Fact::Noticed {
                    of: (id::Kind::Resilience, own.policy),
                    by: Sign::Breaker { met },
                });
                if state.open == 1 {
                    let text = format!("circuit breaker opens on instance {}", flow.hosts[host].number);
                    flow.incident(id::Kind::Resilience, &settings.name, text);
                }
            }
            (true, false) => {
                state.open -= 1;
                if state.open == 0 {
                    flow.incident(
                        id::Kind::Resilience,
                        &settings.name,
                        "all circuit breakers are closed".into(),
                    );
                }
            }
            _ => {}
        }
        result
    }
}
