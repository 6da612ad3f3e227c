//! The percentiles of a row of the timeline. In: nothing. Out: [`Percentile`], its name and its quantile.

use super::word::word;

/// A percentile of the latencies of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percentile {
    /// The median.
    P50,
    /// The 90th.
    P90,
    /// The 95th.
    P95,
    /// The 99th.
    P99,
    /// The 99.9th.
    P999,
    /// The largest value.
    Max,
}

impl Percentile {
    /// All of them, the smallest first.
    pub const ALL: [Percentile; 6] = [
        Percentile::P50,
        Percentile::P90,
        Percentile::P95,
        Percentile::P99,
        Percentile::P999,
        Percentile::Max,
    ];

    /// Its name in `outcome.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Percentile::P50 => "p50",
            Percentile::P90 => "p90",
            Percentile::P95 => "p95",
            Percentile::P99 => "p99",
            Percentile::P999 => "p99_9",
            Percentile::Max => "max",
        }
    }

    /// What it says of requests.
    #[cfg(feature = "schema")]
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Percentile::P50 => "half of the requests took no longer.",
            Percentile::P90 => "90 of 100 requests took no longer.",
            Percentile::P95 => "95 of 100 requests took no longer.",
            Percentile::P99 => "99 of 100 requests took no longer.",
            Percentile::P999 => "999 of 1,000 requests took no longer.",
            Percentile::Max => "no request took longer.",
        }
    }

    /// Between 0 and 1.
    pub const fn quantile(self) -> f64 {
        match self {
            Percentile::P50 => 0.5,
            Percentile::P90 => 0.9,
            Percentile::P95 => 0.95,
            Percentile::P99 => 0.99,
            Percentile::P999 => 0.999,
            Percentile::Max => 1.0,
        }
    }
}

word!(Percentile);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::measure::stage::Cause;

    fn reads_back<T>(all: &[T]) -> Vec<String>
    where
        T: Copy + Ord + std::fmt::Debug + serde::Serialize + for<'de> serde::Deserialize<'de>,
    {
        let map: BTreeMap<T, usize> = all.iter().copied().enumerate().map(|(at, it)| (it, at)).collect();
        let text = serde_json::to_string(&map).unwrap();
        assert_eq!(serde_json::from_str::<BTreeMap<T, usize>>(&text).unwrap(), map);
        map.keys().map(|it| serde_json::to_value(it).unwrap().as_str().unwrap().to_owned()).collect()
    }

    /// Keys of a document are sorted by their words, as they were when they were text.
    #[test]
    fn keys_are_written_as_words_in_their_order_and_read_back() {
        assert_eq!(reads_back(&Percentile::ALL), ["max", "p50", "p90", "p95", "p99", "p99_9"]);
        let causes = reads_back(&Cause::ALL);
        assert!(causes.is_sorted() && causes.len() == Cause::ALL.len(), "{causes:?}");
        let unknown = serde_json::from_str::<BTreeMap<Cause, f64>>("{\"a\": 1}").unwrap_err().to_string();
        assert!(unknown.contains("no such Cause"), "{unknown}");
    }

    #[test]
    fn a_key_is_found_by_its_word() {
        let map = BTreeMap::from([(Cause::Deadlock, 1), (Cause::BadGateway, 2)]);
        assert_eq!((map["deadlock"], map.get("http_502"), map.get("nothing")), (1, Some(&2), None));
    }
}
