//! How long an environment takes to initialize. In: a runtime, and the size of the package. Out: a law.
//!
//! The times are means of `Init Duration` of a function that does nothing, ten environments each, x86_64 with 256 to 1,024 MB
//! (maxday/lambda-perf, data of 2025-11-29). They hardly depend on the memory.

use super::shapes::PER_MB;
use crate::dist::Law;
use crate::units::{Bytes, Time};

/// What runs a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Runtime {
    /// Python 3.13.
    #[default]
    Python,
    /// Node.js 22.
    Nodejs,
    /// Java 21.
    Java,
    /// .NET 8.
    Dotnet,
    /// Ruby 3.3.
    Ruby,
    /// Go, on provided.al2023.
    Go,
    /// Rust, on provided.al2.
    Rust,
}

/// Spread of the times of one function: their standard deviation over their mean.
/// Source: the same data; python3.13 has 0.05, java21 0.03, ruby3.3 0.1.
pub const SPREAD: f64 = 0.08;

impl Runtime {
    /// Words of the file.
    pub(super) const CHOICES: [(&'static str, Runtime); 7] = [
        ("python", Runtime::Python),
        ("nodejs", Runtime::Nodejs),
        ("java", Runtime::Java),
        ("dotnet", Runtime::Dotnet),
        ("ruby", Runtime::Ruby),
        ("go", Runtime::Go),
        ("rust", Runtime::Rust),
    ];

    /// Mean initialization of a function that does nothing.
    pub const fn init(self) -> Time {
        Time::from_millis(match self {
            Runtime::Python => 98,
            Runtime::Nodejs => 130,
            Runtime::Java => 259,
            Runtime::Dotnet => 276,
            Runtime::Ruby => 227,
            Runtime::Go => 48,
            Runtime::Rust => 15,
        })
    }
}

/// Initialization with a package of this size: what it loads and runs before its handler is assumed to go by that.
pub(super) fn init_law(runtime: Runtime, package: Bytes) -> Law {
    let more = PER_MB.value.as_secs_f64() * package.0 as f64 / 1e6;
    // A package has 10 GB at most.
    let mean = Time::from_secs_f64(runtime.init().as_secs_f64() + more.min(600.0));
    Law::Lognormal { mean, cv: SPREAD }
}
