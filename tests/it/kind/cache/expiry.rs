//! How many items of a cache are live at the end of each second: one key, looked up every 4 s from 4 s on, with a time
//! to live of 5 s. A fill comes a few nanoseconds after its look-up, so an item filled at 4 s is live at 5 s and still
//! at 9 s.

use crate::run::run;

/// Live items at the end of each second from the fifth to the twentieth; `more` is another source with its class.
fn live(cache: &str, room: u32, more: &str) -> String {
    let run = run(
        &format!(
            "duration = \"20.5s\"\nbucket = \"1s\"\n[traffic.looks]\ninterarrival = \"4s\"\nrequests = \"look\"\n\
             [request.look]\nsteps = [{{ cache = \"store\", keys = \"one\", miss = {{ delay = \"1ns\" }} }}]\n{more}\n\
             [keys.one]\ncount = 1\n[keys.other]\ncount = 1\n\
             [cache.store]\nnode = \"cache.r6g.large\"\ncommand = \"1ns\"\nhop = \"0s\"\nitem = \"2 KiB\"\nttl = \"5s\"\n\
             memory = \"{} KiB\"\n{cache}\n",
            2 * room
        ),
        1,
    );
    let percent = &run.timeline.caches[0].fill_percent;
    let items = |percent: &f64| (percent / 100.0 * run.caches[0].capacity as f64).round() as u32;
    assert_eq!(run.caches[0].items, f64::from(items(percent.last().unwrap())));
    assert!(percent[..4].iter().all(|&percent| percent == 0.0));
    percent[4..20].iter().map(|percent| items(percent).to_string()).collect()
}

const INVALIDATE: &str = "[traffic.writes]\ninterarrival = \"7s\"\nrequests = \"write\"\n\
                          [request.write]\nsteps = [{ invalidate = \"store\", keys = \"one\" }]";
const OTHER: &str = "[traffic.others]\ninterarrival = \"10s\"\nrequests = \"other\"\n\
                     [request.other]\nsteps = [{ cache = \"store\", keys = \"other\", miss = { delay = \"1ns\" } }]";

#[test]
fn an_item_is_live_from_its_fill_to_its_expiry() {
    for eviction in ["lru", "random"] {
        let cache = format!("eviction = \"{eviction}\"");
        // Filled at 4 s, hit at 8 s, found expired and filled at 12 s, hit at 16 s, filled at 20 s.
        assert_eq!(live(&cache, 2, ""), "1111100011111000", "{eviction}");
        // Each hit renews it: at 8 s until 13 s, at 12 s until 17 s, and so on.
        let renewed = format!("{cache}\nrenew = true");
        assert_eq!(live(&renewed, 2, ""), "1111111111111111", "{eviction}");
        // Removed at 7 s, filled at 8 s and hit at 12 s; expired at 13 s it is removed at 14 s, and filled at 16 s.
        assert_eq!(live(&cache, 2, INVALIDATE), "1110111110001111", "{eviction}");
        // The other key comes at 10 s for 5 s, in addition.
        assert_eq!(live(&cache, 2, OTHER), "1111101122211000", "{eviction}");
        // With room for one item it evicts the first, which had expired, and is evicted itself at 12 s.
        assert_eq!(live(&cache, 1, OTHER), "1111101111111000", "{eviction}");
    }
}
