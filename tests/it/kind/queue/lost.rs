//! Workers that can do nothing because something that they need is lost.

use simcap::outcome::{Link, Outcome, Resource};

use crate::run::run;

/// 30/s for workers that write, in three zones; the writer is in zone a, which is lost at 5:00. `shop` sends, and is where `azs` say.
fn text(azs: &str, objectives: &str) -> String {
    format!(
        "duration = \"12m\"\nbucket = \"2s\"\n[traffic.t]\nrate = \"30/s\"\ninterarrival = \"1s\"\n[client]\ntimeout = \"10s\"\n\
         [request.order]\nvia = \"front\"\nsteps = [{{ cpu = \"5ms\" }}, {{ send = \"jobs\" }}]\n\
         [balancer.front]\ntargets = \"shop\"\n[fleet.shop]\ninstance = \"m6i.large\"\ninstances = 2\nazs = {azs}\n\
         [queue.jobs]\nvisibility_timeout = \"2m\"\nworkers = \"w\"\nwait = \"20s\"\npollers = 8\n\
         steps = [{{ cpu = \"20ms\" }}, {{ write = \"db\", demand = \"2ms\" }}]\n\
         [fleet.w]\ninstance = \"m6i.large\"\ninstances = 3\nazs = [\"a\", \"b\", \"c\"]\npools = {{ db = 8 }}\n\
         [database.db]\nwriter = \"db.r6g.large\"\nreplicas = 1\n[fault.first]\nzone = \"a\"\nat = \"5m\"\nfor = \"5m\"\n{objectives}"
    )
}

/// From when to when the phases with a chain last, in rows of two seconds.
fn troubles(outcome: &Outcome) -> Vec<(f64, f64)> {
    let found = outcome.phases.iter().filter(|phase| !phase.chain.is_empty());
    found.map(|phase| (phase.from_s, phase.to_s)).collect()
}

/// The age stays within its objective, and the backlog is worked off; but until the writer is back nothing is.
#[test]
fn workers_without_their_writer_are_trouble_until_they_work_again() {
    let outcome = run(&text("[\"c\"]", "[objectives]\nage = \"jobs p99 < 2m\"\n"), 1);
    assert!(outcome.objectives.iter().all(|it| it.met), "{:?}", outcome.objectives);
    let series = &outcome.timeline.queues[0];
    let rows = &outcome.timeline.time_s;
    let works = |row: &usize| rows[*row] > 310.0 && series.deleted[*row] > 0.0;
    let again = rows[(0..rows.len()).find(works).unwrap()];
    assert!(again > 330.0, "{again}");
    let found = troubles(&outcome);
    assert_eq!(found.len(), 1, "{:#?}", outcome.phases);
    assert!(
        (298.0..=302.0).contains(&found[0].0) && found[0].1 >= again - 2.0,
        "{found:?}, and work at {again}"
    );
    assert!(found[0].1 < again + 60.0, "{found:?}, and work at {again}");
}

/// Requests fail because an instance of their own is lost, and not because workers have no writer.
#[test]
fn requests_do_not_fail_because_of_workers() {
    let outcome = run(&text("[\"a\", \"c\"]", ""), 1);
    let links: Vec<&Link> = outcome.phases.iter().flat_map(|phase| &phase.chain).collect();
    let at = |of: &dyn Fn(&Link) -> bool| links.iter().position(|link| of(link));
    let failed = at(&|link| link.text.contains("of requests failed")).unwrap_or_else(|| panic!("{links:#?}"));
    let shop = at(&|link| link.resource == Some(Resource::LostInstances { fleet: 0 })).unwrap();
    let workers = at(&|link| link.resource == Some(Resource::LostInstances { fleet: 1 })).unwrap();
    let pollers = at(&|link| link.resource == Some(Resource::Pollers { queue: 0 })).unwrap();
    assert!(shop < failed && failed < workers && workers < pollers, "{links:#?}");
    assert!(links[workers].cause && !links[failed].cause && !links[pollers].cause, "{links:#?}");
}
