//! One NAT gateway: its ports to each destination, and its link, which grows.
//!
//! In: bytes; the end of each time to grow; the loss of its zone. Out: how much bandwidth it has.

use super::language::Nat;
use super::ports::Ports;
use crate::catalog::zone::Zone;
use crate::flow::Flow;
use crate::units::{Bandwidth, Bytes};

/// The most that one connection gets of the link. (Amazon EC2 user guide, network bandwidth: 5 Gbit/s for one flow.)
pub(super) const OF_ONE: Bandwidth = Bandwidth(5e9);
/// Part of its time for which a link was busy that is as good as all. Assumption.
const FULL: f64 = 0.95;
/// Speed of a link on which nothing passes, as far as a run can tell.
const STOPPED: f64 = 1e-12;

/// A gateway.
#[derive(Debug)]
pub struct Gateway {
    /// Its zone.
    pub zone: Zone,
    /// Its link: as many cores as connections could have all that one can get.
    pub processor: u32,
    bandwidth: f64,
    /// Whether its zone is lost.
    pub lost: bool,
    /// Busy nanoseconds of its cores when it last grew or did not.
    mark: f64,
    /// Of each destination, by its number.
    pub to: Vec<Ports>,
}

impl Gateway {
    pub fn new(nat: &Nat, zone: Zone, flow: &mut Flow) -> Gateway {
        let (cores, speed) = shape(nat.bandwidth.0);
        let processor = flow.add_processor(cores, speed);
        Gateway { zone, processor, bandwidth: nat.bandwidth.0, lost: false, mark: 0.0, to: Vec::new() }
    }

    /// Work of so many bytes on its link. What has no bytes to speak of does not pass a link that is lost.
    pub fn work(bytes: Bytes) -> f64 {
        OF_ONE.time_of(bytes.max(Bytes(1))).0 as f64
    }

    /// The ports to a destination.
    pub fn ports(&mut self, destination: usize) -> &mut Ports {
        if self.to.len() <= destination {
            self.to.resize_with(destination + 1, Ports::default);
        }
        &mut self.to[destination]
    }

    /// A time to grow is over.
    pub fn grow(&mut self, nat: &Nat, flow: &mut Flow) {
        let (cores, _) = shape(self.bandwidth);
        let area = flow.processors[self.processor as usize].busy_area(flow.now);
        let busy = area - std::mem::replace(&mut self.mark, area);
        let is_full = busy >= FULL * f64::from(cores) * nat.growth.0 as f64;
        if is_full && !self.lost && self.bandwidth < nat.most.0 {
            self.bandwidth = (self.bandwidth + nat.bandwidth.0).min(nat.most.0);
            self.settle(flow);
        }
    }

    /// Its zone is lost, or back.
    pub fn changes(&mut self, lost: bool, flow: &mut Flow) {
        self.lost = lost;
        self.to.iter_mut().for_each(Ports::forget);
        self.settle(flow);
    }

    fn settle(&mut self, flow: &mut Flow) {
        let (cores, speed) = shape(self.bandwidth);
        flow.set_cores(self.processor, cores, if self.lost { STOPPED } else { speed });
    }

    /// Cores of its link.
    pub fn cores(&self) -> u32 {
        shape(self.bandwidth).0
    }
}

/// The cores of a link, and the speed of each.
fn shape(bandwidth: f64) -> (u32, f64) {
    let cores = libm::ceil(bandwidth / OF_ONE.0 - 1e-9).max(1.0);
    (cores as u32, bandwidth / OF_ONE.0 / cores)
}
