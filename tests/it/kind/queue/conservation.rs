//! Nothing is lost: what came is what went and what is there, counted one by one.

use simcap::outcome::Outcome;

use crate::run::run;

fn is_conserved(run: &Outcome) {
    for queue in &run.queues {
        let came = queue.sent + queue.taken_over;
        let went = queue.deleted + queue.dead_lettered + queue.expired;
        let there = queue.delayed + queue.visible + queue.in_flight;
        assert_eq!(came, went + there, "{queue:?}");
        assert!(queue.received >= queue.deleted && queue.again <= queue.received, "{queue:?}");
    }
    let requests = &run.requests;
    assert_eq!(requests.arrived, requests.completed + requests.failed + requests.in_flight);
}

/// Everything at once: topics, both types, delays, short visibility timeouts, failures, dead letters, little retention, a
/// limit in flight, workers that come and go, impatient clients.
#[test]
fn messages_are_conserved_whatever_happens_to_them() {
    let text = r#"
        duration = "20m"
        [client]
        timeout = "80ms"
        retries = 2
        [traffic.all]
        rate = [["0m", "20/s"], ["5m", "120/s"], ["10m", "5/s"], ["20m", "40/s"]]
        requests = { order = 3, news = 1, pull = 0.05 }
        [request.order]
        via = "web"
        steps = [{ cpu = "2ms" }, { send = "orders", messages = 2 }, { cpu = "1ms" }]
        [request.news]
        steps = [{ send = "all" }]
        [request.pull]
        steps = [{ receive = "audit", messages = 5, wait = "1s", steps = [{ service = "pay" }] }]
        [topic.all]
        queues = ["orders", "audit", "ledger"]
        [queue.orders]
        visibility_timeout = "2s"
        dead_letter = "dead"
        max_receive_count = 2
        workers = "worker"
        pollers = 4
        batch = 5
        in_flight = 30
        wait = "1s"
        steps = [{ cpu = "20ms" }, { service = "pay" }, { send = "ledger" }]
        [queue.audit]
        delivery_delay = "5s"
        retention = "60s"
        visibility_timeout = "3s"
        [queue.ledger]
        type = "fifo"
        calls = "40/s"
        groups = { count = 50, zipf = 1 }
        workers = "worker"
        batch = 10
        delete = "batch"
        visibility_timeout = "4s"
        priority = 1
        steps = [{ call = "lb", steps = [{ cpu = "30ms" }, { delay = "exponential 200ms" }] }]
        [queue.dead]
        retention = "5m"
        workers = "worker"
        priority = 2
        time = "exponential 1s"
        [balancer.lb]
        targets = "web"
        idle_timeout = "1s"
        [service.pay]
        servers = 3
        queue = 5
        patience = "exponential 100ms"
        time = "exponential 40ms"
        [fleet.web]
        instance = "m5.large"
        instances = 3
        threads = 20
        timetable = [["0s", 3], ["7m", 1], ["9m", 4]]
        [fleet.worker]
        instance = "m5.large"
        instances = 6
        timetable = [["0s", 2], ["4m", 6], ["8m", 1], ["12m", 5]]
    "#;
    for seed in 1..=3 {
        for stop_timeout in ["90s", "0s"] {
            let text =
                text.replace("in_flight = 30", &format!("in_flight = 30\nstop_timeout = \"{stop_timeout}\""));
            let run = run(&text, seed);
            is_conserved(&run);
            let [orders, audit, ledger, dead] = &run.queues[..] else { panic!() };
            // The scenario does have all of it.
            assert!(orders.failed > 0.0 && orders.again > 0.0 && orders.dead_lettered > 0.0);
            assert!(
                audit.expired > 0.0 && ledger.throttled > 0.0 && ledger.deleted > 0.0 && ledger.failed > 0.0
            );
            assert!(dead.deleted > 0.0 && dead.taken_over == orders.dead_lettered);
        }
    }
}
