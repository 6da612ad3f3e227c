//! Sustained capacity of hardware, as opposed to its burst: CPU credits of T types, and networks.
//!
//! In: the name of an instance type, a database class or a cache node. Out: its baseline.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{INSTANCES, rows};

/// CPU credits of a T type.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Burstable {
    family: String,
    size: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// CPU share of each vCPU that the earned credits pay for.
    pub baseline: f64,
    /// Largest balance of credits of an instance; a credit is one vCPU at 100 % for a minute.
    pub balance: f64,
    /// Credits at launch, in standard mode.
    pub launch: f64,
    /// Price of a vCPU-hour of surplus credits, US dollars; absent where standard mode is the default.
    pub usd: Option<f64>,
}

static BURSTABLE: LazyLock<Vec<Burstable>> = LazyLock::new(|| rows(include_str!("burstable.csv")));

/// Family and size of a name such as `t3.micro`, `db.t3.micro` or `cache.t3.micro`.
pub(super) fn family_and_size(name: &str) -> Option<(&str, &str)> {
    let name = ["db.", "cache."].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    name.split_once('.')
}

/// The credits of an instance type, a database class or a cache node; `None` if it has no credits.
pub fn burstable(name: &str) -> Option<&'static Burstable> {
    let (family, size) = family_and_size(name)?;
    BURSTABLE.iter().find(|known| known.family == family && known.size == size)
}

/// Bandwidth that a node can sustain, in bits per second; `None` for hardware that AWS does not sell. A type of which AWS
/// gives no figure is taken as the m5 of its size, a T type as the t3 of its size: an assumption.
pub fn bandwidth(name: &str) -> Option<f64> {
    let (family, size) = family_and_size(name)?;
    let of = |name: String| INSTANCES.iter().find(|known| known.name == name)?.gbps;
    let like = if family.starts_with('t') { "t3" } else { "m5" };
    of(format!("{family}.{size}")).or_else(|| of(format!("{like}.{size}"))).map(|gbps| gbps * 1e9)
}

/// Largest type, in vCPUs, that bursts beyond its baseline. Source: EC2 user guide, "Amazon EC2 instance network bandwidth":
/// typically instances with 16 vCPUs or fewer.
const BURSTS_TO: u32 = 16;
/// What such a type bursts to where the guide does not list it, in Gbit/s: an assumption, that of the sixth generation.
const BURST_GBPS: f64 = 12.5;

/// Bandwidth that an instance type has while its network credits last, in bits per second, never less than its baseline;
/// `None` for a type that AWS does not sell.
pub fn burst_bandwidth(name: &str) -> Option<f64> {
    let baseline = bandwidth(name)?;
    let known = INSTANCES.iter().find(|known| known.name == name)?;
    let assumed = if known.vcpus <= BURSTS_TO { BURST_GBPS } else { 0.0 };
    Some((known.burst_gbps.unwrap_or(assumed) * 1e9).max(baseline))
}

/// How many vCPUs of an instance type are the threads of one core; `None` for a type that AWS does not sell. One on T2 and on
/// Graviton (a letter g behind the generation), two on others. (EC2 user guide, "Supported CPU options for EC2 instance types",
/// 2023-06.) One on AMD from the seventh generation on: recalled.
pub fn threads_per_core(name: &str) -> Option<u32> {
    let known = INSTANCES.iter().find(|known| known.name == name)?;
    let (family, _) = family_and_size(&known.name)?;
    let letters = family.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let kind = letters.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let generation: u32 = letters[..letters.len() - kind.len()].parse().ok()?;
    let is_amd = kind.starts_with('a');
    let is_one = family == "t2" || kind.starts_with('g') || (is_amd && generation >= 7) || known.vcpus == 1;
    Some(if is_one { 1 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn baselines_are_found_by_family_and_size() {
        let of = |name: &str| burstable(name).map(|it| (it.baseline, it.vcpus, it.balance));
        assert_eq!(of("t2.micro"), Some((0.10, 1, 144.0)));
        assert_eq!(of("db.t3.medium"), Some((0.20, 2, 576.0)));
        assert_eq!(of("cache.t4g.small"), Some((0.20, 2, 576.0)));
        assert_eq!([of("m6i.large"), of("custom"), of("db.r6g.large")], [None, None, None]);
        assert_eq!(bandwidth("cache.t3.small"), Some(128e6));
        assert_eq!((bandwidth("cache.r6g.large"), bandwidth("t4g.small")), (Some(750e6), Some(128e6)));
        assert_eq!(bandwidth("custom"), None);
    }

    /// From the tables of the guide; m8g is newer than these, and a large one does not burst.
    #[test]
    fn a_network_bursts_as_the_guide_says() {
        let of = |name: &str| bandwidth(name).zip(burst_bandwidth(name));
        assert_eq!(of("t2.micro"), Some((64e6, 1.024e9)));
        assert_eq!([of("t3.micro"), of("m5.large")], [Some((64e6, 5e9)), Some((0.75e9, 10e9))]);
        assert_eq!(
            [of("m6i.large").map(|it| it.1), of("m7g.2xlarge").map(|it| it.1)],
            [Some(12.5e9), Some(15e9)]
        );
        assert_eq!(burst_bandwidth("m8g.large"), Some(12.5e9));
        assert_eq!(of("m5.24xlarge"), Some((25e9, 25e9)));
        assert_eq!((of("custom"), of("m6i.lagre")), (None, None));
        for known in INSTANCES.iter() {
            assert!(of(&known.name).is_some_and(|(baseline, burst)| burst >= baseline), "{}", known.name);
        }
    }

    /// From the table of the guide.
    #[test]
    fn graviton_and_t2_have_a_core_for_each_vcpu() {
        for name in
            ["m7g.large", "c6gn.4xlarge", "t4g.small", "t2.large", "m7a.large", "m7a.medium", "r8gd.xlarge"]
        {
            assert_eq!(threads_per_core(name), Some(1), "{name}");
        }
        for name in
            ["m5.large", "t3.micro", "t3a.micro", "c6a.large", "m6i.large", "m7i-flex.large", "m4.large"]
        {
            assert_eq!(threads_per_core(name), Some(2), "{name}");
        }
        assert_eq!(threads_per_core("custom"), None);
        assert!(INSTANCES.iter().all(|known| threads_per_core(&known.name).is_some()));
    }

    /// A credit is a vCPU-minute, and a day of earning fills the balance.
    #[test]
    fn a_balance_is_a_day_of_the_baseline() {
        for it in BURSTABLE.iter() {
            let day = it.baseline * f64::from(it.vcpus) * 60.0 * 24.0;
            assert!((it.balance / day - 1.0).abs() < 0.01, "{it:?}");
            assert_eq!(it.usd.is_none(), it.family == "t2", "{it:?}");
        }
    }
}
