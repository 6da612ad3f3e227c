//! Bytes that take time, worked out by hand: on the link of a node, on one connection, on the command thread.

use simcap::outcome::Resource;
use simcap::warning::{self, Code};

use crate::run::{self, run};

/// Milliseconds that every request takes, once every 10 s: 1 each way, 2 for a command of a node of strength 1, 10 for the miss.
fn latency_ms(hit_ratio: &str, cache: &str) -> f64 {
    let text = format!(
        r#"
        duration = "1000s"
        traffic.clients.interarrival = "10s"
        request.page.steps = [{{ cache = "cache", hit_ratio = "{hit_ratio}", miss = {{ delay = "10ms" }} }}]
        [cache.cache]
        node = "cache.m5.large"
        command = "2ms"
        hop = "1ms"
        {cache}
        "#
    );
    let latency = run(&text, 1).latency_ms;
    assert!(latency.count > 50);
    assert!((latency.mean - latency.max).abs() < 1e-6, "requests this far apart never meet");
    latency.mean
}

/// A megabyte is 8 ms at 1 Gbit/s, 1.6 ms on one connection of 5 Gbit/s, and 1 ms on a thread that copies 8 Gbit/s.
#[test]
fn a_value_takes_its_time_on_the_link_the_connection_and_the_thread() {
    let near = |ms: f64, expected: f64| assert!((ms - expected).abs() < 1e-3, "{ms} is not {expected}");
    near(latency_ms("100%", ""), 4.0);
    near(latency_ms("100%", "item = \"9001 B\""), 4.0);
    let slow = "item = \"1 MB\"\nnetwork = \"1 Gbit/s\"\ncopy = \"8 Gbit/s\"";
    near(latency_ms("100%", slow), 13.0);
    near(latency_ms("100%", &slow.replace("1 Gbit", "10 Gbit")), 6.6);
    // A miss sends nothing; its fill comes in over the link, and is read by the thread.
    near(latency_ms("0%", slow), 4.0 + 10.0 + 13.0);
    // Without `network` the link has its baseline: 750 Mbit/s.
    let bits = 8e6;
    near(latency_ms("100%", "item = \"1 MB\"\ncopy = \"8 Gbit/s\""), 4.0 + 1e3 * (bits / 750e6 + bits / 8e9));
}

/// 10 MB from a node of 128 Mbit/s: 624 ms each, and ten a second are six times what it can send.
#[test]
fn ten_megabytes_take_what_the_node_can_sustain() {
    let text = |rate: &str| {
        format!(
            "duration = \"5m\"\ntraffic.a.rate = \"{rate}\"\n\
             request.r.steps = [{{ cache = \"redis\", keys = {{ count = 1 }}, miss = {{ delay = \"5ms\" }} }}]\n\
             [cache.redis]\nnode = \"cache.t3.small\"\nitem = \"10 MB\"\nwarm = \"100%\"\n"
        )
    };
    let alone = run(&text("0.05/s"), 1).latency_ms.p50;
    assert!((alone - 629.0).abs() < 1.0, "{alone}");
    let crowded = run(&text("10/s"), 1);
    let served = crowded.requests.completed / 300.0;
    assert!(served < 1.0 / 0.624, "{served}/s of ten go through");
    let codes = warning::of_scenario(&run::scenario(&text("10/s")), 1);
    let found: Vec<_> = codes.iter().filter(|it| it.code == Code::NetworkAboveBandwidth).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].hint.contains("queue in a run"), "{found:?}");
}

/// A value of 2 MB takes 21.33 ms of a node that sends 750 Mbit/s. Each second the values of 20 requests pass two of them: 21.33 % busy on
/// the mean. 120 a second are 128 %, from 10 min to 15 min.
#[test]
fn links_that_are_full_are_a_cause_and_have_headroom() {
    let text = "duration = \"20m\"\n\
        traffic.a.rate = [[\"0s\", \"20/s\"], [\"10m\", \"20/s\"], [\"10m\", \"120/s\"], [\"15m\", \"120/s\"], [\"15m\", \"20/s\"]]\n\
        request.r.steps = [{ cache = \"redis\", keys = { count = 1000, zipf = 0 }, miss = { delay = \"5ms\" } }]\n\
        [cache.redis]\nnode = \"cache.r6g.large\"\nshards = 2\nitem = \"2 MB\"\nwarm = \"100%\"\nnetwork = \"750 Mbit/s\"\n\
        [objectives]\nlatency = \"p99 < 800ms\"\n";
    let run = run(text, 1);
    let links = &run.timeline.caches[0].links[0];
    let rows = links.busy_percent.len();
    let part = |from: f64, to: f64| (from * rows as f64 / 20.0) as usize..(to * rows as f64 / 20.0) as usize;
    let mean = |from, to| {
        let rows = &links.busy_percent[part(from, to)];
        rows.iter().sum::<f64>() / rows.len() as f64
    };
    // 12,000 requests are known to 1 %.
    assert!((mean(0.0, 10.0) - 21.33).abs() < 0.8, "{}", mean(0.0, 10.0));
    assert!(mean(12.0, 15.0) > 99.0, "{}", mean(12.0, 15.0));
    assert!(links.busiest_percent.iter().all(|&busy| busy <= 100.0 + 1e-6));
    let phase = &crate::phases::troubles(&run)[0];
    assert_eq!(phase.chain[0].resource, Some(Resource::Links { cache: 0 }), "{phase:?}");
    let nearest = &run.headroom[0];
    assert_eq!((nearest.of, nearest.saturated), (Resource::Links { cache: 0 }, true), "{nearest:?}");
    assert!(!run.timeline.caches[0].links.is_empty());
    let small = self::run(&text.replace("2 MB", "2 kB").replace("network = \"750 Mbit/s\"\n", ""), 1);
    assert!(small.timeline.caches[0].links.is_empty(), "bytes take no time");
}

/// Sizes of 1 MB to 3 MB: on the mean 2 MB, 16 ms; and in 100 MB there is room for 50 of 1,000, which is 5 % of the look-ups.
#[test]
fn each_key_has_its_own_size() {
    let text = |cache: &str| {
        format!(
            "duration = \"20000s\"\ntraffic.a.rate = \"1/s\"\n\
             request.r.steps = [{{ cache = \"redis\", keys = {{ count = 1000, zipf = 0 }} }}]\n\
             [cache.redis]\nnode = \"cache.m5.large\"\nhop = \"0s\"\ncommand = \"1ns\"\ncopy = \"900 Gbit/s\"\n\
             network = \"1 Gbit/s\"\nitem = \"uniform 1 MB 3 MB\"\n{cache}\n"
        )
    };
    let all = run(&text("warm = \"100%\""), 1);
    assert_eq!(all.caches[0].lookups, all.caches[0].hits);
    // The mean of 1,000 sizes is off by less than 4 %: three standard deviations are 3 x 577 kB / 31.6; and some look-ups meet.
    assert!((15.3..=17.5).contains(&all.latency_ms.mean), "{}", all.latency_ms.mean);
    assert!(all.latency_ms.p50 < 17.0 && all.latency_ms.max > 23.5, "{:?}", all.latency_ms);
    let some = run(&text("memory = \"100 MB\""), 1);
    let ratio = some.caches[0].hit_ratio;
    assert!((0.043..0.060).contains(&ratio), "{ratio}");
    assert!((40.0..=62.0).contains(&some.caches[0].items), "{}", some.caches[0].items);
    let warm = run(&text("memory = \"100 MB\"\nwarm = \"100%\"").replace("20000s", "1s"), 1);
    assert!((40.0..=52.0).contains(&warm.caches[0].items), "{}", warm.caches[0].items);
}

/// 100/s of 1 MiB: 10 us for the command and 419 us to copy it at 20 Gbit/s are 4.3 % of a thread, while links of 0.75 Gbit/s are full of less than a
/// tenth of it.
#[test]
fn what_is_asked_of_a_command_thread_has_the_bytes_of_its_values() {
    let run = run::run(
        "duration = \"20s\"\ntraffic.all.interarrival = \"10ms\"\nrequest.work.steps = [{ cache = \"c\", hit_ratio = \"100%\" }]\n\
         [cache.c]\nnode = \"cache.m5.large\"\nhop = \"0s\"\nazs = [\"a\"]\nitem = \"1 MiB\"\ncommand = \"10us\"\n",
        1,
    );
    let of = |of: &dyn Fn(Resource) -> bool| run.headroom.iter().find(|it| of(it.of)).unwrap();
    let threads = of(&|of| matches!(of, Resource::Cache { .. }));
    let part = 100.0 * (10e-6 + 1_048_576.0 * 8.0 / 20e9);
    assert!((threads.as_it_stood.busy / part - 1.0).abs() < 0.01, "{threads:?}");
    assert!(run.headroom[0].of != threads.of && run.headroom[0].saturated, "{:?}", run.headroom);
}
