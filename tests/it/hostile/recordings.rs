//! Recorded files that no user means: endless, larger than they look, of another format, or secret.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use simcap::scenario::traffic::Pattern;
use simcap::scenario::{self, Scenario, ScenarioError};
use simcap::units::Time;
use tempfile::TempDir;

/// A scenario that uses `replay`, with these files beside it; or its error page.
fn read(files: &[(&str, &[u8])], replay: &str) -> Result<Scenario, String> {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    read_in(folder.path(), replay)
}

fn read_in(folder: &Path, replay: &str) -> Result<Scenario, String> {
    let text = format!(
        "duration = \"1m\"\ntraffic.log.replay = {{ {replay} }}\nrequest.r.steps = [{{ delay = \"10ms\" }}]\n"
    );
    scenario::parse("test.toml", text.as_bytes(), folder, &[]).map_err(|error| match error {
        ScenarioError::Invalid(report) => report.render(false),
        error => error.to_string(),
    })
}

fn refused(files: &[(&str, &[u8])], replay: &str) -> String {
    read(files, replay).map(|scenario| scenario.name).unwrap_err()
}

fn instants(trace: &str, replay: &str) -> Vec<u64> {
    let scenario = read(&[("t.csv", trace.as_bytes())], replay).unwrap();
    let Pattern::Replay(replay) = &scenario.sources[0].pattern else { panic!("no replay") };
    replay.times.iter().map(|time: &Time| time.0).collect()
}

/// Compressed zeros: a thousandth of their uncompressed size.
fn zeros(bytes: usize) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![b'0'; 1 << 20];
    (0..bytes >> 20).for_each(|_| packed.write_all(&block).unwrap());
    packed.finish().unwrap()
}

#[test]
fn unix_time_counts_from_its_first_row_in_every_unit() {
    let replay = |unit: &str| format!("file = 't.csv', column = 't', unit = '{unit}', origin = 'first'");
    let seconds = "t\n1700000000\n1700000000.000000001\n1700000001.25\n";
    assert_eq!(instants(seconds, &replay("s")), [0, 1, 1_250_000_000]);
    assert_eq!(instants("t\n1700000000123\n1700000000124.5\n", &replay("ms")), [0, 1_500_000]);
    assert_eq!(instants("t\n1700000000123456\n1700000000123457\n", &replay("us")), [0, 1_000]);
    assert_eq!(instants("t\n1700000000123456789\n1700000000123456790\n", &replay("ns")), [0, 1]);
    // Also before 1970.
    assert_eq!(instants("t\n-5\n-4\n3\n", &replay("s")), [0, 1_000_000_000, 8_000_000_000]);
    let page = refused(&[("t.csv", b"t\n1700000000\n1699999999\n")], &replay("s"));
    assert!(page.contains("`1699999999` is earlier than the row before, 0s since the first row"), "{page}");
    let page = refused(&[("t.csv", b"t\n1700000000\n")], "file = 't.csv', column = 't'");
    assert!(page.contains("is out of range") && page.contains("write origin = \"first\""), "{page}");
}

#[test]
fn a_line_without_end_is_refused_before_it_is_kept() {
    let replay = "file = 't.csv.gz', column = 't'";
    // 100 MiB in 100 KiB.
    let page = refused(&[("t.csv.gz", &zeros(100 << 20))], replay);
    assert!(page.contains("cannot read `t.csv.gz`: line 1 is longer than 64 KiB"), "{page}");
    let mut trace = "t\n1\n# ".to_owned();
    trace.push_str(&"x".repeat(64 << 10));
    let page = refused(&[("t.csv", trace.as_bytes())], "file = 't.csv', column = 't'");
    assert!(page.contains("line 3 is longer than 64 KiB"), "{page}");
    // The longest line allowed.
    let trace = format!("t,x\n1,{}\n", "x".repeat((64 << 10) - 3));
    assert!(read(&[("t.csv", trace.as_bytes())], "file = 't.csv', column = 't'").is_ok());
}

#[test]
fn an_open_quote_and_a_column_of_two_are_refused() {
    let replay = "file = 't.csv', column = 't'";
    for (trace, message) in [
        ("t,b\n1,\"x\n2,y\n", "line 2 of `t.csv`: a quote that is not closed"),
        ("t,\"b\n1,x\n", "line 1 of `t.csv`: a quote that is not closed"),
        ("t,b\n\"1,x\n", "line 2 of `t.csv`: a quote that is not closed"),
        ("t,b,t\n1,2,3\n", "`t.csv` has more than one column `t`"),
    ] {
        let page = refused(&[("t.csv", trace.as_bytes())], replay);
        assert!(page.contains(message), "{page}");
    }
    // The wanted column is unambiguous, and quotes that close are fine.
    let trace = "t,b,b,c\n1,2,3,\"a \"\"b\"\", c\"\n\"2\",2,3,5\" wide\n";
    assert_eq!(instants(trace, replay), [1_000_000_000, 2_000_000_000]);
}

#[test]
fn a_foreign_file_is_not_shown() {
    let secret = "SECRET=hunter2 that must not be seen by others";
    let replay = "file = 'x', column = 't'";
    let page = refused(&[("x", format!("{secret}\0PATH=/bin\n").as_bytes())], replay);
    assert!(page.contains("has no column `t`") && !page.contains("SECRET"), "{page}");
    assert!(page.contains("its first line is to name the columns"), "{page}");
    let page = refused(&[("x", format!("t\n{secret}\n").as_bytes())], replay);
    assert!(page.contains("line 2 of `x`: a text of 46 characters is not a number"), "{page}");
    assert!(!page.contains("SECRET"), "{page}");
    let law = |law: &str| {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("x"), format!("t\n{secret}\n")).unwrap();
        let text = format!(
            "duration = \"1m\"\ntraffic.a.rate = \"1/s\"\nrequest.r.steps = [{{ delay = \"{law}\" }}]\n"
        );
        match scenario::parse("test.toml", text.as_bytes(), folder.path(), &[]) {
            Err(ScenarioError::Invalid(report)) => report.render(false),
            other => panic!("{law} was read: {:?}", other.is_ok()),
        }
    };
    for page in [law("empirical x"), law("replay x column t")] {
        assert!(page.contains("a text of 46 characters") && !page.contains("SECRET"), "{page}");
    }
    // Names of columns are shown, because they help.
    let page = refused(&[("x", b"time, target (ms) ,a/b\n1,2,3\n")], replay);
    assert!(page.contains("its first line names `time`, `target (ms)`, `a/b`"), "{page}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_refused_without_opening_it() {
    for (file, why) in [
        ("/proc/self/environ", "it is empty"),
        ("/proc/kmsg", "it is empty"),
        ("/dev/zero", "not a file"),
        ("/proc", "not a file"),
    ] {
        let page = read_in(Path::new(""), &format!("file = '{file}', column = 't'")).unwrap_err();
        assert!(page.contains(&format!("cannot read `{file}`: {why}")), "{page}");
    }
}
