//! Buckets that clients ask themselves: a website, uploads.

use simcap::outcome::Outcome;

use crate::run::run;

/// Ten requests a second by the name of a bucket, for 100 s.
fn entered(class: &str) -> Outcome {
    run(
        &format!(
            "duration = \"100s\"\nregion = \"us-east-1\"\n[client]\nround_trip = \"30ms\"\n[traffic.all]\nrate = \"10/s\"\n\
             interarrival = \"100ms\"\n[request.page]\nvia = \"assets\"\n{class}\n[s3.assets]\nfirst_byte = \"20ms\"\n\
             bandwidth = \"80 Mbit/s\"\nhop = \"1ms\"\n"
        ),
        1,
    )
}

/// Gigabytes that went to the internet.
fn to_the_internet(outcome: &Outcome) -> f64 {
    let items = outcome
        .bill
        .items
        .iter()
        .filter(|item| item.service == "DataTransfer" && item.unit_price_usd == 0.09);
    items.map(|item| item.quantity).sum()
}

/// Each answer is 1 MB: 100 ms at 80 Mbit/s, 20 ms to the first byte, 2 ms to S3 and back, 30 ms from the client and back. A thousand of
/// them are a gigabyte on the internet.
#[test]
fn a_client_that_asks_a_bucket_is_answered_over_the_internet() {
    let outcome = entered("response_size = \"1 MB\"");
    let latency = &outcome.latency_ms;
    assert!((latency.p50 - 152.0).abs() < 1.0, "{latency:?}");
    let bucket = &outcome.buckets[0];
    assert!((bucket.gets - 998.0).abs() <= 2.0 && bucket.puts == 0.0, "{bucket:?}");
    assert!((to_the_internet(&outcome) - bucket.gets / 1e3).abs() < 0.003, "{}", to_the_internet(&outcome));
}

/// A POST is an upload: it writes what the request brings, and its answer is as small as the class says.
#[test]
fn a_client_that_posts_writes_an_object() {
    let outcome = entered("method = \"POST\"\nrequest_size = \"2 MB\"\nresponse_size = \"0 B\"");
    let bucket = &outcome.buckets[0];
    assert!(bucket.puts > 990.0 && bucket.gets == 0.0, "{bucket:?}");
    assert!((bucket.stored_gb * f64::from(1 << 30) / 2e6 - bucket.puts).abs() < 1e-6);
    assert_eq!(to_the_internet(&outcome), 0.0);
}

/// A step of a tier at the same bucket stays in its Region: only the answers of the tier go to the internet.
#[test]
fn what_a_tier_reads_is_free_to_transfer() {
    let text = "duration = \"100s\"\nregion = \"us-east-1\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
                [request.page]\nvia = \"web\"\nresponse_size = \"0 B\"\nsteps = [{ get = \"assets\", size = \"5 MB\" }]\n\
                [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n[s3.assets]\n";
    let outcome = run(text, 1);
    assert!(outcome.buckets[0].sent_gb > 4.0);
    assert_eq!(to_the_internet(&outcome), 0.0);
}
