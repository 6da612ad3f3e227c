//! What pages call the resources of a file system. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    READS = "reads of NAME",
        "Operations and bytes a second that the file system reads.",
        ["efs.NAME.read_limit", "efs.NAME.read_iops", "efs.NAME.throughput"];
    WRITES = "writes of NAME",
        "Operations and bytes a second that the file system writes.",
        ["efs.NAME.write_limit", "efs.NAME.write_iops", "efs.NAME.throughput"];
    THROUGHPUT = "throughput of NAME",
        "Bytes a second of the file system, of reads and writes together; in bursting mode as long as it has credits.",
        ["efs.NAME.throughput", "efs.NAME.provisioned", "efs.NAME.storage"];
}
