//! Queues of textbooks: M/M/1, M/M/c, M/G/1, M/D/1, M/M/c/K and Erlang's loss system.

use super::confidence::{Sample, blocked, delayed, replicate, sojourn, wait};
use super::formula::{Mmc, erlang_b};

/// One service station with Poisson arrivals.
fn station(rate: f64, seconds: u64, service: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nwarmup = \"{}s\"\n[traffic.all]\nrate = \"{rate}/s\"\n\
         [request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\n{service}\n",
        seconds / 50
    )
}

fn expect_mmc(runs: &Sample, queue: &Mmc, power: f64) {
    let ms = 1e3;
    runs.expect("share that waits", queue.delayed(), power, delayed);
    runs.expect("mean wait", ms * queue.wait(), 2.0 * power, wait);
    runs.expect("mean sojourn", ms * queue.sojourn(), power, sojourn);
    runs.expect("utilisation", queue.rate * queue.service / f64::from(queue.servers), power, |run| {
        run.services[0].utilisation
    });
    // Little's law.
    runs.expect("mean number present", queue.rate * queue.sojourn(), power, |run| {
        run.services[0].mean_in_station
    });
    runs.expect_percentile("sojourn p50", ms * queue.sojourn_quantile(0.50), power, |run| run.latency_ms.p50);
    runs.expect_percentile("sojourn p95", ms * queue.sojourn_quantile(0.95), power, |run| run.latency_ms.p95);
    runs.expect_percentile("sojourn p99", ms * queue.sojourn_quantile(0.99), 2.0 * power, |run| {
        run.latency_ms.p99
    });
    runs.expect_percentile("wait p95", ms * queue.wait_quantile(0.95), 2.0 * power, |run| {
        run.services[0].wait_ms.p95
    });
    runs.expect_percentile("wait p99", ms * queue.wait_quantile(0.99), 2.0 * power, |run| {
        run.services[0].wait_ms.p99
    });
}

#[test]
fn one_exponential_server_is_mm1() {
    let runs = replicate(&station(14.0, 45_000, "servers = 1\ntime = \"exponential 50ms\""), 12);
    expect_mmc(&runs, &Mmc { servers: 1, rate: 14.0, service: 0.05 }, 0.02);
}

#[test]
fn eight_exponential_servers_are_mmc() {
    let runs = replicate(&station(128.0, 4_000, "servers = 8\ntime = \"exponential 50ms\""), 12);
    expect_mmc(&runs, &Mmc { servers: 8, rate: 128.0, service: 0.05 }, 0.03);
}

/// Pollaczek and Khinchine: the mean wait depends on the coefficient of variation alone.
#[test]
fn one_server_of_any_law_waits_as_pollaczek_and_khinchine_say() {
    let (rate, service) = (12.0, 0.05);
    let load = rate * service;
    for (law, cv) in [
        ("50ms", 0.0),
        ("erlang-4 50ms", 0.5),
        ("uniform 10ms 90ms", 0.8 / 3f64.sqrt()),
        ("lognormal 50ms cv 1.2", 1.2),
        ("hyperexponential 50ms cv 2", 2.0),
    ] {
        let runs = replicate(&station(rate, 20_000, &format!("servers = 1\ntime = \"{law}\"")), 10);
        let mean = load * service * (1.0 + cv * cv) / (2.0 * (1.0 - load));
        runs.expect(&format!("{law}: mean wait"), 1e3 * mean, 0.05, wait);
        runs.expect(&format!("{law}: mean sojourn"), 1e3 * (mean + service), 0.03, sojourn);
        runs.expect(&format!("{law}: share that waits"), load, 0.01, delayed);
    }
}

/// M/D/1 waits as a whole: P(W ≤ t) = (1 - ρ) Σ (-1)^k (λ(t - kD))^k / k! exp(λ(t - kD)) (Erlang 1909).
#[test]
fn constant_service_has_the_waits_of_erlangs_series() {
    let (rate, service) = (14.0, 0.05);
    let load: f64 = rate * service;
    let within = |time: f64| {
        let terms = (0..=(time / service) as u32).scan(1.0, |factorial, k| {
            let u = rate * (time - f64::from(k) * service);
            *factorial *= f64::from(k.max(1));
            Some((-u).powi(k as i32) / *factorial * u.exp())
        });
        (1.0 - load) * terms.sum::<f64>()
    };
    let quantile = |q: f64| super::formula::bisect(0.0, 0.6, |time| within(time) < q);
    let runs = replicate(&station(rate, 25_000, "servers = 1\ntime = \"50ms\""), 10);
    runs.expect_percentile("wait p95", 1e3 * quantile(0.95), 0.02, |run| run.services[0].wait_ms.p95);
    runs.expect_percentile("wait p99", 1e3 * quantile(0.99), 0.03, |run| run.services[0].wait_ms.p99);
    runs.expect_percentile("sojourn p95", 1e3 * (quantile(0.95) + service), 0.02, |run| run.latency_ms.p95);
}

/// A bounded queue: birth and death with at most `servers + room` present.
#[test]
fn a_bounded_queue_is_mmck() {
    for (servers, room, rate) in [(1u32, 4u32, 18.0), (8, 12, 170.0)] {
        let service = 0.05;
        let mut weights = vec![1.0];
        for present in 1..=servers + room {
            let leaving = f64::from(present.min(servers)) / service;
            weights.push(weights[present as usize - 1] * rate / leaving);
        }
        let total: f64 = weights.iter().sum();
        let lost = weights[(servers + room) as usize] / total;
        let queue: f64 =
            (servers..=servers + room).map(|n| f64::from(n - servers) * weights[n as usize] / total).sum();
        let text = format!("servers = {servers}\nqueue = {room}\ntime = \"exponential 50ms\"");
        let runs = replicate(&station(rate, (200_000.0 / rate) as u64, &text), 10);
        let what = format!("{servers} servers, {room} places");
        runs.expect(&format!("{what}: share lost"), lost, 0.04, blocked);
        let mean = queue / (rate * (1.0 - lost));
        runs.expect(&format!("{what}: mean wait"), 1e3 * mean, 0.03, wait);
    }
}

/// Erlang B does not depend on the law of the service time.
#[test]
fn a_loss_system_blocks_as_erlang_b_whatever_the_law() {
    for (servers, load) in [(5, 3.0), (50, 45.0)] {
        for law in ["exponential 100ms", "lognormal 100ms cv 2"] {
            let text = format!("servers = {servers}\nqueue = 0\ntime = \"{law}\"");
            let runs = replicate(&station(10.0 * load, (25_000.0 / load) as u64, &text), 10);
            let what = format!("{servers} servers, {load} erlangs, {law}");
            runs.expect(&what, erlang_b(servers, load), 0.06, blocked);
        }
    }
}
