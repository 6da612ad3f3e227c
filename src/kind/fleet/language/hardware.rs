//! What an instance is made of: its type, and what the file says of that. In: the settings of a fleet, and a time. Out:
//! [`Hardware`], the one place that knows which type a fleet has when.

use super::overrides::WEIGHT;
use super::{Cores, Credits, Fleet, Network, Tasks};
use crate::catalog::InstanceType;
use crate::units::{Bandwidth, Time};

/// The type of some instances, and what comes with it.
#[derive(Clone, Copy, Debug)]
pub struct Hardware<'a> {
    /// The type.
    pub instance: &'a InstanceType,
    /// CPU credits, of a T type.
    pub credits: Option<&'a Credits>,
    /// Its vCPUs as threads of cores, if two share one.
    pub cores: Option<&'a Cores>,
    /// The link, if answers take time on it.
    pub network: Option<&'a Network>,
}

impl Hardware<'_> {
    /// vCPUs of an instance that have their cores alone and do as much together as all of its vCPUs.
    pub fn whole_vcpus(&self) -> f64 {
        self.cores.map_or(self.instance.mean_vcpus(), |cores| cores.work_of(self.instance.vcpus))
    }

    /// The part of its work that it does while so large a part of its vCPUs is busy; more than all of them never are.
    pub fn share_of_work(&self, busy: f64) -> f64 {
        self.cores.filter(|_| busy < 1.0).map_or(busy, |cores| cores.share_of_work(busy))
    }

    /// What an instance does in a second, in vCPU-seconds of strength 1.
    pub fn work(&self) -> f64 {
        self.whole_vcpus() * self.instance.strength
    }
}

impl Fleet {
    /// How many types it has: one after the other, or beside each other.
    pub fn types(&self) -> usize {
        self.overrides.len().max(1 + self.resize.len())
    }

    /// The hardware of a type: that of the start is the first one, and each resize has the next one; of a mixed group those of its list.
    pub fn hardware(&self, of: usize) -> Hardware<'_> {
        if let Some(of) = self.overrides.get(of).filter(|_| of > 0) {
            return Hardware {
                instance: &of.instance,
                credits: of.credits.as_ref(),
                cores: of.cores.as_ref(),
                network: of.network.as_ref(),
            };
        }
        match of.checked_sub(1).and_then(|resize| self.resize.get(resize)) {
            Some(resize) => Hardware {
                instance: &resize.instance,
                credits: resize.credits.as_ref(),
                cores: resize.cores.as_ref(),
                network: resize.network.as_ref(),
            },
            None => Hardware {
                instance: &self.instance,
                credits: self.credits.as_ref(),
                cores: self.cores.as_ref(),
                network: self.network.as_ref(),
            },
        }
    }

    /// The hardware that its instances have, or are about to have, at a time; of a mixed group that of the first type.
    pub fn hardware_at(&self, time: Time) -> Hardware<'_> {
        self.hardware(self.resize.iter().take_while(|resize| resize.at <= time).count())
    }

    /// Each of its types.
    pub fn all_hardware(&self) -> impl Iterator<Item = Hardware<'_>> {
        (0..self.types()).map(|of| self.hardware(of))
    }

    /// How many times faster a core of its fastest instance is than the one for which demands are written.
    pub fn fastest(&self) -> f64 {
        let versions = self.versions.iter().map(|version| version.speed).fold(1.0, f64::max);
        let speed = self.speeds.iter().copied().fold(1.0, f64::max) * versions;
        speed * self.all_hardware().map(|hardware| hardware.instance.strength).fold(0.0, f64::max)
    }

    /// The names of its types, `t3.small → m5.large`, or `m5.large, m5.xlarge` of a mixed group.
    pub fn type_names(&self) -> String {
        let names: Vec<&str> = self.all_hardware().map(|hardware| hardware.instance.name.as_str()).collect();
        names.join(if self.overrides.is_empty() { " → " } else { ", " })
    }

    /// The bandwidth at which sizes of answers become times: that of the burst of its first type.
    pub fn link(&self) -> Option<Bandwidth> {
        self.network.map(|network| network.burst)
    }
}

impl Fleet {
    /// vCPUs that each of its tasks requests.
    pub fn requested_vcpus(&self) -> f64 {
        let nodes = self.tasks.as_ref().and_then(Tasks::nodes);
        nodes.map_or(self.instance.mean_vcpus(), |of| f64::from(of.milli) / 1_000.0)
    }

    /// Units of capacity of an instance of a type.
    pub fn weight(&self, model: usize) -> u32 {
        self.overrides.get(model).map_or(WEIGHT.value, |of| of.weight)
    }

    /// How many instances of its first type are so many units.
    pub fn instances_of(&self, units: u32) -> u32 {
        units.div_ceil(self.weight(0))
    }

    /// What the file says of the first type holds for the others, each in its own measure.
    pub(super) fn complete_overrides(&mut self) {
        let (credits, cores, network) = (self.credits.clone(), self.cores, self.network);
        for of in &mut self.overrides {
            of.credits = Credits::resized(credits.as_ref(), &of.instance);
            of.cores = Cores::resized(cores.as_ref(), &of.instance);
            of.network = Network::resized(network.as_ref(), &of.instance);
        }
    }
}
