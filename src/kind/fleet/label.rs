//! What pages call the resources of a fleet. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    CPU = "CPU of NAME",
        "CPU of the instances of the fleet, on which requests compute.",
        ["fleet.NAME.instance", "fleet.NAME.min", "fleet.NAME.max", "fleet.NAME.scaling"];
    THREADS = "threads of NAME",
        "Threads of the instances of the fleet, each of which works on one request until it is answered, and the accept backlog before them.",
        ["fleet.NAME.threads", "fleet.NAME.backlog", "fleet.NAME.min", "fleet.NAME.max", "fleet.NAME.scaling"];
    LOST = "instances of NAME",
        "Instances of the fleet that are lost, and of which their group has not noticed it.",
        ["fleet.NAME.azs", "fleet.NAME.status_check"];
    INSTANCES = "instances of NAME in service",
        "Instances of the fleet in service, where requests can go.",
        ["fleet.NAME.min", "fleet.NAME.max", "fleet.NAME.scaling"];
    CREDITS = "credits of NAME",
        "CPU credits of the instances of the fleet: without them an instance of a T type is held to its baseline.",
        ["fleet.NAME.credits", "fleet.NAME.instance"];
    NETWORK = "network of NAME",
        "Links of the instances of the fleet, on which answers take time.",
        ["fleet.NAME.network", "fleet.NAME.instance", "fleet.NAME.min", "fleet.NAME.max", "fleet.NAME.scaling"];
    PORTS = "local ports of NAME",
        "Local ports of the instances of the fleet, for connections to one destination.",
        ["fleet.NAME.sockets.ports", "fleet.NAME.sockets.keep_alive", "fleet.NAME.sockets.time_wait"];
    NETWORK_CREDITS = "network credits of NAME",
        "Network credits of the instances of the fleet: without them an instance sends at its baseline.",
        ["fleet.NAME.network", "fleet.NAME.instance"];
    REFRESH = "instance refresh of NAME",
        "Instances of the fleet that an instance refresh has taken out of service, until new ones answer.",
        ["fleet.NAME.refresh"];
    REBALANCING = "rebalancing of NAME over its zones",
        "Instances of the fleet that are ended because others are to be in another zone, as after a zone is back.",
        ["fleet.NAME.azs", "fleet.NAME.suspend"];
    LIFETIME = "end of the maximum lifetime of instances of NAME",
        "Instances of the fleet that are replaced because they are as old as they may be.",
        ["fleet.NAME.max_lifetime"];
    STANDBY = "standby of instances of NAME",
        "Instances of the fleet that are on standby, and get no requests.",
        ["fleet.NAME.standby"];
    RESIZE = "resize of NAME",
        "Instances of the fleet that are away to become another type.",
        ["fleet.NAME.resize"];
    UNHEALTHY = "replacement of unhealthy instances of NAME",
        "Instances of the fleet that their group ends because they fail health checks, until others answer.",
        ["fleet.NAME.health", "fleet.NAME.grace", "balancer.NAME.health_check"];
    ROLLBACK = "rollback of NAME to the version before",
        "Instances of the fleet that are taken out of service because a deployment failed and the version before is brought back.",
        ["fleet.NAME.deploy.rollback", "fleet.NAME.refresh.rollback"];
    DEPLOYMENT = "deployment to NAME",
        "Instances of the fleet that a deployment restarts or replaces.",
        ["fleet.NAME.deploy"];
    LAUNCHES = "launches of NAME",
        "Instances that the fleet lacks because EC2 refused to launch them.",
        ["fleet.NAME.launch_failures", "fleet.NAME.overrides"];
    SCALE_IN = "scale-in of NAME",
        "Instances that the group has ended by a policy or a schedule, while too few were left for the work.",
        ["fleet.NAME.scaling", "fleet.NAME.min"];
    VERSION = "version of NAME",
        "Instances in service with a version that fails requests, or that is slower.",
        ["fleet.NAME.versions"];
    WARM_UP = "warm-up of NAME",
        "Instances in service that have just started, and are slower for the same work until they are warm.",
        ["fleet.NAME.cold"];
    SHED = "requests to NAME",
        "Requests that instances of the fleet turn away because they have too many, or because these have waited for too long.",
        ["fleet.NAME.shed"];
    UNFINISHED = "requests at leaving instances of NAME",
        "Requests inside of instances that a refresh or a deployment ends, cut off when their time to drain is over.",
        ["balancer.NAME.deregistration_delay"];
    SPOT = "Spot instances of NAME",
        "Instances that the fleet lacks because EC2 takes Spot instances back.",
        ["fleet.NAME.spot"];
    ITSELF = "NAME",
        "Targets of the fleet that its balancer holds for healthy.",
        ["balancer.NAME.health_check"];
    POOL = "pool of NAME to NAME",
        "Connections of the pool of the fleet to a database, of all instances: a request holds one while it works there.",
        ["fleet.NAME.pools", "fleet.NAME.min", "fleet.NAME.max", "fleet.NAME.scaling"],
        behind ["writer", "reader", "all"];
    WRITER_POOL = "writer pool of NAME to NAME",
        "Connections of the pool of the fleet to the writer of a database, of all instances: a request holds one while it works there.",
        ["fleet.NAME.pools", "fleet.NAME.min", "fleet.NAME.max", "fleet.NAME.scaling"];
    READER_POOL = "reader pool of NAME to NAME",
        "Connections of the pool of the fleet to the replicas of a database, of all instances: a request holds one while it works there.",
        ["fleet.NAME.pools", "fleet.NAME.min", "fleet.NAME.max", "fleet.NAME.scaling"];
}
