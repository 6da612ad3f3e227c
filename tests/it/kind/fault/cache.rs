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

/// The one session is on the shard that is lost. What the other one holds is still there.
#[test]
fn sessions_that_are_gone_with_their_shard_are_warned_of() {
    let of = |zone: &str| {
        run(
            &format!(
                "duration = \"120s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\n\
                 steps = [{{ cache = \"store\", keys = {{ count = 1, zipf = 0 }}, miss = {{ delay = \"1ms\" }} }}]\n\
                 [cache.store]\nnode = \"cache.r6g.large\"\nshards = 2\nazs = [\"a\", \"b\"]\nsessions = true\nttl = \"1h\"\n\
                 timeout = \"2s\"\n[fault.outage]\nzone = \"{zone}\"\nat = \"60s\"\nfor = \"10s\"\n"
            ),
            1,
        )
    };
    let warned = |run: &Outcome| run.warnings.iter().any(|it| it.message.contains("1 gone with the shard"));
    let (lost, kept) = (of("a"), of("b"));
    assert_eq!((lost.caches[0].lost_items, kept.caches[0].lost_items), (1.0, 0.0));
    assert!(warned(&lost) && !warned(&kept), "{:?}", lost.warnings);
}

#[test]
fn the_other_shards_answer() {
    let run = outage("b");
    assert!(run.latency_ms.max < 1.0, "{}", run.latency_ms.max);
    assert_eq!(run.caches[0].lookups, run.caches[0].hits);
}

/// The same with a replica in zone b and more keys of the cache.
fn with_replica(zone: &str, cache: &str, steps: &str) -> Outcome {
    run(
        &format!(
            "duration = \"120s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             client = {{ round_trip = \"0s\" }}\n[request.page]\nsteps = [{steps}]\n[keys.many]\ncount = 1000000\nzipf = 0\n\
             [cache.store]\nnode = \"cache.r6g.large\"\nreplicas = 1\nazs = [\"a\", \"b\"]\nhop = \"0s\"\ncommand = \"1us\"\n\
             timeout = \"2s\"\n{cache}\n[fault.outage]\nzone = \"{zone}\"\nat = \"60s\"\nfor = \"10s\"\n"
        ),
        1,
    )
}

const LOOK: &str = "{ cache = \"store\", keys = { count = 1, zipf = 0 }, miss = { delay = \"1ms\" } }";

/// Lost at 60 s, known at 75 s, promoted at 80 s: until then look-ups wait for 2 s each, after that the replica has all of it.
#[test]
fn a_replica_takes_over_with_what_the_shard_held() {
    let run = with_replica("a", "warm = \"100%\"", LOOK);
    let missed = run.caches[0].lookups - run.caches[0].hits;
    assert!((200.0..=201.0).contains(&missed), "{missed}");
    let hits = &run.timeline.caches[0].hit_ratio;
    assert!(hits[61..79].iter().all(|&ratio| ratio == Some(0.0)), "{hits:?}");
    assert!(hits[80..].iter().all(|&ratio| ratio == Some(1.0)), "{hits:?}");
    assert!(run.incidents.iter().any(|it| it.at_s == 80.0 && it.text == "replica of shard 1 promoted"));
    assert_eq!((run.requests.failed, run.caches[0].lost_writes), (0.0, 0.0));
    let quick = with_replica("a", "warm = \"100%\"\ndetect = \"2s\"\npromotion = \"1s\"", LOOK);
    let missed = quick.caches[0].lookups - quick.caches[0].hits;
    assert!((30.0..=31.0).contains(&missed), "{missed}");
    // A replica that is lost is not missed.
    let other = with_replica("b", "warm = \"100%\"", LOOK);
    assert_eq!(other.caches[0].lookups, other.caches[0].hits);
}

/// Without Multi-AZ the shard waits for its zone, and comes back empty.
#[test]
fn without_multi_az_nothing_takes_over() {
    let run = with_replica("a", "warm = \"100%\"\nmulti_az = false", LOOK);
    let missed = run.caches[0].lookups - run.caches[0].hits;
    assert!((100.0..=102.0).contains(&missed), "{missed}");
    assert!(run.incidents.iter().any(|it| it.at_s == 70.0 && it.text == "1 shard back and empty"));
}

/// Ten new items a second, and a replica that is 1 s behind: the ten of the last second are lost, and no others.
#[test]
fn what_the_replica_had_not_got_is_lost() {
    let set = "{ set = \"store\", keys = \"many\" }";
    let lost = |lag: &str| {
        let run = with_replica("a", &format!("lag = \"{lag}\""), set);
        (run.caches[0].lost_writes, run.caches[0].items)
    };
    let (writes, items) = lost("1s");
    assert!((9.0..=11.0).contains(&writes), "{writes}");
    let (few, most) = lost("10ms");
    assert!(few <= 1.0 && (most - items - writes + few).abs() < 1e-9, "{few} {most} {items}");
    // What was removed in that time is there again.
    let text = "{ invalidate = \"store\", keys = \"many\" }";
    let run = with_replica("a", "warm = \"100%\"\nlag = \"30s\"\nmemory = \"4 GiB\"", text);
    assert!((299.0..=301.0).contains(&run.caches[0].lost_writes), "{}", run.caches[0].lost_writes);
    // Removed from 0 s on but for the 300 of 30 s to 60 s, and the 200 that came to nobody.
    let gone = 1_000_000.0 - run.caches[0].items;
    assert!((698.0..=702.0).contains(&gone), "{gone}");
}

/// Replicas answer look-ups while the primary is lost; the fill waits in vain, but only misses need one.
#[test]
fn replicas_answer_while_the_primary_is_lost() {
    let run = with_replica("a", "warm = \"100%\"\nread_from = \"replicas\"", LOOK);
    assert_eq!(run.caches[0].lookups, run.caches[0].hits);
    assert!(run.latency_ms.max < 1.0, "{}", run.latency_ms.max);
    // The other way round the primary answers.
    let run = with_replica("b", "warm = \"100%\"\nread_from = \"replicas\"", LOOK);
    assert_eq!(run.caches[0].lookups, run.caches[0].hits);
}
