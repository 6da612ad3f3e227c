//! What a request comes to with the attempts that its own path makes too slow for its client, whatever the load. In: a scenario.
//! Out: [`Tries`]: attempts and seconds of a request where nothing is waited for.
//!
//! A client that waits for 300 ms gives up an answer that takes 400 ms, each time. So such retries belong to the traffic as its requests
//! do. The time of an attempt alone is that of its steps, drawn from their laws; what is taken after a miss is left out, so it is
//! never too long.

use std::collections::BTreeMap;

use super::Scenario;
use super::client::{Client, OnTimeout};
use super::demand;
use super::effort::{requests_of, shares};
use super::request::Step;
use super::traffic::Source;
use crate::dist::{Law, Sampler};
use crate::kind::demand::Demand;
use crate::kind::host::GroupId;
use crate::measure::resource::Resource;
use crate::rng::stream;

/// Attempts that are drawn: five standard deviations of how many are too slow are 4 % of all.
const DRAWN: usize = 4_000;

/// A request of a class, where nothing is waited for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tries {
    /// Attempts.
    pub count: f64,
    /// Seconds from the first until it is answered or given up.
    pub seconds: f64,
}

/// Those of each class, with the clients of a source.
pub(crate) fn tries(scenario: &Scenario, client: &Client, demands: &[Demand]) -> Vec<Tries> {
    let of = |(class, demand): (usize, &Demand)| {
        let Some(timeout) = client.timeout else { return Tries { count: 1.0, seconds: demand.alone_s } };
        let mut laws = Vec::new();
        collect(scenario, &scenario.classes[class].steps, 1.0, &mut laws);
        let (limit_s, alone_s) = (timeout.as_secs_f64(), demand.alone_s + client.round_trip.as_secs_f64());
        if is_in_time(&laws, alone_s, limit_s) {
            return Tries { count: 1.0, seconds: demand.alone_s };
        }
        let times = times(&laws, alone_s);
        let part = 1.0 / times.len() as f64;
        let late = part * times.iter().filter(|time| **time > limit_s).count() as f64;
        if late == 0.0 {
            return Tries { count: 1.0, seconds: demand.alone_s };
        }
        let each_s = part * times.iter().map(|time| time.min(limit_s)).sum::<f64>();
        let (mut found, mut still) = (Tries { count: 1.0, seconds: each_s }, 1.0);
        for retry in 0..client.retries.max {
            still *= late;
            found.count += still;
            found.seconds += still * (each_s + client.retries.mean_pause_s(retry));
        }
        found
    };
    demands.iter().enumerate().map(of).collect()
}

/// Attempts of a request, on the mean of those that ask a resource; nothing of those with one.
pub(crate) fn tries_by_resource(scenario: &Scenario) -> BTreeMap<Resource, f64> {
    let retry = |source: &&Source| {
        let Client { timeout, retries, on_timeout, .. } = source.client;
        // What is called off at once asks for less than all of its work.
        timeout.is_some() && retries.max > 0 && on_timeout == OnTimeout::KeepWorking
    };
    if !scenario.sources.iter().any(|source| retry(&source)) {
        return BTreeMap::new();
    }
    let demands = demand::of_classes(scenario);
    let mut work: BTreeMap<Resource, [f64; 2]> = BTreeMap::new();
    for source in &scenario.sources {
        let shares = shares(source, demands.len());
        let tries = if retry(&source) { tries(scenario, &source.client, &demands) } else { Vec::new() };
        let alone_s = seconds(&shares, &demands, &tries);
        let requests = requests_of(source, alone_s, scenario.duration);
        for (class, (share, demand)) in shares.iter().zip(&demands).enumerate() {
            let count = tries.get(class).map_or(1.0, |tries| tries.count);
            for (of, seconds) in &demand.work_s {
                let [once, all] = work.entry(*of).or_default();
                (*once, *all) =
                    (*once + requests * share * seconds, *all + requests * share * seconds * count);
            }
        }
    }
    work.into_iter().filter(|(_, [once, all])| all > once).map(|(of, [once, all])| (of, all / once)).collect()
}

/// Seconds of a request by the shares of its classes; of classes without tries, alone.
pub(crate) fn seconds(shares: &[f64], demands: &[Demand], tries: &[Tries]) -> f64 {
    let of = |(class, demand): (usize, &Demand)| tries.get(class).map_or(demand.alone_s, |it| it.seconds);
    let all = shares.iter().zip(demands.iter().enumerate().map(of));
    all.map(|(share, seconds)| share * seconds).sum()
}

/// The laws of the steps that each attempt takes one after the other, and how much faster their hosts are.
fn collect<'a>(scenario: &'a Scenario, steps: &'a [Step], strength: f64, laws: &mut Vec<(&'a Law, f64)>) {
    for step in steps {
        match step {
            Step::Cpu(law) => laws.push((law, strength)),
            Step::Delay(law) => laws.push((law, 1.0)),
            Step::Of { step, .. } => laws.extend(step.varies(&scenario.kinds).map(|law| (law, 1.0))),
            Step::Call { target, steps } => {
                let fleet = target.group(&scenario.kinds).map(GroupId::index);
                let hosts = fleet.and_then(|fleet| scenario.kinds.hosts(fleet));
                collect(scenario, steps, hosts.map_or(1.0, |hosts| hosts.strength), laws);
            }
        }
    }
}

/// Whether no attempt would be drawn that takes longer than the limit: by Cantelli's bound, a standard deviation this small brings that
/// to less than one in a hundred of such scenarios. Drawing would cost more than the rest of a short run's report.
fn is_in_time(laws: &[(&Law, f64)], alone_s: f64, limit_s: f64) -> bool {
    let drawn_s: f64 = laws.iter().map(|(law, strength)| law.mean().as_secs_f64() / strength).sum();
    let variance: f64 =
        laws.iter().map(|(law, strength)| deviation_s(law) / strength).map(|it| it * it).sum();
    let left_s = limit_s - alone_s.max(drawn_s);
    left_s > 0.0 && variance / (variance + left_s * left_s) * (DRAWN as f64) < 0.01
}

/// The standard deviation of a law; without bound where that takes more than its parameters.
fn deviation_s(law: &Law) -> f64 {
    let mean_s = law.mean().as_secs_f64();
    match law {
        Law::Constant(_) => 0.0,
        Law::Exponential { .. } => mean_s,
        Law::Erlang { shape, .. } => mean_s / f64::from(*shape).sqrt(),
        Law::Lognormal { cv, .. } | Law::Hyperexponential { cv, .. } | Law::Gamma { cv, .. } => cv * mean_s,
        Law::Uniform { low, high } => (high.as_secs_f64() - low.as_secs_f64()) / 12f64.sqrt(),
        Law::Weibull { .. } | Law::Empirical(_) | Law::Replayed { .. } => f64::INFINITY,
    }
}

/// Times of attempts whose steps take so long on the mean; one, where nothing is left to chance.
fn times(laws: &[(&Law, f64)], alone_s: f64) -> Vec<f64> {
    let chance: Vec<_> = laws.iter().filter(|(law, _)| !matches!(law, Law::Constant(_))).collect();
    let drawn_s: f64 = chance.iter().map(|(law, strength)| law.mean().as_secs_f64() / strength).sum();
    let rest_s = (alone_s - drawn_s).max(0.0);
    let mut rng = stream(0, "patience");
    let mut times = vec![rest_s; if chance.is_empty() { 1 } else { DRAWN }];
    for (law, strength) in chance {
        let sampler = Sampler::new(law);
        times.iter_mut().for_each(|time| *time += sampler.nanos(&mut rng) / 1e9 / strength);
    }
    times
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn of(time: &str, timeout: &str) -> Tries {
        let text = format!(
            "duration = \"1m\"\ntraffic.a.rate = \"1/s\"\nrequest.r.steps = [{{ service = \"s\" }}]\n\
             service.s = {{ servers = 1, time = \"{time}\" }}\n[client]\nround_trip = \"0s\"\ntimeout = \"{timeout}\"\n\
             retries = {{ max = 2, backoff = \"100ms\", jitter = \"none\" }}\n"
        );
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        tries(&scenario, &scenario.sources[0].client, &demand::of_classes(&scenario))[0]
    }

    /// Three attempts of 300 ms, with pauses of 100 ms and 200 ms, of a client that waits for less than the answer takes.
    #[test]
    fn an_answer_that_takes_longer_than_its_client_waits_is_asked_for_each_time() {
        let found = of("400ms", "300ms");
        assert!((found.count - 3.0).abs() < 1e-9 && (found.seconds - 1.2).abs() < 1e-9, "{found:?}");
        assert_eq!(of("400ms", "500ms"), Tries { count: 1.0, seconds: 0.4 });
        assert_eq!(of("400ms", "never"), Tries { count: 1.0, seconds: 0.4 });
        assert_eq!(of("lognormal 10ms cv 0.5", "9s"), Tries { count: 1.0, seconds: 0.01 });
        // Of exponential times of 100 ms, e^-2 are above 200 ms.
        let late = libm::exp(-2.0);
        let found = of("exponential 100ms", "200ms");
        assert!((found.count - (1.0 + late + late * late)).abs() < 0.04, "{found:?}");
    }
}
