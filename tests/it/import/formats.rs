//! Each format, to the counts and times that its lines state.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use simcap::import::{Format, Hints, ImportError, TimeUnit, classes};

use super::lines::{CLOUDFRONT, K6, LOCUST, alb, cloudfront, combined, k6, locust};
use super::{hinted, import, import_with, options};

/// Two minutes: three pages, an order, a file; a target that fails, a balancer that does, a client that leaves.
fn log() -> String {
    let page = "GET https://www.example.com:443/items/";
    [
        alb(0, "192.0.2.1", "0.001 0.020 0.001", "200 200", &format!("{page}17?q=1"), "a"),
        alb(1, "192.0.2.2", "0.001 0.040 0.001", "200 200", &format!("{page}18"), "a"),
        alb(2, "192.0.2.3", "0.001 0.060 0.001", "404 404", &format!("{page}19"), "a"),
        alb(3, "192.0.2.4", "0.000 0.100 0.000", "201 201", "POST https://www.example.com:443/orders", "a"),
        alb(4, "192.0.2.4", "0.000 0.001 0.000", "200 200", "GET https://www.example.com:443/app.css", "a"),
        alb(60, "192.0.2.5", "0.001 0.500 0.001", "500 500", &format!("{page}20"), "a"),
        alb(61, "192.0.2.6", "-1 -1 -1", "502 -", &format!("{page}21"), "a"),
        alb(62, "192.0.2.7", "0.001 -1 -1", "504 -", &format!("{page}22"), "a"),
        alb(63, "192.0.2.8", "0.001 -1 -1", "460 -", &format!("{page}23"), "a"),
    ]
    .concat()
}

#[test]
fn a_log_of_a_balancer_has_counts_times_and_causes() {
    let made = import(&[("access.log", &log())]).unwrap();
    assert_eq!(made.names(), ["classes.toml", "measured.csv", "rates.csv", "scenario.toml"]);
    assert_eq!(made.file("rates.csv"), "at_s,items-id,post-orders,static\n0,3,1,1\n60,4,0,0\n");
    let of = |column: &str| made.column("measured.csv", column);
    assert_eq!(
        (of("requests"), of("errors")),
        (vec!["5".into(), "4".into()], vec!["0".into(), "3".into()]) as (Vec<String>, Vec<String>)
    );
    assert_eq!(of("mean_ms of items-id"), ["42", ""], "of answers only");
    assert_eq!(of("service_ms of items-id"), ["40", ""]);
    for (cause, count) in [
        ("errors_target", "1"),
        ("errors_connection", "1"),
        ("errors_balancer", "1"),
        ("aborted", "1"),
        ("refused", "0"),
    ] {
        assert_eq!(of(&format!("{cause} of items-id"))[1], count, "{cause}");
    }
    assert_eq!(of("targets"), ["1", "1"]);
    assert!(
        made.page.contains("requests that failed are replayed as ones that are answered"),
        "{}",
        made.page
    );
    let scenario = made.file("scenario.toml");
    assert!(scenario.contains("steps = [{ delay = \"lognormal 40ms cv 0.5\" }]"), "{scenario}");
    assert!(scenario.contains("column = \"items-id\", time = \"at_s\", per = \"1m\""), "{scenario}");
    assert!(made.page.lines().all(|line| line.chars().count() <= 80), "{}", made.page);
}

/// The same log in two packed files of several members, in the wrong order, in the folders of S3, with CR LF and a byte order mark.
#[test]
fn how_a_log_is_delivered_makes_no_difference() {
    let whole = import(&[("access.log", &log())]).unwrap();
    let lines: Vec<String> = log().lines().map(|line| format!("{line}\r\n")).collect();
    let packed = |lines: &[String]| {
        let mut all = Vec::new();
        for line in lines {
            let mut member = GzEncoder::new(Vec::new(), Compression::fast());
            member.write_all(line.as_bytes()).unwrap();
            all.extend(member.finish().unwrap());
        }
        all
    };
    let (late, early) =
        (packed(&lines[5..]), [b"\xef\xbb\xbf".to_vec(), lines[..5].concat().into_bytes()].concat());
    let test = b"Enable AccessLogs for ELB: 123 at 2030-01-15T00:00:00Z".to_vec();
    let files: [(&str, &[u8]); 3] =
        [("2030/01/15/a.log.gz", &late), ("2030/01/15/b.log", &early), ("ELBAccessLogTestFile", &test)];
    let made = import_with(&files, options()).unwrap();
    for file in ["rates.csv", "measured.csv", "classes.toml"] {
        assert_eq!(made.file(file), whole.file(file));
    }
    assert!(made.page.contains("1 file without a row"), "{}", made.page);
}

#[test]
fn what_is_before_the_damage_of_a_packed_file_is_used() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    (0..200).for_each(|_| packed.write_all(log().as_bytes()).unwrap());
    let packed = packed.finish().unwrap();
    let made = import_with(&[("a.log.gz", &packed[..packed.len() * 2 / 3])], options()).unwrap();
    assert!(made.page.contains("the file is damaged or ends early"), "{}", made.page);
    let used: u32 =
        made.column("measured.csv", "requests").iter().map(|count| count.parse::<u32>().unwrap()).sum();
    assert!(used > 900 && used < 1_800, "{used}");
}

#[test]
fn nginx_says_what_took_how_long_and_apache_with_its_unit() {
    let nginx: String =
        (1..5).map(|i| combined(i, "192.0.2.1", "GET /a", 200, "-", "a", " 0.030 0.020")).collect();
    let failed = combined(5, "192.0.2.1", "GET /a", 502, "-", "a", " 0.001 -");
    let made = import(&[("n.log", &(nginx + &failed))]).unwrap();
    assert_eq!(
        (made.column("measured.csv", "mean_ms of a"), made.column("measured.csv", "service_ms of a")),
        (vec!["30".to_owned()], vec!["20".to_owned()])
    );
    assert_eq!(made.column("measured.csv", "errors_balancer of a"), ["1"]);
    let apache: String =
        (0..4).map(|i| combined(i, "192.0.2.1", "GET /a", 200, "-", "a", " 30000")).collect();
    let none = import(&[("a.log", &apache)]).unwrap();
    assert!(none.file("scenario.toml").contains("ASSUMED"));
    let hints = Hints { unit: Some(TimeUnit::Micros), ..Hints::default() };
    let made = import_with(&[("a.log", apache.as_bytes())], hinted(hints)).unwrap();
    assert_eq!(made.column("measured.csv", "mean_ms of a"), ["30"]);
}

#[test]
fn cloudfront_knows_hits() {
    let rows = cloudfront(5, "192.0.2.1", "/a/b", "200", "-", "Hit", "0.002")
        + &cloudfront(1, "192.0.2.1", "/a/b", "200", "-", "Miss", "0.102")
        + &cloudfront(2, "192.0.2.1", "/a/b", "000", "-", "Error", "1.000")
        + &cloudfront(3, "192.0.2.1", "/a/b", "503", "-", "Error", "0.001");
    let made = import(&[("E1.2030-01-15-12.log", &(CLOUDFRONT.to_owned() + &rows))]).unwrap();
    let of = |figure: &str| made.column("measured.csv", &format!("{figure} of a-b"));
    assert_eq!(
        (of("requests"), of("hit_percent"), of("aborted")),
        (vec!["4".to_owned()], vec!["50".to_owned()], vec!["1".to_owned()])
    );
    assert_eq!((of("mean_ms"), of("errors_server")), (vec!["52".to_owned()], vec!["1".to_owned()]));
}

#[test]
fn six_rows_of_k6_are_one_request() {
    let rows: String = (0..10).map(|i| k6(i, "http://shop.example/cart", 200, 31.0, "")).collect();
    let made = import(&[("k6.csv", &(K6.to_owned() + &rows))]).unwrap();
    assert_eq!(made.file("rates.csv"), "at_s,cart\n0,10\n");
    assert_eq!(
        (made.column("measured.csv", "mean_ms of cart"), made.column("measured.csv", "service_ms of cart")),
        (vec!["31".to_owned()], vec!["30".to_owned()])
    );
}

#[test]
fn locust_counts_are_differences_of_totals() {
    let rows: String = (1..=6)
        .map(|i| {
            locust(i * 10, "/cart", i * 50, i, 30.0)
                + &locust(i * 10, "/items/[id]", i * 10, 0, 20.0)
                + &locust(i * 10, "Aggregated", i * 60, i, 28.0)
        })
        .collect();
    let made = import(&[("x_stats_history.csv", &(LOCUST.to_owned() + &rows))]).unwrap();
    assert_eq!(made.column("rates.csv", "cart"), ["50"; 6]);
    assert_eq!(made.column("measured.csv", "requests of items-id"), ["10"; 6]);
    assert_eq!(made.column("measured.csv", "requests"), ["60"; 6]);
    assert_eq!(made.column("measured.csv", "p95_ms of cart"), ["70"; 6]);
    assert!(made.file("scenario.toml").contains("per = \"10s\""), "{}", made.file("scenario.toml"));
}

#[test]
fn totals_of_locust_are_one_period() {
    let text = "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\n\
        GET,/,900,0,40,50,10,300,1200,30.0,0.0,40,50,60,70,90,110,180,220,290,300,300\n\
        ,Aggregated,900,10,45,55,10,800,1300,30.0,0.5,45,55,65,75,95,120,200,250,700,800,800\n";
    let made = import(&[("x_stats.csv", text)]).unwrap();
    assert_eq!(made.file("rates.csv"), "at_s,home\n0,900\n");
    assert!(made.file("scenario.toml").contains("duration = \"30s\""), "{}", made.file("scenario.toml"));
}

#[test]
fn cloudwatch_sums_are_counts_and_the_rest_are_columns() {
    let statistics = r#"{"Label":"RequestCount","Datapoints":[{"Timestamp":"2030-01-01T00:05:00Z","Sum":1200.0,"Unit":"Count"},{"Timestamp":"2030-01-01T00:00:00Z","Sum":600.0,"Unit":"Count"}]}
        {"Label":"CPUUtilization","Datapoints":[{"Timestamp":"2030-01-01T00:00:00Z","Average":41.5,"Maximum":90,"Unit":"Percent"}]}"#;
    let data = r#"{"MetricDataResults":[{"Id":"m1","Label":"web HealthyHostCount","Timestamps":["2030-01-01T00:05:00+00:00","2030-01-01T00:00:00+00:00"],"Values":[4.0,3.0]},
        {"Id":"m2","Label":"TargetResponseTime p95","Timestamps":[1893456000,1893456300],"Values":[0.25,0.5]}]}"#;
    let made = import(&[("statistics.json", statistics), ("data.json", data)]).unwrap();
    assert_eq!(made.file("rates.csv"), "at_s,all\n0,600\n300,1200\n");
    assert_eq!(made.column("measured.csv", "cpu_percent"), ["41.5", ""]);
    assert_eq!(made.column("measured.csv", "instances of web"), ["3", "4"]);
    assert_eq!(made.column("measured.csv", "p95_ms"), ["250", "500"]);
    assert!(made.file("scenario.toml").contains("per = \"5m\""));
    let console = "Full label,web RequestCount,web CPUUtilization\nLabel,web RequestCount,web CPUUtilization\nPeriod,60,60\nStatistic,Sum,Average\n2030/01/01 00:00:00,600,10.5\n2030/01/01 00:01:00,660,\n";
    let made = import(&[("metrics.csv", console)]).unwrap();
    assert_eq!(
        (made.column("measured.csv", "requests of web"), made.column("measured.csv", "cpu_percent of web")),
        (vec!["600".to_owned(), "660".into()], vec!["10.5".to_owned(), String::new()])
    );
    let sums = "Timestamp,Sum,Unit\n2030-01-01T00:04:00Z,1200,Count\n2030-01-01T00:05:00Z,54000,Count\n";
    assert_eq!(import(&[("counts.csv", sums)]).unwrap().file("rates.csv"), "at_s,all\n0,1200\n60,54000\n");
}

#[test]
fn any_csv_is_read_by_the_names_of_its_columns() {
    let jmeter = "timeStamp,elapsed,label,responseCode,success\n1894708800000,100,GET /health,200,true\n1894708801000,300,GET /health,500,false\n";
    let made = import(&[("r.jtl", jmeter)]).unwrap();
    assert_eq!(
        (made.column("measured.csv", "requests"), made.column("measured.csv", "errors")),
        (vec!["2".to_owned()], vec!["1".to_owned()])
    );
    let counts = "timestamp,value\n2030-04-10 00:04:00,94\n2030-04-10 00:09:00,56\n";
    assert_eq!(import(&[("elb.csv", counts)]).unwrap().file("rates.csv"), "at_s,all\n0,94\n300,56\n");
    let german = "Zeit;Pfad;Dauer\n2030-04-10 00:04:00;/a;12\n";
    let columns = [("time", "Zeit"), ("path", "Pfad"), ("duration", "Dauer")]
        .map(|(what, name)| (what.to_owned(), name.to_owned()));
    let made = import_with(
        &[("g.csv", german.as_bytes())],
        hinted(Hints { columns: columns.into(), ..Hints::default() }),
    )
    .unwrap();
    assert_eq!(made.column("measured.csv", "mean_ms of a"), ["12"]);
    // What an import has measured is read again as it is.
    let again = import(&[("measured.csv", made.file("measured.csv"))]).unwrap();
    assert_eq!(again.column("measured.csv", "mean_ms of a"), ["12"]);
}

#[test]
fn a_folder_of_several_formats_is_put_together() {
    let metrics = r#"{"Label":"web CPUUtilization","Datapoints":[{"Timestamp":"2030-01-15T12:00:00Z","Average":55.0},{"Timestamp":"2030-01-15T12:01:00Z","Average":65.0}]}"#;
    let made = import(&[("a.log", &log()), ("cpu.json", metrics)]).unwrap();
    assert_eq!(made.column("measured.csv", "cpu_percent of web"), ["55", "65"]);
    assert_eq!(made.column("measured.csv", "requests"), ["5", "4"]);
    let wrong = import(&[("a.log", &log()), ("notes.txt", "nothing here\n")]).err().unwrap();
    assert!(matches!(&wrong, ImportError::Unknown { name, .. } if name.ends_with("notes.txt")), "{wrong}");
    let plan = import(&[(
        "plan.json",
        r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{}}"#,
    )])
    .err()
    .unwrap();
    assert!(matches!(plan, ImportError::Infrastructure { .. }));
}

#[test]
fn classes_can_be_given_and_left_out() {
    let given = classes::parse("[[class]]\nname = \"shop\"\nfits = [\"GET /items/*\", \"* /orders/**\"]\n[[class]]\nname = \"files\"\nextensions = [\"css\"]\ndrop = true\n").unwrap();
    let made =
        import_with(&[("a.log", log().as_bytes())], super::Options { classes: Some(given), ..options() })
            .unwrap();
    assert_eq!(made.file("rates.csv"), "at_s,shop\n0,4\n60,4\n");
    assert!(
        made.page.contains("a class to drop") && !made.names().contains(&"classes.toml"),
        "{}",
        made.page
    );
    let whole = import(&[(
        "a.log",
        &log().replace(" 500 500 ", " 200 200 ").replace("502 -", "200 200").replace("504 -", "200 200"),
    )])
    .unwrap();
    assert!(!whole.page.contains("requests that failed"), "{}", whole.page);
    let from = simcap::import::instant("2030-01-15T12:01:00Z").ok();
    let made = import_with(&[("a.log", log().as_bytes())], super::Options { from, ..options() }).unwrap();
    assert_eq!(made.file("rates.csv"), "at_s,items-id\n0,4\n");
    assert!(made.page.contains("5 lines (56 %): outside --from and --to"), "{}", made.page);
}

#[test]
fn a_format_can_be_asked_for_and_may_be_wrong() {
    let alb = Hints { format: Some(Format::Alb), ..Hints::default() };
    let error = import_with(&[("c.csv", b"time,path\n1,2\n")], hinted(alb)).err().unwrap();
    assert!(
        matches!(&error, ImportError::Nothing(text) if text.contains("not a row of this format")),
        "{error}"
    );
    assert!(matches!(import(&[("x.zip", "PK\x03\x04....")]), Err(ImportError::Packed { .. })));
    assert!(matches!(import(&[("empty.log", "")]), Err(ImportError::Nothing(_))));
    let far = combined(0, "a", "GET /", 200, "-", "-", "")
        + "a - - [15/Jan/2130:12:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n";
    assert!(matches!(import(&[("far.log", &far)]), Err(ImportError::Periods { .. })));
}
