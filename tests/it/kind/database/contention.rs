//! Statements that run at once slow each other down; hot rows with and without a line before them. By hand: nothing is drawn, and the
//! network takes no time.

use simcap::outcome::{Outcome, Resource};
use simcap::scenario;

use super::growth::near;
use crate::run::run;

/// So many users whose requests follow each other at once do one step at a database with eight cores of strength 1.
fn busy(users: u32, step: &str, database: &str) -> Outcome {
    run(
        &format!(
            "duration = \"100s\"\nwarmup = \"10s\"\n[users.all]\ncount = {users}\nthink = \"0s\"\n\
         [request.work]\nsteps = [{step}]\n[database.shop]\nwriter = \"db.m6g.2xlarge\"\nmax_connections = 1000\n\
         hop = \"0s\"\ncommit = \"4ms\"\n{database}\n"
        ),
        1,
    )
}

const READ: &str = "{ read = \"shop\", demand = \"10ms\" }";
const UPDATE: &str = "write = \"shop\", demand = \"1ms\", rows = { count = 1, zipf = 0 }";

/// Four at once take 1 + 3 × 0.1 + 4 × 3 × 0.01 = 1.42 times as long, and have a core each.
#[test]
fn statements_that_run_at_once_slow_each_other_down() {
    let run = busy(4, READ, "contention = { sigma = 0.1, kappa = 0.01 }");
    assert!(near(run.latency_ms.p50, 14.2) && near(run.latency_ms.p99, 14.2), "{:?}", run.latency_ms);
    assert!(near(run.goodput_per_s, 4.0 / 0.014_2), "{}", run.goodput_per_s);
    let alone = busy(1, READ, "contention = { sigma = 0.1, kappa = 0.01 }");
    assert!(near(alone.latency_ms.mean, 10.0), "{:?}", alone.latency_ms);
}

/// Sixteen on eight cores get half a core each, and that is 1 + 15 × 0.02 = 1.3 times as slow.
#[test]
fn more_of_them_than_cores_share_what_is_left() {
    let run = busy(16, READ, "contention = { sigma = 0.02, kappa = 0.0 }");
    assert!(near(run.latency_ms.mean, 26.0), "{:?}", run.latency_ms);
    let cpu = &run.timeline.databases[0].writer_cpu_percent;
    assert!(near(*cpu.last().unwrap(), 100.0), "{cpu:?}");
}

/// With sigma 1 two at once have half the speed each. The first request begins at 0 and is given up at 120 ms. The second comes at 60 ms
/// and has done half of 60 ms by then; it is alone for its last 40 ms.
#[test]
fn what_is_called_off_slows_nobody_down() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("trace.csv"), "at,demand\n1000,200\n1060,70\n").unwrap();
    let text = "duration = \"2s\"\n[traffic.all]\nreplay = { file = \"trace.csv\", column = \"at\", unit = \"ms\" }\n\
         [client]\ntimeout = \"120ms\"\non_timeout = \"cancel\"\n\
         [request.work]\nsteps = [{ read = \"shop\", demand = \"replay trace.csv column demand unit ms\" }]\n\
         [database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\ncontention = { sigma = 1, kappa = 0 }\n";
    let scenario = scenario::parse("off.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    let run = simcap::simulate(&scenario, 1, &mut |_| {});
    assert_eq!(run.requests.failed, 1.0);
    assert!(near(run.latency_ms.max, 100.0), "{:?}", run.latency_ms);
}

/// One of eight holds the row for 1 ms and the 4 ms of its commit, and searches the six others that wait meanwhile, for 1 ms each: the
/// one before it has not come back yet.
#[test]
fn a_search_for_deadlocks_takes_time_for_each_that_waits() {
    let run = busy(8, &format!("{{ {UPDATE} }}"), "deadlock_check = \"1ms\"");
    assert!(near(run.goodput_per_s, 1_000.0 / 11.0), "{}", run.goodput_per_s);
}

/// In line nobody is searched: 5 ms each.
#[test]
fn in_line_nobody_is_searched() {
    let run = busy(8, &format!("{{ {UPDATE}, in_line = true }}"), "deadlock_check = \"1ms\"");
    assert!(near(run.goodput_per_s, 200.0), "{}", run.goodput_per_s);
    assert!(near(run.latency_ms.p99, 40.0), "{:?}", run.latency_ms);
    let (waiting, wait) = (&run.timeline.databases[0].lock_waiting, &run.timeline.databases[0].lock_wait_ms);
    assert!(near(*waiting.last().unwrap(), 7.0), "{waiting:?}");
    assert!(near(wait.last().unwrap().unwrap(), 35.0), "{wait:?}");
}

/// In a transaction the line is left at the end of it: 1 ms, another 5 ms, and the commit.
#[test]
fn a_transaction_is_in_line_until_its_commit() {
    let step = "{ transaction = \"shop\", steps = [{ write = \"1ms\", rows = { count = 1, zipf = 0 }, in_line = true }, { write = \"5ms\" }] }";
    let run = busy(8, step, "deadlock_check = \"1ms\"");
    assert!(near(run.goodput_per_s, 100.0), "{}", run.goodput_per_s);
}

/// Four at once: 4 ms for their statements and 4 ms for one commit. Two groups take turns.
#[test]
fn a_batch_is_done_in_one_commit() {
    let run = busy(8, &format!("{{ {UPDATE}, batch = 4 }}"), "deadlock_check = \"1ms\"");
    assert!(near(run.goodput_per_s, 500.0), "{}", run.goodput_per_s);
    let database = &run.databases[0];
    assert!(near(database.writes, 4.0 * database.commits), "{database:?}");
}

/// Some give up while they wait, ride or are inside: the row is free for the others again.
#[test]
fn a_line_goes_on_when_some_of_it_give_up() {
    let text = |more: &str| {
        format!(
            "duration = \"60s\"\n[traffic.all]\nrate = \"900/s\"\n[client]\ntimeout = \"40ms\"\non_timeout = \"cancel\"\n\
             [request.work]\nsteps = [{{ write = \"shop\", demand = \"exponential 1ms\", rows = {{ count = 2, zipf = 0 }}, {more} }}]\n\
             [database.shop]\nwriter = \"db.m6g.2xlarge\"\ncommit = \"exponential 4ms\"\n"
        )
    };
    for more in ["in_line = true", "batch = 4", "batch = 50"] {
        let run = run(&text(more), 1);
        let late: f64 = run.timeline.completed[50..].iter().sum();
        assert!(run.requests.failed > 100.0 && late > 1_000.0, "{more}: {:?}", run.requests);
    }
}

/// The timeout of a lock is that of the line too.
#[test]
fn whoever_waits_in_line_for_too_long_fails() {
    let run = busy(8, &format!("{{ {UPDATE}, in_line = true }}"), "lock_wait_timeout = \"12ms\"");
    assert!(run.requests.failed_by_cause["lock_timeout"] > 0.0, "{:?}", run.requests);
    assert_eq!(run.requests.failed_by_cause["lock_timeout"], run.databases[0].lock_timeouts);
}

/// The row is locked for 1 ms and the 4 ms of the commit: 200 a second. At 160 a second it is locked for 80 % of the time, at 250 for
/// all of it, and those that wait have no pool that could fill. The cores are at 2 to 3 %.
#[test]
fn a_hot_row_is_the_nearest_limit_and_is_named_when_it_is_full() {
    let of = |rate: u32, step: &str| {
        let gap = 1_000_000_000 / rate;
        run(
            &format!(
                "duration = \"4m\"\n[traffic.all]\nrate = \"{rate}/s\"\ninterarrival = \"{gap}ns\"\n[request.work]\nsteps = [{{ {step} }}]\n\
                 [database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\ncommit = \"4ms\"\ndeadlock_check = \"0s\"\n"
            ),
            1,
        )
    };
    let locks = Resource::Locks { database: 0 };
    let calm = of(160, UPDATE);
    assert!(near(calm.timeline.databases[0].hot_row_percent[100], 80.0));
    let first = &calm.headroom[0];
    assert_eq!((first.of, first.saturated), (locks, false), "{first:?}");
    assert!(near(first.limit().unwrap(), 1.25), "{first:?}");
    let full = of(250, UPDATE);
    let first = &full.headroom[0];
    assert_eq!((first.of, first.saturated), (locks, true), "{first:?}");
    assert!((first.limit().unwrap() / 0.8 - 1.0).abs() < 0.02, "{first:?}");
    let trouble = full.phases.iter().find(|phase| phase.trouble).unwrap();
    assert!(trouble.sentence.contains("row locks of `shop` contended"), "{}", trouble.sentence);
    assert!(trouble.sentence.contains("hottest row locked for 100 % of the time"), "{}", trouble.sentence);
    // One row of two of which each gets half: 80 % of the time.
    let two = of(320, "write = \"shop\", demand = \"1ms\", rows = { count = 2, zipf = 0 }");
    let share = two.timeline.databases[0].hot_row_percent.iter().sum::<f64>() / 240.0;
    assert!((share - 80.0).abs() < 0.5, "none of the two is hotter: {share}");
}

/// Of ten that could ride, one is in the row at a time: a tenth of what it can do for each.
#[test]
fn a_batch_with_room_is_not_full() {
    let run = run(
        "duration = \"1m\"\n[traffic.all]\nrate = \"100/s\"\ninterarrival = \"10ms\"\n[request.work]\n\
         steps = [{ write = \"shop\", demand = \"1ms\", rows = { count = 1, zipf = 0 }, batch = 10 }]\n\
         [database.shop]\nwriter = \"db.m6g.2xlarge\"\nhop = \"0s\"\ncommit = \"4ms\"\n",
        1,
    );
    assert!(near(run.timeline.databases[0].hot_row_percent[30], 5.0));
}

/// Ten share each hold of 2 ms, so the row takes 5,000 a second: 5,500 ask for 1.1 times of it, each of them once.
#[test]
fn what_rides_in_a_batch_has_had_the_row() {
    let run = run(
        "duration = \"20s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"5500/s\"\ninterarrival = \"181818ns\"\n[request.work]\n\
         steps = [{ write = \"shop\", demand = \"0s\", rows = { count = 1, zipf = 0 }, batch = 10 }]\n\
         [database.shop]\nwriter = \"db.r6g.2xlarge\"\nhop = \"0s\"\ncommit = \"2ms\"\n",
        1,
    );
    let locks = run.headroom.iter().find(|it| it.of == Resource::Locks { database: 0 }).unwrap();
    assert!(locks.saturated && (locks.as_it_stood.busy - 1.1).abs() < 0.005, "{locks:?}");
}

/// A thousand rows that are alike, each locked for 100 ms ten times in 100 s: none of them is the hottest, however long one is locked in a second.
#[test]
fn of_many_rows_that_are_alike_each_is_a_thousandth() {
    let run = run(
        "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"100/s\"\n[request.work]\n\
         steps = [{ write = \"shop\", demand = \"0s\", rows = { count = 1000, zipf = 0 } }]\n\
         [database.shop]\nwriter = \"db.r6g.2xlarge\"\nhop = \"0s\"\ncommit = \"100ms\"\n",
        1,
    );
    let locks = run.headroom.iter().find(|it| it.of == Resource::Locks { database: 0 }).unwrap();
    // In the first second a hundred of them have been seen, and count as all there are.
    assert!(locks.as_it_stood.busy < 0.11, "{locks:?}");
    let rows = &run.timeline.databases[0].hot_row_percent[30..];
    let mean = rows.iter().sum::<f64>() / rows.len() as f64;
    // 3,000 arrivals in 30 s, within five standard deviations.
    assert!((mean - 1.0).abs() < 0.1 + 5.0 / 3_000_f64.sqrt(), "{mean}");
}

/// A row that is held for 2 ms, and for 4 us more for each that waits: 400/s for two minutes are 80 % of the time. Once 1 / 0.9 times as many
/// come, a line of 55 makes it so slow that it never ends, and by chance one in 48,000 meets such a line. (`lengthened`.)
#[test]
fn a_row_whose_line_makes_it_slower_is_full_before_its_work_alone_fills_it() {
    let row = |rate: f64| {
        let text = format!(
            "duration = \"120s\"\ntraffic.all.rate = \"{rate}/s\"\n[request.work]\n\
             steps = [{{ write = \"shop\", demand = \"0s\", rows = {{ count = 1, zipf = 0 }} }}]\n[database.shop]\n\
             writer = \"db.r6g.2xlarge\"\nhop = \"0s\"\ncommit = \"2ms\"\n"
        );
        let run = run(&text, 1);
        let found = run.headroom.into_iter().find(|it| it.of == Resource::Locks { database: 0 }).unwrap();
        (found.saturated, rate * found.limit().unwrap())
    };
    let full = 500.0 / (1.0 + (0.002 * 48_000f64.ln() / 2.0).sqrt());
    // Requests that come in two minutes vary by five times √(1 / 48,000).
    let (saturated, limit) = row(400.0);
    assert!(!saturated && (limit / full - 1.0).abs() < 0.025, "{limit} {full}");
    // Saturated, as many are told.
    let (saturated, limit) = row(600.0);
    assert!(saturated && (limit / full - 1.0).abs() < 0.025, "{limit} {full}");
    assert_eq!((row(0.93 * full).0, row(1.07 * full).0), (false, true));
}
