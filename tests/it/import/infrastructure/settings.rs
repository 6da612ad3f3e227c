//! Settings that need more than their own property, and those that the language does not have. In: small plans and templates. Out: keys
//! of the scenario, or a remark at their place.

use simcap::import::infrastructure::{Imported, are_known, read, read_text};
use std::path::Path;

/// The scenario of a template, which passes the check.
fn import(template: &str) -> Imported {
    let imported = read_text(template, "template").unwrap();
    super::check(Path::new("template"), &imported);
    imported
}

/// A table of a scenario, from its head to the next one.
fn table(imported: &Imported, head: &str) -> String {
    let lines = imported.scenario.lines().skip_while(|line| *line != head);
    let text = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert!(!text.is_empty(), "no {head}\n{}", imported.scenario);
    text
}

/// Asserts that a text has each of these parts.
fn has(text: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(text.contains(part), "no {part}\n{text}"));
}

#[test]
fn the_writer_of_a_cluster_is_the_one_that_is_next_to_write() {
    let members = |tiers: [&str; 3]| {
        let member = |(i, (class, tier)): (usize, (&str, &str))| {
            format!(
                "  M{i}: {{ Type: AWS::RDS::DBInstance, Properties: {{ DBClusterIdentifier: !Ref C, DBInstanceClass: {class}, {tier} }} }}\n"
            )
        };
        let classes = ["db.r6g.large", "db.r6g.4xlarge", "db.r6g.2xlarge"];
        let all: String = classes.into_iter().zip(tiers).enumerate().map(member).collect();
        let head =
            "Resources:\n  C: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-postgresql } }\n";
        table(&import(&format!("{head}{all}")), "[database.c]")
    };
    let known = members(["PromotionTier: 3", "PromotionTier: 0", "PromotionTier: 3"]);
    has(&known, &["writer = \"db.r6g.4xlarge\"", "replicas = 2", "replica = \"db.r6g.large\""]);
    has(&known, &["# - 1 of the readers: db.r6g.2xlarge; the language has one class"]);
    assert!(!known.contains("ASSUMED"), "{known}");
    has(&members(["Writer: false", "Writer: false", "Writer: true"]), &["writer = \"db.r6g.2xlarge\""]);
    has(
        &members(["", "", ""]),
        &["writer = \"db.r6g.large\"", "# - ASSUMED: the files do not say which one writes"],
    );
}

#[test]
fn a_copy_of_a_copy_is_a_reader_too() {
    let template = "
Resources:
  A: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, DBInstanceClass: db.m5.large, AllocatedStorage: 100 } }
  B: { Type: AWS::RDS::DBInstance, Properties: { DBInstanceClass: db.m5.large, SourceDBInstanceIdentifier: !Ref A } }
  C: { Type: AWS::RDS::DBInstance, Properties: { DBInstanceClass: db.m5.large, SourceDBInstanceIdentifier: !Ref B } }
";
    has(&table(&import(template), "[database.a]"), &["replicas = 2"]);
}

#[test]
fn of_two_records_of_which_only_one_exists_one_is_taken() {
    let template = "
Parameters: { Kind: { Type: String } }
Conditions: { A: !Equals [!Ref Kind, a], B: !Not [!Condition A] }
Resources:
  G: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: 1, MaxSize: 1, TargetGroupARNs: [!Ref T] } }
  T: { Type: AWS::ElasticLoadBalancingV2::TargetGroup }
  L: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Li: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref L, Port: 80, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref T }] } }
  Da: { Type: AWS::CloudFront::Distribution, Condition: A, Properties: { DistributionConfig: { Origins: [{ Id: o, DomainName: !GetAtt L.DNSName }], DefaultCacheBehavior: { TargetOriginId: o } } } }
  Db: { Type: AWS::CloudFront::Distribution, Condition: B, Properties: { DistributionConfig: { Origins: [{ Id: o, DomainName: !GetAtt L.DNSName }], DefaultCacheBehavior: { TargetOriginId: o } } } }
  Ra: { Type: AWS::Route53::RecordSet, Condition: A, Properties: { Name: a.example., Type: A, AliasTarget: { DNSName: !GetAtt Da.DomainName } } }
  Rb: { Type: AWS::Route53::RecordSet, Condition: B, Properties: { Name: a.example., Type: A, AliasTarget: { DNSName: !GetAtt Db.DomainName } } }
";
    let imported = import(template);
    has(&imported.scenario, &["# - Ra: 1 other records of this name lead elsewhere", "[distribution.da]"]);
    assert!(!imported.scenario.contains("[dns."), "{}", imported.scenario);
}

#[test]
fn a_warm_pool_does_not_go_with_spot() {
    let group = |launch: &str, pool: &str| {
        table(&import(&format!(
            "
Resources:
  C: {{ Type: AWS::AutoScaling::LaunchConfiguration, Properties: {{ InstanceType: m5.large{launch} }} }}
  G: {{ Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{ MinSize: 1, MaxSize: 4, LaunchConfigurationName: !Ref C }} }}
  {pool}
")), "[fleet.g]")
    };
    let pool =
        "P: { Type: AWS::AutoScaling::WarmPool, Properties: { AutoScalingGroupName: !Ref G, MinSize: 2 } }";
    has(&group("", pool), &["warm_pool = { state = \"stopped\", min = 2 }"]);
    has(&group(", SpotPrice: '0.1'", pool), &["spot = ", "# - warm_pool: left out"]);
}

#[test]
fn a_group_of_a_template_without_a_grace_period_has_none() {
    let group = |more: &str| {
        let text = format!(
            "Resources:\n  G: {{ Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{ MinSize: 1, MaxSize: 1{more} }} }}\n"
        );
        table(&import(&text), "[fleet.g]")
    };
    has(
        &group(", HealthCheckType: ELB"),
        &["grace = \"0s\" # not in the files: the default of the API of EC2"],
    );
    has(&group(", HealthCheckType: ELB, HealthCheckGracePeriod: 90"), &["grace = \"90s\""]);
    assert!(!group("").contains("grace"));
    let state = r#"{ "version": 4, "terraform_version": "1.9.5", "resources": [{ "mode": "managed", "type": "aws_autoscaling_group",
        "name": "g", "instances": [{ "attributes": { "min_size": 1, "max_size": 1, "health_check_type": "ELB" } }] }] }"#;
    has(
        &table(&import(state), "[fleet.g]"),
        &["grace = \"5m\" # not in the files: the default of Terraform"],
    );
}

#[test]
fn loops_of_templates_are_written_out() {
    let template = "
Transform: AWS::LanguageExtensions
Parameters:
  Names: { Type: CommaDelimitedList, Default: 'web, api-b' }
  Open: { Type: CommaDelimitedList }
Mappings: { Sizes: { web: { Most: 4 }, api-b: { Most: 7 } } }
Resources:
  Fn::ForEach::Groups:
    - Name
    - !Ref Names
    - Group&{Name}:
        Type: AWS::AutoScaling::AutoScalingGroup
        Properties: { MinSize: 1, MaxSize: !FindInMap [Sizes, !Ref Name, Most] }
  Fn::ForEach::Queues:
    - Kind
    - [a]
    - Fn::ForEach::Inner:
        - Number
        - ['1', '2']
        - Queue${Kind}${Number}: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: !Ref Number } }
  Fn::ForEach::Tables:
    - T
    - !Ref Open
    - Table${T}: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST } }
";
    let imported = import(template);
    has(&table(&imported, "[fleet.groupweb]"), &["max = 4"]);
    has(&table(&imported, "[fleet.groupapib]"), &["max = 7"]);
    has(&table(&imported, "[queue.queuea2]"), &["visibility_timeout = \"2s\""]);
    has(
        &table(&imported, "[dynamodb.table-t]"),
        &["# - it is in a loop over values that the template alone"],
    );
    let only = "Resources: { 'Fn::ForEach::Q': [N, [a], { 'Q${N}': { Type: AWS::SQS::Queue } }] }";
    table(&import(only), "[queue.qa]");
}

#[test]
fn settings_of_a_further_target_group_are_said() {
    let template = "
Resources:
  L: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Li: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref L, Port: 80, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref T1 }] } }
  R: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: !Ref Li, Priority: 1, Conditions: [{ Field: path-pattern, Values: [/b/*] }], Actions: [{ Type: forward, TargetGroupArn: !Ref T2 }] } }
  T1: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 5 } }
  T2: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 5, TargetGroupAttributes: [{ Key: deregistration_delay.timeout_seconds, Value: '900' }] } }
  G1: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: 1, MaxSize: 1, TargetGroupARNs: [!Ref T1] } }
  G2: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: 1, MaxSize: 1, TargetGroupARNs: [!Ref T2] } }
";
    let balancer = table(&import(template), "[balancer.l]");
    has(&balancer, &["interval = \"10s\"", "# - T2: deregistration_delay = \"15m\"; left out"]);
    let equal = template.replace("'900'", "''");
    assert!(!table(&import(&equal), "[balancer.l]").contains("left out"));
}

#[test]
fn automatic_failover_promotes_a_replica_without_several_zones() {
    let cache = |zones: bool, failover: bool| {
        let text = format!(
            "Resources:\n  R: {{ Type: AWS::ElastiCache::ReplicationGroup, Properties: {{ CacheNodeType: cache.r6g.large, NumCacheClusters: 2, MultiAZEnabled: {zones}, AutomaticFailoverEnabled: {failover} }} }}\n"
        );
        table(&import(&text), "[cache.r]")
    };
    has(&cache(false, true), &["multi_az = true # by automatic failover"]);
    has(&cache(true, true), &["multi_az = true"]);
    has(&cache(false, false), &["multi_az = false"]);
}

#[test]
fn each_fleet_that_a_request_can_come_to_has_its_connections() {
    let template = "
Resources:
  L: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Li: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref L, Port: 80, DefaultActions: [{ Type: forward, ForwardConfig: { TargetGroups: [{ TargetGroupArn: !Ref T1, Weight: 90 }, { TargetGroupArn: !Ref T2, Weight: 10 }] } }] } }
  T1: { Type: AWS::ElasticLoadBalancingV2::TargetGroup }
  T2: { Type: AWS::ElasticLoadBalancingV2::TargetGroup }
  G1: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: 1, MaxSize: 1, TargetGroupARNs: [!Ref T1] } }
  G2: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: 1, MaxSize: 1, TargetGroupARNs: [!Ref T2] } }
  D: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres, DBInstanceClass: db.m5.large, AllocatedStorage: 100 } }
";
    has(&table(&import(template), "[fleet.g2]"), &["pools = { d = 10 }"]);
}

#[test]
fn a_packed_file_is_read_as_a_plain_one() {
    let dir = tempfile::tempdir().unwrap();
    let text = "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 7 } } }";
    let path = dir.path().join("template.yaml.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
    std::fs::write(&path, packed.finish().unwrap()).unwrap();
    for paths in [[path.clone()], [dir.path().to_owned()]] {
        assert!(are_known(&paths), "{paths:?}");
        has(&table(&read(&paths, "packed").unwrap(), "[queue.q]"), &["visibility_timeout = \"7s\""]);
    }
}

#[test]
fn the_quick_create_of_an_http_api_has_its_function() {
    let template = "
Resources:
  F: { Type: AWS::Lambda::Function, Properties: { Runtime: python3.12, MemorySize: 256 } }
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, Target: !GetAtt F.Arn } }
";
    has(&table(&import(template), "[api.api]"), &["kind = \"http\"", "integration = \"f\""]);
}

#[test]
fn the_size_of_a_task_that_the_files_do_not_say_is_marked() {
    let service = |kind: &str, size: &str| {
        let text = format!(
            "
Resources:
  C: {{ Type: AWS::ECS::Cluster }}
  G: {{ Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{ MinSize: 1, MaxSize: 1 }} }}
  D: {{ Type: AWS::ECS::TaskDefinition, Properties: {{ {size} }} }}
  S: {{ Type: AWS::ECS::Service, Properties: {{ Cluster: !Ref C, LaunchType: {kind}, TaskDefinition: !Ref D, DesiredCount: 1 }} }}
"
        );
        table(&import(&text), "[fleet.s]")
    };
    has(&service("EC2", "Memory: 512"), &["# ASSUMED: the files do not say the CPU of a task"]);
    has(&service("FARGATE", "Memory: 512"), &["ASSUMED: the files do not say all of the size of a task"]);
    for kind in ["EC2", "FARGATE"] {
        assert!(!service(kind, "Cpu: 256, Memory: 512").contains("ASSUMED"), "{kind}");
    }
}

#[test]
fn a_custom_resource_is_said_to_be_unknown() {
    let template = "Resources: { Q: { Type: AWS::SQS::Queue }, A: { Type: Custom::Thing } }";
    has(&import(template).summary, &["Not known     1 × Custom/Thing"]);
}

#[test]
fn why_a_fleet_works_on_a_queue_is_true_behind_a_balancer() {
    let template = "
Resources:
  L: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Li: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref L, Port: 80, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref T }] } }
  T: { Type: AWS::ElasticLoadBalancingV2::TargetGroup }
  Web: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: 1, MaxSize: 3, TargetGroupARNs: [!Ref T] } }
  Q: { Type: AWS::SQS::Queue }
  P: { Type: AWS::AutoScaling::ScalingPolicy, Properties: { AutoScalingGroupName: !Ref Web, PolicyType: TargetTrackingScaling, TargetTrackingConfiguration: { TargetValue: 100, CustomizedMetricSpecification: { Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Statistic: Average, Dimensions: [{ Name: QueueName, Value: !GetAtt Q.QueueName }] } } } }
";
    has(&table(&import(template), "[queue.q]"), &["workers = \"web\" # ASSUMED: it scales by this queue"]);
}

#[test]
fn a_number_that_the_language_does_not_take_is_said() {
    let template = "
Resources:
  R: { Type: AWS::ElastiCache::ReplicationGroup, Properties: { CacheNodeType: cache.r6g.large, NumNodeGroups: 900, ReplicasPerNodeGroup: 9 } }
  G: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: 3, MaxSize: 2, DesiredCapacity: 7 } }
  D: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, DBInstanceClass: db.m5.large, AllocatedStorage: 100, BackupRetentionPeriod: 90 } }
";
    let imported = import(template);
    let of = |head: &str| table(&imported, head);
    has(
        &of("[cache.r]"),
        &["shards = 500", "# - `shards` is 900 in the files: here 500", "# - `replicas` is 9"],
    );
    has(
        &of("[fleet.g]"),
        &["# - `max` is 2 in the files: here 3", "# - `desired` is 7 in the files: here 3"],
    );
    has(&of("[database.d]"), &["# - `retention of backup` is outside of what AWS and the language take"]);
}
