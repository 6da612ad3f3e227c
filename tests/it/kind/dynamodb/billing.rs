//! The bill of tables, by hand.

use crate::run::run;

/// What is billed of DynamoDB: what, unit price and quantity.
fn billed(text: &str) -> Vec<(String, f64, f64)> {
    let bill = run(text, 1).bill;
    let items = bill.items.iter().filter(|item| item.service == "DynamoDB");
    items.map(|item| (item.what.clone(), item.unit_price_usd, item.quantity)).collect()
}

fn of(all: &[(String, f64, f64)], what: &str) -> (f64, f64) {
    let found = all.iter().find(|it| it.0 == what).unwrap_or_else(|| panic!("{what} is not in {all:?}"));
    (found.1, found.2)
}

fn text(region: &str, table: &str) -> String {
    format!(
        "duration = \"1h\"\nregion = \"{region}\"\n[traffic.readers]\nrate = \"100/s\"\ninterarrival = \"10ms\"\nrequests = \"read\"\n\
         [traffic.writers]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nrequests = \"write\"\n\
         [request.read]\nsteps = [{{ get_item = \"baskets\" }}]\n\
         [request.write]\nsteps = [{{ put_item = \"baskets\", keys = {{ count = 10, zipf = 0 }} }}]\n\
         [dynamodb.baskets]\nread_time = \"1ms\"\nwrite_time = \"1ms\"\n{table}\n"
    )
}

/// For an hour 100 a second are read, half a unit each, and ten a second written, a unit each; 730 GiB are stored. In N. Virginia: 0.18 million units at $0.125,
/// 0.036 million at $0.625, and 1 GB-month at $0.25.
#[test]
fn requests_and_storage_are_billed_to_the_cent() {
    let all = billed(&text("us-east-1", "storage = \"730 GiB\""));
    let (price, reads) = of(&all, "read request units");
    assert!(price == 0.125 && (reads - 0.18).abs() < 1e-5, "{all:?}");
    let (price, writes) = of(&all, "write request units");
    assert!(price == 0.625 && (writes - 0.036).abs() < 1e-5, "{all:?}");
    let (price, stored) = of(&all, "storage");
    assert!(price == 0.25 && (stored - 1.0).abs() < 1e-9, "{all:?}");
    let usd: f64 = all.iter().map(|it| it.1 * it.2).sum();
    assert!((usd - (0.18 * 0.125 + 0.036 * 0.625 + 0.25)).abs() < 1e-4, "{usd}");
    // In Seoul.
    let all = billed(&text("ap-northeast-2", ""));
    assert_eq!((of(&all, "read request units").0, of(&all, "write request units").0), (0.1355, 0.68));
}

/// Provisioned units are billed by the hour, used or not.
#[test]
fn provisioned_units_are_billed_by_the_hour() {
    let all = billed(&text("ap-northeast-2", "read_units = 2000\nwrite_units = 50"));
    assert_eq!(of(&all, "provisioned read units").0, 0.00014098);
    assert!((of(&all, "provisioned read units").1 - 2_000.0).abs() < 1e-6, "{all:?}");
    let (price, hours) = of(&all, "provisioned write units");
    assert!(price == 0.0007049 && (hours - 50.0).abs() < 1e-6, "{all:?}");
    assert!(all.iter().all(|it| !it.0.contains("request units")));
}

/// What is throttled is free, and so is what DAX answers; its nodes have hours.
#[test]
fn what_does_not_come_through_is_free() {
    let small = "max_throughput = { read = 10 }\nretries = 0";
    let outcome = run(&text("us-east-1", small), 1);
    let table = &outcome.dynamo_tables[0];
    assert!(table.given_up > 200_000.0, "{table:?}");
    let all = billed(&text("us-east-1", small));
    assert!((of(&all, "read request units").1 * 1e6 - table.read_units).abs() < 1e-3, "{all:?}");
    let dax = text("us-east-1", "dax = { nodes = 2 }")
        .replace("{ get_item = \"baskets\" }", "{ get_item = \"baskets\", keys = { count = 10, zipf = 0 } }");
    let all = billed(&(dax + "[prices]\n\"DynamoDB/dax.r5.large\" = 0.3\n"));
    assert!(
        (of(&all, "dax.r5.large node-hours").1 - 2.0).abs() < 1e-9
            && of(&all, "dax.r5.large node-hours").0 == 0.3
    );
    // Ten keys miss each 5 minutes.
    assert!(of(&all, "read request units").1 * 1e6 < 150.0, "{all:?}");
}

/// Without a key an item is a new one, and stored from then on: a GiB in an hour, at a constant rate, is half of it on the mean.
#[test]
fn what_is_written_without_a_key_is_stored() {
    let file = text("us-east-1", "item = \"256 KiB\"\npartition = { write = 40000 }\nread_time = \"1ms\"")
        .replace("\nread_time = \"1ms\"\nwrite_time", "\nwrite_time");
    let new =
        file.replace("put_item = \"baskets\", keys = { count = 10, zipf = 0 }", "put_item = \"baskets\"");
    let outcome = run(&new, 1);
    let gib = 36_000.0 * 256.0 / 1_024.0 / 1_024.0;
    let table = &outcome.dynamo_tables[0];
    assert!((table.stored_gb - gib).abs() < 0.01, "{table:?}");
    let all = billed(&new);
    assert!((of(&all, "storage").1 * 730.0 - gib / 2.0).abs() < 0.01, "{all:?}");
    assert_eq!(run(&file, 1).dynamo_tables[0].stored_gb, 0.0);
    // What is deleted is not stored any more.
    let both = new.replace(
        "{ put_item = \"baskets\" }",
        "{ put_item = \"baskets\" }, { delete_item = \"baskets\", item = \"128 KiB\" }",
    );
    assert!((run(&both, 1).dynamo_tables[0].stored_gb - gib / 2.0).abs() < 0.01);
}

/// Writes to a global table are replicated ones in both Regions, and bytes go from one to the other.
#[test]
fn a_global_table_is_billed_in_both_regions() {
    let more = "replica = { to = \"far\", lag = \"1s\" }\n[dynamodb.far]\nregion = \"ap-northeast-2\"\n";
    let outcome = run(&text("us-east-1", more), 1);
    let items = |of: &str| {
        let mut own = outcome
            .bill
            .items
            .iter()
            .filter(|it| it.resource == of && it.what == "replicated write request units");
        own.next().map(|it| it.quantity).unwrap()
    };
    assert!((items("baskets") - 0.036).abs() < 1e-4 && (items("far") - 0.036).abs() < 1e-4);
    let bytes = outcome.bill.items.iter().find(|it| it.what == "from us-east-1 to ap-northeast-2").unwrap();
    assert!((bytes.quantity - 36_000.0 * 1_024.0 / 1e9).abs() < 1e-4, "{bytes:?}");
}
