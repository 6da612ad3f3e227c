//! Queues that people leave: M/M/c with exponential patience (Erlang A) and with a fixed limit.
//!
//! The offered wait has the density v(x) = λ p(c-1) exp(λ ∫₀ˣ P(patience > u) du - c μ x)
//! (Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005).

use super::confidence::replicate;
use super::formula::{erlang_b, integral};

struct Case {
    rate: f64,
    servers: u32,
    patience: &'static str,
    /// P(patience > x).
    stays: fn(f64) -> f64,
    /// ∫₀ˣ P(patience > u) du.
    stayed: fn(f64) -> f64,
    /// Ends of the pieces on which the density is smooth.
    ends: [f64; 2],
}

const SERVICE: f64 = 0.05;

fn hold(case: &Case) {
    let capacity = f64::from(case.servers) / SERVICE;
    let shape = |x: f64| (case.rate * (case.stayed)(x) - capacity * x).exp();
    let over = |f: &dyn Fn(f64) -> f64| {
        integral(0.0, case.ends[0], 4_000, f) + integral(case.ends[0] * (1.0 + 1e-12), case.ends[1], 4_000, f)
    };
    let area = case.rate * over(&shape);
    // p(c-1): from Σ p = 1, where the states below c are to p(c-1) as in a loss system of c - 1 servers.
    let last = 1.0 / (1.0 / erlang_b(case.servers - 1, case.rate * SERVICE) + area);
    let density = |x: f64| case.rate * last * shape(x);
    let gone = over(&|x| density(x) * (1.0 - (case.stays)(x)));
    let waited = over(&|x| density(x) * x * (case.stays)(x)) / (1.0 - gone);
    let all_busy = area * last;

    let text = format!(
        "duration = \"{}s\"\nwarmup = \"100s\"\n[traffic.all]\nrate = \"{}/s\"\n[request.call]\n\
         steps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {}\ntime = \"exponential 50ms\"\n\
         patience = \"{}\"\n",
        (300_000.0 / case.rate) as u64,
        case.rate,
        case.servers,
        case.patience
    );
    let runs = replicate(&text, 10);
    let what = format!("{} at {}/s", case.patience, case.rate);
    runs.expect(&format!("{what}: share that leaves"), gone, 0.06, |run| {
        run.services[0].abandoned / run.services[0].arrived
    });
    runs.expect(&format!("{what}: mean wait of those served"), 1e3 * waited, 0.04, |run| {
        run.services[0].mean_wait_ms
    });
    runs.expect(&format!("{what}: mean sojourn of those served"), 1e3 * (waited + SERVICE), 0.02, |run| {
        run.latency_ms.mean
    });
    runs.expect(&format!("{what}: share that finds all busy"), all_busy, 0.02, |run| {
        run.services[0].delayed / run.services[0].arrived
    });
}

#[test]
fn exponential_patience_is_erlang_a() {
    hold(&Case {
        rate: 180.0,
        servers: 10,
        patience: "exponential 500ms",
        stays: |x| (-x / 0.5).exp(),
        stayed: |x| 0.5 * -(-x / 0.5).exp_m1(),
        ends: [0.2, 2.0],
    });
    hold(&Case {
        rate: 18.0,
        servers: 1,
        patience: "exponential 200ms",
        stays: |x| (-x / 0.2).exp(),
        stayed: |x| 0.2 * -(-x / 0.2).exp_m1(),
        ends: [0.2, 4.0],
    });
}

#[test]
fn a_fixed_limit_cuts_the_queue_at_its_length() {
    hold(&Case {
        rate: 240.0,
        servers: 10,
        patience: "100ms",
        stays: |x| if x <= 0.1 { 1.0 } else { 0.0 },
        stayed: |x| x.min(0.1),
        ends: [0.1, 0.4],
    });
    hold(&Case {
        rate: 19.0,
        servers: 1,
        patience: "300ms",
        stays: |x| if x <= 0.3 { 1.0 } else { 0.0 },
        stayed: |x| x.min(0.3),
        ends: [0.3, 2.3],
    });
}
