//! As many parts as the language allows, and one more: parts beyond the number range of a run are refused before it.

use super::{read, sound};

/// The number of each part.
#[derive(Clone, Copy)]
struct Parts {
    /// Fleets, each with its balancer and its class of requests.
    fleets: usize,
    services: usize,
    caches: usize,
    databases: usize,
    /// Pools of the first fleet, each to a database.
    pools: usize,
    /// How many of these databases the first class reads.
    reads: usize,
    policies: usize,
    actions: usize,
    statements: usize,
}

const MOST: Parts = Parts {
    fleets: 100,
    services: 100,
    caches: 100,
    databases: 100,
    pools: 100,
    reads: 100,
    policies: 50,
    actions: 125,
    statements: 200,
};

fn list(count: usize, separator: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(separator)
}

/// The class of the last fleet passes every service, that of the first every pool; the last fleet has the policies.
fn text(parts: Parts) -> String {
    let Parts { fleets, services, caches, databases, pools, reads, policies, actions, statements } = parts;
    let last = fleets - 1;
    let class = |class: usize| {
        let cache = format!(
            "{{ cache = \"c{}\", hit_ratio = \"50%\", miss = {{ delay = \"1ms\" }} }}",
            class.min(caches - 1)
        );
        let more = match class {
            0 => list(reads, ", ", |database| format!("{{ read = \"d{database}\", demand = \"1us\" }}")),
            class if class == last => {
                list(services, ", ", |service| format!("{{ service = \"s{service}\" }}"))
            }
            _ => "{ cpu = \"1us\" }".to_owned(),
        };
        let statements = match class {
            0 => list(statements, ", ", |_| "{ write = \"1us\", rows = \"rows\" }".to_owned()),
            _ => return format!("[request.r{class}]\nvia = \"b{class}\"\nsteps = [{cache}, {more}]\n"),
        };
        format!(
            "[request.r{class}]\nvia = \"b{class}\"\n\
             steps = [{cache}, {more}, {{ transaction = \"d0\", steps = [{statements}] }}]\n"
        )
    };
    let fleet = |fleet: usize| {
        let pools = list(pools, ", ", |database| format!("d{database} = 2"));
        let policies = list(policies, ", ", |_| {
            "{ simple = { metric = \"cpu\", at_least = 95, change = \"+1\" } }".to_owned()
        });
        let actions = list(actions, ", ", |action| {
            format!("{{ at = \"{}ms\", desired = {} }}", 10 * (action + 1), 2 + action)
        });
        let more = match fleet {
            0 => format!("pools = {{ {pools} }}"),
            fleet if fleet == last => format!("scaling = [{policies}]\nschedule = [{actions}]"),
            _ => String::new(),
        };
        format!(
            "[balancer.b{fleet}]\ntargets = \"f{fleet}\"\n\
             [fleet.f{fleet}]\ninstance = \"m5.large\"\nmin = 1\nmax = 200\n{more}\n"
        )
    };
    let classes = list(fleets, ", ", |class| format!("r{class} = 1"));
    [
        format!("duration = \"130s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"50/s\"\nrequests = {{ {classes} }}\n"),
        "[keys.rows]\ncount = 1000\n".to_owned(),
        list(fleets, "", class),
        list(fleets, "", fleet),
        list(services, "", |service| format!("[service.s{service}]\nservers = 1\ntime = \"1us\"\n")),
        list(caches, "", |cache| format!("[cache.c{cache}]\nnode = \"cache.r6g.large\"\n")),
        list(databases, "", |database| format!("[database.d{database}]\nwriter = \"db.r6g.large\"\n")),
    ]
    .concat()
}

/// Every part is used: each class has about 65 requests, which reach its cache, its database and every service.
#[test]
fn as_many_as_can_be_are_told_apart() {
    let scenario = read(text(MOST).as_bytes()).unwrap_or_else(|page| panic!("{page}"));
    let run = sound(&scenario, 1);
    assert_eq!((run.caches.len(), run.databases.len(), run.services.len()), (100, 100, 100));
    assert_eq!(run.requests.failed, 0.0);
    // Every request of a class asks its own cache: it has as many look-ups as the class had arrivals, in the order of
    // the file.
    for (class, cache) in run.classes.iter().zip(&run.caches) {
        assert_eq!(cache.lookups, class.requests.arrived, "{}", cache.name);
    }
    let (first, last) = (run.classes[0].requests.arrived, run.classes[99].requests.arrived);
    assert!(first > 0.0 && last > 0.0);
    for database in &run.databases[1..] {
        assert!((first - 1.0..=first).contains(&database.reads), "{}: {}", database.name, database.reads);
    }
    assert!(run.databases[0].writes >= 200.0 * (first - 1.0), "{}", run.databases[0].writes);
    for service in &run.services {
        assert!((last - 1.0..=last).contains(&service.arrived), "{}: {}", service.name, service.arrived);
    }
    // Every scheduled action launches an instance of the last fleet, which starts with one.
    let actions = run.scaling.iter().filter(|activity| activity.fleet == "f99").count();
    assert_eq!(actions, 125);
}

#[test]
fn one_more_is_refused() {
    let more = [
        (Parts { fleets: 101, ..MOST }, 100),
        (Parts { services: 101, ..MOST }, 100),
        (Parts { caches: 101, ..MOST }, 100),
        // Only one is read: reads beyond the limit would fill the page with problems and hide the main one.
        (Parts { databases: 101, reads: 1, ..MOST }, 100),
        (Parts { pools: 101, reads: 1, ..MOST }, 100),
        (Parts { policies: 51, ..MOST }, 50),
        (Parts { actions: 126, ..MOST }, 125),
        (Parts { statements: 201, ..MOST }, 200),
    ];
    for (parts, most) in more {
        let page = read(text(parts).as_bytes()).expect_err("not refused");
        assert!(page.contains(&format!("{} entries are too many here", most + 1)), "{most}: {page}");
        assert!(page.contains(&format!("at most {most}")), "{most}: {page}");
    }
}
