//! Caches and databases that are slow, fail, refuse, hang, or lose a node, worked out by hand.

use simcap::outcome::{Node, Outcome, Resource};

use super::{incidents, when};
use crate::phases::troubles;
use crate::run::run;

/// Ten look-ups a second of one key, on the first of two shards: commands of 10 ms (12.5 ms on a node of strength 1.25), a miss of 1 ms more.
fn look_ups(cache: &str, faults: &str) -> Outcome {
    run(
        &format!(
            "duration = \"120s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\n\
             steps = [{{ cache = \"store\", keys = {{ count = 1, zipf = 0 }}, miss = {{ delay = \"1ms\" }} }}]\n\
             [cache.store]\nnode = \"cache.r6g.large\"\nshards = 2\nhop = \"0s\"\ncommand = \"12.5ms\"\n\
             warm = \"100%\"\ntimeout = \"2s\"\n{cache}\n{faults}"
        ),
        1,
    )
}

fn of_cache(name: &str, (at, length): (&str, &str), effect: &str) -> String {
    format!("[fault.{name}]\ncache = \"store\"\nat = \"{at}\"\nfor = \"{length}\"\neffect = {effect}\n")
}

/// From 60.05 s on a fault of ten seconds, of a cache with some replicas.
fn cache_with(replicas: u32, fault: &str) -> Outcome {
    look_ups(&format!("replicas = {replicas}"), &of_cache("bad", ("60.05s", "10s"), fault))
}

fn cache(fault: &str) -> Outcome {
    cache_with(0, fault)
}

fn missed(run: &Outcome) -> f64 {
    run.caches[0].lookups - run.caches[0].hits
}

/// A command of 50 ms, at its shard only. Replicas are no help, nor do they answer.
#[test]
fn a_slow_cache_takes_so_many_times_as_long() {
    for replicas in [0, 1] {
        let slow = |more: &str| {
            let run = cache_with(replicas, &format!("\"slow\"\nfactor = 5\n{more}"));
            assert_eq!((run.requests.failed, missed(&run)), (0.0, 0.0));
            run
        };
        let all = slow("");
        assert!((all.latency_ms.max - 50.0).abs() < 0.1, "{}", all.latency_ms.max);
        let during = &all.timeline.caches[0].busy_percent[61..70];
        // One shard of two is busy for 50 ms of each 100 ms.
        assert!(during.iter().all(|percent| (percent - 25.0).abs() < 1e-6), "{during:?}");
        let after = &all.timeline.caches[0].busy_percent[72..];
        assert!(after.iter().all(|percent| (percent - 5.0).abs() < 1e-6), "{after:?}");
        assert_eq!(when(&all, "`store` takes 5 times as long"), 60.05);
        assert!((slow("shard = 1").latency_ms.max - 50.0).abs() < 0.1);
        assert!((slow("shard = 2").latency_ms.max - 10.0).abs() < 0.1);
    }
}

/// A hundred look-ups get an error after 10 ms, or at once, and are misses; what the shard holds it keeps.
#[test]
fn an_error_of_a_cache_is_a_miss() {
    for replicas in [0, 1] {
        let fails = cache_with(replicas, "\"fails\"\nshare = \"100%\"");
        assert_eq!((fails.requests.failed, missed(&fails)), (0.0, 100.0));
        assert!((fails.latency_ms.max - 11.0).abs() < 0.1, "no fill: {}", fails.latency_ms.max);
        let refuses = cache_with(replicas, "\"refuses\"\nshare = \"100%\"");
        assert_eq!((refuses.requests.failed, missed(&refuses)), (0.0, 100.0));
        let during = &refuses.timeline.caches[0].busy_percent[61..70];
        assert!(during.iter().all(|percent| *percent == 0.0), "{during:?}");
        // A share: of 100, within four standard deviations of 30.
        let some = missed(&cache_with(replicas, "\"fails\"\nshare = \"30%\""));
        assert!((some - 30.0).abs() < 4.0 * 21f64.sqrt(), "{some}");
    }
}

/// Nothing is answered until 70.05 s, then each 10 ms after the one before. The look-up of 60 s and n tenths would be answered at 70.05 s and
/// n hundredths, and waits for 2 s: so the first 89 are misses of 2.001 s, and the others are hits.
#[test]
fn a_cache_that_hangs_answers_when_it_is_over_those_who_still_wait() {
    for replicas in [0, 1] {
        let run = cache_with(replicas, "\"hangs\"");
        assert_eq!((run.requests.failed, missed(&run)), (0.0, 89.0));
        assert!((run.latency_ms.max - 2_001.0).abs() < 1.0, "{}", run.latency_ms.max);
        let busy = &run.timeline.caches[0].busy_percent;
        assert!(busy[61..70].iter().all(|percent| *percent == 0.0), "{busy:?}");
        assert!(busy.iter().all(|percent| (0.0..=50.0 + 1e-6).contains(percent)), "{busy:?}");
    }
}

/// As with its zone: not answered, and empty when it is back.
#[test]
fn a_shard_that_dies_is_lost_and_comes_back_empty() {
    let run = cache("\"dies\"\nshard = 1");
    assert_eq!(run.requests.failed, 0.0);
    assert!((run.latency_ms.max - 2_001.0).abs() < 1.0, "{}", run.latency_ms.max);
    // Those of the fault, and the one that fills it again.
    assert!((100.0..=101.0).contains(&missed(&run)), "{}", missed(&run));
    assert_eq!(when(&run, "shard 1 of `store` died"), 60.05);
    assert_eq!(when(&run, "1 shard back and empty"), 70.05);
    assert_eq!(missed(&cache("\"dies\"\nshard = 2")), 0.0);
}

const QUICK: &str = "replicas = 1\ndetect = \"5s\"\npromotion = \"1s\"";

/// Known at 65.05 s, promoted at 66.05 s: the sixty look-ups until then are misses of 2.001 s, and the replica has what the shard held. The
/// machine that comes back is a replica, and takes over at 106.05 s when the other one dies.
#[test]
fn a_primary_that_dies_is_replaced_by_its_replica() {
    let once = of_cache("bad", ("60.05s", "10s"), "\"dies\"\nshard = 1");
    let run = look_ups(QUICK, &once);
    assert_eq!((run.requests.failed, missed(&run)), (0.0, 60.0));
    assert!((run.latency_ms.max - 2_001.0).abs() < 1.0, "{}", run.latency_ms.max);
    assert_eq!(when(&run, "shard 1 of `store` died"), 60.05);
    assert_eq!(when(&run, "replica of shard 1 promoted"), 66.05);
    assert!(!incidents(&run).iter().any(|it| it.1.ends_with("back and empty")), "{:?}", incidents(&run));
    let twice = look_ups(QUICK, &(once + &of_cache("worse", ("100.05s", "10s"), "\"dies\"\nshard = 1")));
    assert_eq!(missed(&twice), 120.0);
    assert!(incidents(&twice).contains(&(106.05, "replica of shard 1 promoted")), "{:?}", incidents(&twice));
    // The other shard has no look-ups.
    assert_eq!(missed(&look_ups(QUICK, &of_cache("bad", ("60.05s", "10s"), "\"dies\"\nshard = 2"))), 0.0);
}

/// If replicas do not take over, or die too, the shard is back and empty at 70.05 s: a hundred look-ups are not answered, and one more fills it.
#[test]
fn where_nothing_takes_over_a_shard_that_dies_comes_back_empty() {
    for (more, member) in [("\nmulti_az = false", "\nshard = 1"), ("", "")] {
        let fault = of_cache("bad", ("60.05s", "10s"), &format!("\"dies\"{member}"));
        let run = look_ups(&(QUICK.to_owned() + more), &fault);
        assert!((100.0..=101.0).contains(&missed(&run)), "{}", missed(&run));
        let back = incidents(&run).into_iter().find(|it| it.1.ends_with("back and empty"));
        assert_eq!(back.map(|it| it.0), Some(70.05), "{:?}", incidents(&run));
        assert!(!incidents(&run).iter().any(|it| it.1.ends_with("promoted")), "{:?}", incidents(&run));
    }
}

/// What was wrong with the old primary stays with that machine.
#[test]
fn a_slow_primary_that_dies_leaves_a_fast_one() {
    let slow = of_cache("slow", ("50.05s", "60s"), "\"slow\"\nfactor = 5\nshard = 1");
    let run = look_ups(QUICK, &(slow + &of_cache("bad", ("60.05s", "10s"), "\"dies\"\nshard = 1")));
    let busy = &run.timeline.caches[0].busy_percent;
    assert!(busy[51..60].iter().all(|percent| (percent - 25.0).abs() < 1e-6), "{busy:?}");
    assert!(busy[67..].iter().all(|percent| (percent - 5.0).abs() < 1e-6), "{busy:?}");
}

/// A fault of the primary is not felt by look-ups that go to replicas; one of the whole cache is.
#[test]
fn replicas_that_answer_are_struck_with_the_whole_cache_only() {
    let slow = |member: &str| {
        let fault = of_cache("bad", ("60.05s", "10s"), &format!("\"slow\"\nfactor = 5{member}"));
        look_ups("replicas = 1\nread_from = \"replicas\"", &fault).latency_ms.max
    };
    let [primary, all] = [slow("\nshard = 1"), slow("")];
    assert!((primary - 10.0).abs() < 0.1 && (all - 50.0).abs() < 0.1, "{primary} {all}");
}

/// The page names what is lost by a fault of its own, until the replica has taken over in the row of 66 s.
#[test]
fn a_primary_that_died_is_named_until_a_replica_takes_over() {
    let run = look_ups(QUICK, &of_cache("bad", ("60.05s", "30s"), "\"dies\"\nshard = 1"));
    let said = &run.phases[0].sentence;
    assert!(said.ends_with("; 1 shard of `store` lost from 1:00 to 1:07"), "{said}");
}

/// Ten requests a second of instances with a pool that is large enough; a fault from 60.05 s on.
fn database(steps: &str, database: &str, faults: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\nvia = \"web\"\nsteps = [{steps}]\n[fleet.web]\n\
             instance = \"m5.large\"\nazs = [\"f\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = {{ writer = 200, reader = 200, timeout = \"1s\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"20ms\"\n{database}\n{faults}\n"
        ),
        1,
    )
}

const WRITE: &str = "{ write = \"shop\", demand = \"10ms\" }";
const READ: &str = "{ read = \"shop\", demand = \"10ms\" }";

fn bad(effect: &str) -> String {
    format!("[fault.bad]\ndatabase = \"shop\"\nat = \"60.05s\"\nfor = \"10s\"\neffect = {effect}\n")
}

fn unavailable(run: &Outcome) -> f64 {
    run.requests.failed_by_cause.get("database_unavailable").copied().unwrap_or(0.0)
}

/// Statement and commit both.
#[test]
fn a_slow_database_takes_so_many_times_as_long() {
    let calm = database(WRITE, "", "").latency_ms.max;
    assert!((25.0..40.0).contains(&calm), "{calm}");
    let slow = database(WRITE, "", &bad("\"slow\"\nfactor = 5"));
    assert!((slow.latency_ms.max - 5.0 * calm).abs() < 0.1, "{} of {calm}", slow.latency_ms.max);
    assert_eq!(slow.requests.failed, 0.0);
    let cpu = &slow.timeline.databases[0].writer_cpu_percent;
    assert!((cpu[65] - 5.0 * cpu[50]).abs() < 1e-6, "{cpu:?}");
}

/// After its time, or at once; a transaction that fails commits nothing.
#[test]
fn an_error_of_a_database_fails_the_transaction() {
    for effect in ["fails", "refuses"] {
        let run = database(WRITE, "", &bad(&format!("\"{effect}\"\nshare = \"100%\"")));
        assert_eq!((run.requests.failed, unavailable(&run)), (100.0, 100.0), "{effect}");
        assert_eq!(run.databases[0].commits, run.requests.completed, "{effect}");
        let cpu = &run.timeline.databases[0].writer_cpu_percent;
        match effect {
            "fails" => assert!((cpu[65] - cpu[50]).abs() < 1e-6, "{cpu:?}"),
            _ => assert_eq!(cpu[65], 0.0),
        }
        assert_eq!(run.timeline.in_flight[80], 0.0, "its connection is free again");
    }
}

/// The one of 60.1 s is held until 70.05 s, and commits then.
#[test]
fn a_database_that_hangs_answers_when_it_is_over() {
    let run = database(WRITE, "", &bad("\"hangs\""));
    assert_eq!(run.requests.failed, 0.0);
    assert!((run.latency_ms.max - 9_970.0).abs() < 1.0, "{}", run.latency_ms.max);
    assert!(run.timeline.completed[61..70].iter().all(|rate| *rate == 0.0), "{:?}", run.timeline.completed);
}

/// Reads go to two replicas in turn: half of a hundred fail, and none where it is the writer.
#[test]
fn a_fault_of_one_node_leaves_the_others_alone() {
    let of = |node: &str| {
        let fault = bad(&format!("\"fails\"\nshare = \"100%\"\nnode = \"{node}\""));
        unavailable(&database(READ, "replicas = 2", &fault))
    };
    assert_eq!([of("replica"), of("writer")], [50.0, 0.0]);
}

fn dies(name: &str, at: &str, length: &str) -> String {
    format!(
        "[fault.{name}]\ndatabase = \"shop\"\nnode = \"writer\"\neffect = \"dies\"\nat = \"{at}\"\nfor = \"{length}\"\n"
    )
}

/// The replica writes 40 s later, and what was wrong with the old writer stays with that machine.
#[test]
fn a_writer_that_dies_fails_over() {
    let slow =
        "[fault.slow]\ndatabase = \"shop\"\nnode = \"writer\"\neffect = \"slow\"\nfactor = 5\nat = \"50s\"\n";
    let aurora = "replicas = 1\nfailover = \"40s\"\ndns_ttl = \"0s\"";
    let run = database(WRITE, aurora, &(slow.to_owned() + &dies("dead", "60s", "100s")));
    assert_eq!(when(&run, "the writer of `shop` died"), 60.0);
    assert_eq!(when(&run, "a replica takes over from the writer"), 100.0);
    assert_eq!(when(&run, "a replica is back"), 160.0);
    let waited = &run.timeline.failed["pool_timeout"];
    // Those that came from 60 s on wait for 1 s in vain, but for those of the last second.
    assert!(waited[62..99].iter().all(|rate| *rate == 10.0), "{waited:?}");
    assert!(waited[101..].iter().all(|rate| *rate == 0.0));
    let cpu = &run.timeline.databases[0].writer_cpu_percent;
    assert!((cpu[55] - 5.0 * cpu[40]).abs() < 1e-6 && (cpu[120] - cpu[40]).abs() < 1e-6, "{cpu:?}");
}

/// The standby takes over, and is one no longer: when the new writer dies too, nothing does until it is back. Once the first machine is
/// back as the standby, it does.
#[test]
fn a_standby_takes_over_once() {
    let rds = "engine = \"mysql\"\nmulti_az = true\nfailover = \"30s\"";
    let faults = dies("first", "60s", "90s") + &dies("second", "100s", "20s") + &dies("third", "160s", "50s");
    let run = database(WRITE, rds, &faults);
    assert_eq!(when(&run, "the standby takes over from the writer"), 90.0);
    assert_eq!(when(&run, "nothing takes over from the writer until it is back"), 100.0);
    assert_eq!(when(&run, "the writer is back"), 120.0);
    assert_eq!(when(&run, "there is a standby again"), 150.0);
    let takes = |at: f64| incidents(&run).contains(&(at, "the standby takes over from the writer"));
    assert!(takes(90.0) && takes(190.0), "{:?}", incidents(&run));
}

#[test]
fn a_fault_of_a_database_is_the_cause() {
    let run = database(WRITE, "", &bad("\"refuses\"\nshare = \"100%\""));
    let [phase] = troubles(&run)[..] else { panic!("{:#?}", run.phases) };
    assert_eq!(phase.chain[0].resource, Some(Resource::Struck { fault: 0 }), "{}", phase.sentence);
    assert!(phase.sentence.starts_with("1:00 `shop` refuses 100 % of its requests"), "{}", phase.sentence);
    // What died is named as what is lost.
    let died = database(WRITE, "engine = \"mysql\"", &dies("dead", "60s", "100s"));
    let [phase] = troubles(&died)[..] else { panic!("{:#?}", died.phases) };
    let writer = Resource::LostNodes { database: 0, node: Node::Writer };
    assert_eq!(phase.chain[0].resource, Some(writer), "{}", phase.sentence);
    assert!(
        phase.sentence.starts_with("1:00 the writer of `shop` lost, and nothing takes over"),
        "{}",
        phase.sentence
    );
}

/// Of a hundred writes half fail, for each is one statement to its client; in a transaction the commit is another one, and three quarters fail.
#[test]
fn a_write_that_commits_by_itself_is_one_statement() {
    let transaction = "{ transaction = \"shop\", steps = [{ write = \"10ms\" }] }";
    for effect in ["fails", "refuses"] {
        let fault = bad(&format!("\"{effect}\"\nshare = \"50%\""));
        let (one, two) = (database(WRITE, "", &fault), database(transaction, "", &fault));
        assert!((unavailable(&one) - 50.0).abs() < 4.0 * 5.0, "{effect}: {}", unavailable(&one));
        assert!((unavailable(&two) - 75.0).abs() < 4.0 * 4.34, "{effect}: {}", unavailable(&two));
        assert!(unavailable(&one) + 10.0 < unavailable(&two));
    }
}
