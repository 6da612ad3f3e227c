//! Clients that are far away: their way to the Region, there and back.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten requests, one a second, of clients at a location near to N. Virginia, to a shop in Seoul: 174 ms there and back by the table of
/// Regions, beside 6 ms of their own access. The shop takes 100 ms.
fn shop(location: &str, client: &str, work: &str) -> Outcome {
    let text = format!(
        "region = \"ap-northeast-2\"\nduration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\n\
         rate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
         [client]\nround_trip = \"6ms\"\nfrom = \"east\"\n{client}\n[location.east]\nnear = \"us-east-1\"\n{location}\n\
         [request.page]\nvia = \"web\"\nsteps = [{{ delay = \"{work}\" }}]\n[fleet.web]\ninstance = \"m5.large\"\n\
         instances = 1\nazs = 1\n"
    );
    run(&text, 1)
}

#[test]
fn a_client_is_as_far_from_a_region_as_its_location() {
    let all =
        |run: &Outcome| (run.requests.completed, run.latency_ms.mean.round(), run.latency_ms.max.round());
    assert_eq!(all(&shop("", "", "100ms")), (10.0, 280.0, 280.0));
    let given = "round_trips = { \"ap-northeast-2\" = \"200ms\", \"us-east-1\" = \"1ms\" }";
    assert_eq!(all(&shop(given, "", "100ms")), (10.0, 306.0, 306.0));
    assert_eq!(
        all(&shop("round_trips = { \"ap-northeast-2\" = \"0s\" }", "", "100ms")),
        (10.0, 106.0, 106.0)
    );
}

/// A client that waits for 250 ms has gone before the answer is there: it is on the way at 100 + 90 ms and comes at 280 ms.
#[test]
fn an_answer_that_is_still_on_its_way_at_the_timeout_is_too_late() {
    let run = shop("", "timeout = \"250ms\"", "100ms");
    assert_eq!((run.requests.completed, run.requests.failed_by_cause["client_timeout"]), (0.0, 10.0));
}

/// The only server is taken for the whole run, and nobody waits there. One user asks again 820 ms after it has heard so: with 180 ms for the way
/// there and back that is once a second.
#[test]
fn a_failure_takes_the_way_back_too() {
    let run = run(
        "region = \"ap-northeast-2\"\nduration = \"100s\"\nbucket = \"1s\"\n[traffic.first]\n\
         rate = [[\"0s\", \"1/s\"], [\"1500ms\", \"1/s\"], [\"1500ms\", \"0/s\"]]\ninterarrival = \"1s\"\nrequests = \"long\"\n\
         [users.far]\ncount = 1\nthink = \"820ms\"\nstart = \"request\"\nrequests = \"page\"\n\
         client = { round_trip = \"6ms\", from = \"east\", retries = 0 }\n[location.east]\nnear = \"us-east-1\"\n\
         [request.long]\nvia = \"web\"\nsteps = [{ service = \"one\", time = \"200s\" }]\n\
         [request.page]\nvia = \"web\"\nsteps = [{ service = \"one\" }]\n[service.one]\nservers = 1\nqueue = 0\ntime = \"1ms\"\nhop = \"0s\"\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n",
        1,
    );
    // The server is taken at 1 s. Before that one request of the user is served in 1 ms, so that it asks at 1.001 s, 2.001 s and so on to
    // 99.001 s, in vain.
    assert_eq!((run.requests.completed, run.requests.failed), (1.0, 99.0));
}
