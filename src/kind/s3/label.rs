//! What pages call the resources of a bucket. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    READS = "reads of NAME",
        "Requests a second that read, of which each partition of the bucket takes only so many.",
        ["s3.NAME.reads", "s3.NAME.prefixes", "s3.NAME.partitions"];
    WRITES = "writes of NAME",
        "Requests a second that write, of which each partition of the bucket takes only so many.",
        ["s3.NAME.writes", "s3.NAME.prefixes", "s3.NAME.partitions"];
}
