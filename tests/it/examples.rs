//! The programs of `tests/examples`, against theory. In: what each of them simulates. Out: what queueing theory has for it.

#[allow(dead_code, reason = "its `main` is for people")]
#[path = "../examples/own_service.rs"]
mod own_service;
#[allow(dead_code, reason = "its `main` is for people")]
#[path = "../examples/own_source.rs"]
mod own_source;

use simcap::{Scenario, Simulation};

/// Student's t of 95 % for ten values.
const T: f64 = 2.262;

/// The mean of a figure over ten seeds, and the half width of its interval.
fn over_seeds(scenario: &Scenario, figure: impl Fn(Simulation<'_>) -> f64) -> (f64, f64) {
    let values: Vec<f64> = (1..=10).map(|seed| figure(Simulation::of(scenario).runs(1).seed(seed))).collect();
    let mean = values.iter().sum::<f64>() / 10.0;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 9.0;
    (mean, T * (variance / 10.0).sqrt())
}

/// A batch of n waits for (n - 1) / 2 services on the mean, Poisson arrivals for those of an M/D/1, and nobody waits who comes in turn.
#[test]
fn reports_wait_as_theory_has_it() {
    let work_ms = own_source::WORK.as_secs_f64() * 1e3;
    let (mean, _) = over_seeds(&own_source::reporting(own_source::together).unwrap(), wait_ms);
    let exact = f64::from(own_source::DEVICES - 1) / 2.0 * work_ms;
    assert!((mean / exact - 1.0).abs() < 1e-3, "{mean} instead of {exact}");
    let (mean, half) = over_seeds(&own_source::reporting(own_source::at_random).unwrap(), wait_ms);
    let busy = f64::from(own_source::DEVICES) * work_ms / 1e3;
    let exact = busy * work_ms / (2.0 * (1.0 - busy));
    assert!((mean - exact).abs() < half * 1.5, "{mean} ± {half} instead of {exact}");
    assert!(half < 0.05 * exact, "{half} tells nothing of {exact}");
    assert_eq!(own_source::mean_wait_ms(&own_source::reporting(own_source::in_turn).unwrap()).unwrap(), 0.0);
}

fn wait_ms(simulation: Simulation<'_>) -> f64 {
    simulation.run().unwrap().services[0].mean_wait_ms
}

/// A licence is taken for its use and while it is locked after it. Erlang's formula asks for the mean of that time alone.
#[test]
fn builds_are_refused_as_erlang_has_it() {
    let load = 0.2 * (30.0 + own_service::LOCKED.as_secs_f64());
    for licences in [10, 14, 18] {
        let lost = (1..=licences).fold(1.0, |lost, count| load * lost / (f64::from(count) + load * lost));
        let refused = |simulation: Simulation<'_>| own_service::refused(simulation).unwrap();
        let (mean, half) = over_seeds(&own_service::with_licences(licences).unwrap(), refused);
        assert!((mean - lost).abs() < half * 1.5, "{licences}: {mean} ± {half} instead of {lost}");
        assert!(half < 0.3 * lost, "{half} tells nothing of {lost}");
    }
}

#[test]
fn the_programs_run_to_their_end() {
    own_source::main().unwrap();
    own_service::main().unwrap();
}
