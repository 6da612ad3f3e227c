//! Hit ratios and fetches against theory: times to live, least recently used, and one fetch for many.

use simcap::outcome::Outcome;

use super::{NEAR, cdn, shop};
use crate::kind::cache::theory::{lru_hit_ratio, zipf};
use crate::theory::confidence::replicate;

fn requests(rate: f64, seconds: u64, request: &str, settings: &str, work: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[client]\nround_trip = \"0s\"\ntimeout = \"1h\"\n{}",
        shop(request, &format!("{NEAR}regional_caches = 0\n{settings}"), work)
    )
}

/// Hit ratio of the second half of the run, when cold caches have filled long ago.
fn settled_hit_ratio(run: &Outcome) -> f64 {
    let series = &run.timeline.distributions[0];
    let half = series.lookups.len() / 2;
    let rows = series.lookups[half..].iter().zip(&series.hit_ratio[half..]);
    let hits: f64 = rows.map(|(lookups, ratio)| lookups * ratio.unwrap_or(0.0)).sum();
    hits / series.lookups[half..].iter().sum::<f64>()
}

/// An object that is asked for l times a second is found l T of 1 + l T times (Jung, Berger and Balakrishnan, 2003). With four edges each has a
/// quarter of the requests.
#[test]
fn copies_that_expire_are_found_as_their_time_to_live_says() {
    let (rate, ttl) = (800.0, 2.0);
    for edges in [1.0, 4.0] {
        let found = |share: f64| share * rate / edges * ttl;
        let exact: f64 =
            zipf(500, 1.0).into_iter().map(|share| share * found(share) / (1.0 + found(share))).sum();
        let settings = format!("default = {{ origin = \"web\", ttl = \"{ttl}s\" }}");
        let request = "keys = \"all\"\n";
        let text = requests(rate, 60, request, &settings, "{ delay = \"1ns\" }")
            .replace("edges = 1", &format!("edges = {edges}"))
            + "[keys.all]\ncount = 500\nzipf = 1\n";
        replicate(&text, 6).expect(&format!("{edges} edges"), exact, 0.015, settled_hit_ratio);
    }
}

/// An edge with room for three of eight objects, or four of ten.
#[test]
fn a_small_edge_finds_as_king_computed() {
    for (count, exponent, room) in [(8, 1.0, 3), (10, 0.7, 4)] {
        let exact = lru_hit_ratio(&zipf(count, exponent), room, &mut Vec::new(), 1.0);
        let settings = format!("edge_cache = \"{} KiB\"\ndefault = {{ origin = \"web\" }}", 2 * room);
        let request = "keys = \"all\"\nresponse_size = \"2 KiB\"";
        let text = requests(500.0, 80, request, &settings, "{ delay = \"1ns\" }")
            + &format!("[keys.all]\ncount = {count}\nzipf = {exponent}\n");
        replicate(&text, 8).expect(&format!("{room} of {count} objects"), exact, 0.015, settled_hit_ratio);
    }
}

/// What nobody keeps for longer than the fetch of it: after each fetch of mean S the next one begins with the next request, on the mean 1 / l
/// later, whatever the law of S. So there are l / (1 + l S) fetches a second, and every other request waits for one of them. (A fetch for each
/// would be l of them.)
#[test]
fn there_is_one_fetch_for_all_who_come_during_it() {
    for (rate, seconds, work) in [(20.0, 1_000, "50ms"), (100.0, 500, "exponential 50ms")] {
        let settings = "default = { origin = \"web\", ttl = \"1ns\" }";
        let text = requests(rate, seconds, "", settings, &format!("{{ delay = \"{work}\" }}"));
        let runs = replicate(&text, 6);
        let exact = 1.0 / (1.0 + rate * 0.05);
        runs.expect(&format!("{rate}/s, {work}"), exact, 0.03, |run| cdn(run).origin / cdn(run).requests);
        runs.expect("collapsed", 1.0 - exact, 0.03, |run| cdn(run).collapsed / cdn(run).requests);
    }
}
