//! Versions that a refresh brings: skip matching, rollback, bake time, cancel, as time lines by hand.

use simcap::outcome::{AlarmState, Outcome};

use crate::kind::{activities, hundred_a_second, incidents};
use crate::run::run;

/// Ten instances that get so many requests, one after the other. EC2 runs an instance 20 s after its launch; it answers at once, and
/// counts 30 s later: replacing one, or several at once, takes 50 s. A minute in which more than 4 % fail is an alarm at its end.
fn ten(rate: &str, seconds: u32, fleet: &str) -> Outcome {
    let fleet = format!(
        "min = 10\nmax = 14\nwarmup = \"30s\"\nboot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", \
         application = \"0s\" }}\n{fleet}\n[alarm.failing]\nmetric = \"request.page.errors\"\nabove = 4\ndelay = \"0s\""
    );
    run(&hundred_a_second(&format!("\"{rate}\""), seconds, &fleet), 1)
}

/// (decided, done) of each activity.
fn spans(run: &Outcome) -> Vec<(f64, f64)> {
    activities(run).into_iter().map(|(at, done, ..)| (at, done.unwrap())).collect()
}

const V2: &str = "versions = { v2 = {} }";

/// One after the other from 100 s on: the third is launched at 200 s and comes though the refresh is cancelled at 210 s. The seven that
/// are left are replaced from 300 s on.
#[test]
fn a_refresh_that_skips_what_matches_goes_on_where_another_was_cancelled() {
    let refresh = |skip: bool| {
        let fleet = format!(
            "{V2}\nrefresh = [{{ at = \"100s\", version = \"v2\", cancel = \"210s\" }}, {{ at = \"300s\", version = \"v2\", \
             skip_matching = {skip} }}]"
        );
        ten("1/h", 900, &fleet)
    };
    let run = refresh(true);
    let first = [(100.0, 120.0), (150.0, 170.0), (200.0, 220.0)];
    let later = (0..7).map(|it| 300.0 + 50.0 * f64::from(it)).map(|at| (at, at + 20.0));
    assert_eq!(spans(&run), first.into_iter().chain(later).collect::<Vec<_>>());
    let expected = [
        (100.0, "an instance refresh to `v2` begins"),
        (210.0, "the instance refresh to `v2` is cancelled: 7 instances are not replaced"),
        (300.0, "an instance refresh to `v2` begins"),
        (650.0, "the instance refresh to `v2` has replaced every instance of another version"),
    ];
    assert_eq!(incidents(&run), expected);
    assert_eq!(spans(&refresh(false)).len(), 3 + 10, "all that are there");
}

/// While a refresh lasts a scale-out launches its version, and once it is cancelled that of the group: of fourteen, one is replaced, two
/// come with v2 and two without, so that eleven are not v2.
#[test]
fn a_scale_out_launches_the_version_that_its_group_has_then() {
    let fleet = format!(
        "{V2}\nschedule = [{{ at = \"130s\", desired = 12 }}, {{ at = \"160s\", desired = 14 }}]\nrefresh = [{{ at = \"100s\", \
         version = \"v2\", cancel = \"140s\" }}, {{ at = \"300s\", version = \"v2\", skip_matching = true, min_healthy = \"0%\" }}]"
    );
    let run = ten("1/h", 600, &fleet);
    assert_eq!(spans(&run)[3..], [(300.0, 320.0); 11]);
    assert_eq!(incidents(&run).last().map(|it| it.0), Some(350.0));
    // A refresh that has ended well leaves its version to the group: what comes then is v2 as well.
    let fleet = format!(
        "{V2}\nschedule = [{{ at = \"200s\", desired = 12 }}]\nrefresh = [{{ at = \"100s\", version = \"v2\", min_healthy = \"0%\" }}, \
         {{ at = \"300s\", version = \"v2\", skip_matching = true }}]"
    );
    let run = ten("1/h", 600, &fleet);
    assert_eq!(spans(&run).len(), 10 + 1, "nothing is left to replace");
    assert_eq!(incidents(&run)[2..].iter().map(|it| it.0).collect::<Vec<_>>(), [300.0, 300.0]);
}

/// Every request fails at v2. One of ten has it from 120 s on, two have it from 170 s on: more than a tenth of the minute fails, which
/// the alarm shows at 180 s. The two are replaced by the first version, one after the other as before: the second one counts at 280 s.
/// In the minute to 300 s nothing fails any more.
#[test]
fn an_alarm_brings_the_version_before_back() {
    let fleet = |rollback: bool| {
        format!(
            "versions = {{ v2 = {{ errors = \"100%\" }} }}\nrefresh = [{{ at = \"100s\", version = \"v2\", alarms = [\"failing\"], \
             rollback = {rollback} }}]"
        )
    };
    let run = ten("20/s", 900, &fleet(true));
    assert_eq!(spans(&run), [(100.0, 120.0), (150.0, 170.0), (180.0, 200.0), (230.0, 250.0)]);
    assert_eq!(run.scaling[2].cause, "a rollback replaces an instance");
    let expected = [
        (100.0, "an instance refresh to `v2` begins"),
        (180.0, "the instance refresh to `v2` is rolled back to `first`: alarm `failing` is in ALARM"),
        (280.0, "the rollback to `first` has replaced every instance that the refresh had brought"),
    ];
    assert_eq!(incidents(&run), expected);
    let alarms: Vec<(f64, AlarmState)> = run.alarms.iter().map(|change| (change.at_s, change.to)).collect();
    assert_eq!(alarms[alarms.len() - 2..], [(180.0, AlarmState::Alarm), (300.0, AlarmState::Ok)]);
    // Without a rollback it stops there: two of ten go on failing.
    let stopped = ten("20/s", 900, &fleet(false));
    assert_eq!(spans(&stopped), [(100.0, 120.0), (150.0, 170.0)]);
    let fails = "the instance refresh to `v2` fails: alarm `failing` is in ALARM";
    assert_eq!(incidents(&stopped).last(), Some(&(180.0, fails)));
}

/// New ones come first here: two at 100 s, in whose favour two old ones end at 150 s, and two at 150 s, which are not warm when the alarm
/// comes at 180 s, or are so just then. Those go, and the old ones stay; two more bring back what the first two had replaced.
#[test]
fn a_rollback_keeps_the_old_ones_whose_successors_are_not_warm() {
    let fleet = "versions = { v2 = { errors = \"100%\" } }\nrefresh = [{ at = \"100s\", version = \"v2\", \
                 min_healthy = \"100%\", max_healthy = \"120%\", alarms = [\"failing\"], rollback = true }]";
    let run = ten("20/s", 600, fleet);
    // The first two are replaced at once, and their successors are warm at 230 s.
    let done = "the rollback to `first` has replaced every instance that the refresh had brought";
    assert_eq!(incidents(&run).last(), Some(&(230.0, done)));
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated, fleet.peak_instances), (6.0, 6.0, 12));
}

/// Ten new ones come at once and are warm at 150 s, when the others end, and all requests fail there: the alarm comes at 180 s, within
/// the two minutes after that, and too late without them.
#[test]
fn an_alarm_in_the_bake_time_still_rolls_back() {
    let fleet = |errors: &str, bake: &str| {
        let refresh = "at = \"100s\", version = \"v2\", min_healthy = \"100%\", max_healthy = \"200%\", alarms = [\"failing\"], \
                       rollback = true";
        format!(
            "versions = {{ v2 = {{ errors = \"{errors}\" }} }}\nrefresh = [{{ {refresh}, bake = \"{bake}\" }}]"
        )
    };
    let run = ten("20/s", 600, &fleet("100%", "120s"));
    let waits = "the instance refresh to `v2` has replaced every instance, and waits 2m before it ends";
    let back = "the instance refresh to `v2` is rolled back to `first`: alarm `failing` is in ALARM";
    assert_eq!(incidents(&run)[1..3], [(150.0, waits), (180.0, back)]);
    assert_eq!(spans(&run), [[(100.0, 150.0); 10], [(180.0, 230.0); 10]].concat());
    assert_eq!(incidents(&run).last().map(|it| it.0), Some(230.0));
    let none = ten("20/s", 600, &fleet("100%", "0s"));
    assert_eq!(spans(&none), [(100.0, 150.0); 10]);
    assert_eq!(incidents(&none)[1..], [(150.0, "the instance refresh to `v2` has replaced every instance")]);
    let calm = ten("20/s", 600, &fleet("0%", "120s"));
    assert_eq!(incidents(&calm)[2..], [(270.0, "the instance refresh to `v2` is complete")]);
}

/// A composite alarm goes on with the alarm of its rule, and the refresh of the fleet goes by it alone.
#[test]
fn a_composite_alarm_brings_the_version_before_back() {
    let rolled_back = |rule: &str| {
        let fleet = format!(
            "versions = {{ v2 = {{ errors = \"100%\" }} }}\nrefresh = [{{ at = \"100s\", version = \"v2\", alarms = [\"both\"], \
             rollback = true }}]\n[alarm.both]\nrule = \"{rule}\""
        );
        let run = ten("20/s", 600, &fleet);
        let all = incidents(&run).into_iter().filter(|it| it.1.contains("rolled back"));
        all.map(|(at, text)| (at, text.to_owned())).collect::<Vec<_>>()
    };
    let back = "the instance refresh to `v2` is rolled back to `first`: alarm `both` is in ALARM";
    assert_eq!(rolled_back("ALARM(failing) AND NOT OK(failing)"), [(180.0, back.to_owned())]);
    assert_eq!(rolled_back("ALARM(failing) AND OK(failing)"), []);
}

/// The alarm of the policy is on from 60 s on, when hardly anything has come, and the rule of the other one holds from the start: a
/// refresh that would fail by them does not begin.
#[test]
fn a_refresh_does_not_begin_while_its_alarm_is_on() {
    let idle = "scaling = [{ simple = { name = \"idle\", metric = \"cpu\", below = 50, delay = \"0s\", change = \"-1\" } }]";
    for (alarm, begins) in [("fleet.web.idle", false), ("always", false), ("never", true)] {
        let fleet = format!(
            "min = 2\nmax = 3\n{idle}\n{V2}\nrefresh = [{{ at = \"100s\", version = \"v2\", alarms = [\"{alarm}\"] }}]\n\
             [alarm.always]\nrule = \"TRUE\"\n[alarm.never]\nrule = \"FALSE\""
        );
        let run = run(&hundred_a_second("\"1/h\"", 300, &fleet), 1);
        let first = match begins {
            true => "an instance refresh to `v2` begins".to_owned(),
            false => format!("an instance refresh does not begin: alarm `{alarm}` is in ALARM"),
        };
        assert_eq!(incidents(&run).first(), Some(&(100.0, first.as_str())));
        assert_eq!(run.scaling.is_empty(), !begins, "{alarm}");
    }
}

/// A version that fails its checks never counts where the balancer's verdict does: after 200 s without a step forward the refresh is
/// given up. The one that it has brought is replaced at once, and its successor counts 30 s after EC2 runs it, at 350 s.
#[test]
fn a_version_that_fails_its_checks_is_given_up() {
    let group = |health: bool| {
        let text = hundred_a_second(
            "\"1/h\"",
            900,
            &format!(
                "instances = 10\nwarmup = \"30s\"\nhealth = \"elb\"\nboot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", \
                 bootstrap = \"0s\", application = \"0s\" }}\nversions = {{ v2 = {{ health = {health} }} }}\nrefresh = [{{ at = \"100s\", \
                 version = \"v2\", gives_up = \"200s\", rollback = true }}]\n[balancer.door]\ntargets = \"web\"\n\
                 deregistration_delay = \"0s\"\nhealth_check = {{ interval = \"5s\", timeout = \"2s\" }}"
            ),
        );
        run(&text.replace("via = \"web\"", "via = \"door\""), 1)
    };
    let run = group(false);
    let of_refresh = |run: &Outcome| -> Vec<(f64, String)> {
        let all = incidents(run).into_iter().filter(|it| it.1.contains("refresh"));
        all.map(|(at, text)| (at, text.to_owned())).collect()
    };
    let expected = [
        (100.0, "an instance refresh to `v2` begins"),
        (
            300.0,
            "the instance refresh to `v2` is rolled back to `first`: no instance became new and warm for 3m20s",
        ),
        (350.0, "the rollback to `first` has replaced every instance that the refresh had brought"),
    ];
    assert_eq!(of_refresh(&run), expected.map(|(at, text)| (at, text.to_owned())));
    assert_eq!(spans(&run), [(100.0, 120.0), (300.0, 320.0)]);
    // One that passes them is not held up by its checks.
    let healthy = group(true);
    assert_eq!(spans(&healthy).len(), 10);
    assert_eq!(of_refresh(&healthy)[1].0, 600.0);
}

/// 200/s of 10 ms are 2 of ten vCPUs. At half the speed they are 4, from 150 s on: a minute later the rows show nothing else.
#[test]
fn a_slower_version_takes_more_of_its_cpu() {
    let fleet = "versions = { v2 = { speed = 0.5 } }\nrefresh = [{ at = \"90s\", version = \"v2\", min_healthy = \"0%\" }]";
    let run = ten("200/s", 1_200, fleet);
    let cpu = &run.timeline.kinds.fleets[0].cpu_percent;
    assert!((19.0..21.0).contains(&cpu[0]), "{cpu:?}");
    let later = cpu[3..].iter().sum::<f64>() / (cpu.len() - 3) as f64;
    assert!((39.0..41.0).contains(&later), "{cpu:?}");
}

/// v2 takes 40 s to install and 15 s to start, so that it answers 75 s after its launch, in service since 20 s after it.
#[test]
fn a_version_boots_in_its_own_time() {
    let fleet = "versions = { v2 = { bootstrap = \"40s\", application = \"15s\" } }\nrefresh = [{ at = \"120s\", version = \"v2\", \
                 min_healthy = \"0%\" }]";
    let run = ten("1/h", 300, fleet);
    // Ten for a minute and ten for another; none until 195 s; ten for 45 s of the minute to 240 s.
    assert_eq!(run.timeline.kinds.fleets[0].serving, [10.0, 10.0, 0.0, 7.5, 10.0]);
}
