//! The name of a balancer that leads to a wrong address, and a bad configuration, worked out by hand.

use simcap::outcome::Outcome;

use super::incidents;
use crate::run::run;

/// Ten requests a second at four instances behind a balancer.
fn shop(client: &str, balancer: &str, fault: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n{client}\n\
             [request.page]\nvia = \"lb\"\nsteps = [{{ cpu = \"1ms\" }}]\n[balancer.lb]\ntargets = \"web\"\n{balancer}\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 4\n[fault.bad]\nat = \"60s\"\n{fault}\n"
        ),
        1,
    )
}

fn failed<'a>(run: &'a Outcome, cause: &str) -> &'a [f64] {
    run.timeline.failed.get(cause).map_or(&[], |rows| rows.as_slice())
}

/// Wrong from 60 s to 80 s, and kept for 20 s: the share that knows it grows to all until 80 s, and falls to none until 100 s. That is
/// 200 requests, with a variance of 10 · 2 · 20 / 6.
#[test]
fn a_wrong_name_is_felt_for_its_time_to_live() {
    for (effect, cause) in [("refuses", "connection_refused"), ("unreachable", "client_timeout")] {
        let fault = format!("balancer = \"lb\"\neffect = \"{effect}\"\nfor = \"20s\"\nttl = \"20s\"");
        let run = shop("[client]\ntimeout = \"3s\"", "", &fault);
        let rows = failed(&run, cause);
        let count: f64 = rows.iter().sum();
        assert!((count - 200.0).abs() < 4.0 * 66.7f64.sqrt(), "{effect}: {count}");
        assert_eq!(run.requests.failed, count);
        let late = if effect == "refuses" { 0 } else { 3 };
        assert!(rows[..60].iter().chain(&rows[101 + late..]).all(|rate| *rate == 0.0), "{rows:?}");
        let (rising, top) = (rows[62 + late], rows[79 + late] + rows[80 + late]);
        assert!(rising <= 5.0 && top >= 16.0, "{effect}: {rows:?}");
        // It is over when nobody knows the wrong address any more.
        assert_eq!(incidents(&run)[1], (100.0, "all callers have the address of `lb` again"));
    }
}

/// Half of the callers, for as long as nothing says otherwise: 60 s after its begin, half of all requests.
#[test]
fn a_share_of_the_callers_has_the_wrong_address() {
    let run = shop("", "", "balancer = \"lb\"\neffect = \"refuses\"\nshare = \"50%\"");
    assert_eq!(
        incidents(&run)[0],
        (60.0, "the name of `lb` leads 50 % of its callers to where nobody listens")
    );
    // Of 1,200 from 120 s on, with a variance of a quarter of that.
    let count: f64 = failed(&run, "connection_refused")[120..].iter().sum();
    assert!((count - 600.0).abs() < 4.0 * 300f64.sqrt(), "{count}");
}

/// Who has no timeout tries to connect for 127 s.
#[test]
fn who_has_no_timeout_tries_for_as_long_as_tcp_does() {
    let run = shop(
        "[client]\ntimeout = \"10m\"",
        "",
        "balancer = \"lb\"\neffect = \"unreachable\"\nfor = \"1s\"\nttl = \"1s\"",
    );
    let rows = failed(&run, "connection_timeout");
    assert!(
        rows[..187].iter().all(|rate| *rate == 0.0) && rows[187..190].iter().sum::<f64>() > 2.0,
        "{rows:?}"
    );
}

/// Retries of clients and of calls meet the same answer: half of the requests fail with them as without, where half of half and so on would
/// be a thirty-second part.
#[test]
fn a_retry_meets_the_same_answer() {
    let fault = "balancer = \"lb\"\neffect = \"refuses\"\nshare = \"50%\"\nttl = \"60s\"";
    let client = "[client]\nretries = { max = 4, backoff = \"50ms\" }";
    let tried = shop(client, "", fault);
    let call = "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n[request.page]\n\
                via = \"web\"\nsteps = [{ call = \"inner\", retries = { max = 4, backoff = \"50ms\" }, steps = [{ cpu = \"1ms\" }] }]\n\
                [balancer.inner]\ntargets = \"web2\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n[fleet.web2]\n\
                instance = \"m5.large\"\ninstances = 1\n[fault.bad]\nat = \"60s\"\n";
    let called = run(&(call.to_owned() + &fault.replace("\"lb\"", "\"inner\"")), 1);
    for run in [tried, called] {
        // Of 1,200 from 120 s on.
        let count: f64 = failed(&run, "connection_refused")[121..].iter().sum();
        assert!((count - 595.0).abs() < 4.0 * 300f64.sqrt(), "{count}");
    }
}

/// One user who asks each second and keeps an address for 60 s: it changes at most once a minute, and is wrong at some time and right at another.
#[test]
fn a_user_keeps_an_address_for_its_time_to_live() {
    let text = "duration = \"20m\"\nbucket = \"1s\"\n[users.one]\ncount = 1\nthink = \"1s\"\n[request.page]\nvia = \"lb\"\n\
                steps = [{ cpu = \"1ms\" }]\n[balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n\
                [fault.bad]\nbalancer = \"lb\"\neffect = \"refuses\"\nshare = \"50%\"\nat = \"0s\"\n";
    let run = run(text, 1);
    let answers = run.timeline.completed.iter().zip(failed(&run, "connection_refused"));
    let is_wrong: Vec<bool> = answers.filter(|(ok, no)| **ok + **no > 0.0).map(|(_, no)| *no > 0.0).collect();
    let changes: Vec<usize> = (1..is_wrong.len()).filter(|&at| is_wrong[at] != is_wrong[at - 1]).collect();
    assert!(is_wrong.len() > 1_000 && (1..=20).contains(&changes.len()), "{changes:?}");
    assert!(changes.windows(2).all(|pair| pair[1] - pair[0] >= 55), "{changes:?}");
}

/// Two of four instances answer with errors: half of all requests for a minute, in turn, until their checks have failed twice.
#[test]
fn a_bad_configuration_fails_requests_until_the_checks_notice() {
    let push = "fleet = \"web\"\neffect = \"fails\"\nshare = \"50%\"\nfor = \"60s\"";
    let check = |interval: &str| {
        format!(
            "health_check = {{ interval = \"{interval}\", timeout = \"2s\", unhealthy = 2, healthy = 2 }}"
        )
    };
    let unnoticed = shop("", &check("300s"), push);
    let rows = failed(&unnoticed, "http_500");
    let count: f64 = rows.iter().sum();
    assert!((count - 300.0).abs() <= 2.0, "{count}");
    assert!(rows[..60].iter().chain(&rows[121..]).all(|rate| *rate == 0.0), "{rows:?}");
    assert_eq!(incidents(&unnoticed)[0], (60.0, "2 of 4 instances of `web` answered with errors"));
    let noticed = shop("", &check("5s"), push);
    let rows = failed(&noticed, "http_500");
    assert!(rows[60] > 0.0 && rows[71..].iter().all(|rate| *rate == 0.0), "{rows:?}");
    assert_eq!(noticed.faults[0].detected_by.as_deref(), Some("health check of `web`"));
    assert!(noticed.faults[0].detected_after_s.is_some_and(|after| after <= 10.0), "{:?}", noticed.faults);
    let healthy = incidents(&noticed)
        .into_iter()
        .any(|(at, text)| at >= 125.0 && text == "all 4 targets healthy again");
    assert!(healthy, "{:?}", incidents(&noticed));
}
