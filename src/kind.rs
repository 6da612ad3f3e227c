//! The list of kinds: what a scenario can be made of, one folder and one line here for each.
//!
//! In: steps of attempts, timers and facts. Out: the same, given to the kind that they are of. All of it is written by one
//! macro, so that a new kind is one more line, and is dispatched statically. CONTRIBUTING.md, "Add a kind", has the steps.

pub mod account;
pub(crate) mod bandwidth;
pub(crate) mod bill;
pub(crate) mod burstable;
pub mod code;
pub mod demand;
pub mod effort;
pub(crate) mod expected;
pub mod figure;
pub mod front;
pub mod host;
pub(crate) mod kept;
pub mod keyed;
pub mod keys;
pub(crate) mod load;
pub mod location;
pub mod network;
pub(crate) mod outlast;
pub(crate) mod part;
pub(crate) mod parts;
pub(crate) mod path;
pub(crate) mod pattern;
pub mod policy;
pub(crate) mod record;
pub mod retry;
pub(crate) mod settings;
pub(crate) mod step;
pub(crate) mod table;
#[cfg(test)]
pub(crate) mod tests;
pub mod time;
pub(crate) mod view;
pub(crate) mod views;
pub mod volume_type;
pub mod warning;
pub mod way;
pub(crate) mod wide;
pub mod zones;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalog::InstanceType;
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::cost::charge::Charge;
use crate::dist::Law;
use crate::flow::Flow;
use crate::flow::draws::Draws;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::timer::{Key, Timer};
use crate::id::{self, Dial, Gauge, KeySpaceId, Owner};
use crate::language::names::Named;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Key as ShapeKey, Shape};
use crate::language::value::Value;
use crate::measure::capacity::Capacity;
use crate::measure::column::{self, Column, column};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::measure::wanted::Wanted;
use crate::measure::watched::Watched;
use crate::measure::writes::Writes;
use crate::units::Time;
use crate::usage::Used;
use account::Account;
use bill::Billed;
use effort::Work;
use expected::{Expected, Walk};
use figure::{KindFigure, Known};
use front::{Asked as Entering, Lead};
use host::{GroupId, Hosts};
use part::{Asked, Offered, Part, Place, Plan, Skip};
use parts::parts;
use path::{CompileErrand, CompileOwn, PathOwner, Written};
use record::{EachChart, EachKind, Recorded, records};
use settings::settings;
use step::{Compile, Needs, Scope, steps};
use table::{Table, Words};
use view::{Kinds, View};
use views::views;
use warning::Warning;

/// All kinds, for the seam of what they show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct All;

impl Kinds for All {
    type Settings = Settings;
    type Series = Series;
    type Totals = Totals;
    type Outcomes = Outcomes;
}

/// A run that has ended.
pub(crate) type Scene<'a> = view::Scene<'a, All>;
/// All runs of a scenario, which have ended.
pub(crate) type Ended<'a> = view::Ended<'a, All>;
/// A resource that was full over some rows.
pub(crate) type Full<'a> = view::Full<'a, All>;

/// Makes the list: `folder Kind Part`, the part being the struct of all resources of the kind. Kinds are read, built, hear
/// facts and end rows in this order. `tables LIST` is there if the file has tables of the kind: the field of [`Settings`] in
/// which they are. `records LIST` is there if rows and totals of the kind are kept: the field of [`Series`], [`Totals`] and
/// [`Outcomes`] in which they are. `steps TYPE` is there if a path has steps at the kind: the settings of such a step, in `NAME/step.rs`.
macro_rules! kinds {
    ($($module:ident $Kind:ident $Part:ident $(<$life:lifetime>)? $(tables $tables:ident)? $(records $records:ident $([$keep:meta])?)? $(steps $Step:ident)?;)*) => {
        $(pub mod $module;)*

        #[doc = include_str!("model/rules.md")]
        $(#[doc = include_str!(concat!("kind/", stringify!($module), "/rules.md"))])*
        pub mod rules {}

        /// The files of that page.
        #[cfg(test)]
        pub(crate) const RULES: &[&str] = &[
            include_str!("model/rules.md"),
            $(include_str!(concat!("kind/", stringify!($module), "/rules.md")),)*
        ];

        records! { $($($module $Kind $records $([$keep])?;)?)* }

        steps! { $($($module $Kind $Step;)?)* }

        settings! { $($($module $Kind $Part $tables;)?)* }

        parts! { $($module $Kind $Part $(<$life>)?;)* }

        views! { $($module $Part;)* }
    };
}

kinds! {
    fleet Fleet Fleets<'s> tables fleets records fleets;
    cache Cache Caches<'s> tables caches records caches steps Use;
    database Database Databases<'s> tables databases records databases steps Work;
    service Service Services<'s> tables services records services steps Visit;
    lambda Lambda Lambdas<'s> tables lambdas records lambdas [serde(skip_serializing_if = "Vec::is_empty")] steps Invoke;
    queue Queue Queues<'s> tables queues records queues [serde(skip_serializing_if = "Vec::is_empty")] steps Call;
    topic Topic Topics tables topics records topics [serde(skip_serializing_if = "Vec::is_empty")];
    stream Stream Streams<'s> tables streams records streams [serde(skip_serializing_if = "Vec::is_empty")] steps Put;
    s3 Bucket Buckets<'s> tables buckets records buckets [serde(skip_serializing_if = "Vec::is_empty")] steps Use;
    dynamodb DynamoTable Tables<'s> tables dynamo_tables records dynamo_tables [serde(skip_serializing_if = "Vec::is_empty")] steps Use;
    efs FileSystem FileSystems<'s> tables file_systems records file_systems [serde(skip_serializing_if = "Vec::is_empty")] steps Use;
    ebs BlockVolume BlockVolumes<'s> tables block_volumes records block_volumes [serde(skip_serializing_if = "Vec::is_empty")] steps Use;
    nat Nat Nats<'s> tables nats records nats [serde(skip_serializing_if = "Vec::is_empty")] steps Passage;
    balancer Balancer Balancers<'s> tables balancers records balancers [serde(skip_serializing_if = "Vec::is_empty")] steps Way;
    distribution Distribution Distributions<'s> tables distributions records distributions [serde(skip_serializing_if = "Vec::is_empty")] steps Fetch;
    dns Dns Names<'s> tables domains records domains [serde(skip_serializing_if = "Vec::is_empty")] steps Way;
    api Api Apis<'s> tables apis records apis [serde(skip_serializing_if = "Vec::is_empty")] steps Enter;
    firewall Firewall Firewalls<'s> tables firewalls records firewalls [serde(skip_serializing_if = "Vec::is_empty")] steps Guard;
    waiting_room WaitingRoom WaitingRooms<'s> tables waiting_rooms records waiting_rooms [serde(skip_serializing_if = "Vec::is_empty")] steps Enter;
    scaling Scaling Controls<'s>;
    alarm Alarm Alarms<'s> tables alarms;
    fault Fault Faults<'s> tables faults records fault_totals [serde(skip_serializing_if = "Vec::is_empty")];
    runbook Runbook Runbooks<'s> tables runbooks;
    resilience Resilience Resiliences<'s> tables resiliences records resiliences [serde(skip_serializing_if = "Vec::is_empty")] steps Tried;
}
