//! Kinds of resources by the name that Terraform has for them. In: a type of CloudFormation, of SAM or of Terraform. Out: one name.

/// Types of CloudFormation and SAM beside those of Terraform.
const SAME: &[(&str, &str)] = &[
    ("AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group"),
    ("AWS::AutoScaling::LaunchConfiguration", "aws_launch_configuration"),
    ("AWS::AutoScaling::ScalingPolicy", "aws_autoscaling_policy"),
    ("AWS::AutoScaling::ScheduledAction", "aws_autoscaling_schedule"),
    ("AWS::AutoScaling::LifecycleHook", "aws_autoscaling_lifecycle_hook"),
    ("AWS::AutoScaling::WarmPool", "aws_autoscaling_warm_pool"),
    ("AWS::EC2::LaunchTemplate", "aws_launch_template"),
    ("AWS::EC2::Instance", "aws_instance"),
    ("AWS::EC2::SecurityGroup", "aws_security_group"),
    ("AWS::EC2::SecurityGroupIngress", "aws_security_group_rule"),
    ("AWS::EC2::NatGateway", "aws_nat_gateway"),
    ("AWS::EC2::VPCEndpoint", "aws_vpc_endpoint"),
    ("AWS::EC2::Subnet", "aws_subnet"),
    ("AWS::CloudWatch::Alarm", "aws_cloudwatch_metric_alarm"),
    ("AWS::CloudWatch::CompositeAlarm", "aws_cloudwatch_composite_alarm"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "aws_lb"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "aws_lb_target_group"),
    ("AWS::ElasticLoadBalancingV2::Listener", "aws_lb_listener"),
    ("AWS::ElasticLoadBalancingV2::ListenerRule", "aws_lb_listener_rule"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "aws_elb"),
    ("AWS::RDS::DBInstance", "aws_db_instance"),
    ("AWS::RDS::DBCluster", "aws_rds_cluster"),
    ("AWS::RDS::DBProxy", "aws_db_proxy"),
    ("AWS::RDS::DBProxyTargetGroup", "aws_db_proxy_target"),
    ("AWS::RDS::GlobalCluster", "aws_rds_global_cluster"),
    ("AWS::ElastiCache::CacheCluster", "aws_elasticache_cluster"),
    ("AWS::ElastiCache::ReplicationGroup", "aws_elasticache_replication_group"),
    ("AWS::ElastiCache::ServerlessCache", "aws_elasticache_serverless_cache"),
    ("AWS::MemoryDB::Cluster", "aws_memorydb_cluster"),
    ("AWS::SQS::Queue", "aws_sqs_queue"),
    ("AWS::SNS::Topic", "aws_sns_topic"),
    ("AWS::SNS::Subscription", "aws_sns_topic_subscription"),
    ("AWS::Lambda::Function", "aws_lambda_function"),
    ("AWS::Serverless::Function", "aws_lambda_function"),
    ("AWS::Lambda::EventSourceMapping", "aws_lambda_event_source_mapping"),
    ("AWS::Lambda::Alias", "aws_lambda_alias"),
    ("AWS::Lambda::Version", "aws_lambda_version"),
    ("AWS::Lambda::Url", "aws_lambda_function_url"),
    ("AWS::Lambda::EventInvokeConfig", "aws_lambda_function_event_invoke_config"),
    ("AWS::ApiGateway::RestApi", "aws_api_gateway_rest_api"),
    ("AWS::Serverless::Api", "aws_api_gateway_rest_api"),
    ("AWS::ApiGateway::Method", "aws_api_gateway_integration"),
    ("AWS::ApiGateway::Stage", "aws_api_gateway_stage"),
    ("AWS::ApiGatewayV2::Api", "aws_apigatewayv2_api"),
    ("AWS::Serverless::HttpApi", "aws_apigatewayv2_api"),
    ("AWS::ApiGatewayV2::Integration", "aws_apigatewayv2_integration"),
    ("AWS::ApiGatewayV2::Stage", "aws_apigatewayv2_stage"),
    ("AWS::DynamoDB::Table", "aws_dynamodb_table"),
    ("AWS::DynamoDB::GlobalTable", "aws_dynamodb_table"),
    ("AWS::Serverless::SimpleTable", "aws_dynamodb_table"),
    ("AWS::S3::Bucket", "aws_s3_bucket"),
    ("AWS::CloudFront::Distribution", "aws_cloudfront_distribution"),
    ("AWS::ECS::Cluster", "aws_ecs_cluster"),
    ("AWS::ECS::Service", "aws_ecs_service"),
    ("AWS::ECS::TaskDefinition", "aws_ecs_task_definition"),
    ("AWS::ECS::CapacityProvider", "aws_ecs_capacity_provider"),
    ("AWS::EKS::Nodegroup", "aws_eks_node_group"),
    ("AWS::ApplicationAutoScaling::ScalableTarget", "aws_appautoscaling_target"),
    ("AWS::ApplicationAutoScaling::ScalingPolicy", "aws_appautoscaling_policy"),
    ("AWS::EFS::FileSystem", "aws_efs_file_system"),
    ("AWS::Kinesis::Stream", "aws_kinesis_stream"),
    ("AWS::Route53::RecordSet", "aws_route53_record"),
    ("AWS::WAFv2::WebACL", "aws_wafv2_web_acl"),
    ("AWS::WAFv2::WebACLAssociation", "aws_wafv2_web_acl_association"),
    ("AWS::Events::Rule", "aws_cloudwatch_event_rule"),
    ("AWS::Events::EventBus", "aws_cloudwatch_event_bus"),
    ("AWS::CloudFormation::Stack", "aws_cloudformation_stack"),
    ("AWS::IAM::Role", "aws_iam_role"),
    ("AWS::IAM::Policy", "aws_iam_role_policy"),
    ("AWS::IAM::ManagedPolicy", "aws_iam_policy"),
    ("AWS::IAM::InstanceProfile", "aws_iam_instance_profile"),
    ("AWS::SSM::Parameter", "aws_ssm_parameter"),
    ("AWS::SecretsManager::Secret", "aws_secretsmanager_secret"),
    ("AWS::SecretsManager::SecretTargetAttachment", "aws_secretsmanager_secret_target_attachment"),
    ("aws_alb", "aws_lb"),
    ("aws_alb_target_group", "aws_lb_target_group"),
    ("aws_alb_listener", "aws_lb_listener"),
    ("aws_alb_listener_rule", "aws_lb_listener_rule"),
    ("aws_alb_target_group_attachment", "aws_lb_target_group_attachment"),
    ("aws_s3_bucket_object", "aws_s3_object"),
];

/// What has no part in a capacity: permissions, networks that nothing waits for, logs, keys.
const SILENT: &[&str] = &[
    "iam_", "IAM::", "security_group", "SecurityGroup", "aws_subnet", "EC2::Subnet", "aws_vpc", "EC2::VPC", "route_table",
    "RouteTable", "aws_route", "EC2::Route", "internet_gateway", "InternetGateway", "VPCGatewayAttachment", "aws_eip",
    "EC2::EIP", "log_group", "Logs::LogGroup", "kms_", "KMS::", "acm_", "CertificateManager", "_policy_attachment",
    "lambda_permission", "Lambda::Permission", "aws_key_pair", "s3_bucket_", "S3::BucketPolicy", "subnet_group",
    "SubnetGroup", "parameter_group", "ParameterGroup", "OptionGroup", "option_group", "aws_network_acl", "NetworkAcl",
    "random_", "null_resource", "terraform_data", "tls_", "archive_", "local_file", "template_", "time_", "CDK::Metadata",
    "aws_ssm_", "SSM::Parameter", "secretsmanager_", "SecretsManager::", "sns_topic_policy", "SNS::TopicPolicy",
    "sqs_queue_policy", "SQS::QueuePolicy", "LayerVersion", "lambda_layer", "aws_caller_identity", "aws_region",
    "aws_partition", "aws_availability_zones", "aws_ami", "origin_access", "OriginAccess", "BucketPolicy", "flow_log",
    "FlowLog", "dhcp_options", "default_", "DHCPOptions", "ecr_", "ECR::", "cloudwatch_dashboard", "CloudWatch::Dashboard",
    "ApiGateway::Deployment", "api_gateway_deployment", "ApiGateway::Account", "api_gateway_account", "backup_", "Backup::",
    "ssm_parameter", "CloudFormation::WaitCondition", "db_snapshot", "ecs_cluster", "ECS::Cluster", "efs_mount",
    "EFS::Mount", "api_gateway_resource", "ApiGateway::Resource", "PlacementGroup", "placement_group", "network_interface",
    "NetworkInterface", "cloudtrail", "CloudTrail", "config_", "Config::", "guardduty", "GuardDuty", "budgets", "Budgets",
];

/// The name of a kind.
pub fn same(kind: &str) -> &str {
    SAME.iter().find(|(other, _)| *other == kind).map_or(kind, |(_, name)| name)
}

/// Whether a kind is one that a family of resources reads.
pub fn is_known(kind: &str) -> bool {
    const OTHERS: &[&str] = &[
        "aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment", "aws_lb_target_group_attachment",
        "aws_elb_attachment", "aws_rds_cluster_instance", "aws_appautoscaling_scheduled_action", "aws_cloudwatch_event_target",
        "aws_db_proxy_default_target_group", "aws_ecs_cluster_capacity_providers", "aws_sqs_queue_redrive_policy",
        "aws_api_gateway_method_settings", "aws_lambda_provisioned_concurrency_config", "aws_cloudformation_stack",
    ];
    SAME.iter().any(|(_, name)| *name == kind) || OTHERS.contains(&kind)
}

/// Whether a kind takes no part in what is simulated.
pub fn is_silent(kind: &str) -> bool {
    SILENT.iter().any(|part| kind.contains(part))
}
