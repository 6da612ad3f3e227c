//! What interrupts the runs of a command. In: limits of the command line, the machine, signals. Out: a [`Guard`].

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::signal::{SIGINT, SIGTERM};
use signal_hook::flag;
use simcap::guard::Guard;
use simcap::units::Bytes;

use crate::cli::{Limits, MaxMemory};

/// Share of the free memory that runs may take by default. An assumption: a quarter is left for the final pages and
/// charts, and for other programs.
const SHARE: f64 = 0.75;
/// Share of the address space limit; while a list grows it takes up to three times its size.
const SHARE_OF_ADDRESSES: f64 = 0.33;
/// The exit code after a signal is this plus the number of the signal, as in a shell.
const SIGNALLED: i32 = 128;

/// A guard with the limits of a command. From now on signals end its runs instead of the process.
pub fn guard(limits: &Limits) -> io::Result<Guard> {
    let memory = match limits.max_memory {
        Some(MaxMemory::Unlimited) => None,
        Some(MaxMemory::Bytes(bytes)) => Some(bytes),
        None => free(),
    };
    let guard = Guard::new(memory, limits.max_time);
    listen(&guard)?;
    Ok(guard)
}

/// A guard without limits: only signals end the work of a command.
pub fn by_signal() -> io::Result<Guard> {
    let guard = Guard::new(None, None);
    listen(&guard)?;
    Ok(guard)
}

/// Free memory of this machine, container or process; `None` if it is not known.
fn free() -> Option<Bytes> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    // The page cache counts as used there, but can be freed.
    let container = system.cgroup_limits().map(|limits| limits.total_memory.saturating_sub(limits.rss));
    let free = [Some(system.available_memory()), container].into_iter().flatten().filter(|bytes| *bytes > 0);
    let share = |bytes: u64, share: f64| Bytes((bytes as f64 * share) as u64);
    let shares = free.map(|bytes| share(bytes, SHARE));
    shares.chain(addresses().map(|bytes| share(bytes, SHARE_OF_ADDRESSES))).min()
}

/// The limit of address space (`ulimit -v`), if there is one.
#[cfg(unix)]
fn addresses() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::As).current
}

#[cfg(not(unix))]
fn addresses() -> Option<u64> {
    None
}

/// The first signal ends the runs, the second one the process.
fn listen(guard: &Guard) -> io::Result<()> {
    let again = Arc::new(AtomicBool::new(false));
    for signal in signals().into_iter().filter(|signal| !is_ignored(*signal)) {
        flag::register_conditional_shutdown(signal, SIGNALLED + signal, again.clone())?;
        flag::register_usize(signal, guard.signal(), signal as usize)?;
        flag::register(signal, again.clone())?;
    }
    Ok(())
}

#[cfg(unix)]
fn signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM, signal_hook::consts::signal::SIGHUP]
}

#[cfg(not(unix))]
fn signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM]
}

/// Whether the process was started with this signal ignored, as by `nohup`; if that is not known, it is not ignored.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
