//! What pages call the resources of EBS volumes. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    VOLUMES = "volumes of NAME",
        "I/Os and bytes a second of the EBS volumes of the instances of a fleet.",
        ["ebs.NAME.iops", "ebs.NAME.throughput", "ebs.NAME.type", "ebs.NAME.size"];
    FILES = "files of NAME",
        "Files that requests look for on the volume of their instance, and that are on another one, or lost.",
        ["ebs.NAME.fleet"];
}
