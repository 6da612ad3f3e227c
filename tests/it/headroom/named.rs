//! Which resource is named as the one that limits.

use simcap::breakpoint::Subject;

use super::{cell, found, of};

/// 220/s of 8 ms each: the writer of two vCPUs is full at 2 / 1.76 = ×1.136, the two instances of two vCPUs would be at
/// 4 / 1.76 = ×2.27. Beyond ×1.136 the pool and the threads fill as their holders wait for the writer, and what the
/// writer lets through never fills the instances. Both stay in service: an instance that has to carry the traffic of the
/// other one as well would be full.
#[test]
fn the_full_writer_is_named_before_what_it_fills_and_not_what_it_shields() {
    let text = "duration = \"30m\"\ntraffic.all.spike = { base = \"10/s\", peak = \"220/s\", at = \"10m\", \
                hold = \"10m\", ramp = \"30s\", decay = \"1m\" }\nclient.timeout = \"10s\"\n\
                [request.buy]\nvia = \"public\"\n\
                steps = [{ cpu = \"exponential 8ms\" }, { write = \"db\", demand = \"exponential 8ms\" }]\n\
                [balancer.public]\ntargets = \"web\"\n\
                health_check = { unhealthy = 10, interval = \"120s\" }\n\
                [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\npools = { db = 20 }\n\
                [database.db]\nwriter = \"db.r5.large\"\n";
    let found = found(text, |search| search.up_to = 3.0);
    let (holds, fails) = cell(of(&found, "CPU of db (writer)").between);
    let exact = 2.0 / (220.0 * 0.008);
    // Ten minutes of 220/s: five standard deviations of their work are 2 %.
    assert!(fails > 0.97 * exact && holds < 1.03 * exact, "{holds} {fails}, exact {exact}");
    let first = &found.failing()[0].subject;
    let resource = match first {
        Subject::Saturation { resource, .. } => resource,
        other => panic!("{other:?}"),
    };
    assert_eq!(resource, "CPU of db (writer)");
    for filled in ["pool of web to db (writer)", "threads of web"] {
        assert!(cell(of(&found, filled).between).1 >= fails, "{filled}: {:?}", found.limits);
    }
    assert_eq!(of(&found, "CPU of web").between.fails, None);
    assert!(found.limits.iter().all(|limit| limit.holds_again.is_none()), "{:?}", found.limits);
}
