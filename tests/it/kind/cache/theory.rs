//! Caches under independent Zipf look-ups: LRU, time to live, and stampedes on one key.

use simcap::outcome::Outcome;

use crate::theory::confidence::replicate;

/// Look-ups at a rate; commands and network take almost no time, so a fill is practically instant.
fn lookups(rate: f64, seconds: u64, keys: &str, cache: &str, miss: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.look]\n\
         steps = [{{ cache = \"store\", keys = {keys}{miss} }}]\n[cache.store]\nnode = \"cache.r6g.large\"\n\
         command = \"1ns\"\nhop = \"0s\"\nitem = \"2 KiB\"\n{cache}\n"
    )
}

/// Hit ratio of the second half of the run, when a cold cache has filled long ago.
fn settled_hit_ratio(run: &Outcome) -> f64 {
    let series = &run.timeline.caches[0];
    let half = series.lookups.len() / 2;
    let rows = series.lookups[half..].iter().zip(&series.hit_ratio[half..]);
    let hits: f64 = rows.map(|(lookups, ratio)| lookups * ratio.unwrap_or(0.0)).sum();
    hits / series.lookups[half..].iter().sum::<f64>()
}

/// Shares of look-ups by rank.
pub fn zipf(count: u32, exponent: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=count).map(|rank| f64::from(rank).powf(-exponent)).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// King 1971: sum over every ordered content of the cache, most recent first, of its probability Π p(i) / (1 - p of the
/// earlier ones), times the popularity that it holds.
pub fn lru_hit_ratio(shares: &[f64], room: usize, inside: &mut Vec<usize>, probability: f64) -> f64 {
    let held: f64 = inside.iter().map(|&key| shares[key]).sum();
    if inside.len() == room {
        return probability * held;
    }
    let mut sum = 0.0;
    for key in 0..shares.len() {
        if !inside.contains(&key) {
            inside.push(key);
            sum += lru_hit_ratio(shares, room, inside, probability * shares[key] / (1.0 - held));
            inside.pop();
        }
    }
    sum
}

#[test]
fn a_small_lru_cache_hits_as_king_computed() {
    for (count, exponent, room) in [(8, 1.0, 3), (10, 0.7, 4)] {
        let exact = lru_hit_ratio(&zipf(count, exponent), room, &mut Vec::new(), 1.0);
        let keys = format!("{{ count = {count}, zipf = {exponent} }}");
        let cache = format!("memory = \"{} KiB\"", 2 * room);
        let runs = replicate(&lookups(1_000.0, 200, &keys, &cache, ""), 10);
        runs.expect(&format!("{room} of {count} keys"), exact, 0.01, settled_hit_ratio);
    }
}

/// Gelenbe 1973: with random eviction, and with that of the first that came, every content has a probability proportional to the
/// product of its popularities.
#[test]
fn a_small_cache_with_random_eviction_hits_as_gelenbe_computed() {
    for (count, exponent, room) in [(8u32, 1.0, 3u32), (10, 0.7, 4)] {
        let shares = zipf(count, exponent);
        let (mut all, mut hit) = (0.0, 0.0);
        for content in (0u32..1 << count).filter(|content| content.count_ones() == room) {
            let held = || (0..count as usize).filter(|key| content >> key & 1 == 1).map(|key| shares[key]);
            let weight: f64 = held().product();
            all += weight;
            hit += weight * held().sum::<f64>();
        }
        let keys = format!("{{ count = {count}, zipf = {exponent} }}");
        for eviction in ["random", "fifo"] {
            let cache = format!("memory = \"{} KiB\"\neviction = \"{eviction}\"", 2 * room);
            let runs = replicate(&lookups(1_000.0, 200, &keys, &cache, ""), 10);
            runs.expect(&format!("{eviction}: {room} of {count} keys"), hit / all, 0.01, settled_hit_ratio);
        }
    }
}

/// 10,000 keys, room for 1,000. Expected: independent simulation of exact LRU, with its standard error.
#[test]
fn a_large_lru_cache_hits_as_its_memory_and_its_keys_say() {
    for (exponent, expected) in
        [(0.6, (0.242_803, 0.000_191)), (1.0, (0.675_418, 0.000_209)), (1.2, (0.861_664, 0.000_148))]
    {
        let keys = format!("{{ count = 10000, zipf = {exponent} }}");
        let runs = replicate(&lookups(1_000.0, 400, &keys, "memory = \"2000 KiB\"", ""), 10);
        runs.expect_reference(&format!("zipf {exponent}"), expected, 0.015, settled_hit_ratio);
    }
}

/// 10,000 keys, room for 1,000, ten minutes and more for a turnover: Redis's documentation shows samples of five near exact LRU, and a
/// pool brings them nearer. Its counters of frequency come near to what holds the thousand most popular keys for ever, and above LRU.
#[test]
fn samples_as_in_redis_come_near_to_exact_replacement() {
    let hit_ratio = |rate: f64, eviction: &str| {
        let cache = format!("memory = \"2000 KiB\"\neviction = \"{eviction}\"");
        let text = lookups(rate, (400_000.0 / rate) as u64, "{ count = 10000, zipf = 1 }", &cache, "");
        settled_hit_ratio(&crate::run::run(&text, 1))
    };
    let lru = hit_ratio(10.0, "lru");
    let sampled = hit_ratio(10.0, "sampled-lru");
    assert!((lru - 0.675).abs() < 0.005, "{lru}");
    assert!((lru - sampled).abs() < 0.01, "{sampled} is not near {lru}");
    let best: f64 = zipf(10_000, 1.0)[..1_000].iter().sum();
    let lfu = hit_ratio(10_000.0, "lfu");
    println!("lru {lru}, sampled {sampled}, lfu {lfu}, best {best}");
    assert!(lfu > lru + 0.03 && lfu < best, "{lfu} of {best}");
}

/// Each fill lives for a time of its own: the hit ratio is that of the mean, for a key is looked up l T times in a life of T.
#[test]
fn times_to_live_that_are_spread_hit_as_their_mean() {
    let (rate, mean) = (4_000.0, 2.0);
    let shares = zipf(10_000, 1.0).into_iter();
    let exact: f64 = shares.map(|share| share * (share * rate * mean) / (1.0 + share * rate * mean)).sum();
    let text = lookups(rate, 100, "{ count = 10000, zipf = 1 }", "ttl = \"uniform 1s 3s\"", "");
    replicate(&text, 10).expect("1 s to 3 s", exact, 0.005, settled_hit_ratio);
}

/// Look-ups of a key are Poisson with rate l; each fill lives T, so its hit ratio is l T / (1 + l T).
#[test]
fn a_time_to_live_from_the_fill_sets_the_hit_ratio() {
    for (count, exponent, rate, ttl) in [(10_000, 1.0, 4_000.0, 2.0), (1_000, 0.8, 100.0, 60.0)] {
        let exact: f64 = zipf(count, exponent)
            .into_iter()
            .map(|share| share * (share * rate * ttl) / (1.0 + share * rate * ttl))
            .sum();
        let keys = format!("{{ count = {count}, zipf = {exponent} }}");
        let text = lookups(rate, (400_000.0 / rate) as u64, &keys, &format!("ttl = \"{ttl}s\""), "");
        replicate(&text, 10).expect(&format!("{count} keys, {ttl} s"), exact, 0.005, settled_hit_ratio);
    }
}

/// A look-up hits if the one before it was less than T ago: 1 - exp(-l T).
#[test]
fn a_time_to_live_that_hits_renew_sets_the_hit_ratio() {
    let (rate, ttl) = (4_000.0, 2.0);
    let exact: f64 = zipf(10_000, 1.0).into_iter().map(|share| share * -(-share * rate * ttl).exp_m1()).sum();
    let text =
        lookups(rate, 100, "{ count = 10000, zipf = 1 }", &format!("ttl = \"{ttl}s\"\nrenew = true"), "");
    replicate(&text, 10).expect("renewed", exact, 0.005, settled_hit_ratio);
}

/// One key that expires: every request that comes during the fetch fetches too, and each fetch renews the time to live.
/// With coalescing they wait for the first fetch.
#[test]
fn an_expired_key_draws_a_stampede_unless_fetches_are_coalesced() {
    let (rate, ttl, fetch) = (1.0f64, 5.0, 1.0);
    let miss = format!(", miss = {{ delay = \"{}ms\" }}", 1e3 * fetch);
    // The last request during the first fetch comes this long after the fetch began, on average.
    let last = fetch + (-rate * fetch).exp_m1() / rate;
    let cycle = 1.0 / rate + last + fetch + ttl;
    let fetches = |run: &Outcome| {
        let cache = &run.caches[0];
        (cache.lookups - cache.hits - cache.coalesced) / run.scenario.duration_s
    };
    let text = |coalesce| {
        let cache = format!("ttl = \"{ttl}s\"\ncoalesce = {coalesce}");
        lookups(rate, 100_000, "{ count = 1, zipf = 0 }", &cache, &miss)
    };
    let alone = (1.0 + rate * fetch) / cycle;
    replicate(&text(false), 10).expect("fetches a second", alone, 0.03, fetches);
    let coalesced = 1.0 / (1.0 / rate + fetch + ttl);
    replicate(&text(true), 10).expect("fetches a second, coalesced", coalesced, 0.005, fetches);
}

/// 10,000 items whose ages are spread evenly over 20 s, and hardly a look-up: a quarter of them expires in each 5 s,
/// held or not. Of n items that are live with probability p, five standard deviations are 5 √(n p (1 − p)), and one
/// more was filled.
#[test]
fn items_past_their_time_to_live_are_not_live_though_nobody_has_looked() {
    for eviction in ["lru", "random"] {
        let cache = format!("ttl = \"20s\"\nwarm = \"100%\"\neviction = \"{eviction}\"");
        let text = lookups(0.01, 20, "\"few\"", &cache, ", miss = [{ delay = \"1ns\" }]");
        let text = format!("bucket = \"5s\"\n{text}[keys.few]\ncount = 10000\n");
        let scenario =
            simcap::scenario::parse("live.toml", text.as_bytes(), std::path::Path::new(""), &[]).unwrap();
        let run = simcap::simulate(&scenario, 1, &mut |_| {});
        let fits = run.caches[0].capacity as f64;
        for (row, percent) in run.timeline.caches[0].fill_percent.iter().enumerate() {
            let share = 1.0 - (row + 1) as f64 / 4.0;
            let margin = 5.0 * (10_000.0 * share * (1.0 - share)).sqrt() + 2.0;
            let live = percent / 100.0 * fits;
            assert!((live - 10_000.0 * share).abs() < margin, "{eviction} {row}: {live}");
        }
        assert!(run.caches[0].items <= 2.0, "{eviction}: {}", run.caches[0].items);
    }
}
