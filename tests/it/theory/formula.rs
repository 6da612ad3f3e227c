//! Formulas of queueing theory. Times in the unit of the service time, rates in its inverse.

/// Erlang's loss formula: the share that finds all `servers` busy and is lost, at `load` erlangs.
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked))
}

/// Erlang's delay formula: the share that finds all `servers` busy and waits.
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let blocked = erlang_b(servers, load);
    blocked / (1.0 - load / f64::from(servers) * (1.0 - blocked))
}

/// M/M/c with one FIFO queue.
pub struct Mmc {
    pub servers: u32,
    pub rate: f64,
    pub service: f64,
}

impl Mmc {
    fn load(&self) -> f64 {
        self.rate * self.service
    }

    /// Share that waits.
    pub fn delayed(&self) -> f64 {
        erlang_c(self.servers, self.load())
    }

    pub fn wait(&self) -> f64 {
        self.delayed() * self.service / (f64::from(self.servers) - self.load())
    }

    pub fn sojourn(&self) -> f64 {
        self.wait() + self.service
    }

    /// Quantile of the wait: P(W > t) = C exp(-(c - a) t / s).
    pub fn wait_quantile(&self, quantile: f64) -> f64 {
        let spare = (f64::from(self.servers) - self.load()) / self.service;
        ((self.delayed() / (1.0 - quantile)).ln() / spare).max(0.0)
    }

    /// Quantile of the sojourn: an exponential wait of probability C, plus an exponential service.
    pub fn sojourn_quantile(&self, quantile: f64) -> f64 {
        let spare = f64::from(self.servers) - 1.0 - self.load();
        let tail = |time: f64| {
            let t = time / self.service;
            // (1 - exp(-spare t)) / spare, which is t where the two exponentials are equal.
            let mixed = if spare.abs() < 1e-9 { t } else { -(-spare * t).exp_m1() / spare };
            (-t).exp() * (1.0 + self.delayed() * mixed)
        };
        bisect(0.0, 1e4 * self.service, |time| tail(time) > 1.0 - quantile)
    }
}

/// Where a predicate that holds below a point, and not above it, changes.
pub fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        match below(middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    low
}

/// Simpson's rule over so many intervals.
pub fn integral(from: f64, to: f64, steps: u32, f: impl Fn(f64) -> f64) -> f64 {
    let width = (to - from) / f64::from(2 * steps);
    let inner: f64 =
        (1..2 * steps).map(|i| f(from + f64::from(i) * width) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
    (f(from) + inner + f(to)) * width / 3.0
}

/// Textbook values: 10 erlangs on 12 servers and on 8 servers at 90 % (Gross and Harris, Cooper).
#[test]
fn the_erlang_formulas_give_the_tabulated_values() {
    assert!((erlang_b(5, 3.0) - 0.110_054_3).abs() < 1e-7);
    assert!((erlang_c(8, 7.2) - 0.701_533_0).abs() < 1e-7);
    let mm1 = Mmc { servers: 1, rate: 16.0, service: 0.05 };
    assert!((mm1.sojourn_quantile(0.99) - 0.25 * 100f64.ln()).abs() < 1e-9);
}
