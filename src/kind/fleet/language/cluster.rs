//! `cluster` of a fleet: its instances run tasks of Amazon ECS or pods of Amazon EKS. In: a table. Out: a [`Cluster`].

use super::boot::Boot;
use super::shapes::BOOT_CPU;
use crate::catalog::InstanceType;
use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// Name of the gauge by which a capacity provider scales.
pub const RESERVATION: &str = "reservation";
/// Target of a capacity provider: 100 %.
pub const TARGET: Given<f64> = Given::new(100.0, "Amazon ECS API reference, ManagedScaling: targetCapacity");
/// How long a new instance stays out of the metric of a capacity provider: 300 s.
pub const PROVIDER_WARMUP: Given<Time> =
    Given::new(Time::from_secs(300), "Amazon ECS API reference, ManagedScaling: instanceWarmupPeriod");
/// Points of its high alarm and of its low one: 1 and 15.
pub const PROVIDER_PERIODS: [u32; 2] = [1, 15];
/// From the end of a minute until its reservation is seen: 30 s.
pub const PROVIDER_DELAY: Given<Time> =
    Given::new(Time::from_secs(30), "assumption: as that of CPU, less than a minute");
/// How often the Cluster Autoscaler looks: 10 s.
pub const SCAN: Given<Time> =
    Given::new(Time::from_secs(10), "Kubernetes Cluster Autoscaler, FAQ: scan-interval");
/// How long an instance must be unneeded for it: 10 min.
pub const UNNEEDED: Given<Time> =
    Given::new(Time::from_secs(600), "Kubernetes Cluster Autoscaler, FAQ: scale-down-unneeded-time");
/// How long it removes nothing after it has added something: 10 min.
pub const AFTER_ADD: Given<Time> =
    Given::new(Time::from_secs(600), "Kubernetes Cluster Autoscaler, FAQ: scale-down-delay-after-add");
/// How full an instance may be that is unneeded: 50 %.
pub const UNNEEDED_BELOW: Given<f64> =
    Given::new(0.5, "Kubernetes Cluster Autoscaler, FAQ: scale-down-utilization-threshold");
/// A batch of Karpenter ends when no pod came for so long: 1 s.
pub const BATCH_IDLE: Given<Time> =
    Given::new(Time::from_secs(1), "Karpenter, settings: BATCH_IDLE_DURATION");
/// And after this long at the latest: 10 s.
pub const BATCH_MAX: Given<Time> = Given::new(Time::from_secs(10), "Karpenter, settings: BATCH_MAX_DURATION");
/// How long an instance must be unneeded for Karpenter: 30 s.
pub const CONSOLIDATE: Given<Time> =
    Given::new(Time::from_secs(30), "assumption: consolidateAfter of a NodePool, which its author chooses");
/// From the decision of Karpenter to the launch call: 1 s to 2 s.
pub const KARPENTER_DECIDES: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(1), high: Time::from_secs(2) },
    "assumption: it calls CreateFleet as soon as its batch is over",
);
/// From the start of the agent to the first task that it takes: 5 s to 10 s.
pub const AGENT: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(5), high: Time::from_secs(10) },
    "assumption: the ECS agent registers, or the kubelet is Ready, within seconds of its start",
);

/// The language of instances that run containers.
pub const SHAPE: Shape = Shape {
    title: "cluster = { … }",
    about: "The instances of this fleet run the tasks or pods of other fleets, which name it in `tasks`. Requests do not go to it. \
            `boot.application` is the start of the ECS agent or of the kubelet then: 5 s to 10 s (assumption).",
    keys: &[
        Key::required("orchestrator", "\"ecs\" or \"eks\"", "what places tasks on them, or pods"),
        Key::optional(
            "scaler",
            "\"capacity_provider\", \"cluster_autoscaler\", \"karpenter\" or \"none\"",
            "`\"capacity_provider\"` of ECS, `\"cluster_autoscaler\"` of EKS (assumption: the usual one of each)",
            "what launches instances for tasks and pods that find no room, and ends those that are empty",
        ),
        Key::given(
            "target",
            "number, 1 to 100",
            || TARGET.show(),
            "of a capacity provider: target capacity in percent",
        ),
        Key::given("scan", "duration", || SCAN.show(), "of the Cluster Autoscaler: how often it looks"),
        Key::given(
            "batch_idle",
            "duration",
            || BATCH_IDLE.show(),
            "of Karpenter: a batch of pods is over when none came for so long",
        ),
        Key::given("batch_max", "duration", || BATCH_MAX.show(), "and after this long at the latest"),
        Key::given(
            "unneeded",
            "duration",
            || (format!("{}, {} of Karpenter", UNNEEDED.show().0, CONSOLIDATE.show().0), UNNEEDED.source),
            "of the Cluster Autoscaler and of Karpenter: how long an instance has not been needed that ends",
        ),
        Key::given(
            "delay_after_add",
            "duration",
            || AFTER_ADD.show(),
            "of the Cluster Autoscaler: how long it ends nothing after it has added an instance",
        ),
        Key::optional(
            "reserved",
            "{ vcpus, memory }",
            "of EKS what its image reserves for a node of its size with 29 pods (awslabs/amazon-eks-ami, bootstrap: kube-reserved); nothing of \
             ECS (Amazon ECS developer guide: ECS_RESERVED_MEMORY is 0)",
            "what of an instance is not for tasks or pods",
        ),
    ],
};

/// The language of what is reserved.
pub const RESERVED_SHAPE: Shape = Shape {
    title: "reserved = { … }",
    about: "What of an instance is not for tasks or pods.",
    keys: &[
        Key::optional("vcpus", "number", "0 (assumption: all of the instance is for tasks)", "virtual CPUs"),
        Key::optional("memory", "data", "0 (assumption: all of the instance is for tasks)", "memory"),
    ],
};

/// Instances that run containers.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Whether it is of Amazon EKS.
    pub is_eks: bool,
    /// What scales it.
    pub scaler: Scaler,
    /// Thousandths of a vCPU of an instance that are not for containers.
    pub reserved_milli: u32,
    /// Memory that is not.
    pub reserved_memory: Bytes,
}

/// What launches instances of a cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scaler {
    /// Nothing does: its policies and its schedule.
    None,
    /// A capacity provider of Amazon ECS, with its target in percent.
    CapacityProvider(f64),
    /// The Cluster Autoscaler of Kubernetes.
    ClusterAutoscaler {
        /// How often it looks.
        scan: Time,
        /// How long what is to be removed has not been needed.
        unneeded: Time,
        /// How long after an addition nothing is removed.
        after_add: Time,
    },
    /// Karpenter.
    Karpenter {
        /// When a batch is over.
        idle: Time,
        /// At the latest.
        most: Time,
        /// How long what is to be removed has not been needed.
        unneeded: Time,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kinds {
    None,
    Provider,
    Autoscaler,
    Karpenter,
}

impl Cluster {
    pub(super) fn read(reader: &Reader, instance: &InstanceType) -> Cluster {
        let is_eks = reader.must_choose("orchestrator", &[("ecs", false), ("eks", true)], false);
        let kinds = [
            ("capacity_provider", Kinds::Provider),
            ("cluster_autoscaler", Kinds::Autoscaler),
            ("karpenter", Kinds::Karpenter),
            ("none", Kinds::None),
        ];
        let usual = if is_eks { Kinds::Autoscaler } else { Kinds::Provider };
        let kind = reader.or("scaler", |value| value.choice(&kinds), usual);
        if let (true, Some(value)) =
            ((kind == Kinds::Provider) == is_eks && kind != Kinds::None, reader.get("scaler"))
        {
            value.problem(
                "this scaler is not of this orchestrator",
                "ECS has \"capacity_provider\"; EKS has \"cluster_autoscaler\" and \"karpenter\"",
            );
        }
        let only = [
            ("target", Kinds::Provider),
            ("scan", Kinds::Autoscaler),
            ("delay_after_add", Kinds::Autoscaler),
            ("batch_idle", Kinds::Karpenter),
            ("batch_max", Kinds::Karpenter),
        ];
        for (key, of) in only {
            if let (true, Some(value)) = (of != kind, reader.get(key)) {
                value.problem(
                    format!("`{key}` is of another scaler"),
                    "leave it out, or choose that `scaler`",
                );
            }
        }
        let span = |key: &'static str, of: Given<Time>| reader.or(key, Value::span_of_time, of.value);
        let scaler = match kind {
            Kinds::None => Scaler::None,
            Kinds::Provider => {
                Scaler::CapacityProvider(reader.or("target", |value| value.number(1.0..=100.0), TARGET.value))
            }
            Kinds::Autoscaler => Scaler::ClusterAutoscaler {
                scan: span("scan", SCAN),
                unneeded: span("unneeded", UNNEEDED),
                after_add: reader.or("delay_after_add", Value::time, AFTER_ADD.value),
            },
            Kinds::Karpenter => Scaler::Karpenter {
                idle: span("batch_idle", BATCH_IDLE),
                most: span("batch_max", BATCH_MAX),
                unneeded: span("unneeded", CONSOLIDATE),
            },
        };
        let usual = if is_eks { reserved(instance.vcpus) } else { (0, Bytes(0)) };
        let (reserved_milli, reserved_memory) = reader
            .maybe("reserved", |value| {
                value.table(&RESERVED_SHAPE, |reader| {
                    let milli = |value: Value| Some((value.number(0.0..=1_024.0)? * 1_000.0).round() as u32);
                    (reader.or("vcpus", milli, 0), reader.or("memory", Value::bytes, Bytes(0)))
                })
            })
            .unwrap_or(usual);
        Cluster { is_eks, scaler, reserved_milli, reserved_memory }
    }

    /// The usual times of the start of its instances.
    pub(super) fn boot(&self) -> Boot {
        let usual = Boot::default();
        let decision = match self.scaler {
            Scaler::Karpenter { .. } => KARPENTER_DECIDES.value,
            _ => usual.decision.clone(),
        };
        Boot { decision, application: AGENT.value, cpu: [BOOT_CPU.value; 3], ..usual }
    }
}

/// What the image of EKS reserves: 6 % of the first vCPU, 1 % of the second, 0.5 % of the next two and 0.25 % of the others; 255 MiB, 11 MiB
/// for each of 29 pods, and 100 MiB below which it evicts. Source: awslabs/amazon-eks-ami, bootstrap; that a node has 29 pods, as an m5.large has,
/// is an assumption.
fn reserved(vcpus: u32) -> (u32, Bytes) {
    let hundredths: u32 = (1..=vcpus)
        .map(|vcpu| match vcpu {
            1 => 6_000,
            2 => 1_000,
            3 | 4 => 500,
            _ => 250,
        })
        .sum();
    (hundredths.div_ceil(100), Bytes((255 + 11 * 29 + 100) << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two vCPUs 60 and 10 thousandths, of four 80.
    #[test]
    fn a_node_keeps_some_cpu_for_itself() {
        assert_eq!([1, 2, 4, 8].map(|vcpus| reserved(vcpus).0), [60, 70, 80, 90]);
        assert_eq!(reserved(2).1, Bytes(674 << 20));
    }
}
