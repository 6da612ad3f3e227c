//! Recorded arrivals and service times: which request gets which, and the messages for bad files.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use simcap::outcome::Outcome;
use simcap::scenario::{self, ScenarioError};
use tempfile::TempDir;

const TRACE: &str =
    "arrival_us,service_us,kind\n0,400000,slow\n100000,10000,fast\n100000,20000,fast\n300000,5000,slow\n";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn scenario(source: &str, servers: u32, more: &str) -> String {
    format!(
        "duration = \"10s\"\n[traffic.log]\n{source}\n[request.slow]\nsteps = [{{ service = \"desk\" }}]\n\
         [request.fast]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {servers}\n\
         time = \"replay trace.csv.gz column service_us unit us\"\n{more}"
    )
}

const ARRIVALS: &str =
    "replay = { file = \"trace.csv.gz\", column = \"arrival_us\", unit = \"us\", classes = \"kind\" }";

fn run(text: &str, files: &Path) -> Outcome {
    match scenario::parse("test.toml", text.as_bytes(), files, &[]) {
        Ok(scenario) => simcap::simulate(&scenario, 1, &mut |_| {}),
        Err(ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
        Err(error) => panic!("{error}"),
    }
}

/// The first problem of a scenario beside a file `trace.csv` and a compressed `trace.csv.gz`.
fn problem(source: &str, trace: &str) -> String {
    let files = folder(&[("trace.csv.gz", &packed(TRACE)), ("trace.csv", trace.as_bytes())]);
    match scenario::parse("test.toml", scenario(source, 1, "").as_bytes(), files.path(), &[]) {
        Err(ScenarioError::Invalid(report)) => report.problems()[0].message.clone(),
        other => panic!("{source} was not refused: {:?}", other.map(|scenario| scenario.name)),
    }
}

#[test]
fn each_request_has_the_service_time_of_its_row() {
    let files = folder(&[("trace.csv.gz", &packed(TRACE))]);
    // With a server for each request, the latencies are the service times.
    let run = run(&scenario(ARRIVALS, 4, ""), files.path());
    let means: Vec<(&str, u64, f64)> = run
        .classes
        .iter()
        .map(|class| (class.name.as_str(), class.latency_ms.count, (class.latency_ms.mean * 1e3).round()))
        .collect();
    assert_eq!(means, [("slow", 2, 202_500.0), ("fast", 2, 15_000.0)]);
}

/// The second and the third request change order in another station, and still have their own times.
#[test]
fn a_service_time_belongs_to_the_request_and_not_to_the_turn() {
    let files = folder(&[("trace.csv.gz", &packed(TRACE))]);
    let text = scenario(ARRIVALS, 4, "").replacen(
        "[{ service = \"desk\" }]",
        "[{ delay = \"1s\" }, { service = \"desk\" }]",
        1,
    );
    let run = run(&text, files.path());
    assert_eq!(run.classes[0].latency_ms.mean.round(), 1_203.0, "(1,400 + 1,005) / 2");
    assert_eq!(run.classes[1].latency_ms.mean.round(), 15.0);
}

/// One server in order: 0 to 400, then 410, 430 and 435 ms.
#[test]
fn a_recorded_queue_is_worked_through_in_order() {
    let files = folder(&[("trace.csv.gz", &packed(TRACE))]);
    let run = run(&scenario(ARRIVALS, 1, ""), files.path());
    let expected = (400.0 + 310.0 + 330.0 + 135.0) / 4.0;
    assert!((run.latency_ms.mean - expected).abs() < 1e-6, "{}", run.latency_ms.mean);
}

/// A retry takes the service time of its request again: two attempts of 400 ms, both after the client's timeout.
#[test]
fn a_retry_has_the_service_time_of_its_request() {
    let files = folder(&[("trace.csv.gz", &packed(TRACE))]);
    let client = "[client]\ntimeout = \"350ms\"\nretries = { max = 1, backoff = \"0s\" }\n";
    let run = run(&scenario(ARRIVALS, 8, client), files.path());
    assert_eq!((run.requests.failed, run.attempts.failed, run.requests.completed), (1.0, 2.0, 3.0));
}

#[test]
fn a_constant_can_be_added_to_every_value() {
    let files = folder(&[("trace.csv.gz", &packed(TRACE))]);
    let run = run(&scenario(ARRIVALS, 4, "").replace("unit us\"", "unit us plus 1.5ms\""), files.path());
    assert!((run.latency_ms.mean - (400.0 + 10.0 + 20.0 + 5.0 + 4.0 * 1.5) / 4.0).abs() < 1e-6);
}

#[test]
fn rows_begin_anew_behind_the_last() {
    let files = folder(&[("trace.csv.gz", &packed(TRACE))]);
    let run = run(&scenario("interarrival = \"500ms\"\nrequests = \"fast\"", 4, ""), files.path());
    // 19 requests before the end, the first of them with the first row.
    let expected = (5.0 * (400.0 + 10.0 + 20.0 + 5.0) - 5.0) / 19.0;
    assert!((run.latency_ms.mean - expected).abs() < 1e-6, "{}", run.latency_ms.mean);
}

#[test]
fn bad_files_are_named_with_their_line() {
    let of = |column: &str| {
        format!("replay = {{ file = \"trace.csv\", column = \"{column}\" }}\nrequests = \"fast\"")
    };
    let cases = [
        ("a\n1\n2\n", "b", "`trace.csv` has no column `b`"),
        ("a\n1\nx\n", "a", "line 3 of `trace.csv`: a text of one character is not a number"),
        ("a\n1\n\n# gap\n-2\n", "a", "line 5 of `trace.csv`: `-2` is negative"),
        ("a\n1\n3\n2\n", "a", "line 4 of `trace.csv`: `2` is earlier than the row before, 3s"),
        ("a,b\n1,\"x, y\"\n2\n", "a", "line 3 of `trace.csv`: 1 cell, where the first line names 2"),
        ("a\n", "a", "`trace.csv` has no rows"),
        ("", "a", "cannot read `trace.csv`: it is empty"),
        ("a\n1e12\n", "a", "line 2 of `trace.csv`: `1e12` is out of range"),
        ("a\nnan\n", "a", "line 2 of `trace.csv`: a text of 3 characters is not a number"),
    ];
    for (trace, column, message) in cases {
        assert_eq!(problem(&of(column), trace), message);
    }
    let classes = "replay = { file = \"trace.csv\", column = \"a\", classes = \"c\" }";
    assert_eq!(
        problem(classes, "a,c\n1,fsat\n"),
        "line 2 of `trace.csv`: the class of this row is none of this scenario"
    );
    assert!(
        problem("replay = { file = \"no.csv\", column = \"a\" }\nrequests = \"fast\"", "")
            .starts_with("cannot read `no.csv`: ")
    );
    // Not compressed, despite its name.
    let files = folder(&[("trace.csv.gz", TRACE.as_bytes())]);
    let refused = scenario::parse("test.toml", scenario(ARRIVALS, 1, "").as_bytes(), files.path(), &[]);
    assert!(matches!(refused, Err(ScenarioError::Invalid(_))));
}
