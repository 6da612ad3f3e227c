//! What pages call the resources of a stream. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    BYTES = "bytes put into NAME",
        "Bytes a second that are put, of which each shard of the stream takes only so many.",
        ["stream.NAME.shards", "stream.NAME.capacity", "stream.NAME.reshard"];
    RECORDS_PUT = "records put into NAME",
        "Records a second that are put, of which each shard of the stream takes only so many.",
        ["stream.NAME.shards", "stream.NAME.capacity", "stream.NAME.reshard"];
    READS = "reads of NAME",
        "Bytes and calls a second that read, of which each shard of the stream gives only so many.",
        ["stream.NAME.shards", "stream.NAME.fan_out", "stream.NAME.readers"];
    BATCHES = "batches of NAME",
        "Batches of the stream, of which a function works on only so many at once of each shard.",
        ["stream.NAME.parallelization_factor", "stream.NAME.batch", "stream.NAME.shards"];
    RECORDS = "records of NAME",
        "Records of the stream that get old, whose work fails, or that are lost.",
        ["stream.NAME.retention", "stream.NAME.maximum_retry_attempts", "stream.NAME.maximum_record_age"];
}
