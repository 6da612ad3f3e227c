//! RDS Proxy. By hand: requests at given instants hold a connection for given times, and the network takes none.

use simcap::outcome::{Outcome, Resource};

use super::growth::{CONNECT, near, requests};
use crate::run::run;

/// Requests at the proxy of a database that takes two connections; pools of ten lead to it.
fn proxied(trace: &[(u32, u32)], proxy: &str) -> Outcome {
    let database = format!("max_connections = 2\nproxy = {{ latency = \"0s\", {proxy} }}\n{CONNECT}");
    requests(trace, "writer = 10", &database)
}

/// Ten connections lead to the proxy, and it opens two to the database, when two wait, at the same time. The third request waits until
/// the first is over.
#[test]
fn a_proxy_lends_few_connections_to_many() {
    let run = proxied(&[(1_000, 1_000); 3], "");
    let database = &run.databases[0];
    assert_eq!(
        (database.connections_refused, database.connections_made, database.peak_connections),
        (0.0, 2.0, 2)
    );
    assert!(near(run.latency_ms.mean, (1_060.0 + 1_060.0 + 2_060.0) / 3.0), "{:?}", run.latency_ms);
    let wait = database.proxy_wait_ms.as_ref().unwrap();
    assert_eq!((wait.count, wait.max, database.writer_wait_ms.max), (3, 1_060.0, 0.0));
    let proxy = &run.timeline.databases[0].proxy[0];
    assert_eq!(proxy.clients[0], 10.0);
    // Two of two for 940 ms to the end of the first, and one of them for the second after it.
    let busy = proxy.writer_busy_percent[0] / 100.0 * 2.0 * 10.0;
    assert!(near(busy, 3.0), "{busy}");
    let waited = proxy.writer_waiting[0] * 10.0;
    assert!(near(waited, 0.06 + 0.06 + 1.06), "{waited}");
}

/// The same without it: the pool gets two of its ten connections.
#[test]
fn without_a_proxy_the_pool_is_refused_what_is_beyond_the_limit() {
    let run = requests(&[(1_000, 1_000); 3], "writer = 10", "max_connections = 2");
    let database = &run.databases[0];
    assert_eq!((database.connections_refused, database.peak_connections), (8.0, 2));
    assert_eq!(database.writer_wait_ms.max, 1_000.0);
    assert_eq!(database.proxy_wait_ms, None);
}

/// The third would have its connection 1.06 s after it came.
#[test]
fn a_request_waits_for_the_proxy_no_longer_than_the_borrow_timeout() {
    let run = proxied(&[(1_000, 1_000); 3], "borrow_timeout = \"1s\"");
    assert_eq!((run.requests.failed_by_cause["pool_timeout"], run.databases[0].proxy_timeouts), (1.0, 1.0));
    assert!(near(run.latency_ms.max, 1_060.0), "{:?}", run.latency_ms);
}

/// 60 ms for the connection, 100 ms of the transaction, and 4 ms for the commit.
#[test]
fn a_proxy_adds_its_latency_to_each_round_trip() {
    let database = format!("proxy = {{ latency = \"4ms\" }}\n{CONNECT}");
    let run = requests(&[(1_000, 100)], "writer = 10", &database);
    assert!(near(run.latency_ms.max, 164.0), "{:?}", run.latency_ms);
}

/// Half of its connections may be idle: the other one is closed when nobody has needed it for five minutes.
#[test]
fn a_proxy_closes_connections_that_are_idle() {
    let run = proxied(&[(1_000, 1_000); 2], "");
    let open = &run.timeline.databases[0].writer_connections;
    assert_eq!((open[0], open[32], open[33], open[59]), (2.0, 2.0, 1.0, 1.0));
}

/// Sessions that are pinned have connections of their own, as many as there are: the others have what is left.
#[test]
fn pinned_sessions_keep_a_connection() {
    let pool = |pinned: &str| {
        let database =
            format!("max_connections = 2\nproxy = {{ latency = \"0s\", pinned = \"{pinned}\" }}\n{CONNECT}");
        requests(&[(1_000, 1_000); 2], "writer = 2", &database)
    };
    let all = pool("100%");
    assert_eq!((all.databases[0].connections_made, all.latency_ms.max), (0.0, 1_000.0));
    assert_eq!(all.timeline.databases[0].writer_connections[0], 2.0);
    // One of two is pinned, and one connection is left to lend.
    let half = pool("50%");
    assert_eq!(half.databases[0].peak_connections, 2);
    assert!(half.databases[0].connections_made <= 1.0);
}

/// The writer is lost at 60 s and a replica writes 30 s later, or 34 % of that with a proxy. What was on its connection fails; a request
/// at 61 s waits.
fn failover(proxy: &str) -> Outcome {
    let database = format!(
        "replicas = 1\nazs = [\"a\", \"b\"]\nfailover = \"30s\"\n{proxy}\n{CONNECT}\n[fault.gone]\nzone = \"a\"\nat = \"1m\"\n"
    );
    let database = format!("engine = \"aurora-mysql\"\n{database}");
    requests(&[(59_000, 10), (59_900, 1_000), (61_000, 10)], "writer = 10, timeout = \"50s\"", &database)
}

#[test]
fn requests_wait_at_the_proxy_for_a_failover_that_is_shorter() {
    let without = failover("");
    assert_eq!(without.requests.failed_by_cause["database_unavailable"], 1.0);
    assert!(near(without.latency_ms.max, 29_010.0), "{:?}", without.latency_ms);
    assert!(without.timeline.fleets[0].pools[0].open[7] < 0.01);
    let with = failover("proxy = { latency = \"0s\" }");
    assert_eq!(with.requests.failed_by_cause["database_unavailable"], 1.0);
    // A connection that is on its way when the replica takes over comes there up to 50 ms earlier than one that begins then.
    assert!((9_210.0..=9_290.0).contains(&with.latency_ms.max), "{:?}", with.latency_ms);
    // Clients keep their connections.
    assert!(with.timeline.fleets[0].pools[0].open.iter().all(|open| *open == 10.0));
    let text = &with.phases.iter().find(|phase| phase.trouble).map_or("", |phase| phase.sentence.as_str());
    assert!(!text.contains("pool of `app`"), "{text}");
}

/// 200/s hold one of four connections for 10 ms each: half of what the proxy opens, so twice the traffic fills it.
#[test]
fn the_connections_of_a_proxy_have_headroom() {
    let run = run(
        "duration = \"10m\"\nbucket = \"10s\"\n[traffic.t]\nrate = \"200/s\"\n[request.page]\nvia = \"app\"\n\
         steps = [{ transaction = \"db\", steps = [{ delay = \"10ms\" }] }]\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 2\n\
         pools = { db = 50 }\n[database.db]\nwriter = \"db.r6g.large\"\nmax_connections = 8\nhop = \"0s\"\ncommit = \"0s\"\n\
         proxy = { max_connections = \"50%\", latency = \"0s\" }\n",
        1,
    );
    let proxy = run.headroom.iter().find(|it| matches!(it.of, Resource::Proxy { .. })).unwrap();
    assert_eq!(proxy.resource, "connections of the proxy of db (writer)");
    assert!(
        (0.45..=0.55)
            .contains(&run.timeline.databases[0].proxy[0].writer_busy_percent[30].mul_add(0.01, 0.0))
    );
    assert!((1.8..=2.2).contains(&proxy.as_it_stood.multiplier.unwrap()), "{proxy:?}");
}

/// Two of the four are pinned, for 2 % of a hundred clients: what is left is half as much, and 98 of 100 transactions borrow it. 100/s of
/// 10 ms each hold 0.98 of two.
#[test]
fn what_pinned_sessions_keep_is_no_headroom_of_a_proxy() {
    let run = run(
        "duration = \"10m\"\nbucket = \"10s\"\n[traffic.t]\nrate = \"100/s\"\n[request.page]\nvia = \"app\"\n\
         steps = [{ transaction = \"db\", steps = [{ delay = \"10ms\" }] }]\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 2\n\
         pools = { db = 50 }\n[database.db]\nwriter = \"db.r6g.large\"\nmax_connections = 8\nhop = \"0s\"\ncommit = \"0s\"\n\
         proxy = { max_connections = \"50%\", latency = \"0s\", pinned = \"2%\" }\n",
        1,
    );
    let proxy = run.headroom.iter().find(|it| matches!(it.of, Resource::Proxy { .. })).unwrap();
    assert!((1.8..=2.2).contains(&proxy.as_it_stood.multiplier.unwrap()), "{proxy:?}");
}

/// It has no connection yet: the one that it makes for the read leads to the replica.
#[test]
fn the_first_read_by_a_proxy_or_a_pool_that_grows_goes_to_a_replica() {
    let of = |pool: &str, proxy: &str| {
        let text = format!(
            "duration = \"10s\"\n[traffic.t]\nrate = \"1/s\"\ninterarrival = \"6s\"\n[request.page]\nvia = \"app\"\n\
             steps = [{{ read = \"db\", demand = \"1ms\" }}]\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 1\n\
             pools = {{ db = {{ {pool} }} }}\n[database.db]\nwriter = \"db.r6g.large\"\nreplicas = 1\n{proxy}\n{CONNECT}\n"
        );
        let database = &run(&text, 1).databases[0];
        (database.reads, database.replica_reads)
    };
    let (reads, of_replica) = of("reader = 5", "proxy = {}");
    assert!(reads > 0.0 && reads == of_replica, "{reads}, {of_replica}");
    let (reads, of_replica) = of("reader = 5, minimum_idle = 0", "");
    assert!(reads > 0.0 && reads == of_replica, "{reads}, {of_replica}");
}

/// Two vCPUs of the writer and two of the replica for ten minutes, at 0.018 dollars an hour in Seoul.
#[test]
fn a_proxy_is_billed_by_the_cpus_behind_it() {
    let run = run(
        "region = \"ap-northeast-2\"\nduration = \"10m\"\n[traffic.t]\nrate = \"1/s\"\n[request.page]\nvia = \"app\"\n\
         steps = [{ read = \"db\", demand = \"1ms\" }]\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 1\n\
         pools = { db = 5 }\n[database.db]\nwriter = \"db.r6g.large\"\nreplicas = 1\nproxy = {}\n",
        1,
    );
    let item = run.bill.items.iter().find(|item| item.service == "RDS-Proxy").unwrap();
    assert_eq!(item.unit_price_usd, 0.018);
    assert!((item.quantity - 4.0 / 6.0).abs() < 1e-9, "{item:?}");
}

/// Eight of ten connections are pinned: 40 % of the 20 clients. The others have 350/s × 60 % × 10 ms on two: 105 %, and no more though all are full
/// from the beginning.
#[test]
fn pinned_sessions_ask_for_nothing_of_what_is_lent() {
    let run = run(
        "duration = \"60s\"\ntraffic.all.rate = \"350/s\"\n[request.work]\nvia = \"web\"\nsteps = [{ write = \"shop\", demand = \"0s\" }]\n\
         [fleet.web]\ninstance = \"m6i.large\"\ninstances = 2\npools = { shop = { writer = 10 } }\n[database.shop]\n\
         writer = \"db.r6g.2xlarge\"\nhop = \"0s\"\ncommit = \"9ms\"\nmax_connections = 10\nproxy = { pinned = \"40%\", latency = \"1ms\" }\n",
        1,
    );
    let proxy = run.headroom.iter().find(|it| matches!(it.of, Resource::Proxy { .. })).unwrap();
    // 12,600 requests: their work varies by five times √(2 / 12,600).
    let chance = 5.0 * (2.0 / 12_600.0f64).sqrt();
    assert!(proxy.saturated && (proxy.as_it_stood.busy / 1.05 - 1.0).abs() < chance, "{proxy:?}");
}

/// Half of the forty connections of the clients are pinned, and the node takes ten; a fifth of them are eight, which leaves two.
#[test]
fn more_pinned_sessions_than_connections_are_warned_of() {
    let warned = |pinned: &str| {
        let text = format!(
            "duration = \"10s\"\ntraffic.all.rate = \"1/s\"\n[request.work]\nvia = \"web\"\nsteps = [{{ write = \"shop\", demand = \"0s\" }}]\n\
             [fleet.web]\ninstance = \"m6i.large\"\ninstances = 4\npools = {{ shop = {{ writer = 10 }} }}\n[database.shop]\n\
             writer = \"db.r6g.large\"\nmax_connections = 10\nproxy = {{ pinned = \"{pinned}\", max_connections = \"100%\" }}\n"
        );
        let warnings = run(&text, 1).warnings;
        warnings.into_iter().map(|it| it.message).find(|it| it.contains("pinned"))
    };
    let words = "20 of 40 connections to the proxy of database `shop` at the largest size are pinned, and it opens 10 to the writer: that \
                 is not enough for them";
    assert_eq!(warned("50%").as_deref(), Some(words));
    assert!(warned("25%").unwrap().ends_with("none is left for others"));
    assert_eq!(warned("20%"), None);
}
