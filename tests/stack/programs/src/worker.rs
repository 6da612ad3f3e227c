//! `worker`: a server with a bounded number of threads, each of which accepts a connection, does the work of its one request, and
//! closes. Who finds no thread free waits in the queue of the socket, first come, first served.
//! In: `--port`, `--threads`, `--seed`, `--redis`, `--sql` (ports), `--counters` (a file). Out: answers, and a row of counters a second.

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

/// What all threads have done so far.
#[derive(Default)]
struct Done {
    requests: AtomicU64,
    /// Nanoseconds for which threads were taken.
    busy: AtomicU64,
}

pub fn run(options: &mut Options) -> Result<()> {
    let port: u16 = options.required("port")?;
    let threads: u64 = options.required("threads")?;
    let seed: u64 = options.required("seed")?;
    let (redis, sql): (u16, u16) = (options.required("redis")?, options.required("sql")?);
    let counters: String = options.required("counters")?;
    options.end()?;

    let done = Arc::new(Done::default());
    // All that they need is open before anybody can connect.
    let mut opened = (0..threads).map(|_| Stores::open(redis, sql)).collect::<Result<Vec<_>>>()?;
    let listener = Arc::new(TcpListener::bind(("127.0.0.1", port))?);
    for thread in 0..threads {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(thread);
        let stores = opened.pop().context("a connection for each thread")?;
        let (listener, done) = (listener.clone(), done.clone());
        std::thread::spawn(move || serve(&listener, stores, rng, &done));
    }
    count(&done, &counters)
}

fn serve(listener: &TcpListener, mut stores: Stores, mut rng: ChaCha8Rng, done: &Done) {
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
            done.requests.fetch_add(1, Relaxed);
        }
        drop(stream);
        done.busy.fetch_add(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX), Relaxed);
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

/// Once a second: when, how many requests, busy seconds of threads, CPU seconds of the process, each since the row before.
fn count(done: &Done, path: &str) -> Result<()> {
    let mut file = File::create(path).with_context(|| path.to_owned())?;
    writeln!(file, "unix_s,requests,busy_s,cpu_s")?;
    let mut cpu = ProcessTime::now();
    loop {
        let to_next = 1_000_000_000 - u64::from(SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos());
        std::thread::sleep(Duration::from_nanos(to_next));
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let (requests, busy) = (done.requests.swap(0, Relaxed), done.busy.swap(0, Relaxed));
        let used = cpu.elapsed();
        cpu = ProcessTime::now();
        writeln!(
            file,
            "{now},{requests},{:.6},{:.6}",
            Duration::from_nanos(busy).as_secs_f64(),
            used.as_secs_f64()
        )?;
    }
}
