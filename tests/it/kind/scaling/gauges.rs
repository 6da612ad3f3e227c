//! Scaling on the backlog for each instance, and on gauges of any kind.

use crate::kind::decisions;
use crate::run::run;

/// The example of the EC2 Auto Scaling user guide: 1,500 messages and 10 instances are 150 each; with a target of 100, five
/// more are needed. A call with ten messages every 396 ms makes 151 of them in a minute; ten messages are in flight.
#[test]
fn fifteen_hundred_messages_for_ten_instances_need_five_more() {
    for metric in
        ["backlog_per_instance", "queue.orders.backlog_per_instance", "fleet.worker.backlog_per_instance"]
    {
        let text = format!(
            "duration = \"61s\"\n[traffic.all]\ninterarrival = \"396ms\"\n\
             [request.order]\nsteps = [{{ send = \"orders\", messages = 10 }}]\n\
             [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nvisibility_timeout = \"2h\"\ntime = \"1h\"\n\
             [fleet.worker]\ninstance = \"m5.large\"\nmin = 10\nmax = 100\n\
             scaling = [{{ target_tracking = {{ metric = \"{metric}\", target = 100, high = {{ periods = 1, delay = \"0s\" }} }} }}]\n"
        );
        let run = run(&text, 1);
        assert_eq!(decisions(&run), [(60.0, 10, 15)], "{metric}");
        assert!(run.scaling[0].cause.contains("backlog per instance 150.0 above the target 100"));
    }
}

/// Nothing receives, so the oldest message of 10 s is 110 s old at 120 s, where the second point is above 60.
#[test]
fn a_fleet_scales_on_the_age_of_another_kinds_messages() {
    let text = "duration = \"150s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n\
                [queue.orders]\nlatency = \"0s\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
                scaling = [{ step = { metric = \"queue.orders.age\", above = 60, delay = \"10s\", steps = [{ from = 0, change = \"+2\" }] } }]\n";
    assert_eq!(decisions(&run(text, 1)), [(130.0, 1, 3)]);
}

/// Two servers, of which one is busy for 50 of the first 60 s: 41.7 %; of the second minute, the whole: 50 %.
#[test]
fn a_gauge_of_a_station_is_the_mean_of_its_period() {
    let policy = |above: f64| {
        let text = format!(
            "duration = \"130s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.pay]\nsteps = [{{ service = \"pay\" }}]\n\
             [service.pay]\nservers = 2\ntime = \"10s\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
             scaling = [{{ simple = {{ metric = \"service.pay.busy\", above = {above}, delay = \"0s\", change = \"+1\", cooldown = \"1h\" }} }}]\n"
        );
        decisions(&run(&text, 1))
    };
    assert_eq!(policy(41.6), [(60.0, 1, 2)]);
    assert_eq!(policy(41.7), [(120.0, 1, 2)]);
    assert_eq!(policy(50.1), []);
}

/// Each request holds one of four threads for 30 s, and one comes every 10 s: three are busy as a minute ends.
#[test]
fn a_fleet_scales_on_its_busy_threads() {
    let policy = |above: u32| {
        let text = format!(
            "duration = \"65s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.page]\nvia = \"web\"\nsteps = [{{ delay = \"30s\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\nthreads = 4\n\
             scaling = [{{ simple = {{ metric = \"fleet.web.threads_busy\", at_least = {above}, delay = \"0s\", change = \"+1\" }} }}]\n"
        );
        decisions(&run(&text, 1))
    };
    assert_eq!(policy(75), [(60.0, 1, 2)]);
    assert_eq!(policy(76), []);
}

/// The same example as metric math: the backlog over the instances in service.
#[test]
fn a_fleet_scales_on_metric_math_of_two_gauges() {
    let decided = |metric: &str, target: f64| {
        let text = format!(
            "duration = \"61s\"\n[traffic.all]\ninterarrival = \"396ms\"\n\
             [request.order]\nsteps = [{{ send = \"orders\", messages = 10 }}]\n\
             [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nvisibility_timeout = \"2h\"\ntime = \"1h\"\n\
             dead_letter = \"dead\"\n[queue.dead]\n[fleet.worker]\ninstance = \"m5.large\"\nmin = 10\nmax = 1000\n\
             scaling = [{{ target_tracking = {{ metric = {metric}, target = {target}, high = {{ periods = 1, delay = \"0s\" }} }} }}]\n"
        );
        decisions(&run(&text, 1))
    };
    let backlog = "\"queue.orders.backlog\"";
    assert_eq!(
        decided(&format!("{{ divide = [{backlog}, \"fleet.worker.instances\"] }}"), 100.0),
        [(60.0, 10, 15)]
    );
    // 1,500 wait and 10 are in flight, so that 1,510 are 10 more than a target of 755 for twice as many as ten.
    let in_flight = "\"queue.orders.in_flight\"";
    assert_eq!(decided(&format!("{{ add = [{backlog}, {in_flight}] }}"), 755.0), [(60.0, 10, 20)]);
    assert_eq!(decided(&format!("{{ subtract = [{backlog}, {in_flight}] }}"), 745.0), [(60.0, 10, 20)]);
    assert_eq!(decided(&format!("{{ multiply = [{in_flight}, {in_flight}] }}"), 50.0), [(60.0, 10, 20)]);
    // Nothing comes to the other queue: what is divided by nothing is a missing point, which does not scale.
    assert_eq!(decided(&format!("{{ divide = [{backlog}, \"queue.dead.backlog\"] }}"), 1.0).len(), 0);
}

/// One step policy on a metric, above a threshold.
fn once(metric: &str, above: f64, rest: &str) -> Vec<(f64, u32, u32)> {
    let text = format!(
        "duration = \"61s\"\n{rest}\nmin = 2\nmax = 5\n\
         scaling = [{{ simple = {{ metric = \"{metric}\", above = {above}, delay = \"0s\", change = \"+1\" }} }}]\n"
    );
    decisions(&run(&text, 1))
}

/// Whether a metric is above one threshold at the end of the first minute, and not above the other.
fn lies_between(metric: &str, (low, high): (f64, f64), rest: &str) {
    assert_eq!(once(metric, low, rest), [(60.0, 2, 3)], "{metric} is above {low}");
    assert_eq!(once(metric, high, rest), [], "{metric} is not above {high}");
}

/// A request each 2 s, so 29 or 30 in the first minute, with requests of 1,000 bytes and answers of 50,000: 30,000 bytes in and
/// 1.5 million out for two instances.
#[test]
fn a_fleet_scales_on_the_bytes_of_its_network() {
    let rest = "[traffic.all]\ninterarrival = \"2s\"\n[request.page]\nvia = \"web\"\nrequest_size = \"1 kB\"\nresponse_size = \"50 kB\"\n\
                steps = [{ cpu = \"1ms\" }]\n[balancer.front]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"";
    let rest = rest.replace("via = \"web\"", "via = \"front\"");
    lies_between("network_in", (14_499.0, 15_000.0), &rest);
    lies_between("network_out", (724_999.0, 750_000.0), &rest);
    lies_between("fleet.web.network_out", (724_999.0, 750_000.0), &rest);
    lies_between("balancer.front.requests", (28.9, 30.0), &rest);
}

/// A request each 10 s that takes 5 s: 5,000 ms, 0.1 requests a second; each second one finds the only server busy and is
/// refused where a request comes each 4 s.
#[test]
fn a_fleet_scales_on_the_latency_of_a_class() {
    let rest = |every: u32| {
        format!(
            "[traffic.all]\ninterarrival = \"{every}s\"\n[request.pay]\nsteps = [{{ service = \"desk\" }}]\n\
             [service.desk]\nservers = 1\nqueue = 0\ntime = \"5s\"\n[fleet.web]\ninstance = \"m5.large\""
        )
    };
    lies_between("request.pay.latency", (4_999.0, 5_000.1), &rest(10));
    lies_between("request.pay.requests", (0.08, 0.1001), &rest(10));
    lies_between("request.pay.errors", (45.0, 55.0), &rest(4));
    assert_eq!(once("request.pay.errors", 0.0, &rest(10)), []);
}

/// One key, looked up each 10 s: the first look-up misses, so at the end of the minute at least four of five have hit.
#[test]
fn a_fleet_scales_on_the_hits_of_a_cache() {
    let rest = "[traffic.all]\ninterarrival = \"10s\"\n[request.page]\n\
                steps = [{ cache = \"shelf\", keys = { count = 1 }, miss = [] }]\n\
                [cache.shelf]\nnode = \"cache.m6g.large\"\n[fleet.web]\ninstance = \"m5.large\"";
    lies_between("cache.shelf.hit_ratio", (79.9, 83.4), rest);
    assert_eq!(once("cache.shelf.evictions", 0.0, rest), []);
}

/// Requests that hold a thread for longer than the run, one each 10 s: of the five in the first minute two are served, and
/// three wait, for 30, 20 and 10 s if the first came at 10 s: 0.5 for each of two instances on the mean of the minute.
#[test]
fn a_fleet_scales_on_what_waits_for_its_threads() {
    let rest = "[traffic.all]\ninterarrival = \"10s\"\n[request.page]\nvia = \"web\"\nsteps = [{ delay = \"300s\" }]\n\
                [fleet.web]\ninstance = \"m5.large\"\nthreads = 1";
    lies_between("fleet.web.waiting", (0.49, 0.51), rest);
}

/// Statements that hold a connection for longer than the run: five of the eight connections of two instances are busy.
#[test]
fn a_fleet_scales_on_the_use_of_its_pools() {
    let rest = "[traffic.all]\ninterarrival = \"10s\"\n[request.page]\nvia = \"web\"\nsteps = [{ read = \"db\", demand = \"500s\" }]\n\
                [database.db]\nwriter = \"db.r6g.large\"\n[fleet.web]\ninstance = \"m5.large\"\npools = { db = 4 }";
    lies_between("fleet.web.pools_busy", (62.4, 62.5), rest);
}

/// A request each second, and one more each tenth second that waits for the other: of 64 answers in the first minute 59 take 100 ms
/// and 5 take 200 ms, so that the median and the 90th percentile are the former, the 95th and the 99th the latter.
#[test]
fn a_fleet_scales_on_percentiles_of_the_latency_of_a_class() {
    let rest = "[traffic.each]\ninterarrival = \"1s\"\nrequests = \"page\"\n[traffic.tenth]\ninterarrival = \"10s\"\nrequests = \"page\"\n\
                [request.page]\nvia = \"web\"\nsteps = [{ service = \"pay\" }]\n[service.pay]\nservers = 1\ntime = \"100ms\"\n\
                [fleet.web]\ninstance = \"m5.large\"";
    for (percentile, millis) in [("p50", 100.0), ("p90", 100.0), ("p95", 200.0), ("p99", 200.0)] {
        lies_between(&format!("request.page.{percentile}"), (millis * 0.99, millis * 1.02), rest);
    }
}

/// Ten a second keep a server of 100 ms full for half a minute, and one a second does not: of the first minute the 99th percentile
/// is above 150 ms, and of the second one below.
#[test]
fn a_percentile_is_of_the_answers_of_its_period_alone() {
    let text = "duration = \"125s\"\n[traffic.each]\ninterarrival = \"1s\"\nrequests = \"page\"\n\
                [traffic.burst]\nrate = [[\"0s\", \"9/s\"], [\"30s\", \"9/s\"], [\"30s\", \"0/s\"]]\nrequests = \"page\"\n\
                [request.page]\nvia = \"web\"\nsteps = [{ service = \"pay\" }]\n[service.pay]\nservers = 1\ntime = \"100ms\"\n\
                [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
                scaling = [{ simple = { metric = \"request.page.p99\", below = 150, delay = \"0s\", change = \"+1\", cooldown = \"1h\" } }]\n";
    assert_eq!(decisions(&run(text, 1)), [(120.0, 1, 2)]);
}

/// An alarm costs $0.10 a month for each metric that it evaluates: a high and a low one on metric math of two cost $0.40. The requests of a
/// class are a custom metric, $0.30; the instances of a group are published by AWS. A second fleet that goes by the same metric
/// does not pay for it again. CPU each ten seconds has to be published too, by each fleet for itself.
#[test]
fn custom_metrics_are_charged_and_alarms_by_their_metrics() {
    let monthly = |metric: &str, more: &str| -> [f64; 2] {
        let policy =
            format!("scaling = [{{ target_tracking = {{ metric = {metric}, target = 50{more} }} }}]");
        let fleet = format!(
            "min = 1\nmax = 2\n{policy}\n[fleet.other]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\n{policy}"
        );
        let text =
            format!("region = \"us-east-1\"\n{}", crate::kind::hundred_a_second("\"1/h\"", 3_600, &fleet));
        let bill = run(&text, 1).bill;
        ["CloudWatch alarms", "custom metrics that policies go by"].map(|what| {
            let items = bill.items.iter().filter(|it| it.what == what);
            items.map(|it| it.month_usd).sum()
        })
    };
    let close = |found: [f64; 2], right: [f64; 2]| {
        assert!(
            found.iter().zip(right).all(|(it, right)| (it - right).abs() < 1e-9),
            "{found:?}, not {right:?}"
        );
    };
    close(monthly("{ divide = [\"request.page.requests\", \"fleet.web.instances\"] }", ""), [0.8, 0.3]);
    close(monthly("\"fleet.web.instances\"", ""), [0.4, 0.0]);
    close(monthly("\"cpu\"", ""), [0.4, 0.0]);
    close(monthly("\"cpu\"", ", high = { period = \"10s\" }"), [0.2, 0.6]);
}

/// One request each minute for each custom metric, or each period of an alarm if that is shorter: 60 or 360 in an hour, $0.01 for a
/// thousand. Of two fleets that go by the same metric the first pays, for the shorter period. The CPU of an instance comes from itself:
/// two instances publish 720 points in an hour.
#[test]
fn requests_that_publish_custom_metrics_are_charged() {
    let thousands = |metric: &str, periods: [&str; 2]| -> Vec<(String, f64)> {
        let policy = |period: &str| {
            format!(
                "scaling = [{{ target_tracking = {{ metric = {metric}, target = 1000000, scale_in = false, high = {{ period = \"{period}\" }} }} }}]"
            )
        };
        let fleet = format!(
            "min = 2\nmax = 3\n{}\n[fleet.other]\ninstance = \"m5.large\"\nmin = 2\nmax = 3\n{}",
            policy(periods[0]),
            policy(periods[1])
        );
        let fleet = if metric == "\"cpu\"" { fleet.replace("1000000", "99") } else { fleet };
        let text =
            format!("region = \"us-east-1\"\n{}", crate::kind::hundred_a_second("\"1/h\"", 3_600, &fleet));
        let bill = run(&text, 1).bill;
        let items = bill.items.iter().filter(|it| it.what.starts_with("PutMetricData"));
        items
            .map(|it| {
                assert!((it.usd - 0.01 * it.quantity).abs() < 1e-12, "{it:?}");
                (it.resource.clone(), (it.quantity * 1e6).round() / 1e6)
            })
            .collect()
    };
    let of = |name: &str, quantity: f64| (name.to_owned(), quantity);
    assert_eq!(thousands("\"request.page.requests\"", ["60s", "60s"]), [of("web", 0.06)]);
    assert_eq!(thousands("\"request.page.requests\"", ["60s", "10s"]), [of("web", 0.36)]);
    assert_eq!(thousands("\"request.page.requests\"", ["5m", "5m"]), [of("web", 0.06)]);
    let two = "{ divide = [\"request.page.requests\", \"request.page.errors\"] }";
    assert_eq!(thousands(two, ["60s", "60s"]), [of("web", 0.12)]);
    assert_eq!(thousands("\"cpu\"", ["60s", "10s"]), [of("other", 0.72)]);
    assert_eq!(thousands("\"fleet.web.instances\"", ["10s", "10s"]), []);
}
