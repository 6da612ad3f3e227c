//! What pages call the resources of a DynamoDB table. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    READS = "read units of NAME",
        "Read units a second that the DynamoDB table, and each of its partitions, takes; what comes above them is throttled.",
        ["dynamodb.NAME.read_units", "dynamodb.NAME.scaling.read", "dynamodb.NAME.capacity", "dynamodb.NAME.partition.read"];
    WRITES = "write units of NAME",
        "Write units a second that the DynamoDB table, and each of its partitions, takes; what comes above them is throttled.",
        ["dynamodb.NAME.write_units", "dynamodb.NAME.scaling.write", "dynamodb.NAME.capacity", "dynamodb.NAME.partition.write"];
}
