//! A sweep on several machines: however its runs are shared out, its bytes are the same.

use std::fs;
use std::path::Path;

use super::{GRID, Place, text, written};

fn shard(place: &Place, index: usize, count: usize) -> String {
    let output = place.sweep(&["--shard", &format!("{index}/{count}"), "--out", &format!("parts-{count}")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn shards(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| super::is_shard(path)).collect();
    found.sort();
    found
}

/// One process, one shard, as many shards as there are runs, and more than that.
#[test]
fn any_number_of_shards_gives_the_bytes_of_one_process() {
    let place = Place::new();
    assert_eq!(place.sweep(&["--out", "whole"]).status.code(), Some(0));
    let whole = written(&place.path("whole"));
    for count in [1, 2, 3, 7, 24, 40] {
        // The last first: the order is no matter.
        (0..count).rev().for_each(|index| drop(shard(&place, index, count)));
        let parts = format!("parts-{count}");
        assert_eq!(shards(&place.path(&parts)).len(), count);
        let output = place.simcap().args(["merge", &parts, "--out", "merged"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(written(&place.path("merged")), whole, "{count} shards");
    }
}

#[test]
fn a_shard_that_is_there_is_not_made_again() {
    let place = Place::new();
    assert!(shard(&place, 1, 3).starts_with("Shard 1 of 3 is done: "));
    let file = shards(&place.path("parts-3")).remove(0);
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.ends_with(".00001-of-00003.json.gz"), "{name}");
    let before = (fs::read(&file).unwrap(), file.metadata().unwrap().modified().unwrap());
    assert!(shard(&place, 1, 3).starts_with("Shard 1 of 3 is there already: "));
    assert_eq!((fs::read(&file).unwrap(), file.metadata().unwrap().modified().unwrap()), before);
    // A damaged one is.
    fs::write(&file, &before.0[..before.0.len() / 2]).unwrap();
    assert!(shard(&place, 1, 3).starts_with("Shard 1 of 3 is done: "));
    assert_eq!(fs::read(&file).unwrap(), before.0);
}

#[test]
fn a_merge_names_what_is_missing_and_refuses_what_does_not_belong_together() {
    let place = Place::new();
    for index in [0, 1, 2, 4, 8] {
        shard(&place, index, 9);
    }
    let merge = |code: i32| {
        let output = place.simcap().args(["merge", "parts-9"]).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        said
    };
    let said = merge(1);
    assert!(said.contains("missing shards: 3,5-7"), "{said}");
    assert!(said.contains("sbatch --array=3,5-7"), "{said}");
    // One of another study, then one of another number of shards.
    let parts = place.path("parts-9");
    let other =
        ["sweep", "shop.toml", "--set", "service.desk.servers=2..5", "--shard", "3/9", "--out", "parts-9"];
    assert_eq!(place.simcap().args(other).output().unwrap().status.code(), Some(0));
    assert!(merge(2).contains("shards of different studies"));
    let strangers: Vec<_> = shards(&parts);
    let stranger = strangers.iter().find(|it| it.to_str().unwrap().contains("00003-of")).unwrap();
    fs::remove_file(stranger).unwrap();
    shard(&place, 0, 2);
    let half = shards(&place.path("parts-2")).remove(0);
    fs::copy(&half, parts.join(half.file_name().unwrap())).unwrap();
    assert!(merge(2).contains("shards of different studies"));
    fs::remove_file(parts.join(half.file_name().unwrap())).unwrap();
    // A name that is not its own, and a cut file.
    let first = shards(&parts).remove(0);
    let renamed = first.to_str().unwrap().replace("00000-of", "00003-of");
    fs::copy(&first, &renamed).unwrap();
    assert!(merge(1).contains("it is not what its name says"));
    fs::remove_file(&renamed).unwrap();
    let bytes = fs::read(&first).unwrap();
    fs::write(&first, &bytes[..bytes.len() - 9]).unwrap();
    assert!(merge(1).contains("is damaged or of another simcap"));
    fs::remove_dir_all(&parts).unwrap();
    assert!(merge(1).contains("cannot read"));
    fs::create_dir(&parts).unwrap();
    assert!(merge(2).contains("no shard is in"));
}

/// Machines may have the file under another path: that is the same study.
#[test]
fn a_study_is_the_same_under_another_path_of_its_file() {
    let place = Place::new();
    let absolute = place.path("shop.toml");
    for (index, file) in ["shop.toml", "./shop.toml", absolute.to_str().unwrap()].iter().enumerate() {
        let shard = format!("{index}/3");
        let args = ["sweep", file, "--set", "service.desk.servers=2..4", "--runs", "1", "--shard", &shard];
        let output = place.simcap().args(args).args(["--out", "parts"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let output = place.simcap().args(["merge", "parts"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// Seeds belong to runs: what a shard keeps of a run is what any other process keeps of it.
#[test]
fn shards_and_sweeps_share_what_is_kept_of_runs() {
    let place = Place::new();
    (0..2).for_each(|index| drop(shard(&place, index, 2)));
    let output = place.simcap().args(GRID).args(["--out", "parts-2"]).output().unwrap();
    assert!(
        text(&output.stdout).contains("24 of 24 runs were kept from before."),
        "{}",
        text(&output.stdout)
    );
}
