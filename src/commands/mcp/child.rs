//! A call as a process of its own. In: arguments of this program, limits, whether the call was cancelled. Out: what it has printed and how
//! it ended. It never outlives its limits, and not this future.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use simcap::units::Bytes;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// Most that is kept of what a call prints; the rest is read and dropped.
const PRINTED_MAX: usize = 4 << 20;
/// How often limits are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often a client hears how far it is.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// A call ends by itself at its limits, and writes what it has so far; this much later it is ended.
const GRACE: Duration = Duration::from_secs(5);
/// What a call may take beyond its limit of memory, while it notices that and ends.
const SPARE: u64 = 256 << 20;

/// Limits of each call.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub time: Duration,
    /// Unlimited if absent.
    pub memory: Option<Bytes>,
}

/// Why a call was ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Cancelled,
    Time,
    Memory,
}

/// What a call has come to.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; absent if it was ended by a signal.
    pub code: Option<i32>,
    pub printed: String,
    pub errors: String,
    pub ended: Option<Ended>,
}

/// Runs this program in a folder. `tell` hears now and then for how many seconds it has been running, and its last line of progress.
pub async fn run(
    arguments: &[OsString],
    folder: PathBuf,
    limits: Limits,
    cancelled: impl Future<Output = ()>,
    tell: impl Fn(f64, String),
) -> std::io::Result<Ran> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(arguments)
        .current_dir(folder)
        // Summaries of a job are no business of an assistant.
        .env_remove("GITHUB_STEP_SUMMARY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (printed, errors) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::<Mutex<Vec<u8>>>::default());
    let readers = [
        child.stdout.take().map(|pipe| tokio::spawn(keep(pipe, printed.clone()))),
        child.stderr.take().map(|pipe| tokio::spawn(keep(pipe, errors.clone()))),
    ];
    let began = Instant::now();
    let mut watch = Watch { system: System::new(), pid: child.id().map(Pid::from_u32), limits, began };
    let mut looks = tokio::time::interval(LOOK_EVERY);
    let mut told = None;
    let mut ended = None;
    let mut cancelled = std::pin::pin!(cancelled);
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            () = &mut cancelled, if ended.is_none() => {
                ended = Some(Ended::Cancelled);
                end(&mut child).await;
            }
            _ = looks.tick() => {}
        }
        if ended.is_none() {
            ended = watch.exceeded();
            if ended.is_some() {
                child.start_kill()?;
            }
        }
        if told.is_none_or(|told: Instant| told.elapsed() >= TELL_EVERY) {
            told = Some(Instant::now());
            tell(began.elapsed().as_secs_f64(), last_line(&text(&errors)));
        }
    };
    for reader in readers.into_iter().flatten() {
        // A reader that failed has kept what came before.
        let _ = reader.await;
    }
    Ok(Ran { code: status.code(), printed: text(&printed), errors: text(&errors), ended })
}

/// Reads a pipe to its end, and keeps the beginning.
async fn keep(mut pipe: impl AsyncRead + Unpin, kept: Arc<Mutex<Vec<u8>>>) {
    let mut bytes = vec![0; 64 << 10];
    while let Ok(count @ 1..) = pipe.read(&mut bytes).await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let room = PRINTED_MAX.saturating_sub(kept.len()).min(count);
        kept.extend_from_slice(&bytes[..room]);
    }
}

fn text(kept: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&kept.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

fn last_line(text: &str) -> String {
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned()
}

/// What a call may not exceed.
struct Watch {
    system: System,
    pid: Option<Pid>,
    limits: Limits,
    began: Instant,
}

impl Watch {
    fn exceeded(&mut self) -> Option<Ended> {
        if self.began.elapsed() > self.limits.time + GRACE {
            return Some(Ended::Time);
        }
        let (pid, allowed) = (self.pid?, self.limits.memory?);
        let memory = ProcessRefreshKind::nothing().with_memory();
        self.system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, memory);
        (self.system.process(pid)?.memory() > allowed.0 + SPARE).then_some(Ended::Memory)
    }
}

/// Asks a call to end, so that it can tidy up; if that is of no use, it is ended.
async fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(pid) = child.id().and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed())) {
        // It may be gone already.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        if tokio::time::timeout(GRACE, child.wait()).await.is_ok() {
            return;
        }
    }
    let _ = child.start_kill();
}
