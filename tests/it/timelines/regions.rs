//! Two Regions: how long ways between them take, what a name stands for in each, what is lost with one, and what its prices are.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten requests, one a second, to a shop in Seoul; N. Virginia is 174 ms away, there and back, by the table of Regions.
fn shop(steps: &str, more: &str) -> Outcome {
    let text = format!(
        "region = \"ap-northeast-2\"\nduration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\n\
         rate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{steps}]\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{more}"
    );
    run(&text, 1)
}

const FAR: &str = "region = \"us-east-1\"";

fn mean_ms(run: &Outcome) -> f64 {
    assert_eq!((run.requests.completed, run.requests.failed), (10.0, 0.0));
    (run.latency_ms.mean * 1e3).round() / 1e3
}

#[test]
fn a_call_to_another_region_takes_the_way_there_and_back() {
    let more = |region: &str| {
        format!(
            "[balancer.to-api]\ntargets = \"api\"\nhop = \"1ms\"\nhealth_check = {{ cpu = \"0s\" }}\n\
             [fleet.api]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{region}\n"
        )
    };
    let call = "{ call = \"to-api\", steps = [{ delay = \"10ms\" }] }";
    assert_eq!(mean_ms(&shop(call, &more(""))), 12.0);
    assert_eq!(mean_ms(&shop(call, &more(FAR))), 186.0);
    let direct = "{ call = \"api\", steps = [{ delay = \"10ms\" }] }";
    assert_eq!(mean_ms(&shop(direct, &more(FAR))), 184.0);
}

#[test]
fn a_service_in_another_region_is_as_far() {
    let service = format!("[service.bank]\nservers = 9\ntime = \"5ms\"\nhop = \"1ms\"\n{FAR}\n");
    assert_eq!(mean_ms(&shop("{ service = \"bank\" }", &service)), 181.0);
}

/// A statement goes there and back; a transaction of two statements does so for each, and for its commit.
#[test]
fn each_statement_of_a_transaction_goes_to_the_other_region() {
    let database = format!(
        "[database.shop]\nengine = \"mysql\"\nwriter = \"db.m5.large\"\nhop = \"0s\"\ncommit = \"4ms\"\n{FAR}\n[fleet.web.pools]\nshop = 10\n"
    );
    let read = "{ read = \"shop\", demand = \"2ms\" }";
    assert_eq!(mean_ms(&shop(read, &database)), 176.0);
    let both = "{ transaction = \"shop\", steps = [{ read = \"2ms\" }, { write = \"2ms\" }] }";
    assert_eq!(mean_ms(&shop(both, &database)), 3.0 * 174.0 + 8.0);
}

/// A hit is one round trip. A miss goes back for what it lacks, and there again to fill: two.
#[test]
fn a_miss_in_another_region_comes_home_for_what_it_lacks() {
    let cache = |ratio: &str| {
        format!(
            "[cache.redis]\nengine = \"redis\"\nnode = \"cache.m5.large\"\nhop = \"0s\"\ncommand = \"1ms\"\nhit_ratio = \"{ratio}\"\n{FAR}\n"
        )
    };
    let look = "{ cache = \"redis\", miss = { delay = \"10ms\" } }";
    let run = |ratio| mean_ms(&shop(look, &cache(ratio)));
    let work = run("100%") - 174.0;
    assert!(work > 0.0 && work < 2.0, "{work}");
    assert!((run("0%") - (2.0 * (174.0 + work) + 10.0)).abs() < 1e-3);
}

/// One request in two Regions: in each it uses what is there.
#[test]
fn a_name_stands_for_another_one_in_its_region() {
    let more = format!(
        "[traffic.far]\nrequests = \"far\"\nrate = \"1/s\"\ninterarrival = \"1s\"\n\
         [request.far]\nvia = \"web-us\"\nsteps = [{{ service = \"bank\" }}]\n\
         [service.bank]\nservers = 9\ntime = \"5ms\"\nhop = \"0s\"\n[service.bank-us]\nservers = 9\ntime = \"7ms\"\nhop = \"0s\"\n{FAR}\n\
         [fleet.web-us]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{FAR}\n[instead.us-east-1]\nbank = \"bank-us\"\n"
    );
    let run = shop("{ service = \"bank\" }", &more);
    let class = |name: &str| run.classes.iter().find(|class| class.name == name).unwrap();
    assert_eq!(class("page").latency_ms.max.round(), 5.0);
    assert_eq!(class("far").latency_ms.max.round(), 7.0);
    assert_eq!(run.services.iter().map(|it| it.served).collect::<Vec<_>>(), [10.0, 99.0]);
}

/// A Region that is lost takes all that has a place in its zones, and nothing else.
#[test]
fn a_region_is_lost_with_all_of_its_zones_and_no_other() {
    let more = format!(
        "[traffic.far]\nrequests = \"far\"\nrate = \"10/s\"\n[request.far]\nvia = \"to-us\"\nsteps = [{{ delay = \"1ms\" }}]\n\
         [balancer.to-us]\ntargets = \"web-us\"\n[fleet.web-us]\ninstance = \"m5.large\"\ninstances = 4\nazs = 2\n{FAR}\n\
         [fault.gone]\n{FAR}\nat = \"2s\"\nfor = \"20s\"\n"
    );
    let run = shop("{ delay = \"1ms\" }", &more);
    let class = |name: &str| run.classes.iter().find(|class| class.name == name).unwrap();
    assert_eq!((class("page").requests.completed, class("page").requests.failed), (10.0, 0.0));
    assert!(class("far").requests.failed > 100.0, "{}", class("far").requests.failed);
    let told: Vec<&str> = run.incidents.iter().map(|it| it.text.as_str()).collect();
    assert!(
        told.contains(&"Region us-east-1 is lost") && told.contains(&"Region us-east-1 is back"),
        "{told:?}"
    );
    let zones = ["2 instances lost with zone us-east-1a", "2 instances lost with zone us-east-1b"];
    assert!(zones.iter().all(|zone| told.contains(zone)), "{told:?}");
}

/// An m5.large is 0.118 dollars an hour in Seoul, and 0.096 in N. Virginia.
#[test]
fn what_is_in_another_region_has_its_prices() {
    let more = format!("[fleet.web-us]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{FAR}\n");
    let run = shop("{ delay = \"1ms\" }", &more);
    let price = |name: &str| run.bill.items.iter().find(|it| it.resource == name).map(|it| it.unit_price_usd);
    assert_eq!((price("web"), price("web-us")), (Some(0.118), Some(0.096)));
}
