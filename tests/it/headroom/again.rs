//! More traffic may pass where less does not: said where it is more than chance, and only there.

use super::{found, of};

/// Of the few requests after the warm-up the slowest decides, and which ones come after it changes with the multiple: the
/// bound is broken at one multiple and kept at a larger one, by chance. Nothing scales, so nothing holds again.
#[test]
fn chance_near_a_limit_does_not_hold_again() {
    let mut alternates = 0;
    for seed in 1..=12 {
        for runs in [1, 2, 4] {
            let text = format!(
                "duration = \"60s\"\nwarmup = \"30s\"\nseed = {seed}\ntraffic.all.rate = \"1/s\"\n\
                 request.a.steps = [{{ delay = \"exponential 25ms\" }}]\nobjectives.latency = \"max < 120ms\"\n"
            );
            let found = found(&text, |search| (search.runs, search.up_to) = (runs, 4.0));
            for limit in &found.limits {
                assert_eq!(limit.holds_again, None, "seed {seed}, {runs} runs: {limit:?}");
            }
            let fails = of(&found, "latency max < 120ms").between.fails.unwrap_or(f64::MAX);
            let mut above = found.probes.iter().filter(|it| it.multiplier > fails);
            alternates += usize::from(above.any(|it| it.objectives[0].met));
        }
    }
    assert!(alternates >= 5, "this is not what alternates by chance: {alternates}");
}
