//! How far a scenario is from its limits: estimates and searches compared with known saturation rates.
//!
//! A station of c servers with demand D saturates at c/D requests/s, for any law. Results of a finite run
//! vary: over n requests, the work that arrives varies by a factor of √(2/n) (Poisson arrivals, exponential demands).
//! Bounds that depend on that allow five such standard deviations.

mod again;
mod agree;
mod ended;
mod goodput;
mod named;
mod part;

use std::sync::atomic::Ordering;

use simcap::breakpoint::{
    Between, Breakpoints, Limit, Search, SearchError, Subject, Tell, search, search_guarded,
};
use simcap::guard::Guard;
use simcap::outcome::Headroom;
use simcap::rng::seed_of_run;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::run::{run, scenario};

fn found(text: &str, change: impl Fn(&mut Search)) -> Breakpoints {
    let scenario = scenario(text);
    let mut options = Search { runs: 2, ..Search::of(&scenario) };
    change(&mut options);
    search(&scenario, &options, &|_| {}).unwrap()
}

fn of<'a>(found: &'a Breakpoints, name: &str) -> &'a Limit {
    let is = |limit: &&Limit| match &limit.subject {
        Subject::Objective { text, .. } => text == name,
        Subject::Saturation { resource, .. } => resource == name,
        Subject::Goodput => name == "goodput",
    };
    found.limits.iter().find(is).unwrap_or_else(|| panic!("no {name} in {:?}", found.limits))
}

fn cell(between: Between) -> (f64, f64) {
    (between.holds.expect("it holds somewhere"), between.fails.expect("it fails somewhere"))
}

/// Five standard deviations of the work that arrives in `seconds`, relative to it.
fn chance(rate: f64, seconds: f64) -> f64 {
    5.0 * (2.0 / (rate * seconds)).sqrt()
}

/// Rows are 1 s wide in runs of less than ten minutes; a resource is saturated from nine of them on ...
const SATURATED_FOR: f64 = 9.0;
/// ... that are busy for 99 % on average.
const SATURATED_AT: f64 = 0.99;

/// M/M/8 with 1 ms services: 8,000 requests/s fill it, twice what arrives.
const STATION: &str = "duration = \"60s\"\nbucket = \"1s\"\ntraffic.all.rate = \"4000/s\"\n\
                       request.a.steps = [{ service = \"desk\" }]\n\
                       service.desk = { servers = 8, time = \"exponential 1ms\" }\n";

#[test]
fn estimate_and_search_agree_with_the_rate_that_fills_a_station() {
    let found = found(STATION, |_| {});
    let desk = of(&found, "desk");
    let (holds, fails) = cell(desk.between);
    assert!((fails / holds - 1.02).abs() < 1e-9, "as narrow as asked for: {holds} {fails}");
    let chance = chance(8_000.0, SATURATED_FOR);
    assert!(fails > 2.0 * SATURATED_AT * (1.0 - chance), "not before it can be: {fails}");
    assert!(holds < 2.0 * (1.0 + chance), "not after it must be: {holds}");
    // The estimate comes from all rows of ×1, which are alike.
    let estimate = desk.estimate.unwrap();
    assert!((estimate / 2.0 - 1.0).abs() < self::chance(4_000.0, 60.0), "{estimate}");

    let (grows, stops) = cell(of(&found, "goodput").between);
    // All 60 s count; 5 % more traffic is half answered if the second half of it is above capacity.
    assert!(stops > 2.0 * (1.0 - 0.01) && grows < 2.0 * 1.025 * 1.02 * 1.01, "{grows} {stops}");
    assert!(found.probes.len() <= 9, "{} multiples: estimates lead to them", found.probes.len());
    assert!(found.limits.len() == 2, "a scenario without objectives has resources and goodput");
}

#[test]
fn of_a_tandem_the_second_station_limits_and_shields_what_lies_behind() {
    let found = found(
        "duration = \"60s\"\nbucket = \"1s\"\ntraffic.all.rate = \"2000/s\"\n\
         request.a.steps = [{ service = \"first\" }, { service = \"second\" }, { service = \"third\" }]\n\
         service.first = { servers = 4, time = \"exponential 1ms\" }\n\
         service.second = { servers = 3, time = \"exponential 1ms\" }\n\
         service.third = { servers = 4, time = \"exponential 1ms\" }\n",
        |_| {},
    );
    let (holds, fails) = cell(of(&found, "second").between);
    let chance = chance(3_000.0, SATURATED_FOR);
    assert!(fails > 1.5 * SATURATED_AT * (1.0 - chance) && holds < 1.5 * (1.0 + chance), "{holds} {fails}");
    assert_eq!(found.failing()[0].subject, of(&found, "second").subject, "it breaks first");
    assert_eq!(found.headroom[0].resource, "second", "and the estimate said so");
    // The third station only gets the requests that the second one lets through.
    assert_eq!(of(&found, "third").between.fails, None);
    assert!((of(&found, "third").estimate.unwrap() / 2.0 - 1.0).abs() < 0.1, "which no estimate can know");
}

/// M/M/1: the sojourn is exponential with rate μ − λ, so its p99 stays below x while λ < μ − ln 100 / x. Independent
/// searches find that multiple on average, within their spread and the width of a cell.
#[test]
fn the_multiple_at_which_a_percentile_fails_is_that_of_theory() {
    const SEARCHES: usize = 8;
    const PRECISION: f64 = 0.02;
    let text = "duration = \"310s\"\nwarmup = \"10s\"\ntraffic.all.rate = \"400/s\"\n\
                request.a.steps = [{ service = \"desk\" }]\n\
                service.desk = { servers = 1, time = \"exponential 1ms\" }\nobjectives.latency = \"p99 < 15ms\"\n";
    let exact = (1_000.0 - 100f64.ln() / 0.015) / 400.0;
    let mut sure = 0;
    let middles: Vec<f64> = (0..SEARCHES)
        .map(|index| {
            let found = found(text, |search| {
                *search = Search {
                    seed: seed_of_run(99, index),
                    runs: 3,
                    precision: PRECISION,
                    up_to: 3.0,
                    ..*search
                };
            });
            let limit = of(&found, "latency p99 < 15ms");
            let surely = limit.surely_between.unwrap();
            let (low, high) = (surely.holds.unwrap(), surely.fails.unwrap());
            sure += usize::from((low..=high).contains(&exact));
            let (holds, fails) = cell(limit.between);
            assert!(low <= holds && fails <= high, "what is sure is wider: {limit:?}");
            (holds * fails).sqrt()
        })
        .collect();
    let count = SEARCHES as f64;
    let mean = middles.iter().sum::<f64>() / count;
    let variance = middles.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let t = StudentsT::new(0.0, 1.0, count - 1.0).unwrap().inverse_cdf(0.9995);
    let half = t * (variance / count).sqrt() + exact * PRECISION / 2.0;
    println!("{mean} ± {half}, exact {exact}, surely in {sure} of {SEARCHES}");
    assert!((mean - exact).abs() <= half, "{mean} ± {half}, exact {exact}: {middles:?}");
    assert!(half / exact < 0.04, "too wide to tell anything: {half}");
    // Each side of a 95 % interval fails in 2.5 of 100 cases; three of eight searches would be one in a thousand.
    assert!(sure >= SEARCHES - 2, "the sure interval holds the truth in {sure} of {SEARCHES}");
}

#[test]
fn what_fails_at_once_is_followed_downwards() {
    let text = format!("{STATION}objectives.errors = \"< 50%\"\nobjectives.latency = \"p50 < 20ms\"\n")
        .replace("4000/s", "10000/s");
    let found = found(&text, |_| {});
    // 8,000 of 10,000.
    let (holds, fails) = cell(of(&found, "latency p50 < 20ms").between);
    // An overload with share o for 60 s makes half of the requests wait for more than 30 s × o: 20 ms is 0.07 % of it.
    let chance = chance(8_000.0, 60.0);
    assert!(fails < 1.0 && fails > 0.8 * (1.0 - chance) && holds < 0.8 * (1.0 + chance), "{holds} {fails}");
    let (_, saturated) = cell(of(&found, "desk").between);
    assert!(saturated < 0.85, "{saturated}");
    assert!(of(&found, "desk").estimate.unwrap() <= 1.0, "and the page of ×1 says so");
    assert_eq!(of(&found, "errors < 50%").between.fails, None, "nobody is turned away");
}

#[test]
fn an_objective_that_never_holds_has_no_multiple() {
    let text = "duration = \"20s\"\ntraffic.all.rate = \"50/s\"\nrequest.a.steps = [{ delay = \"10ms\" }]\n\
                objectives.latency = \"p50 < 5ms\"\n";
    let found = found(text, |search| search.up_to = 4.0);
    let limit = of(&found, "latency p50 < 5ms");
    assert_eq!(limit.between.holds, None);
    assert!(limit.between.fails.unwrap() < 0.26, "{limit:?}");
    assert_eq!(of(&found, "goodput").between.fails, None, "a delay serves as many as come");
    assert!(
        (2.0..4.0).contains(&found.highest()),
        "to twice the multiple at which all objectives are missed"
    );
}

/// Twenty connections held for 5 ms serve 4,000 requests/s; threads and CPU could serve several times as many.
#[test]
fn a_pool_limits_before_threads_and_processors() {
    let text = "duration = \"60s\"\nbucket = \"1s\"\ntraffic.all.rate = \"2000/s\"\n[request.a]\nvia = \"app\"\n\
                steps = [{ transaction = \"shop\", steps = [{ delay = \"exponential 5ms\" }] }]\n\
                [fleet.app]\ninstance = \"m5.large\"\ninstances = 2\nthreads = 2000\nbacklog = 100\n\
                overflow = \"reset\"\npools = { shop = 10 }\n\
                [database.shop]\nwriter = \"db.r6g.2xlarge\"\ncommit = \"1ns\"\nhop = \"0s\"\n";
    let found = found(text, |_| {});
    let pool = of(&found, "pool of app to shop (writer)");
    let (holds, fails) = cell(pool.between);
    let chance = chance(4_000.0, SATURATED_FOR);
    assert!(fails > 2.0 * SATURATED_AT * (1.0 - chance) && holds < 2.0 * (1.0 + chance), "{holds} {fails}");
    assert_eq!(found.failing()[0].subject, pool.subject);
    assert!((pool.estimate.unwrap() / 2.0 - 1.0).abs() < self::chance(2_000.0, 60.0), "{pool:?}");
    assert_eq!(of(&found, "CPU of app").between.fails, None);
}

/// One instance can serve 100 requests/s, and scaling starts at 150 on average. From ×2 on requests are refused all the
/// time; from ×3 on only until the second instance is there. In one zone, one node checks the only target.
#[test]
fn more_load_may_pass_where_less_does_not() {
    let text = "duration = \"2h\"\ntraffic.all.rate = \"50/s\"\n[request.a]\nvia = \"front\"\n\
                steps = [{ cpu = \"10ms\" }]\n[balancer.front]\ntargets = \"web\"\n\
                [fleet.web]\nazs = 1\ninstance = { vcpus = 1, memory = \"1 GiB\" }\nmin = 1\nmax = 6\nthreads = 30\n\
                backlog = 50\noverflow = \"reset\"\nscaling = [{ target_tracking = \
                { metric = \"requests_per_target\", target = 9000, scale_in = false } }]\n\
                [objectives]\nerrors = \"< 4%\"\n";
    let found = found(text, |search| (search.precision, search.up_to) = (0.05, 4.0));
    let limit = of(&found, "errors < 4%");
    let answered: Vec<_> = found.probes.iter().map(|it| (it.multiplier, it.answered)).collect();
    // A loss of 4 % begins at 100 / 0.96 requests/s.
    let (holds, fails) = cell(limit.between);
    assert!(holds < 2.09 * 1.02 && fails > 2.09 / 1.02, "{limit:?} {answered:?}");
    assert!(limit.holds_again.is_some_and(|again| again > 3.0), "{limit:?} {answered:?}");
    let page =
        anstream::adapter::strip_str(&simcap::report::breakpoints(&found, simcap::report::Paper::default()))
            .to_string();
    assert!(page.contains("`errors < 4%` holds again at ×3"), "{page}");
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let text = STATION.replace("60s", "20s");
    let json = |threads| {
        let found = found(&text, |search| (search.threads, search.precision) = (Some(threads), 0.1));
        simcap::report::to_json(&found)
    };
    assert_eq!(json(1), json(3));
}

/// The result of a search that a signal ends after this many multiples.
fn found_within(text: &str, multiples: usize) -> Option<Breakpoints> {
    let (scenario, guard) = (scenario(text), Guard::new(None, None));
    let tell = |told: Tell<'_>| match told {
        Tell::Multiple { done, .. } if done == multiples => guard.signal().store(15, Ordering::Relaxed),
        Tell::Run(_) if multiples == 0 => guard.signal().store(15, Ordering::Relaxed),
        _ => {}
    };
    let options = Search { runs: 2, ..Search::of(&scenario) };
    match search_guarded(&scenario, &options, &tell, &guard) {
        Err(SearchError::Interrupted { known, .. }) => known.map(|known| *known),
        other => panic!("it was not ended: {other:?}"),
    }
}

/// A desk of 800 requests/s: with 400/s the search climbs, with 1,000/s it goes down first.
#[test]
fn a_search_that_climbs_and_is_ended_tells_what_its_multiples_say() {
    tells_what_its_multiples_say("400/s");
}

#[test]
fn a_search_that_goes_down_and_is_ended_tells_what_its_multiples_say() {
    tells_what_its_multiples_say("1000/s");
}

fn tells_what_its_multiples_say(rate: &str) {
    let text = STATION.replace("4000/s", rate).replace("exponential 1ms", "exponential 10ms");
    let text = format!("{text}objectives.latency = \"p99 < 200ms\"\n");
    let whole = found(&text, |_| {});
    assert_eq!(whole.partial, None);
    assert!(found_within(&text, 0).is_none(), "nothing is known before ×1 was run");
    for multiples in 1..whole.probes.len() {
        let part = found_within(&text, multiples).expect("×1 was run");
        assert_eq!(part.partial.as_deref(), Some("the process got the signal SIGTERM"));
        assert_eq!(part.probes.len(), multiples);
        for probe in &part.probes {
            let same = whole.probes.iter().find(|it| it.multiplier == probe.multiplier).unwrap();
            assert_eq!(format!("{probe:?}"), format!("{same:?}"), "a multiple is that of the whole search");
        }
        for (limit, at_last) in part.limits.iter().zip(&whole.limits) {
            assert_eq!(limit.subject, at_last.subject);
            let (holds, fails) = cell(at_last.between);
            let so_far = limit.between;
            let case = format!("{multiples}: {limit:?}");
            assert!(so_far.fails.is_none_or(|so_far| so_far >= fails), "{case}");
            assert!(so_far.holds.is_none_or(|so_far| so_far <= holds), "{case}");
            // The multiples that were run show in every limit except that of the goodput, which takes two multiples.
            if limit.subject != Subject::Goodput {
                let below = part.probes.iter().map(|it| it.multiplier).filter(|it| *it <= holds);
                assert_eq!(so_far.holds, below.reduce(f64::max), "{case}");
                let above = part.probes.iter().map(|it| it.multiplier).filter(|it| *it >= fails);
                assert_eq!(so_far.fails, above.reduce(f64::min), "{case}");
            }
        }
    }
}

#[test]
fn every_page_tells_the_nearest_limit() {
    let outcome = run(STATION, 1);
    let names: Vec<&str> = outcome.headroom.iter().map(|it| it.resource.as_str()).collect();
    assert_eq!(names, ["desk"]);
    let limit = outcome.headroom[0].limit().unwrap();
    let page = simcap::report::page(&outcome, &[]);
    let told = format!("desk saturates at {} of this traffic", simcap::number::times(limit));
    assert!(anstream::adapter::strip_str(&page).to_string().contains(&told), "{page}");
    let back: Vec<Headroom> =
        serde_json::from_str(&serde_json::to_string(&outcome.headroom).unwrap()).unwrap();
    assert_eq!(back, outcome.headroom);
}

/// Two instances of two cores serve 40/s of 100 ms each. Clients leave after 5 s and servers do not notice: beyond 40/s
/// nearly all work is for clients who have left, and goodput collapses. The search finds the same limit from below and
/// from above, and no smaller multiple in the table has more goodput than the one that the sentence names.
#[test]
fn the_limit_before_a_collapse_is_the_same_from_above_as_from_below() {
    let at = |rate: f64| {
        let text = format!(
            "duration = \"10m\"\n[traffic.api]\nrate = \"{rate}/s\"\nclient = {{ timeout = \"5s\" }}\n\
             [request.call]\nvia = \"lb\"\nsteps = [{{ cpu = \"100ms\" }}]\n[balancer.lb]\ntargets = \"web\"\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\nthreads = 16\n\
             [objectives]\nlatency = \"p99 < 2s\"\nerrors = \"< 1%\"\n"
        );
        let found = found(&text, |search| (search.runs, search.precision) = (1, 0.05));
        for limit in &found.limits {
            let Some(fails) = limit.between.fails else { continue };
            let holds = limit.between.holds.expect("everything holds at a sixteenth");
            if limit.subject == Subject::Goodput {
                let goodput = |wanted: f64| {
                    let at = |it: &&simcap::breakpoint::Probe| (it.multiplier / wanted - 1.0).abs() < 1e-9;
                    found.probes.iter().find(at).unwrap().goodput_per_s
                };
                let best = found.probes.iter().filter(|it| it.multiplier < holds);
                assert!(best.clone().all(|it| it.goodput_per_s < goodput(holds)), "{:?}", found.probes);
                // The table agrees that it fails: of the additional requests less than half are answered.
                let more = (goodput(fails) - goodput(holds)) / (rate * (fails - holds));
                assert!(more < 0.5, "{more}");
            }
        }
        ["goodput", "latency p99 < 2s", "errors < 1%", "CPU of web"].map(|name| {
            let (holds, fails) = cell(of(&found, name).between);
            (rate * holds, rate * fails)
        })
    };
    let (above, below) = (at(200.0), at(30.0));
    for (above, below) in above.into_iter().zip(below) {
        for (holds, fails) in [above, below] {
            assert!(holds < 41.0 && fails > 36.0, "{above:?} {below:?}");
        }
        // Each limit is known to 5 %.
        assert!((above.0 / below.0 - 1.0).abs() < 0.11, "{above:?} {below:?}");
    }
}

/// Scaling that starts late: 100/s to 150/s is too much for one instance and too little to start a second. Down from ×4
/// the search finds the same first failing stretch as up from ×1.
#[test]
fn what_fails_below_a_stretch_that_holds_is_found_from_above_too() {
    // Fails at 110/s to 140/s and again from 600/s on: the fleet has at most six instances.
    let at = |rate: u32| {
        format!(
            "duration = \"2h\"\ntraffic.all.rate = \"{rate}/s\"\n[request.a]\nvia = \"front\"\n\
             steps = [{{ cpu = \"10ms\" }}]\n[balancer.front]\ntargets = \"web\"\n\
             [fleet.web]\ninstance = {{ vcpus = 1, memory = \"1 GiB\" }}\nmin = 1\nmax = 3\nthreads = 30\n\
             backlog = 50\noverflow = \"reset\"\nscaling = [{{ target_tracking = \
             {{ metric = \"requests_per_target\", target = 9000, scale_in = false }} }}]\n\
             [objectives]\nerrors = \"< 4%\"\n"
        )
    };
    let limit = |rate: u32| {
        let found = found(&at(rate), |search| (search.runs, search.precision) = (1, 0.1));
        let (holds, fails) = cell(of(&found, "errors < 4%").between);
        (f64::from(rate) * holds, f64::from(rate) * fails)
    };
    let (above, below) = (limit(400), limit(50));
    // A loss of 4 % begins at 100 / 0.96 requests/s.
    for (holds, fails) in [above, below] {
        assert!(holds < 104.2 * 1.05 && fails > 104.2 / 1.05, "{above:?} {below:?}");
    }
}

/// The Headroom section on the page of one run.
fn page(text: &str) -> String {
    let page = simcap::report::page(&run(text, 1), &[]);
    let start = page.find("Headroom").expect("a section on it");
    page[start..].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row allows one transaction in 10 ms: the pool of 20 fills with transactions that wait for it.
#[test]
fn the_page_names_a_hot_row_before_the_pool_that_waits_for_it() {
    let text = |rows: u32| {
        format!(
            "duration = \"5m\"\ntraffic.a.rate = \"150/s\"\nclient = {{ timeout = \"3s\" }}\n\
             [request.r]\nvia = \"app\"\n\
             steps = [{{ transaction = \"db\", steps = [{{ write = \"1ms\", rows = {{ count = {rows}, zipf = 0 }} }}] }}]\n\
             [fleet.app]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 200\npools = {{ db = 20 }}\n\
             [database.db]\nengine = \"mysql\"\nwriter = \"db.m7g.xlarge\"\ncommit = \"10ms\"\n"
        )
    };
    let words = "nearest limit: row locks of db (hottest row) were saturated: they carry ×0.5";
    let hot = page(&text(1));
    assert!(hot.contains(words), "{hot}");
    // The same transactions on a thousand rows hardly wait.
    let spread = page(&text(1_000));
    assert!(!spread.contains("kept full") && !spread.contains("saturated"), "{spread}");
}

/// Three instances with 50 connections each; all 20 would want 1,000 of the 682 that there are.
#[test]
fn the_page_says_what_connections_the_largest_size_wants() {
    let text = |limit: u32| {
        format!(
            "duration = \"5m\"\ntraffic.a.interarrival = \"50ms\"\n\
             [request.r]\nvia = \"app\"\nsteps = [{{ cpu = \"3ms\" }}, {{ read = \"db\", demand = \"1ms\" }}]\n\
             [fleet.app]\ninstance = {{ vcpus = 1, memory = \"4 GiB\" }}\nmin = 3\nmax = 20\npools = {{ db = 50 }}\n\
             scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\n\
             [database.db]\nwriter = \"db.r6g.xlarge\"\nmax_connections = {limit}\n"
        )
    };
    let few = page(&text(682));
    // 1,000 / 682 is 147 %. Each instance is busy for 2 %: the 14th, whose 50 connections do not fit, comes when 13 are busier
    // than 60 %, at 13 × 60 / (3 × 2) times the traffic.
    let words = "connections of db (writer): all 20 instances would want 147 % of what it takes; a fleet that grows \
                 with the traffic gets there at ×130";
    assert!(few.contains(words), "{few}");
    let enough = page(&text(1_000));
    assert!(!enough.contains("connections of db"), "{enough}");
}
