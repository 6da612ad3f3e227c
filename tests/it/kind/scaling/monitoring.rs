//! Basic monitoring: CPU has a point each five minutes, and an alarm with a shorter period sees none in between. Amazon CloudWatch
//! user guide, "Configuring how alarms treat missing data"; EC2 user guide, "Manage detailed monitoring".

use simcap::outcome::Outcome;

use crate::kind::{decisions, hundred_a_second};
use crate::run::run;

/// An instance that is 80 % busy from the start, with a policy above 50 %.
fn busy(monitoring: &str, policy: &str) -> Outcome {
    let fleet = format!("min = 1\nmax = 2\nmonitoring = \"{monitoring}\"\nscaling = [{{ {policy} }}]");
    run(&hundred_a_second("\"80/s\"", 1_300, &fleet), 1)
}

fn step(more: &str) -> String {
    format!(
        "step = {{ metric = \"cpu\", above = 50, steps = [{{ from = 0, change = \"+1\" }}], delay = \"0s\", {more} }}"
    )
}

fn first(run: &Outcome) -> Option<f64> {
    decisions(run).first().map(|decision| decision.0)
}

/// The only point is that of 300 s. One of one goes by it at once. Two of two need it to be two points old, three of three three:
/// all later ones are missing. With a point each minute they are on when as many are there.
#[test]
fn an_alarm_of_a_minute_sees_the_points_of_basic_monitoring_and_no_others() {
    let at = |monitoring: &str, periods: u32| {
        first(&busy(monitoring, &step(&format!("periods = {periods}, period = \"60s\""))))
    };
    assert_eq!([1, 2, 3].map(|periods| at("basic", periods)), [Some(300.0), Some(360.0), Some(420.0)]);
    assert_eq!([1, 2, 3].map(|periods| at("detailed", periods)), [Some(60.0), Some(120.0), Some(180.0)]);
    // Four of four look at six points, of which one or two are real ones: 300 s and three minutes of nothing.
    assert_eq!(at("basic", 4), Some(480.0));
    // Without a period of its own the alarm has that of its metric, and a metric of high resolution is one for itself.
    assert_eq!(first(&busy("basic", &step("periods = 2"))), Some(600.0));
    assert_eq!(first(&busy("basic", &step("periods = 2, period = \"10s\""))), Some(20.0));
}

/// Target tracking looks at three points for its high alarm.
#[test]
fn target_tracking_with_an_alarm_of_a_minute_goes_by_one_old_point() {
    let policy =
        "target_tracking = { metric = \"cpu\", target = 50, high = { period = \"60s\", delay = \"0s\" } }";
    assert_eq!(decisions(&busy("basic", policy)), [(420.0, 1, 2)]);
    assert_eq!(decisions(&busy("detailed", policy)), [(180.0, 1, 2)]);
}

#[test]
fn an_alarm_that_is_faster_than_its_metric_is_warned_of() {
    let warned = |monitoring: &str, policy: &str| {
        let run = busy(monitoring, policy);
        let found = run.warnings.iter().filter(|it| it.code.name() == "alarm-faster-than-metric");
        found.map(|it| (it.path(), it.message.clone())).collect::<Vec<_>>()
    };
    let message = "an alarm of fleet `web` has a period of 1m, and its metric a point each 5m: points in between are missing";
    let minute = step("period = \"60s\"");
    let expected = vec![("fleet.web.scaling.0.step.period".to_owned(), message.to_owned())];
    assert_eq!(warned("basic", &minute), expected);
    let tracking = "target_tracking = { metric = \"cpu\", target = 50, low = { period = \"60s\" } }";
    assert_eq!(warned("basic", tracking)[0].0, "fleet.web.scaling.0.target_tracking.low.period");
    assert_eq!(warned("detailed", &minute), []);
    // Metric math of a network has the period of the network, unless the file gives it another one.
    let math = |period: &str| {
        format!(
            "step = {{ metric = {{ divide = [\"fleet.web.network_in\", \"fleet.web.instances\"] }}, above = 50, {period}steps = [{{ from = 0, change = \"+1\" }}] }}"
        )
    };
    let balanced = |period: &str| {
        let text = hundred_a_second(
            "\"80/s\"",
            100,
            &format!("min = 1\nmax = 2\nmonitoring = \"basic\"\nscaling = [{{ {} }}]", math(period)),
        );
        let run =
            run(&(text.replace("via = \"web\"", "via = \"lb\"") + "[balancer.lb]\ntargets = \"web\"\n"), 1);
        run.warnings.iter().filter(|it| it.code.name() == "alarm-faster-than-metric").count()
    };
    assert_eq!(["", "period = \"60s\", "].map(balanced), [0, 1]);
    for fine in ["period = \"300s\"", "period = \"600s\"", "period = \"10s\"", ""] {
        assert_eq!(warned("basic", &step(fine)), [], "{fine}");
    }
}
