//! Rates from files of counts: how many requests come in each period, how times are written, and the messages for bad files.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use simcap::outcome::Outcome;
use simcap::scenario::{self, Scenario, ScenarioError};
use simcap::units::{Rate, Time};
use tempfile::TempDir;

/// Three minutes as CloudWatch exports them.
const MINUTES: &str = "Timestamp,Sum,Unit\n2030-01-01T00:04:00Z,1200,Count\n2030-01-01T00:05:00Z,5400,Count\n\
                       2030-01-01T00:06:00Z,60,Count\n";
const BY_DATE: &str = "column = 'Sum', time = 'Timestamp', per = '1m'";

/// A scenario with a rate from a file of this name and content; or its first message and hint.
fn read_as(name: &str, content: &[u8], keys: &str, more: &str) -> Result<Scenario, (String, String)> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    let text = format!(
        "duration = '3m'\nbucket = '1m'\n{more}\n[traffic.log]\nrate = {{ file = '{name}', {keys} }}\n[request.r]\n\
         steps = [{{ delay = '1ms' }}]\n"
    );
    scenario::parse("test.toml", text.as_bytes(), folder.path(), &[]).map_err(|error| match error {
        ScenarioError::Invalid(report) => {
            let problem = &report.problems()[0];
            (problem.message.clone(), problem.hint.clone().unwrap_or_default())
        }
        error => (error.to_string(), String::new()),
    })
}

fn read(content: &str, keys: &str) -> Scenario {
    read_as("c.csv", content.as_bytes(), keys, "").unwrap()
}

fn refused(content: &str, keys: &str) -> (String, String) {
    read_as("c.csv", content.as_bytes(), keys, "").unwrap_err()
}

/// Knots in seconds and requests per second.
fn knots(scenario: &Scenario) -> Vec<(f64, f64)> {
    let curve = scenario.sources[0].rate().unwrap();
    curve.knots.iter().map(|&(Time(nanos), Rate(rate))| (nanos as f64 / 1e9, rate)).collect()
}

fn run(scenario: &Scenario, seed: u64) -> Outcome {
    simcap::simulate(scenario, seed, &mut |_| {})
}

/// Arrivals of each row of a run.
fn arrivals(scenario: &Scenario, seed: u64) -> Vec<f64> {
    let timeline = run(scenario, seed).timeline;
    timeline.offered.iter().map(|rate| (rate * timeline.bucket_s).round()).collect()
}

#[test]
fn a_count_is_a_rate_that_is_constant_in_its_period() {
    let expected =
        [(0.0, 20.0), (60.0, 20.0), (60.0, 90.0), (120.0, 90.0), (120.0, 1.0), (180.0, 1.0), (180.0, 0.0)];
    assert_eq!(knots(&read(MINUTES, BY_DATE)), expected);
    let half = "column = 'Sum', time = 'Timestamp', per = '1m', factor = 0.5";
    assert_eq!(knots(&read(MINUTES, half))[..2], [(0.0, 10.0), (60.0, 10.0)]);
    let equal = "t,n\n0,60\n60,60\n120,90\n";
    let steps = [(0.0, 1.0), (120.0, 1.0), (120.0, 1.5), (180.0, 1.5), (180.0, 0.0)];
    assert_eq!(knots(&read(equal, "column = 'n', time = 't'")), steps, "no step where nothing changes");
}

/// The counts of a period have the Poisson law whose mean is the count of the file: over many seeds their mean and their variance.
#[test]
fn as_many_requests_come_in_each_period_as_were_counted() {
    const SEEDS: u64 = 200;
    let counts = [40.0, 0.0, 3.0, 250.0, 90.0];
    let rows: String = (0..).zip(counts).map(|(row, count)| format!("{},{count}\n", 36 * row)).collect();
    let scenario = read(&format!("t,n\n{rows}"), "column = 'n', time = 't'");
    let scenario = Scenario { bucket: Time::from_secs(36), ..scenario };
    let (mut sums, mut squares) = ([0.0; 5], [0.0; 5]);
    for seed in 1..=SEEDS {
        for (row, count) in arrivals(&scenario, seed).into_iter().enumerate() {
            sums[row] += count;
            squares[row] += (count - counts[row]) * (count - counts[row]);
        }
    }
    for (row, mean) in counts.into_iter().enumerate() {
        let expected = mean * SEEDS as f64;
        let off = (sums[row] - expected).abs();
        assert!(off <= 4.0 * expected.sqrt(), "row {row}: {} arrivals, expected {expected}", sums[row]);
        // Squared distances of a Poisson count have the mean m and the variance m + 2 m²; of 200 of them the sum is nearly normal.
        let spread = ((mean + 2.0 * mean * mean) * SEEDS as f64).sqrt();
        assert!(
            (squares[row] - expected).abs() <= 4.0 * spread,
            "row {row}: {} and {expected}",
            squares[row]
        );
    }
}

/// With equal gaps the count of each period is that of the file.
#[test]
fn evenly_spaced_requests_are_exactly_as_many() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("c.csv"), "t,n\n0,600\n60,1500\n120,90\n").unwrap();
    let text = "duration = '3m'\nbucket = '1m'\n[traffic.log]\ninterarrival = '1s'\n\
                rate = { file = 'c.csv', column = 'n', time = 't' }\n[request.r]\nsteps = [{ delay = '1ms' }]\n";
    let scenario = scenario::parse("test.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    let found = arrivals(&scenario, 1);
    for (found, counted) in found.iter().zip([600.0, 1500.0, 90.0]) {
        assert!((found - counted).abs() <= 1.0, "{found} and {counted}: the last one may be an instant late");
    }
    assert_eq!(found.iter().sum::<f64>(), 2190.0);
}

#[test]
fn rows_and_times_may_be_written_in_many_ways() {
    let expected = knots(&read(MINUTES, BY_DATE));
    let number = "column = 'n', time = 't', per = '1m'";
    let same = |content: &str, keys: &str| assert_eq!(knots(&read(content, keys)), expected, "{content}");
    same("t,n\n0,1200\n60,5400\n120,60\n", number);
    same("t,n\n1700000060,5400\n1700000120,60\n1700000000,1200\n", number);
    same(
        "t,n\n1700000000000,1200\n1700000060000,5400\n1700000120000,60\n",
        &format!("{number}, unit = 'ms'"),
    );
    same("n,t\n1200,2030/01/01 09:00:00\n5400,2030/01/01 09:01:00\n60,2030/01/01 09:02:00\n", number);
    same("t,n\n2030-01-01T09:00+09:00,1200\n2030-01-01T00:01Z,5400\n2030-01-01T00:02,60\n", number);
    same("\u{feff}t,n\r\n# from a dashboard\r\n\"0\",\"1200\"\r\n60,5400.0\r\n120,6e1\r\n", number);
    // A count per second, a row a minute.
    same("t,n\n0,20\n60,90\n120,1\n", "column = 'n', time = 't', per = '1s', every = '1m'");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(MINUTES.as_bytes()).unwrap();
    let packed = read_as("c.csv.gz", &packed.finish().unwrap(), BY_DATE, "").unwrap();
    assert_eq!(knots(&packed), expected);
}

/// In autumn 2026 clocks in Berlin go back from three to two: an hour comes twice, and only an offset tells them apart.
#[test]
fn clocks_that_go_back_need_offsets() {
    let with =
        "t,n\n2026-10-25T02:00:00+02:00,60\n2026-10-25T02:00:00+01:00,120\n2026-10-25T03:00:00+01:00,180\n";
    let keys = "column = 'n', time = 't', per = '1h', zone = 'Europe/Berlin'";
    assert_eq!(knots(&read(with, keys)).last(), Some(&(3.0 * 3_600.0, 0.0)));
    let without = "t,n\n2026-10-25 02:00:00,60\n2026-10-25 02:00:00,120\n2026-10-25 03:00:00,180\n";
    assert_eq!(refused(without, keys).0, "two rows of one time, 0s after the first one");
    let skips = "t,n\n2026-10-25 01:00:00,60\n2026-10-25 02:00:00,120\n2026-10-25 03:00:00,180\n";
    assert_eq!(refused(skips, keys).0, "no row for 1h from 2h after the first one on");
    assert!(read_as("c.csv", skips.as_bytes(), "column = 'n', time = 't', per = '1h'", "").is_ok(), "in UTC");
}

#[test]
fn the_start_of_the_run_is_the_first_row_or_what_origin_says() {
    let at = |origin: &str| read(MINUTES, &format!("{BY_DATE}, origin = {origin}"));
    // Half of the second minute is over.
    let late = [(0.0, 90.0), (30.0, 90.0), (30.0, 1.0), (90.0, 1.0), (90.0, 0.0)];
    assert_eq!(knots(&at("'2030-01-01T00:05:30Z'")), late);
    assert_eq!(knots(&at("2030-01-01T00:05:30Z")), late);
    let early = knots(&at("'2030-01-01T00:03:00Z'"));
    assert_eq!(early[..3], [(0.0, 0.0), (60.0, 0.0), (60.0, 20.0)], "nothing before the first row");
    let numbers = "t,n\n30,60\n90,120\n";
    assert_eq!(
        knots(&read(numbers, "column = 'n', time = 't', origin = 'start'"))[..3],
        [(0.0, 0.0), (30.0, 0.0), (30.0, 1.0)]
    );
    assert_eq!(knots(&read(numbers, "column = 'n', time = 't', origin = 60"))[0], (0.0, 1.0));
    let keys = format!("{BY_DATE}, origin = 'start'");
    let dated = read_as("c.csv", MINUTES.as_bytes(), &keys, "starts = '2030-01-01T00:05:30Z'").unwrap();
    assert_eq!(knots(&dated), late);
    assert_eq!(refused(MINUTES, &keys).0, "these dates count from the start of the run, which has none");
    let after = refused(MINUTES, &format!("{BY_DATE}, origin = '2031-01-01T00:00:00Z'"));
    assert_eq!(after.0, "every row lies before the start of the run");
}

#[test]
fn a_period_without_a_row_is_a_mistake_or_one_without_requests() {
    let gap = "t,n\n0,60\n60,120\n240,30\n";
    let keys = "column = 'n', time = 't', per = '1m'";
    let (message, hint) = refused(gap, keys);
    assert_eq!(message, "no row for 2m from 2m after the first one on");
    assert!(hint.contains("missing = \"zero\""), "{hint}");
    let zero = [
        (0.0, 1.0),
        (60.0, 1.0),
        (60.0, 2.0),
        (120.0, 2.0),
        (120.0, 0.0),
        (240.0, 0.0),
        (240.0, 0.5),
        (300.0, 0.5),
        (300.0, 0.0),
    ];
    assert_eq!(knots(&read(gap, &format!("{keys}, missing = 'zero'"))), zero);
    let empty = "t,n\n0,60\n60,120\n120,\n180,\n240,30\n";
    assert_eq!(refused(empty, keys).0, message, "an empty cell is not known");
    assert_eq!(knots(&read(empty, &format!("{keys}, missing = 'zero'"))), zero);
}

/// Every other count is not known: the periods are a minute all the same, and not two.
#[test]
fn a_count_that_is_not_known_does_not_stretch_the_others() {
    let keys = "column = 'n', time = 't', missing = 'zero'";
    let gaps = "t,n\n0,60\n60,\n120,60\n180,\n240,30\nsum,\n";
    let known = [(0.0, 1.0), (60.0, 1.0), (60.0, 0.0), (120.0, 0.0), (120.0, 1.0), (180.0, 1.0)];
    assert_eq!(knots(&read(gaps, keys))[..6], known);
    let strict = "column = 'n', time = 't'";
    assert!(refused(gaps, strict).0.contains("no row for 1m"), "{:?}", refused(gaps, strict));
}

#[test]
fn bad_files_are_named() {
    let keys = "column = 'n', time = 't'";
    let cases = [
        ("t,m\n0,1\n", keys, "`c.csv` has no column `n`"),
        ("u,n\n0,1\n", keys, "`c.csv` has no column `t`"),
        ("t,n\n", keys, "`c.csv` has no rows"),
        ("t,n\n0,\n", keys, "no cell of this column has a count"),
        ("t,n\n0,1\n", keys, "one row does not say how long its period is"),
        ("t,n\n0,-1\n60,1\n", keys, "line 2 of `c.csv`: `-1` is negative"),
        ("t,n\n0,1\n60,many\n", keys, "line 3 of `c.csv`: a text of 4 characters is not a count"),
        ("t,n\n0,1\n60,inf\n", keys, "line 3 of `c.csv`: a text of 3 characters is not a count"),
        (
            "t,n\n0,1\nnoon,1\n",
            keys,
            "line 3 of `c.csv`: a text of 4 characters is neither a number nor a date",
        ),
        ("t,n\n0,1\n1e25,1\n", keys, "line 3 of `c.csv`: `1e25` is out of range"),
        ("t,n\n0,1\n60,1\n60,1\n", keys, "two rows of one time, 1m after the first one"),
        (
            "t,n\n0,1\n60,1\n120,1\n",
            "column = 'n', time = 't', per = '5m'",
            "a row comes 1m after the one before, in periods of 5m, 0s after the first one",
        ),
        (
            "t,n\n0,6e11\n60,1\n",
            keys,
            "a count of 600000000000 makes a rate of 10000000000/s, which is too much",
        ),
        (
            "t,n\n0,1\n1e11,1\n",
            "column = 'n', time = 't', per = '1m', missing = 'zero', origin = 'start'",
            "a row lies too far after the start of the run",
        ),
        (
            "t,n\n0,1\n60,1\n",
            "column = 'n', time = 't', zone = 'Asia/Soul'",
            "`Asia/Soul` is not a time zone",
        ),
        ("t,n\n0,1\n60,1\n", "column = 'n', time = 't', origin = 'noon'", "`noon` is no origin"),
        ("t,n\n0,0\n60,0\n", keys, "no traffic: every rate is zero at every moment"),
    ];
    for (content, keys, message) in cases {
        assert_eq!(refused(content, keys).0, message, "{content}");
    }
}
