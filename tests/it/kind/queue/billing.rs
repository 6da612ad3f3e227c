//! The bill of queues, by hand.

use crate::run::run;

/// What is billed of an AWS service at a price, rounded: requests, as prices are those of a million.
pub fn quantity(text: &str, service: &str, price: f64) -> f64 {
    let bill = run(text, 1).bill;
    let items = bill.items.iter().filter(|item| item.service == service && item.unit_price_usd == price);
    (items.map(|item| item.quantity).sum::<f64>() * 1e6).round()
}

/// Messages of 100 KiB are two requests to send and two to receive, one to delete; a call with three is five.
#[test]
fn requests_are_billed_by_64_kib() {
    let text = |kind: &str, messages: u32| {
        format!(
            "duration = \"55s\"\n[traffic.all]\ninterarrival = \"10s\"\n\
             [request.order]\nsteps = [{{ send = \"orders\", messages = {messages} }}]\n\
             [fleet.worker]\ninstance = \"m5.large\"\ninstances = 1\n\
             [queue.orders]\ntype = \"{kind}\"\nmessage_size = \"100 KiB\"\nworkers = \"worker\"\nwait = \"20s\"\nbatch = 10\n\
             delete = \"batch\"\ntime = \"1s\"\n"
        )
    };
    assert_eq!(quantity(&text("standard", 1), "SQS", 0.4), 5.0 * (2.0 + 2.0 + 1.0));
    assert_eq!(quantity(&text("fifo", 3), "SQS", 0.5), 5.0 * (5.0 + 5.0 + 1.0));
}

/// A poller that does not wait asks each second: 60 requests in a minute, for nothing.
#[test]
fn empty_receives_are_billed() {
    let text = "duration = \"60s\"\n[traffic.all]\ninterarrival = \"100s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n\
                [fleet.worker]\ninstance = \"m5.large\"\ninstances = 1\n\
                [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\ntime = \"1s\"\n";
    assert_eq!(quantity(text, "SQS", 0.4), 60.0);
}

/// A balancer carries the calls of workers as it does those of requests.
#[test]
fn the_calls_of_workers_are_metered_by_their_balancer() {
    let call = "{ call = \"lb\", steps = [{ cpu = \"1ms\" }] }";
    let units = |steps: &str, work: &str| {
        let text = format!(
            "duration = \"10m\"\n[traffic.all]\ninterarrival = \"100ms\"\n[request.order]\nsteps = [{steps}]\n\
             [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nsteps = [{work}]\n\
             [balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n\
             [fleet.worker]\ninstance = \"m5.large\"\ninstances = 2\n"
        );
        let bill = run(&text, 1).bill;
        let items = bill.items.iter().filter(|item| item.unit == "LCU-hour");
        items.map(|item| item.quantity).sum::<f64>()
    };
    let (direct, by_workers) = (units(call, "{ delay = \"1ms\" }"), units("{ send = \"orders\" }", call));
    assert!(direct > 0.0 && (by_workers / direct - 1.0).abs() < 1e-3, "{direct} {by_workers}");
    assert_eq!(units("{ send = \"orders\" }", "{ delay = \"1ms\" }"), 0.0);
}
