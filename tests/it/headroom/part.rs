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

/// Half of the requests go to the desk, which fills at twice the peak, and half to the clerk, who is full at three times the peak. The
/// objective on the desk fails first.
#[test]
fn what_fills_only_above_the_first_objective_of_a_long_event_is_told_between_the_steps() {
    let event = EVENT
        .replace(
            "request.a.steps = [{ service = \"desk\" }]",
            "traffic.all.requests = { a = 1, b = 1 }\nrequest.a.steps = [{ service = \"desk\" }]\n\
             request.b.steps = [{ service = \"clerk\" }]",
        )
        .replace("servers = 8", "servers = 4")
        + "service.clerk = { servers = 6, time = \"exponential 1ms\" }\nobjectives.latency = \"a p99 < 50ms\"\n";
    let search = |whole| {
        found(&event, |search| {
            (search.runs, search.precision, search.up_to, search.whole) = (1, 0.03, 6.0, whole)
        })
    };
    let (few, all) = (search(false), search(true));
    let factor = |it: &simcap::breakpoint::Breakpoints, name| {
        let (holds, fails) = cell(of(it, name).between);
        fails / holds - 1.0
    };
    for name in ["latency a p99 < 50ms", "desk", "goodput"] {
        assert!((factor(&few, name) - 0.03).abs() < 1e-9, "{name}: {}", factor(&few, name));
    }
    assert!(factor(&few, "clerk") > 0.06, "{}", factor(&few, "clerk"));
    assert!((factor(&all, "clerk") - 0.03).abs() < 1e-9, "{}", factor(&all, "clerk"));
    let (holds, fails) = cell(of(&few, "clerk").between);
    assert!(holds < 3.0 && fails > 3.0, "{holds} {fails}");
}

/// Half of the peak is far from the limit, twice the peak far above it: two runs show that. ×1 is run as often as asked for, since the
/// estimates come from it.
#[test]
fn two_runs_of_a_long_event_are_enough_where_they_decide() {
    let event = format!("{EVENT}objectives.latency = \"p99 < 50ms\"\n");
    let search = |whole| {
        found(&event, |search| {
            (search.runs, search.precision, search.up_to, search.whole) = (4, 0.5, 2.5, whole)
        })
    };
    let runs = |it: &simcap::breakpoint::Breakpoints| -> Vec<(f64, usize)> {
        it.probes.iter().map(|probe| (probe.multiplier, probe.by_run.len())).collect()
    };
    let few = runs(&search(false));
    assert!(few.len() >= 3 && few.iter().all(|(_, runs)| [2, 4].contains(runs)), "{few:?}");
    assert!(few.iter().any(|(multiple, runs)| *multiple > 2.0 && *runs == 2), "{few:?}");
    assert!(runs(&search(true)).iter().all(|(_, runs)| *runs == 4));
}
