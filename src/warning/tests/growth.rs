//! Traffic that rises faster than a balancer grows.

use super::*;

#[test]
fn a_spike_is_held_against_the_growth_of_a_balancer() {
    // 1 + 30 KiB × 1,000/s are 114 capacity units; five minutes before there were 100/s.
    let enough = [
        "fleet.web.max=20",
        "database.db.max_connections=2000",
        "service.pay.servers=200",
        "database.db.replication={ appliers = 9 }",
    ];
    let with = |traffic: &'static str| codes(&[&enough[..], &[traffic]].concat());
    let steep = with(
        "traffic.all={ rate = [['0m', '100/s'], ['30m', '100/s'], ['31m', '1000/s']], requests = 'page' }",
    );
    assert_eq!(steep, [(Code::SteeperThanAlb, "balancer.lb".to_owned())]);
    // At once is the steepest rise of all, however long the rate was what it was.
    let step =
        ["traffic.all={ rate = [['0m', '100/s'], ['30m', '100/s'], ['30m', '1000/s']], requests = 'page' }"];
    let step = found(HEALTHY, &[&enough[..], &step].concat());
    assert_eq!(step.len(), 1, "{step:?}");
    assert!(
        step[0]
            .message
            .starts_with("traffic at balancer `lb` rises from 100/s to 1,000/s within 5 minutes, by 30m;"),
        "{step:?}"
    );
    // For two seconds there are 10,000/s: over a minute 430/s, which are 48 units. For half a minute they are 5,050/s and 560.
    let burst = |lasts: &str| {
        let rate = format!(
            "traffic.all={{ rate = [['0m', '100/s'], ['30m', '100/s'], ['30m', '10000/s'], ['30m{lasts}', '10000/s'], ['30m{lasts}', '100/s'], ['60m', '100/s']], requests = 'page' }}"
        );
        let found = found(HEALTHY, &[&enough[..], &[rate.as_str()]].concat());
        found
            .into_iter()
            .filter(|it| it.code == Code::SteeperThanAlb)
            .map(|it| it.message)
            .collect::<Vec<_>>()
    };
    assert_eq!(burst("2s"), [""; 0]);
    let [half] = &burst("30s")[..] else { panic!("a rise of half a minute is not named") };
    assert!(half.contains("rises from 100/s to 5,050/s"), "{half}");
    // Uploads count as answers do: 300 KiB + 1 KiB × 900/s are 999 units, though the answers alone would be 3.
    let uploads =
        "traffic.all={ rate = [['0m', '50/s'], ['30m', '50/s'], ['30m30s', '900/s']], requests = 'page' }";
    let sizes = ["request.page.request_size=300 KiB", "request.page.response_size=1 KiB", uploads];
    let found_of = |overrides: &[&str]| found(HEALTHY, &[&enough[..], overrides].concat());
    let steep = found_of(&sizes).into_iter().find(|it| it.code == Code::SteeperThanAlb);
    assert!(steep.is_some_and(|it| it.hint.contains("about 999 capacity units")));
    // Twice as much every five minutes is what it can do, also in steps.
    assert_eq!(
        with(
            "traffic.all={ rate = [['0m', '250/s'], ['10m', '250/s'], ['10m', '500/s'], ['15m', '500/s'], ['15m', '1000/s']], requests = 'page' }"
        ),
        []
    );
    let gentle = "traffic.all={ rate = [['0m', '250/s'], ['10m', '250/s'], ['15m', '500/s'], ['20m', '1000/s']], requests = 'page' }";
    assert_eq!(with(gentle), []);
    // A step at once from nothing to little needs no reservation; what the cache had at the start has expired by then.
    assert_eq!(
        with("traffic.all={ rate = [['0m', '10/s'], ['30m', '10/s'], ['30m', '500/s']], requests = 'page' }"),
        [(Code::WarmCacheExpires, "cache.redis.ttl".to_owned())]
    );
}
