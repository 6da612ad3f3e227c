//! Reads at the nodes in the second Region of a Global Database, and writes that these forward. Worked out by hand.

use simcap::outcome::Outcome;

use crate::run::run;

/// Requests of two Regions, each ten times a second, to a shop in Seoul; N. Virginia is 174 ms away, there and back, by the table of Regions, and has
/// each commit 0.55 s later. `near` and `far` are the steps of a request in Seoul and in N. Virginia.
fn shop(near: &str, far: &str, global: &str, more: &str) -> Outcome {
    let text = format!(
        "region = \"ap-northeast-2\"\nduration = \"300s\"\nbucket = \"1s\"\n[client]\nround_trip = \"0s\"\nretries = 0\n\
         [traffic.near]\nrequests = \"near\"\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [traffic.far]\nrequests = \"far\"\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [request.near]\nvia = \"web\"\nsteps = [{near}]\n[request.far]\nvia = \"web-us\"\nsteps = [{far}]\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = [\"f\"]\nthreads = \"unlimited\"\n\
         pools = {{ shop = {{ writer = 20, reader = 8, timeout = \"1s\" }} }}\n\
         [fleet.web-us]\nregion = \"us-east-1\"\ninstance = \"m5.large\"\ninstances = 1\nazs = [\"f\"]\nthreads = \"unlimited\"\n\
         pools = {{ shop = {{ writer = 30, reader = 7, timeout = \"1s\" }} }}\n[keys.items]\ncount = 1_000_000\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nreplicas = 1\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\n\
         global = {{ region = \"us-east-1\", lag = \"550ms\", failover = \"60s\", switchover = \"40s\", rejoin = \"30s\", {global} }}\n{more}\n"
    );
    run(&text, 1)
}

const READ: &str = "{ read = \"shop\", demand = \"2ms\" }";
const LOCAL: &str = "reads = \"local\"";
const SEOUL: &str = "[fault.seoul]\nregion = \"ap-northeast-2\"\nat = \"60.05s\"\n";

/// Milliseconds of a request of a class.
fn took(run: &Outcome, class: &str) -> f64 {
    let class = run.classes.iter().find(|it| it.name == class).expect("a class");
    let (mean, max) = (class.latency_ms.mean, class.latency_ms.max);
    assert!(class.requests.failed == 0.0 && max - mean < 0.01 * max, "{mean} {max} {:?}", class.requests);
    mean
}

/// A read of 2 ms takes that where it is local, and the way there and back where it is not.
#[test]
fn a_read_in_the_second_region_goes_nowhere_else() {
    let local = shop(READ, READ, LOCAL, "");
    assert_eq!((took(&local, "near").round(), took(&local, "far").round()), (2.0, 2.0));
    let away = shop(READ, READ, "reads = \"writer\"", "");
    assert_eq!((took(&away, "near").round(), took(&away, "far").round()), (2.0, 176.0));
    let series = &local.timeline.databases[0];
    let far = &series.far[0];
    // Ten reads of 2 ms in a second are a hundredth of the two cores there.
    assert!((far.cpu_percent[100] - 1.0).abs() < 1e-6, "{:?}", far.cpu_percent);
    assert_eq!((far.reads[100], far.connections[100]), (10.0, 7.0));
    assert_eq!((series.replica_connections[100], series.writer_connections[100]), (8.0, 50.0));
    assert_eq!(local.databases[0].replica_reads, local.databases[0].reads);
    assert!(away.timeline.databases[0].far.is_empty());
}

/// A request that writes a row and reads it 187 ms after the commit does not see what it has written, 557 ms after it does: it takes 0.55 s.
#[test]
fn a_read_in_the_second_region_misses_what_has_not_come() {
    let both = "{ write = \"shop\", demand = \"1ms\", rows = \"items\" }, { delay = \"100ms\" }, { read = \"shop\", demand = \"2ms\", rows = \"items\", same = true }";
    let run = shop(READ, both, LOCAL, "");
    let far = run.classes.iter().find(|it| it.name == "far").unwrap().requests.completed;
    assert_eq!((run.databases[0].stale_reads, run.databases[0].own_stale_reads), (far, far));
    let later = both.replace("100ms", "470ms");
    assert_eq!(shop(READ, &later, LOCAL, "").databases[0].own_stale_reads, 0.0);
}

/// Nobody in Seoul is served after it was lost, and everybody in N. Virginia who reads there, before another Region writes and after that.
#[test]
fn local_reads_go_on_when_the_first_region_is_lost() {
    let promote = "[fault.move]\ndatabase = \"shop\"\neffect = \"promotes\"\nat = \"90s\"\n";
    for faults in [SEOUL.to_owned(), format!("{SEOUL}{promote}")] {
        let run = shop(READ, READ, LOCAL, &faults);
        assert_eq!(took(&run, "far").round(), 2.0);
    }
    let away = shop(READ, READ, "reads = \"writer\"", SEOUL);
    let far = away.classes.iter().find(|it| it.name == "far").unwrap();
    assert!(far.requests.failed > 2_000.0, "{:?}", far.requests);
}

/// After a switchover to N. Virginia callers in Seoul read at the nodes there, which are the far ones now; after the one back, as before.
#[test]
fn callers_read_in_their_own_region_whichever_writes() {
    let there_and_back = "[fault.there]\ndatabase = \"shop\"\neffect = \"switches-over\"\nat = \"60.05s\"\n\
         [fault.back]\ndatabase = \"shop\"\neffect = \"switches-over\"\nat = \"160.05s\"\n";
    let run = shop(READ, READ, &format!("{LOCAL}, nodes = 2"), there_and_back);
    assert_eq!((took(&run, "near").round(), took(&run, "far").round()), (2.0, 2.0));
    let series = &run.timeline.databases[0];
    let far = &series.far[0];
    assert_eq!([50, 130, 230].map(|row| far.reads[row]), [10.0; 3]);
    // Two nodes in each: a replica of that which writes, and both of the other one, are read at.
    assert_eq!([50, 130, 230].map(|row| far.connections[row]), [7.0, 8.0, 7.0]);
    assert_eq!([50, 130, 230].map(|row| series.replicas[row]), [1.0; 3]);
    let busy = |row: usize| (series.replica_cpu_percent[row] * 1e6).round() / 1e6;
    assert_eq!([50, 130, 230].map(busy), [1.0; 3], "ten reads of 2 ms on two cores");
}

/// A failover leaves Seoul, which is back at 120.05 s, and is the second Region at 180.05 s: until then its callers read in N. Virginia.
#[test]
fn callers_of_a_region_that_was_left_read_there_again_when_it_has_all_data() {
    let promote = "[fault.move]\ndatabase = \"shop\"\neffect = \"promotes\"\nat = \"90s\"\n";
    let run = shop(READ, READ, LOCAL, &format!("{SEOUL}for = \"60s\"\n{promote}"));
    let far = &run.timeline.databases[0].far[0];
    assert_eq!((far.reads[170], far.reads[250]), (0.0, 10.0));
    let p99 = |row: usize| run.timeline.latency_ms[&simcap::outcome::Percentile::P99][row].unwrap();
    assert!(p99(170) > 170.0 && p99(250) < 10.0, "{} {}", p99(170), p99(250));
}

/// A forwarded write takes the way there and back, and a commit of several statements too; what is read in the transaction is read in its own Region.
#[test]
fn each_statement_that_writes_is_forwarded() {
    let forwards = format!("{LOCAL}, write_forwarding = \"eventual\"");
    let both = "{ transaction = \"shop\", steps = [{ read = \"2ms\" }, { write = \"2ms\" }] }";
    let run = shop(READ, both, &forwards, "");
    assert_eq!(took(&run, "far").round(), 2.0 + 2.0 * 174.0 + 2.0);
    // Its connections lead to the node there: 30 to write by and 7 to read by.
    let series = &run.timeline.databases[0];
    assert_eq!((series.far[0].connections[100], series.writer_connections[100]), (37.0, 20.0));
    assert_eq!((series.writes[100], series.far[0].reads[100]), (10.0, 10.0));
    assert_eq!(took(&shop(READ, both, LOCAL, ""), "far").round(), 3.0 * 174.0 + 4.0);
    let write = "{ write = \"shop\", demand = \"1ms\" }";
    assert_eq!(took(&shop(READ, write, &forwards, ""), "far").round(), 175.0);
    // Callers in Seoul write as ever.
    assert_eq!(took(&shop(write, READ, &forwards, ""), "near").round(), 1.0);
}

/// A write commits after 88 ms and is in N. Virginia at 638 ms. A read after it waits for that with "session"; one that has written nothing waits
/// only with "global", for what others have.
#[test]
fn a_read_waits_for_what_it_must_see() {
    let both = "{ write = \"shop\", demand = \"1ms\" }, { read = \"shop\", demand = \"2ms\" }";
    let of = |far: &str, near: &str, consistency: &str| {
        let run = shop(near, far, &format!("{LOCAL}, write_forwarding = \"{consistency}\""), "");
        let far = run.classes.iter().find(|it| it.name == "far").unwrap();
        far.latency_ms.mean.round()
    };
    assert_eq!(of(both, READ, "eventual"), 177.0);
    assert_eq!(of(both, READ, "session"), 640.0);
    let write = "{ write = \"shop\", demand = \"1ms\" }";
    assert_eq!(of(READ, write, "session"), 2.0);
    // At each tenth of a second the last commit was 99 ms before, but for the first: it is there after 451 ms.
    assert_eq!(of(READ, write, "global"), 453.0);
    // In a transaction a read sees what was written before its commit: at 89 + 550 ms.
    let inside = "{ transaction = \"shop\", steps = [{ write = \"2ms\" }, { read = \"2ms\" }] }";
    assert_eq!(of(inside, READ, "session"), 639.0 + 2.0 + 174.0);
}

/// The writer is lost with Seoul: what is forwarded fails, and what is read is served, unless it must see what cannot come.
#[test]
fn without_the_first_region_writes_fail_and_reads_do_not() {
    let served = |steps: &str, consistency: &str| {
        let forwards = format!("{LOCAL}, write_forwarding = \"{consistency}\"");
        let run = shop("{ write = \"shop\", demand = \"1ms\" }", steps, &forwards, SEOUL);
        run.classes.iter().find(|it| it.name == "far").unwrap().requests.completed
    };
    let write = "{ write = \"shop\", demand = \"1ms\" }";
    assert_eq!(
        served(write, "eventual"),
        599.0,
        "those whose answers were on their way at 60.05 s, from 0.1 s on"
    );
    assert!(served(READ, "eventual") > 2_990.0);
    assert!(served(READ, "global") < 610.0);
}
