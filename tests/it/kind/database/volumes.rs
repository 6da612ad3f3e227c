//! Volumes of RDS that run out of I/Os and of burst credits, worked out by hand.

use simcap::outcome::{Node, Outcome, Resource};
use simcap::warning::of_scenario;

use super::growth::near;
use crate::run::{run, scenario};

/// One write for each of so many a second, evenly apart, each on a page of its own that is never written back.
fn writes(rate: f64, seconds: u32, storage: &str, more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{seconds}s\"\nbucket = \"10s\"\nwarmup = \"0s\"\n[traffic.all]\nrate = \"{rate}/s\"\ninterarrival = \"{}us\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.work]\nsteps = [{{ write = \"shop\", demand = \"0s\" }}]\n\
             [database.shop]\nengine = \"mysql\"\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\ncommit = \"1ms\"\n\
             storage = {{ {storage} }}\n{more}\n",
            1e6 / rate
        ),
        1,
    )
}

/// 400 commits of one write each are less than the 3,000 of gp3.
#[test]
fn a_volume_that_does_more_than_is_asked_changes_nothing() {
    let run =
        writes(400.0, 60, "type = \"gp3\", size = \"100 GiB\", log_writes = 1, write_back = \"1h\"", "");
    assert!(near(run.latency_ms.max, 1.0), "{:?}", run.latency_ms);
    let volume = &run.timeline.databases[0].volume[0];
    assert!(near(volume.writer_iops[2], 400.0) && near(volume.writer_iops_limit[2], 3_000.0));
    assert!(near(volume.writer_busy_percent[2], 400.0 / 30.0), "{volume:?}");
    assert_eq!(volume.writer_credits_percent[2], 100.0);
}

/// 100 GiB of gp2 earn 300 credits a second, and 400 are spent: 0.1 % of 5.4 million are 5,400, which last for 54 s. After that 300 are done in a second, and
/// 100 more wait with each of the 36 s that are left.
#[test]
fn a_volume_without_credits_does_its_baseline() {
    let storage =
        "type = \"gp2\", size = \"100 GiB\", credits = \"0.1%\", log_writes = 1, write_back = \"1h\"";
    let run = writes(400.0, 90, storage, "");
    let volume = &run.timeline.databases[0].volume[0];
    assert!(near(volume.writer_credits_percent[0], 0.1 - 0.1 * 10.0 / 54.0), "{volume:?}");
    assert!(near(volume.writer_iops[4], 400.0) && near(volume.writer_iops[7], 300.0), "{volume:?}");
    assert_eq!((volume.writer_iops_limit[4], volume.writer_iops_limit[7]), (3_000.0, 300.0));
    assert!(near(volume.writer_busy_percent[7], 100.0));
    // Between 70 and 80 s, from 1,600 to 2,600 wait.
    assert!((volume.writer_waiting[7] - 2_100.0).abs() < 2.0, "{volume:?}");
    let spent = "burst credits of the volume of the writer are spent: it does 300 I/Os a second";
    let found: Vec<_> = run.incidents.iter().filter(|it| it.text == spent).collect();
    assert_eq!(found.len(), 1, "{:?}", run.incidents);
    assert!((found[0].at_s - 54.0).abs() < 0.1, "{found:?}");
    let of = Resource::Volume { database: 0, node: Node::Writer };
    assert!(
        run.phases.iter().flat_map(|phase| &phase.chain).any(|link| link.resource == Some(of)),
        "{:?}",
        run.phases
    );
}

/// With 0.1 % of the credits, ×1 of 350 writes a second for 60 s spends 3,000 of 5,400. They are just spent at 390.
#[test]
fn the_headroom_of_a_volume_is_that_of_its_credits() {
    let storage =
        "type = \"gp2\", size = \"100 GiB\", credits = \"0.1%\", log_writes = 1, write_back = \"1h\"";
    let run = writes(350.0, 60, storage, "");
    let of = Resource::Volume { database: 0, node: Node::Writer };
    let limit = run.headroom.iter().find(|it| it.of == of).expect("it has headroom");
    assert!(near(limit.as_it_stood.busy, 350.0 / 390.0), "{limit:?}");
}

/// Each write changes a page that is written 5 s later: from then on there are two I/Os for each.
#[test]
fn pages_are_written_after_they_were_changed() {
    let run = writes(100.0, 30, "type = \"gp3\", log_writes = 1, write_back = \"5s\"", "");
    let iops = &run.timeline.databases[0].volume[0].writer_iops;
    assert!(near(iops[0], 150.0) && near(iops[1], 200.0), "{iops:?}");
}

/// Rows of one page: however many are written, the page is written once in 5 s.
#[test]
fn changes_of_one_page_are_written_together() {
    let text = "duration = \"20s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"100/s\"\ninterarrival = \"10ms\"\n\
                [request.work]\nsteps = [{ write = \"shop\", demand = \"0s\", rows = \"items\" }]\n[keys.items]\ncount = 10\n\
                [database.shop]\nengine = \"mysql\"\nwriter = \"db.m6g.2xlarge\"\nrow = \"1 KiB\"\n\
                storage = { type = \"gp3\", log_writes = 0, write_back = \"5s\" }\n";
    let iops = &run(text, 1).timeline.databases[0].volume[0].writer_iops;
    // At 5 s, and at 10 s and a bit and 15 s.
    assert!(near(iops[0], 0.1) && near(iops[1], 0.2), "{iops:?}");
}

/// The commit of a replica needs an I/O too: with 0 % of the credits of gp2 it applies 300 a second, and lags by a quarter of the time.
#[test]
fn a_replica_applies_no_faster_than_its_volume_writes() {
    let more =
        "replicas = 1\nreplication = { ship = \"0s\", apply = \"0s\" }\ngroup_commit = { delay = \"50ms\" }";
    let storage = "type = \"gp2\", size = \"100 GiB\", credits = \"0%\", log_writes = 1, write_back = \"1h\"";
    let run = writes(400.0, 40, storage, more);
    let series = &run.timeline.databases[0];
    // The writer flushes many together, and has enough.
    assert!(series.volume[0].writer_busy_percent[3] < 50.0, "{series:?}");
    assert!(near(series.volume[0].replica_iops[3], 300.0), "{series:?}");
    // After 40 s a commit waits for 16,000 - 12,000 others: 13.3 s.
    assert!((series.lag_ms[3] - 13_300.0).abs() < 200.0, "{:?}", series.lag_ms);
}

/// A page that is not in memory waits for its turn at the volume, and then for the storage.
#[test]
fn a_page_from_storage_is_an_io() {
    // A gigabyte holds 5 % of a million pages: 142 of 150 reads a second miss, and 100 of them are done.
    let text = "duration = \"20s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"150/s\"\ninterarrival = \"6666us\"\n\
                [request.work]\nsteps = [{ read = \"shop\", demand = \"0s\", rows = \"items\" }]\n[keys.items]\ncount = 1000000\nzipf = 0\n\
                [database.shop]\nengine = \"mysql\"\nwriter = \"db.t3.micro\"\nrow = \"16 KiB\"\nhop = \"0s\"\nstorage_read = \"1ms\"\n\
                storage = { type = \"gp2\", size = \"20 GiB\", credits = \"0%\" }\n";
    let run = run(text, 1);
    let volume = &run.timeline.databases[0].volume[0];
    assert!(near(volume.writer_iops[1], 100.0) && near(volume.writer_busy_percent[1], 100.0), "{volume:?}");
    let of = Resource::Volume { database: 0, node: Node::Writer };
    let headroom = run.headroom.iter().find(|it| it.of == of).expect("it has headroom");
    assert!(headroom.saturated, "{headroom:?}");
}

/// A volume of gp3 with 2,000 I/Os above its 12,000 in Virginia, for an hour of the 730 of a month.
#[test]
fn what_is_provisioned_is_on_the_bill() {
    let run = writes(1.0, 3_600, "type = \"gp3\", size = \"400 GiB\", iops = 14000", "replicas = 2");
    let quantity = |what: &str| -> f64 {
        run.bill.items.iter().filter(|it| it.what == what).map(|it| it.quantity * it.unit_price_usd).sum()
    };
    assert!(near(quantity("IOPS"), 2_000.0 * 0.02 / 730.0), "{:?}", run.bill);
    assert!(near(quantity("replica IOPS"), 2.0 * 2_000.0 * 0.02 / 730.0), "{:?}", run.bill);
}

/// 2,000 commits of two writes each are more than 3,000.
#[test]
fn more_commits_than_a_volume_can_write_are_warned_of() {
    let warned = |more: &str| {
        let text = format!(
            "duration = \"10s\"\n[traffic.all]\nrate = \"2000/s\"\n[request.work]\nsteps = [{{ write = \"shop\", demand = \"0s\" }}]\n\
             [database.shop]\nengine = \"mysql\"\nwriter = \"db.m6g.2xlarge\"\nstorage = {{ type = \"gp3\" }}\n{more}\n"
        );
        of_scenario(&scenario(&text), 1).iter().filter(|it| it.message.contains("the volume of")).count()
    };
    assert_eq!((warned(""), warned("group_commit = {}")), (1, 0));
}

/// I/Os a second, those of the burst and its credits, MiB a second, and what is billed beside the size.
fn volume(storage: &str) -> [f64; 6] {
    let text = format!(
        "duration = \"1s\"\n[traffic.all]\nrate = \"1/s\"\n[request.work]\nsteps = [{{ read = \"shop\", demand = \"1ms\" }}]\n\
         [database.shop]\nengine = \"mysql\"\nwriter = \"db.m6g.large\"\nstorage = {{ {storage} }}\n"
    );
    let it = scenario(&text).databases[0].volume.expect("it has a type");
    let burst = it.burst.map_or([0.0; 2], |burst| [burst.iops, burst.most]);
    [it.iops, burst[0], burst[1], it.throughput.0 / 8.0 / 1_048_576.0, it.billed_iops, it.billed_mib]
}

#[test]
fn what_gp2_does_follows_from_its_size() {
    let of = |size: &str| volume(&format!("type = \"gp2\", size = \"{size}\""));
    assert_eq!(of("20 GiB"), [100.0, 3_000.0, 5.4e6, 128.0, 0.0, 0.0]);
    assert_eq!(of("200 GiB"), [600.0, 3_000.0, 5.4e6, 250.0, 0.0, 0.0]);
    // Four volumes of 100 GiB, and of 2 TiB.
    assert_eq!(of("400 GiB"), [1_200.0, 12_000.0, 21.6e6, 512.0, 0.0, 0.0]);
    assert_eq!(of("8 TiB"), [24_576.0, 0.0, 0.0, 1_000.0, 0.0, 0.0]);
}

#[test]
fn what_is_provisioned_is_billed_above_the_baseline() {
    assert_eq!(volume("type = \"gp3\""), [3_000.0, 0.0, 0.0, 125.0, 0.0, 0.0]);
    let large = volume("type = \"gp3\", size = \"400 GiB\", iops = 14000, throughput = \"600 MiB/s\"");
    assert_eq!(large, [14_000.0, 0.0, 0.0, 600.0, 2_000.0, 100.0]);
    let io = volume("type = \"io2\", size = \"100 GiB\", iops = 5000");
    assert_eq!(io, [5_000.0, 0.0, 0.0, 1_250.0, 5_000.0, 0.0]);
}

fn of_writer(run: &Outcome) -> &simcap::outcome::Headroom {
    let of = Resource::Volume { database: 0, node: Node::Writer };
    run.headroom.iter().find(|it| it.of == of).expect("it has headroom")
}

/// The replica writes each of 400 commits and has 300 I/Os; the writer flushes 20 times a second and has 300, too. That the one is full
/// says nothing of the other.
#[test]
fn a_full_volume_of_a_replica_is_not_asked_of_the_writer() {
    let more =
        "replicas = 1\nreplication = { ship = \"0s\", apply = \"0s\" }\ngroup_commit = { delay = \"50ms\" }";
    let storage = "type = \"gp2\", size = \"100 GiB\", credits = \"0%\", log_writes = 1, write_back = \"1h\"";
    let run = writes(400.0, 40, storage, more);
    let replica = Resource::Volume { database: 0, node: Node::Reader };
    let replica = run.headroom.iter().find(|it| it.of == replica).expect("it has headroom");
    assert!(replica.saturated && (replica.limit().unwrap() - 0.75).abs() < 0.01, "{replica:?}");
    // A flush each 51 ms.
    let busy = of_writer(&run).as_it_stood.busy;
    assert!((busy - 1.0 / 0.051 / 300.0).abs() < 0.005, "{busy}");
}

/// 400 a second for 90 s are 36,000 I/Os; 5,400 credits and 300 a second are 32,400: nine tenths of that would have got through without a wait.
#[test]
fn credits_that_are_spent_carry_what_they_and_the_baseline_have() {
    let storage =
        "type = \"gp2\", size = \"100 GiB\", credits = \"0.1%\", log_writes = 1, write_back = \"1h\"";
    let run = writes(400.0, 90, storage, "");
    let found = of_writer(&run);
    assert!(found.saturated, "{found:?}");
    assert!((found.limit().unwrap() - 0.9).abs() < 0.002, "{found:?}");
}

/// One flush at a time, 1 ms each and an I/O: a thousand a second at most, of 3,000. With ten times the commits there are no more of them.
#[test]
fn flushes_of_many_commits_are_no_limit() {
    let storage = "type = \"gp3\", size = \"100 GiB\", log_writes = 1, write_back = \"1h\"";
    for rate in [1_000.0, 10_000.0] {
        let run = writes(rate, 20, storage, "group_commit = {}");
        let volume = &run.timeline.databases[0].volume[0];
        assert!(volume.writer_iops[1] < 1_001.0 && volume.writer_busy_percent[1] < 34.0, "{volume:?}");
        let of = Resource::Volume { database: 0, node: Node::Writer };
        let limit = run.headroom.iter().find(|it| it.of == of).and_then(|it| it.limit());
        assert!(limit.is_none_or(|limit| limit > 100.0), "{limit:?}");
    }
}

/// One row that 200/s ask for. Each commit writes two of the 300 I/Os that the volume may do in a second: 150 of them, one after the other, which leaves the
/// volume idle for the 1 ms in which each waits for its commit. The row waits for the volume, and more of anything else would not help.
#[test]
fn a_row_that_waits_for_a_full_volume_is_not_the_cause() {
    let run = run(
        "duration = \"60s\"\n[traffic.all]\nrate = \"200/s\"\ninterarrival = \"5ms\"\n[request.work]\nvia = \"web\"\n\
         steps = [{ write = \"shop\", demand = \"0s\", rows = { count = 1 } }]\n[fleet.web]\ninstance = \"m6i.large\"\ninstances = 2\n\
         pools = { shop = { writer = 10, timeout = \"1s\" } }\n[database.shop]\nengine = \"mysql\"\nwriter = \"db.m6g.2xlarge\"\n\
         hop = \"0s\"\ncommit = \"1ms\"\ndeadlock_check = \"0s\"\n\
         storage = { type = \"gp2\", size = \"100 GiB\", credits = \"0%\", write_back = \"1h\" }\n",
        1,
    );
    let volume = Resource::Volume { database: 0, node: Node::Writer };
    assert_eq!(run.headroom[0].of, volume, "{:?}", run.headroom);
    let locks = run.headroom.iter().find(|it| it.of == Resource::Locks { database: 0 }).unwrap();
    assert_eq!(locks.held_by, Some(volume), "{locks:?}");
    let chain: Vec<_> =
        run.phases.iter().flat_map(|phase| &phase.chain).filter_map(|link| link.resource).collect();
    assert_eq!(chain.first(), Some(&volume), "{:?}", run.phases);
}
