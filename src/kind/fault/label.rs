//! What pages call the resources of a fault. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    ZONE = "zone NAME",
        "An Availability Zone that a fault takes: whatever has a place there is lost until it is back.",
        ["fault.NAME.zone", "fault.NAME.for"];
    REGION = "Region NAME",
        "A Region that a fault takes: whatever has a place there is lost until it is back.",
        ["fault.NAME.region", "fault.NAME.for"];
    THE_REGION = "the Region",
        "The Region of the file, while a fault takes it: whatever has a place there is lost until it is back.",
        ["fault.NAME.region", "fault.NAME.for"];
    FAULT = "fault NAME",
        "What a fault strikes, other than a zone or a Region, for as long as it lasts.",
        ["fault.NAME.effect", "fault.NAME.for"];
}
