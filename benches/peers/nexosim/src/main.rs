//! The reference workloads in NeXosim: a model for each station, ports between them, one thread. In: `peer-nexosim
//! mm8|three-tier N SEED`. Out: one line with the requests and their latency in milliseconds.

use std::collections::VecDeque;
use std::env;
use std::future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hdrhistogram::Histogram;
use nexosim::Message;
use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::Output;
use nexosim::simulation::{Mailbox, SimInit, SimulationError};
use nexosim::time::MonotonicTime;
use rand::{RngExt, SeedableRng};
use rand_distr::Exp1;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

/// An exponential delay; NeXosim needs at least a nanosecond.
fn exponential(random: &mut Xoshiro256PlusPlus, mean_ns: f64) -> Duration {
    let variate: f64 = random.sample(Exp1);
    Duration::from_nanos((variate * mean_ns) as u64 + 1)
}

#[derive(Clone, Copy, Message, Serialize, Deserialize)]
struct Request {
    arrived: MonotonicTime,
    server: u32,
}

/// Servers with exponential service times and one queue in order of arrival. A share of the served requests misses.
#[derive(Serialize, Deserialize)]
struct Station {
    served: Output<Request>,
    missed: Output<Request>,
    miss_ratio: f64,
    free: u32,
    mean_ns: f64,
    queue: VecDeque<Request>,
    random: Xoshiro256PlusPlus,
}

#[Model]
impl Station {
    fn new(servers: u32, mean_ns: f64, miss_ratio: f64, seed: u64) -> Self {
        Self {
            served: Output::default(),
            missed: Output::default(),
            miss_ratio,
            free: servers,
            mean_ns,
            queue: VecDeque::new(),
            random: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }

    fn serve(&mut self, request: Request, context: &Context<Self>) {
        let time = exponential(&mut self.random, self.mean_ns);
        context.schedule_event(time, schedulable!(Self::end), request).unwrap();
    }

    fn enter(&mut self, request: Request, context: &Context<Self>) {
        if self.free > 0 {
            self.free -= 1;
            self.serve(request, context);
        } else {
            self.queue.push_back(request);
        }
    }

    #[nexosim(schedulable)]
    async fn end(&mut self, request: Request, context: &Context<Self>) {
        match self.queue.pop_front() {
            Some(next) => self.serve(next, context),
            None => self.free += 1,
        }
        if self.miss_ratio > 0.0 && self.random.random::<f64>() < self.miss_ratio {
            self.missed.send(request).await;
        } else {
            self.served.send(request).await;
        }
    }
}

/// Every latency; the balancer stores them here when the simulation is dropped.
#[derive(Default)]
struct Latency {
    sum: f64,
    histogram: Option<Histogram<u64>>,
}

/// Poisson arrivals, and the balancer to which answers return.
#[derive(Serialize, Deserialize)]
struct Balancer {
    servers: Vec<Output<Request>>,
    outstanding: Vec<u32>,
    mean_ns: f64,
    left: u64,
    random: Xoshiro256PlusPlus,
    #[serde(skip)]
    latency: Latency,
    #[serde(skip)]
    result: Arc<Mutex<Latency>>,
}

#[Model]
impl Balancer {
    fn new(servers: usize, mean_ns: f64, requests: u64, seed: u64, result: Arc<Mutex<Latency>>) -> Self {
        let histogram = Histogram::new_with_bounds(1, 1_000_000_000_000, 3).unwrap();
        Self {
            servers: (0..servers).map(|_| Output::default()).collect(),
            outstanding: vec![0; servers],
            mean_ns,
            left: requests,
            random: Xoshiro256PlusPlus::seed_from_u64(seed),
            latency: Latency { sum: 0.0, histogram: Some(histogram) },
            result,
        }
    }

    #[nexosim(init)]
    fn init(&mut self, context: &Context<Self>) -> impl Future<Output = ()> + Send {
        self.plan_arrival(context);
        future::ready(())
    }

    fn plan_arrival(&mut self, context: &Context<Self>) {
        let time = exponential(&mut self.random, self.mean_ns);
        context.schedule_event(time, schedulable!(Self::arrive), ()).unwrap();
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, _: (), context: &Context<Self>) {
        let server = (0..self.servers.len()).min_by_key(|&server| self.outstanding[server]).unwrap();
        self.outstanding[server] += 1;
        self.left -= 1;
        if self.left > 0 {
            self.plan_arrival(context);
        }
        self.servers[server].send(Request { arrived: context.time(), server: server as u32 }).await;
    }

    fn answer(&mut self, request: Request, context: &Context<Self>) {
        self.outstanding[request.server as usize] -= 1;
        let latency = context.time().duration_since(request.arrived);
        self.latency.sum += latency.as_secs_f64();
        if let Some(histogram) = &mut self.latency.histogram {
            histogram.record(latency.as_nanos() as u64).unwrap();
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        *self.result.lock().unwrap() = std::mem::take(&mut self.latency);
    }
}

fn main() -> Result<(), SimulationError> {
    let arguments: Vec<String> = env::args().collect();
    let [_, workload, requests, seed] = &arguments[..] else { panic!("peer-nexosim mm8|three-tier N SEED") };
    let requests = requests.parse().expect("a number of requests");
    let seed: u64 = seed.parse().expect("a seed");
    let (servers, between_arrivals_ns) = match workload.as_str() {
        "mm8" => (1, 1e9 / 7.2),
        "three-tier" => (20, 1e9 / 2000.0),
        _ => panic!("no workload {workload}"),
    };
    // Each model has a seed of its own, far from those of the other runs.
    let mut seeds = (0..).map(|model| seed * 1_000 + model);
    let mut seed = || seeds.next().unwrap();
    let result = Arc::default();
    let mut balancer = Balancer::new(servers, between_arrivals_ns, requests, seed(), Arc::clone(&result));
    let to_balancer = Mailbox::new();
    let mut bench = SimInit::with_num_threads(1);
    if servers == 1 {
        let (mut desk, to_desk) = (Station::new(8, 1e9, 0.0, seed()), Mailbox::new());
        balancer.servers[0].connect(Station::enter, &to_desk);
        desk.served.connect(Balancer::answer, &to_balancer);
        bench = bench.add_model(desk, to_desk, "desk");
    } else {
        let (mut cache, to_cache) = (Station::new(1, 0.15e6, 0.1, seed()), Mailbox::new());
        let (mut database, to_database) = (Station::new(8, 8e6, 0.0, seed()), Mailbox::new());
        for (at, output) in balancer.servers.iter_mut().enumerate() {
            let (mut web, to_web) = (Station::new(2, 12e6, 0.0, seed()), Mailbox::new());
            output.connect(Station::enter, &to_web);
            web.served.connect(Station::enter, &to_cache);
            bench = bench.add_model(web, to_web, &format!("web-{at}"));
        }
        cache.missed.connect(Station::enter, &to_database);
        cache.served.connect(Balancer::answer, &to_balancer);
        database.served.connect(Balancer::answer, &to_balancer);
        bench = bench.add_model(cache, to_cache, "cache").add_model(database, to_database, "database");
    }
    let mut simulation = bench.add_model(balancer, to_balancer, "balancer").init(MonotonicTime::EPOCH)?;
    simulation.run()?;
    drop(simulation);

    let latency = result.lock().unwrap();
    let histogram = latency.histogram.as_ref().expect("left by the balancer");
    let mean = 1e3 * latency.sum / histogram.len() as f64;
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| histogram.value_at_quantile(share) as f64 * 1e-6);
    let requests = histogram.len();
    println!("requests={requests} mean_ms={mean:.6} p50_ms={p50:.6} p95_ms={p95:.6} p99_ms={p99:.6}");
    Ok(())
}
