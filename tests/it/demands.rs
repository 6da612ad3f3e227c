//! Demands as people know them: the rate at which an instance was so busy, and two figures of a time.

use std::path::Path;

use simcap::dist::Law;
use simcap::scenario::request::Step;
use simcap::scenario::{self, Scenario, ScenarioError, demand};
use simcap::units::Time;

/// A request with one `cpu` step on one fleet.
fn text(cpu: &str, fleet: &str) -> String {
    format!(
        "duration = '20m'\ntraffic.all.rate = '50/s'\n[request.page]\nvia = 'web'\nsteps = [{{ cpu = '{cpu}' }}]\n\
         [fleet.web]\ninstances = 1\n{fleet}\n"
    )
}

fn read(text: &str) -> Result<Scenario, (String, String)> {
    scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]).map_err(|error| match error {
        ScenarioError::Invalid(report) => {
            let problem = &report.problems()[0];
            (problem.message.clone(), problem.hint.clone().unwrap_or_default())
        }
        error => (error.to_string(), String::new()),
    })
}

/// The law of the CPU of the request.
fn law(scenario: &Scenario) -> Law {
    let Step::Call { steps, .. } = &scenario.classes[0].steps[0] else { panic!("a call") };
    let Step::Cpu(law) = &steps[0] else { panic!("a step on the CPU") };
    law.clone()
}

fn mean_ms(cpu: &str, fleet: &str) -> f64 {
    law(&read(&text(cpu, fleet)).unwrap()).mean().as_millis_f64()
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-6, "{found}, expected {expected}");
}

const TWO: &str = "instance = { vcpus = 2, memory = '8 GiB' }";

/// Share × vCPUs × strength / rate.
#[test]
fn a_rate_at_which_an_instance_was_busy_is_a_cpu_time() {
    near(mean_ms("50/s at 80%", TWO), 32.0);
    near(mean_ms("3000/min at 80 %", TWO), 32.0);
    near(mean_ms("50/s at 80%", "instance = { vcpus = 2, memory = '8 GiB', strength = 1.5 }"), 48.0);
    // A container that gets a quarter of a vCPU does 50/s at 100 %: 5 ms each.
    near(mean_ms("50/s at 100%", "instance = { vcpus = 0.25, memory = '0.5 GiB' }"), 5.0);
    near(mean_ms("50/s at 80%", "instance = 'm5.large'"), 32.0);
    // On what it was measured says how much work it is, and not on what it runs.
    near(
        mean_ms("50/s at 80% on m5.large", "instance = { vcpus = 16, memory = '8 GiB', strength = 2 }"),
        32.0,
    );
    near(mean_ms("100/s at 80% on m5.xlarge", TWO), 32.0);
}

/// Of two vCPUs that are threads of one core, the second adds a quarter: together they do 1.25, and at half of that busy 1.
#[test]
fn vcpus_that_are_threads_do_less_together() {
    let threads = "instance = 'm5.large'\nthreads_per_core = 2\nsecond_thread = '25%'";
    near(mean_ms("50/s at 100%", threads), 25.0);
    near(mean_ms("50/s at 50%", threads), 20.0);
    near(mean_ms("100/s at 50% on m5.xlarge", threads), 20.0);
}

#[test]
fn any_law_can_have_it_as_its_mean() {
    let of = |cpu: &str| law(&read(&text(cpu, TWO)).unwrap());
    assert_eq!(of("50/s at 80%"), Law::Constant(Time::from_millis(32)));
    assert_eq!(of("exponential 50/s at 80%"), Law::Exponential { mean: Time::from_millis(32) });
    let lognormal = Law::Lognormal { mean: Time::from_millis(32), cv: 0.5 };
    assert_eq!(of("lognormal 50/s at 80% cv 0.5"), lognormal);
    assert_eq!(of("lognormal 50/s at 80% on m5.large cv 0.5"), lognormal);
}

/// The whole point: a run with that demand at that rate is so busy.
#[test]
fn an_instance_is_as_busy_as_was_said() {
    for (rate, percent) in [(50, 80), (120, 35)] {
        let text = text(&format!("exponential {rate}/s at {percent}%"), TWO)
            .replace("'50/s'", &format!("'{rate}/s'"));
        let run = simcap::simulate(&read(&text).unwrap(), 1, &mut |_| {});
        let cpu = &run.timeline.kinds.fleets[0].cpu_percent;
        let mean = cpu.iter().sum::<f64>() / cpu.len() as f64;
        assert!((mean - f64::from(percent)).abs() < 2.0, "{mean} % at {rate}/s");
    }
}

#[test]
fn two_figures_are_a_law_wherever_a_time_stands() {
    let of = |cpu: &str| law(&read(&text(cpu, TWO)).unwrap());
    for (cpu, figures) in [
        ("p50 30ms p99 200ms", [(0.5, 0.03), (0.99, 0.2)]),
        ("p90 50 ms p99.9 1 s", [(0.9, 0.05), (0.999, 1.0)]),
        ("lognormal p50 30ms p95 90ms", [(0.5, 0.03), (0.95, 0.09)]),
    ] {
        let law = of(cpu);
        for (probability, seconds) in figures {
            near(law.quantile(1, probability).unwrap(), seconds);
        }
    }
    let by_mean = of("mean 45ms p99 200ms");
    assert_eq!(by_mean.mean(), Time::from_millis(45));
    near(by_mean.quantile(1, 0.99).unwrap(), 0.2);
    // Everywhere a law stands: a service, a delay, a user's thought.
    let text = "duration = '1m'\nusers.few = { count = 3, think = 'mean 5s p90 10s' }\n[request.r]\n\
                steps = [{ delay = 'median 30ms p99 200ms' }, { service = 'desk' }]\n[service.desk]\nservers = 1\n\
                time = 'p50 3ms p90 9ms'\n";
    assert!(read(text).is_ok());
}

#[test]
fn what_is_no_demand_is_refused_with_a_hint() {
    let refused = |cpu: &str| read(&text(cpu, TWO)).unwrap_err();
    let cases = [
        ("50/s", "`50/s` does not say how busy the instance was", "50/s at 80%"),
        ("50/s at 0%", "an instance that was not busy at all says nothing of a request", "50/s at 80%"),
        ("50/s at 80% on m5.lagre", "`m5.lagre` is not an instance type that this version knows", "m5.large"),
        ("p50 30ms", "1 figure, where two make a law", "p50 30ms p99 200ms"),
        ("p50 30ms p90 90ms p99 200ms", "3 figures, where two make a law", "say too much"),
        ("p99 30ms p50 200ms", "`p99 30ms` and `p50 200ms` are not in order", "no shorter"),
        ("mean 1ms p99 1s", "no log-normal law of a mean of 1ms has so long a p99", "at most 14.9"),
    ];
    for (cpu, message, hint) in cases {
        let (found, advice) = refused(cpu);
        assert_eq!(found, message);
        assert!(advice.contains(hint), "{cpu}: {advice}");
    }
    // No instance: outside any tier, at a service, and in a function.
    let nowhere =
        "duration = '1m'\ntraffic.all.rate = '1/s'\n[request.r]\nsteps = [{ cpu = '50/s at 80%' }]\n";
    assert_eq!(read(nowhere).unwrap_err().0, "a cpu step outside any tier");
    let service = "duration = '1m'\ntraffic.all.rate = '1/s'\n[request.r]\nsteps = [{ service = 'desk' }]\n\
                   [service.desk]\nservers = 1\ntime = '50/s at 80%'\n";
    assert_eq!(read(service).unwrap_err().0, "how busy an instance was under a rate has no place here");
    let function = |cpu: &str| {
        format!(
            "duration = '1m'\ntraffic.all.rate = '1/s'\n[request.r]\nvia = 'f'\nsteps = [{{ cpu = '{cpu}' }}]\n[lambda.f]\n\
             memory = '1 GiB'\n"
        )
    };
    assert_eq!(
        read(&function("50/s at 80%")).unwrap_err().0,
        "the instance that was so busy is not known here"
    );
    let known =
        read(&function("50/s at 80% on m5.large")).map(|scenario| demand::of_classes(&scenario).len());
    assert_eq!(known, Ok(1));
}
