//! The reference workloads in desim: processes (coroutines) that pull requests from stores. In: `peer-desim
//! mm8|three-tier N SEED`. Out: one line with the requests and their latency in milliseconds.
//!
//! A process for each request would be more natural, but desim cannot start one from inside another.

#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

use std::cell::{Cell, RefCell};
use std::env;
use std::rc::Rc;

use desim::prelude::*;
use desim::resources::SimpleStore;
use desim::{SimState, StoreId};
use hdrhistogram::Histogram;
use rand::{RngExt, SeedableRng};
use rand_distr::Exp1;
use rand_xoshiro::Xoshiro256PlusPlus;

/// The messages of desim: an effect and, for those of stores, a request.
#[derive(Clone, Copy)]
struct State {
    effect: Effect,
    arrived: f64,
    server: usize,
}

impl State {
    fn of(effect: Effect) -> Self {
        Self { effect, arrived: 0.0, server: 0 }
    }
}

impl SimState for State {
    fn get_effect(&self) -> Effect {
        self.effect
    }

    fn set_effect(&mut self, effect: Effect) {
        self.effect = effect;
    }

    fn should_log(&self) -> bool {
        false
    }
}

/// State shared by the processes: random numbers, the balancer's counts, the latencies.
struct Shared {
    random: RefCell<Xoshiro256PlusPlus>,
    outstanding: RefCell<Vec<u32>>,
    histogram: RefCell<Histogram<u64>>,
    sum: Cell<f64>,
}

impl Shared {
    fn exponential(&self, mean: f64) -> f64 {
        mean * self.random.borrow_mut().sample::<f64, _>(Exp1)
    }

    /// The first of the servers with the fewest outstanding.
    fn take(&self) -> usize {
        let mut outstanding = self.outstanding.borrow_mut();
        let server = (0..outstanding.len()).min_by_key(|&server| outstanding[server]).unwrap();
        outstanding[server] += 1;
        server
    }

    fn answer(&self, request: &State, now: f64) {
        self.outstanding.borrow_mut()[request.server] -= 1;
        let latency = now - request.arrived;
        self.sum.set(self.sum.get() + latency);
        self.histogram.borrow_mut().record((latency * 1e9) as u64).unwrap();
    }
}

/// Serves the requests in `queue`, then sends a share of them to `next` and answers the others.
fn server(
    shared: &Rc<Shared>,
    queue: StoreId,
    mean: f64,
    next: Option<(StoreId, f64)>,
) -> Box<Process<State>> {
    let shared = shared.clone();
    Box::new(
        #[coroutine]
        move |_: SimContext<State>| loop {
            let context = yield State::of(Effect::Pull(queue));
            let request = *context.state();
            let context = yield State::of(Effect::TimeOut(shared.exponential(mean)));
            match next {
                Some((to, share)) if share >= 1.0 || shared.random.borrow_mut().random::<f64>() < share => {
                    yield State { effect: Effect::Push(to), ..request };
                }
                _ => shared.answer(&request, context.time()),
            }
        },
    )
}

/// Poisson arrivals and the balancer.
fn source(shared: &Rc<Shared>, queues: Vec<StoreId>, mean: f64, requests: u64) -> Box<Process<State>> {
    let shared = shared.clone();
    Box::new(
        #[coroutine]
        move |_: SimContext<State>| {
            for _ in 0..requests {
                let context = yield State::of(Effect::TimeOut(shared.exponential(mean)));
                let server = shared.take();
                yield State { effect: Effect::Push(queues[server]), arrived: context.time(), server };
            }
        },
    )
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, workload, requests, seed] = &arguments[..] else { panic!("peer-desim mm8|three-tier N SEED") };
    let (servers, between_arrivals) = match workload.as_str() {
        "mm8" => (1, 1.0 / 7.2),
        "three-tier" => (20, 1.0 / 2000.0),
        _ => panic!("no workload {workload}"),
    };
    let mut simulation = Simulation::new();
    let shared = Rc::new(Shared {
        random: RefCell::new(Xoshiro256PlusPlus::seed_from_u64(seed.parse().expect("a seed"))),
        outstanding: RefCell::new(vec![0; servers]),
        histogram: RefCell::new(Histogram::new_with_bounds(1, 1_000_000_000_000, 3).unwrap()),
        sum: Cell::new(0.0),
    });
    let mut store = || simulation.create_store(Box::new(SimpleStore::new(usize::MAX)));
    let queues: Vec<StoreId> = (0..servers).map(|_| store()).collect();
    let mut processes: Vec<Box<Process<State>>> = Vec::new();
    if servers == 1 {
        processes.extend((0..8).map(|_| server(&shared, queues[0], 1.0, None)));
    } else {
        let (cache, database) = (store(), store());
        for &queue in &queues {
            processes.extend((0..2).map(|_| server(&shared, queue, 12e-3, Some((cache, 1.0)))));
        }
        processes.push(server(&shared, cache, 0.15e-3, Some((database, 0.1))));
        processes.extend((0..8).map(|_| server(&shared, database, 8e-3, None)));
    }
    processes.push(source(
        &shared,
        queues,
        between_arrivals,
        requests.parse().expect("a number of requests"),
    ));
    for process in processes {
        let process = simulation.create_process(process);
        simulation.schedule_event(0.0, process, State::of(Effect::TimeOut(0.0)));
    }
    let _ended = simulation.run(EndCondition::NoEvents);

    let histogram = shared.histogram.borrow();
    let mean = 1e3 * shared.sum.get() / histogram.len() as f64;
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| histogram.value_at_quantile(share) as f64 * 1e-6);
    let requests = histogram.len();
    println!("requests={requests} mean_ms={mean:.6} p50_ms={p50:.6} p95_ms={p95:.6} p99_ms={p99:.6}");
}
