//! A count and its noun agree wherever a page counts: for none, for one and for two of everything.

use simcap::comparison::Comparison;
use simcap::ensemble::Ensemble;
use simcap::report::Paper;
use simcap::{breakpoint, report, scenario, warning};

/// Words with an s at their end that may stand after 1.
const SINGULAR: [&str; 15] = [
    "Gbps",
    "is",
    "was",
    "has",
    "as",
    "takes",
    "keeps",
    "asks",
    "fits",
    "s",
    "ms",
    "us",
    "saturates",
    "misses",
    "this",
];

/// Where a text says `1 things`.
fn faults(text: &str) -> Vec<String> {
    let plain = anstream::adapter::strip_str(text).to_string();
    let of_line = |line: &str| {
        // Two blanks part the columns of a table.
        let cells = line.split("  ").map(|cell| cell.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let pairs = cells.flat_map(|words| words.windows(2).map(<[String]>::to_vec).collect::<Vec<_>>());
        let bad = pairs.filter(|pair| {
            let word = pair[1].trim_matches(|c: char| !c.is_ascii_alphabetic());
            let count = pair[0].trim_start_matches('(');
            count == "1" && pair[1].starts_with(word) && word.ends_with('s') && !SINGULAR.contains(&word)
        });
        bad.map(|pair| format!("{} in: {line}", pair.join(" "))).collect::<Vec<_>>()
    };
    plain.lines().flat_map(of_line).collect()
}

#[test]
fn what_disagrees_is_found() {
    assert_eq!(faults("none of 1 targets, 1 run, 21 runs\n  1  misses").len(), 1);
    assert_eq!(faults("there 1 requests had arrived; (1 warnings)").len(), 2);
}

/// A shop with `count` of everything, which is too few for its traffic.
fn shop(count: usize) -> String {
    let n = count.max(1);
    format!(
        "duration = \"2m\"\nbucket = \"10s\"\ntraffic.all.rate = \"{rate}/s\"\n\
         client = {{ timeout = \"2s\", retries = {{ max = {count}, backoff = \"1s\" }} }}\n\
         [request.buy]\nvia = \"lb\"\nsteps = [{{ cpu = \"100ms\" }}, {{ cache = \"keys\", keys = {{ count = 10 }}, miss = {{ read = \
         \"db\", demand = \"50ms\" }} }}, {{ write = \"db\", demand = \"5ms\" }}, {{ service = \"desk\" }}, \
         {{ send = \"jobs\" }}]\n\
         [balancer.lb]\ntargets = \"web\"\n\
         [fleet.web]\ninstance = {{ vcpus = 1, memory = \"1 GiB\" }}\ninstances = {n}\nthreads = {n}\n\
         pools = {{ db = {{ writer = {n}, reader = {n} }} }}\n\
         [cache.keys]\nengine = \"redis\"\nnode = \"cache.r6g.large\"\nshards = {n}\n\
         [database.db]\nengine = \"aurora-mysql\"\nwriter = \"db.r6g.large\"\nreplicas = {count}\nmax_connections = {n}\n\
         [service.desk]\nservers = {n}\ntime = \"1s\"\n\
         [queue.jobs]\nvisibility_timeout = \"1s\"\nworkers = \"crew\"\npollers = {n}\n\
         steps = [{{ cpu = \"3s\" }}]\ndead_letter = \"failed\"\nmax_receive_count = {n}\n\
         [queue.failed]\n\
         [fleet.crew]\ninstance = {{ vcpus = 1, memory = \"1 GiB\" }}\ninstances = {n}\n\
         [fault.out]\nzone = \"a\"\nat = \"1m\"\nfor = \"20s\"\n\
         [objectives]\nlatency = \"p99 < 1s\"\n",
        rate = if count == 0 { 0.02 } else { 4.0 * n as f64 },
    )
}

#[test]
fn a_count_and_its_noun_agree_on_every_page() {
    for count in 0..=2 {
        let text = shop(count);
        let scenario = crate::run::scenario(&text);
        let outcome = |runs: usize| {
            let mut ensemble = Ensemble::new(&scenario, 1, Some(2), &[], &|_| {}).unwrap();
            ensemble.extend_to(runs);
            ensemble.outcome()
        };
        let (one, two) = (outcome(1), outcome(2));
        let mut pages = vec![report::page(&one, &[]), report::page(&two, &[])];
        pages
            .push(report::comparison(&Comparison::of(&one, &one), Paper { whole: true, ..Paper::default() }));
        pages
            .push(report::comparison(&Comparison::of(&two, &two), Paper { whole: true, ..Paper::default() }));
        let sentences = one.incidents.iter().map(|it| it.text.clone());
        pages.extend(sentences.chain(one.phases.iter().map(|it| it.sentence.clone())));
        pages.extend(one.phases.iter().flat_map(|it| it.chain.iter().map(|link| link.text.clone())));
        pages.extend(
            warning::of_scenario(&scenario, 1).iter().map(|it| format!("{}\n{}", it.message, it.hint)),
        );
        let search =
            breakpoint::Search { runs: 1, precision: 0.5, up_to: 1.6, ..breakpoint::Search::of(&scenario) };
        let found = breakpoint::search(&scenario, &search, &|_| {}).unwrap();
        pages.push(report::breakpoints(&found, Paper::default()));
        pages.extend(found.probes.iter().map(|probe| report::multiple(probe, 1, 1)));
        assert!(pages.len() > 8);
        let bad: Vec<String> = pages.iter().flat_map(|page| faults(page)).collect();
        assert!(bad.is_empty(), "{count}: {bad:#?}");
    }
}

/// Whether a resource is many things is known of it, and not read out of its name: `threads of web` are, `CPU of web` is not.
#[test]
fn a_resource_is_as_many_as_its_name() {
    let outcome = crate::run::run(&shop(2), 1);
    let plural =
        |name: &str| name.split(" of ").next().unwrap_or(name).split(' ').any(|word| word.ends_with('s'));
    let found: Vec<(String, bool)> =
        outcome.headroom.iter().map(|it| (it.resource.clone(), it.of.is_plural())).collect();
    for (name, of) in &found {
        assert_eq!(plural(name), *of, "{name}");
    }
    assert!(found.iter().any(|it| it.1) && found.iter().any(|it| !it.1), "{found:?}");
}

/// Two threads are held for 100 ms by each of 5/s: a quarter of them is in use, and four times the traffic takes all.
#[test]
fn a_verb_agrees_with_the_resource_before_it() {
    let text = "duration = \"10m\"\ntraffic.a.rate = \"5/s\"\n[request.page]\nvia = \"app\"\n\
                steps = [{ cpu = \"1ms\" }, { delay = \"100ms\" }]\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 1\n\
                threads = 2\n";
    let plain = |page: String| anstream::adapter::strip_str(&page).to_string();
    let page = plain(report::page(&crate::run::run(text, 1), &[]));
    assert!(page.contains("nearest limit: threads of app saturate at ×"), "{page}");
    let scenario = crate::run::scenario(text);
    let search = breakpoint::Search { runs: 1, precision: 0.5, ..breakpoint::Search::of(&scenario) };
    let page = plain(report::breakpoints(
        &breakpoint::search(&scenario, &search, &|_| {}).unwrap(),
        Paper::default(),
    ));
    assert!(
        page.contains("threads of app saturate ") && !page.contains("threads of app saturates"),
        "{page}"
    );
}

#[test]
fn a_count_and_its_noun_agree_in_every_recorded_page() {
    for folder in ["golden", "snapshots"] {
        for entry in std::fs::read_dir(format!("{}/tests/it/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
            let path = entry.unwrap().path();
            let bad = faults(&std::fs::read_to_string(&path).unwrap());
            assert!(bad.is_empty(), "{}: {bad:#?}", path.display());
        }
    }
    let reference = scenario::reference();
    assert_eq!(faults(&reference), Vec::<String>::new());
}
