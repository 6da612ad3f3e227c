//! Memcached: several threads a node, and clients that leave a lost node out.

use simcap::outcome::Outcome;

use crate::run::run;

/// 1,500 commands a second of 1 ms each: too many for one thread, and 37.5 % of four.
#[test]
fn threads_of_a_node_share_its_commands() {
    let text = |engine: &str| {
        format!(
            "duration = \"60s\"\ntraffic.a.rate = \"1500/s\"\n\
             request.r.steps = [{{ cache = \"store\", hit_ratio = \"100%\" }}]\n\
             [cache.store]\nnode = \"cache.m5.large\"\ncommand = \"1ms\"\nhop = \"0s\"\n{engine}\n"
        )
    };
    let busy = |run: &Outcome| {
        run.timeline.caches[0].busy_percent.iter().sum::<f64>()
            / run.timeline.caches[0].busy_percent.len() as f64
    };
    let four = run(&text("engine = \"memcached\"\nthreads = 4"), 1);
    assert!((busy(&four) - 37.5).abs() < 1.0, "{}", busy(&four));
    assert!(four.latency_ms.p50 < 1.2, "{:?}", four.latency_ms);
    let one = run(&text(""), 1);
    assert!(busy(&one) > 99.0, "{}", busy(&one));
    // Its vCPUs, if nothing is said: two, of which 1,500 take 75 %.
    let two = run(&text("engine = \"memcached\""), 1);
    assert!((busy(&two) - 75.0).abs() < 2.0, "{}", busy(&two));
}

/// Ten look-ups a second of one key of the first node, which is lost from 60 s to 120 s. Clients wait in vain until 65 s; then the
/// key goes to the other node, where it misses once, and once more when it is back.
#[test]
fn the_keys_of_a_lost_node_go_to_the_others() {
    let text = |zone: &str| {
        format!(
            "duration = \"180s\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\n\
             steps = [{{ cache = \"store\", keys = {{ count = 1, zipf = 0 }}, miss = {{ delay = \"1ms\" }} }}]\n\
             [cache.store]\nengine = \"memcached\"\nnode = \"cache.r6g.large\"\nshards = 2\nazs = [\"a\", \"b\"]\n\
             hop = \"0s\"\ncommand = \"1us\"\nwarm = \"100%\"\ntimeout = \"50ms\"\ndetect = \"5s\"\n\
             [fault.outage]\nzone = \"{zone}\"\nat = \"60s\"\nfor = \"60s\"\n"
        )
    };
    let lost = run(&text("a"), 1);
    let missed = lost.caches[0].lookups - lost.caches[0].hits;
    assert!((52.0..=53.0).contains(&missed), "{missed}");
    let hits = &lost.timeline.caches[0].hit_ratio;
    assert!(hits[61..64].iter().all(|&ratio| ratio == Some(0.0)), "{hits:?}");
    assert!(hits[66..119].iter().all(|&ratio| ratio == Some(1.0)), "{hits:?}");
    assert_eq!(lost.requests.failed, 0.0);
    assert!(lost.incidents.iter().any(|it| it.at_s == 65.0 && it.text == "clients leave node 1 out"));
    let other = run(&text("b"), 1);
    assert_eq!(other.caches[0].lookups, other.caches[0].hits);
}

/// 10,000 items on four nodes, and one is lost: a quarter of them misses, and no others do, as the ring of each key goes on from it.
#[test]
fn only_the_keys_of_the_lost_node_move() {
    let text = "duration = \"100s\"\ntraffic.a.rate = \"2000/s\"\n\
        request.r.steps = [{ cache = \"store\", keys = { count = 10000, zipf = 0 } }]\n\
        [cache.store]\nengine = \"memcached\"\nnode = \"cache.r6g.large\"\nshards = 4\nazs = [\"a\", \"b\", \"c\", \"d\"]\n\
        warm = \"100%\"\ntimeout = \"1ms\"\ndetect = \"0s\"\n[fault.outage]\nzone = \"c\"\nat = \"10s\"\n";
    let run = run(text, 1);
    let missed = run.caches[0].lookups - run.caches[0].hits;
    // As many as there are items of the node: a quarter, within five standard deviations of 43.
    assert!((missed - 2_500.0).abs() < 220.0, "{missed}");
    let busiest = run.timeline.caches[0].busiest_shard_percent.last().unwrap();
    let mean = run.timeline.caches[0].busy_percent.last().unwrap();
    // Three nodes carry what four did: the busiest has a third, the mean of four is a quarter.
    assert!((busiest / mean - 4.0 / 3.0).abs() < 0.1, "{busiest} of {mean}");
}
