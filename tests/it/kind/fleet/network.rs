//! Answers that take time on the link of their instance, by hand: how they share it, how long its credits last, what ends early.

use simcap::outcome::{Outcome, Resource};

use crate::phases::troubles;
use crate::run::run;
use crate::theory::confidence::{replicate, sojourn};

/// Users that ask again at once, for answers of 1 MB, on one instance that answers them without work.
fn users(count: u32, seconds: u32, network: &str, more: &str) -> Outcome {
    let text = format!(
        "duration = \"{seconds}s\"\nbucket = \"1s\"\n{more}\n[users.all]\ncount = {count}\nthink = \"0s\"\n\
         [request.page]\nvia = \"web\"\nresponse_size = \"1 MB\"\nsteps = [{{ delay = \"1us\" }}]\n\
         [fleet.web]\ninstance = {{ vcpus = 1, memory = \"1 GiB\" }}\ninstances = 1\nnetwork = {{ {network} }}\n"
    );
    run(&text, 1)
}

/// 8 Mbit at 80 Mbit/s are 100 ms; of two answers at once each takes twice as long, and the link is never idle.
#[test]
fn answers_share_the_link_of_their_instance() {
    for (count, each) in [(1, 100.0), (2, 200.0), (5, 500.0)] {
        let outcome = users(count, 60, "baseline = \"80 Mbit/s\"", "");
        let latency = outcome.latency_ms.mean;
        // Half a millisecond is the way between client and instance.
        assert!((latency - each).abs() < 1.5, "{count}: {latency}");
        let network = &outcome.timeline.fleets[0].network[0];
        assert!(network.mbit_per_s[30] > 79.0 && network.mbit_per_s[30] < 80.1, "{:?}", network.mbit_per_s);
        assert!(network.busy_percent[30] > 99.0);
        assert!((network.waiting[30] - f64::from(count - 1)).abs() < 0.1, "{:?}", network.waiting);
        let sent = outcome.stages.iter().find(|stage| stage.of == Some(Resource::Network { fleet: 0 }));
        assert!(sent.is_some_and(|stage| stage.label == "sending answers from web"), "{:?}", outcome.stages);
    }
}

/// M/G/1-PS: an answer takes its time over 1 - ρ on the mean, whatever the others ask for. 5 a second of 100 ms: twice as long.
#[test]
fn the_mean_time_to_send_is_that_of_processor_sharing() {
    let text = "duration = \"20000s\"\nwarmup = \"200s\"\n[traffic.all]\nrate = \"5/s\"\n[request.page]\nvia = \"web\"\n\
                response_size = \"1 MB\"\nsteps = [{ delay = \"1us\" }]\n[fleet.web]\ninstance = { vcpus = 1, memory = \"1 GiB\" }\n\
                instances = 1\nthreads = \"unlimited\"\nnetwork = { baseline = \"80 Mbit/s\" }\n";
    replicate(text, 10).expect("answer", 200.0, 0.03, sojourn);
}

/// A burst of 100 Mbit/s for a minute, then 20: 12.5 answers of 8 Mbit a second, then 2.5. The credits fall evenly meanwhile.
#[test]
fn credits_are_used_up_at_the_second_that_arithmetic_says() {
    let outcome = users(3, 100, "baseline = \"20 Mbit/s\", burst = \"100 Mbit/s\", lasts = \"60s\"", "");
    let network = &outcome.timeline.fleets[0].network[0];
    let near = |column: &[f64], row: usize, expected: f64| {
        assert!(
            (column[row] - expected).abs() < 0.01 * expected + 0.2,
            "row {row}: {} for {expected}",
            column[row]
        );
    };
    near(&network.mbit_per_s, 30, 100.0);
    near(&network.mbit_per_s, 58, 100.0);
    near(&network.mbit_per_s, 61, 20.0);
    near(&network.mbit_per_s, 95, 20.0);
    near(&network.credits_percent, 29, 50.0);
    near(&network.credits_percent, 70, 0.0);
    assert_eq!((network.throttled[58], network.throttled[60]), (0.0, 1.0));
    let incident = outcome
        .incidents
        .iter()
        .find(|it| it.text == "network credits of an instance are spent: it sends 20 Mbit/s");
    let at = incident.map(|it| it.at_s);
    assert!(at.is_some_and(|at| (at - 60.0).abs() < 0.11), "{:?}", outcome.incidents);
    let held = outcome.kinds.fleets[0].throttled_seconds;
    assert!((held - 40.0).abs() < 0.11, "{held}");
    let warning = outcome.warnings.iter().find(|it| it.path() == "fleet.web.network");
    assert!(
        warning.is_some_and(|it| it.message.contains("sent 20 Mbit/s and no more, for 0.0111")),
        "{warning:?}"
    );
}

/// One answer a second takes 8 of the 20 Mbit that are earned: 12 of the 4,800 that a full minute of burst costs, each second.
/// Empty credits have 15 % after a minute.
#[test]
fn an_instance_that_sends_less_than_its_baseline_earns_credits() {
    let text = "duration = \"61s\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"1s\"\n[request.page]\nvia = \"web\"\n\
                response_size = \"1 MB\"\nsteps = [{ delay = \"1us\" }]\n[fleet.web]\ninstance = { vcpus = 1, memory = \"1 GiB\" }\ninstances = 1\n\
                network = { baseline = \"20 Mbit/s\", burst = \"100 Mbit/s\", lasts = \"60s\", initial = \"0%\" }\n";
    let outcome = run(text, 1);
    let credits = &outcome.timeline.fleets[0].network[0].credits_percent;
    assert!((credits[59] - 15.0).abs() < 0.3, "{credits:?}");
}

/// Two answers at once take 200 ms each, and the clients leave after 150. With `cancel` the link is free at once; else what
/// nobody waits for goes on, and more and more share it.
#[test]
fn an_answer_that_nobody_waits_for_leaves_the_link_only_where_work_is_called_off() {
    let most = |on_timeout: &str| {
        let client = format!("client = {{ timeout = \"150ms\", on_timeout = \"{on_timeout}\" }}");
        let outcome = users(2, 20, "baseline = \"80 Mbit/s\"", &client);
        assert!(outcome.requests.failed > 0.0);
        let waiting = &outcome.timeline.fleets[0].network[0].waiting;
        waiting.iter().copied().fold(0.0, f64::max)
    };
    assert!(most("cancel") <= 1.01, "{}", most("cancel"));
    assert!(most("keep_working") > 10.0, "{}", most("keep_working"));
}

/// A link that is asked for more than its baseline: it fills when its credits are spent, and the phase says so.
#[test]
fn a_phase_names_the_link_and_the_credits_that_were_spent() {
    let text = "duration = \"180s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"5/s\"\n[request.page]\nvia = \"web\"\n\
                response_size = \"1 MB\"\nsteps = [{ cpu = \"1ms\" }]\n[client]\ntimeout = \"5s\"\n[fleet.web]\n\
                instance = { vcpus = 1, memory = \"1 GiB\" }\ninstances = 1\n\
                network = { baseline = \"20 Mbit/s\", burst = \"100 Mbit/s\", lasts = \"20s\" }\n";
    let outcome = run(text, 1);
    let phases = troubles(&outcome);
    let sentence = &phases.first().expect("the link fills").sentence;
    assert!(sentence.contains("1 instance of `web` out of network credits, sending 20 Mbit/s"), "{sentence}");
    assert!(sentence.contains("network of `web` full"), "{sentence}");
    let headroom = outcome.headroom.iter().find(|it| it.of == Resource::Network { fleet: 0 });
    assert!(headroom.is_some_and(|it| it.saturated), "{:?}", outcome.headroom);
}

/// Without the key nothing is sent over a link: bytes take no time, and there are no columns of it.
#[test]
fn without_the_key_bytes_take_no_time() {
    let text = "duration = \"10s\"\n[traffic.all]\nrate = \"5/s\"\n[request.page]\nvia = \"web\"\nresponse_size = \"100 MB\"\n\
                steps = [{ cpu = \"1ms\" }]\n[fleet.web]\ninstance = \"t3.micro\"\ninstances = 1\n";
    let outcome = run(text, 1);
    assert!(outcome.latency_ms.max < 50.0 && outcome.timeline.fleets[0].network.is_empty());
}

/// 50 Mbit/s of a burst of 200 and a baseline of 20, for 300 s. Credits of 60 s of the burst are 10,800 Mbit beyond the baseline: what
/// is sent in 300 s may be 36 Mbit/s above it. In 60 s the burst is reached first.
#[test]
fn the_headroom_of_a_link_ends_where_its_credits_do() {
    let text = |duration: u32| {
        format!(
            "duration = \"{duration}s\"\nbucket = \"5s\"\ntraffic.all = {{ rate = \"50/s\", interarrival = \"20ms\" }}\n[request.page]\n\
             via = \"web\"\nresponse_size = \"125 KB\"\nsteps = [{{ delay = \"1us\" }}]\n[fleet.web]\ninstances = 1\n\
             instance = {{ vcpus = 1, memory = \"1 GiB\" }}\n\
             network = {{ baseline = \"20 Mbit/s\", burst = \"200 Mbit/s\", lasts = \"60s\" }}\n"
        )
    };
    for (duration, exact, name) in [
        (300, 56.0 / 50.0, "network of web (as long as its credits last)"),
        (60, 200.0 / 50.0, "network of web (at its burst)"),
    ] {
        let outcome = run(&text(duration), 1);
        let link = outcome.headroom.iter().find(|it| it.of == Resource::Network { fleet: 0 }).unwrap();
        assert_eq!(link.resource, name);
        assert!((link.limit().unwrap() / exact - 1.0).abs() < 0.02, "{duration} s: {link:?}");
    }
}

/// The bucket of (300 - 100) × 30 Mbit lasts for a minute at 200 Mbit/s. While connections begin a little is earned and spent again: that is no
/// second time. After ten minutes in which nothing was sent it is.
#[test]
fn credits_that_are_spent_again_at_once_are_told_once() {
    let incidents = |traffic: &str| {
        let text = format!(
            "duration = \"16m\"\nbucket = \"1s\"\n[traffic.t]\n{traffic}\ninterarrival = \"40ms\"\nclient = {{ timeout = \"5s\", \
             on_timeout = \"cancel\" }}\n[request.r]\nvia = \"lb\"\nresponse_size = \"1 MB\"\nsteps = [{{ cpu = \"2ms\" }}]\n\
             [balancer.lb]\ntargets = \"w\"\n[fleet.w]\ninstance = \"m5.large\"\ninstances = 1\nthreads = \"unlimited\"\n\
             network = {{ baseline = \"100 Mbit/s\", burst = \"300 Mbit/s\", lasts = \"30s\" }}\n"
        );
        let outcome = run(&text, 1);
        let of_it =
            outcome.incidents.iter().filter(|it| it.text.contains("network credits")).map(|it| it.at_s);
        of_it.collect::<Vec<_>>()
    };
    let [at] = incidents("rate = \"25/s\"")[..] else { panic!("{:?}", incidents("rate = \"25/s\"")) };
    assert!((at - 60.0).abs() < 1.0, "{at}");
    let twice = incidents(
        "rate = [[\"0s\", \"25/s\"], [\"2m\", \"25/s\"], [\"2m\", \"1/h\"], [\"13m\", \"1/h\"], [\"13m\", \"25/s\"]]",
    );
    assert_eq!(twice.len(), 2, "{twice:?}");
}

/// A link of 400 Mbit/s with a baseline of 80, asked for 160, 20 ms of each 50. A burst of 60 s has 320 × 60 = 19,200 Mbit, which 80 too many a
/// second use up in 240 s. From then on no second carries more than the baseline, also where the link was idle just then.
#[test]
fn a_link_that_is_half_busy_sends_no_more_than_its_credits() {
    let text = "duration = \"260s\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"50ms\"\n[request.page]\nvia = \"web\"\n\
                response_size = \"1 MB\"\nsteps = [{ delay = \"1us\" }]\n[client]\ntimeout = \"5m\"\n[fleet.web]\n\
                instance = { vcpus = 1, memory = \"1 GiB\" }\ninstances = 1\nthreads = \"unlimited\"\n\
                network = { baseline = \"80 Mbit/s\", burst = \"400 Mbit/s\", lasts = \"60s\" }\n";
    let outcome = run(text, 1);
    let network = &outcome.timeline.fleets[0].network[0];
    let sent: f64 = network.mbit_per_s[..250].iter().sum();
    assert!((39_180.0..39_200.5).contains(&sent), "{sent} of 19,200 and 250 × 80");
    assert!(network.mbit_per_s[241..].iter().all(|sent| *sent < 80.1), "{:?}", &network.mbit_per_s[238..250]);
    let said: Vec<f64> = outcome.incidents.iter().map(|it| it.at_s).collect();
    assert!(said.len() == 1 && (said[0] - 240.0).abs() < 0.1, "{said:?}");
}

/// Credits for 60 s at 200 Mbit/s, and 100 Mbit/s from then on. The row in which they end has both; the page says what is sent after it.
#[test]
fn a_link_without_credits_is_said_to_send_its_baseline() {
    let text = "duration = \"2m\"\n[traffic.t]\nrate = \"25/s\"\ninterarrival = \"40ms\"\n[request.r]\nvia = \"lb\"\n\
                response_size = \"1 MB\"\nsteps = [{ cpu = \"2ms\" }]\n[balancer.lb]\ntargets = \"w\"\nidle_timeout = \"5m\"\n\
                [fleet.w]\ninstance = \"m5.large\"\ninstances = 1\nthreads = \"unlimited\"\n\
                network = { baseline = \"100 Mbit/s\", burst = \"300 Mbit/s\", lasts = \"30s\" }\n";
    let run = run(text, 1);
    let trouble = run.phases.iter().find(|phase| phase.trouble).unwrap();
    assert!(trouble.sentence.contains("network of `w` full (100 Mbit/s sent"), "{}", trouble.sentence);
}
