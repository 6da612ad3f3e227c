//! Connections of environments to databases: a burst of them is a burst of those.

use super::{at, failed};
use crate::run::run;

const DATABASE: &str = "[database.orders]\nwriter = \"db.r6g.large\"\nmax_connections = 30\n";

fn burst(count: usize, database: &str) -> simcap::outcome::Outcome {
    let mut instants = vec![500; count];
    instants.extend([5_000; 3]);
    let function = format!("init = \"100ms\"\nkeep = \"2s\"\npools = {{ orders = 1 }}\n{database}");
    at(
        &format!("burst-{count}-{}", database.len()),
        &instants,
        "8s",
        "{ read = \"orders\", demand = \"1ms\" }, { delay = \"1s\" }",
        &function,
    )
}

/// 30 connections are there: of 50 environments that a burst makes 20 get none and fail their requests. When the others are reclaimed, there is
/// room again.
#[test]
fn a_burst_of_environments_takes_all_connections_of_a_database() {
    let outcome = burst(50, DATABASE);
    assert_eq!((failed(&outcome, "function_error"), outcome.lambdas[0].refused), (20.0, 20.0));
    assert_eq!(outcome.requests.completed, 33.0);
    let open = &outcome.timeline.databases[0].writer_connections;
    assert!((open[9] - 30.0).abs() < 1e-9, "{open:?}");
    // Those of the burst rest from about 1.6 s on, and are gone two seconds later.
    assert!(open[45] == 0.0 && (open[55] - 3.0).abs() < 1e-9, "{open:?}");
    let connections =
        outcome.phases.iter().flat_map(|phase| &phase.chain).find(|link| link.text.contains("connections"));
    assert!(connections.is_some(), "{:#?}", outcome.phases);
}

/// As many as there are fit.
#[test]
fn as_many_environments_as_there_are_connections_get_one() {
    let outcome = burst(30, DATABASE);
    assert_eq!((outcome.requests.failed, outcome.requests.completed), (0.0, 33.0));
}

/// A proxy holds their connections, and lends what it has: nobody is refused.
#[test]
fn a_proxy_takes_the_connections_of_a_burst() {
    let outcome = burst(50, &format!("{DATABASE}proxy = {{}}\n"));
    assert_eq!((outcome.requests.failed, outcome.lambdas[0].refused), (0.0, 0.0));
}

/// A step needs a pool.
#[test]
fn a_statement_in_a_function_needs_a_connection_of_its_environments() {
    let text = super::text("\"1/s\"", "10s", "{ read = \"orders\", demand = \"1ms\" }", "");
    let found = simcap::scenario::parse(
        "a.toml",
        format!("{text}{DATABASE}").as_bytes(),
        std::path::Path::new(""),
        &[],
    );
    let Err(simcap::scenario::ScenarioError::Invalid(report)) = found else { panic!("it has no pool") };
    let page = report.render(false);
    assert!(page.contains("lambda `f` has no pool of connections to `orders`"), "{page}");
    assert!(page.contains("add pools = { orders = 1 } to [lambda.f]"), "{page}");
}

/// Transactions, locks and commits go as those of a fleet.
#[test]
fn a_transaction_holds_the_connection_of_its_environment() {
    let steps = "{ transaction = \"orders\", steps = [{ read = \"1ms\" }, { write = \"1ms\", rows = { count = 10 } }, { cpu = \"1ms\" }] }";
    let text =
        super::text("\"20/s\"", "10s", steps, "memory = 1769\ninit = \"50ms\"\npools = { orders = 1 }");
    let outcome = run(&format!("{text}{DATABASE}"), 1);
    assert_eq!(outcome.requests.failed, 0.0);
    assert!(outcome.databases[0].commits > 150.0, "{:?}", outcome.databases);
}
