//! CPU credits: T types above their baseline, of fleets and of databases.

use super::*;
use crate::kind::burstable;

#[test]
fn a_burstable_type_above_its_baseline_is_named_with_what_credits_last_for() {
    // 102/s on the mean (the spike's fall lasts) × 5 ms of 2 × 2 vCPUs of strength 0.95 is 14 %, above 10 %.
    let micro = [
        "fleet.web.instance=t3.micro",
        "fleet.web.min=2",
        "fleet.web.max=2",
        "fleet.web.scaling=[]",
        "fleet.web.credits={ initial = 0 }",
    ];
    let warning = only(Code::BurstableAboveBaseline, "fleet.web.instance", &micro);
    assert!(warning.message.contains("fleet `web` of t3.micro will run at"), "{warning:?}");
    assert!(warning.message.ends_with("it begins without credits, then it spends a surplus"), "{warning:?}");
    // 4 points of 2 vCPUs: a full balance of 288 lasts for 60 hours, longer than the run, but a new t3 begins with none.
    let full = only(Code::BurstableAboveBaseline, "fleet.web.instance", &micro[..4]);
    assert!(full.message.ends_with("longer than the run; a new instance has none"), "{full:?}");
    // A new t2 has 30.
    let t2 = ["fleet.web.instance=t2.micro", "fleet.web.min=4", "fleet.web.max=4", "fleet.web.scaling=[]"];
    let t2 = only(Code::BurstableAboveBaseline, "fleet.web.instance", &t2);
    assert!(t2.message.contains("those of a new instance last for"), "{t2:?}");
    // What stays below its baseline is well.
    assert_eq!(
        codes(&["fleet.web.instance=t3.large", "fleet.web.min=2", "fleet.web.max=2", "fleet.web.scaling=[]"]),
        []
    );
    // 110 statements/s × 1 ms + as many reads of none: 6 % of 2 vCPUs of a small one, which has 20 %.
    assert_eq!(codes(&["database.db.writer=db.t3.small", "database.db.max_connections=200"]), []);
    let slow = [
        "database.db.writer=db.t3.small",
        "database.db.max_connections=200",
        "request.page.steps=[{ cpu = '5ms' }, { service = 'pay' }, { write = 'db', demand = '6ms', rows = 'goods', invalidate = 'redis' }]",
    ];
    assert!(codes(&slow).contains(&(Code::BurstableAboveBaseline, "database.db.writer".into())));
}

/// A credit is a vCPU-minute: at 70 % of one vCPU of which 10 % are earned, 36 go in an hour.
#[test]
fn credits_last_as_long_as_their_sum_says() {
    let nodes = burstable::Nodes {
        at: ["cache", "blog", "node"],
        what: "cache `blog`",
        name: "t2.micro",
        cpu: 0.7,
        hours: 3.0,
        seen: true,
    };
    let standard = burstable::warning(&nodes).unwrap();
    assert!(standard.message.contains("ran at 70 % of its CPU"), "{standard:?}");
    assert!(
        standard.hint.contains("launch last for about 50 min, a full balance for about 4 h"),
        "{standard:?}"
    );
    // (70 % - 20 %) × 2 vCPUs × 3 h.
    let unlimited = burstable::warning(&burstable::Nodes { name: "t3.small", ..nodes }).unwrap();
    assert!(unlimited.hint.contains("; 3 vCPU-hours of surplus are not in the bill"), "{unlimited:?}");
    assert_eq!(burstable::warning(&burstable::Nodes { cpu: 0.1, ..nodes }), None);
    assert_eq!(burstable::warning(&burstable::Nodes { name: "m5.large", ..nodes }), None);
    assert_eq!(burstable::of_command_threads("cache.t3.small", 0.6), 0.3);
}

/// 102/s × 5 ms on the mean of two vCPUs of strength 1 are about a quarter. From 10 m on the instances are of a type with a baseline of 5 % and one
/// vCPU; before it they had no credits to spend.
#[test]
fn a_type_that_comes_by_a_resize_is_held_against_its_credits() {
    let scaling = "scaling = [{ target_tracking = { metric = \"cpu\", target = 60 } }]\n";
    let text = HEALTHY.replace("min = 2\nmax = 6\n", "instances = 4\n").replace(scaling, "");
    let with = |at: &str, to: &str| {
        let resize = format!("fleet.web.resize=[{{ at = '{at}', instance = '{to}', downtime = '1m' }}]");
        found(&text, &[&resize])
    };
    // Another type without credits, and one that comes after the end.
    for fine in [with("10m", "m5.xlarge"), with("2h", "t2.nano")] {
        assert!(fine.iter().all(|it| it.code != Code::BurstableAboveBaseline), "{fine:?}");
    }
    let found = with("10m", "t2.nano");
    let of_credits: Vec<_> = found.iter().filter(|it| it.code == Code::BurstableAboveBaseline).collect();
    let [warning] = of_credits[..] else { panic!("{found:?}") };
    assert_eq!(warning.path(), "fleet.web.resize");
    assert!(warning.message.starts_with("fleet `web`, of t2.nano from 10m on, will run at"), "{warning:?}");
    assert!(warning.message.contains("where its baseline is 5 %: its credits last for"), "{warning:?}");
}
