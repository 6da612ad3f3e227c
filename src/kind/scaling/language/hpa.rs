//! `hpa` of a scaling entry: a metric of the HorizontalPodAutoscaler of Kubernetes. In: a table. Out: a [`Hpa`].

use super::shapes::METRIC;
use crate::kind::fleet::language::shapes::INSTANCES_MAX;
use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

const DOCS: &str = "Kubernetes documentation, \"Horizontal Pod Autoscaling\"";

/// How often the controller looks: 15 s.
pub const SYNC: Given<Time> = Given::new(Time::from_secs(15), DOCS);
/// How far the metric may be from its target: 0.1.
pub const TOLERANCE: Given<f64> = Given::new(0.1, DOCS);
/// Of so long the largest size counts before pods are removed: 300 s.
pub const STABILIZATION: Given<Time> = Given::new(Time::from_secs(300), DOCS);
/// Pods that can be added in a period: 4.
pub const UP_PODS: Given<u32> = Given::new(4, DOCS);
/// Percent of the pods that can be added in a period: 100.
pub const UP_PERCENT: Given<f64> = Given::new(100.0, DOCS);
/// Length of such a period: 15 s.
pub const UP_PERIOD: Given<Time> = Given::new(Time::from_secs(15), DOCS);

/// The language of a metric of the HorizontalPodAutoscaler.
pub const SHAPE: Shape = Shape {
    title: "hpa = { … }",
    about: "A metric of the HorizontalPodAutoscaler of a fleet of pods; with several the largest size counts. It goes by no alarm. A metric \
            is seen one look late (assumption: metrics-server reads it each 15 s). The entries of a fleet have the same keys but `metric` \
            and `target`: those of the first one count.",
    keys: &[
        METRIC,
        Key::required(
            "target",
            "number",
            "percent of what each pod requests for `cpu`, requests of each pod and minute for `requests_per_target`",
        ),
        Key::given("sync", "duration", || SYNC.show(), "how often the controller looks"),
        Key::given(
            "tolerance",
            "number, 0 to 1",
            || TOLERANCE.show(),
            "how far from its target nothing is changed",
        ),
        Key::given(
            "stabilization",
            "duration",
            || STABILIZATION.show(),
            "pods are removed down to the largest size that was wanted in so long",
        ),
        Key::given(
            "up_pods",
            "whole number",
            || UP_PODS.show(),
            "pods that can be added in `up_period`; or as many as `up_percent` says, if that is more",
        ),
        Key::given(
            "up_percent",
            "number",
            || UP_PERCENT.show(),
            "pods that can be added in `up_period`, in percent of the pods that are there; or as many as `up_pods` says, if that is more",
        ),
        Key::given(
            "up_period",
            "duration",
            || UP_PERIOD.show(),
            "the time in which no more pods are added than `up_pods` and `up_percent` allow",
        ),
    ],
};

/// A metric of the HorizontalPodAutoscaler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hpa {
    /// Value to hold.
    pub target: f64,
    /// How often it looks.
    pub sync: Time,
    /// How far from its target nothing is changed.
    pub tolerance: f64,
    /// Of so long the largest size counts.
    pub stabilization: Time,
    /// Pods that can be added in a period.
    pub up_pods: u32,
    /// Percent of the pods that can.
    pub up_percent: f64,
    /// That period.
    pub up_period: Time,
}

impl Hpa {
    /// What a table says, of a group of containers or not, on a gauge or not.
    pub(super) fn read(reader: &Reader, containers: bool, is_gauge: bool) -> Hpa {
        if let (false, Some(value)) = (containers, reader.get("target")) {
            value.problem(
                "a HorizontalPodAutoscaler scales pods, and this is a fleet of instances",
                "pods have `tasks`; instances scale with target_tracking, step or simple policies",
            );
        }
        if let (true, Some(value)) = (is_gauge, reader.get("metric")) {
            value.problem(
                "pods scale on \"cpu\" or \"requests_per_target\"",
                "external metrics of the HorizontalPodAutoscaler are not modelled yet",
            );
        }
        let target = |value: Value| bounds::positive(value, value.number(0.0..=1e12)?);
        Hpa {
            target: reader.must("target", target, 1.0),
            sync: reader.or(
                "sync",
                |value| value.time_within(Time::from_secs(1)..=Time::from_secs(3_600)),
                SYNC.value,
            ),
            tolerance: reader.or("tolerance", |value| value.number(0.0..=1.0), TOLERANCE.value),
            stabilization: reader.or("stabilization", Value::time, STABILIZATION.value),
            up_pods: reader.or("up_pods", |value| value.count(0..=INSTANCES_MAX), UP_PODS.value),
            up_percent: reader.or("up_percent", |value| value.number(0.0..=10_000.0), UP_PERCENT.value),
            up_period: reader.or("up_period", Value::span_of_time, UP_PERIOD.value),
        }
    }
}
