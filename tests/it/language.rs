//! A valid scenario is read to the values that it states.

use std::path::{Path, PathBuf};

use simcap::dist::Law;
use simcap::id::{BalancerId, CacheId, ClassId, DatabaseId, FleetId, KeySpaceId, Owner};
use simcap::kind;
use simcap::kind::balancer::language::{
    Cookie, Growth, Network, Protocol, Routing, TargetConnections, Ties, Visits,
};
use simcap::kind::cache::language::{self as cache, Eviction};
use simcap::kind::cache::step::{Change, Lookup, Use};
use simcap::kind::database::language::{
    Contention, Engine, GroupCommit, LockOrder, Quorum, Replication, RowLocks,
};
use simcap::kind::database::step::{TransactionStep, Work, Write};
use simcap::kind::fleet::language::{
    DefaultResult, Discipline, Growth as PoolGrowth, LaunchHook, Order, Overflow, Patience, Pool,
    TerminateHook,
};
use simcap::kind::retry::Jitter;
use simcap::kind::scaling::language::{AdjustmentType, Comparison, Metric, MissingData, PolicyKind};
use simcap::kind::service::language as service;
use simcap::kind::service::step::Visit;
use simcap::outcome::recovery::Point;
use simcap::scenario::client::OnTimeout;
use simcap::scenario::objective::Bound;
use simcap::scenario::request::{Step, Target};
use simcap::scenario::traffic::Pattern;
use simcap::scenario::{self, Scenario};
use simcap::units::{Bandwidth, Bytes, Rate, Time, Usd};

/// A folder of test files.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name)
}

fn parse(text: &str, overrides: &[&str]) -> Scenario {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    scenario::parse("test.toml", text.as_bytes(), Path::new(""), &overrides).unwrap()
}

fn everything() -> Scenario {
    scenario::load(&folder("good/everything.toml"), &[]).unwrap()
}

/// A kind whose prices were forgotten would be billed at nothing.
#[test]
fn the_everything_scenario_has_a_price_for_all_that_is_billed() {
    // Of PostgreSQL the list has only what was read for it.
    let storage = ["RDS-PostgreSQL/gp3-storage/multi-az", "RDS-PostgreSQL/gp3-storage/single-az"];
    let nodes = [
        "Aurora-PostgreSQL/db.r7g.large",
        "RDS-PostgreSQL/db.r7g.large/multi-az",
        "RDS-PostgreSQL/db.r7g.large/single-az",
    ];
    // Of DynamoDB no source has the prices of DAX.
    let tables = ["DynamoDB/dax.r5.xlarge"];
    // A second Region is another one than the first, and of PostgreSQL it lacks what the list lacks there.
    let cases = [("ap-northeast-2", "us-east-1", &nodes[..1]), ("us-east-1", "ap-northeast-2", &nodes[..])];
    for (region, second, nodes) in cases {
        let changes = ["audit.backup", "ledger.backup", "places.global"];
        let changes = changes.map(|it| format!("database.{it}.region='{second}'")).into_iter();
        let changes = changes.chain([
            format!("region='{region}'"),
            "allow=[]".into(),
            "prices={}".into(),
            "runbook.repair.steps=[{ wait = '1s' }]".into(),
        ]);
        let changes: Vec<String> = changes.collect();
        let scenario = scenario::load(&folder("good/everything.toml"), &changes).unwrap();
        let found = simcap::warning::of_scenario(&scenario, 1).into_iter();
        let missing = found.filter(|it| it.code == simcap::warning::Code::NoPrice);
        let missing: Vec<String> = missing.map(|it| it.message).collect();
        // Hardware of one's own has the price that the file gives, and no source has one of FIFO topics.
        let known = [&["EC2/local", "SNS/fifo-requests"], &storage[..], nodes, &tables[..]].concat();
        let forgotten: Vec<&String> =
            missing.iter().filter(|it| !known.iter().any(|sku| it.contains(sku))).collect();
        assert!(forgotten.is_empty() && missing.len() == known.len(), "{region}: {missing:?}");
    }
}

#[test]
fn the_run_reads_as_written() {
    let scenario = everything();
    assert_eq!((scenario.name.as_str(), scenario.slug.as_str()), ("Everything", "everything"));
    assert_eq!((scenario.region.as_str(), scenario.seed), ("ap-northeast-2", 7));
    assert_eq!((scenario.duration, scenario.runs), (Time::from_secs(7_200), 3));
    assert_eq!((scenario.bucket, scenario.warmup), (Time::from_secs(20), Time::from_secs(60)));
    assert_eq!(scenario.prices.given.get("EC2/m6i.large"), Some(&0.118));
}

#[test]
fn traffic_becomes_rate_curves_and_mixes() {
    let scenario = everything();
    let [steady, knots, spike, daily, spaced, recorded, _, staff] = scenario.sources.as_slice() else {
        panic!("eight sources")
    };
    assert_eq!(steady.rate().unwrap().at(Time::from_secs(5)), Rate(1.5));
    assert_eq!(steady.mix, [(ClassId(0), 1.0)]);

    assert_eq!(knots.rate().unwrap().at(Time::from_secs(60 * 59 / 2)), Rate(650.0));
    assert_eq!(knots.rate().unwrap().at(Time::from_secs(3_600)), Rate(100.0), "after the step");
    assert_eq!(knots.mix, [(ClassId(1), 50.0), (ClassId(2), 2.0)], "a weight of zero is no request");

    let minutes = |minutes: u64| spike.rate().unwrap().at(Time::from_secs(minutes * 60)).0;
    assert_eq!((minutes(0), minutes(61), minutes(70)), (600.0, 9_000.0, 9_000.0));
    let after_one_constant = spike.rate().unwrap().at(Time::from_secs(3_600 + 20 + 600 + 900)).0;
    assert!((after_one_constant - (600.0 + 8_400.0 / std::f64::consts::E)).abs() < 1e-6);
    assert_eq!(minutes(71 + 7 * 15), 600.0);

    assert_eq!(daily.rate().unwrap().at(Time::from_secs(2 * 3_600)), Rate(1_200.0), "two hours after 18:00");
    assert_eq!(daily.rate().unwrap().knots.len(), 25);

    let shape = Some(Law::Erlang { mean: Time::from_millis(10), shape: 4 });
    assert!(matches!(&spaced.pattern, Pattern::Rate { gaps, .. } if *gaps == shape));
    let Pattern::Replay(replay) = &recorded.pattern else { panic!("recorded arrivals") };
    assert_eq!(replay.times[..], [0, 40, 40, 250].map(Time::from_millis), "from the first row on");
    assert_eq!(replay.classes.as_deref(), Some(&[1, 0, 2, 1].map(ClassId)[..]));

    let Pattern::Users(users) = &staff.pattern else { panic!("users") };
    let minutes = |minutes: u64| Time::from_secs(60 * minutes);
    assert_eq!(users.count, [(minutes(0), 0), (minutes(10), 200), (minutes(90), 200), (minutes(90), 20)]);
    assert_eq!(users.think, Law::Exponential { mean: Time::from_secs(5) });
    assert!(!users.thinks_first);
    assert_eq!(
        (staff.client.round_trip, steady.client.round_trip),
        (Time::from_millis(2), Time::from_millis(20))
    );
}

#[test]
fn a_source_overrides_parts_of_the_client() {
    let scenario = everything();
    let client = &scenario.sources[0].client;
    assert_eq!(client.timeout, Some(Time::from_secs(8)));
    assert_eq!(
        (client.retries.max, client.retries.backoff, client.retries.cap),
        (2, Time::from_millis(500), Time::from_secs(10))
    );
    assert_eq!((client.retries.jitter, client.on_timeout), (Jitter::Equal, OnTimeout::Cancel));
    assert_eq!(client.round_trip, Time::from_millis(20));

    let own = &scenario.sources[1].client;
    assert_eq!((own.timeout, own.retries.max), (Some(Time::from_secs(4)), 1));
    assert_eq!((own.retries.jitter, own.round_trip), (Jitter::Equal, Time::from_millis(20)));
}

/// A look-up and what is done on a miss.
fn lookup(step: &Step) -> (&Lookup, &[Step]) {
    match step {
        Step::Of { step: kind::Step::Cache(Use::Lookup(lookup)), inside } => (lookup, inside),
        other => panic!("{other:?}"),
    }
}

#[test]
fn steps_resolve_every_name() {
    let scenario = everything();
    let [ping, product, checkout, _, _] = scenario.classes.as_slice() else { panic!("five classes") };
    assert!(
        matches!(&ping.steps[..], [Step::Of { step: kind::Step::Service(Visit { time: Some(Law::Empirical(values)), .. }), .. }, Step::Delay(_)]
        if values.iter().eq([10, 20, 30].map(Time::from_millis).iter()))
    );

    let [Step::Call { target: Target::Balancer(BalancerId(0)), steps }] = &product.steps[..] else {
        panic!("{:?}", product.steps)
    };
    assert_eq!((product.request_size, product.response_size), (Bytes(2_048), Bytes(40_000)));
    let (lookup, miss) = lookup(&steps[1]);
    assert!((lookup.cache, lookup.keys, lookup.fill) == (CacheId(0), KeySpaceId(0), true));
    assert_eq!(lookup.hit_ratio, None);
    let [Step::Of { step: kind::Step::Database(Work::Read(read)), .. }] = miss else { panic!("{miss:?}") };
    assert!(read.rows == Some(KeySpaceId(0)) && !read.lock);
    let (fixed, _) = self::lookup(&steps[2]);
    assert_eq!((fixed.hit_ratio, fixed.fill), (Some(0.9), false));
    assert!(matches!(&steps[4], Step::Call { target: Target::Balancer(BalancerId(1)), .. }));

    let [Step::Call { target: Target::Fleet(FleetId(0)), steps }] = &checkout.steps[..] else {
        panic!("{:?}", checkout.steps)
    };
    let of = |step: &Step| match step {
        Step::Of { step, .. } => step.clone(),
        other => panic!("{other:?}"),
    };
    let [write, invalidate, next, transaction, through, set, batch, in_line] = &steps[..] else {
        panic!("{steps:?}")
    };
    let kind::Step::Database(Work::Write(Write { statement: write, changes, .. })) = of(write) else {
        panic!("{write:?}")
    };
    let kind::Step::Cache(Use::Invalidate(Change { cache: CacheId(0), keys })) = of(invalidate) else {
        panic!("{invalidate:?}")
    };
    assert!(!write.lock && write.rows == Some(keys) && changes == Some(("invalidate", CacheId(0), keys)));
    assert_eq!(self::lookup(next).0.keys, keys, "equal in place, same cache");
    let kind::Step::Database(Work::Transaction(transaction)) = of(transaction) else {
        panic!("{transaction:?}")
    };
    assert_eq!(transaction.database, DatabaseId(0));
    assert!(matches!(&transaction.statements[3], TransactionStep::Write(write) if write.lock));
    assert!(matches!(
        of(through),
        kind::Step::Database(Work::Write(Write { changes: Some(("set", CacheId(3), _)), .. }))
    ));
    assert!(matches!(of(set), kind::Step::Cache(Use::Set(Change { cache: CacheId(3), .. }))));
    assert!(matches!(of(batch), kind::Step::Database(Work::Write(it)) if it.statement.line == Some(8)));
    let kind::Step::Database(Work::Transaction(in_line)) = of(in_line) else { panic!("{in_line:?}") };
    assert!(matches!(&in_line.statements[0], TransactionStep::Write(write) if write.line == Some(1)));

    let minutes = |minutes: u64| Time::from_secs(60 * minutes);
    let pages = &scenario.kinds.caches[2];
    assert_eq!((pages.item, pages.ttl, pages.soft_ttl), (Bytes(4_096), Some(minutes(5)), Some(minutes(3))));
    assert!(pages.sizes.is_some() && pages.ttls.is_some() && pages.reads_from_replicas);
    assert_eq!(pages.flush, [(minutes(20), 1.0), (minutes(40), 0.5)]);
    let fragments = &scenario.kinds.caches[3];
    assert_eq!((fragments.engine, fragments.threads), (cache::Engine::Memcached, 4));
    assert!(scenario.kinds.caches[4].renew, "sessions are renewed");

    let orders = &scenario.kinds.databases[0];
    let group = GroupCommit { delay: Time::from_micros(100), each: Time::from_micros(10) };
    assert_eq!(orders.group_commit, Some(group));
    assert_eq!(orders.quorum, Some(Quorum { copies: 3, acks: 2, each: Time::ZERO }));
    assert_eq!(orders.contention, Some(Contention { sigma: 0.001, kappa: 0.000_01 }));

    assert_eq!((scenario.key_spaces[0].count, scenario.key_spaces[0].zipf), (2_000_000, 0.9));
    assert_eq!(scenario.key_spaces.len(), 3, "products, the single key of sessions, and the thousand");
}

#[test]
fn balancers_and_fleets_read_as_written() {
    let scenario = everything();
    let public = &scenario.balancers[0];
    assert_eq!((public.routing, public.targets), (Routing::RoundRobin, FleetId(0)));
    let internal = &scenario.balancers[1];
    assert_eq!((internal.routing, internal.ties), (Routing::LeastOutstandingRequests, Ties::Random));
    let careful = &scenario.balancers[2];
    assert_eq!(
        (careful.routing, careful.weights_every),
        (Routing::WeightedRandom, Some(Time::from_secs(10)))
    );
    let stickiness = careful.stickiness.as_ref().unwrap();
    assert_eq!((stickiness.cookie, stickiness.duration), (Cookie::Balancer, Time::from_secs(3_600)));
    assert_eq!(stickiness.visits, Some(Visits { requests: 8.0, gap: Time::from_secs(20) }));
    let growth = Growth { initial: 200.0, reserved: 100.0, factor: 1.5, every: Time::from_secs(300) };
    assert_eq!(careful.growth, Some(growth));
    // The rule of the first one has a target group of its own, behind those that have tables.
    let split = careful.split.as_ref().unwrap();
    let groups: Vec<_> = split.ways.iter().map(|way| (way.fleet, way.group.index(), way.weight)).collect();
    assert_eq!(groups, [(careful.targets, 2, 999), (public.targets, 7, 0)]);
    let minutes = |minutes: u64| Time::from_secs(60 * minutes);
    assert_eq!(split.changes, [(minutes(10), vec![999, 1]), (minutes(20), vec![0, 1])]);
    assert_eq!(split.sticky, Some(minutes(120)));
    let by_rule = public.rules[1].split.as_ref().unwrap();
    let groups: Vec<_> = by_rule.ways.iter().map(|way| (way.group.index(), way.weight)).collect();
    assert_eq!((groups, by_rule.index, split.index), (vec![(0, 9), (6, 1)], 0, 1));
    let (rule, group) = (&public.rules[0], &scenario.balancers[6]);
    assert_eq!((rule.path.as_deref(), rule.host.as_deref()), (Some("/admin/*"), Some("*.example.com")));
    assert_eq!((rule.group.index(), group.targets, group.name.as_str()), (6, FleetId(1), "public"));
    let edge = &scenario.balancers[3];
    let network = Network {
        protocol: Protocol::Tls,
        target_delay: Time::from_secs(60),
        bandwidth: Bandwidth(5e9),
        ports: Some(50_000),
    };
    assert_eq!((edge.network, edge.idle_timeout), (Some(network), Time::from_secs(600)));
    let visits = edge.stickiness.as_ref().unwrap().visits;
    assert_eq!(visits, Some(Visits { requests: 10.0, gap: Time::from_secs(10) }));
    assert_eq!(scenario.fleets[0].keep_alive, Some(Time::from_secs(75)));
    assert_eq!(scenario.fleets[1].speeds, [0.5, 0.75]);
    let (cache, database) = (&scenario.caches[0], &scenario.databases[0]);
    assert_eq!(
        (cache.eviction, cache.renew, database.row_locks.order),
        (Eviction::Random, true, LockOrder::Random)
    );
    assert_eq!((public.health_check.healthy_threshold, public.health_check.unhealthy_threshold), (3, 4));
    assert_eq!((public.slow_start, public.connect_timeout), (Time::from_secs(60), Time::from_secs(10)));
    assert!(public.internet_facing && !public.cross_zone, "requests enter by it");
    assert_eq!(public.target_connections, TargetConnections::Close);
    assert_eq!(internal.target_connections, TargetConnections::KeepAlive);
    assert!(!scenario.balancers[1].internet_facing);

    let web = &scenario.fleets[0];
    assert_eq!((web.min, web.max, web.desired), (4, 40, 6));
    assert_eq!((web.zones(), web.threads, web.backlog), (3, Some(100), 50));
    assert_eq!((web.overflow, web.discipline, web.elb_health), (Overflow::Reset, Discipline::Fifo, true));
    assert_eq!(web.metric_period, Time::from_secs(300));
    assert_eq!(web.boot.bootstrap, Law::Lognormal { mean: Time::from_secs(40), cv: 0.1 });
    assert_eq!(web.boot.cpu, [0.5, 1.5, 2.0]);
    let launch = LaunchHook {
        patience: Patience { heartbeat: Time::from_secs(600), recorded: Some(Time::from_secs(300)) },
        default_result: DefaultResult::Continue,
        complete: Some(Law::Uniform { low: Time::from_secs(20), high: Time::from_secs(30) }),
    };
    assert_eq!(web.launch_hook, Some(launch));
    let terminate = TerminateHook {
        patience: Patience { heartbeat: Time::from_secs(300), recorded: Some(Time::from_secs(60)) },
        complete: Law::Constant(Time::from_secs(45)),
    };
    assert_eq!(web.terminate_hook, Some(terminate));
    let pool = |id, writer, reader, secs, minimum| Pool {
        database: DatabaseId(id),
        writer,
        reader,
        timeout: Time::from_secs(secs),
        minimum,
        growth: None,
        order: Order::Fifo,
    };
    let growth = PoolGrowth {
        minimum_idle: Some(4),
        idle_timeout: Time::from_secs(300),
        max_lifetime: Some(Time::from_secs(1_200)),
    };
    let orders = Pool { growth: Some(growth), ..pool(0, 5, 15, 2, 3) };
    let users = Pool { order: Order::Newcomers(Time::from_micros(50)), ..pool(1, 20, 20, 30, 1) };
    assert_eq!(web.pools, [orders, users, pool(2, 4, 4, 30, 1)]);

    let was = &scenario.fleets[1];
    assert_eq!((was.min, was.max, was.desired, was.threads), (2, 2, 2, None));
    assert_eq!((&was.launch_hook, &was.terminate_hook, was.boot.cpu), (&None, &None, [1.0; 3]));
    assert_eq!((was.instance.name.as_str(), was.instance.strength), ("local", 1.2));
    assert_eq!(was.timetable, [(Time::from_secs(600), 3), (Time::from_secs(1_200), 4)]);
}

#[test]
fn policies_become_alarms() {
    let scenario = everything();
    let [follow, burst, shrink, grow, step, tomorrow] = scenario.fleets[0].policies.as_slice() else {
        panic!("six")
    };
    assert_eq!((follow.name.as_str(), follow.metric), ("follow", Metric::RequestsPerTarget));
    let PolicyKind::TargetTracking { target, high, low: Some(low) } = &follow.kind else {
        panic!("{follow:?}")
    };
    assert_eq!((*target, high.threshold, low.threshold), (6_000.0, 6_000.0, 3_000.0));
    assert_eq!((high.evaluation_periods, high.datapoints, high.missing), (6, 4, MissingData::Breaching));
    assert_eq!((low.evaluation_periods, low.period), (15, Time::from_secs(60)));
    assert_eq!((high.comparison, low.comparison), (Comparison::Above, Comparison::Below));

    let PolicyKind::Step { alarm, adjustment, steps, min_magnitude } = &burst.kind else {
        panic!("{burst:?}")
    };
    assert_eq!((alarm.threshold, alarm.datapoints), (70.0, 1));
    assert_eq!((*adjustment, *min_magnitude), (AdjustmentType::PercentChangeInCapacity, 2));
    assert_eq!((steps[0].lower, steps[0].upper, steps[1].upper), (0.0, 10.0, f64::INFINITY));

    let PolicyKind::Simple { alarm, change, cooldown, .. } = &shrink.kind else { panic!("{shrink:?}") };
    assert_eq!((alarm.comparison, *change, *cooldown), (Comparison::AtMost, -1.0, Time::from_secs(200)));
    assert!(matches!(grow.kind, PolicyKind::Simple { min_magnitude: 3, .. }));
    assert_eq!((grow.warmup, grow.name.as_str()), (Time::from_secs(60), "cpu simple at least 95"));
    assert!(matches!(&step.kind, PolicyKind::Step { steps, .. } if steps[0].lower == f64::NEG_INFINITY));

    let PolicyKind::Predictive(forecast) = &tomorrow.kind else { panic!("{tomorrow:?}") };
    assert_eq!((forecast.history.len(), forecast.history[9], forecast.target), (24, Some(50.0), 5_000.0));
    assert_eq!((forecast.increase, forecast.buffer), (Some(0.1), Time::from_secs(600)));
}

#[test]
fn data_tiers_and_stations_read_as_written() {
    let scenario = everything();
    let catalog = &scenario.caches[0];
    assert_eq!(catalog.memory, Bytes((2.0 * 14_037_181_030.0 * 0.75) as u64));
    assert_eq!((catalog.ttl, catalog.warm, catalog.coalesce), (Some(Time::from_secs(300)), 0.5, true));
    assert_eq!((scenario.caches[1].memory, scenario.caches[1].hit_ratio), (Bytes(1 << 30), Some(0.95)));

    let [orders, users, audit, ledger, places] = scenario.databases.as_slice() else {
        panic!("five databases")
    };
    assert_eq!((orders.writer_connections, orders.replica_connections), (3_000, 1_000));
    let per_write_rate = Time::from_nanos(300);
    assert_eq!(orders.replication, Replication::SharedStorage { base: Time::from_millis(3), per_write_rate });
    assert_eq!((users.engine, users.writer_connections, users.multi_az), (Engine::Mysql, 500, true));
    assert!(matches!(users.replication, Replication::BinaryLog { appliers: 4, .. }));
    let seconds = |secs| Some(Time::from_secs(secs));
    let RowLocks { wait_timeout, deadlock_timeout, order, deadlock_check } = &ledger.row_locks;
    assert_eq!((ledger.engine, ledger.writer_connections), (Engine::Postgres, 1_802));
    assert_eq!((*wait_timeout, *deadlock_timeout, *deadlock_check), (seconds(30), seconds(2), Time::ZERO));
    assert!(matches!(ledger.replication, Replication::BinaryLog { appliers: 1, .. }));
    assert_eq!(*order, LockOrder::Overtaking(0.1));
    assert_eq!(
        (places.engine, places.row_locks.order),
        (Engine::AuroraPostgresql, LockOrder::Overtaking(0.15))
    );
    assert_eq!((places.row_locks.wait_timeout, places.row_locks.deadlock_timeout), (None, seconds(1)));
    assert!(matches!(places.replication, Replication::SharedStorage { .. }));
    assert_eq!((users.row_locks.wait_timeout, users.row_locks.deadlock_timeout), (seconds(50), None));
    // Eight ACUs are 16 GiB and two vCPUs.
    assert_eq!((audit.writer.vcpus, audit.writer_connections), (2, 1_000));
    let takeover = (&orders.takeover.recovery, orders.takeover.dns_ttl);
    assert_eq!(takeover, (&Law::Constant(Time::from_secs(6)), Time::from_secs(30)));
    let scaling = orders.replica_scaling.as_ref().unwrap();
    assert_eq!((scaling.target, scaling.min, scaling.max, scaling.scale_in), (50.0, 1, 4, false));

    let payment = &scenario.services[0];
    assert_eq!((payment.servers, payment.queue), (8, Some(100)));
    assert_eq!(payment.changes, [(Time::from_secs(1_800), 12)]);
    let priorities: Vec<u8> = scenario.classes.iter().map(|class| class.priority).collect();
    assert_eq!((payment.discipline, priorities), (service::Discipline::Priority, vec![0, 0, 2, 0, 0]));
    assert_eq!(payment.patience, Some(Law::Exponential { mean: Time::from_secs(3) }));
}

#[test]
fn objectives_read_as_written() {
    let scenario = everything();
    let texts: Vec<&str> = scenario.objectives.iter().map(|objective| objective.text.as_str()).collect();
    assert_eq!(texts[1], "latency checkout p99.9 <= 2s");
    assert_eq!(texts[5], "cost < $1,500");
    let bounds: Vec<&Bound> = scenario.objectives.iter().map(|objective| &objective.bound).collect();
    let class = Some(ClassId(2));
    assert_eq!(
        *bounds[1],
        Bound::Latency { quantile: 0.999, class, limit: Time::from_secs(2), inclusive: true }
    );
    assert!(matches!(bounds[2], Bound::Latency { quantile: 1.0, class: None, .. }));
    assert_eq!(*bounds[4], Bound::Errors { class, limit: 0.01, inclusive: false });
    assert_eq!(*bounds[5], Bound::Cost { limit: Usd(1_500.0), inclusive: false });
    assert_eq!(texts[7], "availability product >= 99% every 5m");
    let product = Some(ClassId(1));
    let inner = Box::new(Bound::Availability { class: product, limit: 0.99, inclusive: true });
    assert_eq!(*bounds[7], Bound::Every { window: Time::from_secs(300), bound: inner });
    assert_eq!(bounds[7].class_by_row(), product, "its rows are kept");
    let web = Some(Owner::Fleet(0));
    let recovery = |of, limit, inclusive| Bound::Recovery { of, limit, inclusive };
    assert_eq!(*bounds[8], recovery(Point::Rto, 900.0, false));
    assert_eq!(*bounds[9], recovery(Point::Rpo, 1.0, false));
    assert_eq!(*bounds[10], recovery(Point::LostWrites, 0.0, true));
    assert_eq!(*bounds[11], recovery(Point::DoubledWrites, 1_000.0, true));
    let all = &bounds[12..];
    let figure = |bound: &Bound| match bound {
        Bound::Figure { of, limit, inclusive } => (of.name(), of.index(), of.quantile(), *limit, *inclusive),
        _ => panic!("{bound:?}"),
    };
    assert_eq!(figure(all[0]), ("hit_ratio", Some(0), None, 0.8, true));
    assert_eq!(figure(all[2]), ("stale_share", Some(0), None, 0.01, false));
    assert_eq!(figure(all[3]), ("own_stale_share", Some(0), None, 0.001, false));
    assert_eq!(figure(all[4]), ("read_age", None, Some(0.99), 1_000.0, false));
    assert_eq!(figure(all[5]), ("lag", None, Some(0.99), 1_000.0, false));
    assert!(matches!(all[6], Bound::Every { .. }));
    assert_eq!(figure(all[7]), ("dropped_events", None, None, 0.05, false));
    assert_eq!(figure(all[8]), ("dropped_events", Some(0), None, 0.01, false));
    assert_eq!(figure(all[9]), ("age", None, Some(0.99), 300_000.0, false));
    assert!(matches!(all[10], Bound::Every { .. }));
    assert_eq!(figure(all[11]), ("dead_letter_share", None, None, 0.001, false));
    assert_eq!(figure(all[12]), ("expired_share", Some(0), None, 0.001, false));
    assert_eq!(*all[13], Bound::Headroom { resource: None, limit: 1.3, inclusive: true });
    assert_eq!(*all[14], Bound::Headroom { resource: web, limit: 1.5, inclusive: false });
    assert_eq!(all.len(), 15);
}

#[test]
fn a_textbook_queue_is_a_small_file() {
    let text = r#"
        duration = "1h"
        traffic.all.rate = "8/s"
        request.job.steps = [{ service = "server" }]
        service.server = { servers = 1, time = "exponential 100ms" }
    "#;
    let scenario = parse(text, &[]);
    assert_eq!(scenario.sources[0].mix, [(ClassId(0), 1.0)]);
    assert_eq!(
        (scenario.sources[0].client.timeout, scenario.sources[0].client.round_trip),
        (None, Time::ZERO)
    );
    assert_eq!((scenario.services[0].hop, scenario.services[0].queue), (Time::ZERO, None));
}

#[test]
fn overrides_replace_and_add_values() {
    let text = r#"
        duration = "1h"
        traffic.all.rate = "8/s"
        request.job.steps = [{ service = "server" }]
        [service.server]
        servers = 1
        time = "exponential 100ms"
    "#;
    let overrides =
        ["service.server.servers=4", "duration = 2h", "objectives.latency=p99 < 1s", "region=\"us-east-1\""];
    let scenario = parse(text, &overrides);
    assert_eq!((scenario.services[0].servers, scenario.duration), (4, Time::from_secs(7_200)));
    assert_eq!(scenario.objectives[0].text, "latency p99 < 1s");
}

/// The example that the language was designed on.
#[test]
fn a_shop_on_an_event_day_reads() {
    let scenario = scenario::load(&folder("good/shop.toml"), &[]).unwrap();
    assert_eq!((scenario.name.as_str(), scenario.bucket), ("Black Friday", Time::from_secs(10)));
    assert_eq!(scenario.classes.len(), 5);
    assert_eq!(scenario.balancers[0].routing, Routing::LeastOutstandingRequests);
    assert!(
        matches!(&scenario.fleets[0].policies[0].kind, PolicyKind::TargetTracking { target: 60.0, low: Some(low), .. }
        if (low.threshold - 42.0).abs() < 1e-9)
    );
}

#[test]
fn the_reference_names_every_table() {
    let page = scenario::reference();
    for heading in ["## `[fleet.NAME]`", "## `{ cache = … }`", "## `boot = { … }`"] {
        assert!(page.contains(heading), "{heading}");
    }
    let row = page.lines().find(|line| line.starts_with("| `idle_timeout`")).unwrap();
    assert!(row.contains("\"1m\"") && row.contains("Elastic Load Balancing user guide"), "{row}");
}

/// From the tables of the EC2 user guide, and its credits.
#[test]
fn the_reference_has_the_networks_and_the_credits_of_types() {
    let page = scenario::reference();
    for (family, size) in [
        ("m5", "large 2 × 8 (0.75–10 Gbit/s)"),
        ("m5", "24xlarge 96 × 384 (25 Gbit/s)"),
        ("t3", "micro 2 × 1 (0.064–5 Gbit/s; 10 %, 288 credits)"),
        ("t2", "micro 1 × 1 (0.064–1.024 Gbit/s; 10 %, 144 credits, 30 at launch)"),
    ] {
        let row = page.lines().find(|line| line.starts_with(&format!("| {family} |"))).unwrap();
        assert!(row.contains(size), "{row}");
    }
}

/// Every block of the reference is a scenario that reads and runs.
#[test]
fn the_examples_of_the_reference_are_scenarios() {
    let page = scenario::reference();
    let blocks: Vec<&str> =
        page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 6);
    for block in blocks {
        let short = ["duration=\"60s\"".to_owned()];
        let scenario = match scenario::parse("example.toml", block.as_bytes(), &folder("good"), &short) {
            Ok(scenario) => scenario,
            Err(scenario::ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
            Err(error) => panic!("{error}"),
        };
        let run = simcap::simulate(&scenario, 1, &mut |_| {});
        assert!(run.requests.completed > 0.0, "{block}");
    }
}

/// What people write who know it from elsewhere has a hint that names what to write here.
#[test]
fn words_from_elsewhere_name_what_to_write() {
    let page = |rest: &str| {
        let text = format!("duration = \"1m\"\n[fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n{rest}");
        match scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]).unwrap_err() {
            scenario::ScenarioError::Invalid(report) => report.render(false),
            error => panic!("{error}"),
        }
    };
    let queue = |key: &str| page(&format!("[queue.q]\nworkers = \"w\"\ntime = \"1s\"\n{key}\n"));
    let checks = [
        (queue("prefetch = 5"), "did you mean `batch`?"),
        (queue("consumers = 5"), "did you mean `pollers`"),
        (page("[queue.q]\nwait = \"20s\"\n"), "`wait` needs `workers`"),
        (page("[queue.q]\nwait = \"20s\"\n"), "add workers = \"NAME\""),
        (page("[dlq.x]\n"), "[queue.NAME] that another one names: dead_letter = \"NAME\""),
        (page("[alarms.x]\n"), "a CloudWatch alarm is an [alarm.NAME]"),
        (
            page("scaling = [{ composite = { rule = \"ALARM(x)\" } }]\n"),
            "composite alarms cannot scale a group in AWS",
        ),
        (
            page("scaling = [{ step = { alarm = \"x\" } }]\n"),
            "an [alarm.NAME], composite ones too, cannot scale a group",
        ),
        (page("[alarm.x]\nalarm_rule = \"TRUE\"\n"), "did you mean `rule`?"),
        (page("[zone.x]\n"), "the loss of a zone is a [fault.NAME]"),
        (
            page("scaling = [{ target_tracking = { metric = \"backlog\", target = 5 } }]\n"),
            "did you mean \"queue.NAME.backlog\"?",
        ),
    ];
    for (page, hint) in checks {
        assert!(page.contains(hint), "{hint}: {page}");
    }
}
