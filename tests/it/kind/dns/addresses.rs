//! Fleets without a balancer: each instance is an address of the record.

use simcap::outcome::Outcome;

use crate::run::{is_conserved, run};

/// Three instances behind a name, whose answers are not kept; and a client that waits for two seconds.
fn three(seconds: u32, dns: &str, fleet: &str, further: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{seconds}s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"30/s\"\ninterarrival = \"constant 33.333333ms\"\n\
             [client]\ntimeout = \"2s\"\n[request.page]\nvia = \"shop\"\nsteps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\n\
             instance = \"m5.large\"\n{fleet}\n[dns.shop]\nttl = \"0s\"\nrecords = [{{ to = \"web\" }}]\n{dns}\n{further}\n"
        ),
        1,
    )
}

/// All three get requests, and a third of them goes to the one that has died: it is in the record until another has taken its address.
#[test]
fn a_fixed_address_goes_to_the_instance_that_replaces_a_dead_one() {
    let boot = "instances = 3\nboot = { bootstrap = \"20s\", application = \"10s\" }";
    let run = three(600, "", boot, "[fault.f]\nat = \"60s\"\nfleet = \"web\"\neffect = \"dies\"");
    let back = run.scaling.iter().find_map(|it| it.done_s).expect("it is replaced");
    let failed: Vec<f64> = run.timeline.failed["client_timeout"].clone();
    assert!(failed[..61].iter().all(|rate| *rate == 0.0));
    // Of 30 requests a second a third fails, two seconds after it was sent, from 60 s on until the other answers.
    let sum: f64 = failed[62..back as usize].iter().sum();
    let requests = 30.0 * (back.floor() - 62.0);
    assert!((sum - requests / 3.0).abs() <= 4.0 * (requests * 2.0 / 9.0).sqrt(), "{sum} of {requests}");
    let after = failed.iter().rposition(|rate| *rate > 0.0).unwrap() as f64;
    assert!(after >= back - 1.0 && after <= back + 60.0, "{after}, back at {back}");
    assert!(is_conserved(&run.requests));
}

/// One of three is ended by a schedule: its fixed address stays in the record, and a third of the requests tries to connect there in vain. A
/// changing one leaves the record 10 s after.
#[test]
fn an_address_of_an_ended_instance_stays_unless_it_is_taken_out() {
    let fleet = "min = 1\nmax = 3\ndesired = 3\nschedule = [{ at = \"60s\", desired = 2 }]";
    let fixed = three(200, "", fleet, "");
    let failed = &fixed.timeline.failed["client_timeout"];
    let sum: f64 = failed[150..].iter().sum();
    assert!((sum - 500.0).abs() <= 4.0 * (1_500.0f64 * 2.0 / 9.0).sqrt(), "{sum}");
    assert_eq!(fixed.abandoned.ended, 0.0, "nobody works for those who try to connect");
    let changing = three(200, "addresses = \"changing\"\npropagation = \"10s\"", fleet, "");
    let failed = changing.timeline.failed.get("client_timeout");
    assert!(failed.is_none_or(|rows| rows[75..].iter().all(|rate| *rate == 0.0)), "{failed:?}");
    assert!(is_conserved(&fixed.requests) && is_conserved(&changing.requests));
}

/// A further instance gets a further address, in the record 10 s after it answers: when one of the two hangs, half of the requests fail.
#[test]
fn a_further_instance_is_found_when_the_record_has_changed() {
    let fleet = "min = 1\nmax = 2\ndesired = 1\nschedule = [{ at = \"60s\", desired = 2 }]\nboot = { bootstrap = \"5s\", application = \"5s\" }";
    let fault = "[fault.f]\nat = \"200s\"\nfleet = \"web\"\neffect = \"hangs\"";
    let run = three(300, "propagation = \"10s\"", fleet, fault);
    let failed = &run.timeline.failed["client_timeout"];
    assert!(failed[..200].iter().all(|rate| *rate == 0.0));
    let sum: f64 = failed[210..].iter().sum();
    assert!((sum - 1_350.0).abs() <= 4.0 * (2_700.0f64 / 4.0).sqrt(), "{sum}");
}

/// Of a multivalue answer the dead address is gone when enough checkers have found it out: nobody fails after that.
#[test]
fn a_multivalue_answer_leaves_out_a_dead_address() {
    let dns = "policy = \"multivalue\"";
    let fleet = "instances = 3";
    let checked = |text: &str| {
        text.replace("records = [{ to = \"web\" }]", "records = [{ to = \"web\", health_check = true }]")
    };
    let text = checked(&format!(
        "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"30/s\"\n[client]\ntimeout = \"2s\"\n[request.page]\nvia = \"shop\"\n\
         steps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\n{fleet}\n[dns.shop]\nttl = \"0s\"\n\
         records = [{{ to = \"web\" }}]\n{dns}\n[fault.f]\nat = \"60s\"\nfleet = \"web\"\neffect = \"hangs\""
    ));
    let run = run(&text, 1);
    let found =
        super::incidents(&run).into_iter().find(|(_, text)| text.ends_with("is unhealthy")).unwrap().0;
    assert!((122.0..152.0).contains(&found), "{found}");
    let failed = &run.timeline.failed["client_timeout"];
    assert!(failed[found as usize + 3..].iter().all(|rate| *rate == 0.0), "{failed:?}");
    assert!(failed[62..found as usize].iter().sum::<f64>() > 0.0);
}
