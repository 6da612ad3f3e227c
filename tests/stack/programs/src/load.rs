//! `load`: an open-loop generator. Requests are sent at their instants, whatever became of those before, and a latency is counted from
//! the instant at which its request should have been sent, so that a late generator shows as latency and not as less load.
//! In: `--port`, `--seed`, `--rates` with `--seconds` or `--counts` with `--times`, `--warmup` (seconds that do not count),
//! `--k6` and `--figures` (files). Out: a row for each request in the shape of k6's CSV, and exact figures.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};

use crate::arrivals::{self, Arrival};
use crate::figures::{self, Answered};
use crate::http;
use crate::laws::Class;
use crate::options::Options;

/// Requests that can be under way; beyond it they are sent late, and `late_p99_ms` says so.
const SENDERS: usize = 192;
const TIMEOUT: Duration = Duration::from_secs(20);

pub fn run(options: &mut Options) -> Result<()> {
    let (port, seed): (u16, u64) = (options.required("port")?, options.required("seed")?);
    let warmup_s: f64 = options.maybe("warmup")?.unwrap_or(0.0);
    let rates: Option<String> = options.maybe("rates")?;
    let counts: Option<String> = options.maybe("counts")?;
    let arrivals = match (rates, counts) {
        (Some(rates), None) => arrivals::at_rates(&rates, options.required("seconds")?, seed)?,
        (None, Some(counts)) => arrivals::of_counts(&counts, options.maybe("times")?.unwrap_or(1.0), seed)?,
        _ => bail!("one of --rates and --counts"),
    };
    let (k6, figures): (Option<String>, Option<String>) = (options.maybe("k6")?, options.maybe("figures")?);
    options.end()?;

    let began = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
    let mut answers = sent(&arrivals, port)?;
    answers.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    if let Some(path) = k6 {
        write_k6(&path, &answers, began)?;
    }
    if let Some(path) = figures {
        figures::write(&path, &answers, warmup_s)?;
    }
    Ok(())
}

/// Each sender takes the next request, waits for its instant, and waits for its answer.
fn sent(arrivals: &[Arrival], port: u16) -> Result<Vec<Answered>> {
    let next = AtomicUsize::new(0);
    let start = Instant::now() + Duration::from_millis(200); // all connections are open by then
    let each = || -> Result<Vec<Answered>> {
        let mut stream = connected(port).ok();
        let mut answers = Vec::new();
        loop {
            let at = next.fetch_add(1, Relaxed);
            let Some(arrival) = arrivals.get(at) else { return Ok(answers) };
            let due = start + Duration::from_secs_f64(arrival.at_s);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let late_ms = due.elapsed().as_secs_f64() * 1e3;
            let status = ask(&mut stream, port, arrival.class, at);
            let latency_ms = due.elapsed().as_secs_f64() * 1e3;
            answers.push(Answered { class: arrival.class, at_s: arrival.at_s, late_ms, latency_ms, status });
        }
    };
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(each)).collect();
        let mut answers = Vec::with_capacity(arrivals.len());
        for sender in senders {
            let of_one = sender.join().ok().context("a sender that panicked")?;
            answers.extend(of_one?);
        }
        Ok(answers)
    })
}

/// 0 if no answer came. The connection stays open for the next one if it can.
fn ask(stream: &mut Option<TcpStream>, port: u16, class: Class, number: usize) -> u16 {
    if stream.is_none() {
        *stream = connected(port).ok();
    }
    let Some(open) = stream.as_mut() else { return 0 };
    let answer = match class {
        Class::Page => http::exchange(open, "GET", &format!("/page/{number}")),
        Class::Search => http::exchange(open, "GET", &format!("/search?q={number}")),
        Class::Order => http::exchange(open, "POST", "/order"),
    };
    if !answer.as_ref().is_ok_and(|answer| answer.stays) {
        *stream = None;
    }
    answer.map_or(0, |answer| answer.status)
}

fn connected(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    Ok(stream)
}

/// As `k6 run --out csv=…` writes it, of the metrics that say something of a single request.
fn write_k6(path: &str, answers: &[Answered], began: f64) -> Result<()> {
    let mut file = BufWriter::new(File::create(path).with_context(|| path.to_owned())?);
    writeln!(
        file,
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,\
         service,status,subproto,tls_version,url,extra_tags,metadata"
    )?;
    for answer in answers {
        let ends = (began + answer.at_s + answer.latency_ms / 1e3) as u64;
        let method = if answer.class == Class::Order { "POST" } else { "GET" };
        let (name, expected) = (answer.class.name(), answer.status == 200);
        let tags = format!(
            ",,,{expected},,{method},http://shop/{name},HTTP/1.1,{name},,{},,,http://shop/{name},,",
            answer.status
        );
        writeln!(file, "http_reqs,{ends},1.000000{tags}")?;
        writeln!(file, "http_req_duration,{ends},{:.6}{tags}", answer.latency_ms)?;
    }
    Ok(file.flush()?)
}
