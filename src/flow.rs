//! The flow of requests: what every kind of resource needs, without any kind.
//!
//! In: attempts, and the steps that kinds let them take. Out: waits and their ends, in one order of events. [`Flow`]
//! holds the calendar, the attempts, and all that attempts wait for or run on; a kind touches the flow and its own
//! state.
//!
//! * `attempt`, `claims`, `deadline`: records of attempts, what they wait for and hold, and until when; `waiting`: how a
//!   wait ends.
//! * `event`, `timer`: how the calendar stores request events and control timers.
//! * `station`: servers that attempts wait for, hold and give back; processors that they share. `whose`: the numbers of threads.
//! * `host`: what runs the steps of attempts, in groups; `tier`: attempts inside hosts.
//! * `broken`: what becomes of connections that come to nothing. `vain`: attempts that connect to where nothing is, and what they miss (`missed`).
//! * `flows`: connections that are open, over time; `dialed`: those that hosts open for their calls.
//! * `trouble`: what faults do to the requests of a resource. `met`: which of them an attempt has met. `slowed`: work at another pace.
//! * `draws`, `keys`: what steps draw. `per_attempt`: what a kind keeps for each attempt.
//! * `fact`: how kinds act on each other. `journal`, `mark`, `reading`, `row`: what is recorded, and how counters grow.
//! * `part`: what the run loop calls in a kind; `next`: the result of a step.
//!
//! # Layout
//!
//! A run is a loop over events, and an event is cheap: some hundred instructions. So the state is laid out for the cache of
//! a core, of 32 KiB and in lines of 64 bytes, and each event touches few lines.
//!
//! * An attempt is a number. Its record is three lines: what nearly every event needs, with the times in the stages that
//!   requests mostly come to; what its client needs; the first two tiers. Deeper tiers, more keys and the times in other stages
//!   are in rows beside the records, and what only few attempts need is in its `claims`. A number is used again as soon as it
//!   is free, so the lines of the attempts in flight stay in the cache.
//! * A host is three lines, of which requests mostly touch the first; its threads begin there. Another station is one line, a
//!   processor four, in which are its next jobs.
//! * What happens next is in five places, each as cheap as its events allow: delays of constant length in lanes, whose first
//!   ones are in a tree; the next end of each processor in a tree; what else is posted in a tree of 64 places, and on a wheel where these
//!   are taken; control timers in a priority queue. The loop compares the times, and looks at the order of insertion only if two are equal. A deadline is a
//!   number, not an event.
//! * An event of an attempt says no more than that its step is over. The record says at which op it goes on, so there is
//!   one choice an event: that of the op. An op that is mostly followed by the same one does the work of both. Where a step lets
//!   another attempt go on, as a try lets its caller, that one is walked in its place.
//! * An op is half a line: its first byte says which it is, and the stages of the ops that it may begin itself are beside it.
//! * Values are drawn in batches, and each is taken in a few instructions; drawing more is a call of its own.
//! * The order of events is a function of the state alone, and each purpose draws from its own stream. So a run repeats
//!   itself to the byte on any number of threads, and another layout changes no result.
//!
//! Looking ahead was tried: a request that enters an instance with a free thread has no event at the end of its way there; its
//! work is announced to the processor, and begins when somebody looks. Outcomes were equal in every digit, and `black-friday`
//! had 22 % fewer events and 3 % fewer instructions, but took 4 % more time: constant delays are the cheapest events there
//! are, and an announced job costs a sorted list, a plan of its own, and branches that cannot be predicted. To let it in at the processor at once,
//! and take it back where that turns out wrong, was 4 % slower as well; `src/book/speed.md` has the figures.
//!
//! A new kind keeps what it needs for each attempt in rows of its own (`per_attempt`), not in the record; it sends facts
//! for what is rare, not for each request; and it adds nothing that attempts pay for that never come to it.

pub mod attempt;
pub mod broken;
pub mod called;
pub mod claims;
pub mod deadline;
pub mod dialed;
pub mod draws;
pub mod event;
pub mod fact;
pub mod flows;
pub mod host;
pub mod journal;
pub mod keys;
pub mod mark;
pub mod met;
mod missed;
pub mod next;
mod number;
pub mod per_attempt;
pub mod reading;
pub mod repeat;
mod row;
pub mod slowed;
pub mod station;
mod tier;
pub mod timer;
pub mod trouble;
mod vain;
mod waiting;
pub mod whose;

use std::collections::{BTreeMap, VecDeque};

use crate::catalog::region::Region;
use crate::engine::calendar::Calendar;
use crate::engine::lane::LaneId;
use crate::engine::priority::PriorityStation;
use crate::engine::processor::Processor;
use crate::engine::station::{Aligned, Links};
use crate::id::Kind;
use crate::measure::Recorder;
use crate::measure::deployment::Deployment;
use crate::own::OwnError;

use attempt::{Attempts, HOSTED, State, Widths};
use dialed::Dialed;
use draws::Draws;
use event::Event;
use fact::Fact;
use host::{Group, Host};
use journal::Journal;
use keys::Keys;
use met::Met;
use next::Next;
use per_attempt::PerAttempt;
use reading::Readings;
use repeat::Repeats;
use timer::{Key, Timer};

pub use number::{NONE, number};

/// The requests in the system, and what they wait for and run on.
#[derive(Debug)]
pub struct Flow {
    /// The current time.
    pub now: u64,
    /// The end of the run; no event at or after it is handled.
    pub end: u64,
    /// Pending events.
    pub calendar: Calendar<Key>,
    /// All attempts.
    pub attempts: Attempts,
    /// For each op at which something is billed, how many attempts passed it: choices of a target, and answers of a
    /// tier.
    pub passed: Vec<u64>,
    /// Bytes that kinds have sent from one Region to another in this row, beside those at such ops.
    pub between: BTreeMap<(Region, Region), u64>,
    /// The links of the queues in which attempts wait.
    pub links: Links,
    /// Servers with one queue, other than the threads of hosts.
    pub stations: Vec<Aligned>,
    /// Servers with a queue of levels.
    pub counters: Vec<PriorityStation>,
    /// Cores that are shared. Only the methods of `station` change them: these move what is planned for them, too.
    pub processors: Vec<Processor>,
    /// Hosts, which run the steps of attempts.
    pub hosts: Vec<Host>,
    /// Groups of hosts.
    pub groups: Vec<Group>,
    /// Connections that hosts open for their calls, where these are counted.
    pub dialed: Dialed,
    /// Facts that are not yet delivered.
    pub facts: VecDeque<Fact>,
    /// Attempts whose wait ended at this instant, in order.
    pub ready: Vec<u32>,
    /// Samplers and hit ratios that steps draw from.
    pub draws: Draws,
    /// Populations of keys.
    pub keys: Vec<Keys>,
    /// Requests have a number that their retries and their calls keep: something asks for it.
    pub counts_requests: bool,
    /// The number of the next errand, and how far apart the numbers of two are: nothing where nobody asks for them.
    pub errands: (u64, u64),
    /// What attempts have met of faults.
    pub met: Met,
    /// Which keys requests have drawn that may be tried again.
    pub repeats: Repeats,
    /// The attempt that a tier is about to fail by an answer that nobody can read, or none.
    pub garbled: u32,
    /// The host that an attempt is about to enter, where something has said which; else none.
    pub addressed: PerAttempt<u32>,
    /// How long what stands before the next function waits for its answer; the end of time where nothing does.
    pub waits_at_most: PerAttempt<u64>,
    /// Attempts that try to connect to an address where nothing is.
    vain: PerAttempt<missed::Missed>,
    /// Calls to event buses.
    pub called: called::Calls,
    /// The measurements.
    pub recorder: Recorder,
    /// Activities and incidents.
    pub journal: Journal,
    /// Readings at the end of the last row.
    pub readings: Readings,
    /// What is wrong with what a program brought to the run.
    pub broken: Option<Box<OwnError>>,
}

impl Flow {
    /// An empty flow.
    pub fn new(calendar: Calendar<Key>, recorder: Recorder, widths: Widths) -> Flow {
        Flow {
            now: 0,
            end: 0,
            calendar,
            attempts: Attempts::new(widths),
            passed: Vec::new(),
            between: BTreeMap::new(),
            links: Links::default(),
            stations: Vec::new(),
            counters: Vec::new(),
            processors: Vec::new(),
            hosts: Vec::new(),
            groups: Vec::new(),
            dialed: Dialed::default(),
            facts: VecDeque::new(),
            ready: Vec::new(),
            draws: Draws::default(),
            keys: Vec::new(),
            counts_requests: false,
            errands: (0, 0),
            met: Met::default(),
            repeats: Repeats::default(),
            garbled: NONE,
            addressed: PerAttempt::new(NONE),
            waits_at_most: PerAttempt::new(u64::MAX),
            vain: PerAttempt::new(missed::Missed::Nothing),
            called: called::Calls::default(),
            recorder,
            journal: Journal::default(),
            readings: Readings::default(),
            broken: None,
        }
    }

    /// A new attempt, with room to wait in a queue; the caller fills its record in.
    #[inline]
    pub fn new_attempt(&mut self) -> u32 {
        let id = self.attempts.allocate();
        self.links.grow(self.attempts.len());
        id
    }

    /// Sends an attempt without a client on its way, which begins at an op. The kind that owns it hears of its end, and
    /// knows it by `item`.
    pub fn send_errand(&mut self, owner: u8, item: u32, first: u32) -> u32 {
        let id = self.new_attempt();
        let ordinal = self.next_errand();
        let attempt = &mut self.attempts[id];
        (attempt.class, attempt.ordinal) = (0, ordinal);
        attempt.send((owner.into(), item), first, self.now);
        self.ready.push(id);
        id
    }

    /// The number of an errand.
    #[inline]
    fn next_errand(&mut self) -> u64 {
        let (next, step) = self.errands;
        self.errands.0 = next.wrapping_sub(step);
        next
    }

    /// An attempt goes on at this instant, where its record says, and the one whose step this is does not. It goes on in the place of
    /// that one, unless others are ready before it.
    #[inline]
    pub fn hand_to(&mut self, id: u32) -> Next {
        if self.ready.is_empty() {
            return Next::Hand(id);
        }
        self.ready.push(id);
        Next::Gone
    }

    /// Sends a try of what an attempt calls, which begins at an op: an errand inside of the tiers of its caller, none of which it
    /// leaves. The kind knows it by its caller. If it is hosted, it ends with the host of its caller.
    pub fn send_try(&mut self, owner: u8, caller: u32, first: u32, hosted: bool) -> u32 {
        let id = self.new_try(owner, caller, first);
        self.attempts[id].marks = if hosted { HOSTED } else { 0 };
        self.ready.push(id);
        id
    }

    /// The same without its first step, which is up to the kind; it is not hosted.
    #[inline]
    pub fn new_try(&mut self, owner: u8, caller: u32, first: u32) -> u32 {
        let id = self.new_attempt();
        // It has the number of its request, and leaves its own one out.
        self.next_errand();
        let now = self.now;
        self.attempts.begin_inside(caller, id).send((owner.into(), caller), first, now);
        id
    }

    /// By what a kind knows an attempt, if it is an errand of that kind.
    pub fn errand(&self, id: u32, owner: u8) -> Option<u32> {
        let attempt = &self.attempts[id];
        let is_its = attempt.state == State::Errand && attempt.source == u16::from(owner);
        is_its.then_some(attempt.user)
    }

    /// An errand has come through: it leaves its host.
    pub fn end_errand(&mut self, id: u32) {
        let (tier, is_idle) = self.leave_tier(id);
        if is_idle {
            self.tell(Fact::Idle(tier.instance));
        }
        self.attempts.release(id);
    }

    /// Resumes the attempt after the constant delay of a lane.
    #[inline(always)]
    pub fn hop(&mut self, id: u32, lane: LaneId) -> Next {
        self.calendar.after(lane, self.now, Event::Resume(id));
        Next::Wait
    }

    /// Resumes the attempt after a span.
    #[inline]
    pub fn pass(&mut self, span: u64, id: u32) -> Next {
        self.calendar.at(self.now.saturating_add(span), Event::Resume(id));
        Next::Wait
    }

    /// Sets a control timer, or moves it if it is already set.
    pub fn set(&mut self, timer: impl Timer, at: u64) {
        self.calendar.set(timer.key(), at);
    }

    /// Sets a control timer that is due before everything else at its instant, or moves it if it is already set.
    pub fn set_first(&mut self, timer: impl Timer, at: u64) {
        self.calendar.set_first(timer.key(), at);
    }

    /// Cancels a control timer, if it is set.
    pub fn cancel(&mut self, timer: impl Timer) {
        self.calendar.cancel(&timer.key());
    }

    /// Bytes go from one Region to another.
    pub fn sends(&mut self, from: Region, to: Region, bytes: u64) {
        if from != to && bytes > 0 {
            let sum = self.between.entry((from, to)).or_default();
            *sum = sum.saturating_add(bytes);
        }
    }

    /// Queues a fact for all kinds.
    pub fn tell(&mut self, fact: Fact) {
        self.facts.push_back(fact);
    }

    /// Records that a deployment begins; returns its number.
    pub fn begin_deployment(&mut self, begun: Deployment) -> usize {
        let failed = self.recorder.requests().failures();
        self.journal.deployment(begun, failed)
    }

    /// Records how many instances serve while a deployment is in progress.
    pub fn note_deployment(&mut self, number: usize, serving: u32) {
        let failed = self.recorder.requests().failures();
        self.journal.deploying(number, serving, failed);
    }

    /// Records an incident at a resource.
    pub fn incident(&mut self, kind: Kind, name: &str, text: String) {
        self.journal.incident(self.now, (kind, name), text);
    }
}
