//! Event queues in the hold model: pop the earliest of n pending events, push a new one.
//!
//! All of them keep the total order (time, insertion), which is checked before anything is measured.

mod calendar;
mod four_ary;
mod known;
mod ladder;

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use simcap::dist::exponential;
use simcap::engine::calendar::{Calendar, Next};
use simcap::engine::entry::{EVENT_BITS, Entry};
use simcap::engine::plans::Plans;
use simcap::engine::wheel::Wheel;
use simcap::rng::stream;

use calendar::CalendarQueue;
use four_ary::FourAryHeap;
use known::{Binary, Priority, Simcap};
use ladder::Ladder;

type Pending = Entry;

/// The operations that are measured.
trait Queue: Default {
    /// Adds an entry that is not earlier than the last one popped; sequence numbers rise.
    fn push(&mut self, entry: Pending);
    /// Takes the earliest entry, by time and then by sequence number.
    fn pop(&mut self) -> Option<Pending>;
}

impl Queue for Wheel {
    fn push(&mut self, entry: Pending) {
        Wheel::push(self, entry);
    }
    fn pop(&mut self) -> Option<Pending> {
        Wheel::pop(self)
    }
}

/// Mean time that an event is pending: 10 ms.
const MEAN: f64 = 1e7;
const PENDING: [usize; 5] = [64, 1_000, 10_000, 100_000, 1_000_000];

/// A queue that always holds the same number of events.
struct Hold<Q> {
    queue: Q,
    random: simcap::rng::Stream,
    sequence: u64,
}

impl<Q: Queue> Hold<Q> {
    fn new(pending: usize) -> Self {
        let mut hold = Hold { queue: Q::default(), random: stream(1, "hold"), sequence: 0 };
        // The rest of an exponential time is exponential: this is already the steady state.
        (0..pending).for_each(|_| hold.push(0));
        hold
    }

    #[inline]
    fn push(&mut self, now: u64) {
        self.sequence += 1;
        let time = now + (MEAN * exponential(&mut self.random)) as u64;
        self.queue.push(Entry::new(time, self.sequence, self.sequence as u32 % (1 << EVENT_BITS)));
    }

    #[inline]
    fn step(&mut self) -> Option<Pending> {
        let entry = self.queue.pop()?;
        self.push(entry.time());
        Some(entry)
    }
}

/// Checks that the first steps of both queues, with the same random numbers, are the same.
fn assert_same_order<Q: Queue>() {
    for pending in [1, 10, 3_000] {
        let (mut one, mut other) = (Hold::<Q>::new(pending), Hold::<Binary>::new(pending));
        for _ in 0..10_000 {
            assert_eq!(one.step(), other.step(), "{}", std::any::type_name::<Q>());
        }
    }
}

fn measure<Q: Queue>(group: &mut BenchmarkGroup<WallTime>, name: &str) {
    assert_same_order::<Q>();
    for pending in PENDING {
        let mut hold = None;
        group.bench_function(BenchmarkId::new(name, pending), |bencher| {
            let hold = hold.get_or_insert_with(|| Hold::<Q>::new(pending));
            bencher.iter(|| black_box(hold.step()));
        });
    }
}

/// The event queue alone.
pub fn hold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("event queue");
    group.throughput(Throughput::Elements(1));
    measure::<Wheel>(&mut group, "simcap wheel");
    measure::<Simcap>(&mut group, "simcap calendar");
    measure::<FourAryHeap>(&mut group, "4-ary heap");
    measure::<Ladder>(&mut group, "ladder");
    measure::<CalendarQueue>(&mut group, "calendar queue");
    measure::<Binary>(&mut group, "std BinaryHeap");
    measure::<Priority>(&mut group, "priority-queue");
    group.finish();
    plans(criterion);
    lanes(criterion);
}

/// The next event of each of many resources: the first one comes and is planned again. In the tree of plans, and on the wheel
/// with all other events.
fn plans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("planned events");
    group.throughput(Throughput::Elements(1));
    for resources in [10, 60, 1_000, 10_000] {
        let mut random = stream(1, "plans");
        let mut later = move |now: u64| now + (MEAN * exponential(&mut random)) as u64;
        let mut plans = Plans::new(u64::MAX >> 16);
        for _ in 0..resources {
            let resource = plans.add();
            plans.set(resource, later(0));
        }
        group.bench_function(BenchmarkId::new("tree", resources), |bencher| {
            bencher.iter(|| {
                let (now, first) = (plans.earliest(), plans.first());
                plans.set(first, later(now));
                black_box(first)
            });
        });
        let mut hold = Hold::<Wheel>::new(resources);
        group.bench_function(BenchmarkId::new("wheel", resources), |bencher| {
            bencher.iter(|| black_box(hold.step()));
        });
    }
    group.finish();
}

/// Constant delays: in a lane, and on the wheel like any other delay.
fn lanes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("constant delay");
    group.throughput(Throughput::Elements(1));
    const DELAY: u64 = MEAN as u64;
    let time = |next| match next {
        Next::Event(entry) | Next::Timer(entry, _) => entry.time(),
        Next::Plan(time, _) => time,
    };
    for pending in [1_000u64, 100_000] {
        let mut calendar = Calendar::<u32>::default();
        let lane = calendar.lane(DELAY);
        for at in 0..pending {
            calendar.after(lane, at * DELAY / pending, 0u32);
        }
        group.bench_function(BenchmarkId::new("lane", pending), |bencher| {
            bencher.iter(|| {
                let next = calendar.next(u64::MAX);
                calendar.after(lane, next.map_or(0, time), 0u32);
                black_box(next)
            });
        });
        let mut calendar = Calendar::<u32>::default();
        for at in 0..pending {
            calendar.at(DELAY + at * DELAY / pending, 0u32);
        }
        group.bench_function(BenchmarkId::new("wheel", pending), |bencher| {
            bencher.iter(|| {
                let next = calendar.next(u64::MAX);
                calendar.at(next.map_or(0, time) + DELAY, 0u32);
                black_box(next)
            });
        });
    }
    group.finish();
}
