//! What pages call the resources of a waiting room. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    ROOM = "waiting room NAME",
        "What the waiting room lets in: visitors above that wait, and poll until it is their turn.",
        ["waiting_room.NAME.rate", "waiting_room.NAME.active"];
}
