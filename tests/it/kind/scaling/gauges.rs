//! Scaling on the backlog for each instance, and on gauges of any kind.

use crate::kind::decisions;
use crate::run::run;

/// The example of the EC2 Auto Scaling user guide: 1,500 messages and 10 instances are 150 each; with a target of 100, five
/// more are needed. A call with ten messages every 396 ms makes 151 of them in a minute; ten messages are in flight.
#[test]
fn fifteen_hundred_messages_for_ten_instances_need_five_more() {
    for metric in
        ["backlog_per_instance", "queue.orders.backlog_per_instance", "fleet.worker.backlog_per_instance"]
    {
        let text = format!(
            "duration = \"61s\"\n[traffic.all]\ninterarrival = \"396ms\"\n\
             [request.order]\nsteps = [{{ send = \"orders\", messages = 10 }}]\n\
             [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nvisibility_timeout = \"2h\"\ntime = \"1h\"\n\
             [fleet.worker]\ninstance = \"m5.large\"\nmin = 10\nmax = 100\n\
             scaling = [{{ target_tracking = {{ metric = \"{metric}\", target = 100, high = {{ periods = 1, delay = \"0s\" }} }} }}]\n"
        );
        let run = run(&text, 1);
        assert_eq!(decisions(&run), [(60.0, 10, 15)], "{metric}");
        assert!(run.scaling[0].cause.contains("backlog per instance 150.0 above the target 100"));
    }
}

/// Nothing receives, so the oldest message of 10 s is 110 s old at 120 s, where the second point is above 60.
#[test]
fn a_fleet_scales_on_the_age_of_another_kinds_messages() {
    let text = "duration = \"150s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n\
                [queue.orders]\nlatency = \"0s\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
                scaling = [{ step = { metric = \"queue.orders.age\", above = 60, delay = \"10s\", steps = [{ from = 0, change = \"+2\" }] } }]\n";
    assert_eq!(decisions(&run(text, 1)), [(130.0, 1, 3)]);
}

/// Two servers, of which one is busy for 50 of the first 60 s: 41.7 %; of the second minute, the whole: 50 %.
#[test]
fn a_gauge_of_a_station_is_the_mean_of_its_period() {
    let policy = |above: f64| {
        let text = format!(
            "duration = \"130s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.pay]\nsteps = [{{ service = \"pay\" }}]\n\
             [service.pay]\nservers = 2\ntime = \"10s\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
             scaling = [{{ simple = {{ metric = \"service.pay.busy\", above = {above}, delay = \"0s\", change = \"+1\", cooldown = \"1h\" }} }}]\n"
        );
        decisions(&run(&text, 1))
    };
    assert_eq!(policy(41.6), [(60.0, 1, 2)]);
    assert_eq!(policy(41.7), [(120.0, 1, 2)]);
    assert_eq!(policy(50.1), []);
}

/// Each request holds one of four threads for 30 s, and one comes every 10 s: three are busy as a minute ends.
#[test]
fn a_fleet_scales_on_its_busy_threads() {
    let policy = |above: u32| {
        let text = format!(
            "duration = \"65s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.page]\nvia = \"web\"\nsteps = [{{ delay = \"30s\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\nthreads = 4\n\
             scaling = [{{ simple = {{ metric = \"fleet.web.threads_busy\", at_least = {above}, delay = \"0s\", change = \"+1\" }} }}]\n"
        );
        decisions(&run(&text, 1))
    };
    assert_eq!(policy(75), [(60.0, 1, 2)]);
    assert_eq!(policy(76), []);
}
