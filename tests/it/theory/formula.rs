//! Formulas of queueing theory. Times in the unit of the service time, rates in its inverse.

/// Erlang's loss formula: the share of requests that find all `servers` busy and are lost, at `load` erlangs.
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked))
}

/// Erlang's delay formula: the share of requests that find all `servers` busy and wait.
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

    /// Share of requests that wait.
    pub fn delayed(&self) -> f64 {
        erlang_c(self.servers, self.load())
    }

    pub fn wait(&self) -> f64 {
        self.delayed() * self.service / (f64::from(self.servers) - self.load())
    }

    pub fn sojourn(&self) -> f64 {
        self.wait() + self.service
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

/// The point below which a predicate holds, and above which it does not.
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

/// Simpson's rule with this many intervals.
pub fn integral(from: f64, to: f64, steps: u32, f: impl Fn(f64) -> f64) -> f64 {
    let width = (to - from) / f64::from(2 * steps);
    let inner: f64 =
        (1..2 * steps).map(|i| f(from + f64::from(i) * width) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
    (f(from) + inner + f(to)) * width / 3.0
}

/// Erlang's formulas as the sums that define them, 3 erlangs on 5 servers and 7.2 on 8; M/M/1 in closed form.
#[test]
fn the_formulas_agree_with_their_definitions() {
    let terms = |load: f64, most: u32| {
        (0..=most).scan(1.0, move |term, n| {
            *term *= if n == 0 { 1.0 } else { load / f64::from(n) };
            Some(*term)
        })
    };
    let last = |load: f64, most: u32| terms(load, most).last().unwrap();
    assert!((erlang_b(5, 3.0) - last(3.0, 5) / terms(3.0, 5).sum::<f64>()).abs() < 1e-14);
    let waiting = last(7.2, 8) / (1.0 - 7.2 / 8.0);
    assert!((erlang_c(8, 7.2) - waiting / (terms(7.2, 7).sum::<f64>() + waiting)).abs() < 1e-14);
    let mm1 = Mmc { servers: 1, rate: 16.0, service: 0.05 };
    assert!((mm1.sojourn_quantile(0.99) - 0.25 * 100f64.ln()).abs() < 1e-9);
}
