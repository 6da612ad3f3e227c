//! Writes that are committed more than once for one request, worked out by hand.

use crate::run::run;

/// A request each 10 s, ten of them, from clients that wait for a second and then try once more, at once. A commit takes so long.
fn doubled(commit: &str, step: &str, client: &str, more: &str) -> (f64, f64) {
    let run = run(
        &format!(
            "duration = \"109s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"0.1/s\"\ninterarrival = \"10s\"\n\
             client = {{ round_trip = \"0s\", timeout = \"1s\", {client} }}\n[request.order]\nvia = \"web\"\n\
             steps = [{{ {step} }}]\n[fleet.web]\ninstance = \"m5.large\"\nazs = [\"a\"]\nthreads = \"unlimited\"\ninstances = 1\n\
             pools = {{ shop = 5 }}\n[database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"{commit}\"\n{more}\n",
        ),
        1,
    );
    (run.databases[0].commits, run.databases[0].doubled_commits)
}

const WRITE: &str = "write = \"shop\", demand = \"1ms\"";
const RETRY: &str = "retries = { max = 1, backoff = \"0s\" }";

/// The client gives up after 1 s, and the commit is done half a second later; so is that of the second try.
#[test]
fn a_write_whose_client_tries_again_is_committed_twice() {
    assert_eq!(doubled("1500ms", WRITE, RETRY, ""), (20.0, 10.0));
    let steps = "transaction = \"shop\", steps = [{ read = \"1ms\" }, { write = \"1ms\" }]";
    assert_eq!(doubled("1500ms", steps, RETRY, ""), (20.0, 10.0));
}

#[test]
fn a_write_that_is_answered_in_time_or_whose_client_gives_up_is_committed_once() {
    assert_eq!(doubled("500ms", WRITE, RETRY, ""), (10.0, 0.0));
    assert_eq!(doubled("1500ms", WRITE, "", ""), (10.0, 0.0));
}

/// Three tries: two more than are needed.
#[test]
fn each_commit_more_is_one() {
    let twice = "retries = { max = 2, backoff = \"0s\" }";
    assert_eq!(doubled("1500ms", WRITE, twice, ""), (30.0, 20.0));
}

#[test]
fn what_the_database_knows_by_its_key_changes_nothing() {
    let write = format!("{WRITE}, idempotent = true");
    assert_eq!(doubled("1500ms", &write, RETRY, ""), (20.0, 0.0));
    let steps = "transaction = \"shop\", idempotent = true, steps = [{ write = \"1ms\" }]";
    assert_eq!(doubled("1500ms", steps, RETRY, ""), (20.0, 0.0));
}

/// What only reads doubles nothing.
#[test]
fn a_transaction_that_only_reads_doubles_nothing() {
    let steps = "transaction = \"shop\", steps = [{ read = \"1ms\" }]";
    assert_eq!(doubled("1500ms", steps, RETRY, ""), (20.0, 0.0));
}

/// Two writes of one request, and the same request of another source, are none of each other. In the first second the first write is
/// committed, and the second one half a second after that, when the client has gone; the second try does both again.
#[test]
fn another_step_and_another_source_are_other_writes() {
    let more = "[traffic.others]\nrate = \"0.1/s\"\ninterarrival = \"10s\"\nrequests = { order = 1 }\nclient = { round_trip = \"0s\" }\n";
    let both = format!("{WRITE} }}, {{ {WRITE}");
    assert_eq!(doubled("700ms", &both, RETRY, more), (60.0, 20.0));
    assert_eq!(doubled("700ms", &both, "", more), (40.0, 0.0));
}

/// The second try goes by the other balancer: it is the same write, wherever it is asked for.
#[test]
fn a_try_that_goes_another_way_does_the_same_write() {
    let run = run(
        "duration = \"109s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"0.1/s\"\ninterarrival = \"10s\"\n\
         client = { round_trip = \"0s\", timeout = \"1s\", retries = { max = 1, backoff = \"2s\", jitter = \"none\" } }\n\
         [request.order]\nvia = \"www\"\nsteps = [{ write = \"shop\", demand = \"1ms\" }]\n\
         [dns.www]\npolicy = \"weighted\"\n\
         records = [{ to = \"one\", weight = 50 }, { to = \"two\", weight = 50 }]\n\
         [balancer.one]\ntargets = \"web\"\n[balancer.two]\ntargets = \"web\"\n\
         [fleet.web]\ninstance = \"m5.large\"\nazs = [\"a\"]\nthreads = \"unlimited\"\ninstances = 1\npools = { shop = 5 }\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"1500ms\"\n",
        1,
    );
    let each: Vec<f64> = run.balancers.iter().map(|it| it.requests).collect();
    assert!(each.iter().all(|routed| *routed > 0.0 && *routed < 20.0), "{each:?}");
    assert_eq!((run.databases[0].commits, run.databases[0].doubled_commits), (20.0, 10.0));
}

/// The tier that calls gives up after a second and tries again; the called one has committed meanwhile.
#[test]
fn a_call_that_is_tried_again_commits_twice() {
    let run = run(
        "duration = \"109s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"0.1/s\"\ninterarrival = \"10s\"\nclient = { round_trip = \"0s\" }\n\
         [request.order]\nvia = \"web\"\n\
         steps = [{ call = \"orders\", steps = [{ write = \"shop\", demand = \"1ms\" }], timeout = \"1s\", retries = 1 }]\n\
         [fleet.web]\ninstance = \"m5.large\"\nazs = [\"a\"]\nthreads = \"unlimited\"\ninstances = 1\n\
         [fleet.orders]\ninstance = \"m5.large\"\nazs = [\"a\"]\nthreads = \"unlimited\"\ninstances = 1\npools = { shop = 5 }\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"1500ms\"\n",
        1,
    );
    assert_eq!((run.databases[0].commits, run.databases[0].doubled_commits), (20.0, 10.0));
}

/// A message of 10 s, whose work takes 8 s: the visibility timeout of 5 s is over before, and another worker does it too; and so on until one
/// has deleted it. The work that is begun at 10 s and 15 s is committed at 18 s and 23 s.
#[test]
fn a_message_that_is_delivered_again_is_committed_again() {
    let run = run(
        "duration = \"24s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"0.1/s\"\ninterarrival = \"10s\"\nclient = { round_trip = \"0s\" }\n\
         [request.order]\nsteps = [{ send = \"orders\" }]\n\
         [queue.orders]\nlatency = \"0s\"\nworkers = \"web\"\nwait = \"20s\"\npollers = 5\nvisibility_timeout = \"5s\"\n\
         steps = [{ delay = \"8s\" }, { write = \"shop\", demand = \"1ms\" }]\n\
         [fleet.web]\ninstance = \"m5.large\"\nazs = [\"a\"]\nthreads = \"unlimited\"\ninstances = 1\npools = { shop = 5 }\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"1ms\"\n",
        1,
    );
    assert_eq!((run.databases[0].commits, run.databases[0].doubled_commits), (2.0, 1.0));
}
