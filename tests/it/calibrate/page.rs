//! The command: its page, the file that it makes, and what a backtest says of that.

use std::fs;
use std::process::{Command, Output};

use super::log::Log;
use super::{CPU, SHOP, TRUTH};

pub fn run(log: &Log, args: &[&str]) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("simcap"));
    command.current_dir(log.folder()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.args(args).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    anstream::adapter::strip_str(std::str::from_utf8(bytes).unwrap()).to_string()
}

/// The made file extends the other one by items of its lists, and a backtest of it judges what was held out.
#[test]
fn a_calibration_makes_a_file_that_a_backtest_tries_on_what_was_held_out() {
    let log = Log::of(SHOP, &TRUTH, &CPU, 30.0, 1_010);
    log.write();
    let page = run(&log, &["calibrate", "shop.toml", "measured.csv", "--runs", "1"]);
    let shown = text(&page.stdout);
    assert_eq!(page.status.code(), Some(0), "{}", text(&page.stderr));
    assert!(shown.starts_with("Shop  40 periods of 30 s; held out: the last 25 %"), "{shown}");
    assert!(shown.contains("Utilisation law") && shown.contains("request.home.steps.0.cpu"), "{shown}");
    let folder = log.folder().join("out/shop/calibrate");
    let made = fs::read_to_string(folder.join("calibrated.toml")).unwrap();
    assert!(made.contains("extends = \"../../../shop.toml\"\n"), "{made}");
    assert!(
        made.contains("\nrequest.home.steps.0.cpu = \"exponential ") && !made.contains("delay"),
        "{made}"
    );
    let png = fs::read(folder.join("calibration.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG") && folder.join("calibration.json").exists());

    let file = "out/shop/calibrate/calibrated.toml";
    let checked = run(&log, &["check", file]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    let before = run(&log, &["backtest", "shop.toml", "measured.csv", "--runs", "2", "--out", "before"]);
    assert_eq!(before.status.code(), Some(99), "CPU is far off: {}", text(&before.stdout));
    let args = [
        "backtest",
        file,
        "measured.csv",
        "--runs",
        "2",
        "--min-periods",
        "8",
        "--max-throughput-error",
        "10%",
    ];
    let after = run(&log, &args);
    let shown = text(&after.stdout);
    assert_eq!(after.status.code(), Some(0), "{shown}{}", text(&after.stderr));
    // Latencies were not measured, so nobody can bet on it.
    assert!(shown.contains("Good enough to bet on: cannot tell"), "{shown}");
    assert!(shown.contains("Judged on the last 25 %, to which the file was not fitted."), "{shown}");
    assert!(shown.contains("over 10 judged periods"), "{shown}");
    assert!(shown.contains("Not measured: latency of `home` and `order`."), "{shown}");
}

#[test]
fn what_is_wrong_with_measurements_is_told_by_line() {
    let log = Log::of(SHOP, &TRUTH, &CPU, 30.0, 1_011);
    let table = |text: &str| fs::write(log.folder().join("m.csv"), text).unwrap();
    for (measured, args, why, hint) in [
        ("at_s,requests of home\n0,1\n30,x\n", &[][..], "line 3 of `m.csv`", "a plain number"),
        ("at_s,cpu of web\n0,1\n30,1\n", &[], "`cpu of web` is no figure", "did you mean `cpu_percent`?"),
        (
            "at_s,requests of hom\n0,1\n30,1\n",
            &[],
            "no request class is called `hom`",
            "by the names of the file",
        ),
        (
            "at_s,x\n0,1\n30,1\n",
            &["--column", "requests of home=y"],
            "it has no column `y`",
            "did you mean `x`?",
        ),
        ("at_s,requests of home\n3600,1\n3630,1\n", &[], "the scenario ends after 20m", "--set duration="),
    ] {
        table(measured);
        for command in ["calibrate", "backtest"] {
            let refused = run(&log, &[&[command, "shop.toml", "m.csv"], args].concat());
            let said = text(&refused.stderr);
            assert_eq!(refused.status.code(), Some(2), "{said}");
            assert!(said.contains(why) && said.contains(hint), "{said}");
        }
    }
}

/// What a recording is, its values say, and not its name: a copy is the same one, and another day under its name is not.
#[test]
fn a_recording_is_known_by_what_it_says() {
    let log = Log::of(SHOP, &TRUTH, &CPU, 30.0, 1_012);
    let path = log.write();
    let set = "request.home.steps.0.cpu=exponential 6ms";
    let made = run(&log, &["calibrate", "shop.toml", "measured.csv", "--runs", "1", "--set", set]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let file = "out/shop/calibrate/calibrated.toml";
    // What is set and then fitted is there once.
    let written = fs::read_to_string(log.folder().join(file)).unwrap();
    assert_eq!(written.matches("\nrequest.home.steps.0.cpu = ").count(), 1, "{written}");
    assert_eq!(run(&log, &["check", file]).status.code(), Some(0));

    let whole = fs::read_to_string(&path).unwrap();
    let copy = log.folder().join("copy.csv");
    fs::write(&copy, &whole).unwrap();
    let shown = text(&run(&log, &["backtest", file, "copy.csv", "--runs", "1"]).stdout);
    assert!(shown.contains("Judged on the last 25 %"), "{shown}");
    // A part of it is known, too, and of longer periods the counts: 30 s + 30 s.
    let rows: Vec<&str> = whole.lines().collect();
    let cut = |from: usize, to: usize| {
        let moved = rows[from + 1..to + 1]
            .iter()
            .enumerate()
            .map(|(at, row)| format!("{},{}\n", 30 * at, row.split_once(',').unwrap().1));
        format!("{}\n{}", rows[0], moved.collect::<String>())
    };
    fs::write(&copy, cut(20, 40)).unwrap();
    let shown = text(&run(&log, &["backtest", file, "copy.csv", "--runs", "1"]).stdout);
    assert!(shown.contains("Judged on 10 periods, to which the file was not fitted"), "{shown}");
    fs::write(&copy, cut(5, 25)).unwrap();
    let shown = text(&run(&log, &["backtest", file, "copy.csv", "--runs", "1"]).stdout);
    assert!(shown.contains("Nothing is judged: the file was fitted to every period"), "{shown}");
    let requests = |row: &str| row.split(',').nth(1).unwrap().parse::<f64>().unwrap();
    let sums: String = (0..20)
        .map(|at| format!("{},{}\n", 60 * at, requests(rows[2 * at + 1]) + requests(rows[2 * at + 2])))
        .collect();
    fs::write(&copy, format!("at_s,requests of home\n{sums}")).unwrap();
    let shown = text(&run(&log, &["backtest", file, "copy.csv", "--runs", "1"]).stdout);
    assert!(shown.contains("Judged on 5 periods, to which the file was not fitted"), "{shown}");
    let other = Log::of(SHOP, &TRUTH, &CPU, 30.0, 1_013);
    fs::write(&path, fs::read(other.write()).unwrap()).unwrap();
    let shown = text(&run(&log, &["backtest", file, "measured.csv", "--runs", "1"]).stdout);
    assert!(shown.contains("all periods are new to it"), "{shown}");
}

/// Without a part that is held out the file has seen all of it. A calibration names what it did not use.
#[test]
fn nothing_held_out_is_nothing_judged() {
    let mut log = Log::of(SHOP, &TRUTH, &CPU, 30.0, 1_014);
    let mut other = log.measured.columns[2].clone();
    other.of = "cpu_percent of wep".parse().unwrap();
    log.measured.columns.push(other);
    log.change("cpu_percent of web", 0, |points| points + 6.0);
    log.write();
    let args = [
        "calibrate",
        "shop.toml",
        "measured.csv",
        "--runs",
        "1",
        "--hold-out",
        "none",
        "--set",
        "duration=15m",
    ];
    let shown = text(&run(&log, &args).stdout);
    assert!(shown.contains("`cpu_percent of wep` was measured and is not in the file"), "{shown}");
    assert!(shown.contains("The scenario ends 10 periods before the recording."), "{shown}");
    let told = run(&log, &["backtest", "out/shop/calibrate/calibrated.toml", "measured.csv", "--runs", "1"]);
    let shown = text(&told.stdout);
    assert_eq!(told.status.code(), Some(0), "{shown}{}", text(&told.stderr));
    assert!(shown.contains("Good enough to bet on: cannot tell\n  Nothing is judged:"), "{shown}");
    assert!(shown.contains(" points of CPU of web without any request, as calibrated, are added"), "{shown}");
}
