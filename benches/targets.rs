//! Choosing the target with the fewest outstanding requests, among 10 to 1,000 targets.
//!
//! Every target has two requests outstanding on average; each step answers one of them and sends another.

use std::cmp::Reverse;
use std::hash::BuildHasherDefault;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use priority_queue::PriorityQueue;
use rustc_hash::FxHasher;
use simcap::dist::below;
use simcap::kind::balancer::language::{Routing, Ties};
use simcap::kind::balancer::picker::Picker;
use simcap::rng::{Stream, stream};

/// The operations that are measured.
trait Chooser {
    fn new(targets: u32) -> Self;
    /// Chooses the target with the fewest outstanding requests, the lowest number among equals; it then has one more.
    fn pick(&mut self) -> u32;
    /// A target now has one request less.
    fn answered(&mut self, target: u32);
}

/// The picker of simcap: a bitmap of targets for every number of outstanding requests.
struct Bitmaps(Picker);

impl Chooser for Bitmaps {
    fn new(targets: u32) -> Self {
        let mut picker = Picker::new(Routing::LeastOutstandingRequests, Ties::First, stream(1, "choice"));
        (0..targets).for_each(|target| picker.set_eligible(target, true));
        Bitmaps(picker)
    }
    fn pick(&mut self) -> u32 {
        self.0.pick().expect("there are targets")
    }
    fn answered(&mut self, target: u32) {
        self.0.answered(target);
    }
}

/// A scan of all targets.
struct Scan(Vec<u32>);

impl Chooser for Scan {
    fn new(targets: u32) -> Self {
        Scan(vec![0; targets as usize])
    }
    fn pick(&mut self) -> u32 {
        let target = (0..self.0.len()).min_by_key(|&target| self.0[target]).unwrap_or(0);
        self.0[target] += 1;
        target as u32
    }
    fn answered(&mut self, target: u32) {
        self.0[target as usize] -= 1;
    }
}

/// A priority queue with changing priorities.
struct Priorities(PriorityQueue<u32, Reverse<(u32, u32)>, BuildHasherDefault<FxHasher>>);

impl Chooser for Priorities {
    fn new(targets: u32) -> Self {
        Priorities((0..targets).map(|target| (target, Reverse((0, target)))).collect())
    }
    fn pick(&mut self) -> u32 {
        let (&target, &Reverse((outstanding, _))) = self.0.peek().expect("there are targets");
        self.0.change_priority(&target, Reverse((outstanding + 1, target)));
        target
    }
    fn answered(&mut self, target: u32) {
        self.0.change_priority_by(&target, |Reverse((outstanding, _))| *outstanding -= 1);
    }
}

/// Requests in flight, answered in random order.
struct Traffic<C> {
    chooser: C,
    under_way: Vec<u32>,
    random: Stream,
}

impl<C: Chooser> Traffic<C> {
    fn new(targets: u32) -> Self {
        let mut chooser = C::new(targets);
        let under_way = (0..2 * targets).map(|_| chooser.pick()).collect();
        Traffic { chooser, under_way, random: stream(1, "answers") }
    }

    #[inline]
    fn step(&mut self) -> u32 {
        let answered = below(&mut self.random, self.under_way.len() as u64) as usize;
        self.chooser.answered(self.under_way[answered]);
        let target = self.chooser.pick();
        self.under_way[answered] = target;
        target
    }
}

fn measure<C: Chooser>(group: &mut BenchmarkGroup<WallTime>, name: &str) {
    let (mut one, mut other) = (Traffic::<C>::new(150), Traffic::<Scan>::new(150));
    assert!((0..10_000).all(|_| one.step() == other.step()), "{name} does not choose the least");
    for targets in [10, 100, 400, 1_000] {
        group.bench_function(BenchmarkId::new(name, targets), |bencher| {
            let mut traffic = Traffic::<C>::new(targets);
            bencher.iter(|| black_box(traffic.step()));
        });
    }
}

/// Sends one request and answers one.
pub fn choice(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("least outstanding");
    group.throughput(Throughput::Elements(1));
    measure::<Bitmaps>(&mut group, "simcap bitmaps");
    measure::<Scan>(&mut group, "scan");
    measure::<Priorities>(&mut group, "priority-queue");
    group.finish();
}
