//! Relations between two runs that differ in one thing: load, variability, servers, boot, seed, threads.

use proptest::prelude::*;
use rayon::ThreadPoolBuilder;
use simcap::guard::Guard;
use simcap::validate::{self, Depth};

use super::{fixed, instances, laws};
use crate::run::run;

/// The mean wait at a station that has taken in this many requests at this rate.
fn wait(rate: f64, requests: f64, service: &str, seed: u64) -> f64 {
    let seconds = requests / rate;
    let text = format!(
        "duration = \"{}s\"\n[traffic.all]\nrate = [[\"{seconds:.6}s\", \"{rate}/s\"], [\"{seconds:.6}s\", \"0/s\"]]\n\
         [request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\n{service}\n",
        2.0 * seconds + 1_000.0
    );
    run(&text, seed).services[0].mean_wait_ms
}

proptest! {
    #![proptest_config(fixed(24))]

    /// The same requests closer together, with the same services: no request waits less.
    #[test]
    fn more_load_never_lowers_the_mean_wait(
        load in 0.3f64..1.0, more in 1.05f64..1.5, servers in 1u32..5, law in laws(), seed in any::<u64>(),
    ) {
        let rate = 20.0 * load * f64::from(servers);
        let service = format!("servers = {servers}\ntime = \"{law}\"");
        let (few, many) = (wait(rate, 2_000.0, &service, seed), wait(rate * more, 2_000.0, &service, seed));
        prop_assert!(few <= many * 1.000_001, "{few} {many}");
    }

    /// A service time that varies more makes a longer wait, in runs long enough to show it.
    #[test]
    fn more_variable_service_never_lowers_the_mean_wait(load in 0.5f64..0.8, servers in 1u32..3, seed in any::<u64>()) {
        let laws = ["50ms", "erlang-4 50ms", "exponential 50ms", "lognormal 50ms cv 2"];
        let rate = 20.0 * load * f64::from(servers);
        let waits = laws.map(|law| wait(rate, 40_000.0, &format!("servers = {servers}\ntime = \"{law}\""), seed));
        prop_assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
    }

    /// If capacity comes later, no request is served sooner.
    #[test]
    fn a_longer_boot_never_lowers_the_mean_latency(boot in 5u32..120, more in 20u32..120, seed in any::<u64>()) {
        let latency = |boot: u32| {
            let text = format!(
                "duration = \"15m\"\n[traffic.all]\nrate = [[\"2m\", \"60/s\"], [\"2m\", \"180/s\"], [\"6m\", \"180/s\"], \
                 [\"6m\", \"20/s\"]]\n[request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n[fleet.web]\n\
                 instance = {{ vcpus = 1, memory = \"8 GiB\" }}\nthreads = 1000\nbacklog = 100000\nmin = 1\nmax = 4\n\
                 boot = {{ decision = \"0s\", launch = \"{boot}s\", system = \"1s\", bootstrap = \"1s\", application = \"1s\" }}\n\
                 schedule = [{{ at = \"2m\", min = 4 }}]\n"
            );
            run(&text, seed).latency_ms.mean
        };
        let (quick, slow) = (latency(boot), latency(boot + more));
        prop_assert!(quick <= slow, "{quick} {slow}");
    }

    /// Instances and nodes cost the same for any traffic; and with equal gaps between equal requests the whole bill is
    /// the same.
    #[test]
    fn what_does_not_depend_on_requests_costs_the_same_under_every_seed(
        rate in 5u32..50, count in 1u32..5, seeds in (any::<u64>(), any::<u64>()),
    ) {
        let bill = |seed: u64, gaps: &str| {
            let text = format!(
                "duration = \"10m\"\n[traffic.all]\nrate = \"{rate}/s\"\ninterarrival = \"{gaps}\"\n[request.page]\n\
                 via = \"public\"\nsteps = [{{ cpu = \"lognormal 2ms cv 1\" }}, {{ delay = \"1ms\" }}]\n[balancer.public]\n\
                 targets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = {count}\n[cache.store]\n\
                 node = \"cache.r6g.large\"\n[database.shop]\nwriter = \"db.r6g.large\"\nreplicas = 1\n"
            );
            run(&text, seed).bill
        };
        let (one, two) = (bill(seeds.0, "exponential 1s"), bill(seeds.1, "exponential 1s"));
        for (one, two) in one.items.iter().zip(&two.items).filter(|(item, _)| item.unit == "hour") {
            prop_assert_eq!((&one.what, one.quantity, one.usd), (&two.what, two.quantity, two.usd));
        }
        prop_assert!(one.items.iter().filter(|item| item.unit == "hour").count() >= 4);
        let (one, two) = (bill(seeds.0, "1s"), bill(seeds.1, "1s"));
        let spread = (one.total_usd - two.total_usd).abs();
        prop_assert!(spread <= 1e-4 * one.total_usd, "{} {}", one.total_usd, two.total_usd);
    }
}

/// One queue for all servers is faster than a queue at each, and choosing by load is faster than choosing at random.
#[test]
fn one_queue_beats_many_and_the_fewest_outstanding_beat_chance() {
    for (count, load) in [(2, 0.6), (3, 0.85), (6, 0.9)] {
        let rate = 20.0 * load * f64::from(count);
        let central = format!(
            "duration = \"600s\"\nwarmup = \"20s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.call]\n\
             steps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {count}\ntime = \"exponential 50ms\"\n"
        );
        let mean = |text: &str| (1..=6).map(|seed| run(text, seed).latency_ms.mean).sum::<f64>() / 6.0;
        let split = ["least_outstanding_requests", "two_choices", "round_robin", "random"]
            .map(|routing| mean(&instances(count, routing, rate, 600)));
        let central = mean(&central);
        assert!(
            split.iter().all(|&split| central <= split),
            "{count} at {load}: {central} against {split:?}"
        );
        assert!(split[0] < split[3] && split[1] < split[3], "{count} at {load}: {split:?}");
    }
}

/// Cases that run in parallel give the same results as one after the other.
#[test]
fn the_number_of_threads_changes_nothing() {
    let json = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let chosen =
            |_: &validate::Family, case: &validate::Case| ["A05.1", "A14.2", "A20.1"].contains(&&*case.id);
        let report = pool
            .install(|| validate::run(&chosen, Depth::Quick, &Guard::new(None, None), &|_, _| {}))
            .unwrap();
        serde_json::to_string(&report).unwrap()
    };
    assert_eq!(json(1), json(3));
}
