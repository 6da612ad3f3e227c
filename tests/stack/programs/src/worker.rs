//! `worker`: a server with a bounded number of threads, each of which accepts a connection, does the work of its one request, and
//! closes. Who finds no thread free waits in the queue of the socket, first come, first served.
//! In: `--port`, `--threads`, `--seed`, `--redis`, `--sql` (ports), `--counters` (a file), `--cores` (that its CPU is a share of).
//! Out: answers, and a row of counters a second, with the columns of a `measured.csv`.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use cpu_time::{ProcessTime, ThreadTime};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use crate::http;
use crate::laws::{Class, Work};
use crate::options::Options;
use crate::order::Stores;

pub fn run(options: &mut Options) -> Result<()> {
    let port: u16 = options.required("port")?;
    let threads: u64 = options.required("threads")?;
    let seed: u64 = options.required("seed")?;
    let (redis, sql): (u16, u16) = (options.required("redis")?, options.required("sql")?);
    let (counters, cores): (String, f64) = (options.required("counters")?, options.required("cores")?);
    options.end()?;

    // Nanoseconds for which threads were taken since the last row.
    let busy = Arc::new(AtomicU64::new(0));
    // All that they need is open before anybody can connect.
    let mut opened = (0..threads).map(|_| Stores::open(redis, sql)).collect::<Result<Vec<_>>>()?;
    let listener = Arc::new(TcpListener::bind(("127.0.0.1", port))?);
    for thread in 0..threads {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(thread);
        let stores = opened.pop().context("a connection for each thread")?;
        let (listener, busy) = (listener.clone(), busy.clone());
        std::thread::spawn(move || serve(&listener, stores, rng, &busy));
    }
    count(&busy, cores, &counters)
}

fn serve(listener: &TcpListener, mut stores: Stores, mut rng: ChaCha8Rng, busy: &AtomicU64) {
    loop {
        let Ok((mut stream, _)) = listener.accept() else { continue };
        let began = Instant::now();
        let _ = stream.set_nodelay(true);
        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
        if let Ok(Some(path)) = http::request(&mut stream) {
            let name = path.trim_start_matches('/').split(['/', '?']).next().unwrap_or("");
            let (status, body) = match Class::named(name) {
                None => (404, Vec::new()),
                Some(class) => match work(&Work::drawn(class, &mut rng), &mut stores) {
                    Ok(body) => (200, body),
                    Err(error) => {
                        eprintln!("{name}: {error:#}");
                        (500, Vec::new())
                    }
                },
            };
            let _ = http::answer(&mut stream, status, &body);
        }
        drop(stream);
        busy.fetch_add(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }
}

fn work(work: &Work, stores: &mut Stores) -> Result<Vec<u8>> {
    spin(work.cpu);
    std::thread::sleep(work.wait);
    match work.class {
        Class::Page => stores.page(),
        Class::Search => Ok(b"found".to_vec()),
        Class::Order => stores.order(work.hold).map(|()| b"ordered".to_vec()),
    }
}

/// Uses the CPU for as long, whoever else wants it.
fn spin(time: Duration) {
    let began = ThreadTime::now();
    while began.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// A row a second, with the beginning of that second: CPU in percent of `cores`, and busy threads on the mean.
fn count(busy: &AtomicU64, cores: f64, path: &str) -> Result<()> {
    let mut file = File::create(path).with_context(|| path.to_owned())?;
    writeln!(file, "time,cpu_percent of web,busy threads")?;
    let (mut from, mut cpu) = (SystemTime::now(), ProcessTime::now());
    loop {
        let to_next = 1_000_000_000 - u64::from(SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos());
        std::thread::sleep(Duration::from_nanos(to_next));
        let now = SystemTime::now();
        let lasted = now.duration_since(from)?.as_secs_f64();
        let used = cpu.elapsed().as_secs_f64() / lasted / cores * 100.0;
        let threads = Duration::from_nanos(busy.swap(0, Relaxed)).as_secs_f64() / lasted;
        writeln!(file, "{},{used:.4},{threads:.4}", from.duration_since(UNIX_EPOCH)?.as_secs())?;
        (from, cpu) = (now, ProcessTime::now());
    }
}
