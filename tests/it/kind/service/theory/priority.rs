//! Stations that serve by priority without interrupting service: Cobham's formula (1954).
//!
//! The mean wait of a class is W0 / ((1 - σ of the classes above) (1 - σ of these and its own)), where σ is the load
//! of the classes and W0 the rest of the services in progress; with c exponential servers W0 = C(c, ρ) s / c.

use crate::theory::confidence::replicate;
use crate::theory::formula::Mmc;

const SERVICE: f64 = 0.05;

/// Two classes with Poisson arrivals, the first with the higher priority.
fn scenario(rates: [f64; 2], servers: u32, time: &str) -> String {
    let total: f64 = rates.iter().sum();
    format!(
        "duration = \"{}s\"\nwarmup = \"100s\"\n\
         [traffic.all]\nrate = \"{total}/s\"\nrequests = {{ gold = {}, plain = {} }}\n\
         [request.plain]\nsteps = [{{ service = \"desk\" }}]\n\
         [request.gold]\npriority = 3\nsteps = [{{ service = \"desk\" }}]\n\
         [service.desk]\nservers = {servers}\ntime = \"{time}\"\ndiscipline = \"priority\"\n",
        (400_000.0 / total) as u64,
        rates[0],
        rates[1]
    )
}

/// Checks the mean waits of the two classes, if requests that find all servers busy wait `left` for the first one.
fn hold(rates: [f64; 2], servers: u32, time: &str, left: f64) {
    let load = rates.map(|rate| rate * SERVICE / f64::from(servers));
    let waits = [left / (1.0 - load[0]), left / ((1.0 - load[0]) * (1.0 - load[0] - load[1]))];
    let runs = replicate(&scenario(rates, servers, time), 10);
    for (name, wait, power) in [("gold", waits[0], 0.02), ("plain", waits[1], 0.03)] {
        runs.expect(&format!("{time}, {servers} servers: {name}"), 1e3 * (wait + SERVICE), power, |run| {
            run.classes.iter().find(|class| class.name == name).unwrap().latency_ms.mean
        });
    }
    // Work is conserved, in any order.
    let mean = (rates[0] * waits[0] + rates[1] * waits[1]) / (rates[0] + rates[1]);
    runs.expect(&format!("{time}, {servers} servers: all"), 1e3 * mean, 0.05, |run| {
        run.services[0].mean_wait_ms
    });
}

#[test]
fn waits_of_the_classes_are_cobhams() {
    // λ E S² / 2
    let left = |total: f64, cv: f64| total * SERVICE * SERVICE * (1.0 + cv * cv) / 2.0;
    hold([8.0, 6.0], 1, "exponential 50ms", left(14.0, 1.0));
    hold([4.0, 12.0], 1, "50ms", left(16.0, 0.0));
    let queue = Mmc { servers: 5, rate: 85.0, service: SERVICE };
    hold([30.0, 55.0], 5, "exponential 50ms", queue.delayed() * SERVICE / 5.0);
}
