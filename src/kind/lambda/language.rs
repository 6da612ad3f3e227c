//! `[lambda.NAME]`: a Lambda function. In: memory, runtime, limits of its concurrency. Out: a [`Lambda`].

pub mod asynchronous;
mod foreign;
pub mod provisioned;
pub mod runtime;
pub mod scaling;
pub mod shapes;

use self::asynchronous::Asynchronous;
use self::provisioned::Provisioned;
use self::runtime::{Runtime, init_law};
use self::scaling::Scaling;
use self::shapes::{
    ARCHITECTURE, HOP, KEEP, MEMORY, MEMORY_MB, MEMORY_MIN_MB, MEMORY_PER_VCPU_MB, PACKAGE, PLACEMENT, SHAPE,
    STRENGTH, TIMEOUT, TIMEOUT_MAX,
};
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::account::Account;
use crate::kind::fleet::language::Pool;
use crate::kind::host::Hosts;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::source::Span;
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// A function.
#[derive(Clone, Debug)]
pub struct Lambda {
    /// Name in the file.
    pub name: String,
    /// Memory of an environment, in MB of 1,048,576 bytes.
    pub memory_mb: u32,
    /// The processor of its environments.
    pub arm: bool,
    /// How fast a whole vCPU is.
    pub strength: f64,
    /// From an invocation without an idle environment until its initialization begins.
    pub placement: Law,
    /// Initialization of an environment.
    pub init: Law,
    /// How long an environment is kept that has nothing to do.
    pub keep: Time,
    /// How long an invocation may take.
    pub timeout: Time,
    /// Concurrency that is its own, and the most that it may have.
    pub reserved: Option<u32>,
    /// Environments that are made before they are asked for.
    pub provisioned: Option<Provisioned>,
    /// How fast it may get environments.
    pub scaling: Scaling,
    /// Connections of each environment to databases.
    pub pools: Vec<Pool>,
    /// One-way network latency.
    pub hop: Time,
    /// Whether it has something to do with events.
    pub handles: bool,
    /// What becomes of events.
    pub asynchronous: Asynchronous,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
    /// Where its concurrency stands in the file.
    reserved_at: Option<Span>,
    provisioned_at: Option<Span>,
}

/// Gauges of a function, as CloudWatch has them.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Lambda,
        name: "concurrency",
        own: false,
        about: "invocations in progress, mean of the period (ConcurrentExecutions)",
    },
    Dial {
        kind: Kind::Lambda,
        name: "events",
        own: false,
        about: "events a second that it was invoked with asynchronously (AsyncEventsReceived)",
    },
    Dial {
        kind: Kind::Lambda,
        name: "events_dropped",
        own: false,
        about: "events a second that were dropped without success, also where they went to `on_failure` before (AsyncEventsDropped)",
    },
    Dial {
        kind: Kind::Lambda,
        name: "event_age",
        own: false,
        about: "age of the oldest event that is in the queue or worked on, seconds (AsyncEventAge)",
    },
    Dial {
        kind: Kind::Lambda,
        name: "throttles",
        own: false,
        about: "invocations a second that were throttled (Throttles)",
    },
    Dial {
        kind: Kind::Lambda,
        name: "provisioned_utilization",
        own: false,
        about: "the part of its provisioned concurrency that is in use, percent (ProvisionedConcurrencyUtilization)",
    },
];

/// Concurrency that must stay without a reservation. Source: AWS Lambda developer guide, "Configuring reserved concurrency".
pub const UNRESERVED_MIN: u32 = 100;

impl Lambda {
    /// vCPUs of an environment.
    pub fn vcpus(&self) -> f64 {
        (f64::from(self.memory_mb) / f64::from(MEMORY_PER_VCPU_MB)).min(shapes::VCPUS_MAX)
    }

    /// How fast a step on its CPU is: it runs on one thread.
    pub fn speed(&self) -> f64 {
        self.strength * self.vcpus().min(1.0)
    }

    /// The most invocations that it may have in progress: its own, or what nobody has reserved.
    pub fn limit(&self, account: &Account, all: &[Lambda]) -> f64 {
        let of_others = all.iter().filter(|it| it.region == self.region).filter_map(|it| it.reserved);
        let reserved = of_others.fold(0, u32::saturating_add);
        f64::from(self.reserved.unwrap_or_else(|| account.lambda_concurrency.saturating_sub(reserved)))
    }

    /// The first of the functions that share its concurrency, which stands for all of them: itself, where it has some of its own.
    pub fn shares(index: usize, all: &[Lambda]) -> usize {
        let Some(own) = all.get(index).filter(|own| own.reserved.is_none()) else { return index };
        all.iter().position(|it| it.reserved.is_none() && it.region == own.region).unwrap_or(index)
    }

    /// The functions for which one stands that stands for itself.
    pub fn sharing(first: usize, all: &[Lambda]) -> impl Iterator<Item = usize> {
        let shares = all.get(first).filter(|own| own.reserved.is_none());
        let also =
            move |it: &Lambda| shares.is_some_and(|own| it.reserved.is_none() && it.region == own.region);
        (0..all.len()).filter(move |index| *index == first || also(&all[*index]))
    }

    /// GB of memory, as they are billed.
    pub fn gb(&self) -> f64 {
        f64::from(self.memory_mb) / 1_024.0
    }
}

impl Table<Settings> for Lambda {
    const ABOUT: &'static str = "Lambda functions";
    const SHAPES: &'static [&'static Shape] =
        &[&SHAPE, &asynchronous::SHAPE, &provisioned::SHAPE, &provisioned::TRACKING_SHAPE, &scaling::SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const PLACED: bool = true;
    const IS_GROUP: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, path: &mut Option<Written<'a>>) -> Lambda {
        *path = work(name, reader);
        let asynchronous = reader.maybe("asynchronous", Asynchronous::read);
        if let (Some(value), None) = (reader.get("asynchronous"), &path) {
            value.problem(
                "a function that has nothing to do with an event",
                "write `steps` or `time`: what it does with each event",
            );
        }
        let runtime = reader.or("runtime", |value| value.choice(&Runtime::CHOICES), Runtime::default());
        let package = reader.or("package", Value::bytes, PACKAGE.value);
        Lambda {
            name: name.to_owned(),
            memory_mb: reader.or("memory", memory, MEMORY.value),
            arm: reader.or(
                "architecture",
                |value| value.choice(&[("x86_64", false), ("arm64", true)]),
                ARCHITECTURE.value == "arm64",
            ),
            strength: reader.or("strength", |value| value.number(0.01..=100.0), STRENGTH.value),
            placement: reader.or("placement", Value::law, PLACEMENT.value),
            init: reader.or("init", Value::law, init_law(runtime, package)),
            keep: reader.or("keep", Value::span_of_time, KEEP.value),
            timeout: reader.or("timeout", timeout, TIMEOUT.value),
            reserved: reader.maybe("reserved_concurrency", |value| value.count(0..=10_000_000)),
            provisioned: reader.maybe("provisioned_concurrency", Provisioned::read),
            scaling: reader.or("scaling", Scaling::read, Scaling::default()),
            pools: reader.maybe("pools", Pool::read_small).unwrap_or_default(),
            hop: reader.or("hop", Value::time, HOP.value),
            handles: path.is_some(),
            asynchronous: asynchronous.unwrap_or_default(),
            region: None,
            reserved_at: reader.get("reserved_concurrency").map(|value| value.span()),
            provisioned_at: reader.get("provisioned_concurrency").map(|value| value.span()),
        }
    }

    fn move_to(&mut self, region: Region) {
        self.region = Some(region);
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.region
    }

    fn is_regional(&self) -> bool {
        true
    }

    fn name(&self) -> &str {
        &self.name
    }

    /// Provisioned concurrency is paid for whether it is used or not.
    fn is_billed(&self) -> bool {
        self.provisioned.is_some()
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        self.pools().into_iter().chain(self.asynchronous.destinations()).collect()
    }

    fn hosts(&self) -> Option<Hosts<'_>> {
        Some(Hosts {
            name: &self.name,
            strength: self.speed(),
            fastest: self.speed(),
            hop: self.hop,
            shares: false,
            alone: true,
            crowds: false,
            sheds: false,
            connects: false,
            fails: false,
            passing: None,
            link: None,
        })
    }

    fn pools(&self) -> Vec<(Kind, usize)> {
        self.pools.iter().map(|pool| (Kind::Database, pool.database.index())).collect()
    }

    fn changes(&self) -> Vec<Time> {
        self.provisioned.iter().flat_map(|it| it.schedule.iter().map(|(at, _)| *at)).collect()
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        self.check_reserved(index, all, cx);
        self.check_provisioned(index, all, cx);
        self.asynchronous.check(self, index, all, cx);
        if let (Some(provisioned), Some(reserved)) = (&self.provisioned, self.reserved)
            && provisioned.most() > reserved
        {
            let message = format!(
                "function `{}` has {} provisioned, and {reserved} reserved",
                self.name,
                provisioned.most()
            );
            let span = self.reserved_at.clone().unwrap_or_default();
            cx.push(Problem::at(&span, message).hint("reserve as much as is provisioned, or more"));
        }
    }
}

impl Lambda {
    /// Some concurrency must be left to the functions without a reservation.
    fn check_reserved(&self, index: usize, all: &Settings, cx: &Context) {
        let Some(span) = &self.reserved_at else { return };
        let own = |it: &&Lambda| it.region == self.region;
        let before: u64 =
            all.lambdas[..index].iter().filter(own).filter_map(|it| it.reserved).map(u64::from).sum();
        let sum = before + u64::from(self.reserved.unwrap_or(0));
        let most = u64::from(all.account.lambda_concurrency.saturating_sub(UNRESERVED_MIN));
        // Said once, where the sum goes over it.
        if sum > most && before <= most {
            let message = format!(
                "{sum} reserved of an account with {}: {UNRESERVED_MIN} must stay without a reservation",
                all.account.lambda_concurrency
            );
            let hint = format!("reserve {most} at most, or raise `lambda_concurrency` of [account]");
            cx.push(Problem::at(span, message).hint(hint));
        }
    }
}

impl Lambda {
    /// What is provisioned for functions without a reservation must fit into what nobody has reserved.
    fn check_provisioned(&self, index: usize, all: &Settings, cx: &Context) {
        let (Some(span), None) = (&self.provisioned_at, self.reserved) else { return };
        let own = |it: &&Lambda| it.region == self.region && it.reserved.is_none();
        let provisioned = |it: &Lambda| it.provisioned.as_ref().map_or(0, |it| u64::from(it.most()));
        let before: u64 = all.lambdas[..index].iter().filter(own).map(provisioned).sum();
        let sum = before + provisioned(self);
        let most = self.limit(&all.account, &all.lambdas) as u64;
        // Said once, where the sum goes over it.
        if sum > most && before <= most {
            let message = format!("{sum} provisioned, and only {most} of the account are not reserved");
            let hint = format!("provision {most} at most, or raise `lambda_concurrency` of [account]");
            cx.push(Problem::at(span, message).hint(hint));
        }
    }
}

/// What it does with an event, if it does something.
fn work<'a>(name: &str, reader: &Reader<'a>) -> Option<Written<'a>> {
    let own = reader.cx.names.iter(Kind::Lambda).position(|known| known == name)?;
    let (steps, time) = match reader.one_of(&["steps", "time"], false)? {
        ("steps", value) => (Some(value), None),
        (_, value) => (None, value.demand()),
    };
    Some(Written { place: format!("lambda.{name}/event"), on: (Kind::Lambda, own), cpu: None, time, steps })
}

/// Memory in MB.
fn memory(value: Value) -> Option<u32> {
    if value.is_text() {
        let bytes = value.some_bytes()?;
        let mb = bytes.0 / Bytes(1 << 20).0;
        let is_whole = bytes.0 % (1 << 20) == 0;
        let fits = (u64::from(MEMORY_MIN_MB)..=u64::from(MEMORY_MB)).contains(&mb);
        if !is_whole || !fits {
            value.problem(
                format!("{bytes} is no memory of a function"),
                format!("whole MiB from {MEMORY_MIN_MB} to {MEMORY_MB}, such as 1769 or \"2 GiB\""),
            );
            return None;
        }
        return u32::try_from(mb).ok();
    }
    value.count(MEMORY_MIN_MB..=MEMORY_MB)
}

fn timeout(value: Value) -> Option<Time> {
    value.time_within(Time::from_millis(1)..=TIMEOUT_MAX)
}
