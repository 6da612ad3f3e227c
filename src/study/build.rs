//! Gives the library a number that changes with its sources. In: every file of `src`, and the versions of what it is built with. Out:
//! `SIMCAP_SOURCE`.
//!
//! Stored runs are found again by it: those of other sources of the same version may be other runs.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
    let mut paths = vec![PathBuf::from("Cargo.lock")];
    gather(Path::new("src"), &mut paths);
    paths.sort();
    let mut hash = Fnv::default();
    for path in paths {
        // As a library of another project there is no lock file.
        let Ok(bytes) = fs::read(&path) else { continue };
        hash.add(path.to_string_lossy().replace('\\', "/").as_bytes());
        // The same on a machine whose files end lines otherwise.
        hash.add(&bytes.into_iter().filter(|byte| *byte != b'\r').collect::<Vec<u8>>());
    }
    println!("cargo::rustc-env=SIMCAP_SOURCE={:016x}", hash.0);
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() { gather(&path, paths) } else { paths.push(path) }
    }
}

/// The hash of Fowler, Noll and Vo (FNV-1a, 64 bits): the same for every compiler.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
