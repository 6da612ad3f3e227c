//! Closed populations: the machine repairman. With n of N users at c exponential servers and exponential thinking,
//! p(n) ∝ N! / (N - n)! (Z⁻¹)ⁿ / Π μ min(k, c); what a request finds is the law of a population of N - 1
//! (Sevcik and Mitrani 1981, Lavenberg and Reiser 1980).

use super::confidence::{replicate, sojourn};
use super::formula::bisect;

const SERVERS: u32 = 4;
const SERVICE: f64 = 0.05;
const THINK: f64 = 1.0;

/// The law of the number present.
fn present(users: u32) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..=users {
        let joins = f64::from(users - n + 1) / THINK;
        let leaves = f64::from(n.min(SERVERS)) / SERVICE;
        weights.push(weights[n as usize - 1] * joins / leaves);
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// P(response > t): with `found` requests ahead it is a wait of `found - c + 1` services of c servers, plus its own
/// service.
fn beyond(time: f64, found: &[f64]) -> f64 {
    // Its own service by quadrature over its start, which is Erlang.
    let rate = f64::from(SERVERS) / SERVICE;
    let own = |time: f64| (-time / SERVICE).exp();
    let mut sum = 0.0;
    for (n, share) in found.iter().enumerate() {
        let phases = (n as u32 + 1).saturating_sub(SERVERS);
        if phases == 0 {
            sum += share * own(time);
            continue;
        }
        // P(Erlang > t) + ∫₀ᵗ density(u) exp(-(t - u) / s) du
        let log_factorial: f64 = (1..phases).map(|k| f64::from(k).ln()).sum();
        let density = |u: f64| {
            (f64::from(phases) * rate.ln() + f64::from(phases - 1) * u.max(1e-300).ln()
                - rate * u
                - log_factorial)
                .exp()
        };
        let started = super::formula::integral(0.0, time, 2_000, density);
        let done = super::formula::integral(0.0, time, 2_000, |u| density(u) * (1.0 - own(time - u)));
        sum += share * ((1.0 - started) + (started - done));
    }
    sum
}

#[test]
fn users_with_think_time_are_the_machine_repairman() {
    for users in [1, 20, 80, 120] {
        let share = present(users);
        let busy: f64 =
            share.iter().enumerate().map(|(n, share)| share * f64::from((n as u32).min(SERVERS))).sum();
        let throughput = busy / SERVICE;
        let response = f64::from(users) / throughput - THINK;
        let text = format!(
            "duration = \"{0}s\"\nwarmup = \"{1}s\"\n[users.all]\ncount = {users}\nthink = \"exponential 1s\"\n\
             [request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {SERVERS}\n\
             time = \"exponential 50ms\"\n",
            (200_000.0 / throughput) as u64,
            (2_000.0 / throughput) as u64,
        );
        let runs = replicate(&text, 10);
        let what = |part: &str| format!("{users} users: {part}");
        runs.expect(&what("throughput"), throughput, 0.01, |run| run.goodput_per_s);
        runs.expect(&what("mean response"), 1e3 * response, 0.03, sojourn);
        runs.expect(&what("utilisation"), busy / f64::from(SERVERS), 0.01, |run| run.services[0].utilisation);
        let found = if users == 1 { vec![1.0] } else { present(users - 1) };
        let p95 = bisect(0.0, 5.0, |time| beyond(time, &found) > 0.05);
        runs.expect_percentile(&what("response p95"), 1e3 * p95, 0.03, |run| run.latency_ms.p95);
    }
}
