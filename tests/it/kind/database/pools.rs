//! Applications that get no connection: they fail to start, and are restarted.

use simcap::outcome::{Outcome, Resource};

use crate::run::run;

/// Three instances of 17 connections each, six from 600 s on; the database has 76: four times 17, eight, and none. The
/// last one of the three new ones to start gets none.
fn six_pools(fleet: &str, minimum: u32) -> Outcome {
    run(
        &format!(
            "duration = \"25m\"\nbucket = \"10s\"\n[traffic.rules]\nrate = \"30/s\"\n[request.rule]\nvia = \"lb\"\n\
             steps = [{{ cpu = \"5ms\" }}, {{ read = \"db\", demand = \"5ms\" }}]\n[balancer.lb]\ntargets = \"app\"\n\
             deregistration_delay = \"10s\"\n[fleet.app]\ninstance = \"m6i.large\"\nmin = 3\nmax = 6\n\
             pools = {{ db = {{ writer = 17, timeout = \"1s\", minimum = {minimum} }} }}\n{fleet}\n\
             boot = {{ decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"uniform 1s 9s\", application = \"5s\" }}\n\
             [database.db]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"\nmax_connections = 76\n"
        ),
        1,
    )
}

const REFUSED: &str = "an application cannot start: `db` refuses its connections";

fn refusals(run: &Outcome) -> Vec<f64> {
    run.incidents.iter().filter(|incident| incident.text == REFUSED).map(|incident| incident.at_s).collect()
}

/// The sixth does not serve, no request fails, and after its grace period of five minutes from 620 s on it is replaced;
/// so is its successor, 20 s and five minutes later.
#[test]
fn an_application_without_its_first_connection_does_not_start() {
    let run = six_pools("health = \"elb\"\nschedule = [{ at = \"10m\", desired = 6 }]", 1);
    assert_eq!(run.requests.failed, 0.0);
    let serving = &run.timeline.fleets[0].serving;
    assert!(serving[66..].iter().all(|&serving| serving == 5.0), "{serving:?}");
    let at: Vec<f64> = run.scaling.iter().map(|activity| activity.at_s).collect();
    let [out, first, second] = at[..] else { panic!("{at:?}") };
    assert_eq!(out, 600.0);
    assert!((920.0..=950.0).contains(&first), "{at:?}");
    assert!((first + 320.0..=first + 350.0).contains(&second), "{at:?}");
    // Once for each instance, although each is restarted every few seconds.
    assert_eq!(refusals(&run).len(), 3);
    assert!(run.databases[0].connections_refused > 100.0, "{}", run.databases[0].connections_refused);
}

/// If it starts without connections it gets its share of the requests and cannot answer any.
#[test]
fn an_application_may_start_without_connections() {
    let run = six_pools("schedule = [{ at = \"10m\", desired = 6 }]", 0);
    assert_eq!(*run.timeline.fleets[0].serving.last().unwrap(), 6.0);
    let failed = run.requests.failed_by_cause["pool_timeout"];
    // A sixth of 30/s for a little less than 15 minutes.
    assert!((0.9..=1.0).contains(&(failed / (5.0 * 865.0))), "{failed}");
}

/// Its supervisor restarts it until an instance that leaves at 1,000 s has given its connections back, ten seconds
/// later: within the five seconds of a start and a pause of 100 ms it serves.
#[test]
fn an_application_starts_as_soon_as_it_gets_a_connection() {
    let run = six_pools("schedule = [{ at = \"10m\", desired = 6 }, { at = \"1000s\", desired = 5 }]", 1);
    assert_eq!(refusals(&run).len(), 1);
    let serving = &run.timeline.fleets[0].serving;
    assert_eq!(serving[99], 5.0);
    assert!(serving[103..].iter().all(|&serving| serving == 5.0), "{serving:?}");
    assert_eq!(run.requests.failed, 0.0);
}

/// An instance that cannot open its pool at the start of a run is down then, and replaced without a grace period.
#[test]
fn an_instance_of_the_start_may_be_down() {
    let run = six_pools("desired = 6\nhealth = \"elb\"", 1);
    assert!(run.timeline.fleets[0].serving.iter().all(|&serving| serving == 5.0));
    assert_eq!(refusals(&run)[0], 0.0);
    let first = run.scaling[0].at_s;
    assert!(first <= 30.0, "{first}");
    assert_eq!(run.requests.failed, 0.0);
}

/// The database is lost with zone a from 2 to 5 minutes, while a second instance starts at 3:00 and 35 s. It has ten of 1,000
/// connections at most: nothing is refused.
#[test]
fn a_lost_writer_refuses_nothing_at_its_limit() {
    let run = run(
        "duration = \"6m\"\nbucket = \"5s\"\n[traffic.t]\nrate = \"50/s\"\nclient = { timeout = \"3s\" }\n[request.page]\nvia = \"door\"\n\
         steps = [{ cpu = \"2ms\" }, { write = \"db\", demand = \"1ms\" }]\n[balancer.door]\ntargets = \"app\"\n[fleet.app]\n\
         instance = \"m5.large\"\nazs = [\"b\"]\nmin = 1\nmax = 3\nschedule = [{ at = \"3m\", desired = 2 }]\npools = { db = 5 }\n\
         boot = { decision = \"5s\", launch = \"20s\", system = \"5s\", bootstrap = \"0s\", application = \"5s\" }\n\
         [database.db]\nwriter = \"db.r6g.large\"\nazs = [\"a\"]\n[fault.gone]\nzone = \"a\"\nat = \"2m\"\nfor = \"3m\"\n",
        1,
    );
    let database = &run.databases[0];
    assert_eq!((database.connections_refused, database.peak_connections), (0.0, 10));
    let said: Vec<f64> =
        run.incidents.iter().filter(|it| it.text.contains("cannot start")).map(|it| it.at_s).collect();
    assert_eq!(said, [215.0]);
    assert!(
        run.incidents.iter().any(|it| it.text == "an application cannot start: the writer of `db` is lost")
    );
    let text = &run.phases.iter().find(|phase| phase.trouble).unwrap().sentence;
    assert!(text.contains("1 instance of `app` cannot start") && !text.contains("at their limit"), "{text}");
    // Threads are full of what waits soon after 2:00, and the checks fail well before the instance starts.
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
    assert!(at("unhealthy") < at("cannot start"), "{text}");
}

/// Four more instances are registered at 85 s and ask for ten connections each at 95 s, of 45: three of them get these at once,
/// and one never does.
#[test]
fn as_many_cannot_start_as_could_not_at_one_time() {
    let run = run(
        "duration = \"4m\"\nbucket = \"5s\"\n[traffic.t]\nrate = \"20/s\"\n[request.page]\nvia = \"door\"\n\
         steps = [{ cpu = \"2ms\" }, { write = \"db\", demand = \"1ms\" }]\n[balancer.door]\ntargets = \"app\"\n[fleet.app]\n\
         instance = \"m5.large\"\nmin = 1\nmax = 5\nschedule = [{ at = \"1m\", desired = 5 }]\n\
         boot = { decision = \"5s\", launch = \"20s\", system = \"5s\", bootstrap = \"0s\", application = \"5s\" }\n\
         pools = { db = { writer = 10, minimum = 10 } }\n[database.db]\nwriter = \"db.r6g.large\"\nmax_connections = 45\n",
        1,
    );
    // The others have enough: nobody feels it, and the one phase says it all the same.
    let [phase] = &run.phases[..] else { panic!("{:#?}", run.phases) };
    let said = "up to 1 instance of `app` cannot start from 1:";
    assert!(!phase.trouble && phase.sentence.contains(said), "{}", phase.sentence);
    // The headroom tells of the row in which they were refused.
    let headroom = run.headroom.iter().find(|it| matches!(it.of, Resource::Connections { .. })).unwrap();
    assert_eq!(headroom.as_it_stood.at_s, 95.0, "{headroom:?}");
}

/// Three of five instances find connections, from 2:40 on, and they have enough to do a quarter of what they can until 8:00. Then a load of
/// 7.2 vCPUs comes to six: that is what is felt, and the limit that was reached before is told after it.
#[test]
fn a_limit_that_nobody_felt_does_not_open_a_later_overload() {
    let run = run(
        "duration = \"12m\"\nbucket = \"5s\"\n[traffic.web]\nrate = [[\"0m\", \"150/s\"], [\"8m\", \"150/s\"], [\"8m\", \"1800/s\"], \
         [\"9m\", \"1800/s\"], [\"9m\", \"150/s\"]]\nclient = { timeout = \"5s\" }\n[request.page]\nvia = \"lb\"\n\
         steps = [{ cpu = \"4ms\" }, { read = \"main\", demand = \"100us\" }]\n[balancer.lb]\ntargets = \"app\"\n[fleet.app]\n\
         instance = \"m5.large\"\nmin = 2\nmax = 6\nschedule = [{ at = \"2m\", desired = 5 }]\n\
         boot = { decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"0s\", application = \"10s\" }\n\
         pools = { main = { writer = 10, minimum = 10 } }\n[database.main]\nwriter = \"db.r6g.large\"\nmax_connections = 30\n",
        1,
    );
    let [calm, trouble, ..] = &run.phases[..] else { panic!("{:#?}", run.phases) };
    assert!(!calm.trouble, "{}", calm.sentence);
    for said in ["connections of `main` at their limit", "up to 2 instances of `app` cannot start from 2:"] {
        assert!(calm.sentence.contains(said), "{}", calm.sentence);
    }
    assert!(trouble.trouble && (475.0..=485.0).contains(&trouble.from_s), "{}", trouble.sentence);
    assert_eq!(trouble.chain[0].resource, Some(Resource::Cpu { fleet: 0 }), "{}", trouble.sentence);
    let limit = trouble.chain.iter().find(|it| matches!(it.resource, Some(Resource::Connections { .. })));
    let limit = limit.unwrap_or_else(|| panic!("{}", trouble.sentence));
    assert!(limit.cause && (155.0..=165.0).contains(&limit.at_s), "{}", trouble.sentence);
}

/// Sixty connections are all taken at once, and one of four instances has none of its own. At 200/s of 41 ms nobody waits for one; from 2:00
/// to 3:00 at 1,500/s they do, and then the limit is why.
#[test]
fn a_limit_that_is_felt_later_opens_its_phase_then() {
    let run = run(
        "duration = \"6m\"\nbucket = \"5s\"\n[traffic.web]\nrate = [[\"0m\", \"200/s\"], [\"2m\", \"200/s\"], [\"2m\", \"1500/s\"], \
         [\"3m\", \"1500/s\"], [\"3m\", \"200/s\"]]\nclient = { timeout = \"5s\" }\n[request.page]\nvia = \"lb\"\n\
         steps = [{ transaction = \"main\", steps = [{ read = \"1ms\" }, { delay = \"40ms\" }] }]\n[balancer.lb]\ntargets = \"app\"\n\
         [fleet.app]\ninstance = \"m5.xlarge\"\ninstances = 4\npools = { main = { writer = 20, timeout = \"2s\" } }\n\
         [database.main]\nwriter = \"db.r6g.xlarge\"\nmax_connections = 60\n",
        1,
    );
    let [calm, trouble, after] = &run.phases[..] else { panic!("{:#?}", run.phases) };
    assert!(!calm.trouble && trouble.trouble && !after.trouble, "{:#?}", run.phases);
    assert!((115.0..=125.0).contains(&trouble.from_s), "{}", trouble.sentence);
    assert!((180.0..=200.0).contains(&trouble.to_s), "{}", trouble.sentence);
    assert!(
        trouble.sentence.starts_with("0:00 connections of `main` at their limit"),
        "{}",
        trouble.sentence
    );
}

/// A statement of half a second each second, and a connection for each instance: the second instance exists from 25 s to
/// 44.75 s, when the first leaves. A row counts a connection for as long as it is open.
#[test]
fn a_pool_is_as_large_as_its_connections_are_open() {
    let run = run(
        "duration = \"60s\"\nbucket = \"10s\"\n[traffic.all]\ninterarrival = \"1s\"\n[request.go]\nvia = \"web\"\n\
         steps = [{ read = \"db\", demand = \"500ms\" }]\n[fleet.web]\ninstance = \"m6i.large\"\ninstances = 1\n\
         timetable = [[\"25s\", 2], [\"44.75s\", 1]]\npools = { db = 1 }\n\
         [database.db]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\n",
        1,
    );
    let used = &run.timeline.fleets[0].pools[0].used_percent;
    // Requests at 1 s to 9 s in the first row, ten in each of the others.
    let expected = [4.5 / 10.0, 5.0 / 10.0, 5.0 / 15.0, 5.0 / 20.0, 5.0 / 14.75, 5.0 / 10.0];
    assert_eq!(used.len(), expected.len());
    for (row, (used, expected)) in used.iter().zip(expected).enumerate() {
        assert!((used - 100.0 * expected).abs() < 1e-6, "row {row}: {used} for {}", 100.0 * expected);
    }
}

/// Two pools of 20, and the node takes 30: ten are refused at the start, and ten again when it is back after a crash and all ask anew.
#[test]
fn what_a_node_refuses_after_its_return_is_counted_again() {
    let run = run(
        "duration = \"5m\"\nbucket = \"5s\"\n[traffic.t]\nrate = \"20/s\"\n[request.page]\nvia = \"door\"\n\
         steps = [{ cpu = \"2ms\" }, { write = \"db\", demand = \"1ms\" }]\n[balancer.door]\ntargets = \"app\"\n[fleet.app]\n\
         instance = \"m5.large\"\ninstances = 2\npools = { db = { writer = 20 } }\n[database.db]\nengine = \"mysql\"\n\
         writer = \"db.r6g.large\"\nmax_connections = 30\n[fault.cut]\ndatabase = \"db\"\neffect = \"crashes\"\nat = \"1m\"\n",
        1,
    );
    let refused = run.incidents.iter().filter(|it| it.text == "too many connections: 10 refused");
    let at: Vec<f64> = refused.map(|it| it.at_s).collect();
    let back = run.incidents.iter().find(|it| it.text.contains("is back")).unwrap().at_s;
    assert_eq!(at, [0.0, back], "{:?}", run.incidents);
    assert_eq!(run.databases[0].connections_refused, 20.0);
}
