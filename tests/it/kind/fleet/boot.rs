//! What a slower boot changes, and what it does not.

use simcap::outcome::Outcome;
use simcap::report;

use crate::kind::{decisions, hundred_a_second};
use crate::run::run;

/// 150/s until 300 s, then 700/s on two instances, tracked to 50 %.
fn event(boot: &str) -> Outcome {
    let fleet = format!(
        "min = 2\nmax = 40\ndesired = 2\nwarmup = \"60s\"\nlaunch_hook = {{}}\nboot = {{ {boot} }}\n\
         scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 80, scale_in = false }} }}]"
    );
    run(&hundred_a_second("[[\"300s\", \"140/s\"], [\"300s\", \"700/s\"]]", 3_600, &fleet), 4)
}

/// First minute after the spike in which no request fails.
fn recovery(run: &Outcome) -> usize {
    let failed = &run.timeline.failed["http_502"];
    (6..failed.len()).find(|&row| failed[row] == 0.0).unwrap()
}

#[test]
fn images_recover_in_the_order_of_their_boot_and_meet_the_same_spike() {
    let runs = ["golden", "hybrid", "user_data"].map(|image| event(&format!("image = \"{image}\"")));
    let [golden, hybrid, user_data] = &runs;
    let finished = |run: &Outcome| run.scaling[0].done_s.unwrap();
    assert!(finished(golden) < finished(hybrid) && finished(hybrid) < finished(user_data));
    assert!(recovery(golden) <= recovery(hybrid) && recovery(hybrid) < recovery(user_data));
    for run in &runs {
        assert_eq!(run.timeline.offered, golden.timeline.offered, "the same requests come");
        assert_eq!(decisions(run)[0], decisions(golden)[0], "the first decision is the same");
    }
}

/// A boot that is longer by exactly a minute delays the first new capacity by exactly a minute, and every row before
/// that is the same to the last bit.
#[test]
fn a_longer_boot_leaves_the_time_before_the_first_arrival_as_it_was() {
    let boot = |launch| {
        event(&format!("launch = \"{launch}s\", system = \"10s\", bootstrap = \"5s\", application = \"5s\""))
    };
    let (short, long) = (boot(40), boot(100));
    assert_eq!(short.scaling[0].at_s, long.scaling[0].at_s);
    assert_eq!(short.scaling[0].done_s.unwrap() + 60.0, long.scaling[0].done_s.unwrap());
    let rows = (short.scaling[0].done_s.unwrap() / 60.0) as usize;
    assert!(rows > 8 && rows < 12, "{rows}");
    let before = |run: &Outcome| {
        let mut json: serde_json::Value = serde_json::from_str(&report::to_json(run)).unwrap();
        // Traffic is metered by the hour and spread evenly over it, so the cost of a row depends on later traffic.
        json["timeline"]["cost_usd"].take();
        cut(&json["timeline"], run.timeline.time_s.len(), rows).to_string()
    };
    assert_eq!(before(&short), before(&long));
    assert_ne!(short.timeline.completed, long.timeline.completed);
}

/// A document whose lists of one value per row are cut after `keep` rows.
fn cut(value: &serde_json::Value, rows: usize, keep: usize) -> serde_json::Value {
    match value {
        serde_json::Value::Array(list) if list.len() == rows => list[..keep].to_vec().into(),
        serde_json::Value::Array(list) => list.iter().map(|value| cut(value, rows, keep)).collect(),
        serde_json::Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), cut(value, rows, keep))).collect()
        }
        other => other.clone(),
    }
}

/// 20,000 MiB are 40 s at 500 MiB/s, 200 s at the 100 MiB/s of a first read, and 60 s where blocks have come at 200 MiB/s for the 40 s
/// before.
/// An instance that was stopped with its blocks reads them again in 40 s.
#[test]
fn an_application_answers_once_it_has_read_its_data() {
    let answers = |touch: &str, more: &str, at: u32| {
        let text = format!(
            "duration = \"15m\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"1s\"\n[request.page]\nvia = \"web\"\n\
             steps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\nmin = 0\nmax = 1\n{more}\n\
             schedule = [{{ at = \"{at}s\", desired = 1 }}]\n\
             boot = {{ decision = \"0s\", launch = \"10s\", system = \"20s\", bootstrap = \"10s\", application = \"5s\"{touch} }}\n"
        );
        let serving = &run(&text, 1).timeline.fleets[0].serving;
        serving.iter().position(|serving| *serving > 0.0).unwrap_or(0) as u32 - at
    };
    let touch = |rest: &str| {
        format!(", first_touch = {{ data = \"20000 MiB\", throughput = \"500 MiB/s\", {rest} }}")
    };
    assert_eq!(answers("", "", 10), 45);
    assert_eq!(answers(&touch("rate = \"100 MiB/s\""), "", 10), 245);
    assert_eq!(answers(&touch("restore = \"fast\""), "", 10), 85);
    assert_eq!(answers(&touch("restore = \"provisioned\", rate = \"200 MiB/s\""), "", 10), 105);
    let pool = "launch_hook = {}\nwarm_pool = { start = \"15s\", stop = \"20s\" }";
    assert_eq!(answers(&touch("rate = \"100 MiB/s\""), pool, 400), 15 + 5 + 40);
}
