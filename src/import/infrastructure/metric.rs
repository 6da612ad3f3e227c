//! Metrics of CloudWatch in the words of the language. In: a metric with its dimensions. Out: a metric or a gauge, and by what its
//! threshold is divided.

use super::draft::Draft;
use super::resource::View;

/// A metric of the language.
#[derive(Clone, Debug)]
pub struct Metric {
    /// `cpu`, or a gauge such as `queue.orders.age`.
    pub name: String,
    /// Seconds to which a sum is referred: gauges are a second or a minute, sums of CloudWatch are a period.
    pub each: Option<f64>,
    /// What the language counts for one of CloudWatch: a second has 1,000 milliseconds.
    pub factor: f64,
    /// Whether it is of a fleet, and so needs one.
    pub fleet: Option<usize>,
}

impl Metric {
    fn gauge(name: String) -> Metric {
        Metric { name, each: None, factor: 1.0, fleet: None }
    }

    /// A threshold of CloudWatch in the unit of the language.
    pub fn threshold(&self, stated: f64, period: f64, statistic: Option<&str>) -> f64 {
        match self.each {
            Some(each) if statistic == Some("Sum") && period > 0.0 => stated * each / period,
            _ => stated * self.factor,
        }
    }
}

/// What a policy of a fleet with a predefined metric goes by.
pub fn predefined(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ASGAverageCPUUtilization" | "ECSServiceAverageCPUUtilization" => "cpu",
        "ALBRequestCountPerTarget" => "requests_per_target",
        "ASGAverageNetworkIn" => "network_in",
        "ASGAverageNetworkOut" => "network_out",
        _ => return None,
    })
}

/// The metric that a view names by `metric_name`, `namespace` and `dimensions`; or why there is none.
pub fn of(draft: &Draft<'_>, view: View<'_>, own: Option<usize>) -> Result<Metric, String> {
    let name = view.text(&["metric_name"]).ok_or("metric math, or a metric without a name")?;
    let space = view.text(&["namespace"]).unwrap_or_default();
    let refs =
        view.get(&["dimensions", "dimension"]).map(|value| draft.world.refs(value)).unwrap_or_default();
    let store = |kind: &str| {
        let one = || {
            let mut all = draft.stores.iter().filter(|store| store.table.kind() == kind);
            all.next().filter(|_| all.next().is_none())
        };
        let found = draft.store_of(&refs, kind).map(|at| &draft.stores[at]).or_else(one);
        found.map(|store| store.table.name().to_owned())
    };
    let fleet = refs.iter().find_map(|i| draft.fleet_of(*i)).or(own);
    let of_fleet = |name: &str| match fleet {
        Some(at) => Ok(Metric { name: name.to_owned(), each: None, factor: 1.0, fleet: Some(at) }),
        None => Err("its fleet was not found".to_owned()),
    };
    let of_store = |kind: &str, gauge: &str| match store(kind) {
        Some(name) => Ok(Metric::gauge(format!("{kind}.{name}.{gauge}"))),
        None => Err(format!("its {kind} was not found")),
    };
    let of_balancer = |gauge: &str| {
        let found = refs.iter().find_map(|i| draft.balancer_of(*i));
        let found = found.or((draft.balancers.len() == 1).then_some(0));
        let name = found.map(|at| draft.balancers[at].table.name()).ok_or("its balancer was not found")?;
        Ok(Metric { name: format!("balancer.{name}.{gauge}"), each: Some(60.0), factor: 1.0, fleet: None })
    };
    let of_function = |gauge: &str, each: Option<f64>| {
        let found = refs.iter().find_map(|i| draft.function_of(*i)).ok_or("its function was not found")?;
        let name = draft.functions[found].table.name();
        Ok(Metric { name: format!("lambda.{name}.{gauge}"), each, factor: 1.0, fleet: None })
    };
    match (space, name) {
        ("AWS/EC2" | "AWS/ECS", "CPUUtilization") => of_fleet("cpu"),
        ("AWS/EC2", "NetworkIn") => of_fleet("network_in"),
        ("AWS/EC2", "NetworkOut") => of_fleet("network_out"),
        ("AWS/ApplicationELB", "RequestCountPerTarget") => of_fleet("requests_per_target"),
        ("AWS/ApplicationELB" | "AWS/ELB", "RequestCount") => of_balancer("requests"),
        ("AWS/ApplicationELB" | "AWS/ELB" | "AWS/NetworkELB", "UnHealthyHostCount") => {
            of_balancer("unhealthy").map(|metric| Metric { each: None, ..metric })
        }
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count") => of_balancer("target_5xx"),
        ("AWS/ELB", "HTTPCode_Backend_5XX") => of_balancer("target_5xx"),
        ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count") | ("AWS/ELB", "HTTPCode_ELB_5XX") => {
            of_balancer("own_5xx")
        }
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible") => of_store("queue", "backlog"),
        ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible") => of_store("queue", "in_flight"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage") => of_store("queue", "age"),
        ("AWS/RDS", "CPUUtilization") => of_store("database", "writer_cpu"),
        ("AWS/RDS", "DatabaseConnections") => of_store("database", "writer_connections"),
        ("AWS/ElastiCache", "EngineCPUUtilization") => of_store("cache", "busy"),
        ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds") => {
            of_store("stream", "iterator_age").map(|metric| Metric { factor: 0.001, ..metric })
        }
        ("AWS/Kinesis", "WriteProvisionedThroughputExceeded") => {
            of_store("stream", "write_throttled").map(|metric| Metric { each: Some(1.0), ..metric })
        }
        ("AWS/DynamoDB", "ThrottledRequests") => {
            of_store("dynamodb", "throttled").map(|metric| Metric { each: Some(1.0), ..metric })
        }
        ("AWS/Lambda", "ConcurrentExecutions") => of_function("concurrency", None),
        ("AWS/Lambda", "Throttles") => of_function("throttles", Some(1.0)),
        (space, name) if space.starts_with("AWS/") && fits(space) && fits(name) => {
            Err(format!("{space} {name} has no gauge here"))
        }
        _ => Err("a metric of one's own".to_owned()),
    }
}

fn fits(text: &str) -> bool {
    text.len() < 60 && text.chars().all(|c| c.is_ascii_alphabetic() || c == '/' || c == '_')
}

/// The threshold, the periods and the rest of an alarm, as keys of the language.
pub fn alarm(view: View<'_>, metric: &Metric) -> Result<Vec<(String, super::table::Item)>, String> {
    use super::draft::seconds;
    use super::table::Item;
    let key = match view.text(&["comparison_operator"]).unwrap_or_default() {
        "GreaterThanThreshold" => "above",
        "GreaterThanOrEqualToThreshold" => "at_least",
        "LessThanThreshold" => "below",
        "LessThanOrEqualToThreshold" => "at_most",
        _ => return Err("its comparison is that of an anomaly detector, or not known".into()),
    };
    let stated = view.number(&["threshold"]).ok_or("its threshold is not known")?;
    let period = view.number(&["period"]).unwrap_or(60.0);
    let statistic = view.text(&["statistic"]);
    let mut keys = vec![(key.to_owned(), Item::from(metric.threshold(stated, period, statistic)))];
    // CloudWatch takes 10 s, 20 s, 30 s and whole minutes.
    if [10.0, 20.0, 30.0].contains(&period) || (period >= 60.0 && period % 60.0 == 0.0 && period <= 86_400.0)
    {
        keys.push(("period".to_owned(), seconds(period).into()));
    }
    let periods = view.count(&["evaluation_periods"]).filter(|it| (1..=1_440).contains(it));
    if let Some(periods) = periods {
        keys.push(("periods".to_owned(), periods.into()));
    }
    if let Some(points) = view.count(&["datapoints_to_alarm"]).filter(|it| *it >= 1 && Some(*it) <= periods) {
        keys.push(("datapoints".to_owned(), points.into()));
    }
    let missing = match view.text(&["treat_missing_data"]) {
        Some("notBreaching") => Some("not_breaching"),
        Some("breaching") => Some("breaching"),
        Some("ignore") => Some("ignore"),
        _ => None,
    };
    keys.extend(missing.map(|missing| ("missing".to_owned(), missing.into())));
    Ok(keys)
}
