//! Threads for runs. In: how many. Out: a pool of them, or the only thread of a platform that has no others.

use super::IN_BROWSER;

/// Why runs could not start.
#[derive(Debug, thiserror::Error)]
#[error("cannot start threads")]
pub struct ThreadsError(#[from] rayon::ThreadPoolBuildError);

/// Threads that wait for work.
#[derive(Debug)]
pub struct Threads {
    /// None where there are no threads: then work is done at once, by who brings it.
    pool: Option<rayon::ThreadPool>,
}

impl Threads {
    /// So many threads; zero means as many as there are cores.
    ///
    /// # Errors
    /// They cannot be started.
    pub fn new(count: usize) -> Result<Threads, ThreadsError> {
        let start = || rayon::ThreadPoolBuilder::new().num_threads(count).build();
        Ok(Threads { pool: (!IN_BROWSER).then(start).transpose()? })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.pool.as_ref().map_or(1, rayon::ThreadPool::current_num_threads)
    }

    /// Does work on them: its parallel iterators use all of them.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// How many cores there are, as far as the platform says.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
