//! Folders as tools and services leave them: with other files beside the logs, with links, with totals beside a history.

use std::fs;
use std::path::{Path, PathBuf};

use simcap::import::ImportError;
use tempfile::TempDir;

use super::lines::{LOCUST, alb, locust};
use super::{Made, import_paths, options};

/// A folder with files of these names.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn import(folder: &TempDir, paths: &[&str]) -> Result<Made, ImportError> {
    let of = |path: &&str| Path::new(folder.path()).join("in").join(path);
    let paths: Vec<PathBuf> = paths.iter().map(of).collect();
    import_paths(&paths, &folder.path().join("out"), options())
}

fn log() -> String {
    (0..9)
        .map(|second| alb(second, "192.0.2.1", "0.001 0.020 0.001", "200 200", "GET https://e:443/a", "a"))
        .collect()
}

const README: &str = "# Logs\n\nof the shop\n";

#[test]
fn a_folder_of_s3_has_other_files() {
    let folder = folder(&[
        ("AWSLogs/2030/access.log", &log()),
        ("AWSLogs/ELBAccessLogTestFile", "Enable AccessLogs for ELB: app/web/0 at 2030-01-15T11:00:00Z\n"),
        (
            "AWSLogs/2030/conn_log.txt",
            "2030-01-15T12:00:00.0Z 192.0.2.1 36280 443 TLSv1.2 ECDHE 1.246 - - - Success 1\n",
        ),
        ("manifest.json", "{\"files\": []}\n"),
        ("README.md", README),
        ("old.zip", "PK\x03\x04 more"),
        ("plan.json", "{\"terraform_version\":\"1.9.0\",\"planned_values\":{}}"),
    ]);
    let made = import(&folder, &[""]).unwrap();
    assert_eq!(made.column("measured.csv", "requests"), ["9"]);
    for line in [
        "3 files: in no format that is known",
        "1 file: a zip archive",
        "1 file: describes infrastructure",
        "1 file without a row",
    ] {
        assert!(made.page.contains(line), "{line}: {}", made.page);
    }
    let named = import(&folder, &["README.md", "AWSLogs"]).err().unwrap();
    assert!(matches!(&named, ImportError::Unknown { name, .. } if name.ends_with("README.md")), "{named}");
}

#[test]
fn a_folder_without_a_log_says_so() {
    let folder = folder(&[("README.md", README)]);
    assert!(matches!(import(&folder, &[""]).err().unwrap(), ImportError::Unknown { .. }));
}

#[test]
fn what_is_given_twice_is_read_once() {
    let folder = folder(&[("a/access.log", &log())]);
    let made = import(&folder, &["a", "a/access.log", "a/../a/access.log"]).unwrap();
    assert_eq!(made.column("measured.csv", "requests"), ["9"]);
    assert!(made.page.contains("2 files: given already"), "{}", made.page);
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    let folder = folder(&[("a/access.log", &log())]);
    let inside = folder.path().join("in");
    std::os::unix::fs::symlink(&inside, inside.join("a/loop")).unwrap();
    std::os::unix::fs::symlink(inside.join("a/access.log"), inside.join("b.log")).unwrap();
    let made = import(&folder, &[""]).unwrap();
    assert_eq!(made.column("measured.csv", "requests"), ["9"]);
    assert!(made.page.contains("1 file: given already"), "{}", made.page);
    assert!(made.page.contains("1 file: a link to a folder"), "{}", made.page);
}

#[test]
fn the_history_of_locust_counts_and_not_its_totals() {
    let totals = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Requests/s,Failures/s,50%,95%\n\
                  GET,/a,100,1,10,12,10,0.1,10,20\n,Aggregated,100,1,10,12,10,0.1,10,20\n";
    let history = LOCUST.to_owned() + &locust(0, "/a", 5, 0, 20.0) + &locust(60, "/a", 50, 1, 20.0);
    let folder = folder(&[
        ("run_stats.csv", totals),
        ("run_stats_history.csv", &history),
        ("run_failures.csv", "Method,Name,Error,Occurrences\nGET,/a,x,1\n"),
        ("run_exceptions.csv", "Count,Message,Traceback,Nodes\n1,a,b,c\n"),
    ]);
    let whole = import(&folder, &[""]).unwrap();
    assert!(whole.page.contains("1 file: totals of Locust"), "{}", whole.page);
    assert!(whole.page.contains("2 files: failures or exceptions of Locust"), "{}", whole.page);
    assert!(!whole.page.contains("1970"), "{}", whole.page);
    let alone = import(&folder, &["run_stats_history.csv"]).unwrap();
    assert_eq!(whole.file("rates.csv"), alone.file("rates.csv"));
    let both = import(&folder, &["run_failures.csv", "run_stats.csv"]).unwrap();
    assert!(both.page.contains("100"), "totals alone are used: {}", both.page);
}

#[test]
fn a_period_that_is_too_short_is_refused_before_the_log_is_counted() {
    // Twelve days in seconds: a million rows and more.
    let day = |day: u32| log().replace("2030-01-15", &format!("2030-01-{day:02}"));
    let folder = folder(&[("a.log", &(day(1) + &day(13)))]);
    let paths = [folder.path().join("in")];
    let short = super::Options { period: Some(1_000_000_000), ..options() };
    let told = std::sync::atomic::AtomicU64::new(0);
    let tell = |bytes: u64| {
        told.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
    };
    let opened = simcap::import::open(&paths, short).unwrap();
    let error = opened.run(&simcap::guard::Guard::new(None, None), &tell).unwrap_err();
    assert!(matches!(error, ImportError::Periods { .. }), "{error}");
    assert_eq!(told.into_inner(), 0, "the second pass has not begun");
    assert!(import(&folder, &[""]).is_ok(), "by itself it chooses a longer one");
}
