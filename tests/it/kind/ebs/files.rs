//! Which instance has which file.

use super::asked;

const WRITE: &str = "{ write_volume = \"disk\", size = \"1 KiB\", keys = { count = 1, zipf = 0 } }";
const READ: &str = "{ read_volume = \"disk\", size = \"1 KiB\", keys = { count = 1, zipf = 0 } }";

/// Each request writes the only file and reads it again, on its own instance: it is there, as its own write is the last one. Requests come one after the other.
#[test]
fn who_has_written_a_file_reads_it() {
    let run = asked(10.0, "60s", "instances = 4", &format!("{WRITE}, {READ}"), "");
    assert_eq!(run.block_volumes[0].missing, 0.0);
    assert_eq!(run.requests.failed, 0.0);
}

/// Requests go to the instances in turn. Each reads the only file, then writes it: with one instance it is always there; with two it is always on the other one, but for the first read,
/// when nobody has written it yet. 599 requests come, at 100 ms, 200 ms and so on. Who does not find it does not write it either: so the first writes, the second fails, the third finds its own.
#[test]
fn what_one_instance_has_written_the_others_do_not_have() {
    let of = |instances: u32, step: &str| {
        let run = asked(10.0, "60s", &format!("instances = {instances}"), step, "");
        (run.block_volumes[0].missing, run.requests.failed, super::failed(&run, "http_404"))
    };
    let read_and_write = format!("{READ}, {WRITE}");
    assert_eq!(of(1, &read_and_write), (0.0, 0.0, 0.0));
    // Each second one comes to the other instance.
    assert_eq!(of(2, &read_and_write), (299.0, 299.0, 299.0));
    // Of four instances three have none: the first, the fifth and so on find it, 150 in all.
    assert_eq!(of(4, &read_and_write), (449.0, 449.0, 449.0));
    // What nobody writes is everywhere, and what has no name is never looked for.
    assert_eq!(of(4, READ), (0.0, 0.0, 0.0));
    let nameless =
        "{ read_volume = \"disk\", size = \"1 KiB\" }, { write_volume = \"disk\", size = \"1 KiB\" }";
    assert_eq!(of(4, nameless), (0.0, 0.0, 0.0));
}

/// Many files, uploads that are spread over the instances, and reads of what was uploaded: with n instances a read finds it with probability 1/n. Files of 100 are all written after
/// a while.
#[test]
fn a_read_finds_a_new_file_once_in_as_many_times_as_there_are_instances() {
    let text = super::text(400.0, "120s", "instances = 5", "{ cpu = \"0s\" }", "").replace(
        "[request.page]\nvia = \"front\"\nsteps = [{ cpu = \"0s\" }]",
        "requests = { view = 50, upload = 50 }\n[client]\nround_trip = \"0s\"\n[keys.photos]\ncount = 100\nzipf = 0\n\
         [request.view]\nvia = \"front\"\nsteps = [{ read_volume = \"disk\", keys = \"photos\" }]\n\
         [request.upload]\nvia = \"front\"\nsteps = [{ write_volume = \"disk\", keys = \"photos\" }]",
    );
    let text = text.replacen("[client]\nround_trip = \"0s\"\ntimeout = \"10m\"\n", "", 1);
    let run = crate::run::run(&text, 3);
    let reads = run.block_volumes[0].files_read + run.block_volumes[0].missing;
    // In the first seconds some are not written yet: of 100 files by 200 uploads a second half a second's worth is left after each half second.
    let early = 60.0;
    let by_hand = 0.8 * reads;
    let deviation = (reads * 0.2 * 0.8).sqrt();
    let missing = run.block_volumes[0].missing;
    assert!(
        missing > by_hand - early - 3.29 * deviation && missing < by_hand + 3.29 * deviation,
        "{missing} {by_hand}"
    );
}

/// A schedule takes two instances of three at 30 s. Each had written its share of 30 files by then, which are lost; whoever looks for them finds nothing.
#[test]
fn files_are_lost_with_their_instance() {
    let fleet = "min = 1\nmax = 3\ndesired = 3\nschedule = [{ at = \"30s\", desired = 1 }]";
    let step = "{ write_volume = \"disk\", size = \"1 KiB\", keys = { count = 1000000, zipf = 0 } }";
    let run = asked(10.0, "10m", fleet, step, "");
    let lost = run.block_volumes[0].lost;
    // 300 requests until then, 100 for each instance; what comes while they drain is left.
    assert!((lost - 200.0).abs() <= 4.0, "{lost}");
    assert_eq!(run.block_volumes[0].missing, 0.0);
}

/// One instance, a file each tenth of a second from 0.1 s on, each another one. It dies at 30 s, and is gone when its group notices. What is lost goes back to the first file: RPO; with
/// a volume that stays nothing is lost.
#[test]
fn what_is_lost_goes_back_to_the_first_of_it() {
    let fleet = "min = 1\nmax = 1\n";
    let step = "{ write_volume = \"disk\", size = \"1 KiB\", keys = { count = 1000000, zipf = 0 } }";
    let fault = "[fault.death]\nfleet = \"web\"\neffect = \"dies\"\nat = \"30s\"\n";
    let of = |ebs: &str| {
        let text = super::text(10.0, "5m", fleet, step, ebs);
        crate::run::run(&format!("{text}{fault}"), 1)
    };
    let run = of("");
    let recovery = run.recovery.as_ref().unwrap();
    let lost = run.block_volumes[0].lost;
    // Two files of the same name among 300 of a million are unlikely; what was under way is not stored.
    assert!((lost - 299.0).abs() <= 1.0, "{lost}");
    assert_eq!(recovery.lost_writes, lost);
    let back = recovery.rpo_s;
    assert!((30.0..150.0).contains(&back), "{back}");
    let kept = of("delete_on_termination = false");
    assert_eq!(kept.block_volumes[0].lost, 0.0);
}
