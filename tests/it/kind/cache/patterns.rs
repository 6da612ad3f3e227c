//! What applications do with caches, worked out by hand: one key, looked up every second from 1 s on; a miss takes 100 ms.

use simcap::outcome::Outcome;
use simcap::warning::Code;

use crate::run::run;

fn looks(cache: &str, more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"40.5s\"\nbucket = \"1s\"\n[traffic.looks]\ninterarrival = \"1s\"\nrequests = \"look\"\n\
             [request.look]\nsteps = [{{ cache = \"store\", keys = \"one\", miss = {{ delay = \"100ms\" }} }}]\n{more}\n\
             [keys.one]\ncount = 1\n[cache.store]\nnode = \"cache.m5.large\"\ncommand = \"1ns\"\nhop = \"0s\"\n{cache}\n"
        ),
        1,
    )
}

fn misses(run: &Outcome) -> f64 {
    run.caches[0].lookups - run.caches[0].hits
}

#[test]
fn a_flush_empties_the_cache_at_its_instant() {
    assert_eq!(misses(&looks("", "")), 1.0);
    let run = looks("flush = [\"10.5s\", { at = \"20.5s\" }, { at = \"30.5s\", share = \"0%\" }]", "");
    assert_eq!((misses(&run), run.caches[0].flushed), (3.0, 2.0));
    let missed = |second: usize| run.timeline.caches[0].hit_ratio[second] == Some(0.0);
    assert!(missed(11) && missed(21) && !missed(10) && !missed(31), "{:?}", run.timeline.caches[0].hit_ratio);
    assert!(run.incidents.iter().any(|it| it.at_s == 10.5 && it.text == "1 item flushed"));
}

/// Of 1,000 items a half goes: within 500 and five standard deviations of 15.8.
#[test]
fn a_share_of_the_items_is_flushed() {
    let text = "duration = \"10s\"\ntraffic.a.rate = \"0.01/s\"\n\
                request.r.steps = [{ cache = \"store\", keys = { count = 1000 } }]\n\
                [cache.store]\nnode = \"cache.m5.large\"\nwarm = \"100%\"\nflush = [{ at = \"5s\", share = \"50%\" }]\n";
    let run = run(text, 1);
    assert!((run.caches[0].flushed - 500.0).abs() < 80.0, "{}", run.caches[0].flushed);
    assert!((run.caches[0].items - (1_000.0 - run.caches[0].flushed)).abs() <= 1.0);
}

/// A write every 7 s: with an invalidation the look-up after each of the five misses; what a write sets is found.
#[test]
fn what_a_write_sets_is_found() {
    let writes = |step: &str| {
        format!(
            "[traffic.writes]\ninterarrival = \"7.5s\"\nrequests = \"write\"\n[request.write]\nsteps = [{step}]\n\
             [database.shop]\nwriter = \"db.r6g.large\"\n"
        )
    };
    for cache in ["", "eviction = \"sampled-lru\""] {
        let of = |step: &str| misses(&looks(cache, &writes(step)));
        assert_eq!(of("{ invalidate = \"store\", keys = \"one\" }"), 1.0 + 5.0, "{cache}");
        assert_eq!(of("{ set = \"store\", keys = \"one\" }"), 1.0, "{cache}");
        let write = "{ write = \"shop\", demand = \"1ms\", rows = \"one\", WHAT = \"store\" }";
        assert_eq!(of(&write.replace("WHAT", "invalidate")), 1.0 + 5.0, "{cache}");
        assert_eq!(of(&write.replace("WHAT", "set")), 1.0, "{cache}");
    }
    // With a time to live of 5 s: without writes every sixth look-up misses; a write renews it.
    let short = "ttl = \"5.5s\"";
    assert_eq!(misses(&looks(short, "")), 7.0);
    let often = writes("{ set = \"store\", keys = \"one\" }").replace("7.5s", "2.5s");
    assert_eq!(misses(&looks(short, &often)), 1.0);
}

/// There is nothing under the key: every look-up misses, unless that is kept for 3.5 s, which serves the next three.
#[test]
fn that_there_is_nothing_is_kept_for_its_own_time() {
    assert_eq!(misses(&looks("absent = \"100%\"", "")), 40.0);
    assert_eq!(misses(&looks("absent = \"100%\"\nabsent_ttl = \"3.5s\"", "")), 10.0);
    assert_eq!(misses(&looks("absent = \"100%\"\nabsent_ttl = \"3.5s\"\nttl = \"10s\"", "")), 10.0);
    assert_eq!(misses(&looks("absent = \"0%\"", "")), 1.0);
}

/// Of 10,000 keys a share of 30 % is absent: what is warm at the start are the others, within five standard deviations of 46.
#[test]
fn a_share_of_the_keys_is_absent() {
    let text = "duration = \"1s\"\ntraffic.a.rate = \"0.01/s\"\n\
                request.r.steps = [{ cache = \"store\", keys = { count = 10000 } }]\n\
                [cache.store]\nnode = \"cache.m5.large\"\nwarm = \"100%\"\nabsent = \"30%\"\n";
    let items = run(text, 1).caches[0].items;
    assert!((items - 7_000.0).abs() < 230.0, "{items}");
}

/// Filled at 1.1 s, it is too old at 5.6 s: the look-up at 6 s finds it, and it is fetched until 6.1 s; so every 5 s until 36 s.
#[test]
fn a_hit_that_is_too_old_is_fetched_anew_behind_the_scenes() {
    let run = looks("ttl = \"10s\"\nsoft_ttl = \"4.5s\"", "");
    assert_eq!((misses(&run), run.caches[0].refreshed), (1.0, 7.0));
    assert!(run.latency_ms.p50 < 0.1, "nobody waits: {:?}", run.latency_ms);
    // Without it the look-ups at 1 s, 12 s, 23 s and 34 s wait.
    assert_eq!(misses(&looks("ttl = \"10s\"", "")), 4.0);
    // It holds with one fill for all, too.
    let coalesced = looks("ttl = \"10s\"\nsoft_ttl = \"4.5s\"\ncoalesce = true", "");
    assert_eq!((misses(&coalesced), coalesced.caches[0].refreshed), (1.0, 7.0));
}

/// The same inside of instances that come and go, before a database: all requests are answered, and the fetches end.
#[test]
fn what_is_fetched_behind_the_scenes_is_done_by_an_instance() {
    let text = "duration = \"120s\"\ntraffic.a.rate = \"50/s\"\n\
        request.r = { via = \"web\", steps = [{ cache = \"store\", keys = { count = 20 }, miss = { read = \"shop\", demand = \"20ms\" } }, { cpu = \"1ms\" }] }\n\
        [balancer.web]\ntargets = \"app\"\n[fleet.app]\ninstance = \"m6i.large\"\ninstances = 4\ntimetable = [[\"40s\", 2], [\"60s\", 4]]\n\
        pools = { shop = 5 }\n\
        [database.shop]\nwriter = \"db.r6g.large\"\n\
        [cache.store]\nnode = \"cache.m5.large\"\nttl = \"10s\"\nsoft_ttl = \"3s\"\n";
    let run = run(text, 3);
    assert_eq!(run.requests.failed, 0.0);
    assert!(crate::run::is_conserved(&run.requests), "{:?}", run.requests);
    let cache = &run.caches[0];
    // Each of the popular keys every 3 s and the wait for its next look-up.
    assert!((100.0..=800.0).contains(&cache.refreshed), "{}", cache.refreshed);
    assert!(misses(&run) < 120.0, "{}", misses(&run));
}

/// 10 users, room for 4 sessions: those that find no room are refused and warned of.
#[test]
fn sessions_without_room_are_refused() {
    let text = |memory: &str| {
        format!(
            "duration = \"1000s\"\ntraffic.a.rate = \"5/s\"\n\
             request.r.steps = [{{ cache = \"store\", keys = {{ count = 10, zipf = 0 }} }}]\n\
             [cache.store]\nnode = \"cache.m5.large\"\nitem = \"2 KiB\"\nsessions = true\nttl = \"1h\"\nmemory = \"{memory}\"\n"
        )
    };
    let full = run(&text("8 KiB"), 1);
    let cache = &full.caches[0];
    assert_eq!((cache.items, cache.evictions), (4.0, 0.0));
    assert_eq!(cache.refused, misses(&full) - 4.0);
    // Each look-up is of one of ten.
    assert!((cache.hit_ratio - 0.4).abs() < 0.03, "{}", cache.hit_ratio);
    assert!(full.warnings.iter().any(|it| it.code == Code::SessionsLost), "{:?}", full.warnings);
    let roomy = run(&text("20 KiB"), 1);
    assert_eq!((roomy.caches[0].refused, roomy.caches[0].items), (0.0, 10.0));
    assert!(roomy.warnings.iter().all(|it| it.code != Code::SessionsLost));
}

/// Ten sessions that last 1 s from their last use, room for four, and a new user every 2 s: each finds room, as what has expired is gone.
#[test]
fn sessions_that_have_expired_make_room() {
    let text = "duration = \"100s\"\ntraffic.a.interarrival = \"2s\"\n\
                request.r.steps = [{ cache = \"store\", keys = { count = 1000, zipf = 0 } }]\n\
                [cache.store]\nnode = \"cache.m5.large\"\nitem = \"2 KiB\"\nsessions = true\nttl = \"1s\"\nmemory = \"8 KiB\"\n";
    let cache = &run(text, 1).caches[0];
    assert_eq!((cache.refused, cache.evictions), (0.0, 0.0));
    assert!(cache.expirations > 40.0, "{}", cache.expirations);
}

/// Ten look-ups a second of nothing that is there: 10,000 items expire within 20 s, and are removed though nobody looks; else they stay.
#[test]
fn active_expiry_finds_what_has_expired() {
    let expired = |active: bool| {
        let text = format!(
            "duration = \"30s\"\ntraffic.a.rate = \"0.01/s\"\n\
             request.r.steps = [{{ cache = \"store\", keys = {{ count = 10000 }} }}]\n\
             [cache.store]\nnode = \"cache.m5.large\"\nwarm = \"100%\"\nttl = \"20s\"\nactive_expiry = {active}\n"
        );
        run(&text, 1).caches[0].expirations
    };
    assert!(expired(true) >= 9_999.0, "{}", expired(true));
    assert!(expired(false) <= 1.0, "{}", expired(false));
}

/// Three instances in turn, with 30 connections each, of which a node takes 70: the third gets none, and each third look-up is a miss. At
/// 50 s the first one leaves, and the third connects.
#[test]
fn instances_beyond_the_connections_of_a_node_have_misses() {
    let text = |more: &str| {
        format!(
            "duration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ cache = \"store\", keys = {{ count = 1 }}, miss = {{ delay = \"1ms\" }} }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 3\ntimetable = [[\"50s\", 2]]\n\
             [cache.store]\nnode = \"cache.r6g.large\"\nwarm = \"100%\"\nconnections = 30\n{more}"
        )
    };
    let limited = run(&text("max_connections = 70\n"), 1);
    let told = &limited.caches[0];
    let ratio = &limited.timeline.caches[0].hit_ratio;
    // Requests come each 100 ms from 100 ms on, so of 499 in the first 50 s each third is of the third instance.
    assert!((told.unconnected - 166.5).abs() <= 1.0, "{told:?}");
    assert_eq!(told.lookups - told.hits, told.unconnected);
    assert!(ratio[10..50].iter().flatten().all(|&ratio| (0.59..0.71).contains(&ratio)), "{ratio:?}");
    assert!(ratio[52..].iter().flatten().all(|&ratio| ratio == 1.0), "{ratio:?}");
    let open = &limited.timeline.caches[0].connections[0].open;
    assert_eq!((open[20], open[60]), (60.0, 60.0));
    let said: Vec<_> =
        limited.incidents.iter().filter(|it| it.text.contains("gets no connections")).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    let warned = limited.warnings.iter().filter(|it| it.code.name() == "connections-above-limit");
    assert_eq!(warned.count(), 1, "{:?}", limited.warnings);
    let free = run(&text(""), 1);
    assert_eq!((free.caches[0].unconnected, free.timeline.caches[0].connections[0].open[20]), (0.0, 90.0));
}
