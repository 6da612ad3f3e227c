//! What a firewall may stand before.

use super::site;
use crate::run::scenario;

#[test]
fn a_firewall_that_nothing_passes_is_unused() {
    let text = site(10, "{ limit = 100 }", "[traffic.all]\nrate = \"1/s\"\nrequests = \"other\"\n")
        + "[request.other]\nvia = \"web\"\nsteps = [{ delay = \"1ms\" }]\n";
    let found = simcap::warning::of_scenario(&scenario(&text), 1);
    assert!(found.iter().any(|it| it.path() == "firewall.edge"), "{found:?}");
}
