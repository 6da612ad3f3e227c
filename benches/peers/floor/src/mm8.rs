//! The M/M/8 queue at 90 % load: one queue in order of arrival, eight servers of mean 1 s.

use crate::Latency;
use crate::heap::Heap;
use crate::random::Random;
use crate::ring::{Idle, Ring};

const SERVERS: usize = 8;
const BETWEEN_ARRIVALS: f64 = 1.0 / 7.2;

/// Simulates this many requests until the last is served. The next arrival is a number beside the heap.
pub fn run(requests: u64, mut random: Random) -> Latency {
    let mut latency = Latency::default();
    let mut departures = Heap::new();
    let mut waiting: Ring<f64> = Ring::new();
    let mut idle = Idle::new(0..SERVERS);
    let mut arrived_at = [0.0; SERVERS]; // of the request at each server
    let (mut arrived, mut arrival) = (0, BETWEEN_ARRIVALS * random.exponential());
    while latency.requests < requests {
        let departure = departures.time();
        if arrival < departure {
            match idle.pop() {
                Some(server) => {
                    arrived_at[server % SERVERS] = arrival;
                    departures.push(arrival + random.exponential(), server);
                }
                None => waiting.push(arrival),
            }
            arrived += 1;
            arrival = match arrived < requests {
                true => arrival + BETWEEN_ARRIVALS * random.exponential(),
                false => f64::INFINITY,
            };
        } else {
            let server = departures.server();
            latency.record(departure - arrived_at[server % SERVERS]);
            match waiting.pop() {
                Some(since) => {
                    arrived_at[server % SERVERS] = since;
                    departures.replace(departure + random.exponential(), server);
                }
                None => {
                    departures.pop();
                    idle.push(server);
                }
            }
        }
    }
    latency
}
