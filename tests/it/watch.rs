//! `--watch`: a child process that runs again when its files change. In: files that are written, broken and renamed. Out: its pages, and how it
//! ends.
#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::signals::is_ignored;

/// The longest that anything here takes, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

const BASE: &str = r#"
name = "One desk"
duration = "20s"
runs = 2
[request.call]
steps = [{ service = "desk" }]
[service.desk]
servers = 1
time = "exponential 20ms"
[objectives]
latency = "p99 < 10s"
"#;

const SHOP: &str = r#"
extends = "base.toml"
[traffic.callers]
rate = { file = "counts.csv", column = "n", time = "t", per = "10s" }
"#;

/// A child whose output is read as it comes; it is killed if a test fails.
struct Watching {
    child: Child,
    told: Arc<Mutex<String>>,
}

impl Watching {
    fn begin(folder: &Path, args: &[&str]) -> Watching {
        // One pipe for both, so that their order is that of the command.
        let (mut read, write) = std::io::pipe().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_simcap"))
            .args(args)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .stdout(write.try_clone().unwrap())
            .stderr(write)
            .spawn()
            .unwrap();
        let told = Arc::new(Mutex::new(String::new()));
        let read_so_far = told.clone();
        thread::spawn(move || {
            let mut some = [0; 4096];
            while let Ok(length @ 1..) = read.read(&mut some) {
                read_so_far.lock().unwrap().push_str(&String::from_utf8_lossy(&some[..length]));
            }
        });
        Watching { child, told }
    }

    /// Waits until it has told something, and returns all up to the invitation to change a file; the next wait begins after that.
    fn wait_for(&self, what: &str) -> String {
        let began = Instant::now();
        loop {
            {
                let mut told = self.told.lock().unwrap();
                let end = "Ctrl-C ends it\n";
                if let (true, Some(at)) = (told.contains(what), told.find(end)) {
                    let rest = told.split_off(at + end.len());
                    return std::mem::replace(&mut *told, rest);
                }
                assert!(began.elapsed() < PATIENCE, "no `{what}` in:\n{told}");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn end(mut self, signal: Signal) -> ExitStatus {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It has ended already unless the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ctrl-C and its exit code; where this process was started with that ignored, as shells do for background jobs, what ends it the same way.
fn interrupt() -> (Signal, i32) {
    if is_ignored(Signal::INT) { (Signal::TERM, 143) } else { (Signal::INT, 130) }
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "shop.toml", SHOP);
    write(folder.path(), "base.toml", BASE);
    write(folder.path(), "counts.csv", "t,n\n0,200\n10,200\n");
    folder
}

#[test]
fn a_run_is_made_again_after_each_change_and_compared_with_the_one_before() {
    let folder = place();
    let at = folder.path();
    let watching = Watching::begin(at, &["run", "shop.toml", "--watch", "--no-charts", "--no-progress"]);
    let first = watching.wait_for("One desk");
    assert!(first.contains("watching 3 files") && !first.contains("Against the run before"), "{first}");

    // The scenario, what it extends, and what it names.
    write(at, "base.toml", &BASE.replace("20ms", "30ms"));
    let slower = watching.wait_for("base.toml changed");
    assert!(slower.contains("Against the run before") && slower.contains("B − A"), "{slower}");
    write(at, "counts.csv", "t,n\n0,300\n10,300\n");
    let more = watching.wait_for("counts.csv changed");
    assert!(more.contains("Against the run before"), "{more}");

    // A file that is broken for a while: its problem, and the comparison with the last whole run after that.
    write(at, "shop.toml", "[traffic.callers\n");
    let broken = watching.wait_for("shop.toml changed");
    assert!(broken.contains("error") && !broken.contains("Latency"), "{broken}");
    fs::remove_file(at.join("shop.toml")).unwrap();
    let gone = watching.wait_for("cannot read scenario");
    assert!(!gone.contains("Latency"), "{gone}");
    // As editors do: another file that takes the name.
    write(at, "shop.toml~", &format!("{SHOP}[client]\ntimeout = \"30s\"\n"));
    fs::rename(at.join("shop.toml~"), at.join("shop.toml")).unwrap();
    let back = watching.wait_for("Latency");
    assert!(back.contains("shop.toml changed") && back.contains("Against the run before"), "{back}");
    let (signal, code) = interrupt();
    assert_eq!(watching.end(signal).code(), Some(code));
}

#[test]
fn a_file_that_is_only_touched_is_no_change() {
    let folder = place();
    let at = folder.path();
    let watching = Watching::begin(at, &["check", "shop.toml", "--watch"]);
    assert!(watching.wait_for("ok  shop.toml").contains("watching 3 files"));
    write(at, "shop.toml", SHOP);
    thread::sleep(Duration::from_millis(1_500));
    assert_eq!(*watching.told.lock().unwrap(), "");
    write(at, "base.toml", &BASE.replace("desk\"", "dask\""));
    let broken = watching.wait_for("base.toml changed");
    assert!(broken.contains("dask") && !broken.contains("ok  shop.toml"), "{broken}");
    write(at, "base.toml", BASE);
    watching.wait_for("ok  shop.toml");
    assert_eq!(watching.end(Signal::TERM).code(), Some(143));
}

#[test]
fn ctrl_c_during_a_run_ends_the_watch_as_well() {
    let folder = place();
    let at = folder.path();
    write(at, "base.toml", &BASE.replace("duration = \"20s\"", "duration = \"300h\""));
    write(at, "counts.csv", "t,n\n0,2000000\n500000,2000000\n");
    let args = [
        "run",
        "shop.toml",
        "--watch",
        "--no-charts",
        "--runs",
        "1",
        "--set",
        "traffic.callers.rate=\"2000/s\"",
    ];
    let watching = Watching::begin(at, &args);
    let began = Instant::now();
    // A line of progress says that the run is on its way.
    while watching.told.lock().unwrap().is_empty() {
        assert!(began.elapsed() < PATIENCE);
        thread::sleep(Duration::from_millis(50));
    }
    let (signal, code) = interrupt();
    assert_eq!(watching.end(signal).code(), Some(code));
}

/// A run of hours is ended by a change within seconds, and leaves nothing: neither a page nor files.
#[test]
fn a_change_ends_a_run_that_is_under_way_and_begins_anew() {
    let folder = place();
    let at = folder.path();
    write(at, "base.toml", &BASE.replace("duration = \"20s\"", "duration = \"300h\""));
    write(at, "shop.toml", "extends = \"base.toml\"\ntraffic.callers.rate = \"2000/s\"\n");
    let watching = Watching::begin(at, &["run", "shop.toml", "--watch", "--no-charts", "--runs", "1"]);
    let began = Instant::now();
    while watching.told.lock().unwrap().is_empty() {
        assert!(began.elapsed() < PATIENCE);
        thread::sleep(Duration::from_millis(50));
    }
    let changed = Instant::now();
    write(at, "base.toml", BASE);
    let page = watching.wait_for("Latency");
    assert!(changed.elapsed() < PATIENCE / 2, "{:?}", changed.elapsed());
    assert!(page.contains("base.toml changed") && page.contains("20s in us-east-1"), "{page}");
    assert!(!page.contains("Partial") && !page.contains("error") && !page.contains("300h in "), "{page}");
    assert_eq!(page.matches("Latency").count(), 1, "{page}");
    let left: Vec<_> = fs::read_dir(at.join("out")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["shop"]);
    // Ctrl-C still counts after that.
    let (signal, code) = interrupt();
    assert_eq!(watching.end(signal).code(), Some(code));
}
