//! Memory of instances, by hand: what is used, what policies see of it, and what is said where there is not enough.

use crate::kind::decisions;
use crate::run::run;

/// A request each 10 s stays for 35 s: three are inside, and a fourth for a moment. 1 GiB and a quarter for each of three are 1.75 of 4 GiB, 43.75 %.
const FLEET: &str = "duration = \"65s\"\nbucket = \"5s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.page]\nvia = \"web\"\n\
                     steps = [{ delay = \"35s\" }]\n[fleet.web]\ninstance = { vcpus = 2, memory = \"4 GiB\" }\nmin = 1\nmax = 5\n\
                     memory = { base = \"1 GiB\", request = \"256 MiB\" }\n";

#[test]
fn a_fleet_scales_on_the_memory_of_its_instances() {
    let policy = |above: f64| {
        let text = format!(
            "{FLEET}scaling = [{{ simple = {{ metric = \"fleet.web.memory_used\", at_least = {above}, delay = \"0s\", change = \"+1\" }} }}]\n"
        );
        decisions(&run(&text, 1))
    };
    assert_eq!(policy(43.75), [(60.0, 1, 2)]);
    assert_eq!(policy(43.76), []);
}

#[test]
fn the_rows_have_the_memory_that_is_used_and_a_warning_what_is_lacking() {
    let outcome = run(FLEET, 1);
    let used = &outcome.timeline.fleets[0].memory[0].used_percent;
    // 31.25 % with one request at 15 s, 37.5 % with two at 25 s.
    assert_eq!((used[2], used[4], used[11]), (31.25, 37.5, 43.75), "{used:?}");
    assert!(outcome.warnings.iter().all(|it| it.path() != "fleet.web.memory"));
    let outcome = run(&FLEET.replace("256 MiB", "2 GiB"), 1);
    let warning = outcome.warnings.iter().find(|it| it.path() == "fleet.web.memory");
    assert!(warning.is_some_and(|it| it.message.contains("need up to 225 % of their memory")), "{warning:?}");
}
