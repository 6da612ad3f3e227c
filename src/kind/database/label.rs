//! What pages call the resources of a database. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    CPU = "CPU of NAME",
        "CPU of the nodes of the database, which execute statements: of its writer, of its replicas, or of one node.",
        ["database.NAME.writer", "database.NAME.replicas", "database.NAME.replica"],
        behind ["writer", "replicas", "second Region"];
    CPU_OF_WRITER = "CPU of the writer of NAME",
        "CPU of the writer of the database, which executes all statements that write, and those that read there.",
        ["database.NAME.writer", "database.NAME.serverless"];
    CPU_OF_REPLICA = "CPU of the replica of NAME",
        "CPU of the read replica of the database, which executes statements that read.",
        ["database.NAME.replicas", "database.NAME.replica"];
    CPU_OF_REPLICAS = "CPU of the replicas of NAME",
        "CPU of the read replicas of the database, which execute statements that read.",
        ["database.NAME.replicas", "database.NAME.replica"];
    CPU_OF_FAR = "CPU of the nodes in the second Region of NAME",
        "CPU of the nodes of the database in the Region that does not write, for callers that read there.",
        ["database.NAME.global.nodes", "database.NAME.writer"];
    LOCKS = "row locks of NAME",
        "Locks of single rows of the database: a row that many transactions write is locked by one after the other.",
        ["request.NAME.steps.rows of { write = … }", "database.NAME.lock_wait_timeout", "database.NAME.commit"],
        behind ["hottest row"];
    LOG = "log of NAME",
        "The log of the database, of which each commit takes some time.",
        ["database.NAME.group_commit", "database.NAME.commit"],
        behind ["commits"];
    APPLIERS = "appliers of NAME",
        "Threads of the replicas of the database that apply what the writer has written; when they are full, replicas lag.",
        ["database.NAME.replication.appliers", "database.NAME.replication.apply"],
        behind ["replicas"];
    CONNECTIONS = "connections of NAME",
        "Connections that a node of the database takes at most; what the pools of all instances open counts.",
        ["database.NAME.max_connections", "fleet.NAME.pools", "database.NAME.proxy"],
        behind ["writer", "replicas", "each replica"];
    PROXY = "connections of the proxy of NAME",
        "Connections of the proxy of the database to its nodes, which it lends to requests.",
        ["database.NAME.proxy.max_connections", "database.NAME.max_connections"],
        behind ["writer", "reader"];
    PROXY_TO_REPLICAS = "connections of the proxy of NAME to its replicas",
        "Connections of the proxy of the database to its replicas, which it lends to requests.",
        ["database.NAME.proxy.max_connections", "database.NAME.max_connections"];
    VOLUME = "volume of NAME",
        "The EBS volume of the writer of the database, by its I/Os.",
        ["database.NAME.storage.iops", "database.NAME.storage.throughput", "database.NAME.storage.type", "database.NAME.storage.size"],
        behind ["writer"];
    VOLUMES = "volumes of NAME",
        "The EBS volumes of the replicas of the database, by their I/Os.",
        ["database.NAME.storage.iops", "database.NAME.storage.throughput", "database.NAME.storage.type", "database.NAME.storage.size"],
        behind ["replicas"];
    VOLUME_OF_WRITER = "volume of the writer of NAME",
        "The EBS volume of the writer of the database, by its I/Os.",
        ["database.NAME.storage.iops", "database.NAME.storage.throughput", "database.NAME.storage.type", "database.NAME.storage.size"];
    VOLUME_OF_REPLICA = "volume of the replica of NAME",
        "The EBS volume of the replica of the database, by its I/Os.",
        ["database.NAME.storage.iops", "database.NAME.storage.throughput", "database.NAME.storage.type", "database.NAME.storage.size"];
    VOLUMES_OF_REPLICAS = "volumes of the replicas of NAME",
        "The EBS volumes of the replicas of the database, by their I/Os.",
        ["database.NAME.storage.iops", "database.NAME.storage.throughput", "database.NAME.storage.type", "database.NAME.storage.size"];
    WRITER = "the writer of NAME",
        "The writer of the database, while it is lost: until another node takes over, nothing is written.",
        ["database.NAME.failover", "database.NAME.multi_az", "database.NAME.replicas"];
    ADDRESSES = "addresses of the writer of NAME",
        "The address of a former writer of the database, which instances keep until they look its name up again.",
        ["database.NAME.dns_ttl", "database.NAME.proxy"];
    REPLICAS = "replicas of NAME",
        "Read replicas of the database that are lost.",
        ["database.NAME.replicas", "database.NAME.azs"];
}
