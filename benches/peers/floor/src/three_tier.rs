//! Three tiers at 2,000 requests/s: twenty web servers of two cores behind a balancer, a cache of one thread, and for
//! one request in ten a pool of eight database servers. Every queue is in order of arrival.

use std::array;

use crate::Latency;
use crate::heap::Heap;
use crate::least_loaded::LeastLoaded;
use crate::random::Random;
use crate::ring::{Idle, Ring};

const WEB: usize = 20;
const CORES: usize = 2;
/// Servers are numbered: first the cores, then those of the database.
const DATABASE: usize = WEB * CORES;
const DATABASE_SERVERS: usize = 8;
const BETWEEN_ARRIVALS: f64 = 1.0 / 2000.0;
const CPU: f64 = 12e-3;
const LOOK_UP: f64 = 0.15e-3;
const QUERY: f64 = 8e-3;
const HIT_RATIO: f64 = 0.9;

/// When a request arrived, and its web server.
#[derive(Clone, Copy, Default)]
struct Request {
    arrived: f64,
    web: u32,
}

/// Simulates this many requests until the last is answered. The next arrival and the end of the one look-up are numbers
/// beside the heap.
pub fn run(requests: u64, mut random: Random) -> Latency {
    let mut latency = Latency::default();
    let mut ends = Heap::new(); // of CPU phases and of queries
    let mut balancer = LeastLoaded::new(WEB);
    let mut for_core: [Ring<f64>; 32] = array::from_fn(|_| Ring::new());
    let mut idle: [Idle; 32] = array::from_fn(|web| Idle::new(web * CORES..(web + 1) * CORES));
    let mut at: [Request; 64] = array::from_fn(|core| Request { arrived: 0.0, web: (core / CORES) as u32 });
    let mut idle_database = Idle::new(DATABASE..DATABASE + DATABASE_SERVERS);
    let (mut for_cache, mut for_database): (Ring<Request>, Ring<Request>) = (Ring::new(), Ring::new());
    let (mut looked_up, mut in_cache) = (f64::INFINITY, Request::default());
    let (mut arrived, mut arrival) = (0, BETWEEN_ARRIVALS * random.exponential());
    while latency.requests < requests {
        let end = ends.time();
        // Not `min`, which would check for NaN.
        let other = if arrival < looked_up { arrival } else { looked_up };
        if end <= other {
            let server = ends.server() % 64;
            let request = at[server];
            if server < DATABASE {
                // A core is free: it takes the next request; this one goes to the cache.
                let web = request.web as usize % 32;
                match for_core[web].pop() {
                    Some(since) => {
                        at[server].arrived = since;
                        ends.replace(end + CPU * random.exponential(), server);
                    }
                    None => {
                        idle[web].push(server);
                        ends.pop();
                    }
                }
                if looked_up == f64::INFINITY {
                    in_cache = request;
                    looked_up = end + LOOK_UP * random.exponential();
                } else {
                    for_cache.push(request);
                }
            } else {
                match for_database.pop() {
                    Some(next) => {
                        at[server] = next;
                        ends.replace(end + QUERY * random.exponential(), server);
                    }
                    None => {
                        idle_database.push(server);
                        ends.pop();
                    }
                }
                balancer.give(request.web as usize);
                latency.record(end - request.arrived);
            }
        } else if arrival < looked_up {
            let web = balancer.take() % 32;
            match idle[web].pop() {
                Some(core) => {
                    at[core % 64].arrived = arrival;
                    ends.push(arrival + CPU * random.exponential(), core);
                }
                None => for_core[web].push(arrival),
            }
            arrived += 1;
            arrival = match arrived < requests {
                true => arrival + BETWEEN_ARRIVALS * random.exponential(),
                false => f64::INFINITY,
            };
        } else {
            let (request, now) = (in_cache, looked_up);
            looked_up = match for_cache.pop() {
                Some(next) => {
                    in_cache = next;
                    now + LOOK_UP * random.exponential()
                }
                None => f64::INFINITY,
            };
            if random.uniform() < HIT_RATIO {
                balancer.give(request.web as usize);
                latency.record(now - request.arrived);
            } else if let Some(server) = idle_database.pop() {
                at[server % 64] = request;
                ends.push(now + QUERY * random.exponential(), server);
            } else {
                for_database.push(request);
            }
        }
    }
    latency
}
