//! Caches that lose a shard with its zone, worked out by hand: look-ups that are not answered, and a cold shard.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten look-ups a second of one key, which is on the first shard, in zone a; a miss takes 1 ms, a command nothing to speak of.
fn outage(zone: &str) -> Outcome {
    run(
        &format!(
            "duration = \"120s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\n\
             steps = [{{ cache = \"store\", keys = {{ count = 1, zipf = 0 }}, miss = {{ delay = \"1ms\" }} }}]\n\
             [cache.store]\nnode = \"cache.r6g.large\"\nshards = 2\nazs = [\"a\", \"b\"]\nhop = \"0s\"\ncommand = \"1us\"\n\
             warm = \"100%\"\ntimeout = \"2s\"\n[fault.outage]\nzone = \"{zone}\"\nat = \"60s\"\nfor = \"10s\"\n"
        ),
        1,
    )
}

/// From 60 s on a look-up waits 2 s, then its miss is a miss, and its client has given the fill up: 2.001 s. The look-ups from
/// 68 s on come to their fill when the shard is back at 70 s, and give it up as well; so does none from 70 s on.
#[test]
fn look_ups_of_a_lost_shard_time_out_and_find_it_cold() {
    let run = outage("a");
    assert_eq!(run.requests.failed, 0.0);
    assert!((run.latency_ms.max - 2_001.0).abs() < 5.0, "{}", run.latency_ms.max);
    let hits = &run.timeline.caches[0].hit_ratio;
    assert!(hits[5..59].iter().all(|&ratio| ratio == Some(1.0)), "{hits:?}");
    assert!(hits[61..69].iter().all(|&ratio| ratio == Some(0.0)), "{hits:?}");
    assert!(hits[72..].iter().all(|&ratio| ratio == Some(1.0)), "{hits:?}");
    // Those of 60 s to 70 s, and at most those of the millisecond after that.
    let missed = run.caches[0].lookups - run.caches[0].hits;
    assert!((100.0..=101.0).contains(&missed), "{missed}");
    assert!(run.incidents.iter().any(|it| it.at_s == 60.0 && it.text == "1 shard lost with zone a"));
}

#[test]
fn the_other_shards_answer() {
    let run = outage("b");
    assert!(run.latency_ms.max < 1.0, "{}", run.latency_ms.max);
    assert_eq!(run.caches[0].lookups, run.caches[0].hits);
}
