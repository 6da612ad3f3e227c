//! What a fleet keeps for an instance beside its host, for one on standby, and of a refresh of its instances.
//!
//! In: a launch. Out: its activity, what holds it while it leaves, what it stands in for, its credits and its market.

use super::account::Account;
use super::blows::{Blows, Gaps};
use super::crowd::Crowd;
use super::link::Link;
use super::throttle::Throttle;
use crate::catalog::zone::Place;
use crate::flow::NONE;
use crate::flow::slowed::Slowed;
use crate::measure::resource::Purpose;
use crate::units::Time;

/// What a fleet keeps for an instance, beside its host.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The activity that launched or terminates it.
    pub(super) activity: Option<usize>,
    /// Until when kept-alive connections hold it while it leaves.
    pub(super) connected_until: u64,
    /// Until when its own work, such as that of a queue, may hold it.
    pub(super) working_until: u64,
    /// Another instance is launched in its place.
    pub(super) replaced: bool,
    /// The instance that ends once this one is in service, one of a zone with too many; and the activity of both.
    pub(super) relieves: Option<(u32, usize)>,
    /// It ends once another one is in service in its place.
    pub(super) relieved: bool,
    /// Its successor ends it when that one is warm, and not as soon as it serves: a maintenance policy says so.
    pub(super) until_warm: bool,
    /// It fails the checks of its balancer, and is being replaced for that.
    pub(super) unhealthy: bool,
    /// The entry of the refresh or the deployment during which it began to leave.
    pub(super) rollout: Option<usize>,
    /// What it is to leave for, if it is for something that takes capacity away.
    pub(super) taken_by: Option<Purpose>,
    /// It goes into the warm pool once it has left.
    pub(super) returns: bool,
    /// Which type of its fleet it is, and which version it runs.
    pub(super) model: usize,
    pub(super) version: usize,
    /// What its balancer found last, if it has checked it.
    pub(super) passes: Option<bool>,
    /// It is out of its balancers for a deployment in place.
    pub(super) out: Option<Out>,
    /// Which refresh or deployment of the run has restarted it last, 0 if none has; and which one of the file that is.
    pub(super) restarted_by: u32,
    pub(super) restarted_for: usize,
    /// It belongs to the extra batch of a deployment.
    pub(super) extra: bool,
    /// It is green: it waits until all of them run, or that is over. It was blue: it is kept for a while though it has left.
    pub(super) green: Option<Green>,
    pub(super) kept: bool,
    /// Work that it had done when it became another version, in that of a vCPU of strength 1; and in vCPU-nanoseconds.
    pub(super) done_before: (f64, f64),
    /// The work of its CPU where a cold application or a fault makes it slower; and what it had done when the last row ended.
    pub(super) slowed: Slowed,
    pub(super) done_mark: f64,
    /// It is stopped to become another type.
    pub(super) resizes: bool,
    /// It has been, and goes on in another record.
    pub(super) resized: bool,
    /// It goes on standby once it has left: which span of the file.
    pub(super) stands: Option<usize>,
    /// It has gone on standby: what becomes of it later, and what it is billed for, is not on this record.
    pub(super) went_on: bool,
    /// Its CPU credits, while it runs, if its type has some.
    pub(super) account: Option<Account>,
    /// Those that it brings from a warm pool or from standby, until it runs, or takes along.
    pub(super) brought: Option<Account>,
    /// Its busy vCPUs, if they share cores, and its pace.
    pub(super) crowd: Crowd,
    /// What it has used of its CPU limit, if it has one.
    pub(super) throttle: Option<Throttle>,
    /// The instance of a cluster that it is placed on, and how long each stage of its start takes, of a task.
    pub(super) node: u32,
    pub(super) spans: [u64; 5],
    /// The tasks that are placed on it, and the images that it has, each a fleet and a version.
    pub(super) carries: Vec<u32>,
    pub(super) pulled: Vec<(usize, usize)>,
    /// Its link, once its application answers, if bytes take time there.
    pub(super) link: Option<Link>,
    /// What strikes it at present, and whether that was its end.
    pub(super) blows: Blows,
    pub(super) died: bool,
    /// When it did nothing because of that.
    pub(super) gaps: Gaps,
    /// When its application was up again after a crash.
    pub(super) restarted: Option<u64>,
    /// The part of its CPU that its credits leave it.
    pub(super) earned: f64,
    /// It is a Spot instance, and when it is gone, once it has its notice.
    pub(super) spot: bool,
    pub(super) ends_at: u64,
}

impl Default for Instance {
    fn default() -> Instance {
        Instance {
            activity: None,
            connected_until: 0,
            working_until: 0,
            replaced: false,
            rollout: None,
            relieves: None,
            relieved: false,
            until_warm: false,
            unhealthy: false,
            taken_by: None,
            returns: false,
            model: 0,
            version: 0,
            passes: None,
            out: None,
            restarted_by: 0,
            restarted_for: 0,
            extra: false,
            green: None,
            kept: false,
            done_before: (0.0, 0.0),
            slowed: Slowed::default(),
            done_mark: 0.0,
            resizes: false,
            resized: false,
            stands: None,
            went_on: false,
            account: None,
            brought: None,
            crowd: Crowd::default(),
            throttle: None,
            node: NONE,
            spans: [0; 5],
            carries: Vec::new(),
            pulled: Vec::new(),
            link: None,
            blows: Blows::default(),
            died: false,
            gaps: Gaps::default(),
            restarted: None,
            earned: 1.0,
            spot: false,
            ends_at: u64::MAX,
        }
    }
}

/// As what an instance is made.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Its number in the group.
    pub(super) order: u32,
    pub(super) spot: bool,
    /// Which type of its fleet it is, and the version that it runs.
    pub(super) model: usize,
    pub(super) version: usize,
    /// Which deployment of the run has restarted it.
    pub(super) restarted_by: u32,
}

/// Where an instance is that a deployment restarts in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// It gets nothing more, and ends what it has.
    Drains,
    /// Its application has stopped, and another version is installed.
    Installs,
    /// Its application starts.
    Starts,
    /// It is registered again, and has not passed its checks.
    Unproven,
}

/// Where an instance is that a blue/green deployment has launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Green {
    /// It is not registered before all of them run.
    Held,
    /// All of them run.
    Opened,
}

/// When an instance was there, and as what it is billed.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    pub(super) span: (Time, Time),
    pub(super) spot: bool,
    /// Which type of its fleet it was.
    pub(super) model: usize,
}

/// An instance on standby.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Which span of the file put it there.
    pub(super) which: usize,
    pub(super) made: Made,
    pub(super) place: Place,
    /// When it was launched: it is billed from then on.
    pub(super) launched: u64,
    /// Its zone was lost: it is found out when it is back in service.
    pub(super) lost: bool,
    /// Its CPU credits, if its type has some.
    pub(super) account: Option<Account>,
}

/// A refresh in progress.
#[derive(Clone, Copy, Debug)]
pub struct Refreshing {
    /// Which one of the file.
    pub(super) which: usize,
    /// The version that its instances are to have.
    pub(super) version: usize,
    /// Instances with a smaller number in the group were there when it began.
    pub(super) before: u32,
    /// The next checkpoint.
    pub(super) checkpoint: usize,
    /// What it does at present.
    pub(super) stage: Stage,
    /// It takes back what it had brought: instances from `before` up to this number in the group.
    pub(super) back_from: Option<u32>,
    /// Its number in the run; and of a rollback, that of what it takes back.
    pub(super) serial: u32,
    pub(super) takes_back: u32,
    /// Instances that it has launched beyond the desired capacity.
    pub(super) extra: u32,
    /// Its entry in the journal.
    pub(super) entry: usize,
}

/// What a refresh does at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It replaces instances.
    Replaces,
    /// It waits at a checkpoint.
    Waits,
    /// All are replaced, and it waits whether an alarm comes.
    Bakes,
}
