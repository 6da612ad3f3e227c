//! What the functions of a Region share, and what an invocation gets of it. In: functions, quotas. Out: [`Account`]s.

use super::function::requests_of;
use super::language::Lambda;
use crate::catalog::region::Region;
use crate::engine::bucket::Bucket;
use crate::kind::account::Account as Quotas;

/// What the functions of a Region share.
#[derive(Debug)]
pub struct Account {
    /// Concurrency that no function has reserved.
    pub unreserved: u32,
    /// Invocations in progress in environments made on demand, of functions without a reservation.
    pub busy: u32,
    /// Environments that are provisioned for such functions: they take concurrency whether they are busy or not.
    pub provisioned: u32,
    /// Requests a second of such functions.
    pub rate: Bucket,
}

/// Why an invocation is throttled, by the place in its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// Too many requests a second.
    Rate = 0,
    /// As many in progress as may be.
    Concurrency = 1,
    /// Environments are made as fast as they may be.
    Scaling = 2,
}

/// What an invocation got.
#[derive(Clone, Copy, Debug)]
pub enum Got {
    /// An environment that has initialized.
    Warm(u32),
    /// One that has yet to.
    Cold(u32),
    /// None.
    Nothing(Throttle),
}

impl Account {
    /// The accounts of a file, one for each Region with functions, and which one each function shares.
    pub fn all(settings: &[Lambda], quotas: &Quotas) -> (Vec<Account>, Vec<usize>) {
        let mut regions: Vec<Option<Region>> = Vec::new();
        let shared: Vec<usize> = settings
            .iter()
            .map(|it| {
                regions.iter().position(|known| *known == it.region).unwrap_or_else(|| {
                    regions.push(it.region);
                    regions.len() - 1
                })
            })
            .collect();
        let accounts = regions.iter().map(|region| {
            let own = settings.iter().filter(|it| it.region == *region);
            let reserved: u32 = own.filter_map(|it| it.reserved).fold(0, u32::saturating_add);
            Account {
                unreserved: quotas.lambda_concurrency.saturating_sub(reserved),
                busy: 0,
                provisioned: 0,
                rate: requests_of(quotas.lambda_concurrency),
            }
        });
        (accounts.collect(), shared)
    }

    /// Whether one more invocation may be in progress.
    pub fn has_room(&self) -> bool {
        u64::from(self.busy) + u64::from(self.provisioned) < u64::from(self.unreserved)
    }
}
