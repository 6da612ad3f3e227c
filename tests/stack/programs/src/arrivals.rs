//! When requests are sent. In: rates (`page=40,search=22`) or a CSV of expected counts per period, `at_s` and a column a class, as
//! `simcap export --to csv` writes it; and a seed. Out: the instants of a Poisson process, in order.

use anyhow::{Context as _, Result, ensure};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Poisson};

use crate::laws::Class;

/// Most requests of a run: the load is bounded, whatever is asked for.
const REQUESTS_MAX: usize = 200_000;
/// Largest rate a second of all classes together.
const RATE_MAX: f64 = 500.0;

#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub at_s: f64,
    pub class: Class,
}

/// Expected requests of a class in a part of the run.
struct Part {
    from_s: f64,
    length_s: f64,
    class: Class,
    expected: f64,
}

pub fn at_rates(rates: &str, seconds: f64, seed: u64) -> Result<Vec<Arrival>> {
    let parts = rates.split(',').map(|given| {
        let (name, rate) = given.split_once('=').with_context(|| format!("no rate of a class: {given}"))?;
        let class = Class::named(name).with_context(|| format!("no such class: {name}"))?;
        let rate: f64 = rate.parse().with_context(|| format!("no rate: {rate}"))?;
        Ok(Part { from_s: 0.0, length_s: seconds, class, expected: rate * seconds })
    });
    drawn(&parts.collect::<Result<Vec<_>>>()?, seed)
}

/// `times` multiplies every count.
pub fn of_counts(path: &str, times: f64, seed: u64) -> Result<Vec<Arrival>> {
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path).with_context(|| path.to_owned())?;
    let classes: Vec<Option<Class>> = reader.headers()?.iter().map(Class::named).collect();
    let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
    let times_s: Vec<f64> = rows.iter().map(|row| Ok(row[0].parse()?)).collect::<Result<_>>()?;
    ensure!(times_s.len() > 1, "{path} has less than two rows");
    let last = times_s[times_s.len() - 1] - times_s[times_s.len() - 2];
    let mut parts = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let length_s = times_s.get(at + 1).map_or(last, |next| next - times_s[at]);
        for (class, cell) in classes.iter().zip(row) {
            if let Some(class) = *class {
                parts.push(Part {
                    from_s: times_s[at],
                    length_s,
                    class,
                    expected: cell.parse::<f64>()? * times,
                });
            }
        }
    }
    ensure!(!parts.is_empty(), "{path} has no column of a class");
    drawn(&parts, seed)
}

fn drawn(parts: &[Part], seed: u64) -> Result<Vec<Arrival>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut arrivals = Vec::new();
    for part in parts {
        ensure!(part.length_s > 0.0, "periods that do not follow each other");
        ensure!(part.expected / part.length_s <= RATE_MAX, "more than {RATE_MAX} requests/s");
        if part.expected <= 0.0 {
            continue;
        }
        // That many in the period, each at any instant of it: a Poisson process.
        let count = Poisson::new(part.expected)?.sample(&mut rng) as usize;
        ensure!(arrivals.len() + count <= REQUESTS_MAX, "more than {REQUESTS_MAX} requests");
        arrivals.extend(
            (0..count).map(|_| Arrival {
                at_s: part.from_s + part.length_s * rng.random::<f64>(),
                class: part.class,
            }),
        );
    }
    arrivals.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    Ok(arrivals)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts are Poisson, and the halves of a run have their share: five standard deviations.
    #[test]
    fn arrivals_have_their_rate_all_the_time() {
        let arrivals = at_rates("page=40,order=10", 400.0, 7).unwrap();
        for (class, rate) in [(Class::Page, 40.0), (Class::Order, 10.0)] {
            for half in 0..2 {
                let inside =
                    |arrival: &&Arrival| arrival.class == class && (arrival.at_s >= 200.0) == (half == 1);
                let count = arrivals.iter().filter(inside).count() as f64;
                let expected: f64 = rate * 200.0;
                assert!((count - expected).abs() < 5.0 * expected.sqrt(), "{class:?} {half}: {count}");
            }
        }
        assert!(arrivals.is_sorted_by(|a, b| a.at_s <= b.at_s));
    }

    #[test]
    fn counts_of_a_file_are_those_of_its_periods() {
        let file = std::env::temp_dir().join(format!("counts-{}.csv", std::process::id()));
        std::fs::write(&file, "# from an export\nat_s,page,order,other\n0,1000,0,5\n60,0,2000,5\n").unwrap();
        let arrivals = of_counts(file.to_str().unwrap(), 2.0, 3).unwrap();
        std::fs::remove_file(&file).unwrap();
        let count = |class, from: f64| {
            arrivals.iter().filter(|it| it.class == class && it.at_s >= from && it.at_s < from + 60.0).count()
                as f64
        };
        assert!((count(Class::Page, 0.0) - 2000.0).abs() < 5.0 * 2000_f64.sqrt());
        assert!((count(Class::Order, 60.0) - 4000.0).abs() < 5.0 * 4000_f64.sqrt());
        assert_eq!((count(Class::Page, 60.0), count(Class::Order, 0.0)), (0.0, 0.0));
    }

    #[test]
    fn the_load_is_bounded() {
        assert!(at_rates("page=501", 10.0, 1).is_err());
        assert!(at_rates("page=400,search=400", 400.0, 1).is_err());
    }
}
