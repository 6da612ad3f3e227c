//! The reference workloads in simcore, the core of DSLab: a component for each station, events between them. In:
//! `peer-simcore mm8|three-tier N SEED`. Out: one line with the requests and their latency in milliseconds.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::env;
use std::rc::Rc;

use hdrhistogram::Histogram;
use rand_distr::Exp;
use serde::Serialize;
use simcore::{Event, EventHandler, Id, Simulation, SimulationContext, cast};

#[derive(Clone, Copy, Serialize)]
struct Request {
    arrived: f64,
    balancer: Id,
    server: usize,
}

#[derive(Clone, Serialize)]
struct Arrival {}

#[derive(Clone, Serialize)]
struct Enter {
    request: Request,
}

#[derive(Clone, Serialize)]
struct Served {
    request: Request,
}

#[derive(Clone, Serialize)]
struct Answer {
    request: Request,
}

/// Servers with exponential service times and one queue in order of arrival. A share of the served requests goes to
/// `next`, the others are answered.
struct Station {
    context: SimulationContext,
    free: u32,
    time: Exp<f64>,
    queue: VecDeque<Request>,
    next: Option<(Id, f64)>,
}

impl Station {
    fn add(simulation: &mut Simulation, name: &str, servers: u32, mean: f64, next: Option<(Id, f64)>) -> Id {
        let station = Self {
            context: simulation.create_context(name),
            free: servers,
            time: Exp::new(1.0 / mean).unwrap(),
            queue: VecDeque::new(),
            next,
        };
        simulation.add_handler(name, Rc::new(RefCell::new(station)))
    }

    fn serve(&mut self, request: Request) {
        let time = self.context.sample_from_distribution(&self.time);
        self.context.emit_self(Served { request }, time);
    }
}

impl EventHandler for Station {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Enter { request } => {
                if self.free > 0 {
                    self.free -= 1;
                    self.serve(request);
                } else {
                    self.queue.push_back(request);
                }
            }
            Served { request } => {
                match self.next {
                    Some((next, share)) if share >= 1.0 || self.context.rand() < share => {
                        self.context.emit_now(Enter { request }, next)
                    }
                    _ => self.context.emit_now(Answer { request }, request.balancer),
                };
                match self.queue.pop_front() {
                    Some(next) => self.serve(next),
                    None => self.free += 1,
                }
            }
        })
    }
}

/// Poisson arrivals, and the balancer to which answers return.
struct Balancer {
    context: SimulationContext,
    servers: Vec<Id>,
    outstanding: Vec<u32>,
    between_arrivals: Exp<f64>,
    left: u64,
    sum: f64,
    histogram: Histogram<u64>,
}

impl Balancer {
    fn plan_arrival(&self) {
        let time = self.context.sample_from_distribution(&self.between_arrivals);
        self.context.emit_self(Arrival {}, time);
    }
}

impl EventHandler for Balancer {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Arrival {} => {
                let servers = 0..self.servers.len();
                let server = servers.min_by_key(|&server| self.outstanding[server]).unwrap();
                self.outstanding[server] += 1;
                let request = Request { arrived: self.context.time(), balancer: self.context.id(), server };
                self.context.emit_now(Enter { request }, self.servers[server]);
                self.left -= 1;
                if self.left > 0 {
                    self.plan_arrival();
                }
            }
            Answer { request } => {
                self.outstanding[request.server] -= 1;
                let latency = self.context.time() - request.arrived;
                self.sum += latency;
                self.histogram.record((latency * 1e9) as u64).unwrap();
            }
        })
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, workload, requests, seed] = &arguments[..] else { panic!("peer-simcore mm8|three-tier N SEED") };
    let mut simulation = Simulation::new(seed.parse().expect("a seed"));
    let context = simulation.create_context("balancer");
    let (servers, rate) = match workload.as_str() {
        "mm8" => (vec![Station::add(&mut simulation, "desk", 8, 1.0, None)], 7.2),
        "three-tier" => {
            let database = Station::add(&mut simulation, "database", 8, 8e-3, None);
            let cache = Station::add(&mut simulation, "cache", 1, 0.15e-3, Some((database, 0.1)));
            let web = |at| Station::add(&mut simulation, &format!("web-{at}"), 2, 12e-3, Some((cache, 1.0)));
            ((0..20).map(web).collect(), 2000.0)
        }
        _ => panic!("no workload {workload}"),
    };
    let balancer = Rc::new(RefCell::new(Balancer {
        context,
        outstanding: vec![0; servers.len()],
        servers,
        between_arrivals: Exp::new(rate).unwrap(),
        left: requests.parse().expect("a number of requests"),
        sum: 0.0,
        histogram: Histogram::new_with_bounds(1, 1_000_000_000_000, 3).unwrap(),
    }));
    simulation.add_handler("balancer", balancer.clone());
    balancer.borrow().plan_arrival();
    simulation.step_until_no_events();

    let balancer = balancer.borrow();
    let histogram = &balancer.histogram;
    let mean = 1e3 * balancer.sum / histogram.len() as f64;
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| histogram.value_at_quantile(share) as f64 * 1e-6);
    let requests = histogram.len();
    println!("requests={requests} mean_ms={mean:.6} p50_ms={p50:.6} p95_ms={p95:.6} p99_ms={p99:.6}");
}
