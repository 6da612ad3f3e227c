//! Where clients go by where they are. What each policy answers is tested beside it, in `src/kind/dns/answer.rs`.

use crate::run::run;

/// Clients in Seoul and in Paris, and a record in each Region.
fn everywhere(dns: &str) -> simcap::outcome::Outcome {
    let fleet = "instance = \"m5.large\"\ninstances = 1\n";
    run(
        &format!(
            "duration = \"60s\"\n[location.seoul]\nnear = \"ap-northeast-2\"\n[location.paris]\nnear = \"eu-west-3\"\n\
             [traffic.seoul]\nrate = \"10/s\"\nrequests = \"page\"\nclient = {{ from = \"seoul\" }}\n[traffic.paris]\nrate = \"10/s\"\n\
             requests = \"page\"\nclient = {{ from = \"paris\" }}\n[request.page]\nvia = \"shop\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [fleet.a]\n{fleet}[fleet.b]\n{fleet}[dns.shop]\n{dns}\n"
        ),
        1,
    )
}

/// Requests by each record.
fn by_record(run: &simcap::outcome::Outcome) -> Vec<f64> {
    let sum = |rows: &[f64]| (rows.iter().sum::<f64>() * 100.0).round() / 100.0;
    let rows = run.timeline.domains[0].records.iter();
    let row_s = run.timeline.time_s[1] - run.timeline.time_s[0];
    rows.map(|it| (sum(&it.requests) * row_s).round()).collect()
}

#[test]
fn clients_go_to_the_nearest_region() {
    let run = everywhere(
        "policy = \"latency\"\nrecords = [{ to = \"a\", region = \"ap-northeast-1\" }, { to = \"b\", region = \"eu-west-1\" }]",
    );
    let [seoul, paris] = by_record(&run)[..] else { panic!() };
    assert_eq!(seoul + paris, run.requests.arrived);
    assert!(seoul > 500.0 && paris > 500.0);
    let item = run.bill.items.iter().find(|it| it.price == "Route53/latency-queries-first-1B");
    assert!(item.is_some_and(|it| it.quantity > 0.0));
}

/// Without a record for them or for all, clients get no answer, and their lookup is charged for.
#[test]
fn clients_without_a_record_get_no_answer() {
    let run = everywhere(
        "ttl = \"0s\"\npolicy = \"geolocation\"\nrecords = [{ to = \"a\", country = \"KR\" }, { to = \"b\", continent = \"NA\" }]",
    );
    let name = &run.domains[0];
    assert_eq!(name.unanswered, run.requests.failed_by_cause["no_dns_answer"]);
    assert_eq!(by_record(&run)[0] + name.unanswered, run.requests.arrived);
    assert!(name.unanswered > 400.0);
    assert_eq!((name.queries, name.billed), (run.requests.arrived, run.requests.arrived));
}
