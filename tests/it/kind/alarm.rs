//! Alarms that notify: of a metric, and of other alarms. By hand: when each goes to which state, and when it would notify.

use std::path::Path;

use simcap::outcome::{AlarmState, Outcome};
use simcap::report;
use simcap::scenario;

use crate::kind::decisions;
use crate::run::run;

/// Two alarms of the requests of two classes, 20/s for a while: of `a` from 90 s to 330 s, of `b` from 150 s to 210 s. A point is the mean
/// of its minute, 10/s where half of it has requests, and is seen at its end. So `a` goes to ALARM at 120 s and is OK at 420 s, the end of
/// its first minute without any, and `b` at 180 s and at 300 s.
fn two(more: &str) -> String {
    let source = |name: &str, from: u32, until: u32| {
        format!(
            "[traffic.{name}]\nrate = [[\"0s\", \"0/s\"], [\"{from}s\", \"0/s\"], [\"{from}s\", \"20/s\"], \
             [\"{until}s\", \"20/s\"], [\"{until}s\", \"0/s\"]]\nrequests = \"{name}\"\n\
             [request.{name}]\nsteps = [{{ delay = \"1ms\" }}]\n\
             [alarm.{name}]\nmetric = \"request.{name}.requests\"\nabove = 5\ndelay = \"0s\"\n"
        )
    };
    format!(
        "duration = \"500s\"\nregion = \"us-east-1\"\n{}{}{more}",
        source("a", 90, 330),
        source("b", 150, 210)
    )
}

fn history(run: &Outcome, alarm: &str) -> Vec<(f64, AlarmState, Option<f64>)> {
    let changes = run.alarms.iter().filter(|change| change.alarm == alarm);
    changes.map(|change| (change.at_s, change.to, change.notified_s)).collect()
}

use AlarmState::{Alarm, InsufficientData, Ok as Fine};

/// A request a second, at a balancer whose two targets refuse connections from 120 s to 240 s, while their applications start: 60 a minute fail, as 502 of its own. The
/// points of 180 s and of 240 s are above 50, and the one of 300 s is 0. Targets that answer each request with a 500 from then on are no such errors.
#[test]
fn an_alarm_on_the_errors_of_a_balancer() {
    let text = "duration = \"600s\"\ntraffic.all.interarrival = \"1s\"\n\
         request.page = { via = \"lb\", steps = [{ delay = \"1ms\" }] }\n\
         balancer.lb = { targets = \"web\", health_check = { interval = \"5s\" } }\n\
         fleet.web = { instance = \"m5.large\", instances = 2, boot = { application = \"119900ms\" } }\n\
         fault.crash = { fleet = \"web\", instances = 2, effect = \"crashes\", at = \"119500ms\" }\n\
         fault.bad = { fleet = \"web\", instances = 2, effect = \"fails\", at = \"360500ms\", for = \"120s\" }\n\
         alarm.own = { metric = \"balancer.lb.own_5xx\", above = 50, delay = \"0s\" }\n\
         alarm.targets = { metric = \"balancer.lb.target_5xx\", above = 50, delay = \"0s\" }\n";
    let run = run(text, 1);
    let [own, targets] = ["own", "targets"].map(|alarm| history(&run, alarm));
    let at = |at_s, state| (at_s, state, Some(at_s));
    assert_eq!(own, [at(180.0, Alarm), at(300.0, Fine)]);
    assert_eq!(targets, [at(420.0, Alarm), at(540.0, Fine)]);
    let own = &run.balancers[0];
    assert_eq!((own.own_502 + own.own_503 + own.own_504, own.target_5xx), (120.0, 120.0));
}

/// 100/s, each on a connection of its own, come to a balancer that carries 25 new ones a second and does not grow: it rejects more than 4,000 a minute with
/// a 503 of its own.
#[test]
fn what_a_balancer_rejects_while_it_grows_is_an_error_of_its_own() {
    let text = "duration = \"180s\"\ntraffic.all.interarrival = \"10ms\"\n\
         request.page = { via = \"lb\", steps = [{ delay = \"1ms\" }] }\n\
         balancer.lb = { targets = \"web\", requests_per_connection = 1, growth = { initial = 1, factor = 1 } }\n\
         fleet.web = { instance = \"m5.large\", instances = 2 }\n\
         alarm.own = { metric = \"balancer.lb.own_5xx\", above = 4000, delay = \"0s\" }\n";
    let run = run(text, 1);
    assert!(run.balancers[0].rejected > 10_000.0, "{:?}", run.balancers[0]);
    assert_eq!(history(&run, "own"), [(60.0, Alarm, Some(60.0))]);
}

#[test]
fn a_composite_alarm_follows_the_alarms_of_its_rule() {
    let run = run(
        &two(
            "[alarm.both]\nrule = \"ALARM(a) AND ALARM(b)\"\n[alarm.one]\nrule = \"ALARM(a) AND NOT ALARM(both)\"\n\
             [alarm.never]\nrule = \"INSUFFICIENT_DATA(a) OR FALSE\"\n",
        ),
        1,
    );
    let at = |at_s, state| (at_s, state, Some(at_s));
    assert_eq!(history(&run, "a"), [at(120.0, Alarm), at(420.0, Fine)]);
    assert_eq!(history(&run, "b"), [at(180.0, Alarm), at(300.0, Fine)]);
    assert_eq!(history(&run, "both"), [at(180.0, Alarm), at(300.0, Fine)]);
    assert_eq!(history(&run, "one"), [at(120.0, Alarm), at(180.0, Fine), at(300.0, Alarm), at(420.0, Fine)]);
    assert_eq!(history(&run, "never"), []);
    let change = run.alarms.iter().find(|change| change.alarm == "one").unwrap();
    assert_eq!(change.rule.as_deref(), Some("ALARM(a) AND NOT ALARM(both)"));
    assert_eq!((change.threshold, change.value, &change.of), (None, None, &None));
    let page = report::page(&run, &[]);
    assert!(page.contains("one: ALARM(a) AND NOT ALARM(both)") && page.contains("a, threshold 5"), "{page}");
}

/// The suppressor `b` is on from 180 s to 300 s, the rule holds from 120 s to 420 s. A wait of 59 s is over before it is on, one of 61 s is
/// not. With an extension of 60 s after 300 s ALARM is notified of at 360 s; one of 121 s outlasts the alarm.
#[test]
fn a_suppressor_holds_the_notice_back() {
    let with = |wait: u32, extension: u32| {
        let more = format!(
            "[alarm.quiet]\nrule = \"ALARM(a)\"\nsuppressor = \"b\"\nwait = \"{wait}s\"\nextension = \"{extension}s\"\n"
        );
        let run = run(&two(&more), 1);
        (history(&run, "quiet"), report::page(&run, &[]))
    };
    // It waits until 179 s, and the suppressor is not on yet.
    let (in_time, page) = with(59, 60);
    assert_eq!(in_time, [(120.0, Alarm, Some(179.0)), (420.0, Fine, Some(420.0))]);
    assert!(page.contains("quiet: ALARM(a); notified at 2:59, held back by `b`"), "{page}");
    // It waits until 181 s.
    let (held_back, _) = with(61, 60);
    assert_eq!(held_back, [(120.0, Alarm, Some(360.0)), (420.0, Fine, Some(420.0))]);
    // Held back until 421 s, when it is OK again as before.
    let (never, page) = with(61, 121);
    assert_eq!(never, [(120.0, Alarm, None), (420.0, Fine, None)]);
    assert!(page.contains("quiet: ALARM(a); not notified, held back by `b`"), "{page}");
    assert_eq!(with(0, 0).0, [(120.0, Alarm, Some(120.0)), (420.0, Fine, Some(420.0))]);
}

/// Both go to ALARM at 180 s, and back at 300 s: what is on while one of them alone is on never is.
#[test]
fn alarms_that_change_together_are_looked_at_together() {
    let text = two("[alarm.c]\nmetric = \"request.b.requests\"\nabove = 5\ndelay = \"0s\"\n\
         [alarm.apart]\nrule = \"(ALARM(b) AND NOT ALARM(c)) OR (ALARM(c) AND NOT ALARM(b))\"\n");
    let run = run(&text, 1);
    assert_eq!(history(&run, "b"), history(&run, "c"));
    assert_eq!(history(&run, "apart"), []);
}

#[test]
fn a_rule_that_holds_at_the_start_is_on_from_then() {
    let run = run(&two("[alarm.calm]\nrule = \"OK(a)\"\n[alarm.test]\nrule = \"TRUE\"\n"), 1);
    assert_eq!(history(&run, "test"), [(0.0, Alarm, Some(0.0))]);
    let states: Vec<(f64, AlarmState)> = history(&run, "calm").iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(states, [(0.0, Alarm), (120.0, Fine), (420.0, Alarm)]);
}

/// The alarms of policies by their names, and a metric of a fleet: one instance of 100/s has 95/s from the start. The high alarm of target
/// tracking needs three points, that of the step policy one; the low one is on after fifteen points of nothing. An alarm without data.
#[test]
fn a_rule_names_the_alarms_of_policies() {
    let fleet = "min = 1\nmax = 3\nwarmup = \"0s\"\nboot = { decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }\n\
         scaling = [{ target_tracking = { metric = \"cpu\", target = 90, scale_in = false, high = { delay = \"0s\" } } }, \
         { step = { name = \"busy\", metric = \"cpu\", above = 80, delay = \"0s\", steps = [{ from = 5, change = \"+1\" }] } }]\n\
         [alarm.cpu]\nmetric = \"cpu\"\nfleet = \"web\"\nabove = 80\ndelay = \"0s\"\n\
         [alarm.first]\nrule = \"ALARM(fleet.web.busy) AND OK(fleet.web.cpu target 90.high)\"\n\
         [alarm.all]\nrule = 'ALARM(cpu) AND ALARM(\"fleet.web.busy\")'\n";
    let text = crate::kind::hundred_a_second("\"95/s\"", 400, fleet);
    let with = run(&text, 1);
    assert_eq!(decisions(&with), [(60.0, 1, 2)]);
    for name in ["first", "all", "cpu", "busy"] {
        let states: Vec<(f64, AlarmState)> = history(&with, name).iter().map(|it| (it.0, it.1)).collect();
        assert_eq!(states, [(60.0, Alarm), (120.0, Fine)], "{name}");
    }
    assert_eq!(history(&with, "busy")[0].2, None, "it changes the group, and notifies nobody");
    let cpu = with.alarms.iter().find(|change| change.alarm == "cpu").unwrap();
    assert_eq!(cpu.fleet.as_deref(), Some("web"));
    // They look on: without them the run is the same.
    let (before, _) = text.split_once("[alarm.cpu]").unwrap();
    let without = run(before, 1);
    assert_eq!((decisions(&without), &without.latency_ms), (decisions(&with), &with.latency_ms));
}

/// Nothing publishes the latency of a class to which nothing comes: an alarm with three points looks at five, the last of which before the
/// run is gone from its range at 300 s.
#[test]
fn a_rule_may_ask_for_missing_data() {
    let run = run(
        &two("[alarm.slow]\nmetric = \"request.b.latency\"\nabove = 5\nperiods = 3\ndelay = \"0s\"\n\
             [alarm.silent]\nrule = \"INSUFFICIENT_DATA(slow)\"\n")
        .replace("\"150s\", \"20/s\"", "\"150s\", \"0/s\"")
        .replace("\"210s\", \"20/s\"", "\"210s\", \"0/s\""),
        1,
    );
    assert_eq!(history(&run, "slow"), [(300.0, InsufficientData, Some(300.0))]);
    assert_eq!(history(&run, "silent"), [(300.0, Alarm, Some(300.0))]);
}

/// $0.50 for a composite one, $0.10 for a standard one, $0.30 for one of high resolution, for each of its two metrics if it is of metric
/// math; each custom metric $0.30 once, and one request each minute or each ten seconds. Who has none, pays nothing.
#[test]
fn alarms_are_on_the_bill() {
    let bill = |more: &str| run(&two(more), 1).bill;
    let monthly = |more: &str, of: &str| -> Vec<(String, f64)> {
        let items = bill(more).items.into_iter().filter(|it| it.resource == of);
        items.map(|it| (it.what, (it.month_usd * 1e6).round() / 1e6)).collect()
    };
    let line = |what: &str, usd: f64| (what.to_owned(), usd);
    let published = |usd| line("PutMetricData requests for custom metrics", usd);
    // 43,800 minutes of a month.
    let custom = line("custom metrics that alarms go by", 0.3);
    assert_eq!(monthly("", "a"), [line("CloudWatch alarm", 0.1), custom.clone(), published(0.438)]);
    assert_eq!(
        monthly("[alarm.both]\nrule = \"ALARM(a) AND ALARM(b)\"\n", "both"),
        [line("composite alarm", 0.5)]
    );
    let fast = "[alarm.fast]\nmetric = { add = [\"request.a.requests\", \"request.a.errors\"] }\nabove = 5\nperiod = \"10s\"\n";
    // The first metric is that of `a`, which pays for it by the shorter period; the second one is new.
    assert_eq!(monthly(fast, "a")[2], published(2.628));
    assert_eq!(
        monthly(fast, "fast"),
        [line("CloudWatch alarm, high resolution", 0.6), custom, published(2.628)]
    );
    let none = run(
        "duration = \"60s\"\n[traffic.a]\nrate = \"1/s\"\n[request.a]\nsteps = [{ delay = \"1ms\" }]\n",
        1,
    );
    assert!(none.bill.items.iter().all(|it| it.service != "CloudWatch"), "{:?}", none.bill.items);
}

/// The problems of a file, without colours.
fn problems(more: &str) -> String {
    match scenario::parse("alarm.toml", two(more).as_bytes(), Path::new(""), &[]).unwrap_err() {
        scenario::ScenarioError::Invalid(report) => report.render(false),
        error => panic!("{error}"),
    }
}

#[test]
fn what_a_rule_cannot_say_is_marked() {
    for (more, said) in [
        ("[alarm.x]\nrule = \"ALARM(aa)\"\n", "`aa` is no alarm of this scenario"),
        ("[alarm.x]\nrule = \"ALARM(aa)\"\n", "did you mean `a`?"),
        ("[alarm.x]\nrule = \"ALARM(a) AND\"\n", "the rule ends where an alarm is expected"),
        ("[alarm.x]\nrule = \"a OR b\"\n", "a rule is made of ALARM(NAME)"),
        ("[alarm.x]\nrule = \"ALARM(x)\"\n", "the rule of `x` leads back to itself: x → x"),
        (
            "[alarm.x]\nrule = \"ALARM(y)\"\n[alarm.y]\nrule = \"NOT ALARM(z)\"\n[alarm.z]\nrule = \"ALARM(a) OR OK(x)\"\n",
            "the rule of `x` leads back to itself: x → y → z → x",
        ),
        ("[alarm.x]\nrule = \"ALARM(a)\"\nsuppressor = \"x\"\n", "an alarm cannot be its own suppressor"),
        (
            "[alarm.x]\nrule = \"ALARM(a)\"\nsuppressor = \"nobody\"\n",
            "`nobody` is no alarm of this scenario",
        ),
        ("[alarm.x]\nrule = \"ALARM(a)\"\nwait = \"1m\"\n", "`wait` without a suppressor"),
        ("[alarm.x]\nrule = \"ALARM(a)\"\nabove = 5\n", "`above` does not go with `rule`"),
        ("[alarm.x]\nrule = \"ALARM(a)\"\nmetric = \"cpu\"\n", "`rule` does not go with `metric`"),
        (
            "[alarm.x]\nmetric = \"request.a.requests\"\nabove = 1\nsuppressor = \"a\"\n",
            "`suppressor` does not go with `metric`",
        ),
        ("[alarm.x]\nmetric = \"cpu\"\nabove = 1\n", "this metric is of the instances of a fleet"),
        (
            "[fleet.web]\ninstance = \"m5.large\"\n[alarm.x]\nmetric = \"request.a.requests\"\nfleet = \"web\"\nabove = 1\n",
            "a gauge is of the resource that it names",
        ),
        (
            "[fleet.web]\ninstance = \"m5.large\"\n[alarm.x]\nmetric = \"requests_per_target\"\nfleet = \"web\"\nabove = 1\n",
            "alarm `x` is on requests per target, but no balancer targets fleet `web`",
        ),
        ("[alarm.x]\n", "missing key `metric` or `rule`"),
    ] {
        let found = problems(more);
        assert!(found.contains(said), "{more}: {found}");
    }
    // A circle is one problem, whoever is part of it.
    let circle = problems("[alarm.x]\nrule = \"ALARM(y)\"\n[alarm.y]\nrule = \"ALARM(x)\"\n");
    assert_eq!(circle.matches("leads back").count(), 1, "{circle}");
}
