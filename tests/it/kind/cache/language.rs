//! Keys of a cache that mean something only beside others.

use std::path::Path;

use simcap::scenario::{self, ScenarioError};
use simcap::warning::{self, Code};

use crate::run;

fn text(cache: &str) -> String {
    format!(
        "duration = \"1m\"\ntraffic.a.rate = \"1/s\"\n\
         request.r.steps = [{{ cache = \"store\", keys = {{ count = 10 }} }}]\n\
         [cache.store]\nnode = \"cache.m5.large\"\n{cache}\n"
    )
}

fn refused(cache: &str) -> String {
    match scenario::parse("test.toml", text(cache).as_bytes(), Path::new(""), &[]) {
        Err(ScenarioError::Invalid(report)) => report.render(false),
        other => panic!("{cache}: {other:?}"),
    }
}

#[test]
fn keys_that_contradict_each_other_are_refused() {
    for (cache, problem) in [
        ("read_from = \"replicas\"", "there are no replicas to read from"),
        ("threads = 2", "Redis executes commands on one thread"),
        ("engine = \"memcached\"\nreplicas = 1", "Memcached has nothing of this kind"),
        ("hit_ratio = \"90%\"\nflush = [\"5s\"]", "with a fixed hit ratio no keys are simulated"),
        ("soft_ttl = \"5s\"", "nothing expires here"),
        ("ttl = \"5s\"\nsoft_ttl = \"5s\"", "items expire before they are fetched anew"),
        ("eviction = \"ttl\"", "nothing expires here"),
        ("absent_ttl = \"5s\"", "nothing is absent"),
        ("memory = \"1 GiB\"\nreserved = \"10%\"", "`memory` is what is left for data"),
        ("reserved = \"100%\"", "no memory is left for data"),
        ("sessions = true\neviction = \"lru\"", "sessions are not evicted"),
        ("ttl = \"0s\"", "a time to live of zero"),
        ("item = \"lognormal 2 KiB\"", "`lognormal 2 KiB` has no cv"),
        ("item = \"empirical sizes.csv\"", "`empirical` has no place here"),
        ("item = \"uniform 3 KiB 1 KiB\"", "ends before it starts"),
        ("item = \"normal 3 KiB\"", "`normal` is not a law"),
        ("eviction = \"allkeys-lru\"", "here it is \"sampled-lru\""),
        ("eviction = \"volatile-ttl\"", "here it is \"ttl\""),
        ("flush = [{ share = \"5%\" }]", "missing key `at`"),
        ("network = \"0 Gbit/s\"", "no bandwidth at all"),
    ] {
        let page = refused(cache);
        assert!(page.contains(problem), "`{problem}` is not in: {page}");
    }
}

/// A quarter of `maxmemory` is kept for other things, unless the file says how much; Memcached keeps 100 MiB.
#[test]
fn memory_for_data_is_what_is_not_reserved() {
    let fits =
        |cache: &str| run::scenario(&text(&format!("item = \"1 B\"\n{cache}"))).kinds.caches[0].capacity();
    assert_eq!(fits(""), (6_854_542_746.0 * 0.75) as u64);
    assert_eq!(fits("reserved = \"50%\""), 6_854_542_746 / 2);
    assert_eq!(fits("engine = \"memcached\"\nshards = 2"), 2 * (6_854_542_746 - (100 << 20)));
}

#[test]
fn settings_that_change_nothing_are_warned_of() {
    let vain = |cache: &str| {
        let found = warning::of_scenario(&run::scenario(&text(cache)), 1);
        found.into_iter().filter(|it| it.code == Code::SettingWithoutEffect).count()
    };
    assert_eq!(
        [vain(""), vain("lag = \"1s\""), vain("detect = \"1s\"\nreplicas = 1"), vain("promotion = \"9s\"")],
        [0, 1, 1, 1]
    );
    for struck in ["zone = \"a\"", "cache = \"store\"\neffect = \"dies\""] {
        let fault = format!("[fault.f]\n{struck}\nat = \"9s\"");
        assert_eq!(vain(&format!("lag = \"1s\"\ndetect = \"1s\"\nreplicas = 1\n{fault}")), 0);
    }
    assert_eq!([vain("copy = \"1 Gbit/s\""), vain("copy = \"1 Gbit/s\"\nitem = \"1 MB\"")], [1, 0]);
    let expires = "ttl = \"9s\"\nactive_expiry = true\nitem = \"1 KiB\"";
    assert_eq!([vain(expires), vain(&format!("{expires}\nmemory = \"2 KiB\""))], [1, 0]);
}
