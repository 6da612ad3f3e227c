//! The language of `scaling` and `schedule`: every key with its default, and the source of each default.

use crate::dist::Law;
use crate::language::shape::{Given, Key, Shape};
use crate::units::Time;

const OBSERVED: &str = "alarms that AWS made for EC2 groups, as seen in public logs (2019 to 2024)";

/// Points of the high alarm of target tracking: 3.
pub const HIGH_PERIODS: Given<u32> = Given::new(3, OBSERVED);
/// Points of the low alarm of target tracking: 15.
pub const LOW_PERIODS: Given<u32> = Given::new(15, OBSERVED);
/// Threshold of the low alarm over the target: 0.7.
pub const LOW_SHARE: f64 = 0.7;
/// The same of a service of tasks: 0.9.
pub const CONTAINER_LOW_SHARE: f64 = 0.9;
/// Cooldown after a scale-out and after a scale-in of tasks: 300 s.
pub const CONTAINER_COOLDOWN: Given<Time> = Given::new(
    Time::from_secs(300),
    "Application Auto Scaling API reference, TargetTrackingScalingPolicyConfiguration: ECS services",
);
/// Points of an alarm that the file describes itself: 1.
pub const PERIODS: Given<u32> =
    Given::new(1, "assumption: one point, as the CloudWatch console proposes (unverified)");
/// From the end of a period until its CPU point is visible: 30 s.
pub const CPU_DELAY: Given<Time> = Given::new(
    Time::from_secs(30),
    "assumption: the middle of less than 60 s (Netflix atlas-cloudwatch, EC2 offset)",
);
/// From the end of a period until its point of requests per target is visible: 120 s.
pub const REQUESTS_DELAY: Given<Time> =
    Given::new(Time::from_secs(120), "Netflix atlas, pull request 1300: offset of ALB metrics");
/// The same for a gauge, such as the backlog of a queue: 120 s.
pub const GAUGE_DELAY: Given<Time> = Given::new(
    Time::from_secs(120),
    "assumption: between the minute at which SQS publishes its metrics and the 4 min after which Netflix trusts them \
     (Netflix atlas-cloudwatch, SQS offset)",
);
/// Period of a gauge: 60 s. Source: Amazon SQS developer guide, "Monitoring Amazon SQS queues using CloudWatch".
pub const GAUGE_PERIOD: Time = Time::from_secs(60);
/// Period of the metrics of a balancer: 60 s. Source: Elastic Load Balancing user guide, CloudWatch metrics.
pub const REQUESTS_PERIOD: Time = Time::from_secs(60);
/// Smallest change of a percentage adjustment: 1.
pub const MIN_MAGNITUDE: Given<u32> =
    Given::new(1, "EC2 Auto Scaling user guide, percentages between 0 and 1 count as 1");

/// How late a scheduled action is: not at all.
pub const LATE: Given<Law> = Given::new(
    Law::Constant(Time::ZERO),
    "assumption: the user guide says normally within seconds, and up to two minutes; \"uniform 0s 120s\" tries that",
);

/// Largest number of policies of a group. Source: EC2 Auto Scaling quotas.
pub(super) const POLICIES_MAX: usize = 50;
/// Largest number of steps of a policy. Source: EC2 Auto Scaling quotas.
pub(super) const STEPS_MAX: usize = 20;
/// Largest number of scheduled actions of a group. Source: EC2 Auto Scaling quotas.
pub(super) const ACTIONS_MAX: usize = 125;
/// Largest number of times that the scheduled actions of a group come in a run: hourly ones of two months.
pub(super) const TIMES_MAX: usize = 2_000;

/// The language of a scaling entry.
pub const SHAPE: Shape = Shape {
    title: "scaling = [ { … } ]",
    about: "A dynamic scaling policy; each entry is of one of five kinds.",
    keys: &[
        Key::optional("target_tracking", "table", "", "keep a metric near a target, with alarms made by AWS"),
        Key::optional(
            "step",
            "table",
            "",
            "adjust by the size of the breach; keeps responding while an activity runs",
        ),
        Key::optional("simple", "table", "", "one adjustment, then a cooldown"),
        Key::optional("predictive", "table", "", "launch ahead of an hour what its forecast takes"),
        Key::optional("hpa", "table", "", "of pods: a metric of the HorizontalPodAutoscaler of Kubernetes"),
    ],
};

const NAME: Key =
    Key::optional("name", "text", "made from the kind and the metric", "name in the activity history");
pub(crate) const METRIC: Key = Key::required("metric", METRIC_WORDS, METRIC_ABOUT);
/// That of an alarm, which may go by a rule.
pub(crate) const METRIC_OR_RULE: Key =
    Key::optional("metric", METRIC_WORDS, "required without `rule`", METRIC_ABOUT);
const METRIC_WORDS: &str = "\"cpu\", \"requests_per_target\", \"network_in\", \"network_out\", \"backlog_per_instance\", a gauge such as \
     \"queue.orders.age\", or metric math of two";
const METRIC_ABOUT: &str = "mean CPU utilisation in percent, requests per target and minute, or bytes a minute from and to its balancers, of the \
     instances past warm-up; messages that its queues have for each instance in service; or any gauge: `TABLE.NAME.GAUGE`, \
     as `simcap reference` lists them";
const POLICY_WARMUP: Key = Key::optional(
    "warmup",
    "duration",
    "the fleet's `warmup`",
    "warm-up of the instances that this policy launches",
);
pub(crate) const PERIOD: Key = Key::optional(
    "period",
    "duration: 10 s, 20 s, 30 s or whole minutes",
    "the period of the metric",
    "width of a point of the alarm",
);
pub(crate) const DATAPOINTS: Key = Key::optional(
    "datapoints",
    "whole number",
    "`periods`",
    "how many of the newest `periods` points must breach (M of N)",
);
pub(crate) const MISSING: Key = Key::optional(
    "missing",
    "\"missing\", \"not_breaching\", \"breaching\" or \"ignore\"",
    "`\"missing\"` (Amazon CloudWatch user guide)",
    "how a missing point counts",
);
pub(crate) const DELAY: Key = Key::given(
    "delay",
    "duration",
    || {
        let [cpu, requests, gauges] = [CPU_DELAY, REQUESTS_DELAY, GAUGE_DELAY].map(|delay| delay.show().0);
        (format!("{cpu}, {requests} for requests, {gauges} for gauges"), CPU_DELAY.source)
    },
    "from the end of a period to the moment its point can be seen",
);
pub(crate) const ABOVE: Key = Key::optional(
    "above",
    "number",
    "",
    "threshold above which the alarm breaches; `above`, `at_least`, `below` or `at_most` is needed",
);
pub(crate) const AT_LEAST: Key =
    Key::optional("at_least", "number", "", "threshold that breaches when it is reached");
pub(crate) const BELOW: Key =
    Key::optional("below", "number", "", "threshold below which the alarm breaches");
pub(crate) const AT_MOST: Key =
    Key::optional("at_most", "number", "", "threshold that breaches when it is reached from above");
pub(crate) const OWN_PERIODS: Key =
    Key::given("periods", "whole number", || PERIODS.show(), "points that the alarm looks at");
const MAGNITUDE: Key = Key::given(
    "min_magnitude",
    "whole number",
    || MIN_MAGNITUDE.show(),
    "smallest change of a percentage, in instances",
);

/// The language of target tracking.
pub const TARGET_TRACKING_SHAPE: Shape = Shape {
    title: "target_tracking = { … }",
    about: "Keep a metric near a target, with a high and a low alarm made by AWS.",
    keys: &[
        METRIC,
        Key::required(
            "target",
            "number",
            "value to hold, in the unit of its metric: percent of `cpu`, requests per target and minute, bytes a minute, messages of \
             `backlog_per_instance`, or what a gauge shows, such as seconds of `queue.orders.age`",
        ),
        Key::optional(
            "scale_in",
            "true or false",
            "`true` (Amazon EC2 Auto Scaling API, TargetTrackingConfiguration, DisableScaleIn)",
            "whether it also removes instances",
        ),
        Key::given(
            "scale_out_cooldown",
            "duration",
            || CONTAINER_COOLDOWN.show(),
            "of tasks: how long what a scale-out has added counts as a part of the next one",
        ),
        Key::given(
            "scale_in_cooldown",
            "duration",
            || CONTAINER_COOLDOWN.show(),
            "of tasks: how long after a scale-in no other one follows",
        ),
        Key::optional("high", "alarm", "as AWS makes it", "the alarm above the target"),
        Key::optional("low", "alarm", "as AWS makes it", "the alarm below its own threshold"),
        POLICY_WARMUP,
        NAME,
    ],
};

/// The language of metric math.
pub const MATH_SHAPE: Shape = Shape {
    title: "metric = { … }",
    about: "Metric math of two gauges, each as it is at the end of a period; `multiply`, `add`, `subtract` or `divide` is needed.",
    keys: &[
        Key::optional(
            "divide",
            "two gauges, such as [\"queue.orders.backlog\", \"fleet.worker.instances\"]",
            "",
            "the first over the second; a missing point where that is 0",
        ),
        Key::optional("multiply", "two gauges", "", "the product of the two gauges"),
        Key::optional("add", "two gauges", "", "the sum of the two gauges"),
        Key::optional("subtract", "two gauges", "", "the first less the second"),
    ],
};

/// The language of the alarms of target tracking.
pub const ALARM_SHAPE: Shape = Shape {
    title: "high = { … }, low = { … }",
    about: "The alarms of target tracking. AWS tunes them; these are its usual starting values.",
    keys: &[
        Key::optional(
            "threshold",
            "number",
            "70 % of the target, 90 % of tasks (alarms of EC2 groups and of ECS services in public logs)",
            "threshold of `low`; `high` has the target",
        ),
        PERIOD,
        Key::given(
            "periods",
            "whole number",
            || (format!("{} for high, {} for low", HIGH_PERIODS.value, LOW_PERIODS.value), OBSERVED),
            "points that the alarm looks at",
        ),
        DATAPOINTS,
        MISSING,
        DELAY,
    ],
};

/// The language of step scaling.
pub const STEP_SHAPE: Shape = Shape {
    title: "step = { … }",
    about: "Adjust by the size of the breach; keeps responding while an activity runs.",
    keys: &[
        METRIC,
        ABOVE,
        AT_LEAST,
        BELOW,
        AT_MOST,
        Key::required(
            "steps",
            "array of { from, to, change }",
            "what to do, by how far the metric is beyond the threshold",
        ),
        Key::given(
            "cooldown",
            "duration",
            || CONTAINER_COOLDOWN.show(),
            "of tasks: how long what a step has added counts as a part of the next one, and after one that removes no other follows",
        ),
        MAGNITUDE,
        PERIOD,
        OWN_PERIODS,
        DATAPOINTS,
        MISSING,
        DELAY,
        POLICY_WARMUP,
        NAME,
    ],
};

/// The language of one step.
pub const STEPS_SHAPE: Shape = Shape {
    title: "steps = [ { from, to, change } ]",
    about: "One step of step scaling. Bounds are relative to the threshold, so `above = 70` and `from = 10` mean 80.",
    keys: &[
        Key::optional("from", "number", "open downwards", "lower bound relative to the threshold"),
        Key::optional("to", "number", "open upwards", "upper bound relative to the threshold"),
        CHANGE,
    ],
};

const CHANGE: Key = Key::required(
    "change",
    "\"+2\", \"-1\", \"+10%\" or \"=12\"",
    "instances to add or remove, a share of the group to add or remove, or a size to set",
);

/// The language of simple scaling.
pub const SIMPLE_SHAPE: Shape = Shape {
    title: "simple = { … }",
    about: "One adjustment, then a cooldown.",
    keys: &[
        METRIC,
        ABOVE,
        AT_LEAST,
        BELOW,
        AT_MOST,
        CHANGE,
        MAGNITUDE,
        Key::optional(
            "cooldown",
            "duration",
            "the fleet's `cooldown`",
            "pause after the activity has finished",
        ),
        PERIOD,
        OWN_PERIODS,
        DATAPOINTS,
        MISSING,
        DELAY,
        POLICY_WARMUP,
        NAME,
    ],
};

/// The language of a scheduled action.
pub const ACTION_SHAPE: Shape = Shape {
    title: "schedule = [ { … } ]",
    about: "A scheduled action sets any of the three sizes at a time. Sizes that it does not name stay.",
    keys: &[
        Key::optional(
            "at",
            "duration",
            "",
            "when, from the start of the run; one of `at` and `cron` is needed",
        ),
        Key::optional(
            "cron",
            "time as of cron, MINUTE HOUR DAY MONTH WEEKDAY, such as \"0 9 * * MON-FRI\"",
            "",
            "when, each time that the clock of `time_zone` shows it; the file says on which date it `starts`",
        ),
        Key::optional(
            "time_zone",
            "name in the IANA database, such as \"Asia/Seoul\"",
            "`\"UTC\"` (EC2 Auto Scaling user guide, \"Scheduled scaling\")",
            "the clock of `cron`, with its daylight saving time",
        ),
        Key::given(
            "late",
            "distribution",
            || LATE.show(),
            "how long after its time it is carried out, drawn each time",
        ),
        Key::optional("min", "whole number", "stays", "new smallest size"),
        Key::optional("max", "whole number", "stays", "new largest size"),
        Key::optional("desired", "whole number", "stays", "new desired size"),
    ],
};
