//! The bill of buckets, by hand.

use crate::run::run;

/// What is billed of S3: (unit price, quantity).
fn billed(text: &str) -> Vec<(f64, f64)> {
    let bill = run(text, 1).bill;
    let items = bill.items.iter().filter(|item| item.service == "S3");
    items.map(|item| (item.unit_price_usd, item.quantity)).collect()
}

/// For an hour ten a second are read and one is written and listed; 730 GiB are stored. In Seoul a GB-month is $0.025, so the hour of 730
/// is $0.025; 36,000 reads at $0.00035 a thousand are $0.0126; 7,200 writes and lists at $0.0045 are $0.0324. Deletions are free.
#[test]
fn storage_and_requests_are_billed_to_the_cent() {
    let text = "duration = \"1h\"\nregion = \"ap-northeast-2\"\n\
                [traffic.readers]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nrequests = \"read\"\n\
                [traffic.writers]\nrate = \"1/s\"\ninterarrival = \"1s\"\nrequests = \"write\"\n\
                [request.read]\nsteps = [{ get = \"assets\" }]\n\
                [request.write]\nsteps = [{ put = \"assets\", size = \"0 B\" }, { list = \"assets\" }, { delete = \"assets\", size = \"0 B\" }]\n\
                [s3.assets]\nstorage = \"730 GiB\"\nfirst_byte = \"1ms\"\n";
    let all = billed(text);
    let of = |price: f64| all.iter().find(|(unit, _)| *unit == price).unwrap().1;
    assert!((of(0.025) - 1.0).abs() < 1e-9, "{all:?}");
    assert!((of(0.00035) - 36.0).abs() < 0.01, "{all:?}");
    assert!((of(0.0045) - 7.2).abs() < 0.01, "{all:?}");
    let usd: f64 = all.iter().map(|(price, quantity)| price * quantity).sum();
    assert!((usd - (0.025 + 0.0126 + 0.0324)).abs() < 1e-4, "{usd}");
}

/// What is refused is free.
#[test]
fn a_request_that_was_refused_is_free() {
    let text = "duration = \"10s\"\nregion = \"ap-northeast-2\"\n[traffic.all]\nrate = \"200/s\"\ninterarrival = \"5ms\"\n[request.read]\n\
                steps = [{ get = \"assets\" }]\n[s3.assets]\nreads = \"100/s\"\nfirst_byte = \"0s\"\nhop = \"0s\"\nobject = \"0 B\"\n";
    let outcome = run(text, 1);
    let bucket = &outcome.buckets[0];
    assert!((bucket.gets - 1_010.0).abs() <= 2.0 && bucket.refused > 980.0, "{bucket:?}");
    let reads = outcome.bill.items.iter().find(|item| item.unit_price_usd == 0.00035).unwrap();
    assert!((reads.quantity * 1e3 - bucket.gets).abs() < 1e-6, "{reads:?}");
}

/// A gibibyte a second for 1,024 s is put into an empty bucket: over the second half of 2,048 s all of it is there, over the first half of
/// it. So 768 GiB on the mean, for 2,048 s of a month of 730 hours. A tenth of it is deleted at once.
#[test]
fn what_is_put_is_stored_from_then_on() {
    let text = |steps: &str| {
        format!(
            "duration = \"2048s\"\nregion = \"ap-northeast-2\"\n[traffic.all]\nrate = [[\"0s\", \"1/s\"], [\"1024s\", \"1/s\"], [\"1024s\", \"0/s\"]]\n\
             interarrival = \"1s\"\n[request.write]\nsteps = [{steps}]\n[s3.assets]\nfirst_byte = \"0s\"\nhop = \"0s\"\n\
             bandwidth = \"100000 Gbit/s\"\n"
        )
    };
    let stored = |steps: &str| {
        let outcome = run(&text(steps), 1);
        let storage = outcome.bill.items.iter().find(|item| item.unit_price_usd == 0.025).unwrap();
        (outcome.buckets[0].stored_gb, storage.quantity * 730.0 * 3_600.0 / 2_048.0)
    };
    let (at_end, mean) = stored("{ put = \"assets\", size = \"1 GiB\" }");
    assert!((at_end - 1_024.0).abs() <= 1.0 && (mean - 768.0).abs() < 2.0, "{at_end} {mean}");
    let (at_end, mean) =
        stored("{ put = \"assets\", size = \"1 GiB\" }, { delete = \"assets\", size = \"0.5 GiB\" }");
    assert!((at_end - 512.0).abs() <= 1.0 && (mean - 384.0).abs() < 1.0, "{at_end} {mean}");
}
