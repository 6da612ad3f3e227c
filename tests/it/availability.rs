//! How available an event was, by runs of which that is known by hand: intervals, minutes, zones, users.

use simcap::comparison::Comparison;
use simcap::ensemble::Ensemble;
use simcap::id::ClassId;
use simcap::outcome::availability::{AtNoInstance, Availability, Share};
use simcap::outcome::estimate::Quantity;
use simcap::outcome::{Outcome, Standing};
use simcap::report::{self, Paper};

use crate::run::{run, scenario};

/// A bank that refuses everything from 4:00 to 5:00 of ten minutes, and traffic.
fn refusing(traffic: &str, rest: &str) -> String {
    format!(
        "duration = \"10m\"\nbucket = \"5s\"\n[traffic.all]\n{traffic}\n[request.pay]\nsteps = [{{ service = \"bank\" }}]\n\
         [service.bank]\nservers = 1000\ntime = \"1ms\"\n[fault.outage]\nservice = \"bank\"\neffect = \"refuses\"\nshare = \"100%\"\n\
         at = \"4m\"\nfor = \"1m\"\n{rest}\n"
    )
}

/// Requests at the bank each 50 ms until 5:00, from 75 ms on, and then each 200 ms. 5,999 end in the first five minutes, 1,200 of them
/// refused; 1,500 end later, the last one 25 ms after the end not among them.
const EVEN: &str = "rate = [[\"0s\", \"20/s\"], [\"5m\", \"20/s\"], [\"5m\", \"5/s\"], [\"10m\", \"5/s\"]]\ninterarrival = \"1s\"\n\
                    client = { round_trip = \"50ms\" }";

fn availability(run: &Outcome) -> &Availability {
    run.availability.as_ref().expect("every run has one")
}

fn requests(run: &Outcome) -> Share {
    availability(run).requests.expect("some ended")
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-9 * expected.abs().max(1.0)
}

/// A fifth of the first five minutes failed, and nothing of the second: 10 % by time, 16 % by request, because most came before.
#[test]
fn an_outage_counts_by_its_requests_or_by_its_time() {
    let run = run(&refusing(EVEN, ""), 1);
    let share = requests(&run);
    assert_eq!((share.failed, share.ended), (1_200.0, 5_999.0 + 1_500.0));
    assert!(near(share.availability, 6_299.0 / 7_499.0));
    let by_time = availability(&run).by_time;
    assert_eq!(by_time.interval_s, 300.0);
    assert!(near(by_time.availability, 1.0 - 1_200.0 / 5_999.0 / 2.0), "{by_time:?}");
    // 1.6 of ten minutes failed; a year of 525,960 minutes like that has 84,166 of them.
    assert!(near(share.year.event_minutes, 10.0 * 1_200.0 / 7_499.0));
    assert!(near(share.year.year_minutes, 525_960.0 * 1_200.0 / 7_499.0));
    assert!(near(share.year.year_nines, (525_960.0 / share.year.event_minutes).log10()));
    let attempts = availability(&run).attempts.unwrap();
    assert_eq!(attempts, share, "without retries an attempt is a request");
}

/// In the minute of the outage all failed. With intervals of ten minutes there is one, which has the share of all requests.
#[test]
fn minutes_are_down_and_intervals_as_wide_as_the_file_says() {
    let down = |rest: &str| {
        let run = run(&refusing(EVEN, rest), 1);
        (availability(&run).down, availability(&run).by_time.availability)
    };
    let (usual, _) = down("");
    assert_eq!((usual.above, usual.window_s, usual.down_s), (0.1, 60.0, 60.0));
    // Half of what comes is refused: 50 % are no more than half.
    let half = |down: &str| {
        let text = refusing(EVEN, &format!("[availability]\ndown = \"{down}\""));
        run(&text.replace("\"100%\"\nat", "\"50%\"\nat"), 1)
    };
    assert_eq!(availability(&half("60%")).down.down_s, 0.0);
    assert_eq!(availability(&half("40%")).down.down_s, 60.0);
    let (_, whole) = down("[availability]\ninterval = \"10m\"");
    assert!(near(whole, 6_299.0 / 7_499.0), "{whole}");
    // A minute of rows of 25 s is one of 75 s: 3:45 to 5:00 has 1,500 requests, of which 1,200 failed.
    let wide = run(&refusing(EVEN, "").replace("bucket = \"5s\"", "bucket = \"25s\""), 1);
    let wide = availability(&wide).down;
    assert_eq!((wide.window_s, wide.down_s), (75.0, 75.0));
}

/// Poisson arrivals are spread evenly over their interval, so a fifth of the first one is expected to fail, whatever number comes, and 10 %
/// by time. The share of some 6,000 requests in each of eight runs has a standard deviation of √(0.2 × 0.8 / 6,000), half of it here.
#[test]
fn the_expected_share_of_an_interval_is_that_of_its_time() {
    let scenario = scenario(&refusing("rate = \"20/s\"", ""));
    let mut ensemble = Ensemble::new(&scenario, 1, None, &[], &|_| {}).unwrap();
    ensemble.extend_to(8);
    let outcome = ensemble.outcome();
    let found = outcome.estimate(&Quantity::Uptime).expect("each run has one");
    let error = (0.2 * 0.8 / 6_000.0_f64 / 8.0).sqrt() / 2.0;
    assert!((found.value - 0.9).abs() < 4.0 * error, "{found:?}");
    assert!(found.interval.unwrap().holds(0.9) && found.by_run.len() == 8, "{found:?}");
    assert!(near(found.value, availability(&outcome).by_time.availability));
    let down = outcome.estimate(&Quantity::Down).unwrap();
    assert_eq!((down.value, down.interval.unwrap().half_width), (60.0, 0.0));
    assert!(outcome.estimate(&Quantity::Availability(None)).unwrap().interval.is_some());
    assert!(near(requests(&outcome).ended * 8.0, outcome.requests.arrived * 8.0), "means over the runs");
}

/// A request that is tried again a minute later is answered: users see nothing of it, the servers do.
#[test]
fn a_retry_that_helps_is_a_failure_for_servers_alone() {
    let patient = EVEN.replace(
        "\"50ms\" }",
        "\"50ms\", retries = { max = 1, backoff = \"90s\", cap = \"90s\", jitter = \"none\" } }",
    );
    let run = run(&refusing(&patient, ""), 1);
    let (share, attempts) = (requests(&run), availability(&run).attempts.unwrap());
    assert_eq!((share.failed, attempts.failed), (0.0, 1_200.0));
    assert!(share.year.is_bound && !attempts.year.is_bound);
    // The rule of three: with 7,499 requests, 0.04 % may fail for all that.
    assert!((share.year.nines - (7_499.0_f64 / 3.0).log10()).abs() < 1e-3, "{share:?}");
    assert_eq!(attempts.ended, share.ended + 1_200.0);
}

/// Two instances in two zones that take turns, a request each 100 ms: zone a is lost at 30.05 s for good. Its instance is sent half of what
/// comes to the node of the balancer in zone b until its second failed check; what is sent to the node in zone a comes to no instance.
const TWO_ZONES: &str = "duration = \"2m\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"100ms\"\n\
    client = { timeout = \"3s\" }\n[request.page]\nvia = \"lb\"\nsteps = [{ cpu = \"1ms\" }]\n[balancer.lb]\ntargets = \"web\"\n\
    health_check = { interval = \"10s\", timeout = \"5s\", unhealthy = 2 }\n[fleet.web]\n\
    instance = \"m6i.large\"\ninstances = 2\nazs = [\"a\", \"b\"]\n[fault.outage]\nzone = \"a\"\nat = \"30.05s\"\n";

#[test]
fn what_failed_in_a_zone_that_is_lost_is_of_that_zone() {
    let run = run(TWO_ZONES, 1);
    let [a, b] = &availability(&run).zones[..] else { panic!("{:?}", availability(&run)) };
    assert_eq!((a.name.as_str(), b.name.as_str()), ("a", "b"));
    assert_eq!(b.share.failed, 0.0);
    let AtNoInstance { completed, failed } = availability(&run).at_no_instance.unwrap();
    assert!(a.share.failed > 20.0 && failed > 20.0 && completed == 0.0, "{a:?}, {failed}");
    assert_eq!(a.share.failed + failed, run.requests.failed);
    assert_eq!(a.share.ended + b.share.ended + failed, run.requests.completed + run.requests.failed);
    // Half of the 300 before it was lost, each of which was answered.
    assert_eq!(a.share.ended - a.share.failed, 150.0);
    let estimate = run.estimate(&Quantity::Availability(None)).unwrap();
    assert!(near(estimate.value, requests(&run).availability));
}

/// Each request is tried until it comes to the other zone, where it is answered: there it counts.
#[test]
fn a_request_is_of_the_zone_of_its_last_attempt() {
    let again = TWO_ZONES.replace("\"3s\" }", "\"300ms\", retries = { max = 40, backoff = \"10ms\" } }");
    let run = run(&again, 1);
    assert_eq!((run.requests.failed, run.attempts.failed > 50.0), (0.0, true));
    let [a, b] = &availability(&run).zones[..] else { panic!("{:?}", availability(&run)) };
    assert_eq!((a.share.failed, b.share.failed, a.share.ended), (0.0, 0.0, 150.0));
}

/// What a class asks before it calls its first instance refuses all from the first minute on: 600 requests came to an instance.
#[test]
fn what_fails_before_it_comes_to_an_instance_is_in_no_zone() {
    let steps = "steps = [{ service = \"gate\" }, { call = \"lb\", steps = [{ cpu = \"1ms\" }] }]\n";
    let gate = "[service.gate]\nservers = 9\ntime = \"1ms\"\n[fault.gate]\nservice = \"gate\"\neffect = \"refuses\"\n\
                share = \"100%\"\nat = \"60.05s\"\n";
    let text = TWO_ZONES.replace("via = \"lb\"\nsteps = [{ cpu = \"1ms\" }]\n", steps);
    let text =
        text.split("[fault.outage]").next().unwrap().to_owned() + gate + "[availability]\nzones = true\n";
    let run = run(&text, 1);
    let found = availability(&run);
    let [a, b] = &found.zones[..] else { panic!("{found:?}") };
    assert_eq!((a.share.ended, b.share.ended), (300.0, 300.0));
    assert_eq!((a.share.failed, b.share.failed), (0.0, 0.0));
    assert_eq!(found.at_no_instance, Some(AtNoInstance { completed: 0.0, failed: run.requests.failed }));
    assert_eq!(run.requests.failed, run.requests.arrived - 600.0);
}

#[test]
fn zones_are_not_told_apart_where_there_is_one() {
    let is_told = |text: &str| {
        let run = run(text, 1);
        let found = availability(&run);
        assert_eq!(found.zones.is_empty(), found.at_no_instance.is_none(), "{found:?}");
        found.at_no_instance.is_some()
    };
    assert!(!is_told(&TWO_ZONES.replace("[\"a\", \"b\"]", "[\"b\"]")));
    // Nor where nobody asks for it.
    let without_fault = TWO_ZONES.split("[fault.outage]").next().unwrap();
    assert!(!is_told(without_fault));
    assert!(is_told(&format!("{without_fault}[availability]\nzones = true\n")));
    assert!(is_told(TWO_ZONES) && !is_told(&format!("{TWO_ZONES}[availability]\nzones = false\n")));
}

/// A thousand users who ask once a minute, one after the other: a tenth of them in 6 s. The bank refuses for 6 s in the second minute, so a
/// hundred have met a failure. Of another population each asks once, within the 6 s.
#[test]
fn users_who_met_a_failure_are_counted_and_those_who_never_got_an_answer() {
    let text = "duration = \"3m\"\nbucket = \"1s\"\n\
        [users.regular]\ncount = [[\"0s\", 0], [\"60s\", 1000]]\nthink = \"60s\"\nstart = \"request\"\n\
        [users.once]\ncount = [[\"0s\", 0], [\"90.5s\", 0], [\"91.5s\", 10]]\nthink = \"10m\"\nstart = \"request\"\n\
        [request.pay]\nsteps = [{ service = \"bank\" }]\n[service.bank]\nservers = 9\ntime = \"0s\"\n[fault.outage]\nservice = \"bank\"\n\
        effect = \"refuses\"\nshare = \"100%\"\nat = \"90s\"\nfor = \"6s\"\n";
    let run = run(text, 1);
    let [regular, once] = &availability(&run).users[..] else { panic!("{:?}", availability(&run)) };
    assert_eq!((regular.name.as_str(), regular.users, regular.never_answered), ("regular", 1_000.0, 0.0));
    assert_eq!(regular.met_failure, 100.0);
    assert_eq!((once.users, once.met_failure, once.never_answered), (10.0, 10.0, 10.0));
    let failing = run.estimate(&Quantity::UsersFailing).unwrap();
    assert!(near(failing.value, 110.0 / 1_010.0));
    assert!(near(run.estimate(&Quantity::UsersUnanswered).unwrap().value, 10.0 / 1_010.0));
}

#[test]
fn of_open_traffic_no_user_is_known() {
    let run = run(&refusing(EVEN, ""), 1);
    assert!(availability(&run).users.is_empty() && run.estimate(&Quantity::UsersFailing).is_none());
}

/// Of two classes one fails in the minute of the outage, and has its own nines; an objective on it says so.
#[test]
fn each_class_has_its_share_and_an_objective_its_verdict() {
    let classes = "requests = { pay = 1, look = 1 }";
    let rest = "[request.look]\nsteps = [{ delay = \"1ms\" }]\n[objectives]\navailability = [\">= 99%\", \"look >= 99.95%\", \
                \"look >= 99.9% every minute\"]";
    let run = run(&refusing(&format!("{EVEN}\n{classes}"), rest), 1);
    let [pay, look] = &availability(&run).classes[..] else { panic!("{:?}", availability(&run)) };
    assert_eq!((pay.name.as_str(), look.name.as_str()), ("pay", "look"));
    assert_eq!((look.share.failed, look.share.year.is_bound), (0.0, true));
    assert_eq!(pay.share.failed, requests(&run).failed);
    let estimate = run.estimate(&Quantity::Availability(Some(ClassId(0)))).unwrap();
    assert!(near(estimate.value, pay.share.availability));
    let standing: Vec<Standing> = run.objectives.iter().map(|it| it.standing).collect();
    assert_eq!(standing, [Standing::Missed, Standing::Met, Standing::Met]);
}

/// Lines of a part of a page on 80 columns, without what only sets columns apart.
fn part(page: &str, title: &str) -> Vec<String> {
    let page = anstream::adapter::strip_str(page).to_string();
    let lines = page.lines().skip_while(|line| !line.starts_with(title)).take_while(|line| !line.is_empty());
    lines
        .map(|line| {
            assert!(line.chars().count() <= 80, "{line}");
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

const NARROW: Paper = Paper { width: Some(80), whole: false, bill: false };

/// Of 7,499 requests 1,200 failed: 16 % of a year of 525,960 minutes are 84,165, and of ten minutes 1.6. By time 10 % failed.
#[test]
fn a_page_has_a_line_for_each_way_to_count() {
    let failing = run(&refusing(EVEN, ""), 1);
    let lines = part(&report::page_on(&failing, &[], NARROW), "Availability");
    assert_eq!(
        lines,
        [
            "Availability of what ended; a year has 525,960 minutes",
            "available nines a year like this once a year nines",
            "requests 83.9 % 0.7 84,165 min (58.4 d) 1.6 min 5.5",
            "by 5m intervals 89.9 % 0.9 52,605 min (36.5 d) 1 min 5.7",
            "down for 1 min of 10m: more than 10 % of requests failed in each such minute",
        ]
    );
    let text = refusing(EVEN, "");
    let sound = run(text.split("[fault.").next().unwrap(), 1);
    let lines = part(&report::page_on(&sound, &[], NARROW), "Availability");
    // Of 7,499 without a failure 1 - 0.05^(1/7,499), 0.04 %, may fail.
    let supported = "succeeded: at least 3.3 nines by their number, at most 210 min (3.5 h) a year";
    assert_eq!(lines.join(" "), format!("Availability all 7,499 requests that ended {supported}"));
    let both = Comparison::of(&failing, &sound);
    let lines = part(&report::comparison(&both, NARROW), "Availability");
    assert_eq!(lines[2], "requests 83.9 % 0.7 84,165 min (58.4 d) 100 % ≥ 3.3");
    assert!(part(&report::comparison(&Comparison::of(&sound, &sound), NARROW), "Availability").is_empty());
}
