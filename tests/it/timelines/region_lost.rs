//! What is of a Region as a whole is lost with it: stations, buckets, queues, topics. The shop is in Seoul, what it uses in N. Virginia, 174 ms away
//! there and back.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten requests, one a second, each of which waits for `timeout` at most; and what may be lost at some time.
fn shop(timeout: &str, steps: &str, more: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\n\
             rate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
             client = {{ round_trip = \"0s\", timeout = \"{timeout}\" }}\n[request.page]\nvia = \"web\"\nsteps = [{steps}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{more}\n"
        ),
        1,
    )
}

const FAR: &str = "region = \"us-east-1\"";

fn fault(name: &str, of: &str, at: &str, long: &str) -> String {
    format!("[fault.{name}]\n{of}\nat = \"{at}\"\nfor = \"{long}\"\n")
}

/// What was answered, and what was not within 2 s.
fn answered(run: &Outcome) -> (f64, f64) {
    let in_time = run.requests.failed_by_cause.get("client_timeout").copied().unwrap_or_default();
    assert_eq!(run.requests.failed, in_time, "{:?}", run.requests.failed_by_cause);
    (run.requests.completed, in_time)
}

/// Requests are at the station from 87 ms after each second on, for 300 ms. That of 3 s is there when its Region is lost at 3.2 s; those of 4 to 7 s
/// come before it is back at 7.2 s.
#[test]
fn a_station_is_lost_with_its_region() {
    let service = format!("[service.bank]\nservers = 9\ntime = \"300ms\"\n{FAR}\n");
    let step = "{ service = \"bank\" }";
    let lost = shop("2s", step, &(service.clone() + &fault("gone", FAR, "3.2s", "4s")));
    assert_eq!(answered(&lost), (5.0, 5.0));
    assert_eq!(lost.services[0].served, 5.0);
    assert_eq!(lost.faults[0].failed, 5);
    // One of its zones, the Region of the shop, and a provider of which nobody knows the Region.
    let zone = fault("gone", &format!("zone = \"a\"\n{FAR}"), "3.2s", "4s");
    assert_eq!(answered(&shop("2s", step, &(service + &zone))), (10.0, 0.0));
    let outside = "[service.bank]\nservers = 9\ntime = \"300ms\"\noutside = true\n".to_owned();
    assert_eq!(answered(&shop("2s", step, &(outside.clone() + &fault("gone", FAR, "3.2s", "4s")))).0, 10.0);
    let spare = "[fleet.spare]\ninstance = \"m5.large\"\ninstances = 1\nregion = \"us-east-1\"\n";
    let request = "[request.far]\nvia = \"spare\"\nsteps = [{ service = \"bank\" }]\n[traffic.far]\nrate = \"1/s\"\nrequests = \"far\"\n";
    let home = outside + spare + request + &fault("gone", "region = \"ap-northeast-2\"", "3.2s", "4s");
    let run = shop("2s", step, &home);
    assert_eq!(run.classes.iter().find(|it| it.name == "far").unwrap().requests.failed, 0.0);
}

/// One server, 10 s for each request. That of 1 s is in service and those of 2 and 3 s wait when the Region is lost at 3.2 s; it is back at 3.7 s, and
/// that of 4 s finds it idle: it is answered after 10.174 s. Those after it wait for 9 s and more, and hear nothing within 12 s.
#[test]
fn what_is_at_a_lost_station_is_gone_and_its_servers_are_free() {
    for discipline in ["fifo", "priority"] {
        let service =
            format!("[service.bank]\nservers = 1\ntime = \"10s\"\ndiscipline = \"{discipline}\"\n{FAR}\n");
        let run = shop("12s", "{ service = \"bank\" }", &(service + &fault("gone", FAR, "3.2s", "500ms")));
        assert_eq!(answered(&run), (1.0, 9.0), "{discipline}");
        assert_eq!(run.latency_ms.max.round(), 10_174.0);
        assert_eq!(run.faults[0].failed, 3);
    }
    // Where all share the server, seven share it from 10.1 s on, so that none has 10 s of it within 12 s; all that were there before are gone, else
    // it would have worked for 100 s.
    let service =
        format!("[service.bank]\nservers = 1\ntime = \"10s\"\ndiscipline = \"processor_sharing\"\n{FAR}\n");
    let run = shop("200s", "{ service = \"bank\" }", &(service + &fault("gone", FAR, "3.2s", "500ms")));
    assert_eq!((run.requests.completed, run.services[0].served), (7.0, 7.0));
    let busy = run.timeline.services[0].busy_percent.iter().sum::<f64>() / 100.0;
    assert!((busy - (2.113 + 70.0)).abs() < 0.01, "{busy}");
}

/// Those who wait for no answer try for 127 s, as a client of TCP does.
#[test]
fn who_has_no_timeout_tries_for_as_long_as_tcp_does() {
    let service = format!("[service.bank]\nservers = 9\ntime = \"300ms\"\n{FAR}\n");
    let run = shop("250s", "{ service = \"bank\" }", &(service + &fault("gone", FAR, "3.2s", "4s")));
    assert_eq!(run.requests.failed_by_cause["connection_timeout"], 5.0);
}

/// Requests are at the bucket from 87 to 287 ms after each second. That of 3 s is under way when it is lost at 3.2 s; what was put is there.
#[test]
fn a_bucket_is_lost_with_its_region_and_keeps_its_objects() {
    let bucket = format!(
        "[s3.files]\nobject = \"1MB\"\nfirst_byte = \"200ms\"\nbandwidth = \"1000Gbit/s\"\nhop = \"0s\"\n{FAR}\n"
    );
    let run = shop("2s", "{ put = \"files\" }", &(bucket.clone() + &fault("gone", FAR, "3.2s", "4s")));
    assert_eq!(answered(&run), (5.0, 5.0));
    assert_eq!((run.buckets[0].puts, (run.buckets[0].stored_gb * 1.073741824).round_ties_even()), (5.0, 0.0));
    assert!((run.buckets[0].stored_gb * f64::from(1 << 30) - 5e6).abs() < 1.0);
    let zone = fault("gone", &format!("zone = \"a\"\n{FAR}"), "3.2s", "4s");
    assert_eq!(answered(&shop("2s", "{ put = \"files\" }", &(bucket + &zone))), (10.0, 0.0));
}

/// Messages come to the queue 92 ms after each second; those of 1, 2 and 3 s are there when it is lost at 3.2 s, and one of them is worked on. Its
/// worker, in Seoul, finds nobody to delete it; it comes back, and all that were sent are worked on in the end.
#[test]
fn a_queue_is_lost_with_its_region_and_keeps_its_messages() {
    let queue = format!(
        "[queue.jobs]\nworkers = \"hands\"\ntime = \"5s\"\npollers = 1\nvisibility_timeout = \"60s\"\n{FAR}\n\
         [fleet.hands]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n"
    );
    let send = "{ send = \"jobs\" }";
    let run = shop("2s", send, &(queue.clone() + &fault("gone", FAR, "3.2s", "4s")));
    assert_eq!(answered(&run), (6.0, 4.0));
    let it = &run.queues[0];
    assert_eq!((it.sent, it.deleted, it.visible, it.in_flight), (6.0, 6.0, 0.0, 0.0));
    assert!(it.again >= 1.0, "{it:?}");
    let deleted = &run.timeline.queues[0].deleted;
    assert!(deleted[..130].iter().all(|it| *it == 0.0), "its worker has tried for 127 s: {deleted:?}");
    let zone = fault("gone", &format!("zone = \"a\"\n{FAR}"), "3.2s", "4s");
    assert_eq!(answered(&shop("2s", send, &(queue + &zone))), (10.0, 0.0));
}

/// A message that waits in a lost queue is delivered to nobody who waited there, and to those who come when it is back.
#[test]
fn who_waits_at_a_lost_queue_gets_nothing() {
    let queue = format!("[queue.jobs]\ndelivery_delay = \"4s\"\n{FAR}\n");
    let more = "[traffic.get]\nrate = [[\"0s\", \"1/s\"], [\"1500ms\", \"1/s\"], [\"1500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
                requests = \"get\"\n[request.get]\nvia = \"web\"\nsteps = [{ receive = \"jobs\", wait = \"20s\" }]\n";
    let queue = queue + more;
    let run = shop("100s", "{ send = \"jobs\" }", &queue);
    let received = |run: &Outcome| run.timeline.queues[0].deleted.iter().position(|it| *it > 0.0);
    assert_eq!(received(&run), Some(5), "sent at 1.092 s, and visible at 5.092 s");
    let run = shop("100s", "{ send = \"jobs\" }", &(queue + &fault("gone", FAR, "3.2s", "4s")));
    assert_eq!((received(&run), run.queues[0].visible, run.queues[0].received), (None, 6.0, 0.0));
}

/// Copies are 87 ms on their way. Those of 1 to 3 s are there when the queue is lost at 3.2 s; those of 4 to 7 s find it lost, and come with a later
/// try: that of 4.005 s is tried 4.395 s later for the first time after the queue is back at 7.2 s.
#[test]
fn a_topic_delivers_to_a_queue_of_another_region_when_that_is_back() {
    let topic = format!("[topic.news]\nqueues = [\"jobs\"]\n[queue.jobs]\nlatency = \"10ms\"\n{FAR}\n");
    let send = "{ send = \"news\" }";
    let run = shop("2s", send, &topic);
    let backlog = |run: &Outcome, row: usize| run.timeline.queues[0].backlog[row];
    assert!((backlog(&run, 1) - (1.0 - 0.092)).abs() < 1e-6, "{}", backlog(&run, 1));
    assert_eq!((run.queues[0].sent, run.latency_ms.max.round()), (10.0, 10.0));
    let run = shop("2s", send, &(topic.clone() + &fault("gone", FAR, "3.2s", "4s")));
    assert_eq!(answered(&run), (10.0, 0.0));
    assert_eq!((backlog(&run, 4), backlog(&run, 6)), (3.0, 3.0));
    let sent: Vec<f64> = run.timeline.queues[0].sent[7..12].to_vec();
    // 7.005 s + 1 s = 8.092 s; 6.005 s + 2 s = 8.092 s; 5.005 s + 3 s = 8.092 s; 4.005 s + 4.395 s = 8.487 s; and those of 8 to 10 s.
    assert_eq!(sent, [0.0, 5.0, 1.0, 1.0, 0.0]);
    assert_eq!(run.queues[0].sent, 10.0);
    // The Region of the topic is lost with the shop, and nothing is sent.
    let lost = shop("2s", send, &(topic + &fault("gone", "region = \"ap-northeast-2\"", "3.2s", "400s")));
    assert_eq!(lost.queues[0].sent, 3.0);
}

/// A worker in another Region than its queue: its answer takes 5 ms and 87 ms, and so do its call to delete and what it was sent with.
#[test]
fn a_worker_is_as_far_from_its_queue() {
    let queue = "[queue.jobs]\nworkers = \"hands\"\ntime = \"1ms\"\npollers = 1\nwait = \"20s\"\nlatency = \"10ms\"\n\
         [fleet.hands]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n".to_owned();
    let age =
        |more: &str| shop("2s", "{ send = \"jobs\" }", &(queue.clone() + more)).queues[0].age_ms.max.round();
    assert_eq!((age(""), age(FAR)), (11.0, 185.0));
}

/// A policy is where its caller is.
#[test]
fn a_policy_around_a_call_is_no_way_to_another_region() {
    let more = format!(
        "[traffic.far]\nrequests = \"far\"\nrate = \"1/s\"\ninterarrival = \"1s\"\n[request.far]\nvia = \"web-us\"\n\
         steps = [{{ service = \"bank\", timeout = \"1s\" }}]\n[service.bank]\nservers = 9\ntime = \"5ms\"\n{FAR}\n\
         [fleet.web-us]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{FAR}\n"
    );
    let run = shop("2s", "{ delay = \"1ms\" }", &more);
    let far = run.classes.iter().find(|it| it.name == "far").unwrap();
    assert_eq!(far.latency_ms.max.round(), 5.0);
}

/// A client says itself how far it is from a bucket that it asks.
#[test]
fn a_bucket_that_clients_ask_is_as_far_as_they_say() {
    let text = "region = \"ap-northeast-2\"\nduration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\ninterarrival = \"1s\"\n\
                client = { round_trip = \"6ms\" }\n[request.page]\nvia = \"files\"\n\
                [s3.files]\nregion = \"us-east-1\"\nfirst_byte = \"100ms\"\nobject = \"0B\"\nhop = \"0s\"\n";
    let run = run(text, 1);
    assert!(run.latency_ms.max < 110.0, "{}", run.latency_ms.max);
}

/// Queues and topics in another Region use what is named for it there.
#[test]
fn a_name_stands_for_a_queue_of_its_region() {
    let more = format!(
        "[traffic.far]\nrequests = \"far\"\nrate = \"1/s\"\ninterarrival = \"1s\"\n[request.far]\nvia = \"web-us\"\n\
         steps = [{{ send = \"jobs\" }}]\n[queue.jobs]\n[queue.jobs-us]\n{FAR}\n\
         [fleet.web-us]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{FAR}\n[instead.us-east-1]\njobs = \"jobs-us\"\n"
    );
    let run = shop("2s", "{ send = \"jobs\" }", &more);
    assert_eq!(run.queues.iter().map(|it| it.sent).collect::<Vec<_>>(), [10.0, 299.0]);
}

/// Two faults of one Region that overlap are one loss, from 3.2 s to 7.2 s.
#[test]
fn losses_of_a_region_that_overlap_are_one() {
    let service = format!("[service.bank]\nservers = 9\ntime = \"300ms\"\n{FAR}\n");
    let faults = fault("gone", FAR, "3.2s", "2s") + &fault("too", FAR, "4.7s", "2.5s");
    let run = shop("2s", "{ service = \"bank\" }", &(service + &faults));
    assert_eq!(answered(&run), (5.0, 5.0));
}

/// Every request that comes to the firewall is blocked: those of 4 to 7 s do not come there, because the balancer that it stands before is lost.
#[test]
fn a_firewall_is_lost_with_its_balancer() {
    let text = format!(
        "region = \"us-east-1\"\nduration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\n\
         rate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
         client = {{ round_trip = \"0s\", timeout = \"1s\", retries = 0 }}\n[request.page]\nvia = \"front\"\nsteps = [{{ delay = \"1ms\" }}]\n\
         [firewall.wall]\nbefore = \"front\"\nrules = [{{ matches = {{ all = \"100%\" }} }}]\n\
         [balancer.front]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n{}",
        fault("gone", FAR, "3.2s", "4s")
    );
    let causes = run(&text, 1).requests.failed_by_cause;
    assert_eq!((causes["http_403"], causes["client_timeout"]), (6.0, 4.0));
}
