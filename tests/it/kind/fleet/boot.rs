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
