//! What is said of volumes.

use simcap::outcome::Resource;

use super::{asked, text};
use crate::run::scenario;

const STEP: &str = "{ read_volume = \"disk\", size = \"1 KiB\" }";

fn told(outcome: &simcap::outcome::Outcome) -> Vec<String> {
    outcome.phases.iter().flat_map(|phase| &phase.chain).map(|link| link.text.clone()).collect()
}

/// 1,500 of 3,000 I/Os a second of each of two volumes: full at twice the traffic. At 4,000 for each they are full, and the page and a warning say so.
#[test]
fn volumes_that_are_full_are_told_and_limit_the_event() {
    let run = asked(3_000.0, "60s", "instances = 2", STEP, "");
    let found = run.headroom.iter().find(|it| it.of == Resource::BlockIo { ebs: 0 }).unwrap();
    let limit = found.limit().unwrap();
    assert!((limit - 2.0).abs() < 0.05, "{found:?}");
    let run = asked(8_000.0, "30s", "instances = 2", STEP, "");
    assert!(told(&run).iter().any(|text| text.contains("volumes of `disk` full")), "{:?}", told(&run));
    let warnings =
        simcap::warning::of_scenario(&scenario(&text(8_000.0, "30s", "instances = 2", STEP, "")), 1);
    let message = warnings.iter().find(|it| it.code == simcap::warning::Code::DemandAboveCapacity);
    assert_eq!(
        message.map(|it| it.message.as_str()),
        Some("the traffic at 0s asks for 1.33 times what the 2 volumes of `disk` can pass")
    );
}

/// 100 GiB of gp2 have a baseline of 300 and, with 0.1 % of their credits, 5,400. At 200 a second nothing is spent; with k times as much for 60 s, (200 k - 300) x 60 = 5,400 at
/// k = 1.95, long before the burst of 3,000.
#[test]
fn credits_that_more_traffic_would_spend_are_the_limit() {
    let ebs = "type = \"gp2\"\nsize = \"100 GiB\"\ncredits = \"0.1%\"";
    let run = asked(200.0, "60s", "instances = 1", STEP, ebs);
    let found = run.headroom.iter().find(|it| it.of == Resource::BlockIo { ebs: 0 }).unwrap();
    let limit = found.limit().unwrap();
    assert!((limit / 1.95 - 1.0).abs() < 0.02, "{found:?}");
    assert!(found.resource.contains("as long as credits last"), "{found:?}");
}

/// Reads of what another instance has written fail, and the page says why.
#[test]
fn files_that_are_not_there_are_the_cause() {
    let keys = "keys = { count = 1, zipf = 0 }";
    let step = format!("{{ read_volume = \"disk\", {keys} }}, {{ write_volume = \"disk\", {keys} }}");
    let run = asked(10.0, "5m", "instances = 2", &step, "");
    let told = told(&run);
    assert!(
        told.iter().any(|text| text.contains("found no file on the volume `disk` of their instance")),
        "{told:?}"
    );
    assert!(told.iter().any(|text| text.contains("http_404")), "{told:?}");
}
