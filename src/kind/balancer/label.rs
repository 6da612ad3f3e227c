//! What pages call the resources of a balancer. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    UNITS = "capacity units of NAME",
        "What an Application Load Balancer itself carries: new connections, active ones and bytes. It grows by itself, and rejects requests until it has.",
        ["balancer.NAME.growth"];
    BANDWIDTH = "bandwidth of NAME",
        "Bytes a second that a Network Load Balancer carries.",
        ["balancer.NAME.bandwidth"];
    PORTS = "ports to targets of NAME",
        "Ports of a Network Load Balancer for connections to its targets, where it connects from its own address.",
        ["balancer.NAME.ports_per_target", "balancer.NAME.preserve_client_ip"];
    PORTS_TO_ONE = "ports of NAME to a target",
        "Ports of a Network Load Balancer for connections to one target, where it connects from its own address.",
        ["balancer.NAME.ports_per_target", "balancer.NAME.preserve_client_ip"];
    SURGE = "surge queue of NAME",
        "Requests that can wait at a Classic Load Balancer for a target.",
        ["balancer.NAME.surge_queue"];
    ADDRESSES = "addresses of NAME",
        "Addresses of the balancer that lead to a node that is lost, and that requests are still sent to.",
        ["balancer.NAME.dns"];
    RACED = "idle connections of NAME",
        "Idle connections that targets of the balancer close while a request is on its way there: the keep-alive race.",
        ["balancer.NAME.idle_timeout", "fleet.NAME.keep_alive"];
    WEIGHTS = "weights of NAME",
        "Weights of the target groups of the balancer that have just changed, so that requests go elsewhere.",
        ["balancer.NAME.weights", "balancer.NAME.rules.weights"];
    HEALTHY = "healthy targets of NAME",
        "Targets of the fleet that its balancer holds for healthy, while it has none: it sends to all then, or to nowhere.",
        ["balancer.NAME.health_check", "fleet.NAME.min"];
    TARGETS = "targets of NAME",
        "Targets of the fleet that are registered at its balancer, while there is none: it answers 503.",
        ["balancer.NAME.health_check", "fleet.NAME.min"];
}
