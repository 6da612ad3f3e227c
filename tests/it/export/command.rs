//! The command `simcap export`: what it writes where, and what it refuses.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

use super::files;

fn simcap(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_simcap")).current_dir(folder).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

#[test]
fn the_command_writes_into_a_folder_and_says_what() {
    let folder = files();
    let path = folder.path();
    let (code, out, notes) =
        simcap(path, &["export", "shop.toml", "--to", "k6", "--base-url", "https://a.example/"]);
    assert_eq!(code, Some(0), "{notes}");
    assert!(out.starts_with("out/shop/export/k6.js: about ") && out.contains("up to 40 users"), "{out}");
    assert!(notes.contains("The instants of `recorded` were recorded"), "{notes}");
    let script = fs::read_to_string(path.join("out/shop/export/k6.js")).unwrap();
    assert!(script.contains("__ENV.BASE_URL || \"https://a.example\"") && !script.contains('@'), "{script}");
    let (code, out, _) = simcap(
        path,
        &[
            "export",
            "shop.toml",
            "--to",
            "csv",
            "--arrivals",
            "--seed",
            "3",
            "--duration",
            "1m",
            "--out",
            "x",
        ],
    );
    assert_eq!(code, Some(0));
    let rows = fs::read_to_string(path.join("x/arrivals.csv")).unwrap().lines().count() - 1;
    assert_eq!(out.replace(',', ""), format!("x/arrivals.csv: {rows} arrivals of seed 3\n"));
    let half = simcap(path, &["export", "shop.toml", "--to", "locust", "--scale", "0.5", "--out", "y"]);
    assert_eq!(half.0, Some(0), "{}", half.2);
    assert_eq!(simcap(path, &["export", "shop.toml", "--to", "k6", "--arrivals"]).0, Some(1));
    let users = ["export", "shop.toml", "--to", "csv", "--set", "traffic={}"];
    let (code, _, error) = simcap(path, &users);
    assert!(code == Some(1) && error.contains("all of this traffic is from users"), "{error}");
}
