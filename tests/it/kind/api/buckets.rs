//! Token buckets, against a reference in whole numbers.

use std::fs;

use proptest::prelude::*;
use simcap::scenario;

/// A bucket in billionths of a token: at each instant it has what was there and what has come since, and no more than it holds.
fn reference(rate: u64, burst: u64, instants: &[u64]) -> u64 {
    const TOKEN: u64 = 1_000_000_000;
    let (mut tokens, mut last, mut taken) = (burst * TOKEN, 0, 0);
    for &at in instants {
        // Instants are milliseconds; a millisecond has a million nanoseconds.
        tokens = (tokens + (at - last) * 1_000_000 * rate).min(burst * TOKEN);
        last = at;
        if tokens >= TOKEN {
            (tokens, taken) = (tokens - TOKEN, taken + 1);
        }
    }
    taken
}

/// Requests at these instants at an API, and as many invocations of a function that keeps its environments busy.
fn run(text: &str, instants: &[u64]) -> simcap::outcome::Outcome {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let lines: Vec<String> = instants.iter().map(u64::to_string).collect();
    fs::write(folder.join("trace.csv"), format!("at\n{}\n", lines.join("\n"))).unwrap();
    let scenario = match scenario::parse("test.toml", text.as_bytes(), folder, &[]) {
        Ok(scenario) => scenario,
        Err(scenario::ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
        Err(error) => panic!("{error}"),
    };
    simcap::simulate(&scenario, 1, &mut |_| {})
}

const TRAFFIC: &str = "duration = \"100s\"\n[traffic.all]\nreplay = { file = \"trace.csv\", column = \"at\", unit = \"ms\" }\n\
                       [client]\nround_trip = \"0s\"\n[account]\nlambda_concurrency = 100000\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stage_takes_what_a_bucket_in_whole_numbers_takes(
        rate in 1u64..60, burst in 1u64..40, mut gaps in prop::collection::vec(0u64..120, 1..400),
    ) {
        let mut at = 0;
        gaps.iter_mut().for_each(|gap| { at += *gap; *gap = at; });
        let text = format!(
            "{TRAFFIC}[request.page]\nvia = \"front\"\nsteps = [{{ delay = \"1us\" }}]\n\
             [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\n\
             [api.front]\nintegration = \"f\"\nlatency = \"0s\"\nthrottle = {{ rate = \"{rate}/s\", burst = {burst} }}\n"
        );
        let taken = run(&text, &gaps).apis[0].requests;
        prop_assert_eq!(taken, reference(rate, burst, &gaps) as f64);
    }

    #[test]
    fn a_function_gets_the_environments_of_a_bucket_in_whole_numbers(
        more in 1u64..60, burst in 1u64..40, mut gaps in prop::collection::vec(0u64..120, 1..400),
    ) {
        let mut at = 0;
        gaps.iter_mut().for_each(|gap| { at += *gap; *gap = at; });
        // Each works until the end, so that each needs an environment of its own.
        let text = format!(
            "{TRAFFIC}[request.page]\nvia = \"f\"\nsteps = [{{ delay = \"200s\" }}]\n\
             [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\ntimeout = \"900s\"\n\
             scaling = {{ burst = {burst}, more = {more}, period = \"1s\" }}\n"
        );
        let told = run(&text, &gaps).lambdas.remove(0);
        prop_assert_eq!(told.invocations, reference(more, burst, &gaps) as f64);
        prop_assert_eq!(told.most, told.invocations);
    }
}
