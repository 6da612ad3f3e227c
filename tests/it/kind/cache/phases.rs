//! Which shard a phase names.
//!
//! In: look-ups of which all go to one shard. Out: the cause in the phase.

use simcap::outcome::Resource;

use crate::phases::troubles;
use crate::run::run;

/// 2,000/s for one key, 1 ms each or less on the smallest core: one shard of three is full.
#[test]
fn a_phase_names_the_full_one_of_three_shards() {
    let text = |keys: u32| {
        format!(
            r#"
            duration = "100s"
            bucket = "1s"
            traffic.all.rate = [["0s", "100/s"], ["30s", "100/s"], ["30s", "2000/s"], ["60s", "2000/s"], ["60s", "100/s"]]
            request.page.steps = [{{ cache = "store", keys = {{ count = {keys} }}, miss = [{{ delay = "1ms" }}] }}]
            [cache.store]
            node = "cache.r6g.large"
            shards = 3
            command = "1ms"
            "#
        )
    };
    let outcome = run(&text(1), 1);
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    assert!((30.0..=33.0).contains(&phase.from_s), "{}", phase.sentence);
    assert_eq!(phase.chain[0].resource, Some(Resource::Cache { cache: 0 }));
    let fullest = outcome.headroom[0].name();
    let shard = fullest.strip_prefix("command threads of ").unwrap().strip_suffix(" of store").unwrap();
    assert!(shard.starts_with("shard "), "{fullest}");
    let words = format!("command threads of {shard} of `store` full");
    assert!(phase.sentence.contains(&words), "`{words}` is not in: {}", phase.sentence);
    let busy = outcome.timeline.caches[0].busy_percent.iter().copied().fold(0.0, f64::max);
    assert!(busy < 40.0, "the mean of three says nothing: {busy}");
    let busiest = outcome.timeline.caches[0].busiest_shard_percent.iter().copied().fold(0.0, f64::max);
    assert!(busiest > 99.0, "the busiest is full: {busiest}");
    // The same key, far from full: the page of a calm run names the shard too.
    let calm = run(&text(1).replace("2000/s", "100/s"), 1);
    let [phase] = &calm.phases[..] else { panic!("{:#?}", calm.phases) };
    let words = format!("tightest: {} ", calm.headroom[0].name().replace(" of store", " of `store`"));
    assert!(words.contains("of shard ") && phase.sentence.contains(&words), "{words}: {}", phase.sentence);
    // The same look-ups for a thousand keys fit.
    let spread = run(&text(1000), 1);
    assert!(troubles(&spread).is_empty(), "{:#?}", spread.phases);
}
