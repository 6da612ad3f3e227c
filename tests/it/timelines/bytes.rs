//! Billed bytes: counted where they pass, not by the possible path.

use simcap::outcome::Outcome;

use crate::run::run;

/// A quantity of the bill.
fn quantity(run: &Outcome, resource: &str, what: &str) -> f64 {
    let items = run.bill.items.iter().filter(|item| item.resource == resource && item.what.contains(what));
    items.map(|item| item.quantity).sum()
}

fn behind_a_cache(hit_ratio: &str, client: &str) -> Outcome {
    run(
        &format!(
            "duration = \"1h\"\n{client}\n[traffic.all]\ninterarrival = \"100ms\"\n[request.page]\nvia = \"public\"\n\
             request_size = \"0 B\"\nresponse_size = \"10 MB\"\nsteps = [{{ cache = \"store\", hit_ratio = \"{hit_ratio}\", \
             miss = {{ call = \"internal\", steps = [{{ delay = \"1s\" }}] }} }}]\n\
             [balancer.public]\ntargets = \"web\"\n[balancer.internal]\ntargets = \"app\"\n\
             [fleet.web]\ninstance = \"m6i.large\"\ninstances = 2\n[fleet.app]\ninstance = \"m6i.large\"\ninstances = 2\n\
             [cache.store]\nnode = \"cache.r6g.large\""
        ),
        1,
    )
}

/// 35,999 answers of 10 MB in an hour: a unit for each GB of them, 360 at the public balancer. At the internal one, the
/// same for the one in a hundred that misses.
#[test]
fn a_balancer_behind_a_cache_is_billed_for_the_misses() {
    for (hit_ratio, misses) in [("0%", 1.0), ("90%", 0.1), ("99%", 0.01)] {
        let run = behind_a_cache(hit_ratio, "");
        let units = |name| quantity(&run, name, "capacity units");
        assert!((units("public") - 360.0).abs() < 1.0, "{hit_ratio}: {}", units("public"));
        let expected = 360.0 * misses;
        // Four standard deviations of the number of misses.
        let variance: f64 = 36_000.0 * misses * (1.0 - misses);
        let margin = 4.0 * variance.sqrt() / 100.0 + 1.0;
        assert!(
            (units("internal") - expected).abs() < margin,
            "{hit_ratio}: {} {expected}",
            units("internal")
        );
    }
}

/// Clients leave before the answer: no bytes pass the public balancer or go to the internet. The internal one still has
/// its answers, because its caller keeps working.
#[test]
fn an_answer_that_nobody_waits_for_is_not_sent() {
    let run = behind_a_cache("0%", "[client]\ntimeout = \"500ms\"");
    assert_eq!(run.requests.completed, 0.0);
    assert!(quantity(&run, "public", "capacity units") < 10.0);
    assert!(quantity(&run, "internal", "capacity units") > 359.0);
    assert_eq!(quantity(&run, "", "internet"), 0.0);
}
