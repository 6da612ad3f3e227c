//! Nothing personal comes out: canaries in every field of every format, in rows that are right and in rows that are broken.

use std::fmt::Write;

use super::lines::{CLOUDFRONT, K6, LOCUST, alb, cloudfront, combined, k6, locust};
use super::{Made, import};

/// A word that no output may have, in the shapes of what logs have.
const CANARY: &str = "kanarie";

fn held(what: &str, made: Result<Made, simcap::import::ImportError>) {
    let text = match &made {
        Ok(made) => made.all(),
        Err(error) => format!("{error} {error:?} {:?}", error.hint()),
    };
    let small = text.to_ascii_lowercase();
    assert!(!small.contains(CANARY), "{what}: {text}");
    assert!(!text.contains("203.0.113."), "{what}: an address of a client: {text}");
}

/// Ids and people in paths; the words of the site around them may stand there.
const PATHS: [&str; 8] = [
    "/users/kanarie",
    "/users/kanarie/orders?name=kanarie",
    "/reset/kanarie-kanarie-kanarie-a1b2c3d4",
    "/mail/kanarie@example.com",
    "/files;jsessionid=kanarie",
    "/k/kanarie4711",
    "/a#kanarie",
    "/t/eyJKanarieKanarieKanarieKanarieKanarie",
];

#[test]
fn fields_of_right_rows() {
    let (mut of_alb, mut of_clf, mut of_cloudfront, mut of_k6, mut of_locust) =
        (String::new(), String::new(), CLOUDFRONT.to_owned(), K6.to_owned(), LOCUST.to_owned());
    let agent = "kanarie/1.0 (kanarie)";
    for (second, path) in (0..).zip(PATHS.iter().cycle().take(80)) {
        let client = format!("203.0.113.{second}");
        of_alb += &alb(
            second,
            &client,
            "0.001 0.010 0.001",
            "200 200",
            &format!("GET https://kanarie.example:443{path}"),
            agent,
        );
        let who = format!("{client} kanarie kanarie");
        of_clf += &combined(
            second,
            &client,
            &format!("GET {path}"),
            200,
            "http://kanarie/",
            agent,
            " \"kanarie\" 0.010 0.010 kanarie",
        )
        .replacen(&format!("{client} - -"), &who, 1);
        let stem = path.split(['?', '#']).next().unwrap();
        of_cloudfront += &cloudfront(second, &client, stem, "200", "kanarie", "Hit", "0.010");
        of_k6 += &k6(second, &format!("http://kanarie.example{path}"), 200, 20.0, "kanarie");
        let _ = write!(of_locust, "{}", locust(second, path.split('?').next().unwrap(), 5, 0, 10.0));
    }
    let all = [
        ("alb", of_alb),
        ("clf", of_clf),
        ("cloudfront", of_cloudfront),
        ("k6", of_k6),
        ("locust", of_locust),
    ];
    for (format, text) in &all {
        let made = import(&[("a.log", text)]);
        assert!(made.is_ok(), "{format}: {}", made.err().unwrap());
        held(format, made);
    }
    let json = r#"{"type":"Point","metric":"http_reqs","data":{"time":"2030-01-15T12:00:00Z","value":1,"tags":{"method":"GET","name":"http://kanarie/users/kanarie","status":"200","x":"kanarie"}}}"#;
    held("k6 json", import(&[("k6.json", &format!("{json}\n{json}\n"))]));
    let csv = "time,path,status,user,kanarie\n2030-01-15T12:00:00Z,/users/kanarie,200,kanarie,kanarie\n";
    held("csv", import(&[("a.csv", csv)]));
    let metrics = r#"{"Label":"CPUUtilization","Note":"kanarie","Datapoints":[{"Timestamp":"2030-01-15T12:00:00Z","Average":5,"Unit":"kanarie"}]}"#;
    held("cloudwatch", import(&[("m.json", metrics)]));
}

/// Each field of each line is replaced, and each line is cut, in turn.
#[test]
fn fields_of_broken_rows() {
    let good = [
        alb(0, "192.0.2.1", "0.001 0.010 0.001", "200 200", "GET https://h:443/a", "a"),
        combined(0, "192.0.2.1", "GET /a", 200, "-", "a", " 0.010 0.010"),
        cloudfront(0, "192.0.2.1", "/a", "200", "-", "Hit", "0.010"),
        k6(0, "http://h/a", 200, 20.0, ""),
        locust(0, "/a", 5, 0, 10.0),
    ];
    let heads = ["", "", CLOUDFRONT, K6, LOCUST];
    let separators = [' ', ' ', '\t', ',', ','];
    for ((good, head), separator) in good.iter().zip(heads).zip(separators) {
        let fields: Vec<&str> = good.trim_end().split(separator).collect();
        let mut text = head.to_owned() + good;
        for index in 0..fields.len() {
            for bad in ["\"kanarie", "kanarie\"kanarie", "[kanarie", "\u{0}kanarie", "-kanarie-1"] {
                // A path that is a word is no secret by its looks.
                if fields[index].contains("/a") {
                    continue;
                }
                let mut fields = fields.clone();
                fields[index] = bad;
                text += &(fields.join(&separator.to_string()) + "\n");
            }
            text += &(fields[..index].join(&separator.to_string()) + " kanarie\n");
        }
        text += "kanarie\n\u{1b}[31mkanarie\n";
        held(good, import(&[("a.log", &text)]));
        held(good, import(&[("a.log", text.split_once('\n').unwrap().1)]));
    }
    held("text", import(&[("a.log", "kanarie of no format\n")]));
    held("json", import(&[("a.json", "{\"kanarie\": [1, \"kanarie\"")]));
    held(
        "classes",
        simcap::import::classes::parse("kanarie 203.0.113.9 [").map(|_| unreachable!()).map_err(Into::into),
    );
}

/// The names of files of S3 have numbers of accounts and addresses of balancers.
#[test]
fn names_of_files_do_not_come_out() {
    let name = "AWSLogs/203.0.113.7_kanarie/a_203.0.113.7_kanarie.log";
    held(
        "names",
        import(&[(name, &alb(0, "192.0.2.1", "0.001 0.010 0.001", "200 200", "GET https://h:443/a", "a"))]),
    );
}
