//! The other parts of the loop: shared processors, stations, replacement of least recently used keys, histograms.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use rand_distr::{Distribution, Zipf};
use simcap::dist::{Law, Sampler, exponential};
use simcap::engine::lru::Lru;
use simcap::engine::processor::Processor;
use simcap::engine::station::{Links, Station, UNLIMITED};
use simcap::measure::histogram::Histogram;
use simcap::rng::stream;
use simcap::units::Time;

/// Processor sharing on four cores: one job ends, another begins.
pub fn sharing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("processor sharing");
    group.throughput(Throughput::Elements(1));
    for jobs in [3u32, 30, 300] {
        group.bench_function(BenchmarkId::new("end and begin", jobs), |bencher| {
            let mut random = stream(1, "demand");
            let mut demand = move || 1e6 * exponential(&mut random);
            let mut processor = Processor::new(4, 1.0);
            let mut due = u64::MAX;
            for job in 0..jobs {
                due = processor.begin(job, demand(), 0).unwrap_or(due);
            }
            let mut done = Vec::new();
            bencher.iter(|| {
                loop {
                    // The event was planned too early: no job is done.
                    let now = due;
                    due = processor.due(now, |owner| done.push(owner), |_| false).unwrap_or(u64::MAX);
                    if let Some(job) = done.pop() {
                        due = processor.begin(job, demand(), now).unwrap_or(due);
                        break black_box(due);
                    }
                }
            });
        });
    }
    group.finish();
}

/// A station of eight servers: one customer leaves, the longest waiting one is served, the first comes back.
pub fn waiting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("station");
    group.throughput(Throughput::Elements(1));
    for customers in [8u32, 100, 10_000] {
        group.bench_function(BenchmarkId::new("give and take", customers), |bencher| {
            let (mut station, mut links, mut now) = (Station::new(8, UNLIMITED), Links::default(), 0);
            links.grow(customers as usize);
            for customer in 0..customers {
                station.take(customer, 0, &mut links);
            }
            let mut served: Vec<u32> = (0..8).collect();
            bencher.iter(|| {
                now += 1_000;
                let server = (now / 1_000) as usize % 8;
                let leaving = served[server];
                let next = station.give(now, &mut links);
                served[server] = next.unwrap_or(leaving);
                black_box(station.take(leaving, now, &mut links))
            });
        });
    }
    group.finish();
}

/// Look-ups of Zipf(0.9) keys, filled on a miss; room for a tenth of them.
pub fn replacement(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("least recently used");
    group.throughput(Throughput::Elements(1));
    for population in [100_000u32, 10_000_000] {
        let mut state = None;
        group.bench_function(BenchmarkId::new("look up or fill", population), |bencher| {
            let (lru, keys) = state.get_or_insert_with(|| {
                let zipf = Zipf::new(f64::from(population), 0.9).expect("a valid law");
                let mut random = stream(1, "keys");
                let keys: Vec<u32> = (0..1 << 20).map(|_| zipf.sample(&mut random) as u32 - 1).collect();
                let mut lru: Lru = Lru::new(population as usize, u64::from(population) / 10);
                for key in (0..population / 10).rev() {
                    lru.insert(key);
                }
                (lru, keys.into_iter().cycle())
            });
            bencher.iter(|| {
                let key = keys.next().unwrap_or(0);
                let hit = lru.touch(key);
                if !hit {
                    lru.insert(key);
                }
                black_box(hit)
            });
        });
    }
    group.finish();
}

/// Recording a latency: in one histogram, and in those of many classes in turn; compared with hdrhistogram itself.
pub fn recording(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("histogram");
    group.throughput(Throughput::Elements(1));
    let law = Sampler::new(&Law::Lognormal { mean: Time::from_millis(30), cv: 1.0 });
    let mut random = stream(1, "latency");
    let latencies: Vec<u64> = (0..4_096).map(|_| law.time(&mut random).0).collect();
    let latency = |at: usize| latencies[at % latencies.len()];
    for count in [1usize, 64] {
        group.bench_function(BenchmarkId::new("simcap", count), |bencher| {
            let (mut histograms, mut at) = (vec![Histogram::default(); count], 0);
            bencher.iter(|| {
                at += 1;
                histograms[at % count].record(latency(at));
            });
            black_box(histograms);
        });
        group.bench_function(BenchmarkId::new("hdrhistogram", count), |bencher| {
            let empty = hdrhistogram::Histogram::<u64>::new_with_bounds(64, 86_400_000_000_000, 3);
            let (mut histograms, mut at) = (vec![empty.expect("valid bounds"); count], 0);
            bencher.iter(|| {
                at += 1;
                histograms[at % count].saturating_record(latency(at));
            });
            black_box(histograms);
        });
    }
    // The percentiles that are read at the end of a row.
    group.bench_function("five percentiles", |bencher| {
        let mut histogram = Histogram::default();
        latencies.iter().for_each(|&latency| histogram.record(latency));
        bencher.iter(|| black_box([0.5, 0.9, 0.95, 0.99, 0.999].map(|share| histogram.quantile(share))));
    });
    group.finish();
}
