//! Words for keys of fleets from AWS and other systems. In: nothing. Out: a table, for hints.

use crate::kind::table::Foreign;

/// What they are called here.
pub(super) const FOREIGN: &[Foreign] = &[
    Foreign {
        words: &["count", "size", "capacity", "replicas", "nodes", "number", "instance_count"],
        here: "instances",
    },
    Foreign { words: &["desired_capacity", "initial"], here: "desired" },
    Foreign { words: &["min_size", "minimum", "min_instances", "min_capacity"], here: "min" },
    Foreign { words: &["max_size", "maximum", "max_instances", "max_capacity"], here: "max" },
    Foreign { words: &["instance_type", "type", "node", "machine", "class"], here: "instance" },
    Foreign {
        words: &["workers", "concurrency", "max_threads", "thread_pool", "max_concurrency", "connections"],
        here: "threads",
    },
    Foreign { words: &["queue", "accept_queue", "somaxconn", "listen_backlog"], here: "backlog" },
    Foreign { words: &["zones", "zone", "az", "availability_zones", "subnets"], here: "azs" },
    Foreign { words: &["boot_time", "startup", "startup_time", "launch_time"], here: "boot" },
    Foreign {
        words: &["autoscaling", "auto_scaling", "policies", "policy", "scaling_policies"],
        here: "scaling",
    },
    Foreign { words: &["health_check_grace_period", "grace_period"], here: "grace" },
    Foreign { words: &["health_check", "health_check_type"], here: "health" },
    Foreign { words: &["default_cooldown"], here: "cooldown" },
    Foreign { words: &["default_instance_warmup", "instance_warmup"], here: "warmup" },
    Foreign { words: &["lifecycle_hook", "launch_lifecycle_hook", "hooks"], here: "launch_hook" },
    Foreign { words: &["warmpool", "prewarmed", "prepared"], here: "warm_pool" },
    Foreign {
        words: &["insufficient_capacity", "capacity_errors", "launch_errors"],
        here: "launch_failures",
    },
    Foreign {
        words: &["mixed_instances_policy", "instances_distribution", "mixed", "market", "purchase_options"],
        here: "spot",
    },
    Foreign { words: &["termination_policies", "termination_policy"], here: "termination" },
    Foreign { words: &["instance_maintenance_policy", "maintenance_policy"], here: "maintenance" },
    Foreign { words: &["enter_standby", "exit_standby", "detach", "maintenance_window"], here: "standby" },
    Foreign { words: &["vertical_scaling", "scale_up", "change_instance_type", "upgrade"], here: "resize" },
    Foreign { words: &["instance_refresh", "rolling_update"], here: "refresh" },
    Foreign {
        words: &["deployment", "deployments", "deployment_policy", "codedeploy", "blue_green", "rolling"],
        here: "deploy",
    },
    Foreign {
        words: &["instance_types", "types", "weighted_capacity", "launch_template_overrides", "weights"],
        here: "overrides",
    },
    Foreign { words: &["allocation_strategy", "on_demand_allocation_strategy"], here: "allocation" },
    Foreign { words: &["launch_template", "launch_templates", "releases", "release"], here: "versions" },
    Foreign { words: &["suspended_processes", "suspended", "suspend_processes"], here: "suspend" },
    Foreign { words: &["max_instance_lifetime", "lifetime", "max_age"], here: "max_lifetime" },
    Foreign { words: &["scheduled_actions", "schedules", "cron"], here: "schedule" },
    Foreign {
        words: &["pool", "pool_size", "connection_pool", "db_pool", "hikari", "maximum_pool_size"],
        here: "pools",
    },
    Foreign { words: &["speed"], here: "speeds" },
    Foreign {
        words: &["hyperthreading", "hyper_threading", "smt", "cpu_options", "hyper_threads"],
        here: "threads_per_core",
    },
    Foreign {
        words: &["ephemeral_ports", "local_ports", "ip_local_port_range", "time_wait", "outgoing"],
        here: "sockets",
    },
    Foreign { words: &["forward", "inspects", "inspection", "proxy"], here: "forwards" },
    Foreign { words: &["ram", "mem", "memory_per_request"], here: "memory" },
    Foreign { words: &["bandwidth", "net", "nic", "network_bandwidth", "link"], here: "network" },
    Foreign { words: &["launch_type", "fargate_task", "serverless"], here: "fargate" },
    Foreign {
        words: &["pods", "task", "containers", "task_definition", "deployment_of_pods"],
        here: "tasks",
    },
    Foreign { words: &["ecs", "eks", "kubernetes", "node_group", "orchestrator"], here: "cluster" },
    Foreign { words: &["jit", "cold_start", "warm_up_curve", "ramp_up"], here: "cold" },
];
