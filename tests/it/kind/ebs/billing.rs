//! The bill of volumes, by hand.

use simcap::outcome::Outcome;

use super::asked;

/// (unit price, quantity) of a line.
fn line(outcome: &Outcome, what: &str) -> (f64, f64) {
    let item = outcome.bill.items.iter().find(|item| item.service == "EBS" && item.what == what);
    item.map_or((0.0, 0.0), |item| (item.unit_price_usd, item.quantity))
}

const STEP: &str = "{ read_volume = \"disk\", size = \"1 KiB\" }";

/// Three volumes of 73 GiB for half an hour, one for the rest: 3 x 0.5 + 0.5 = 2 hours of 730, each 73 GB: 0.2 GB-months. The two that leave drain for no time.
#[test]
fn volumes_are_billed_from_the_launch_of_their_instance_until_it_is_gone() {
    let fleet = "min = 1\nmax = 3\ndesired = 3\nschedule = [{ at = \"30m\", desired = 1 }]";
    let run = asked(1.0, "1h", fleet, STEP, "size = \"73 GiB\"");
    let (price, quantity) = line(&run, "gp3 storage");
    assert_eq!(price, 0.0912);
    let hours = run.bill.items.iter().find(|it| it.what.contains("instance-hours")).unwrap().quantity;
    assert!((quantity - hours * 73.0 / 730.0).abs() < 1e-9, "{quantity} {hours}");
    // Until the targets are drained, five minutes later at most.
    assert!((0.2..=0.2 + 0.1 * 2.0 / 12.0 + 1e-6).contains(&quantity), "{quantity}");
    // Kept volumes are billed to the end.
    let kept = asked(1.0, "1h", fleet, STEP, "size = \"73 GiB\"\ndelete_on_termination = false");
    assert!((line(&kept, "gp3 storage").1 - 0.3).abs() < 1e-9);
}

/// Two volumes for an hour: gp3 of 5,000 I/Os pays 2,000 of them and of 365 MiB/s 240; io2 pays all 7,300; gp2 pays its size alone.
#[test]
fn what_is_provisioned_is_billed() {
    let of = |ebs: &str| asked(1.0, "1h", "instances = 2", STEP, ebs);
    let gp3 = of("iops = 5000\nthroughput = \"365 MiB/s\"\nsize = \"100 GiB\"");
    let close = |line: (f64, f64), price: f64, quantity: f64| {
        assert!(line.0 == price && (line.1 - quantity).abs() < 1e-9, "{line:?} {price} {quantity}");
    };
    close(line(&gp3, "gp3 storage"), 0.0912, 200.0 / 730.0);
    close(line(&gp3, "gp3 IOPS"), 0.0057, 4_000.0 / 730.0);
    close(line(&gp3, "gp3 throughput"), 0.0456, 480.0 / 730.0);
    let io2 = of("type = \"io2\"\niops = 7300\nsize = \"73 GiB\"");
    close(line(&io2, "io2 IOPS"), 0.0741, 20.0);
    close(line(&io2, "io2 storage"), 0.1425, 0.2);
    // Of 70,000 I/Os of io2 the first 32,000 and the next cost more than the last 6,000.
    let large = of("type = \"io2\"\niops = 70000\nsize = \"730 GiB\"");
    close(line(&large, "io2 IOPS"), 0.0741, 2.0 * 32_000.0 / 730.0);
    close(line(&large, "io2 IOPS next 32000"), 0.052_44, 2.0 * 32_000.0 / 730.0);
    close(line(&large, "io2 IOPS over 64000"), 0.036_48, 2.0 * 6_000.0 / 730.0);
    let gp2 = of("type = \"gp2\"\nsize = \"730 GiB\"");
    close(line(&gp2, "gp2 storage"), 0.114, 2.0);
    assert_eq!(gp2.bill.items.iter().filter(|item| item.service == "EBS").count(), 1);
}

/// A volume that nothing uses is billed too.
#[test]
fn volumes_are_billed_without_use() {
    let run = asked(1.0, "1h", "instances = 1", "{ cpu = \"1ms\" }", "size = \"73 GiB\"");
    assert!((line(&run, "gp3 storage").1 - 0.1).abs() < 1e-9);
}
