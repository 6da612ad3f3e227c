//! Scenarios at the limits of the language: each is refused with a page that says why, or runs and adds up.

use simcap::outcome::Outcome;

use super::{read, sound};
use crate::run::run;

/// A run that adds up.
fn runs(text: &str) -> Outcome {
    match read(text.as_bytes()) {
        Ok(scenario) => sound(&scenario, 1),
        Err(page) => panic!("{page}"),
    }
}

/// A page that contains `why`.
fn refused(text: &str, why: &str) {
    match read(text.as_bytes()) {
        Ok(_) => panic!("not refused: {text}"),
        Err(page) => assert!(page.contains(why), "{page}"),
    }
}

/// One station; `head` has the keys of the whole file and comes first.
fn desk(head: &str, rate: &str, service: &str) -> String {
    format!(
        "{head}\ntraffic.calls.rate = {rate}\nrequest.call.steps = [{{ service = \"desk\" }}]\nservice.desk = {{ {service} }}\n"
    )
}

/// A shop with every kind of part for ten seconds; each argument is added to the table that it names.
fn shop(client: &str, balancer: &str, fleet: &str, cache: &str, database: &str) -> String {
    let fleet = match fleet.contains("instances =") || fleet.contains("min =") {
        true => fleet.to_owned(),
        false => format!("instances = 2\n{fleet}"),
    };
    let fleet = match fleet.contains("pools =") {
        true => fleet,
        false => format!("{fleet}\npools = {{ shop = 5 }}"),
    };
    format!(
        r#"
duration = "10s"
[traffic.people]
rate = "100/s"
requests = {{ look = 3, buy = 1 }}
[client]
{client}
[keys.stock]
count = 100
[request.look]
via = "public"
steps = [
  {{ cpu = "exponential 2ms" }},
  {{ cache = "store", keys = "stock", miss = {{ read = "shop", rows = "stock", demand = "exponential 5ms" }} }},
]
[request.buy]
via = "public"
steps = [{{ transaction = "shop", steps = [
  {{ write = "exponential 4ms", rows = "stock" }}, {{ cpu = "1ms" }}, {{ write = "exponential 4ms", rows = "stock" }},
] }}, {{ invalidate = "store", keys = "stock" }}]
[balancer.public]
targets = "web"
{balancer}
[fleet.web]
instance = "m5.large"
{fleet}
[cache.store]
node = "cache.r6g.large"
{cache}
[database.shop]
writer = "db.r6g.large"
replicas = 1
{database}
"#
    )
}

const YEARS: &str = "36500d";

#[test]
fn a_rate_of_zero_is_no_traffic() {
    refused(&desk("duration = \"1m\"", "\"0/s\"", "servers = 1, time = \"1s\""), "no traffic");
    refused(
        &desk("duration = \"1m\"", "[[\"0s\", \"0/s\"], [\"1h\", \"0/s\"]]", "servers = 1, time = \"1s\""),
        "no traffic",
    );
}

#[test]
fn traffic_that_begins_behind_the_end_is_a_run_of_nothing() {
    let run = runs(&desk(
        "duration = \"1m\"",
        "[[\"1h\", \"0/s\"], [\"2h\", \"9/s\"]]",
        "servers = 1, time = \"1s\"",
    ));
    assert_eq!(run.requests.arrived, 0.0);
}

#[test]
fn one_request_in_a_year() {
    let run = runs(&desk("duration = \"365d\"", "\"0.004/d\"", "servers = 1, time = \"1s\""));
    assert!(run.requests.arrived <= 10.0 && run.timeline.time_s.len() <= 1_440, "{:?}", run.requests);
}

#[test]
fn a_rate_below_every_number_never_comes() {
    let rate = format!("\"0.{}1/s\"", "0".repeat(321));
    let run = runs(&desk("duration = \"1m\"", &rate, "servers = 1, time = \"1s\""));
    assert_eq!(run.requests.arrived, 0.0);
}

#[test]
fn a_year_of_a_fleet_and_its_control_plane() {
    let text = shop("", "health_check = { interval = \"300s\" }", "monitoring = \"basic\"", "", "");
    let run = runs(&text.replace("\"10s\"", "\"366d\"").replace("100/s", "3/d"));
    assert!(run.requests.completed > 500.0 && run.work.events < 1_000_000, "{:?}", run.work);
}

#[test]
fn a_nanosecond_is_too_short_and_a_millisecond_is_not() {
    refused(&desk("duration = \"1ns\"", "\"9/s\"", "servers = 1, time = \"1s\""), "out of range");
    refused(&desk("duration = \"0s\"", "\"9/s\"", "servers = 1, time = \"1s\""), "out of range");
    let run = runs(&desk("duration = \"1ms\"", "\"10000k/s\"", "servers = 1, time = \"1ns\""));
    assert!(run.requests.arrived > 9_000.0 && run.timeline.time_s.len() == 1);
    refused(
        &desk(&format!("duration = \"{YEARS}\""), "\"9/s\"", "servers = 1, time = \"1s\""),
        "out of range",
    );
}

#[test]
fn ten_million_requests_a_second() {
    let run = runs(&desk("duration = \"100ms\"", "\"10000k/s\"", "servers = 100, time = \"10us\""));
    assert!((990_000.0..1_010_000.0).contains(&run.requests.arrived), "{:?}", run.requests);
    assert!(run.requests.completed > 950_000.0);
    refused(&desk("duration = \"1s\"", "\"10001k/s\"", "servers = 1, time = \"1s\""), "out of range");
}

#[test]
fn nobody_is_ever_served() {
    for servers in [
        "servers = 1, time = \"36500d\"",
        "servers = 100000, time = \"36500d\"",
        "servers = [[\"0s\", 0]], time = \"1s\"",
    ] {
        let run = runs(&desk("duration = \"10s\"", "\"20k/s\"", servers));
        assert!(run.requests.completed == 0.0 && run.requests.in_flight > 190_000.0, "{:?}", run.requests);
    }
}

#[test]
fn a_rate_that_jumps_within_a_nanosecond() {
    let rate = r#"[["1s", "0/s"], ["1000000001ns", "10000k/s"], ["1000000002ns", "0/s"], ["2s", "0/s"], ["2s", "10000k/s"], ["2001ms", "0/s"]]"#;
    let run = runs(&desk("duration = \"3s\"", rate, "servers = 10, time = \"1ms\""));
    assert!((4_500.0..5_500.0).contains(&run.requests.arrived), "{:?}", run.requests);
}

#[test]
fn service_times_of_a_century_by_every_law() {
    for law in [
        "36500d",
        "exponential 36500d",
        "erlang-1000 36500d",
        "lognormal 36500d cv 100",
        "hyperexponential 36500d cv 100",
        "gamma 36500d cv 100",
        "weibull 36500d shape 0.1",
        "uniform 0s 36500d",
        "uniform 36500d 36500d",
    ] {
        for discipline in ["fifo", "priority", "processor_sharing"] {
            let service = format!("servers = 3, time = \"{law}\", discipline = \"{discipline}\"");
            let run = runs(&desk("duration = \"10s\"", "\"100/s\"", &service));
            assert!(run.requests.in_flight > 0.0 || run.requests.completed > 0.0);
        }
    }
}

#[test]
fn laws_of_hardly_any_spread_or_of_all_there_is() {
    for law in [
        "1ns",
        "exponential 1ns",
        "erlang-1 1ns",
        "erlang-1000 1ns",
        "lognormal 1ns cv 100",
        "hyperexponential 1ms cv 1.0000000000000002",
        "gamma 1ms cv 1e-300",
        "gamma 1ms cv 1e-160",
        "gamma 1ms cv 100",
        "lognormal 1ms cv 1e-300",
        "weibull 1ms shape 0.1",
        "weibull 1ms shape 100",
        "uniform 0s 1ns",
        "0s",
    ] {
        let run = runs(&desk("duration = \"2s\"", "\"500/s\"", &format!("servers = 9, time = \"{law}\"")));
        assert!(run.requests.arrived > 900.0, "{law}");
    }
}

#[test]
fn patience_of_nothing_and_of_a_nanosecond() {
    for patience in ["0s", "1ns", "exponential 1ns", "uniform 0s 1ns", YEARS] {
        let service = format!("servers = 1, time = \"10ms\", patience = \"{patience}\"");
        let run = runs(&desk("duration = \"10s\"", "\"200/s\"", &service));
        assert!(run.requests.completed > 500.0, "{patience}: {:?}", run.requests);
    }
}

#[test]
fn buckets_longer_than_the_run_or_too_many() {
    let with = |bucket: &str| {
        desk(&format!("duration = \"10s\"\nbucket = \"{bucket}\""), "\"9/s\"", "servers = 1, time = \"1s\"")
    };
    refused(&with("11s"), "in a run of");
    refused(&with("0s"), "out of range");
    refused(&with("1ns"), "out of range");
    assert_eq!(runs(&with("10ms")).timeline.time_s.len(), 1_000);
    assert_eq!(runs(&with("10s")).timeline.time_s.len(), 1);
    refused(&with("10ms").replace("\"10s\"", "\"366d\""), "rows");
}

#[test]
fn a_fleet_of_nothing_fails_everything() {
    let run =
        runs(&shop("retries = { max = 100, backoff = \"0s\", cap = \"0s\" }", "", "instances = 0", "", ""));
    assert_eq!(run.requests.failed, run.requests.arrived);
    assert_eq!(run.attempts.arrived, 101.0 * run.requests.arrived);
}

#[test]
fn no_threads_and_no_pools_are_refused() {
    refused(&shop("", "", "threads = 0", "", ""), "out of range");
    refused(&shop("", "", "pools = { shop = 0 }", "", ""), "out of range");
    refused(&shop("", "", "", "shards = 0", ""), "out of range");
    refused(&shop("", "", "", "", "max_connections = 0"), "out of range");
    refused(&desk("duration = \"1m\"", "\"9/s\"", "servers = 0, time = \"1s\""), "out of range");
}

#[test]
fn everything_runs_out_at_once() {
    let run = runs(&shop(
        "timeout = \"8ms\"\nretries = { max = 3, backoff = \"1ns\" }\non_timeout = \"cancel\"",
        "idle_timeout = \"1s\"",
        "threads = 1\nbacklog = 0\noverflow = \"reset\"\npools = { shop = { writer = 1, reader = 1, timeout = \"1ns\", minimum = 0 } }",
        "memory = \"2 KiB\"\ncoalesce = true\nttl = \"1ns\"",
        "max_connections = 1\nlock_wait_timeout = \"1ns\"",
    ));
    assert!(run.requests.failed > 300.0 && run.requests.failed_by_cause.len() >= 3, "{:?}", run.requests);
}

#[test]
fn every_timeout_is_zero_or_a_nanosecond() {
    refused(&shop("timeout = \"0s\"", "", "", "", ""), "zero");
    refused(&shop("", "idle_timeout = \"999ms\"", "", "", ""), "out of range");
    for on_timeout in ["cancel", "keep_working"] {
        for round_trip in ["0s", "1ns", "20ms", "36500d"] {
            let client = format!(
                "timeout = \"1ns\"\nretries = {{ max = 2, backoff = \"0s\" }}\non_timeout = \"{on_timeout}\"\nround_trip = \"{round_trip}\""
            );
            let run = runs(&shop(&client, "", "", "", ""));
            assert_eq!(run.requests.completed, 0.0, "{client}");
        }
    }
    for [balancer, fleet, cache, database] in [
        ["idle_timeout = \"1s\"", "", "", ""],
        ["deregistration_delay = \"0s\"", "timetable = [[\"5s\", 1], [\"5s\", 0], [\"5s\", 2]]", "", ""],
        ["", "pools = { shop = { writer = 1, reader = 1, timeout = \"1ns\", minimum = 0 } }", "", ""],
        ["", "", "ttl = \"1ns\"\nrenew = true", ""],
        ["", "", "ttl = \"1ns\"\ncoalesce = true\neviction = \"random\"", ""],
        ["", "", "", "lock_wait_timeout = \"1ns\"\nlock_order = \"random\""],
    ] {
        runs(&shop("", balancer, fleet, cache, database));
    }
}

#[test]
fn journeys_and_pauses_of_a_century() {
    for [client, balancer, fleet, cache, database] in [
        ["round_trip = \"36500d\"", "", "", "", ""],
        [
            "timeout = \"36500d\"\nretries = { max = 100, backoff = \"36500d\", cap = \"36500d\", jitter = \"exponential\" }",
            "",
            "instances = 0",
            "",
            "",
        ],
        ["", "hop = \"36500d\"", "", "", ""],
        ["", "idle_timeout = \"4000s\"\nderegistration_delay = \"1h\"", "timetable = [[\"5s\", 1]]", "", ""],
        ["", "routing = \"round_robin\"\nslow_start = \"15m\"", "timetable = [[\"5s\", 5]]", "", ""],
        ["", "", "warmup = \"36500d\"\ncooldown = \"36500d\"\ngrace = \"36500d\"", "", ""],
        ["", "", "", "hop = \"36500d\"", ""],
        ["", "", "", "ttl = \"36500d\"\ncommand = \"36500d\"", ""],
        ["", "", "", "ttl = \"36500d\"\nwarm = \"100%\"", ""],
        ["", "", "", "", "hop = \"36500d\""],
        ["", "", "", "", "commit = \"36500d\"\nlock_wait_timeout = \"36500d\""],
        ["", "", "", "", "deadlock_check = \"36500d\""],
        ["", "", "", "", "replication = { base = \"36500d\", per_write_rate = \"36500d\" }"],
        [
            "",
            "",
            "",
            "",
            "engine = \"mysql\"\nreplication = { ship = \"36500d\", apply = \"exponential 36500d\", appliers = 1 }",
        ],
        ["", "", "", "", "row = \"8 KiB\"\nstorage_read = \"exponential 36500d\""],
    ] {
        runs(&shop(client, balancer, fleet, cache, database));
    }
}

#[test]
fn boots_of_a_century_and_of_no_time() {
    let scaling = "scaling = [{ target_tracking = { metric = \"cpu\", target = 1 } }]";
    for time in ["36500d", "exponential 36500d", "0s", "1ns"] {
        let law = format!("\"{time}\"");
        let boot = format!(
            "boot = {{ decision = {law}, launch = {law}, system = {law}, bootstrap = {law}, application = {law} }}"
        );
        let text = shop("", "", &format!("min = 1\nmax = 9\n{boot}\n{scaling}"), "", "")
            .replace("\"10s\"", "\"10m\"");
        runs(&text);
    }
}

#[test]
fn health_checks_without_pause_are_refused() {
    for check in [
        "interval = \"1ns\", timeout = \"1ns\"",
        "interval = \"0s\"",
        "timeout = \"0s\"",
        "healthy = 0",
        "unhealthy = 0",
    ] {
        refused(&shop("", &format!("health_check = {{ {check} }}"), "", "", ""), "hostile.toml");
    }
    runs(&shop(
        "",
        "health_check = { interval = \"300s\", timeout = \"120s\", cpu = \"36500d\" }",
        "health = \"elb\"",
        "",
        "",
    ));
    let sick = "health_check = { interval = \"5s\", timeout = \"2s\", unhealthy = 2, cpu = \"36500d\" }";
    runs(
        &shop("", sick, "health = \"elb\"\ngrace = \"0s\"", "", "")
            .replace("duration = \"10s\"", "duration = \"10m\""),
    );
}

#[test]
fn scaling_by_what_cannot_be() {
    for scaling in [
        "{ target_tracking = { metric = \"cpu\", target = 1e-300 } }",
        "{ target_tracking = { metric = \"requests_per_target\", target = 1e-300 } }",
        "{ target_tracking = { metric = \"requests_per_target\", target = 1e300 } }",
        "{ simple = { metric = \"cpu\", at_least = 0, change = \"+1000000000%\", cooldown = \"0s\" } }",
        "{ simple = { metric = \"cpu\", at_least = 0, change = \"-100%\", cooldown = \"0s\" } }",
        "{ step = { metric = \"cpu\", above = 0, steps = [{ from = 0, change = \"+999999999\" }] } }",
    ] {
        let fleet = format!(
            "min = 0\nmax = 40\ndesired = 2\nboot = {{ decision = \"0s\", launch = \"0s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\nscaling = [{scaling}]"
        );
        let text = shop("", "", &fleet, "", "")
            .replace("duration = \"10s\"", "duration = \"20m\"")
            .replace("100/s", "20/s");
        if let Ok(scenario) = read(text.as_bytes()) {
            let run = sound(&scenario, 1);
            assert!(run.fleets[0].peak_instances <= 41, "{scaling}: {:?}", run.fleets[0]);
        }
    }
}

#[test]
fn hosts_as_slow_and_as_fast_as_can_be_written() {
    for speed in ["5e-324", "1e-300", "1e-9", "1000.0"] {
        for discipline in ["fifo", "processor_sharing"] {
            let fleet = format!("speeds = [{speed}, {speed}]\ndiscipline = \"{discipline}\"\ninstances = 2");
            if let Ok(scenario) = read(shop("", "", &fleet, "", "").as_bytes()) {
                sound(&scenario, 1);
            }
        }
    }
    for hardware in [
        "vcpus = 1024, memory = \"1 B\", strength = 1000",
        "vcpus = 1, memory = \"1024 TiB\", strength = 0.001",
    ] {
        runs(
            &shop("", "", "", "", "")
                .replace("instance = \"m5.large\"", &format!("instance = {{ {hardware} }}")),
        );
    }
}

#[test]
fn caches_without_room_and_of_one_key() {
    let run = runs(&shop(
        "",
        "",
        "",
        "memory = \"1 B\"\nitem = \"1024 TiB\"\nwarm = \"100%\"\ncoalesce = true",
        "",
    ));
    assert_eq!((run.caches[0].hits, run.caches[0].capacity, run.caches[0].items), (0.0, 0, 0.0));
    let run =
        runs(&shop("", "", "", "memory = \"1 B\"\nitem = \"2 B\"\neviction = \"random\"\nttl = \"1s\"", ""));
    assert_eq!(run.caches[0].hits, 0.0);
    refused(&shop("", "", "", "memory = \"0 B\"", ""), "no data at all");
    refused(&shop("", "", "", "", "").replace("count = 100", "count = 0"), "out of range");
    let one = shop("", "", "", "memory = \"2 KiB\"", "").replace("count = 100", "count = 1\nzipf = 10");
    assert!(runs(&one).caches[0].hits > 0.0);
    for ratio in ["0%", "100%"] {
        runs(&shop("", "", "", &format!("hit_ratio = \"{ratio}\""), ""));
    }
}

#[test]
fn popularity_of_one_key_alone_and_of_all_alike() {
    for zipf in ["0", "5e-324", "1e-9", "10"] {
        runs(&shop("", "", "", "", "").replace("count = 100", &format!("count = 50_000_000\nzipf = {zipf}")));
    }
}

#[test]
fn rows_and_bodies_as_large_as_data_can_be() {
    runs(&shop("", "", "", "", "row = \"1 B\"\nstorage = \"1 B\""));
    runs(&shop("", "", "", "", "row = \"1048576 TiB\"\nstorage = \"1048576 TiB\""));
    let sizes = "via = \"public\"\nrequest_size = \"1048576 TiB\"\nresponse_size = \"1048576 TiB\"";
    let run = runs(&shop("", "", "", "", "").replace("via = \"public\"", sizes));
    assert!(run.bill.total_usd > 1e9, "{}", run.bill.total_usd);
}

#[test]
fn prices_and_weights_at_the_ends_of_their_ranges() {
    let text = shop("", "", "", "", "") + "[prices]\n\"EC2/m5.large\" = 1e9\n\"ALB/lcu-hour\" = 5e-324\n";
    runs(&text);
    for weights in ["look = 1e9, buy = 5e-324", "look = 5e-324, buy = 5e-324", "look = 1e-300, buy = 0"] {
        runs(&shop("", "", "", "", "").replace("look = 3, buy = 1", weights));
    }
    refused(&shop("", "", "", "", "").replace("look = 3, buy = 1", "look = 0, buy = 0"), "weights are zero");
    refused(&shop("", "", "", "", "").replace("look = 3, buy = 1", "look = nan, buy = 1"), "no use here");
    refused(&shop("", "", "", "", "").replace("look = 3, buy = 1", "look = inf, buy = 1"), "out of range");
}

fn people(count: &str, think: &str, service: &str) -> String {
    format!(
        "duration = \"10s\"\nusers.people = {{ count = {count}, think = \"{think}\" }}\n\
         request.call.steps = [{{ service = \"desk\" }}]\nservice.desk = {{ {service} }}\n"
    )
}

#[test]
fn populations_of_nobody_of_one_and_of_users_who_never_rest() {
    refused(&people("0", "1s", "servers = 1, time = \"1s\""), "never a user");
    assert!(runs(&people("1", "1s", "servers = 1, time = \"1s\"")).requests.arrived <= 6.0);
    let run = runs(&people("3", "0s", "servers = 3, time = \"0s\""));
    assert!(run.requests.completed <= 30_003.0, "a request a millisecond: {:?}", run.requests);
    assert!(runs(&people("1", "1ns", "servers = 1, time = \"10us\"")).requests.completed > 900_000.0);
    let run = runs(&people("9", YEARS, "servers = 1, time = \"1s\""));
    assert_eq!(run.requests.arrived, 0.0);
    let run = runs(&people(
        "[[\"1s\", 0], [\"1000000001ns\", 100000], [\"1000000002ns\", 0], [\"2s\", 1]]",
        "0s",
        "servers = 1, time = \"1s\"",
    ));
    assert!(run.requests.in_flight > 0.0);
    refused(&people("10000001", "1s", "servers = 1, time = \"1s\""), "out of range");
    let nations = (0..11).map(|i| format!("users.nation{i} = {{ count = 10000000, think = \"1s\" }}\n"));
    let text = people("1", "1s", "servers = 1, time = \"1s\"");
    refused(&(nations.collect::<String>() + &text), "too many users in all populations together");
}

#[test]
fn as_many_tables_as_there_may_be() {
    let many = |count: usize| {
        let mut text = "duration = \"30s\"\n".to_owned();
        for i in 0..count {
            text += &format!(
                "[traffic.t{i}]\nrate = \"2/s\"\nrequests = \"r{i}\"\nclient = {{ timeout = \"{}ms\" }}\n[users.u{i}]\ncount = 1\nthink = \"1s\"\nrequests = \"r{i}\"\n\
                 [request.r{i}]\nvia = \"b{i}\"\nsteps = [{{ cache = \"c{i}\", keys = \"k{i}\" }}, {{ write = \"d{i}\", demand = \"1ms\" }}, {{ service = \"s{i}\" }}]\n\
                 [keys.k{i}]\ncount = 9\n[balancer.b{i}]\ntargets = \"f{i}\"\n[fleet.f{i}]\ninstance = \"m5.large\"\ninstances = 2\npools = {{ d{i} = 3 }}\n\
                 [cache.c{i}]\nnode = \"cache.r6g.large\"\n[database.d{i}]\nwriter = \"db.r6g.large\"\n[service.s{i}]\nservers = 1\ntime = \"1ms\"\n",
                i + 1,
            );
        }
        text
    };
    let run = runs(&many(100));
    assert!(run.requests.completed > 5_000.0 && run.fleets.len() == 100, "{:?}", run.requests);
    refused(&many(101), "too many");
}

#[test]
fn requests_of_no_step_and_of_thousands() {
    let text = |steps: &str| {
        format!(
            "duration = \"10s\"\ntraffic.calls.rate = \"100/s\"\nrequest.call.steps = [{steps}]\nservice.desk = {{ servers = 1, time = \"1us\" }}"
        )
    };
    for steps in [
        String::new(),
        "{ delay = \"0s\" },".repeat(5_000),
        "{ service = \"desk\" },".repeat(2_000),
        "{ delay = \"36500d\" },".repeat(9),
    ] {
        match read(text(&steps).as_bytes()) {
            Ok(scenario) => drop(sound(&scenario, u64::MAX)),
            Err(page) => assert!(page.len() < 10_000),
        }
    }
}

#[test]
fn the_last_seed_and_the_last_moment() {
    let text = desk(
        "duration = \"10s\"\nseed = 18446744073709551615\nwarmup = \"9999999999ns\"",
        "\"100/s\"",
        "servers = 1, time = \"1ms\"",
    );
    let run = sound(&read(text.as_bytes()).unwrap(), u64::MAX);
    assert!(run.scenario.seed == u64::MAX && run.latency_ms.count == 0 && run.requests.completed > 0.0);
    refused(&text.replace("9999999999ns", "10s"), "leaves nothing to measure");
}

#[test]
fn gaps_that_are_nearly_all_nothing() {
    for law in [
        "gamma 1ms cv 100",
        "hyperexponential 1ms cv 100",
        "weibull 1ms shape 0.1",
        "lognormal 36500d cv 100",
        "exponential 100ns",
        "uniform 0s 2ms",
    ] {
        for rate in
            ["", "rate = \"100/s\"\n", "rate = [[\"0s\", \"0/s\"], [\"5s\", \"300/s\"], [\"9s\", \"0/s\"]]\n"]
        {
            let text = format!(
                "duration = \"500ms\"\n[traffic.calls]\n{rate}interarrival = \"{law}\"\n[request.call]\nsteps = []\n"
            );
            if let Ok(scenario) = read(text.as_bytes()) {
                sound(&scenario, 1);
            }
        }
    }
}

/// The sum of many waits of half a year each exceeds a counter of nanoseconds.
#[test]
fn thousands_wait_for_half_a_year_and_are_served_at_once() {
    let run = runs(&desk(
        "duration = \"366d\"",
        "[[\"0s\", \"20/s\"], [\"1000s\", \"20/s\"], [\"1000s\", \"0/s\"]]",
        "servers = [[\"0s\", 0], [\"180d\", 100000]], time = \"1s\"",
    ));
    assert!(run.requests.completed > 19_000.0 && run.requests.in_flight == 0.0, "{:?}", run.requests);
    let text = shop(
        "",
        "",
        "threads = \"unlimited\"\npools = { shop = { writer = 1000, timeout = \"36500d\" } }",
        "",
        "lock_wait_timeout = \"36500d\"",
    );
    let text = text
        .replace("\"10s\"", "\"366d\"")
        .replace("100/s", "1/h")
        .replace("{ cpu = \"1ms\" }", "{ delay = \"170d\" }");
    runs(&text.replace("count = 100", "count = 1"));
}

/// A job of a century keeps a shared processor from ever being idle, so that its work counter exceeds the digits of a
/// float.
#[test]
fn a_processor_that_is_never_idle_in_a_year() {
    let text = "duration = \"366d\"\n[traffic.short]\nrate = \"6/h\"\nrequests = \"short\"\n[traffic.long]\nrate = [[\"0s\", \"1/h\"], [\"12h\", \"0/s\"]]\nrequests = \"long\"\n\
        [request.short]\nsteps = [{ service = \"desk\" }]\n[request.long]\nsteps = [{ service = \"desk\", time = \"36500d\" }]\n\
        [service.desk]\nservers = 1\ntime = \"exponential 1ms\"\ndiscipline = \"processor_sharing\"\n";
    let run = runs(text);
    assert!(
        run.classes[1].requests.in_flight > 0.0 && run.classes[0].requests.completed > 50_000.0,
        "{:?}",
        run.classes
    );
}

/// Launches that take no time or years, with hooks and checks of every kind, while sizes change at one instant.
#[test]
fn boots_and_hooks_of_nothing_and_of_years() {
    let actions = "schedule = [{ at = \"1s\", desired = 3 }, { at = \"1s\", desired = 1 }, { at = \"2s\", desired = 3 }, \
                   { at = \"9s\", desired = 0, min = 0 }]";
    let hooks = [
        "",
        "launch_hook = {}",
        "launch_hook = { complete = \"0s\", heartbeat = \"30s\" }\nterminate_hook = { complete = \"0s\" }",
        "launch_hook = { complete = \"36500d\", default_result = \"continue\" }\nterminate_hook = { complete = \"36500d\" }",
    ];
    for span in ["0s", "1ns", YEARS] {
        for hook in hooks {
            let fleet = format!(
                "min = 1\nmax = 3\nhealth = \"elb\"\ngrace = \"0s\"\n{hook}\n{actions}\n\
                 pools = {{ shop = {{ writer = 2, minimum = 2 }} }}\n\
                 boot = {{ decision = \"0s\", launch = \"{span}\", system = \"{span}\", bootstrap = \"{span}\", \
                 application = \"{span}\", cpu = 1024 }}"
            );
            for connections in ["keep_alive", "close"] {
                let balancer =
                    format!("target_connections = \"{connections}\"\nderegistration_delay = \"1s\"");
                let run = runs(&shop("", &balancer, &fleet, "", "max_connections = 3"));
                assert!(run.requests.arrived > 500.0, "{span} {hook}");
            }
        }
    }
}

/// A path of 340 transactions of 200 reads each has more steps than a 16-bit number can count. The last read takes 10
/// s, all others take none: so would a read that uses the wrong law by mistake.
#[test]
fn a_path_of_more_than_65_536_draws_keeps_them_apart() {
    let read = r#"{ read = "0s" }"#;
    let transaction = format!("{{ transaction = \"db\", steps = [{}] }}", vec![read; 200].join(", "));
    for transactions in [10, 340] {
        let steps = vec![transaction.as_str(); transactions].join(",\n");
        let run = run(
            &format!(
                "duration = \"100s\"\ntraffic.all.interarrival = \"30s\"\nrequest.page.steps = [{steps},\n\
                 {{ read = \"db\", demand = \"10s\" }}]\n[database.db]\nhop = \"0s\"\ncommit = \"0s\"\n\
                 writer = \"db.r5.large\"\n"
            ),
            1,
        );
        assert_eq!((run.requests.arrived, run.requests.completed), (3.0, 2.0), "{transactions}");
        assert_eq!(run.latency_ms.max, 10_000.0, "{transactions}");
    }
}
