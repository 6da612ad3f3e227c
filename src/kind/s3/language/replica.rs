//! `replica = { … }` of a bucket: S3 Replication to another bucket. In: where to, how late. Out: a [`Replica`].

use crate::dist::Law;
use crate::id::{BucketId, UNKNOWN};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// What is written to a bucket comes to another one later.
#[derive(Clone, Debug)]
pub struct Replica {
    /// The other one.
    pub to: BucketId,
    /// Whether S3 Replication Time Control is on, which is billed.
    pub time_control: bool,
    /// From when an object is there to when it is in the other bucket.
    pub lag: Law,
}

/// Replication Time Control: off.
pub const TIME_CONTROL: Given<bool> = Given::new(
    false,
    "Amazon S3 user guide, \"Meeting compliance requirements with S3 Replication Time Control\": it is chosen",
);
/// How late an object is: half of them within a minute, 95 % within 15 minutes, one of a thousand after 2.7 hours.
pub const LAG: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_secs(232), cv: 3.75 },
    "Amazon S3 user guide, \"Replicating objects\": most objects within 15 minutes, sometimes a couple of hours or more; the law is an assumption",
);
/// The same with Replication Time Control: half of them within 10 s, 99.9 % within 15 minutes.
pub const CONTROLLED_LAG: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_secs(28), cv: 2.7 },
    "Amazon S3 user guide, \"Meeting compliance requirements with S3 Replication Time Control\": most objects in seconds, and 99.9 % within 15 \
     minutes; the law is an assumption",
);

/// The language of a replica.
pub const REPLICA_SHAPE: Shape = Shape {
    title: "replica = { … }",
    about: "S3 Replication: what is put from the start on is copied to another bucket, each object by itself. What is not there yet when the Region \
            of this bucket is lost counts as lost.",
    keys: &[
        Key::required("to", "name of a bucket", "the other bucket, which is usually in another `region`"),
        Key::given(
            "time_control",
            "true or false",
            || TIME_CONTROL.show(),
            "S3 Replication Time Control: objects come sooner, and each GB is billed",
        ),
        Key::optional(
            "lag",
            "law",
            "`\"lognormal 232s cv 3.75\"`, with `time_control` `\"lognormal 28s cv 2.7\"`: most objects within 15 minutes, or 99.9 % (Amazon S3 user \
             guide; the laws are assumptions)",
            "from when an object is in this bucket to when it is in the other one",
        ),
    ],
};

impl Replica {
    /// Of the bucket of a name.
    pub(super) fn read(value: Value, of: &str) -> Option<Replica> {
        value.table(&REPLICA_SHAPE, |reader| {
            let to = reader.must("to", Value::id, BucketId(UNKNOWN));
            if let Some(value) = reader.get("to").filter(|value| value.is_text() && value.text() == Some(of))
            {
                value.problem("a bucket cannot be its own replica", "name another bucket");
            }
            let time_control = reader.or("time_control", Value::flag, TIME_CONTROL.value);
            let usual = if time_control { CONTROLLED_LAG.value } else { LAG.value };
            Replica { to, time_control, lag: reader.or("lag", Value::law, usual) }
        })
    }
}
