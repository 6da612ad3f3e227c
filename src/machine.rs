//! What runs ask of the machine they are on: a clock and threads, which a browser has not. In: nothing. Out: a [`Clock`], and
//! [`Threads`].
//!
//! Nothing that is simulated depends on either.

mod clock;
mod threads;

pub use clock::Clock;
pub use threads::{Threads, ThreadsError, cores};

/// Whether this is WebAssembly in a browser, where the standard library has no clock and no threads.
const IN_BROWSER: bool = cfg!(all(target_family = "wasm", target_os = "unknown"));
