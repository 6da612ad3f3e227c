//! Bytes that go to the internet, from which Region, and what they cost: 0.126 dollars a GB from Seoul, 0.09 from N. Virginia.

use std::collections::BTreeMap;

use simcap::outcome::Outcome;

use crate::run::{run, scenario};

/// Gigabytes to the internet, by the price of one.
fn sent(run: &Outcome) -> BTreeMap<String, f64> {
    let items = run.bill.items.iter().filter(|it| it.price == "DataTransfer/internet-out/first-10TB");
    items.map(|it| (format!("{}", it.unit_price_usd), (it.quantity * 1e6).round() / 1e6)).collect()
}

fn of<const N: usize>(by_price: [(&str, f64); N]) -> BTreeMap<String, f64> {
    by_price.into_iter().map(|(price, gigabytes)| (price.to_owned(), gigabytes)).collect()
}

/// A hundred requests, each answered with 1 MB, by a path that a test writes.
fn shop(request: &str, more: &str) -> Outcome {
    run(
        &format!(
            "region = \"us-east-1\"\nduration = \"200s\"\nbucket = \"1s\"\n[traffic.all]\nrate = [[\"0s\", \"1/s\"], [\"100500ms\", \"1/s\"], [\"100500ms\", \"0/s\"]]\n\
             interarrival = \"1s\"\n[request.page]\nresponse_size = \"1MB\"\n{request}\n{more}\n"
        ),
        1,
    )
}

fn fleet(name: &str, region: &str) -> String {
    format!(
        "[balancer.to-{name}]\ntargets = \"{name}\"\n[fleet.{name}]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{region}\n"
    )
}

const SEOUL: &str = "region = \"ap-northeast-2\"";

/// 0.1 GB from the only fleet, wherever that is.
#[test]
fn answers_are_charged_where_they_come_from() {
    let request = "via = \"to-web\"\nsteps = [{ delay = \"1ms\" }]";
    assert_eq!(sent(&shop(request, &fleet("web", ""))), of([("0.09", 0.1)]));
    assert_eq!(sent(&shop(request, &fleet("web", SEOUL))), of([("0.126", 0.1)]));
}

/// Nobody asks anew for a name that is kept for a day: a resolver of each client draws one of two records. What goes from each Region adds up to all.
#[test]
fn each_region_is_charged_for_its_own_answers() {
    let names = "[dns.www]\npolicy = \"weighted\"\nrecords = [{ to = \"to-web\", weight = 1 }, { to = \"to-far\", weight = 1 }]\n";
    let request = "via = \"www\"\nsteps = [{ delay = \"1ms\" }]";
    let run = shop(request, &format!("{names}{}{}", fleet("web", ""), fleet("far", SEOUL)));
    let found = sent(&run);
    let passed = |balancer: &str| {
        let of = run.balancers.iter().find(|it| it.name == balancer).unwrap();
        (of.requests * 1e3).round() / 1e6
    };
    let by_hand = of([("0.09", passed("to-web")), ("0.126", passed("to-far"))]);
    assert_eq!(found, by_hand);
    assert!((found.values().sum::<f64>() - 0.1).abs() < 1e-9, "{found:?}");
}

/// A file of the list, 100 of 1 MB, from a bucket that clients ask themselves.
#[test]
fn a_bucket_is_charged_where_it_is() {
    let bucket = |region: &str| format!("[s3.assets]\nobject = \"1MB\"\n{region}\n");
    let request = "via = \"assets\"";
    assert_eq!(sent(&shop(request, &bucket(""))), of([("0.09", 0.1)]));
    assert_eq!(sent(&shop(request, &bucket(SEOUL))), of([("0.126", 0.1)]));
}

/// A hundred requests of 2 MB to what is outside of AWS are 0.2 GB on top of answers of 0.1; what comes back is free.
#[test]
fn what_is_sent_outside_is_charged() {
    let request = "via = \"to-web\"\nsteps = [{ service = \"payment\", request_size = \"2MB\", response_size = \"5MB\" }]";
    let service = |outside: &str| {
        format!("[service.payment]\ntime = \"1ms\"\nservers = 10\n{outside}\n{}", fleet("web", ""))
    };
    assert_eq!(sent(&shop(request, &service(""))), of([("0.09", 0.1)]));
    assert_eq!(sent(&shop(request, &service("outside = true"))), of([("0.09", 0.3)]));
}

/// A price with a Region before it is for that Region alone, and one without for all others.
#[test]
fn a_price_of_the_file_may_be_for_one_region() {
    let two = format!("{}{}", fleet("web", ""), fleet("far", SEOUL));
    let prices = |own: &str| {
        let run = shop(
            "via = \"to-web\"\nsteps = [{ call = \"to-far\", steps = [{ delay = \"1ms\" }] }]",
            &format!("{two}[prices]\n{own}"),
        );
        let of =
            |name: &str| run.bill.items.iter().find(|it| it.resource == name).map(|it| it.unit_price_usd);
        (of("web"), of("far"))
    };
    assert_eq!(prices(""), (Some(0.096), Some(0.118)));
    assert_eq!(prices("\"EC2/m5.large\" = 0.2"), (Some(0.2), Some(0.2)));
    assert_eq!(prices("\"ap-northeast-2/EC2/m5.large\" = 0.3"), (Some(0.096), Some(0.3)));
    assert_eq!(
        prices("\"EC2/m5.large\" = 0.2\n\"ap-northeast-2/EC2/m5.large\" = 0.3"),
        (Some(0.2), Some(0.3))
    );
}

/// What has no price says in which Region, and how to write one for that.
#[test]
fn a_missing_price_names_its_region() {
    let file = format!(
        "region = \"us-east-1\"\nduration = \"1m\"\ntraffic.a.rate = \"1/s\"\n[request.page]\nvia = \"to-web\"\nsteps = [{{ delay = \"1ms\" }}]\n{}",
        fleet("web", "region = \"eu-west-1\"")
    );
    let missing = simcap::bill::missing_prices(&scenario(&file));
    let of_fleet: Vec<_> = missing.iter().filter(|(_, key)| key.starts_with("EC2/")).collect();
    assert_eq!(of_fleet, [&("eu-west-1".to_owned(), "EC2/m5.large".to_owned())]);
}

/// The nodes and the storage of the second Region cost what it costs there. A db.r6g.large of Aurora MySQL is $0.313 an hour in Seoul and
/// $0.26 in N. Virginia, and a GB of storage $0.12 and $0.10 a month.
#[test]
fn a_second_region_of_a_database_has_its_own_prices() {
    let database = "[database.shop]\nwriter = \"db.r6g.large\"\nstorage = \"100 GiB\"\nglobal = { region = \"ap-northeast-2\" }\n";
    let request = "via = \"to-web\"\nsteps = [{ read = \"shop\", demand = \"1ms\" }]";
    let web = fleet("web", "pools = { shop = 5 }");
    let run = shop(request, &format!("{web}{database}"));
    let prices = |word: &str| {
        let items = run.bill.items.iter().filter(|it| it.resource == "shop" && it.what.contains(word));
        items.map(|it| (it.what.contains("second"), it.unit_price_usd)).collect::<Vec<_>>()
    };
    assert_eq!(prices("instance-hours"), [(false, 0.26), (true, 0.313)]);
    assert_eq!(prices("storage"), [(false, 0.1), (true, 0.12)]);
}
