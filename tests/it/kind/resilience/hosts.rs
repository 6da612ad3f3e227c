//! Tries and the hosts of their callers and of those they call, when these are lost or end.

use super::policy;
use crate::run::run;

/// Two instances of which one is lost at 0.5 s: the call of 1 s goes to one of them, and after 0.2 s to the other.
#[test]
fn a_second_try_goes_to_the_next_instance() {
    let run = run(
        "duration = \"10s\"\nbucket = \"1s\"\n[users.all]\ncount = 1\nthink = \"1s\"\n\
         [request.buy]\nvia = \"order\"\nsteps = [{ call = \"payment\", hedge = \"200ms\", steps = [{ cpu = \"10ms\" }] }]\n\
         [fleet.order]\ninstance = \"m5.large\"\ninstances = 1\nazs = [\"c\"]\n\
         [fleet.payment]\ninstance = { vcpus = 2, memory = \"8 GiB\" }\ninstances = 2\nazs = [\"a\", \"b\"]\nstatus_check = \"1h\"\n\
         [fault.loss]\nzone = \"a\"\nat = \"500ms\"\n",
        1,
    );
    let of = policy(&run);
    assert_eq!(run.requests.failed, 0.0);
    assert_eq!(run.latency_ms.max, 210.0, "the second try takes 10 ms");
    assert!(of.hedges >= 4.0 && of.hedges_won == of.hedges, "{of:?}");
    assert_eq!(of.answered, run.requests.completed);
}

/// The instance that is called is lost with a request inside: its caller gives up after its timeout, and the next try goes to the
/// instance that is left.
#[test]
fn a_lost_instance_costs_its_callers_a_timeout_and_not_a_minute() {
    let run = run(
        "duration = \"30s\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"100ms\"\n\
         [request.buy]\nvia = \"order\"\nsteps = [{ call = \"inner\", timeout = \"500ms\", retries = { max = 1, backoff = \"0s\" }, steps = [{ cpu = \"150ms\" }] }]\n\
         [fleet.order]\ninstance = \"m5.large\"\ninstances = 1\nazs = [\"c\"]\n\
         [balancer.inner]\ntargets = \"payment\"\nhop = \"0s\"\n\
         [fleet.payment]\ninstance = { vcpus = 8, memory = \"8 GiB\" }\ninstances = 2\nazs = [\"a\", \"b\"]\nstatus_check = \"1h\"\n\
         [fault.loss]\nzone = \"a\"\nat = \"10.05s\"\n",
        1,
    );
    // Every other request goes to the lost instance. Its second try has its turn after that of the request before, and may go
    // there as well; then it fails.
    let of = policy(&run);
    assert!(of.timeouts > 0.0 && run.latency_ms.max <= 500.0 + 150.0 + 1e-6, "{}", run.latency_ms.max);
    let causes: Vec<&str> = run.requests.failed_by_cause.keys().map(|cause| cause.name()).collect();
    assert!(causes.iter().all(|cause| *cause == "call_timeout"), "{causes:?}");
    assert_eq!(of.calls, of.answered + of.failed + run.requests.in_flight);
}

/// The caller itself is lost while its try works elsewhere: the try goes on, and nobody hears of it.
#[test]
fn a_try_outlives_the_instance_that_sent_it() {
    let run = run(
        "duration = \"90s\"\nbucket = \"1s\"\n[users.all]\ncount = 1\nthink = \"10m\"\nstart = \"request\"\n\
         [request.buy]\nvia = \"front\"\nsteps = [{ service = \"bank\", timeout = \"30s\" }]\n\
         [balancer.front]\ntargets = \"order\"\nidle_timeout = \"20s\"\n\
         [fleet.order]\ninstance = \"m5.large\"\ninstances = 2\nazs = [\"a\"]\n\
         [service.bank]\nservers = 5\ntime = \"10s\"\n[fault.loss]\nzone = \"a\"\nat = \"5s\"\n",
        1,
    );
    let of = policy(&run);
    assert_eq!((of.calls, of.left, of.tries), (1.0, 1.0, 1.0));
    assert_eq!((run.services[0].served, run.requests.failed_by_cause["http_504"]), (1.0, 1.0));
}

/// A statement that is given up is cancelled with its instance, whatever the file says: it holds a connection of its caller.
#[test]
fn a_statement_never_outlives_the_instance_that_sent_it() {
    for (effect, beside) in
        [("dies", "timeout = \"1ms\""), ("crashes", "timeout = \"1ms\""), ("dies", "hedge = \"1ms\"")]
    {
        let run = run(
            &format!(
                "duration = \"20s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"200/s\"\n\
                 [request.buy]\nvia = \"order\"\nsteps = [{{ read = \"db\", demand = \"exponential 3ms\", {beside}, on_timeout = \"keep_working\" }}]\n\
                 [fleet.order]\ninstance = \"m5.large\"\ninstances = 3\npools = {{ db = 5 }}\n\
                 [database.db]\nwriter = \"db.r6g.large\"\n[fault.one]\nfleet = \"order\"\neffect = \"{effect}\"\nat = \"10s\"\n"
            ),
            1,
        );
        let count = &run.requests;
        assert_eq!(count.arrived, count.completed + count.failed + count.in_flight, "{effect} {beside}");
        assert!(count.completed > 0.0);
    }
}
