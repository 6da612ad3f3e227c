//! The work of a request, which is known: what the calibration has to find without being told.
//! In: a class and a stream of random numbers. Out: its [`Work`], or all laws in words.

use std::fmt::Write as _;
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Exp, LogNormal};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Redis GET, then a short wait.
    Page,
    /// A long and variable wait, and most of the CPU.
    Search,
    /// A wait, Redis GET and SET, then a transaction that holds the one row of the stock.
    Order,
}

impl Class {
    pub const ALL: [Self; 3] = [Self::Page, Self::Search, Self::Order];

    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Search => "search",
            Self::Order => "order",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Mean in ms and coefficient of variation of what a thread waits for, lognormal.
    fn wait(self) -> (f64, f64) {
        match self {
            Self::Page => (25.0, 0.5),
            Self::Search => (60.0, 0.8),
            Self::Order => (15.0, 0.4),
        }
    }

    /// CPU time in ms of each request.
    fn cpu(self) -> f64 {
        match self {
            Self::Page => 0.3,
            Self::Search => 1.0,
            Self::Order => 0.2,
        }
    }

    /// Mean in ms for which the row is held, without what the database itself takes, exponential.
    fn hold(self) -> f64 {
        match self {
            Self::Order => 14.0,
            Self::Page | Self::Search => 0.0,
        }
    }
}

/// One request.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    pub class: Class,
    pub wait: Duration,
    pub cpu: Duration,
    pub hold: Duration,
}

impl Work {
    pub fn drawn(class: Class, rng: &mut ChaCha8Rng) -> Self {
        let hold = match class.hold() {
            0.0 => Duration::ZERO,
            mean => millis(Exp::new(1.0 / mean).expect("a positive rate").sample(rng)),
        };
        let (mean, cv) = class.wait();
        let law = LogNormal::from_mean_cv(mean, cv).expect("a positive mean and cv");
        Self { class, wait: millis(law.sample(rng)), cpu: millis(class.cpu()), hold }
    }
}

fn millis(ms: f64) -> Duration {
    Duration::from_secs_f64(ms / 1000.0)
}

/// All laws, one class a line.
pub fn described() -> String {
    let mut text = String::new();
    for class in Class::ALL {
        let (mean, cv) = class.wait();
        let _ = write!(text, "{}: waits lognormal {mean}ms cv {cv}, CPU {}ms", class.name(), class.cpu());
        if class.hold() > 0.0 {
            let _ = write!(
                text,
                ", holds the row for exponential {}ms and what the database takes",
                class.hold()
            );
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    /// What is drawn has the means and the spread that are printed: within 2 % of 100,000 draws.
    #[test]
    fn draws_are_of_the_laws() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let count = 100_000;
        for class in Class::ALL {
            let works: Vec<Work> = (0..count).map(|_| Work::drawn(class, &mut rng)).collect();
            let near = |found: f64, said: f64| {
                assert!((found / said - 1.0).abs() < 0.02, "{class:?}: {found} for {said}")
            };
            let of = |time: fn(&Work) -> Duration| -> (f64, f64) {
                let ms = || works.iter().map(|work| time(work).as_secs_f64() * 1e3);
                let mean = ms().sum::<f64>() / f64::from(count);
                (
                    mean,
                    (ms().map(|it| (it - mean) * (it - mean)).sum::<f64>() / f64::from(count)).sqrt() / mean,
                )
            };
            let (mean, cv) = of(|work| work.wait);
            near(mean, class.wait().0);
            near(cv, class.wait().1);
            if class == Class::Order {
                let (mean, cv) = of(|work| work.hold);
                near(mean, class.hold());
                near(cv, 1.0);
            }
        }
    }
}
