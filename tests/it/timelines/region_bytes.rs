//! Bytes that leave a Region for another one, and what they cost: 0.08 dollars a GB from Seoul, 0.02 from N. Virginia.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten requests of 2,000 bytes, answered with 10,000, to a shop in Seoul.
fn shop(steps: &str, more: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\n\
             rate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
             [request.page]\nvia = \"web\"\nrequest_size = \"2kB\"\nresponse_size = \"10kB\"\nsteps = [{steps}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{more}\n"
        ),
        1,
    )
}

const FAR: &str = "region = \"us-east-1\"";

/// Bytes from Seoul to N. Virginia and back, whose prices are checked.
fn bytes(run: &Outcome) -> (f64, f64) {
    assert_eq!(run.requests.completed, 10.0);
    let way = |from: &str, to: &str, price: f64| {
        let item = run.bill.items.iter().find(|it| it.what == format!("from {from} to {to}"));
        item.map_or(0.0, |item| {
            assert_eq!((item.service.as_str(), item.unit_price_usd), ("DataTransfer", price));
            (item.quantity * 1e9).round()
        })
    };
    (way("ap-northeast-2", "us-east-1", 0.08), way("us-east-1", "ap-northeast-2", 0.02))
}

#[test]
fn a_call_pays_for_its_request_and_its_answer() {
    let fleet =
        |region: &str| format!("[fleet.api]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{region}");
    let call = "{ call = \"api\", steps = [{ delay = \"1ms\" }] }";
    assert_eq!(bytes(&shop(call, &fleet(FAR))), (20_000.0, 100_000.0));
    assert_eq!(bytes(&shop(call, &fleet(""))), (0.0, 0.0));
    let balancer =
        format!("[balancer.to-api]\ntargets = \"api\"\nhealth_check = {{ cpu = \"0s\" }}\n{}", fleet(FAR));
    assert_eq!(bytes(&shop(&call.replace("\"api\"", "\"to-api\""), &balancer)), (20_000.0, 100_000.0));
}

#[test]
fn a_station_pays_for_what_its_step_says() {
    let service = format!("[service.bank]\nservers = 9\ntime = \"5ms\"\n{FAR}");
    let step = "{ service = \"bank\", request_size = \"300B\", response_size = \"700B\" }";
    assert_eq!(bytes(&shop(step, &service)), (3_000.0, 7_000.0));
}

/// An object of a megabyte goes there or comes back; a list and a deletion have none.
#[test]
fn objects_pay_for_their_way() {
    let bucket = format!("[s3.files]\nobject = \"1MB\"\n{FAR}");
    let of = |verb: &str| bytes(&shop(&format!("{{ {verb} = \"files\" }}"), &bucket));
    assert_eq!(["put", "get", "list", "delete"].map(of), [(1e7, 0.0), (0.0, 1e7), (0.0, 0.0), (0.0, 0.0)]);
}

/// A hit brings a value; a miss sends one, if it fills; so does a `set`.
#[test]
fn values_of_a_cache_pay_for_their_way() {
    let cache = |ratio: &str| {
        format!("[cache.redis]\nnode = \"cache.m5.large\"\nitem = \"2kB\"\nhit_ratio = \"{ratio}\"\n{FAR}")
    };
    let look = |more: &str| format!("{{ cache = \"redis\", {more}miss = {{ delay = \"1ms\" }} }}");
    assert_eq!(bytes(&shop(&look(""), &cache("100%"))), (0.0, 20_000.0));
    assert_eq!(bytes(&shop(&look(""), &cache("0%"))), (20_000.0, 0.0));
    assert_eq!(bytes(&shop(&look("fill = false, "), &cache("0%"))), (0.0, 0.0));
}

/// 1,024 bytes for each statement; a commit of its own has none.
#[test]
fn statements_pay_for_their_results() {
    let database = format!(
        "[database.shop]\nengine = \"mysql\"\nwriter = \"db.m5.large\"\n{FAR}\n[fleet.web.pools]\nshop = 10\n"
    );
    assert_eq!(bytes(&shop("{ read = \"shop\", demand = \"1ms\" }", &database)), (0.0, 10_240.0));
    assert_eq!(bytes(&shop("{ write = \"shop\", demand = \"1ms\" }", &database)), (0.0, 10_240.0));
    let both = "{ transaction = \"shop\", steps = [{ read = \"1ms\" }, { write = \"1ms\" }] }";
    assert_eq!(bytes(&shop(both, &database)), (0.0, 20_480.0));
}

/// Each commit is sent as one write of 4 KB. After the switchover at 5.5 s the other Region sends: it takes 1 s, and writes at 6.5 s. Meanwhile
/// requests wait, and afterwards their results come from there.
#[test]
fn the_log_of_a_second_region_pays_for_its_way() {
    let database = "[database.shop]\nwriter = \"db.r6g.large\"\ndns_ttl = \"0s\"\n\
         global = { region = \"us-east-1\", lag = \"100ms\", switchover = \"1s\" }\n[fleet.web.pools]\nshop = { writer = 10, reader = 10, timeout = \"60s\" }\n";
    let write = "{ write = \"shop\", demand = \"1ms\" }";
    assert_eq!(bytes(&shop(write, database)), (40_960.0, 0.0));
    let switch = "[fault.switch]\ndatabase = \"shop\"\neffect = \"switches-over\"\nat = \"5.5s\"\n";
    let moved = shop(write, &format!("{database}{switch}"));
    assert_eq!(bytes(&moved), (5.0 * 4_096.0, 5.0 * (4_096.0 + 1_024.0)));
}

/// Ten messages of 3,000 bytes go to a queue there, and come back to its worker. A topic pays for what goes to a queue in another Region, once.
#[test]
fn messages_pay_for_their_way() {
    let queue = |region: &str| format!("[queue.jobs]\nmessage_size = \"3kB\"\n{region}\n");
    let worker = "workers = \"hands\"\ntime = \"1ms\"\npollers = 1\n[fleet.hands]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n";
    let send = "{ send = \"jobs\" }";
    assert_eq!(bytes(&shop(send, &queue(FAR))), (30_000.0, 0.0));
    assert_eq!(bytes(&shop(send, &(queue(FAR) + worker))), (30_000.0, 30_000.0));
    assert_eq!(bytes(&shop(send, &(queue("") + worker + FAR))), (30_000.0, 0.0));
    let topic = "[topic.news]\nqueues = [\"jobs\", \"near\"]\n[queue.near]\nmessage_size = \"3kB\"\n";
    assert_eq!(bytes(&shop("{ send = \"news\" }", &(queue(FAR) + topic))), (30_000.0, 0.0));
    let far_topic = topic.replace("queues", &format!("{FAR}\nqueues"));
    // All go to the topic there, and one copy comes back.
    assert_eq!(bytes(&shop("{ send = \"news\" }", &(queue(FAR) + &far_topic))), (30_000.0, 30_000.0));
}

/// What clients send and get is data to the internet.
#[test]
fn clients_pay_for_nothing_between_regions() {
    let run = run(
        "region = \"ap-northeast-2\"\nduration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"files\"\n\
         [s3.files]\nregion = \"us-east-1\"\n",
        1,
    );
    assert!(run.bill.items.iter().all(|it| !it.what.starts_with("from ")), "{:?}", run.bill.items);
}

/// Between N. Virginia and Ohio a GB costs half as much.
#[test]
fn a_way_may_have_a_price_of_its_own() {
    let run = run(
        "region = \"us-east-1\"\nduration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\ninterarrival = \"1s\"\n[request.page]\nvia = \"web\"\n\
         steps = [{ put = \"files\" }]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n\
         [s3.files]\nregion = \"us-east-2\"\nobject = \"1MB\"\n",
        1,
    );
    let item = run.bill.items.iter().find(|it| it.what == "from us-east-1 to us-east-2").unwrap();
    assert_eq!((item.unit_price_usd, (item.quantity * 1e9).round()), (0.01, 9e6));
}
