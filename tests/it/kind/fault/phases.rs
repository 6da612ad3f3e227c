//! The page names the loss of a zone first, and what came of it after.

use simcap::outcome::Resource;

use super::BOTH_ZONES;
use crate::run::run;

/// Half of the instances are lost at 120 s. The others have too little CPU for what is left to them: that came of it.
#[test]
fn the_loss_of_a_zone_is_the_cause() {
    let text = "duration = \"300s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"300/s\"\nclient = { timeout = \"5s\" }\n\
         [request.page]\nvia = \"lb\"\nsteps = [{ cpu = \"10ms\" }]\n[balancer.lb]\ntargets = \"web\"\n\
         health_check = { interval = \"5s\", timeout = \"2s\", unhealthy = 2 }\n[fleet.web]\n\
         instance = { vcpus = 1, memory = \"8 GiB\" }\nthreads = 200\ninstances = 4\nstatus_check = \"1h\"\n\
         [objectives]\nlatency = \"p99 < 500ms\"\nerrors = \"< 1%\"\n[fault.outage]\nzone = \"b\"\nat = \"120s\"\n";
    let run = run(text, 1);
    let trouble = run.phases.iter().find(|phase| phase.trouble).expect("trouble");
    let first = trouble.chain.first().expect("a cause");
    assert_eq!(
        (first.resource, first.cause),
        (Some(Resource::Zone { fault: 0 }), true),
        "{:?}",
        trouble.chain
    );
    assert_eq!((first.at_s, first.text.as_str()), (120.0, "zone b lost"));
    // Lost targets are targets: the sentence says what the balancer said.
    let fails_open = run.incidents.iter().any(|it| it.text.contains("fails open"));
    assert_eq!(trouble.sentence.contains("fails open"), fails_open, "{}", trouble.sentence);
    let causes = trouble.chain.iter().filter(|link| link.cause).count();
    assert_eq!(causes, 1, "the rest came of it: {}", trouble.sentence);
    assert!(
        trouble.chain.iter().any(|link| link.resource == Some(Resource::Cpu { fleet: 0 })),
        "{}",
        trouble.sentence
    );
    assert!(trouble.sentence.starts_with("2:00 zone b lost → "), "{}", trouble.sentence);
}

/// Without a balancer every other one of 20 requests/s goes to the lost instance, until its host says at 175 s that it is gone; each fails
/// when its client gives up after two minutes. The trouble began with the loss, not with the first failure at 240 s.
#[test]
fn requests_that_hang_are_trouble_from_when_they_are_not_answered() {
    let text = |duration: &str| {
        format!(
            "duration = \"{duration}\"\nbucket = \"5s\"\nclient = {{ timeout = \"2m\" }}\ntraffic.all.rate = \"20/s\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\nazs = 2\n\
             instances = 2\nstatus_check = \"55s\"\n[fault.dark]\nzone = \"a\"\nat = \"2m\"\n"
        )
    };
    let whole = run(&text("10m"), 1);
    let troubles: Vec<_> = whole.phases.iter().filter(|phase| phase.trouble).collect();
    let [trouble] = &troubles[..] else { panic!("{:?}", whole.phases) };
    assert_eq!((trouble.from_s, trouble.to_s), (120.0, 295.0), "{}", trouble.sentence);
    assert_eq!(trouble.chain[0].resource, Some(Resource::Zone { fault: 0 }));
    // Ten a second for 55 s, of 20 a second for 175 s.
    assert!((whole.requests.failed - 550.0).abs() < 60.0, "{:?}", whole.requests);
    // Nobody has given up at 180 s, and all that hang are unanswered.
    let short = run(&text("3m"), 1);
    assert_eq!(short.requests.failed, 0.0);
    let last = short.phases.last().unwrap();
    assert_eq!((last.trouble, last.from_s), (true, 120.0), "{:?}", short.phases);
}

/// Both zones are lost for a minute, so that requests fail at once. Those that complete take a few milliseconds: none was slow.
#[test]
fn requests_that_fail_at_once_were_not_slow() {
    let run = run(BOTH_ZONES, 1);
    assert!(run.phases.iter().any(|phase| phase.sentence.contains("requests failed")), "{:?}", run.phases);
    for phase in &run.phases {
        let row = |second: f64| run.timeline.time_s.partition_point(|start| *start < second);
        let p99 = run.timeline.latency_ms["p99"][row(phase.from_s)..row(phase.to_s)].iter().flatten();
        let worst = p99.copied().fold(0.0, f64::max);
        assert!(
            worst > 50.0 || !phase.sentence.contains("requests were slow"),
            "{worst} ms: {}",
            phase.sentence
        );
    }
}

/// The bank takes ten times as long from 100 s to 200 s: ten servers have work for 400 ms a second and then for four seconds in each. What
/// waits for them came of that, and is over some time after it.
#[test]
fn a_slow_service_is_the_cause_of_what_waits_for_it() {
    let text = "duration = \"400s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"40/s\"\nclient = { timeout = \"10s\" }\n\
        [request.pay]\nsteps = [{ service = \"bank\" }]\n[service.bank]\nservers = 10\ntime = \"exponential 100ms\"\nqueue = 50\n\
        [objectives]\nlatency = \"p99 < 2s\"\nerrors = \"< 1%\"\n\
        [fault.late]\nservice = \"bank\"\neffect = \"slow\"\nfactor = 10\nat = \"100s\"\nfor = \"100s\"\n";
    let run = run(text, 1);
    let trouble = run.phases.iter().find(|phase| phase.trouble).expect("trouble");
    let first = trouble.chain.first().expect("a cause");
    assert_eq!(
        (first.resource, first.cause),
        (Some(Resource::Struck { fault: 0 }), true),
        "{:?}",
        trouble.chain
    );
    assert_eq!((first.at_s, first.until_s), (100.0, 200.0));
    assert!(first.text.starts_with("`bank` takes 10 times as long"), "{}", first.text);
    assert!(
        trouble.chain.iter().any(|link| link.resource == Some(Resource::Service { service: 0 })),
        "{}",
        trouble.sentence
    );
}

/// Half of the instances hang from 120 s to 180 s, and are named with their number.
#[test]
fn instances_that_hang_are_the_cause() {
    let text = "duration = \"300s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"100/s\"\nclient = { timeout = \"5s\" }\n\
        [request.page]\nvia = \"lb\"\nsteps = [{ cpu = \"10ms\" }]\n[balancer.lb]\ntargets = \"web\"\n\
        health_check = { interval = \"5s\", timeout = \"2s\", unhealthy = 2 }\n[fleet.web]\n\
        instance = { vcpus = 1, memory = \"8 GiB\" }\nthreads = 200\ninstances = 4\n\
        [objectives]\nlatency = \"p99 < 500ms\"\nerrors = \"< 1%\"\n\
        [fault.stuck]\nfleet = \"web\"\neffect = \"hangs\"\nshare = \"50%\"\nat = \"120s\"\nfor = \"60s\"\n";
    let run = run(text, 1);
    let trouble = run.phases.iter().find(|phase| phase.trouble).expect("trouble");
    let first = trouble.chain.first().expect("a cause");
    assert_eq!(first.resource, Some(Resource::Struck { fault: 0 }), "{:?}", trouble.chain);
    assert!(first.text.starts_with("2 instances of `web` hung"), "{}", first.text);
}

/// A crash lasts until the application is up again: 3 s of application and 100 ms before it, from 61 s on.
#[test]
fn a_crash_lasts_until_the_application_is_up_again() {
    let text = "duration = \"120s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"100/s\"\n[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"1ms\" }]\n\
        [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\nboot = { application = \"3s\" }\n[objectives]\nerrors = \"< 1%\"\n\
        [fault.bug]\nfleet = \"web\"\neffect = \"crashes\"\nat = \"61s\"\n";
    let run = run(text, 1);
    let trouble = run.phases.iter().find(|phase| phase.trouble).expect("trouble");
    let first = trouble.chain.first().expect("a cause");
    assert_eq!((first.at_s, first.until_s), (61.0, 65.0), "{:?}", trouble.chain);
    assert!(first.text.starts_with("1 instance of `web` crashed"), "{}", first.text);
}

/// 50/s, of which none is answered from 60 s to 65 s, and all that wait are at 65 s: trouble from 60 s on, with one cause, which is said once.
/// What the service is asked for, 50/s × 5 ms of two servers, is what it is without the fault: 12.5 %.
#[test]
fn a_hang_is_trouble_from_when_nothing_is_answered() {
    let text = "duration = \"3m\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"50/s\"\n[request.page]\nsteps = [{ service = \"bank\" }]\n\
        [service.bank]\nservers = 2\ntime = \"exponential 5ms\"\n[fault.stuck]\nservice = \"bank\"\neffect = \"hangs\"\n\
        at = \"60s\"\nfor = \"5s\"\n";
    for discipline in ["fifo", "processor_sharing"] {
        let own = format!("[service.bank]\ndiscipline = \"{discipline}\"\n");
        let run = run(&text.replace("[service.bank]\n", &own), 1);
        let trouble = run.phases.iter().find(|phase| phase.trouble).expect("trouble");
        assert_eq!(trouble.from_s, 60.0, "{}", trouble.sentence);
        let causes = trouble.chain.iter().filter(|link| link.resource == Some(Resource::Struck { fault: 0 }));
        assert_eq!(causes.count(), 1, "{}", trouble.sentence);
        let bank = run.headroom.iter().find(|it| it.resource == "bank").expect("the service");
        // 9,000 requests with drawn times: five standard deviations are 5 %, and the busiest minutes have a little more.
        assert!((bank.as_it_stood.busy / 0.125 - 1.0).abs() < 0.15, "{bank:?}");
    }
}

/// One of two dies at 100 s, which its group knows 20 s later; another answers after 50 s more. Each is said once, and the time until then.
#[test]
fn who_has_died_is_missing_until_another_answers() {
    let text = "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"20/s\"\ninterarrival = \"50ms\"\n[client]\ntimeout = \"5s\"\n\
        [request.page]\nvia = \"lb\"\nsteps = [{ cpu = \"50ms\" }]\n[balancer.lb]\ntargets = \"web\"\n[fleet.web]\n\
        instance = \"m5.large\"\ninstances = 2\nstatus_check = \"20s\"\nlaunch_hook = {}\n\
        boot = { decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", application = \"30s\" }\n\
        [fault.bad]\nfleet = \"web\"\neffect = \"dies\"\nat = \"100s\"\n";
    let run = run(text, 1);
    let said: String = run.phases.iter().map(|phase| format!("{}\n", phase.sentence)).collect();
    assert_eq!(said.matches("1 instance of `web` lost until 2:00").count(), 1, "{said}");
    assert!(!said.contains("died"), "{said}");
    assert!(
        said.contains("replacement of unhealthy instances of `web` (1 instance missing) until 2:50"),
        "{said}"
    );
}
