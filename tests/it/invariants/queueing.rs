//! Conservation, Little's law, utilisation, what arrivals see, and the scale of time.

use proptest::prelude::*;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{fixed, instances, laws, station};
use crate::run::run;

proptest! {
    #![proptest_config(fixed(48))]

    /// No request gets lost in a station: once it is empty, every arrival was served, rejected, or has left.
    #[test]
    fn a_station_accounts_for_everyone(
        rate in 10u32..200, servers in 1u32..6, room in 0u32..10, law in laws(),
        patience in prop::sample::select(vec!["never", "40ms", "exponential 80ms"]), seed in any::<u64>(),
    ) {
        let service = format!("servers = {servers}\nqueue = {room}\ntime = \"{law}\"\npatience = \"{patience}\"");
        let run = run(&station(f64::from(rate), 60, &service), seed);
        let desk = &run.services[0];
        prop_assert_eq!(run.requests.in_flight, 0.0);
        prop_assert_eq!(desk.arrived, run.requests.arrived);
        prop_assert_eq!(desk.arrived, desk.served + desk.rejected + desk.abandoned);
        prop_assert_eq!((desk.served, desk.rejected + desk.abandoned), (run.requests.completed, run.requests.failed));
        prop_assert!(desk.abandoned <= desk.delayed && desk.delayed <= desk.served + desk.abandoned);
    }

    /// L = λW: if every request is served and the run ends empty, the time that requests spent in the station is the
    /// time integral of their number, to the nanosecond; and the busy time of the servers is the requested service.
    #[test]
    fn littles_law_holds_exactly_in_a_run_that_ends_empty(
        load in 0.2f64..0.95, servers in 1u32..6, law in laws(), seed in any::<u64>(),
    ) {
        let rate = 20.0 * load * f64::from(servers);
        let run = run(&station(rate, 100, &format!("servers = {servers}\ntime = \"{law}\"")), seed);
        let (desk, duration) = (&run.services[0], run.scenario.duration_s);
        prop_assert_eq!(run.requests.in_flight, 0.0);
        let spent = 1e-3 * run.latency_ms.mean * run.requests.completed as f64;
        prop_assert!((desk.mean_in_station * duration - spent).abs() <= 1e-6 * spent, "{} {spent}", desk.mean_in_station * duration);
        let waited = 1e-3 * desk.mean_wait_ms * desk.served;
        let busy = desk.utilisation * f64::from(servers) * duration;
        prop_assert!((waited + busy - spent).abs() <= 1e-6 * spent, "{waited} + {busy} = {spent}");
        if law == "50ms" {
            prop_assert!((busy - 0.05 * desk.served).abs() <= 1e-6 * busy);
        }
    }

    /// Ten times the rates, a tenth of the times: the same requests have the same results, ten times as fast.
    #[test]
    fn a_faster_clock_changes_no_ratio(
        load in 0.3f64..1.3, servers in 1u32..5, room in 2u32..30, cv in 1u32..4, seed in any::<u64>(),
    ) {
        let rate = 20.0 * load * f64::from(servers);
        let runs = [1.0, 10.0].map(|scale| {
            let text = format!(
                "duration = \"{}ms\"\n[traffic.all]\nrate = \"{}/s\"\n[request.call]\nsteps = [{{ service = \"desk\" }}]\n\
                 [service.desk]\nservers = {servers}\nqueue = {room}\ntime = \"lognormal {}ms cv {cv}\"\npatience = \"{}ms\"\n",
                200_000.0 / scale, rate * scale, 50.0 / scale, 400.0 / scale
            );
            run(&text, seed)
        });
        let counts = runs.each_ref().map(|run| {
            let desk = &run.services[0];
            (desk.arrived, desk.served, desk.rejected, desk.abandoned, desk.delayed)
        });
        prop_assert_eq!(counts[0], counts[1]);
        let [slow, fast] = runs.each_ref().map(|run| &run.services[0]);
        prop_assert!((slow.utilisation - fast.utilisation).abs() <= 1e-5);
        prop_assert!((slow.mean_wait_ms - 10.0 * fast.mean_wait_ms).abs() <= 1e-5 * slow.mean_wait_ms + 1e-5);
        prop_assert!((runs[0].latency_ms.max - 10.0 * runs[1].latency_ms.max).abs() <= 1e-4 * runs[0].latency_ms.max);
    }
}

/// Mean and half of the 99.9 % interval.
fn interval(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let t = StudentsT::new(0.0, 1.0, count - 1.0).unwrap().inverse_cdf(0.9995);
    (mean, t * (variance / count).sqrt())
}

/// Poisson arrivals see time averages, for any law of service; arrivals with equal gaps do not.
#[test]
fn poisson_arrivals_find_a_server_busy_as_often_as_it_is() {
    let gap = |law: &str, gaps: &str| {
        let text = format!(
            "duration = \"2000s\"\n[traffic.all]\nrate = \"14/s\"\ninterarrival = \"{gaps}\"\n[request.call]\n\
             steps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = 1\ntime = \"{law}\"\n"
        );
        let gaps = (1..=16).map(|seed| {
            let run = run(&text, seed);
            let desk = &run.services[0];
            desk.delayed as f64 / desk.arrived as f64 - desk.utilisation
        });
        interval(&gaps.collect::<Vec<f64>>())
    };
    for law in ["50ms", "exponential 50ms", "hyperexponential 50ms cv 3"] {
        let (mean, half) = gap(law, "exponential 1s");
        assert!(mean.abs() <= half && half < 0.01, "{law}: {mean} ± {half}");
    }
    let (mean, half) = gap("exponential 50ms", "1s");
    assert!(mean < -half - 0.05, "{mean} ± {half}");
}

/// A balancer that chooses at random turns two instances into two separate queues at half the rate.
#[test]
fn two_halves_behind_a_random_choice_are_two_runs_at_half_the_rate() {
    for rate in [12.0, 28.0] {
        let sample = |count: u32, rate: f64, first: u64| {
            let text = instances(count, "random", rate, 2_000);
            interval(&(first..first + 16).map(|seed| run(&text, seed).latency_ms.mean).collect::<Vec<f64>>())
        };
        let (both, one) = (sample(2, rate, 1), sample(1, rate / 2.0, 101));
        let half = both.1.hypot(one.1);
        assert!((both.0 - one.0).abs() <= half, "{both:?} {one:?}");
        assert!(half <= 0.1 * one.0, "{both:?} {one:?}");
    }
}
