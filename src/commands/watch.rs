//! `--watch`: a command again, whenever its files change. In: scenarios, and what is done with them. Out: a page after each change, until a
//! signal ends it.
//!
//! Files are looked at twice a second, and not announced by the system: that also works on folders of a network or of a container, where
//! nothing is announced, and with editors that write another file and rename it. It costs some reads of metadata.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use std::{fs, thread};

use sha2::{Digest, Sha256};
use simcap::files;
use simcap::guard::{CHANGED, Guard, Reason};
use simcap::number::counted;
use simcap::scenario;
use simcap::text::visible;

use crate::cli::Voice;
use crate::exit::{self, Exit};

/// How often files are looked at.
const EVERY: Duration = Duration::from_millis(500);
/// How long they have to stay as they are before the command runs again: an editor or `git checkout` writes several.
const SETTLED: Duration = Duration::from_millis(150);
/// How soon a signal is noticed.
const SIGNAL: Duration = Duration::from_millis(50);
/// An empty terminal without what was on it, and the cursor at its begin.
const CLEAR: &str = "\x1b[H\x1b[2J\x1b[3J";

/// What a command is doing, for whoever sees that its files change meanwhile.
#[derive(Default)]
pub(super) struct Running(Mutex<Stop>);

#[derive(Default)]
struct Stop {
    /// How the runs are ended, once there are any.
    flag: Option<Arc<AtomicUsize>>,
    is_asked: bool,
}

impl Running {
    /// From now on a change ends the runs of this guard.
    pub fn ends_with(&self, guard: &Guard) {
        let mut stop = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stop.flag = Some(guard.signal());
        stop.end();
    }

    fn end(&self) {
        let mut stop = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stop.is_asked = true;
        stop.end();
    }
}

impl Stop {
    fn end(&self) {
        if let (true, Some(flag)) = (self.is_asked, &self.flag) {
            // A signal that came before counts.
            let _ = flag.compare_exchange(0, CHANGED, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

/// Does something now and after each change of the files. A change ends what is running, and it begins again. An error is shown, and the
/// next change is waited for.
pub(super) fn watch(
    scenarios: &[PathBuf],
    voice: Voice,
    mut again: impl FnMut(&Running) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let guard = super::stop::by_signal()?;
    let mut changed = Vec::new();
    loop {
        if io::stdout().is_terminal() {
            super::say::say(CLEAR)?;
        }
        if !voice.quiet && !changed.is_empty() {
            super::say::say(&format!("{} changed\n\n", names(&changed)))?;
        }
        // Before the command, so that what changes meanwhile is not missed.
        let seen = Seen::of(scenarios);
        let (ended, meanwhile) = watched(&seen, &mut again);
        let ended = match ended {
            Err(error) if exit::ended_by(&error) == Some(Reason::Changed) => {
                settle(scenarios);
                changed = meanwhile;
                continue;
            }
            ended => ended.unwrap_or_else(|error| exit::explain(&error)),
        };
        if guard.stops() {
            return Ok(guard.reason().map_or(ended, Exit::from));
        }
        if !voice.quiet {
            let there = seen.0.iter().filter(|it| it.1.is_some()).count();
            let files = counted(there as u64, "file");
            exit::note(&format!("\nwatching {files}: a change runs it again, Ctrl-C ends it\n"));
        }
        changed = loop {
            if waited(EVERY, || guard.stops()) {
                return Ok(guard.reason().map_or(ended, Exit::from));
            }
            let changed = seen.changed();
            if !changed.is_empty() {
                settle(scenarios);
                break changed;
            }
        };
    }
}

/// Does something, and ends it if files change before it is done: what it returned, and which files these are.
fn watched<T>(seen: &Seen, again: &mut impl FnMut(&Running) -> T) -> (T, Vec<PathBuf>) {
    let (running, is_done) = (Running::default(), AtomicBool::new(false));
    thread::scope(|scope| {
        let looker = scope.spawn(|| {
            while !waited(EVERY, || is_done.load(Ordering::Relaxed)) {
                let changed = seen.changed();
                if !changed.is_empty() {
                    running.end();
                    return changed;
                }
            }
            Vec::new()
        });
        // Also if it panics: the scope waits for the one who looks.
        let done = Done(&is_done);
        let ended = again(&running);
        drop(done);
        (ended, looker.join().unwrap_or_default())
    })
}

/// Says that something is done when it goes away.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits so long, or until something is so: whether it is.
fn waited(time: Duration, is_so: impl Fn() -> bool) -> bool {
    (0..time.as_millis() / SIGNAL.as_millis()).any(|_| {
        thread::sleep(SIGNAL);
        is_so()
    })
}

/// Waits until the files stay as they are, for some seconds at most.
fn settle(scenarios: &[PathBuf]) {
    let mut last = Seen::of(scenarios);
    for _ in 0..20 {
        thread::sleep(SETTLED);
        let now = Seen::of(scenarios);
        if now == last {
            return;
        }
        last = now;
    }
}

/// `shop.toml and base.toml`.
fn names(paths: &[PathBuf]) -> String {
    let name = |path: &PathBuf| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    visible(&paths.iter().map(name).collect::<Vec<_>>().join(" and ")).into_owned()
}

/// The files as they were at some time; what is not there has no content.
#[derive(PartialEq, Eq)]
struct Seen(Vec<(PathBuf, Option<Content>)>);

#[derive(PartialEq, Eq)]
struct Content {
    touched: Option<(SystemTime, u64)>,
    hash: [u8; 32],
}

impl Seen {
    fn of(scenarios: &[PathBuf]) -> Seen {
        let mut files: Vec<PathBuf> = scenarios.iter().flat_map(|path| scenario::files(path)).collect();
        files.sort();
        files.dedup();
        Seen(files.into_iter().map(|path| (path.clone(), content(&path))).collect())
    }

    /// The files with another content than then. One that was only touched has not changed.
    fn changed(&self) -> Vec<PathBuf> {
        let is_other = |(path, was): &&(PathBuf, Option<Content>)| match was {
            Some(was) if touched(path).is_some_and(|now| Some(now) == was.touched) => false,
            was => content(path).map(|now| now.hash) != was.as_ref().map(|was| was.hash),
        };
        self.0.iter().filter(is_other).map(|(path, _)| path.clone()).collect()
    }
}

fn touched(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn content(path: &Path) -> Option<Content> {
    // The time first: a change between the two is seen as one then.
    let touched = touched(path);
    let mut hash = Sha256::new();
    // Not what blocks when it is read.
    touched?;
    io::copy(&mut files::open(path).ok()?, &mut Hashed(&mut hash)).ok()?;
    Some(Content { touched, hash: hash.finalize().into() })
}

/// A hash that is written to.
struct Hashed<'h>(&'h mut Sha256);

impl io::Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
