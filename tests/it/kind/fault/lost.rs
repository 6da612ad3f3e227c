//! What a zone takes is a link of its own between the zone and what waits: instances, nodes, shards, healthy targets.

use simcap::id::Kind;
use simcap::outcome::{Node, Outcome, Phase, Purpose, Resource};

use super::BOTH_ZONES;
use crate::phases::{kinds, troubles};
use crate::run::run;

const ZONE: (Option<Resource>, bool) = (Some(Resource::Zone { fault: 0 }), true);
const BACK: (Option<Resource>, bool) = (Some(Resource::ZoneBack { fault: 0 }), true);

fn of(resource: Resource) -> (Option<Resource>, bool) {
    (Some(resource), false)
}

const fn nodes(node: Node) -> Resource {
    Resource::LostNodes { database: 0, node }
}

/// The only trouble.
fn only(outcome: &Outcome) -> &Phase {
    let [phase] = troubles(outcome)[..] else { panic!("{:#?}", outcome.phases) };
    phase
}

fn warned(outcome: &Outcome) -> Vec<&str> {
    outcome
        .warnings
        .iter()
        .filter(|it| it.code.name() == "nothing-takes-over")
        .map(|it| it.message.as_str())
        .collect()
}

/// Instances in zone b write to a database whose writer is in zone a, which is lost at 60 s. Twenty a second wait for one of
/// five connections, of which there is none until another node writes, and hold a thread each.
fn database(rest: &str) -> Outcome {
    run(
        &format!(
            "duration = \"300s\"\nbucket = \"2s\"\n[traffic.all]\nrate = \"20/s\"\n[client]\ntimeout = \"20s\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ write = \"db\", demand = \"1ms\" }}]\n[fleet.web]\n\
             instance = \"m5.large\"\ninstances = 1\nthreads = 100\nazs = [\"b\"]\npools = {{ db = 5 }}\n[database.db]\n\
             writer = \"db.r6g.large\"\n{rest}\n[fault.outage]\nzone = \"a\"\nat = \"60s\"\n"
        ),
        1,
    )
}

#[test]
fn a_lost_writer_stands_between_its_zone_and_what_waits_for_a_connection() {
    let run = database("engine = \"mysql\"\nmulti_az = true\nfailover = \"40s\"");
    let phase = only(&run);
    let pool = Resource::Pool { fleet: 0, pool: 0, node: Node::Writer };
    let threads = of(Resource::Threads { fleet: 0 });
    // What was told where the writer was has an old address for a few seconds more.
    let old = of(Resource::OldAddresses { database: 0 });
    let expected = [ZONE, of(nodes(Node::Writer)), of(pool), threads, old, (None, false)];
    assert_eq!(kinds(phase), expected, "{}", phase.sentence);
    let begins = "1:00 zone a lost → the writer of `db` lost → no connection is open in the pool of `web` to `db` (up to ";
    assert!(phase.sentence.starts_with(begins), "{}", phase.sentence);
    // The standby writes from 100 s on.
    assert_eq!((phase.chain[1].at_s, phase.chain[1].until_s), (60.0, 100.0));
    assert!(!phase.sentence.contains("nothing takes over") && warned(&run).is_empty());
}

/// Replicas of RDS are not promoted, and there is no standby.
#[test]
fn a_writer_from_which_nothing_takes_over_is_said_and_warned_of() {
    let run = database("engine = \"mysql\"\nreplicas = 1");
    let phase = only(&run);
    assert!(
        phase.sentence.starts_with("1:00 zone a lost → the writer of `db` lost, and nothing takes over → ")
    );
    assert_eq!(phase.to_s, 300.0);
    let expected = "fault `outage` takes the writer of database `db` and nothing takes over: it has no writer until the end \
                    of the run";
    assert_eq!(warned(&run), [expected]);
    // Aurora promotes its replica, which is not lost by that, though none is left to read from. A second zone that is lost with the
    // first leaves nothing.
    let aurora = database("replicas = 1\nfailover = \"40s\"");
    assert!(warned(&aurora).is_empty(), "{:?}", aurora.warnings);
    let said = &only(&aurora).sentence;
    assert!(!said.contains("nothing takes over") && !said.contains("no replica of `db` left"), "{said}");
    let both = database("replicas = 1\n[fault.too]\nzone = \"b\"\nat = \"30s\"\nfor = \"50s\"");
    assert_eq!(warned(&both).len(), 1, "{:?}", both.warnings);
    let later = database("replicas = 1\n[fault.too]\nzone = \"b\"\nat = \"30s\"\nfor = \"30s\"");
    assert!(warned(&later).is_empty(), "{:?}", later.warnings);
}

/// Zone a takes the writer, a replica in zone b is promoted after 40 s, and zone b takes that one at 120 s. Zone b is back first.
#[test]
fn a_promoted_replica_that_is_lost_is_a_writer_from_which_nothing_takes_over() {
    let too = "[fault.too]\nzone = \"b\"\nat = \"120s\"\nfor = \"60s\"";
    let run = database(&format!("replicas = 1\nfailover = \"40s\"\n{too}"));
    let expected = "fault `too` takes the writer of database `db` and nothing takes over: it has no writer until zone b is \
                    back at 3m";
    assert_eq!(warned(&run), [expected]);
    let said: String = troubles(&run).iter().map(|phase| phase.sentence.as_str()).collect();
    assert!(said.contains("nothing takes over"), "{said}");
    assert!(!said.contains("no replica of `db` left"), "{said}");
    // Before the second loss a replica took over: so that there is nothing is said of the second one, if both are one trouble.
    let at_once =
        database("replicas = 1\nfailover = \"40s\"\n[fault.too]\nzone = \"b\"\nat = \"104s\"\nfor = \"60s\"");
    let said = &only(&at_once).sentence;
    assert!(said.contains("1:00 zone a lost → the writer of `db` lost → "), "{said}");
    assert!(said.contains(" → the writer of `db` lost, and nothing takes over → "), "{said}");
}

/// Zone a has the writer from 3:00 to 5:00. One of two replicas is the writer from 3:40 on, so the other one has the reads of both until the
/// old writer is back: 1.6 vCPUs of its two, where there were four.
#[test]
fn a_replica_that_has_become_the_writer_is_missing_until_the_old_one_is_back() {
    let run = |reads: u32| {
        run(
            &format!(
                "duration = \"8m\"\nbucket = \"5s\"\n[traffic.web]\nrate = \"{reads}/s\"\nrequests = {{ look = 9, buy = 1 }}\n\
                 client = {{ timeout = \"4s\" }}\n[request.look]\nvia = \"lb\"\nsteps = [{{ read = \"main\", demand = \"8ms\" }}]\n\
                 [request.buy]\nvia = \"lb\"\nsteps = [{{ write = \"main\", demand = \"4ms\" }}]\n[balancer.lb]\ntargets = \"app\"\n\
                 [fleet.app]\ninstance = \"m5.large\"\ninstances = 2\nazs = [\"b\", \"c\"]\n\
                 pools = {{ main = {{ writer = 10, reader = 20, timeout = \"2s\" }} }}\n[database.main]\nwriter = \"db.r6g.large\"\n\
                 replicas = 2\nazs = [\"a\", \"d\", \"e\"]\nfailover = \"40s\"\n[fault.fire]\nzone = \"a\"\nat = \"3m\"\nfor = \"2m\"\n"
            ),
            1,
        )
    };
    let calm = run(200);
    let last = &calm.phases[calm.phases.len() - 1];
    let said = "a replica of `main` became the writer, and 1 of 2 is left until 5:00";
    assert!(!last.trouble && last.sentence.contains(said), "{:#?}", calm.phases);
    // At 330/s the one that is left is full of them, and that is why.
    let full = run(330);
    let replicas = Resource::Database { database: 0, node: Node::Reader };
    let trouble =
        troubles(&full).into_iter().find(|it| it.chain.iter().any(|it| it.resource == Some(replicas)));
    let trouble = trouble.unwrap_or_else(|| panic!("{:#?}", full.phases));
    let place = |of: Resource| trouble.chain.iter().position(|it| it.resource == Some(of));
    let (missing, filled) = (place(nodes(Node::Reader)), place(replicas));
    assert!(missing.is_some() && missing < filled, "{}", trouble.sentence);
}

/// A replica that a failover needs is no waste; one that no fault needs, that is in the zone of the writer, or that RDS never
/// promotes, is.
#[test]
fn a_replica_that_takes_over_is_used() {
    let unused = |rest: &str| {
        let run = database(rest);
        run.warnings.iter().filter(|it| it.code.name() == "unused").count()
    };
    assert_eq!(unused("replicas = 1"), 0);
    assert_eq!(unused("replicas = 1\nazs = [\"b\", \"a\"]"), 1, "the writer is not where the fault is");
    assert_eq!(unused("replicas = 1\nazs = [\"a\"]"), 1, "it is lost with the writer");
    assert_eq!(unused("engine = \"mysql\"\nreplicas = 1"), 1);
}

/// Reads of 15 ms at 150 a second are 2.4 of the two vCPUs of strength 0.95 that the writer has: the replica is lost, and they all go
/// to the writer.
#[test]
fn a_lost_replica_fills_the_writer() {
    let run = run(
        "duration = \"300s\"\nbucket = \"2s\"\n[traffic.all]\nrate = \"150/s\"\n[client]\ntimeout = \"20s\"\n[request.page]\n\
         via = \"web\"\nsteps = [{ read = \"db\", demand = \"15ms\" }]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n\
         azs = [\"c\"]\nthreads = 200\npools = { db = { writer = 50, reader = 50 } }\n[database.db]\nwriter = \"db.r6g.large\"\n\
         replica = \"db.r6g.2xlarge\"\nreplicas = 1\n[fault.outage]\nzone = \"b\"\nat = \"60s\"\nfor = \"100s\"\n",
        1,
    );
    let phase = only(&run);
    let found = kinds(phase);
    assert_eq!(found[..2], [ZONE, of(nodes(Node::Reader))], "{}", phase.sentence);
    assert!(
        phase.sentence.starts_with("1:00 zone b lost → no replica of `db` left until 2:40 → "),
        "{}",
        phase.sentence
    );
    let causes: Vec<_> = found.iter().filter(|link| link.1).map(|link| link.0).collect();
    assert_eq!(causes, [ZONE.0, BACK.0], "the rest came of it: {}", phase.sentence);
}

/// Ten look-ups a second of one key: its shard is lost from 60 s to 120 s, and each of them waits for two seconds.
fn cache(more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n[request.page]\n\
             steps = [{{ cache = \"store\", keys = {{ count = 1, zipf = 0 }}, miss = {{ delay = \"1ms\" }} }}]\n\
             [cache.store]\nnode = \"cache.r6g.large\"\nshards = 2\nwarm = \"100%\"\ntimeout = \"2s\"\n\
             [fault.outage]\nzone = \"a\"\nat = \"60s\"\nfor = \"60s\"\n{more}"
        ),
        1,
    )
}

#[test]
fn a_lost_shard_is_why_look_ups_are_slow() {
    let run = cache("[objectives]\nlatency = \"p99 < 1s\"\n");
    let phase = only(&run);
    assert_eq!(kinds(phase), [ZONE, of(Resource::LostShards { cache: 0 }), BACK], "{}", phase.sentence);
    let begins = "1:00 zone a lost → 1 shard of `store` lost in zone a";
    assert!(
        phase.sentence.starts_with(begins) && phase.sentence.contains("time at the cache"),
        "{}",
        phase.sentence
    );
    assert!((60.0..=62.0).contains(&phase.from_s) && (120.0..=123.0).contains(&phase.to_s), "{phase:?}");
}

/// Where the objective allows the wait it is no trouble, and the phase says what is lost all the same.
#[test]
fn what_is_lost_without_trouble_is_said_too() {
    let run = cache("[objectives]\nlatency = \"p99 < 3s\"\n");
    assert!(troubles(&run).is_empty(), "{:#?}", run.phases);
    let said = &run.phases[0].sentence;
    assert!(
        said.starts_with("held: p99 2s")
            && said.ends_with("; 1 shard of `store` lost in zone a from 1:00 to 2:00"),
        "{said}"
    );
}

/// A zone is lost for a millisecond. The instance there is gone all the same, and gets half of the requests until two checks
/// have failed.
#[test]
fn a_loss_of_a_moment_is_named_as_long_as_what_it_took_is_lost() {
    let run = run(
        "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"50/s\"\nclient.timeout = \"2s\"\n[request.page]\n\
         via = \"lb\"\nsteps = [{ cpu = \"2ms\" }]\n[balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\n\
         instances = 2\nstatus_check = \"40s\"\n[fault.blink]\nzone = \"a\"\nat = \"60s\"\nfor = \"1ms\"\n",
        1,
    );
    let phase = only(&run);
    assert_eq!(kinds(phase)[..2], [ZONE, of(Resource::LostInstances { fleet: 0 })], "{}", phase.sentence);
    assert!(
        phase.sentence.starts_with("1:00 zone a lost → 1 instance of `web` lost in zone a"),
        "{}",
        phase.sentence
    );
    let (zone, instance) = (&phase.chain[0], &phase.chain[1]);
    assert_eq!((zone.at_s, zone.until_s), (60.0, 61.0));
    // The group notices after 40 s, and sends no more requests there.
    assert_eq!((instance.at_s, instance.until_s), (60.0, 100.0));
}

/// The targets in zone a are lost, and then all of those in zone b, whose nodes are there all the time: from then on the balancer sends to all, of
/// which none answers.
#[test]
fn a_balancer_that_fails_open_is_a_link() {
    let text = BOTH_ZONES
        .replace("zone = \"a\"", "fleet = \"web\"\nzone = \"a\"\nshare = \"100%\"\neffect = \"hangs\"");
    let text = text.replace(
        "[fault.b]\nzone = \"b\"",
        "[fault.b]\nfleet = \"web\"\nzone = \"b\"\nshare = \"100%\"\neffect = \"hangs\"",
    );
    let run = run(&text, 1);
    let opens = run.incidents.iter().filter(|it| it.text.contains("fails open")).map(|it| it.at_s);
    let opens: Vec<f64> = opens.collect();
    assert!(!opens.is_empty(), "{:?}", run.incidents);
    for at in opens {
        let phase = run.phases.iter().find(|phase| phase.from_s <= at && at < phase.to_s).unwrap();
        assert!(phase.trouble, "{phase:?}");
        let link = phase.chain.iter().find(|link| link.resource == Some(Resource::FailsOpen { fleet: 0 }));
        let link = link.unwrap_or_else(|| panic!("{}", phase.sentence));
        // In rows of a second.
        assert!(link.at_s <= at && at < link.until_s, "{at}: {link:?}");
        let text = "no healthy targets of `web`: `lb` sends to all (fails open)";
        assert!(link.text.starts_with(text), "{}", link.text);
    }
}

/// Nearly everything has one name, and each incident says of which kind it is.
#[test]
fn incidents_say_the_kind_of_what_they_are_about() {
    let run = run(
        "duration = \"100s\"\ntraffic.shop.rate = \"10/s\"\n[request.shop]\nvia = \"front\"\nsteps = [{ cpu = \"1ms\" }, \
         { cache = \"shop\", keys = { count = 10 }, miss = { write = \"shop\", demand = \"1ms\" } }]\n[balancer.front]\n\
         targets = \"shop\"\nhealth_check = { interval = \"5s\", timeout = \"2s\" }\n[fleet.shop]\ninstance = \"m5.large\"\ninstances = 2\npools = { shop = 5 }\n[cache.shop]\n\
         node = \"cache.r6g.large\"\n[database.shop]\nwriter = \"db.r6g.large\"\n[fault.shop]\nzone = \"a\"\nat = \"20s\"\n",
        1,
    );
    let of = |text: &str| {
        let found = run
            .incidents
            .iter()
            .find(|it| it.text.contains(text))
            .unwrap_or_else(|| panic!("{:?}", run.incidents));
        let of = found.of.as_ref().map(|of| (of.kind, of.name.as_str()));
        assert_eq!(of.map(|of| of.1), Some(found.resource.as_str()));
        of
    };
    let shop = |kind: Kind| Some((kind, "shop"));
    assert_eq!(of("zone a is lost"), shop(Kind::Fault));
    assert_eq!(of("1 instance lost with zone a"), shop(Kind::Fleet));
    assert_eq!(of("1 shard lost with zone a"), shop(Kind::Cache));
    assert_eq!(of("the writer is lost with zone a"), shop(Kind::Database));
    assert_eq!(of("1 of 2 targets unhealthy"), Some((Kind::Balancer, "front")));
    assert!(!run.scaling.is_empty());
    assert!(run.scaling.iter().all(|it| it.of.is_some_and(|of| of.index() == 0)), "{:?}", run.scaling);
}

/// Nine instances in three zones, of which two are lost one after the other, three instances each time. The groups notice after
/// 200 s.
#[test]
fn each_loss_is_a_link_of_its_own_and_so_is_the_return() {
    let run = run(
        "duration = \"600s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"90/s\"\nclient.timeout = \"2s\"\n[request.page]\n\
         via = \"lb\"\nsteps = [{ cpu = \"2ms\" }]\n[balancer.lb]\ntargets = \"web\"\n\
         health_check = { interval = \"100s\", timeout = \"5s\", unhealthy = 3 }\n[fleet.web]\ninstance = \"m5.large\"\n\
         instances = 9\nazs = [\"a\", \"b\", \"c\"]\nstatus_check = \"200s\"\n[fault.one]\nzone = \"a\"\nat = \"60s\"\n\
         for = \"150s\"\n[fault.two]\nzone = \"b\"\nat = \"100s\"\nfor = \"150s\"\n",
        1,
    );
    let phase = only(&run);
    let told: Vec<(Resource, f64, &str)> = phase
        .chain
        .iter()
        .filter_map(|link| Some((link.resource?, link.at_s, link.text.as_str())))
        .filter(|(of, ..)| !matches!(of, Resource::Targets { .. } | Resource::FewTargets { .. }))
        .collect();
    let instances = Resource::LostInstances { fleet: 0 };
    let zone = |fault| Resource::Zone { fault };
    let back = |fault| Resource::ZoneBack { fault };
    let taken = Resource::TakenOut { fleet: 0, by: Purpose::Unhealthy };
    let expected = [
        (zone(0), 60.0, "zone a lost"),
        (instances, 60.0, "3 instances of `web` lost in zone a"),
        // Of both zones, whose nodes clients know for a while.
        (Resource::OldAddress { balancer: 0 }, 60.0, ""),
        (zone(1), 100.0, "zone b lost"),
        (instances, 100.0, "3 instances of `web` lost in zone b"),
        (back(0), 210.0, "zone a is back"),
        (back(1), 250.0, "zone b is back"),
        // Noticed 200 s after the loss.
        (taken, 260.0, "replacement of unhealthy instances of `web`"),
    ];
    assert_eq!(told.len(), expected.len(), "{}", phase.sentence);
    for (told, expected) in told.iter().zip(expected) {
        assert_eq!((told.0, told.1), (expected.0, expected.1), "{}", phase.sentence);
        assert!(told.2.starts_with(expected.2), "{}", told.2);
    }
    let order: Vec<f64> = phase.chain.iter().filter(|it| it.cause).map(|it| it.at_s).collect();
    assert_eq!(order, [60.0, 100.0, 210.0, 250.0, 260.0], "{}", phase.sentence);
}

/// Two faults of one zone that overlap are one loss: it is back when the last one ends.
#[test]
fn a_zone_is_back_once() {
    let run = cache(
        "[fault.too]\nzone = \"a\"\nat = \"90s\"\nfor = \"60s\"\n[objectives]\nlatency = \"p99 < 1s\"\n",
    );
    let backs: Vec<_> = troubles(&run)
        .iter()
        .flat_map(|phase| &phase.chain)
        .filter(|link| matches!(link.resource, Some(Resource::ZoneBack { .. })))
        .map(|link| (link.resource, link.at_s))
        .collect();
    assert_eq!(backs, [(Some(Resource::ZoneBack { fault: 0 }), 150.0)]);
    let zones: Vec<_> =
        troubles(&run).iter().flat_map(|phase| &phase.chain).map(|link| link.text.as_str()).collect();
    assert_eq!(zones.iter().filter(|text| **text == "zone a lost").count(), 1, "{zones:?}");
    let shards = run.phases.iter().flat_map(|phase| &phase.chain);
    let shards = shards.filter(|link| link.resource == Some(Resource::LostShards { cache: 0 }));
    assert_eq!(shards.map(|link| link.until_s).reduce(f64::max), Some(150.0));
}

/// The writer is lost for a minute with nothing that takes over, and messages wait; when it is back, they come at once.
#[test]
fn what_fills_when_a_zone_is_back_came_of_that() {
    let run = run(
        "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"40/s\"\n[request.order]\n\
         steps = [{ send = \"jobs\" }]\n[queue.jobs]\nworkers = \"w\"\npollers = 40\nwait = \"20s\"\n\
         visibility_timeout = \"5m\"\nsteps = [{ write = \"db\", demand = \"10ms\" }]\n[fleet.w]\n\
         instance = \"m6i.large\"\ninstances = 1\nazs = [\"b\"]\npools = { db = 40 }\n[database.db]\nengine = \"mysql\"\n\
         writer = \"db.r6g.large\"\n[fault.outage]\nzone = \"a\"\nat = \"60s\"\nfor = \"60s\"\n",
        1,
    );
    let phase = troubles(&run)[0];
    let back = phase.chain.iter().position(|link| link.resource == Some(Resource::ZoneBack { fault: 0 }));
    let back = back.unwrap_or_else(|| panic!("{}", phase.sentence));
    let cpu = Resource::Database { database: 0, node: Node::Writer };
    assert!(phase.chain[back].cause && phase.chain[back].at_s == 120.0, "{}", phase.sentence);
    assert_eq!(phase.chain[back + 1].resource, Some(cpu), "{}", phase.sentence);
    assert!(!phase.chain[back + 1].cause, "{}", phase.sentence);
}

/// Zone b is lost while targets of zone a are not yet back: that few are left in the second trouble came of b.
#[test]
fn few_targets_of_a_second_loss_came_of_that() {
    let run = run(
        "duration = \"12m\"\n[traffic.all]\nrate = \"60/s\"\n[request.page]\nvia = \"front\"\n\
         steps = [{ cpu = \"10ms\" }, { write = \"db\", demand = \"2ms\" }]\n[balancer.front]\ntargets = \"web\"\n[fleet.web]\n\
         instance = \"m6i.large\"\ninstances = 6\nazs = [\"a\", \"b\", \"c\"]\npools = { db = 20 }\n[database.db]\n\
         engine = \"aurora-mysql\"\nwriter = \"db.r6g.large\"\nreplicas = 2\nazs = [\"a\", \"b\", \"c\"]\n\
         [fault.one]\nzone = \"a\"\nat = \"5m\"\nfor = \"5m\"\n[fault.two]\nzone = \"b\"\nat = \"7m\"\nfor = \"5m\"\n",
        1,
    );
    let second =
        troubles(&run).into_iter().find(|phase| phase.chain.iter().any(|link| link.text == "zone b lost"));
    let chain = &second.expect("a trouble in which zone b is lost").chain;
    let place = |of: Resource| chain.iter().rposition(|link| link.resource == Some(of));
    let (zone, few) = (place(Resource::Zone { fault: 1 }), place(Resource::FewTargets { fleet: 0 }));
    assert!(few.is_some() && zone < few, "{chain:?}");
}

/// A zone takes instances of two fleets, a writer that nothing takes over from, and a shard: each loss may be why another is felt, and
/// the page tells them all the same.
#[test]
fn losses_that_hold_each_other_up_have_an_end() {
    let text = r#"
duration="2m"
[traffic.t]
rate="50/s"
requests={z=1}
[request.x]
via="lb"
path="/x/1"
steps=[{cache="c", keys={count=1000}, miss=[{transaction="db", steps=[{write="1ms", rows={count=1}}, {cpu="1ms"}]}]}]
[request.z]
via="lb"
steps=[{transaction="db", steps=[{write="1ms", rows={count=1}}, {cpu="1ms"}]}]
[balancer.lb]
targets="app"
rules=[{path="/x/*", targets="apis"}]
health_check={interval="5s"}
[fleet.app]
instance="m5.large"
pools={db=20}
min=2
max=8
[fleet.apis]
instance="t3.small"
pools={db=1}
min=1
max=8
desired=4
[database.db]
writer="db.r6g.large"
[cache.c]
node="cache.m6g.large"
[fault.f1]
zone="a"
at="79s"

"#;
    for seed in 1..=4 {
        let run = run(text, seed);
        let trouble = run.phases.iter().find(|phase| phase.trouble).expect("nothing is answered");
        assert!(trouble.sentence.starts_with("1:19 zone a lost"), "{}", trouble.sentence);
        assert!(trouble.sentence.contains("the writer of `db` lost"), "{}", trouble.sentence);
    }
}
