//! What a distribution is charged for.

use super::{NEAR, every_second, run};

/// A hundred requests of 20 MB: 2 GB to clients of Seoul at $0.12, and a hundredth of 10,000 requests at $0.012; nothing goes to the internet
/// from the origin.
#[test]
fn what_is_sent_is_charged_by_the_gigabyte_and_the_request() {
    let settings = format!("{NEAR}default = {{ origin = \"web\" }}");
    let run = run(&every_second(100, "response_size = \"20 MB\"", &settings, "{ delay = \"1ms\" }"), 1);
    let of = |price: &str| {
        let item = run.bill.items.iter().find(|item| item.price == price);
        item.map_or((0.0, 0.0), |item| (item.quantity, item.usd))
    };
    let near = |(quantity, usd): (f64, f64), expected: (f64, f64)| {
        assert!((quantity - expected.0).abs() < 1e-9 && (usd - expected.1).abs() < 1e-9, "{quantity} {usd}");
    };
    near(of("CloudFront/asia-pacific/out/first-10TB"), (2.0, 0.24));
    near(of("CloudFront/asia-pacific/https-requests"), (0.01, 0.00012));
    near(of("CloudFront/asia-pacific/to-origin"), (0.0, 0.0));
    near(of("DataTransfer/internet-out/first-10TB"), (0.0, 0.0));
}

/// What is posted is charged on its way to the origin: 100 requests of 10 MB are 1 GB, at $0.06. Of what is compressed to a quarter, a quarter
/// is sent.
#[test]
fn what_is_sent_to_an_origin_is_charged_too() {
    let settings = format!("{NEAR}default = {{ origin = \"web\", compress = \"25%\" }}");
    let sizes = "method = \"PUT\"\nrequest_size = \"10 MB\"\nresponse_size = \"4 MB\"";
    let run = run(&every_second(100, sizes, &settings, "{ delay = \"1ms\" }"), 1);
    let usd =
        |price: &str| run.bill.items.iter().find(|item| item.price == price).map_or(0.0, |item| item.usd);
    assert!((usd("CloudFront/asia-pacific/to-origin") - 0.06).abs() < 1e-9);
    assert!((usd("CloudFront/asia-pacific/out/first-10TB") - 0.1 * 0.12).abs() < 1e-9);
}

/// 10 GB in two minutes are 219,000 GB in a month of 730 hours: of the first tier, the next 40 TB, the next 100 TB, and the next 350 TB.
#[test]
fn a_month_fills_its_tiers_one_after_the_other() {
    let settings = format!("{NEAR}default = {{ origin = \"web\" }}");
    let run = run(&every_second(60, "response_size = \"166666667 B\"", &settings, "{ delay = \"1ms\" }"), 1);
    let month = |name: &str| {
        let price = format!("CloudFront/asia-pacific/out/{name}");
        run.bill.items.iter().find(|item| item.price == price).map_or(0.0, |item| item.month_usd)
    };
    let close =
        |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-6, "{found} {expected}");
    close(month("first-10TB"), 10_240.0 * 0.12);
    close(month("next-40TB"), 40_960.0 * 0.10);
    close(month("next-100TB"), 102_400.0 * 0.095);
    close(month("next-350TB"), (219_000.0 - 153_600.0) * 0.09);
}
