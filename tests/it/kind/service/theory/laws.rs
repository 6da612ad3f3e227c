//! Service stations with one server, with laws of service that the validation suite does not have.

use crate::theory::confidence::{delayed, replicate, sojourn, wait};

fn station(rate: f64, seconds: u64, service: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nwarmup = \"{}s\"\n[traffic.all]\nrate = \"{rate}/s\"\n\
         [request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\n{service}\n",
        seconds / 50
    )
}

/// Pollaczek and Khinchine: the mean wait depends only on the coefficient of variation.
#[test]
fn one_server_of_any_law_waits_as_pollaczek_and_khinchine_say() {
    let (rate, service) = (12.0, 0.05);
    let load = rate * service;
    for (law, cv) in [("uniform 10ms 90ms", 0.8 / 3f64.sqrt()), ("hyperexponential 50ms cv 2", 2.0)] {
        let runs = replicate(&station(rate, 20_000, &format!("servers = 1\ntime = \"{law}\"")), 10);
        let mean = load * service * (1.0 + cv * cv) / (2.0 * (1.0 - load));
        runs.expect(&format!("{law}: mean wait"), 1e3 * mean, 0.05, wait);
        runs.expect(&format!("{law}: mean sojourn"), 1e3 * (mean + service), 0.03, sojourn);
        runs.expect(&format!("{law}: share that waits"), load, 0.01, delayed);
    }
}
