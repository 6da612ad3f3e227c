//! How often a request is cold, against theory.
//!
//! Requests of a Poisson process work for an exponential time, and as many at once as there are: M/M/inf. The environment that was used last is used
//! first, so idle environments are a stack, and starts and ends of work match like brackets. So a request that finds n others in progress finds an idle
//! environment if there were more than n at some instant since the last `keep`: the one on top came to rest when their number fell to n for the last time.
//! Backwards in time the process is the same, so that the time since then is the time until it comes from n to n + 1.

use crate::theory::confidence::replicate;

/// The share of requests that are cold: the sum over n of the part of the time with n in progress, times the chance that the process stays at or below n
/// for longer than `keep`.
fn cold(rate: f64, work: f64, keep: f64) -> f64 {
    let load = rate * work;
    let mut part = (-load).exp();
    let mut sum = 0.0;
    for n in 0..60usize {
        sum += part * stays(rate, 1.0 / work, n, keep);
        part *= load / (n + 1) as f64;
    }
    sum
}

/// The chance that the number in progress, which is n, is not above n within a time: uniformization of the chain on 0..=n.
fn stays(birth: f64, death: f64, n: usize, time: f64) -> f64 {
    let pace = birth + death * n as f64;
    let mut at = vec![0.0; n + 1];
    at[n] = 1.0;
    let (mut sum, mut weight, mut step) = (0.0, (-pace * time).exp(), 0.0);
    while step < pace * time + 12.0 * (pace * time).sqrt() + 30.0 {
        sum += weight * at.iter().sum::<f64>();
        let mut next = vec![0.0; n + 1];
        for (k, chance) in at.iter().enumerate() {
            let (up, down) = (birth / pace, death * k as f64 / pace);
            if k < n {
                next[k + 1] += chance * up;
            }
            if k > 0 {
                next[k - 1] += chance * down;
            }
            next[k] += chance * (1.0 - up - down).max(0.0);
        }
        at = next;
        step += 1.0;
        weight *= pace * time / step;
    }
    sum
}

#[test]
fn the_cold_share_is_that_of_an_infinite_server_with_a_stack_of_idle_ones() {
    for (rate, work, keep) in [(2.0, 0.5, 0.3), (5.0, 1.0, 2.0), (0.2, 0.1, 10.0)] {
        let seconds = (60_000.0 / rate) as u64;
        let text = format!(
            "duration = \"{seconds}s\"\nbucket = \"100s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[client]\nround_trip = \"0s\"\n\
             [request.page]\nvia = \"f\"\nsteps = [{{ delay = \"exponential {work}s\" }}]\n\
             [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\nkeep = \"{keep}s\"\ntimeout = \"900s\"\n"
        );
        let runs = replicate(&text, 8);
        let exact = cold(rate, work, keep);
        runs.expect(&format!("cold of {rate}/s, {work} s, {keep} s"), exact, 0.05, |outcome| {
            outcome.lambdas[0].cold_share
        });
        runs.expect("concurrency", rate * work, 0.03, |outcome| outcome.lambdas[0].mean_concurrency);
    }
}

/// With work of next to no time there is one environment, and a request is cold if none has come for `keep`: e^(-rate keep).
#[test]
fn without_overlap_a_request_is_cold_after_a_gap() {
    assert!((cold(0.5, 1e-3, 3.0) - (-1.5f64).exp()).abs() < 1e-3);
    assert!((cold(3.0, 2.0, 0.0) - 1.0).abs() < 1e-9, "nothing is kept");
}
