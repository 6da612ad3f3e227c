//! Which size a number is for: fleets that grow, timetables that come late, and how many instances a load needs.

use super::*;
use crate::kind::fleet::language::limits::{larger_later, needed};
use crate::outcome::Phase;
use crate::warning::Code;

const PAGE: &str = "[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"20ms\" }]\n[fleet.web]\n\
                    instance = { vcpus = 1, memory = \"4 GiB\" }\n";

fn scenario(text: &str) -> crate::scenario::Scenario {
    crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap()
}

fn trouble(outcome: &Outcome) -> &Phase {
    outcome.phases.iter().find(|phase| phase.trouble).unwrap_or_else(|| panic!("{:?}", outcome.phases))
}

/// 20/s × 20 ms are 40 % of one instance, and a twentieth of eight.
#[test]
fn the_multiple_of_another_size_says_so() {
    let text = format!(
        "duration = \"20m\"\ntraffic.all.rate = \"20/s\"\n{PAGE}min = 1\nmax = 8\n\
         scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\n"
    );
    let sentence = &run(&text).phases[0].sentence;
    assert!(sentence.contains("tightest: CPU of `web` 40 % busy"), "{sentence}");
    assert!(sentence.contains("full at ×20 with all 8 instances"), "{sentence}");
    let still = text.replace("min = 1\nmax = 8", "instances = 1").replace("scaling", "#");
    let sentence = &run(&still).phases[0].sentence;
    assert!(sentence.contains("full at ×2.") && !sentence.contains(" with "), "{sentence}");
}

/// From 5:00 on 90/s × 20 ms are 1.8 instances, and the timetable has one until 8:00.
#[test]
fn a_timetable_that_comes_late_is_the_cause_and_the_next_step() {
    let text = |timetable: &str| {
        format!(
            "duration = \"12m\"\ntraffic.all.rate = [[\"0m\", \"20/s\"], [\"5m\", \"20/s\"], [\"5m\", \"90/s\"]]\n\
             client = {{ timeout = \"10s\" }}\n{PAGE}instances = 1\nthreads = 50\ntimetable = {timetable}\n"
        )
    };
    let late = run(&text("[[\"0m\", 1], [\"8m\", 3]]"));
    let cause = &trouble(&late).chain[0];
    assert!(cause.cause && (299.0..=303.0).contains(&cause.at_s), "{cause:?}");
    let words = "CPU of `web` full (1 instance by its timetable, 3 from 8:00, its load needs about 2)";
    assert_eq!(cause.text, words);
    let warning = |outcome: &Outcome| {
        let warning = outcome.warnings.iter().find(|it| it.code == Code::DemandAboveCapacity).cloned();
        warning.unwrap_or_else(|| panic!("{:?}", outcome.warnings))
    };
    let warned = warning(&late);
    assert_eq!(warned.at, ["fleet", "web", "timetable"]);
    assert!(warned.message.ends_with("as its timetable has it, 1 instance of custom"), "{warned:?}");
    let next = "about 2 instances would carry it; its timetable comes late, with 3 instances from 8m: let it begin before \
                that traffic";
    assert_eq!(warned.hint, next);
    // One that never has enough does not come late.
    let never = run(&text("[[\"0m\", 2], [\"2m\", 1]]"));
    let hint = warning(&never).hint;
    assert!(hint.ends_with("; its timetable takes it from 2 to 1 instance at 2m"), "{hint}");
    assert!(trouble(&never).chain[0].text.contains("(1 instance by its timetable, its load needs about 2)"));
    // In time, all is well.
    let early = run(&text("[[\"0m\", 1], [\"4m\", 3]]"));
    assert!(early.phases.iter().all(|phase| !phase.trouble), "{:?}", early.phases);
    assert!(early.warnings.iter().all(|it| it.code != Code::DemandAboveCapacity), "{:?}", early.warnings);
}

/// The first two are at half the speed: 2 × 0.5 + 1 + 1 + …
#[test]
fn slow_instances_count_with_what_they_do() {
    let fleet = |speeds: &str| {
        scenario(&format!(
            "duration = \"1m\"\ntraffic.a.rate = \"1/s\"\n{PAGE}instances = 1\nspeeds = {speeds}\n"
        ))
    };
    let slow = fleet("[0.5, 0.5]");
    let work = [0.0, 0.4, 0.5, 0.6, 1.0, 1.1, 2.0, 2.1];
    assert_eq!(work.map(|work| needed(&slow.fleets[0], work, Time::ZERO)), [1, 1, 1, 2, 2, 3, 3, 4]);
    let even = fleet("[]");
    assert_eq!(
        [0.0, 1.0, 1.0 + 1e-12, 1.01].map(|work| needed(&even.fleets[0], work, Time::ZERO)),
        [1, 1, 1, 2]
    );
}

#[test]
fn the_first_larger_size_is_found() {
    let text = format!(
        "duration = \"1h\"\ntraffic.a.rate = \"1/s\"\n{PAGE}instances = 2\n\
         timetable = [[\"0m\", 2], [\"10m\", 1], [\"20m\", 4], [\"30m\", 6]]\n"
    );
    let scenario = scenario(&text);
    let later = |minute: u64| larger_later(&scenario.fleets[0], Time::from_secs(60 * minute));
    let at = |minute: u64, size: u32| Some((Time::from_secs(60 * minute), size));
    assert_eq!([later(0), later(15), later(20), later(40)], [at(20, 4), at(20, 4), at(30, 6), None]);
}

/// CPU full, so that requests stay, so that threads are full: also where both fill in the first row.
#[test]
fn the_cpu_comes_before_the_threads_that_it_fills() {
    for seed in 1..=3 {
        let scenario = scenario(
            "duration = \"6m\"\n[client]\ntimeout = \"10s\"\n[traffic.a]\nrate = \"80/s\"\n[request.r]\n\
             via = \"lb\"\nsteps = [{ cpu = \"60ms\" }]\n[balancer.lb]\ntargets = \"web\"\n\
             health_check = { interval = \"10s\", timeout = \"2s\" }\n[fleet.web]\ninstance = \"m5.large\"\n\
             instances = 2\nthreads = 5\nhealth = \"elb\"\ngrace = \"10m\"\n",
        );
        let outcome = simulate(&scenario, seed, &mut |_| {});
        let chain = &trouble(&outcome).chain;
        let of: Vec<_> = chain.iter().map(|link| (link.resource, link.cause)).take(2).collect();
        let expected = [(Resource::Cpu { fleet: 0 }, true), (Resource::Threads { fleet: 0 }, false)];
        assert_eq!(of, expected.map(|(of, cause)| (Some(of), cause)), "seed {seed}: {chain:?}");
        assert_eq!(outcome.headroom[0].of, Resource::Cpu { fleet: 0 }, "{:?}", outcome.headroom);
        let threads = of_threads(&outcome);
        assert_eq!(threads.held_by, Some(Resource::Cpu { fleet: 0 }), "{threads:?}");
    }
}

fn of_threads(outcome: &Outcome) -> &Headroom {
    of(outcome, "threads of web")
}

/// Four reports of 90 s each come at once, beside 20/s × 10 ms: they can use four vCPUs and the pages a fifth of one, of two.
/// Over ten seconds they would be 0.4/s × 90 s, which are 36.
#[test]
fn a_few_long_jobs_need_no_more_cores_than_there_are_of_them() {
    let text = "duration = \"20m\"\n[traffic.all]\nrate = \"20/s\"\nrequests = \"page\"\n[traffic.batch]\n\
                rate = [[\"0m\", \"0/s\"], [\"10m\", \"0/s\"], [\"10m\", \"0.4/s\"], [\"610s\", \"0.4/s\"], [\"610s\", \"0/s\"]]\n\
                requests = \"report\"\n[request.page]\nvia = \"web\"\n\
                steps = [{ cpu = \"10ms\" }]\n[request.report]\nvia = \"web\"\nsteps = [{ cpu = \"90s\" }]\n[fleet.web]\n\
                instance = { vcpus = 2, memory = \"4 GiB\" }\ninstances = 1\n[objectives]\n\
                latency = \"page p99 < 500ms\"\n";
    let outcome = run(text);
    let warned = outcome.warnings.iter().find(|it| it.code == Code::DemandAboveCapacity).unwrap();
    assert!(warned.message.starts_with("the traffic at 10m asks for 2.1 times the CPU"), "{warned:?}");
    assert!(warned.hint.starts_with("about 3 instances would carry it"), "{warned:?}");
    for link in
        outcome.phases.iter().flat_map(|phase| &phase.chain).filter(|link| link.text.contains("needs"))
    {
        assert!(link.text.contains("its load needs about 3"), "{link:?}");
    }
}
