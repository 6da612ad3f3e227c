//! The traffic at which groups have grown so far that a limit is reached of which each instance wants its part.
//!
//! In: what is wanted, and the headroom of what the groups grow for. Out: the multiple of the traffic.
//!
//! A group adds instances when they are busier than its policies hold them. So one of `n` instances that are busy for the part `b`
//! has `k` of them at the multiple above which `k - 1` would be busier than the target `t`: (k - 1) t / (n b). It keeps
//! those that it has. Where a policy goes by something else, it is taken to grow with the traffic from the first: that is the
//! earliest that it can. What requests hold of pools that grow goes with the traffic too.

use super::found::Headroom;
use crate::measure::wanted::{Group, Wanted};

/// The multiple at which more is wanted than there is; what was wanted in the run tells where that was too much already.
pub(super) fn times(wanted: &Wanted, found: &[Headroom]) -> Option<f64> {
    if wanted.wanted > wanted.limit || wanted.refused {
        return (wanted.wanted > 0.0).then(|| wanted.limit / wanted.wanted);
    }
    let all = wanted.groups.iter().flat_map(|group| steps(group, found).map(|times| (times, group.each)));
    let mut steps: Vec<(f64, f64)> = all.collect();
    steps.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut sum = wanted.wanted;
    let reached = steps.into_iter().find(|(_, each)| {
        sum += each;
        sum > wanted.limit
    });
    let by_instances = reached.map(|(times, _)| times.max(1.0));
    by_instances.into_iter().chain(wanted.by_traffic.map(|times| times.max(1.0))).reduce(f64::min)
}

/// The multiples at which a group has one instance more, from the first beyond those that it had.
fn steps<'a>(group: &'a Group, found: &[Headroom]) -> impl Iterator<Item = f64> + use<'a> {
    let of = found.iter().find(|it| it.of == group.by).map(|it| it.as_it_stood);
    // Instances that would be as busy as the target.
    let needed = match (group.above, of.and_then(|load| Some((load.busy, load.instances?)))) {
        (Some(above), Some((busy, instances))) => instances * busy / above,
        _ => group.now,
    };
    // What nothing is asked of does not grow.
    let more = (group.now.ceil() as u32 + 1..=group.most as u32).take_while(move |_| needed > 0.0);
    more.map(move |size| f64::from(size - 1) / needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::resource::{Node, Resource};
    use crate::measure::stage::StageKind;
    use crate::outcome::Timeline;

    fn wanted(limit: f64, above: Option<f64>) -> Wanted {
        let by = Resource::Cpu { fleet: 0 };
        Wanted {
            of: Resource::Connections { database: 0, node: Node::Writer },
            resource: "connections".into(),
            kind: StageKind::Database,
            row: 0,
            limit,
            wanted: 20.0,
            instances: 2.0,
            groups: vec![Group { by, above, each: 10.0, now: 2.0, most: 6.0 }],
            at_most: Some((60.0, 6.0)),
            by_traffic: None,
            refused: false,
        }
    }

    /// The third instance comes when two are busier than 60 % each: at 12 times 5 %. The fifth, which finds no room for its
    /// connections, when four are.
    #[test]
    fn a_group_grows_when_it_is_busier_than_its_target() {
        let mut cpu = Headroom::of_wanted(&wanted(25.0, None), None, &Timeline::default());
        (cpu.of, cpu.as_it_stood.busy) = (Resource::Cpu { fleet: 0 }, 0.05);
        let at = |limit: f64, above: Option<f64>| times(&wanted(limit, above), std::slice::from_ref(&cpu));
        let close =
            |found: Option<f64>, right: f64| assert!((found.unwrap() - right).abs() < 1e-9, "{found:?}");
        close(at(25.0, Some(0.6)), 12.0);
        close(at(45.0, Some(0.6)), 24.0);
        assert_eq!(at(60.0, Some(0.6)), None, "there is room for all");
        // With something else that grows with the traffic, two thirds more is what a fourth instance comes for.
        close(at(35.0, None), 1.5);
    }

    #[test]
    fn what_was_wanted_in_the_run_beyond_the_limit_is_that_part_of_it() {
        assert_eq!(times(&wanted(10.0, Some(0.6)), &[]), Some(0.5));
    }
}
