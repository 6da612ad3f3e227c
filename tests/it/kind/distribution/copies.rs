//! Copies at edges and behind them: what a hit and a miss take, how long copies live, who fetches.

use super::{NEAR, cdn, counts, every_second, run, shop};

/// An edge is 20 ms away there and back, and takes 1 ms; 5 ms to the regional cache, 2 ms from there to the origin, which takes 100 ms. The
/// first request is 21 + 14 + 100 ms and two round trips of 4 ms for the connection: 143 ms. The nine others are 21 ms.
#[test]
fn a_hit_is_answered_by_the_edge() {
    let text = every_second(10, "", "default = { origin = \"web\" }", "{ delay = \"100ms\" }");
    let run = run(&text.replace("round_trip = \"0s\"", "round_trip = \"20ms\""), 1);
    assert_eq!(counts(&run), [10.0, 9.0, 1.0, 1.0]);
    assert!((run.latency_ms.max - 143.0).abs() < 0.1, "{:?}", run.latency_ms);
    assert!((run.latency_ms.mean - (143.0 + 9.0 * 21.0) / 10.0).abs() < 0.1, "{:?}", run.latency_ms);
}

/// What is posted goes from the edge to the origin past the regional cache: 7 ms there, 100 ms, 7 ms back, and 1 ms; the first one needs a
/// connection, which is two round trips of 14 ms. The others find it open, because they come within 5 s.
#[test]
fn what_is_posted_goes_to_the_origin_from_the_edge() {
    let post = "method = \"POST\"";
    let text = every_second(10, post, "default = { origin = \"web\" }", "{ delay = \"100ms\" }");
    let run_of = |settings: &str| run(&text.replace("edges = 1", &format!("edges = 1\n{settings}")), 1);
    let kept = run_of("");
    assert_eq!(counts(&kept), [10.0, 0.0, 0.0, 10.0]);
    assert_eq!(cdn(&kept).connections, 1.0);
    assert!((kept.latency_ms.max - 143.0).abs() < 0.1, "{:?}", kept.latency_ms);
    assert!((kept.latency_ms.mean - (143.0 + 9.0 * 115.0) / 10.0).abs() < 0.1, "{:?}", kept.latency_ms);
    // Without that each one needs a connection.
    let closed = run_of("keep_alive = \"0s\"");
    assert_eq!(cdn(&closed).connections, 10.0);
    assert!((closed.latency_ms.mean - 143.0).abs() < 0.1, "{:?}", closed.latency_ms);
}

/// A copy that was made at 1.001 s is fresh until 4.001 s: requests at 2, 3 and 4 s find it, and that at 5 s does not. So each fourth
/// request comes to the origin: at 1, 5 and 9 s.
#[test]
fn a_copy_is_fresh_for_its_time_to_live() {
    for ttl in [
        "ttl = \"3s\"",
        "ttl = { max = \"3s\" }",
        "max_age = \"3s\"",
        "ttl = { min = \"3s\" }, private = true",
    ] {
        let settings = format!("{NEAR}default = {{ origin = \"web\", {ttl} }}");
        let run = run(&every_second(10, "", &settings, "{ delay = \"1ms\" }"), 1);
        assert_eq!(counts(&run), [10.0, 7.0, 3.0, 3.0], "{ttl}");
    }
    for nothing in ["ttl = \"0s\"", "private = true", "max_age = \"0s\""] {
        let settings = format!("{NEAR}default = {{ origin = \"web\", {nothing} }}");
        let run = run(&every_second(10, "", &settings, "{ delay = \"1ms\" }"), 1);
        assert_eq!(counts(&run), [10.0, 0.0, 0.0, 10.0], "{nothing}");
    }
}

/// What the path of a class is decides what is done with it.
#[test]
fn the_first_behaviour_that_fits_the_path_counts() {
    let behaviours = "behaviours = [{ path = \"/p*\", origin = \"web\" }, { path = \"/page\", origin = \"web\", ttl = \"0s\" }]";
    let settings = format!("{NEAR}{behaviours}\ndefault = {{ origin = \"web\", ttl = \"0s\" }}");
    let text = every_second(10, "", &settings, "{ delay = \"1ms\" }");
    assert_eq!(counts(&run(&text, 1)), [10.0, 9.0, 1.0, 1.0]);
    let other = text.replace("path = \"/page\"\n\n", "path = \"/other\"\n\n");
    assert_eq!(counts(&run(&other, 1)), [10.0, 0.0, 0.0, 10.0]);
}

/// A hundred requests within 100 ms, and the origin takes a second: one fetch, for which the 99 others wait. All are answered at once, so
/// the last one has waited for 901 ms.
#[test]
fn those_who_miss_together_wait_for_one_fetch() {
    let text = |behaviour: &str| {
        format!(
            "duration = \"60s\"\n[traffic.all]\nrate = [[\"0s\", \"1000/s\"], [\"100500us\", \"1000/s\"], [\"100500us\", \"0/s\"]]\n\
             interarrival = \"1ms\"\n[client]\nround_trip = \"0s\"\ntimeout = \"1h\"\n{}",
            shop("", &format!("{NEAR}default = {{ origin = \"web\"{behaviour} }}"), "{ delay = \"1s\" }")
        )
    };
    let together = run(&text(""), 1);
    assert_eq!(counts(&together), [100.0, 0.0, 100.0, 1.0]);
    assert_eq!((cdn(&together).collapsed, together.requests.completed), (99.0, 100.0));
    assert!((together.latency_ms.p50 - 951.0).abs() < 2.0, "{:?}", together.latency_ms);
    // Cookies are of one person each: nobody waits for the answer to another.
    let alone = run(&text(", forwards_cookies = true"), 1);
    assert_eq!(counts(&alone), [100.0, 0.0, 100.0, 100.0]);
    assert!((alone.latency_ms.p50 - 1_000.0).abs() < 2.0, "{:?}", alone.latency_ms);
}

/// Two hundred requests at four edges: each edge fetches once, and the regional cache does so once for all of them. Without one the origin
/// is asked by each edge. With two regional caches behind an Origin Shield, that is asked by both.
#[test]
fn edges_share_what_is_behind_them() {
    let run_of = |settings: &str| {
        let settings = format!("{NEAR}default = {{ origin = \"web\" }}\n{settings}");
        let text = every_second(200, "", &settings, "{ delay = \"1ms\" }");
        run(&text.replace("edges = 1", "edges = 4"), 1)
    };
    let one = run_of("");
    assert_eq!(counts(&one), [200.0, 196.0, 4.0, 1.0]);
    assert_eq!(cdn(&one).regional_hits, 3.0);
    assert_eq!(counts(&run_of("regional_caches = 0")), [200.0, 196.0, 4.0, 4.0]);
    assert_eq!(counts(&run_of("regional_caches = 2")), [200.0, 196.0, 4.0, 2.0]);
    let shield = run_of("regional_caches = 2\nshield = true");
    assert_eq!((counts(&shield), cdn(&shield).regional_hits), ([200.0, 196.0, 4.0, 1.0], 3.0));
}

/// A user stays at one edge: with one user, one of ten edges has a copy.
#[test]
fn a_user_stays_at_one_edge() {
    let text = format!(
        "duration = \"60s\"\n[users.one]\ncount = 1\nthink = \"1s\"\n[client]\nround_trip = \"0s\"\n{}",
        shop("", &format!("{NEAR}default = {{ origin = \"web\" }}"), "{ delay = \"1ms\" }")
    );
    let run = run(&text.replace("edges = 1", "edges = 10"), 1);
    assert_eq!(cdn(&run).misses, 1.0);
    assert!(cdn(&run).hits > 50.0);
}

/// Two classes that ask for one path ask for one object; two paths are two. Without a path, each class has an object of its own.
#[test]
fn classes_share_the_objects_of_a_path() {
    let text =
        every_second(40, "", &format!("{NEAR}default = {{ origin = \"web\" }}"), "{ delay = \"1ms\" }");
    let with = |path: &str| {
        let other = format!("[request.other]\nvia = \"cdn\"\n{path}\nsteps = [{{ delay = \"1ms\" }}]\n");
        let both = text
            .replace("interarrival = \"1s\"", "interarrival = \"1s\"\nrequests = { page = 1, other = 1 }");
        cdn(&run(&format!("{both}{other}"), 1)).origin
    };
    assert_eq!(with("path = \"/page\""), 1.0);
    assert_eq!(with("path = \"/other\""), 2.0);
    assert_eq!(with(""), 2.0);
    let variants = text.replace("origin = \"web\" }", "origin = \"web\", variants = 3 }");
    assert_eq!(cdn(&run(&variants, 1)).origin, 3.0, "each of the variants is asked for within 40 requests");
}

/// All is purged at 10.5 s: the request at 11 s fetches it again.
#[test]
fn what_is_purged_is_fetched_again() {
    let settings = format!("{NEAR}default = {{ origin = \"web\" }}");
    let text = every_second(20, "", &settings, "{ delay = \"1ms\" }");
    let with = |purge: &str| run(&text.replace("edges = 1", &format!("edges = 1\npurge = [{purge}]")), 1);
    assert_eq!(counts(&with("{ at = \"10500ms\" }")), [20.0, 18.0, 2.0, 2.0]);
    assert_eq!(counts(&with("{ at = \"10500ms\", path = \"/p?ge\" }")), [20.0, 18.0, 2.0, 2.0]);
    assert_eq!(counts(&with("{ at = \"10500ms\", path = \"/other\" }")), [20.0, 19.0, 1.0, 1.0]);
    let all = with("{ at = \"10500ms\" }");
    assert_eq!(crate::kind::incidents(&all), [(10.5, "invalidation of all objects")]);
}
