//! Whatever happens, each request has one end, and every request to a distribution is one of its counts.

use super::{cdn, run};
use crate::run::is_conserved;

/// Impatient users and open traffic, small caches, copies that expire, an origin that fails now and then and is too slow for the timeout, a
/// second origin, purges, quotas.
fn storm(on_timeout: &str, more: &str) -> String {
    format!(
        "duration = \"120s\"\nbucket = \"1s\"\n[traffic.open]\nrate = \"60/s\"\nrequests = {{ picture = 6, page = 3, form = 1 }}\n\
         [users.some]\ncount = 40\nthink = \"exponential 1s\"\nrequests = {{ picture = 6, page = 3, form = 1 }}\n\
         [client]\ntimeout = \"1500ms\"\nretries = {{ max = 2, backoff = \"100ms\" }}\non_timeout = \"{on_timeout}\"\n\
         [keys.pictures]\ncount = 300\n\
         [request.picture]\nvia = \"cdn\"\npath = \"/img/a\"\nkeys = \"pictures\"\nresponse_size = \"100 KiB\"\nsteps = [{{ service = \"disk\" }}]\n\
         [request.page]\nvia = \"cdn\"\npath = \"/\"\nsteps = [{{ service = \"disk\" }}, {{ cpu = \"2ms\" }}]\n\
         [request.form]\nvia = \"cdn\"\npath = \"/form\"\nmethod = \"POST\"\nsteps = [{{ service = \"disk\" }}]\n\
         [distribution.cdn]\nedge_cache = \"2 MiB\"\nregional_cache = \"5 MiB\"\nregional_caches = 2\nresponse_timeout = \"1s\"\nrequests = \"120/s\"\n\
         default = {{ origin = \"web\", ttl = \"500ms\", max_age = \"500ms\" }}\n\
         behaviours = [{{ path = \"/img/*\", origin = \"web\", ttl = \"5s\", failover = \"other\", variants = 2, error_ttl = \"2s\" }}]\n\
         purge = [{{ at = \"40s\", share = \"50%\" }}, {{ at = \"60s\" }}]\n{more}\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\nazs = 2\n[fleet.other]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n\
         [service.disk]\nservers = [[\"0s\", 3], [\"50s\", 0], [\"58s\", 3], [\"80s\", 1]]\nqueue = 200\ntime = \"exponential 40ms\"\n"
    )
}

#[test]
fn every_request_has_one_end() {
    for (on_timeout, more) in [
        ("keep_working", ""),
        ("cancel", ""),
        ("cancel", "shield = true"),
        ("keep_working", "shield = true\nedges = 2"),
    ] {
        for seed in 1..=3 {
            let run = run(&storm(on_timeout, more), seed);
            assert!(is_conserved(&run.requests), "{on_timeout} {more} {seed}");
            assert!(crate::run::all_are_numbers(&run));
            let it = cdn(&run);
            assert!(it.hits > 0.0 && it.stale > 0.0 && it.kept_errors > 0.0 && it.failovers > 0.0, "{it:?}");
            assert!(
                it.collapsed > 0.0 && it.regional_hits > 0.0 && it.evictions > 0.0 && it.timeouts > 0.0,
                "{it:?}"
            );
            // Posted, found, missed, or answered by what was kept of a failure.
            assert!(it.hits + it.misses <= it.requests, "{it:?}");
            assert!(it.collapsed <= it.misses && it.regional_hits <= it.misses, "{it:?}");
        }
    }
}
