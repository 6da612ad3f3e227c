//! Predictive scaling, worked out by hand: what is forecast, when its capacity comes, and what it leaves to others.

use std::path::Path;

use crate::kind::{decisions, incidents};
use crate::run::run;

/// A day before the run with 100 % of CPU in each hour, but for those at which the run has its first two.
fn history() -> String {
    let rest = vec!["100"; 22].join(", ");
    format!("[200, 500, {rest}]")
}

/// A group of two that has next to nothing to do, with a forecast: at 50 % for each instance it needs four in the first hour, ten in
/// the second and two in the third.
fn group(seconds: u32, predictive: &str, rest: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"60s\"\n[traffic.all]\ninterarrival = \"20s\"\n[request.page]\nvia = \"web\"\n\
         steps = [{{ cpu = \"10ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\nmin = 2\n\
         scaling = [{{ predictive = {{ metric = \"cpu\", target = 50, history = {}, mode = \"forecast_and_scale\", {predictive} }} }},\
         {rest}]\n",
        history()
    )
}

#[test]
fn capacity_comes_before_its_hour_and_does_not_leave_with_it() {
    let decided = |predictive: &str| decisions(&run(&(group(7_900, predictive, "") + "max = 20"), 1));
    assert_eq!(decided("buffer = \"5m\""), [(0.0, 2, 4), (3_300.0, 4, 10)]);
    assert_eq!(decided("warmup = \"1m\""), [(0.0, 2, 4), (3_300.0, 4, 10)], "five minutes are the default");
    assert_eq!(decided("buffer = \"0s\""), [(0.0, 2, 4), (3_600.0, 4, 10)]);
    assert_eq!(decided("buffer = \"59m59s\""), [(0.0, 2, 4), (1.0, 4, 10)]);
}

/// 10 instances and a tenth more are 11.
#[test]
fn a_forecast_above_the_maximum_stays_there_or_raises_it() {
    let decided = |predictive: &str| {
        let step = "{ simple = { metric = \"fleet.web.instances\", at_least = 10, delay = \"0s\", change = \"+5\", cooldown = \"0s\" } }";
        decisions(&run(&(group(6_000, predictive, step) + "max = 8"), 1))
    };
    assert_eq!(decided("max_breach = \"honor\""), [(0.0, 2, 4), (3_300.0, 4, 8)]);
    let raised = decided("max_breach = \"increase\", max_buffer = \"10%\"");
    assert_eq!(raised[..2], [(0.0, 2, 4), (3_300.0, 4, 10)]);
    assert_eq!(raised[2].2, 11, "others may use the buffer: {raised:?}");
    let said = |predictive: &str| {
        let run = run(&(group(6_000, predictive, "") + "max = 8"), 1);
        let raised = incidents(&run).into_iter().filter(|it| it.1.contains("maximum"));
        let raised: Vec<(f64, String)> = raised.map(|(at, text)| (at, text.to_owned())).collect();
        (run.scaling[1].cause.clone(), raised)
    };
    let cause = "predictive: 500 percent of CPU forecast for 1:00:00";
    let held = said("max_breach = \"honor\"");
    assert_eq!(held, (format!("{cause}; 10 wanted, the maximum is 8"), vec![]));
    let raised = "the maximum is raised from 8 to 11 for a forecast above it".to_owned();
    let grown = said("max_breach = \"increase\", max_buffer = \"10%\"");
    assert_eq!(grown, (cause.to_owned(), vec![(3_300.0, raised)]));
    let bare = decided("max_breach = \"increase\"");
    assert_eq!(bare, [(0.0, 2, 4), (3_300.0, 4, 10)]);
}

#[test]
fn forecast_only_says_what_it_would_do() {
    let text = group(4_000, "", "") + "max = 20";
    let text = text.replace("mode = \"forecast_and_scale\", ", "");
    let run = run(&text, 1);
    assert_eq!(decisions(&run), []);
    assert_eq!(
        incidents(&run),
        [
            (0.0, "predictive: 200 percent of CPU forecast for 0:00 would take 4 instances, not 2"),
            (3_300.0, "predictive: 500 percent of CPU forecast for 1:00:00 would take 10 instances, not 2"),
        ]
    );
}

/// A policy that removes an instance each time that it can: the forecast of the present hour, and near its end of the next one,
/// is a floor. In the third hour that is two.
#[test]
fn no_policy_removes_what_is_forecast() {
    let step =
        "{ step = { metric = \"cpu\", below = 40, warmup = \"0s\", steps = [{ to = 0, change = \"-1\" }] } }";
    let run = run(&(group(10_000, "warmup = \"0s\"", step) + "max = 20\nwarmup = \"0s\""), 1);
    let sizes = decisions(&run);
    let removed: Vec<f64> = sizes.iter().filter(|(_, from, to)| to < from).map(|change| change.0).collect();
    assert!(removed.iter().all(|&at| at >= 7_200.0), "{sizes:?}");
    assert_eq!(sizes.iter().filter(|(at, ..)| *at < 7_200.0).count(), 2);
    assert_eq!(sizes.last().map(|change| change.2), Some(2), "{sizes:?}");
}

/// An hour of the run is history for the next day: 25 % the day before and 50 % in the run are 37.5 % on the mean, for which an
/// instance of 25 % is too little.
#[test]
fn what_the_run_has_seen_is_forecast_for_the_next_day() {
    let day = vec!["25"; 24].join(", ");
    let text = format!(
        "duration = \"25h\"\nbucket = \"10m\"\n[traffic.all]\ninterarrival = \"20s\"\n[request.page]\nvia = \"web\"\n\
         steps = [{{ cpu = \"10s\" }}]\n[client]\ntimeout = \"1m\"\n[fleet.web]\ninstance = {{ vcpus = 1, memory = \"8 GiB\" }}\nmin = 1\nmax = 5\n\
         scaling = [{{ predictive = {{ metric = \"cpu\", target = 25, history = [{day}], mode = \"forecast_and_scale\" }} }}]\n"
    );
    let run = run(&text, 1);
    assert_eq!(decisions(&run), [(24.0 * 3_600.0 - 300.0, 1, 2)]);
    // Each hour brought twice what was forecast.
    let first = incidents(&run)[0];
    assert_eq!(first.0, 3_600.0);
    assert!(first.1.starts_with("predictive: 25 percent of CPU forecast from 0:00 on, "), "{}", first.1);
    assert!(first.1.ends_with(" came"));
}

/// The run starts at half past nine. The file has a value for each half hour of the day before: of nine o'clock 100 and 300, of ten
/// o'clock 400 and 600; a row after the start is not known. So the hour under way takes 200 and the next one 500, half an hour on.
#[test]
fn a_history_is_read_from_a_file_by_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = "time,value\n".to_owned();
    for half in 0..48 {
        let (hour, minute) = (half / 2, 30 * (half % 2));
        let value = match half {
            18 => 100,
            19 => 300,
            20 => 400,
            21 => 600,
            _ => 50,
        };
        rows += &format!("2026-11-26T{hour:02}:{minute:02}:00Z,{value}\n");
    }
    rows += "2026-11-27T10:00:00Z,100000\n";
    std::fs::write(folder.path().join("load.csv"), rows).unwrap();
    let text = group(3_000, "", "") + "max = 20";
    let text = "starts = \"2026-11-27T09:30:00Z\"\n".to_owned() + &text.replace(&history(), "\"load.csv\"");
    let parsed = simcap::scenario::parse("test.toml", text.as_bytes(), Path::new(folder.path()), &[]);
    let scenario = parsed.unwrap_or_else(|_| panic!("{text}"));
    let run = simcap::simulate(&scenario, 1, &mut |_| {});
    assert_eq!(decisions(&run), [(0.0, 2, 4), (1_500.0, 4, 10)]);
}

/// A sinusoid from 0 to 20/s around half past ten: the hour from ten o'clock has 600 + 600 sin(π/24) / (π/24) = 1,198 requests a
/// minute on the mean, and that from nine o'clock cos(2π/24) in the place of 1 times the second part, 1,178. At 590 for each
/// instance that is three, and two.
#[test]
fn a_history_is_the_rhythm_of_a_day() {
    let history = "{ mean = \"10/s\", peak = \"20/s\", peak_at = \"10h30m\", starts_at = \"9h30m\" }";
    let text = group(3_000, "", "").replace(&self::history(), history).replace("\"cpu\"", "\"requests\"");
    let text = text.replace("target = 50", "target = 590").replace("min = 2", "min = 1") + "max = 20";
    let text = text.replace("via = \"web\"", "via = \"lb\"") + "\n[balancer.lb]\ntargets = \"web\"";
    let run = run(&("starts = \"2026-11-27T09:30:00Z\"\n".to_owned() + &text), 1);
    assert_eq!(decisions(&run), [(0.0, 1, 2), (1_500.0, 2, 3)]);
}
