//! Signals of processes, as the system tells them. In: a process and a signal. Out: whether it catches the signal, or ignores it.

use std::fs;

use rustix::process::Signal;

/// A set of signals of a process, one bit each: those that it catches, `SigCgt`, or ignores, `SigIgn`. Empty where no system tells.
fn set(process: &str, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    mask.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap())
}

fn bit(signal: Signal) -> u64 {
    1 << (signal.as_raw() - 1)
}

/// Whether a process catches a signal by now.
#[cfg(target_os = "linux")]
pub fn is_caught(process: u32, signal: Signal) -> bool {
    set(&process.to_string(), "SigCgt") & bit(signal) != 0
}

/// Whether this process was started with a signal ignored, as shells do for background jobs: then a run that it starts ignores it too.
pub fn is_ignored(signal: Signal) -> bool {
    set("self", "SigIgn") & bit(signal) != 0
}
