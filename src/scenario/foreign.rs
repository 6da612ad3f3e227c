//! Words that people bring from elsewhere: what the language calls it, or that it is not modelled yet.
//!
//! In: a key or a word that the language does not have. Out: a hint that is better than the nearest word.

use crate::kind;

/// A hint for a key that a table does not have; `title` is that of its shape. Each kind has words for its own keys.
pub(super) fn key(title: &str, key: &str) -> Option<String> {
    let is_step = title.starts_with('{') || title == "steps";
    let hint = match (title, key) {
        ("scenario", key) => return table(key),
        ("[service.NAME]", "timeout" | "retries" | "backoff") => {
            "a step that uses it can have `timeout` and `retries`; `patience` is how long a request waits in its queue"
        }
        ("{ cpu = … }" | "{ delay = … }", "timeout" | "retries" | "breaker") => {
            "policies are for calls: put the steps in a `try`, such as { try = [{ cpu = \"1ms\" }], timeout = \"1s\" }"
        }
        ("steps", "dynamodb") => {
            "steps at a DynamoDB table are `get_item`, `put_item`, `update_item`, `delete_item`, `query`, `transact_get` and `transact_write`"
        }
        (_, "backoff") if is_step => {
            "the pause belongs to the retries: retries = { max = 2, backoff = \"100ms\" }"
        }
        (_, "circuit_breaker" | "circuitbreaker") if is_step => "did you mean `breaker`?",
        (_, "max_retries" | "retry") if is_step => "did you mean `retries`?",
        ("health_check = { … }", "read" | "path" | "service" | "cache") => {
            "a health check uses the CPU of its target, `cpu`, and then does its `steps`, such as { read = \"db\", demand = \"1ms\" }"
        }
        ("[cache.NAME]", "purge" | "flush" | "clear") => {
            "nothing empties a cache at a given time yet: `warm = \"0%\"` starts with an empty one"
        }
        ("target_tracking = { … }", "cooldown") => {
            "target tracking of EC2 has no cooldown: see `warmup`; that of tasks has `scale_out_cooldown` and `scale_in_cooldown`"
        }
        ("[queue.NAME]", "consumers" | "subscribers" | "receivers" | "count") => {
            "did you mean `pollers`, how many there are on each instance, or `workers`, the fleet that they are on?"
        }
        ("[objectives]", "queue_age" | "message_age" | "oldest" | "oldest_message") => {
            "did you mean `age`, such as age = \"jobs p99 < 2m\"?"
        }
        ("[objectives]", "dlq" | "dead_letter" | "dead_letters" | "dead_letter_queue") => {
            "did you mean `dead_lettered`, such as dead_lettered = \"< 0.1%\"?"
        }
        ("[fleet.NAME]", "memory" | "cpu" | "vcpus") => {
            "hardware of your own is `instance = { vcpus = 2, memory = \"8 GiB\", strength = 1 }`"
        }
        ("[fleet.NAME]", "predictive" | "forecast") => "did you mean scaling = [{ predictive = { … } }]?",
        ("[fleet.NAME]", "capacity_provider") => {
            "did you mean cluster = { orchestrator = \"ecs\" }, the instances that run the `tasks` of other fleets?"
        }
        ("scaling = [ { … } ]", "composite" | "composite_alarm") => {
            "composite alarms cannot scale a group in AWS: name each metric in a policy of its own, or use metric math; to see when \
             one would notify, write an [alarm.NAME] with a `rule`"
        }
        (
            "step = { … }" | "simple = { … }" | "target_tracking = { … }",
            "alarm" | "alarms" | "rule" | "composite",
        ) => {
            "a policy makes an alarm of its own of `metric` and a threshold; an [alarm.NAME], composite ones too, cannot scale a group"
        }
        ("predictive = { … }", "max_capacity_breach_behavior") => "did you mean `max_breach`?",
        ("predictive = { … }", "scheduling_buffer_time") => "did you mean `buffer`?",
        ("predictive = { … }", "max_capacity_buffer") => "did you mean `max_buffer`?",
        ("predictive = { … }", "forecast" | "csv" | "file" | "load") => "did you mean `history`?",
        ("schedule = [ { … } ]", "recurrence" | "schedule_expression" | "expression" | "rate") => {
            "did you mean `cron`, such as cron = \"0 9 * * MON-FRI\"?"
        }
        ("schedule = [ { … } ]", "timezone" | "tz" | "zone") => "did you mean `time_zone`?",
        ("schedule = [ { … } ]", "time" | "start_time" | "when") => "did you mean `at`, or `cron`?",
        ("schedule = [ { … } ]", "min_size" | "min_capacity") => "did you mean `min`?",
        ("schedule = [ { … } ]", "max_size" | "max_capacity") => "did you mean `max`?",
        ("schedule = [ { … } ]", "desired_capacity") => "did you mean `desired`?",
        _ => return kind::TABLES.iter().find(|words| words.shapes[0].title == title)?.hint(key),
    };
    Some(hint.to_owned())
}

/// What stands for something of AWS that the language has no table for.
fn table(key: &str) -> Option<String> {
    let what = match key {
        "queues" | "sqs" => return Some("an SQS queue is a [queue.NAME]".into()),
        "start" | "start_time" | "starts_at" | "date" | "begins" => {
            return Some("did you mean `starts`, the date at which the run starts?".into());
        }
        "alarms" | "cloudwatch" | "composite_alarm" | "composite_alarms" | "metric_alarm" => {
            return Some(
                "a CloudWatch alarm is an [alarm.NAME], with a `metric`, or with a `rule` of other alarms"
                    .into(),
            );
        }
        "sns" => return Some("an SNS topic is a [topic.NAME]".into()),
        "buckets" | "object_storage" => return Some("an S3 bucket is an [s3.NAME]".into()),
        "file_system" | "nfs" | "filesystem" => return Some("an EFS file system is an [efs.NAME]".into()),
        "volume" | "volumes" | "disk" | "disks" | "block_storage" => {
            return Some("the EBS volumes of a fleet are an [ebs.NAME]".into());
        }
        "nats" | "nat_gateway" | "vpc_endpoint" | "gateway_endpoint" => {
            return Some(
                "NAT gateways are a [nat.NAME], and with `endpoint = true` it has a gateway endpoint".into(),
            );
        }
        "dlq" | "dlqs" | "dead_letter" | "dead_letters" | "dead_letter_queue" => {
            return Some(
                "a dead-letter queue is a [queue.NAME] that another one names: dead_letter = \"NAME\"".into(),
            );
        }
        "worker" | "workers" => {
            return Some("workers are a [fleet.NAME] that a [queue.NAME] names: workers = \"NAME\"".into());
        }
        "kinesis" | "streams" | "data_stream" | "data_streams" => {
            return Some("a Kinesis data stream is a [stream.NAME]".into());
        }
        "kafka" | "msk" | "firehose" => "Kafka and Firehose (a [stream.NAME] is a Kinesis data stream)",
        "dynamo" | "table" | "tables" => return Some("a DynamoDB table is a [dynamodb.NAME]".into()),
        "dax" => return Some("DAX is a key of its table: [dynamodb.NAME] dax = { … }".into()),
        "function" | "functions" | "lambdas" => {
            return Some("a function is a [lambda.NAME], which requests enter: via = \"NAME\"".into());
        }
        "nlb" => return Some("a Network Load Balancer is a [balancer.NAME] with kind = \"nlb\"".into()),
        "gateway" | "apis" | "apigateway" | "api_gateway" => {
            return Some(
                "an API of API Gateway is an [api.NAME], which requests enter: via = \"NAME\"".into(),
            );
        }
        "cdn" | "cloudfront" | "cdns" => {
            return Some(
                "a CDN (CloudFront) is a [distribution.NAME], which requests enter: via = \"NAME\"".into(),
            );
        }
        "route53" | "route_53" | "records" | "domain" => {
            return Some("a name of Route 53 is a [dns.NAME], which requests enter `via`".into());
        }
        "waf" | "web_acl" => return Some("a web ACL of AWS WAF is a [firewall.NAME]".into()),
        "zone" | "zones" | "az" | "azs" | "availability_zone" => {
            return Some("the loss of a zone is a [fault.NAME]; where a resource is, its `azs` say".into());
        }
        "faults" | "failure" | "failures" | "outage" => {
            return Some("the loss of a zone is a [fault.NAME]".into());
        }
        "event" | "events" | "deployment" => "deployments at a given time",
        "container" | "task" | "ecs" | "fargate" | "kubernetes" | "pod" => {
            return Some("a task or pod is an instance of a [fleet.NAME] with hardware of its own".into());
        }
        _ => return None,
    };
    Some(format!(
        "{what} are not modelled yet; where only its time counts, a [service.NAME] can stand for it"
    ))
}

/// A hint for a step that does not exist.
pub(super) fn step(key: &str) -> Option<String> {
    let hint = match key {
        "sleep" | "wait" | "pause" | "think" => "did you mean `delay`?",
        "select" | "sql" | "db" | "database" => "did you mean `read`, `write` or `transaction`?",
        "insert" | "update" | "store" => {
            "did you mean `write`, or `put_item` or `update_item` of a [dynamodb.NAME]?"
        }
        "dynamodb" | "dynamo" | "item" | "scan" | "batch_get" | "batch_write" | "batch_get_item"
        | "batch_write_item" => {
            "did you mean `get_item`, `put_item`, `update_item`, `delete_item`, `query`, `transact_get` or `transact_write`, each at a [dynamodb.NAME]?"
        }
        "transact" | "transact_items" | "transact_get_items" | "transact_write_items" => {
            "did you mean `transact_get` or `transact_write`, each at a [dynamodb.NAME], or `transaction` at a [database.NAME]?"
        }
        "lookup" | "redis" => "did you mean `cache`?",
        "s3" | "bucket" | "object" | "upload" | "download" => {
            "did you mean `get`, `put`, `list` or `delete`, each at an [s3.NAME]?"
        }
        "ebs" | "volume" | "disk" | "read_disk" | "write_disk" => {
            "did you mean `read_volume` or `write_volume`, each at an [ebs.NAME]?"
        }
        "file" | "efs" | "nfs" => "did you mean `read_file` or `write_file`, each at an [efs.NAME]?",
        "http" | "request" | "rpc" | "fetch" => "another tier is a `call`, any other dependency a `service`",
        "publish" | "enqueue" | "produce" | "queue" => "did you mean `send`?",
        "kinesis" | "put_records" | "stream" | "record" => "did you mean `put_record`, at a [stream.NAME]?",
        "sqs" => "did you mean `send`, or `receive`? Workers that poll belong to [queue.NAME]",
        "consume" | "poll" | "dequeue" => "did you mean `receive`? Workers that poll belong to [queue.NAME]",
        "lambda" | "function" => {
            "another tier is a `call`: { call = \"NAME\", steps = [] } invokes a [lambda.NAME]"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}
