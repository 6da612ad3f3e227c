//! The end of a long event that no multiple has to run.

use super::{STATION, cell, found, of};

/// The desk carries 8,000/s. A peak of 4,000/s from 2:00 to 4:00 comes before a long calm: 2.5 million requests, of which those
/// after 6:00 are two thirds. Its last tenth of two minutes after the peak ends at 6:00 or some rows earlier.
const EVENT: &str = "duration = \"20m\"\nbucket = \"5s\"\n\
                     traffic.all.rate = [[\"0s\", \"1000/s\"], [\"2m\", \"1000/s\"], [\"2m\", \"4000/s\"], [\"4m\", \"4000/s\"], \
                     [\"4m\", \"2000/s\"], [\"20m\", \"2000/s\"]]\n\
                     request.a.steps = [{ service = \"desk\" }]\n\
                     service.desk = { servers = 8, time = \"exponential 1ms\" }\n";

#[test]
fn the_calm_after_the_peak_is_left_out_and_the_limit_of_the_peak_is_the_same() {
    let search = |whole| {
        found(EVENT, |search| {
            (search.runs, search.precision, search.up_to, search.whole) = (1, 0.2, 3.0, whole)
        })
    };
    let (part, whole) = (search(false), search(true));
    let until = part.until_s.expect("the end is left out");
    assert!((4.0 * 60.0..=6.0 * 60.0 + 5.0).contains(&until), "{until}");
    assert_eq!(whole.until_s, None);
    assert_eq!(part.scenario.duration_s, 1_200.0, "the scenario is the whole one");
    assert_eq!(part.headroom, whole.headroom, "the estimate is of the whole event");
    // The same first minutes under the same seeds: the desk fills at the same multiple.
    let (holds, fails) = cell(of(&part, "desk").between);
    assert_eq!((holds, fails), cell(of(&whole, "desk").between));
    assert!(holds < 2.1 && fails > 1.9, "{holds} {fails}");
    let multiples =
        |it: &simcap::breakpoint::Breakpoints| it.probes.iter().map(|it| it.multiplier).collect::<Vec<_>>();
    assert!(multiples(&part).contains(&fails) && multiples(&whole).contains(&fails));
}

#[test]
fn a_cost_of_the_event_and_a_late_trouble_need_all_of_it() {
    let until = |text: &str| {
        found(text, |search| (search.runs, search.precision, search.up_to) = (1, 0.5, 1.5)).until_s
    };
    assert!(until(EVENT).is_some());
    assert_eq!(
        until(&format!("{EVENT}objectives.cost = \"< $1000\"\n")),
        None,
        "the bill is of the whole event"
    );
    // A slow desk near the end is where it breaks first.
    let late = EVENT.replace(
        "[\"20m\", \"2000/s\"]",
        "[\"19m\", \"2000/s\"], [\"19m\", \"4500/s\"], [\"20m\", \"4500/s\"]",
    );
    assert_eq!(until(&late), None);
    assert_eq!(until(STATION), None, "a short run is quick as it is");
}

/// With a peak of 7,900/s, a third of all requests wait for some 10 ms, and nearly three quarters of those until 6:00. So the 60th
/// percentile is below 2 ms in the whole event, and above in that part: it cannot stand for the event.
#[test]
fn a_part_that_comes_to_another_verdict_is_not_enough() {
    let event = EVENT.replace("4000/s", "7900/s") + "objectives.latency = \"p60 < 2ms\"\n";
    let found = found(&event, |search| (search.runs, search.precision, search.up_to) = (1, 0.5, 1.5));
    assert_eq!(found.until_s, None);
    let at_one = found.probes.iter().find(|probe| probe.multiplier == 1.0).unwrap();
    assert!(at_one.objectives[0].met, "{:?}", at_one.objectives);
}
