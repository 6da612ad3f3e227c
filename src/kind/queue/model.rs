//! Queues: what happens at SQS, and when.
//!
//! In: steps of attempts, instants at which delays, visibility timeouts and retention periods end. Out: messages that come and
//! go. What a call does is in `calls`; the workers are in `pollers`; the messages themselves in `store`.

use std::collections::{BTreeMap, VecDeque};

use super::abroad::Publisher;
use super::bus::Bus;
use super::copies::Copies;
use super::crew::Crew;
use super::errand;
use super::language::{Groups, Queue as Settings};
use super::limit::Limits;
use super::pace;
use super::sources::Sources;
use super::state::{Counts, Marks, NO_CALL, Path, Queue, Spread};
use super::store::{Level, Rules, Store};
use crate::catalog::region::Region;
use crate::dist::zipf::share_of_first;
use crate::flow::claims::Waiting;
use crate::flow::fact::{Fact, Reading};
use crate::flow::keys::Keys;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::{Flow, number};
use crate::id::{self, Gauge};
use crate::kind::bill::Hourly;
use crate::kind::keys::KeySpace;
use crate::kind::lambda::language::Lambda;
use crate::kind::part::{Asked, Offered, Part, Place, Plan, Refused};
use crate::kind::path::{CompileErrand, CompileOwn, PathOwner};
use crate::kind::{self, Kind};
use crate::measure::histogram::Histogram;
use crate::measure::resource::{Action, Resource};
use crate::measure::stage::Cause;
use crate::usage::Used;

pub use super::op::{Op, Timer};
pub use super::state::Queues;

impl<'s> Part<'s> for Queues<'s> {
    type Op = Op;
    type Timer = Timer;

    fn own_path(index: usize, all: &kind::Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
        errand::write(index, all, to);
    }

    fn errands(all: &kind::Settings, to: &mut impl CompileErrand<Op = kind::Op>) {
        errand::deliveries(all, to);
    }

    /// A message takes a part of the pollers, of the limits of the calls that receive and delete it, of the messages that can be in
    /// flight, and of its message group.
    fn own_visits(index: usize, all: &kind::Settings) -> Vec<Resource> {
        let settings = &all.queues[index];
        let calls = [Action::Receive, Action::Delete].map(|action| Resource::Calls { queue: index, action });
        let calls = calls.into_iter().filter(|_| settings.limit().is_some());
        if settings.source.is_some() {
            return vec![Resource::Pollers { queue: index }, Resource::InFlight { queue: index }];
        }
        let fleet = settings.consumer.as_ref().map_or(0, |consumer| consumer.fleet.index());
        let own = [all.holder((id::Kind::Queue, index), fleet), Resource::InFlight { queue: index }];
        let groups = settings.fifo.then_some(Resource::Groups { queue: index });
        own.into_iter().chain(groups).chain(calls).collect()
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Send { queue, .. } => {
                Some((Resource::Calls { queue: queue.into(), action: Action::Send }, None))
            }
            Op::Publish { topic, bus: true, .. } => Some((Resource::EventPuts { topic: topic.into() }, None)),
            _ => None,
        }
    }

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.queues;
        let each = settings.iter().enumerate().map(|(index, settings)| Queue {
            region: plan.kinds.lost_with((id::Kind::Queue, index)),
            is_lost: false,
            copies: Copies::default(),
            store: Store::new(Rules {
                fifo: settings.fifo,
                delay: settings.delivery_delay.0,
                visibility: settings.visibility_timeout.0,
                retention: settings.retention.0,
                in_flight: settings.in_flight,
                unequal: spread(settings, plan).first.is_some(),
                receives: settings.dead_letter.map(|_| settings.max_receive_count),
            }),
            waiters: VecDeque::new(),
            limits: Limits::new(settings, plan.seed),
            timers: [None; 3],
            path: plan.entries((id::Kind::Queue, index)).map(|entries| Path {
                receive: entries[0],
                work: entries[1],
                delete: entries[2],
            }),
            groups: groups(settings, plan),
            spread: spread(settings, plan),
            held_beside: Level::default(),
            spared: 0.0,
            counts: Counts::default(),
            marks: Marks::default(),
            requests: Hourly::default(),
            came: Vec::new(),
            taken: Vec::new(),
            by_calls: Vec::new(),
            wait: Histogram::default(),
            age: Histogram::default(),
        });
        for (queue, _) in settings.iter().enumerate().filter(|(_, settings)| settings.source.is_some()) {
            flow.set(Timer::Grow { queue: number(queue) }, 0);
        }
        let (buses, quotas) = Bus::all(plan);
        Queues {
            settings,
            topics: &plan.kinds.topics,
            publishers: Publisher::all(plan),
            buses,
            quotas,
            home: Region::of(plan.region),
            published: vec![(0, Hourly::default()); plan.kinds.topics.len()],
            each: each.collect(),
            series: Vec::new(),
            crews: Crew::all(settings),
            pollers: Vec::new(),
            sources: Sources::default(),
            shared: settings.iter().map(|it| shared(it, &plan.kinds.lambdas)).collect(),
            hands: Vec::new(),
            calls: PerAttempt::new(NO_CALL),
            refused: BTreeMap::new(),
            warmup: plan.warmup.0,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Send { queue, messages, again } => self.send(id, queue, messages, again, flow),
            Op::Publish { topic, messages, again, .. } => self.publish(id, topic, messages, again, flow),
            Op::Delivered => {
                flow.attempts.release(id);
                Next::Gone
            }
            Op::Receive { queue, messages, wait, again } => {
                self.receive(id, queue, (messages, wait), again, flow)
            }
            Op::Answer { queue, none } => self.answer(id, queue, none, flow),
            Op::Delete { queue, again } => self.delete_in_hand(id, queue, again, flow),
            Op::Take => {
                self.take(id, flow);
                Next::Op
            }
            Op::Finish => self.finish(id, flow),
            Op::Remove { queue, again } => self.remove_finished(id, queue, again, flow),
            Op::Done => {
                self.done(id, flow);
                Next::Gone
            }
            Op::Gather { queue, none } => self.gather(id, queue, none, flow),
            Op::Try { first, then } => self.try_one(id, first, then, flow),
            Op::Tried => self.tried(id, flow),
            Op::Batch => {
                self.has_batch(id, flow);
                Next::Op
            }
            Op::Each { first } => self.done_one(id, first, flow),
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Poll { poller } => self.poll(poller, flow),
            Timer::Ask { queue, poller } => self.ask_for(queue, poller, flow),
            Timer::Grow { queue } => self.grow(queue, flow),
            Timer::Copied { queue } => self.copied(queue, flow),
            Timer::Events { topic } => self.deliver_events(topic, flow),
            Timer::Deliver { queue } => {
                self.of(queue).timers[0] = None;
                self.of(queue).store.end_delays(flow.now);
                self.settle(queue, flow);
            }
            Timer::Visible { queue } => {
                self.of(queue).timers[1] = None;
                self.of(queue).store.end_flights(flow.now);
                self.settle(queue, flow);
            }
            Timer::Expire { queue } => {
                self.of(queue).timers[2] = None;
                let gone = self.of(queue).store.expire(flow.now);
                self.of(queue).counts.expired += gone.len() as u64;
                gone.into_iter().for_each(|sent| self.left(queue, sent, flow));
                self.settle(queue, flow);
            }
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::InService(host) | Fact::Connected(host) | Fact::Returned(host) => self.start(host, flow),
            Fact::Leaving(host) | Fact::Parting(host) => self.stop(host, flow),
            Fact::Relieved { host, .. } => self.start(host, flow),
            Fact::Lost(host) | Fact::Crashed(host) | Fact::CutOff(host) => {
                self.stop(host, flow);
                self.end(host, flow);
            }
            Fact::RegionLost { region, strike } => self.region_lost(region, strike, flow),
            Fact::RegionBack { region } => self.region_back(region, flow),
            // The stop timeout is over: the host is shut down.
            Fact::Drained(host) => self.end(host, flow),
            _ => {}
        }
    }

    fn release(&mut self, id: u32, flow: &mut Flow) {
        if let Waiting::Queue { owner, place, .. } = flow.attempts.claims(id).waiting
            && owner == Kind::Queue as u8
        {
            self.of(place).waiters.retain(|&(waiter, _)| waiter != id);
        }
        self.leave_one(id);
        if let Some(hand) = self.hands.get_mut(id as usize) {
            hand.clear();
        }
        if self.calls.of(id) != NO_CALL {
            *self.calls.of_mut(id) = NO_CALL;
            self.refused.remove(&id);
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
        self.read_requests(flow);
    }

    /// Requests to queues, and to topics.
    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, queue) in self.each.iter().enumerate() {
            add((id::Kind::Queue, index), queue.requests.used());
        }
        for (index, (_, requests)) in self.published.iter().enumerate() {
            add((id::Kind::Topic, index), requests.used());
        }
    }

    /// Messages that pollers got, or that calls sent, received or deleted.
    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        let counts = |queue: usize| &self.each[queue].counts;
        match of {
            Resource::Pollers { queue } if self.settings[queue].source.is_some() => {
                Some(counts(queue).begun as f64)
            }
            Resource::Pollers { queue } => {
                let crew = self.crews.iter().find(|crew| usize::from(crew.queues[0]) == queue)?;
                // A message of a batch takes its poller when its turn comes, not when it is received.
                Some(crew.queues.iter().map(|&queue| counts(queue.into()).begun as f64).sum())
            }
            Resource::Calls { queue, action: Action::Send } => {
                Some(self.each[queue].spread.sent_to(counts(queue)))
            }
            Resource::Calls { queue, action: Action::Receive } | Resource::InFlight { queue } => {
                Some(counts(queue).received as f64)
            }
            Resource::Groups { queue } => Some(self.each[queue].spread.worked_on(counts(queue))),
            Resource::Concurrency { lambda } => self.sources.beyond.get(&lambda).map(|it| *it as f64),
            Resource::Calls { queue, action: Action::Delete } => Some(counts(queue).deleted as f64),
            _ => None,
        }
    }

    fn offered(&self, index: usize) -> Option<Offered> {
        let queue = &self.each[index];
        queue.path.as_ref()?;
        let series = self.series.get(index)?;
        let sends = Resource::Calls { queue: index, action: Action::Send };
        let [calls, ..] = queue.counts.calls;
        let refused = pace::refused(series, &queue.came, &queue.by_calls).map(|others| Refused {
            by: sends,
            each: if calls > 0 { queue.counts.sent_by_calls as f64 / calls as f64 } else { 1.0 },
            others,
        });
        Some(Offered { refused, ..pace::offered(series, &queue.came, &queue.taken) })
    }

    fn crowd(&self) -> Vec<(String, u64)> {
        let words = |name: &str| format!("as messages in the queue {name}");
        let queues = self.settings.iter().zip(&self.each);
        queues.map(|(settings, queue)| (words(&settings.name), queue.store.backlog.value)).collect()
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        self.show(of, flow)
    }

    fn renumbered(&mut self, from: u32, to: u32, _flow: &mut Flow) {
        self.one_renumbered(from, to);
    }

    fn lost(&mut self, id: u32, cause: Option<Cause>, flow: &mut Flow) {
        if self.one_failed(id, flow) {
            return;
        }
        self.failed_for_lambda(id, cause, flow);
        self.errand_failed(id, flow);
    }

    fn give_up(&mut self, op: Op, id: u32, flow: &mut Flow) -> Option<Cause> {
        if let Op::Receive { queue, .. } = op {
            // The wait of a long poll is over: its answer is empty.
            let waiters = &mut self.of(queue).waiters;
            match waiters.front() {
                Some(&(first, _)) if first == id => drop(waiters.pop_front()),
                _ => waiters.retain(|&(waiter, _)| waiter != id),
            }
            flow.grant(id);
        }
        None
    }
}

/// The function that stands for the concurrency of the one that works on a queue.
fn shared(settings: &Settings, functions: &[Lambda]) -> usize {
    settings.source.map_or(usize::MAX, |source| Lambda::shares(source.function.index(), functions))
}

/// How many message groups a queue has, and how much the first of them gets.
fn spread(settings: &Settings, plan: &Plan<'_>) -> Spread {
    let Some(space) = space(settings, plan) else { return Spread { count: 1, first: None } };
    let first = (space.zipf > 0.0).then(|| share_of_first(space.count, space.zipf));
    Spread { count: space.count.max(1), first }
}

/// The population of the message groups of a queue.
fn space<'a>(settings: &'a Settings, plan: &'a Plan<'_>) -> Option<&'a KeySpace> {
    Some(match settings.groups.as_ref()? {
        Groups::Named(keys) => &plan.key_spaces[keys.index()],
        Groups::InPlace(space) => space,
    })
}

/// What draws the message groups of a queue.
fn groups(settings: &Settings, plan: &Plan<'_>) -> Option<Keys> {
    let space = space(settings, plan)?;
    let name = format!("queue.{}/groups", settings.name);
    Some(Keys::new(&name, space.count, space.zipf, plan.seed))
}
