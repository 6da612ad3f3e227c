//! A cause can explain what failed: what turns a few away by chance is none of an overload.

use std::path::Path;

use crate::outcome::{Outcome, Resource};

const FLAKY: Option<Resource> = Some(Resource::Service { service: 0 });
const CPU: Option<Resource> = Some(Resource::Cpu { fleet: 0 });

/// One in a hundred requests asks a single server that keeps nobody waiting. From 12:00 to 14:00 2.6 vCPUs of the two are asked for.
fn partner(time: &str) -> Outcome {
    let text = format!(
        "duration = \"20m\"\n[traffic.web]\nrate = [[\"0m\", \"100/s\"], [\"12m\", \"100/s\"], [\"12m\", \"260/s\"], [\"14m\", \"260/s\"], \
         [\"14m\", \"100/s\"]]\nrequests = {{ page = 99, partner = 1 }}\nclient = {{ timeout = \"2s\" }}\n[request.page]\nvia = \"lb\"\n\
         steps = [{{ cpu = \"10ms\" }}]\n[request.partner]\nsteps = [{{ service = \"flaky\" }}]\n[service.flaky]\nservers = 1\n\
         queue = 0\ntime = \"exponential {time}\"\n[balancer.lb]\ntargets = \"app\"\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 1\n"
    );
    let scenario =
        crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &["runs=1".into()]).unwrap();
    crate::outcome::simulate(&scenario, 1, &mut |_| {})
}

/// At half an Erlang a third of the partner's calls are turned away, 0.33 % of all requests, at all times.
#[test]
fn what_turns_few_away_all_the_time_is_no_cause_of_an_overload() {
    let outcome = partner("500ms");
    let overload =
        outcome.phases.iter().find(|phase| phase.trouble).unwrap_or_else(|| panic!("{:#?}", outcome.phases));
    assert!((715.0..=725.0).contains(&overload.from_s), "{:#?}", outcome.phases);
    assert!((840.0..=860.0).contains(&overload.to_s), "{:#?}", outcome.phases);
    assert_eq!(overload.chain[0].resource, CPU, "{}", overload.sentence);
    assert!(overload.chain.iter().all(|link| link.resource != FLAKY), "{}", overload.sentence);
}

/// At four Erlang it turns eight of ten away, which is 0.8 % of all requests and a trouble by itself. Those that the CPU makes late are
/// far more, and of another kind.
#[test]
fn failures_come_of_the_cause_that_can_explain_as_many() {
    let outcome = partner("4s");
    let overload = outcome.phases.iter().find(|phase| phase.chain.iter().any(|link| link.resource == CPU));
    let overload = overload.unwrap_or_else(|| panic!("{:#?}", outcome.phases));
    let place = |is_it: &dyn Fn(Option<Resource>, &str) -> bool| {
        overload.chain.iter().position(|link| is_it(link.resource, &link.text))
    };
    let cpu = place(&|of, _| of == CPU);
    let failed = place(&|_, text| text.ends_with("of requests of `page` failed, client_timeout"));
    let next = overload.chain.iter().enumerate().find(|(at, link)| Some(*at) > cpu && link.cause);
    let turned_away = place(&|_, text| text.contains("of requests of `partner` failed, mostly queue_full"));
    assert_eq!(turned_away, place(&|of, _| of == FLAKY).map(|at| at + 1), "{}", overload.sentence);
    assert!(failed > cpu && next.is_none_or(|(at, _)| failed < Some(at)), "{}", overload.sentence);
}
