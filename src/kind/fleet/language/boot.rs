//! `boot` of a fleet: the stages of a launch. In: laws, a kind of image, the load of each stage. Out: a [`Boot`].

use super::first_touch::FirstTouch;
use super::shapes::{
    APPLICATION, BOOT_CPU, BOOT_CPU_SHAPE, BOOTSTRAP_GOLDEN, BOOTSTRAP_HYBRID, BOOTSTRAP_USER_DATA, DECISION,
    LAUNCH, SYSTEM,
};
use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::units::Time;

/// Part of the starts in which a stage takes no longer than what counts as long. Assumption.
const LONG: f64 = 0.99;

/// How long it takes from the decision to a running application, stage by stage.
///
/// EC2 calls an instance running when its kernel starts, and that is where `launch` ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Boot {
    /// From the decision to the launch call; the instance is not billed yet.
    pub decision: Law,
    /// From the API call to the start of the kernel, when EC2 calls the instance running.
    pub launch: Law,
    /// From the kernel to the first line of user data.
    pub system: Law,
    /// User data: almost no time on a golden image, minutes for a full bootstrap.
    pub bootstrap: Law,
    /// From the start of the application to its first answer.
    pub application: Law,
    /// Busy vCPUs during `system`, `bootstrap` and `application`, at most all vCPUs of the instance.
    pub cpu: [f64; 3],
    /// What the application reads as it starts, if its volume comes from a snapshot.
    pub first_touch: Option<FirstTouch>,
}

impl Default for Boot {
    fn default() -> Boot {
        Boot {
            decision: DECISION.value,
            launch: LAUNCH.value,
            system: SYSTEM.value,
            bootstrap: BOOTSTRAP_GOLDEN.value,
            application: APPLICATION.value,
            cpu: [BOOT_CPU.value; 3],
            first_touch: None,
        }
    }
}

impl Boot {
    /// From when EC2 runs an instance to when its application answers, on average.
    pub fn on_the_machine(&self) -> Time {
        let [launch, system, bootstrap, application] =
            [&self.launch, &self.system, &self.bootstrap, &self.application].map(Law::mean);
        system + bootstrap + application + self.first_read(launch + system + bootstrap)
    }

    /// The same, of which no stage is longer but with a small chance: what takes longer is more than slow.
    pub fn at_most_on_the_machine(&self) -> Time {
        let long =
            |law: &Law| law.quantile(1, LONG).map_or_else(|| law.mean(), Time::from_secs_f64).max(law.mean());
        let [launch, system, bootstrap, application] =
            [&self.launch, &self.system, &self.bootstrap, &self.application].map(long);
        system + bootstrap + application + self.first_read(launch + system + bootstrap)
    }

    /// How much longer an application takes to start that reads its data for the first time, so long after the launch call.
    pub fn first_read(&self, since: Time) -> Time {
        self.first_touch.map_or(Time::ZERO, |touch| touch.first(since))
    }

    /// The same where its volume has all blocks.
    pub fn next_read(&self) -> Time {
        self.first_touch.map_or(Time::ZERO, |touch| touch.again())
    }

    /// What a table says; of containers and of the instances of a cluster with the usual times of these.
    pub(super) fn read(reader: &Reader, usual: Option<&Boot>, containers: bool) -> Boot {
        #[derive(Clone, Copy)]
        enum Image {
            Golden,
            Hybrid,
            UserData,
        }
        let images = [("golden", Image::Golden), ("hybrid", Image::Hybrid), ("user_data", Image::UserData)];
        let bootstrap = match reader.or("image", |value| value.choice(&images), Image::Golden) {
            Image::Golden => BOOTSTRAP_GOLDEN.value,
            Image::Hybrid => BOOTSTRAP_HYBRID.value,
            Image::UserData => BOOTSTRAP_USER_DATA.value,
        };
        let own = Boot { bootstrap, ..Boot::default() };
        let usual = match usual {
            Some(usual) if containers => usual.clone(),
            Some(usual) => Boot { bootstrap: own.bootstrap, ..usual.clone() },
            None => own,
        };
        for (key, value) in
            ["image", "first_touch"].into_iter().filter_map(|key| Some((key, reader.get(key)?)))
        {
            if containers {
                value.problem(
                    format!("`{key}` of `boot` is of EC2 instances"),
                    "containers say `image`, the size of theirs, in `fargate` or `tasks`",
                );
            }
        }
        Boot {
            decision: reader.or("decision", Value::law, usual.decision),
            launch: reader.or("launch", Value::law, usual.launch),
            system: reader.or("system", Value::law, usual.system),
            bootstrap: reader.or("bootstrap", Value::law, usual.bootstrap),
            application: reader.or("application", Value::law, usual.application),
            cpu: reader.or("cpu", load, usual.cpu),
            first_touch: reader.maybe("first_touch", FirstTouch::read),
        }
    }
}

/// One load for all stages, or one for each.
fn load(value: Value) -> Option<[f64; 3]> {
    let vcpus = |value: Value| value.number(0.0..=1_024.0);
    if !value.is_table() {
        return vcpus(value).map(|load| [load; 3]);
    }
    value.table(&BOOT_CPU_SHAPE, |reader| {
        ["system", "bootstrap", "application"].map(|stage| reader.or(stage, vcpus, BOOT_CPU.value))
    })
}
