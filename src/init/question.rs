//! The ten questions. In: nothing. Out: each with its default, the reason of that, and where to read one's own number.

/// A question about somebody's system.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Its name in `--answer KEY=VALUE`.
    pub key: &'static str,
    /// The question.
    pub text: &'static str,
    /// The answer of who has none.
    pub default: &'static str,
    /// Why that.
    pub reason: &'static str,
    /// Where one's own number stands.
    pub measure: &'static str,
}

/// All of them, in the order in which they are asked.
pub const QUESTIONS: [Question; 10] = [
    Question {
        key: "peak",
        text: "How many pages and orders a second do visitors ask for at the peak?",
        default: "600/s",
        reason: "made up, a sale that brings twelve times an ordinary evening",
        measure: "the largest count of a minute in the access log or of RequestCount of the balancer: 36,000 a minute are 600/s",
    },
    Question {
        key: "normal",
        text: "How many at other times?",
        default: "50/s",
        reason: "made up, a twelfth of the peak",
        measure: "the same count in an ordinary hour",
    },
    Question {
        key: "spike",
        text: "When does the peak begin, and how long does it last?",
        default: "15m for 15m",
        reason: "long enough to see the quiet before it and two rounds of scaling in it",
        measure: "the graph of requests of the last such event",
    },
    Question {
        key: "latency",
        text: "How fast do 99 of 100 pages have to be there?",
        default: "500ms",
        reason: "assumed, what people still take for fast",
        measure: "the target of your team, or p99 of TargetResponseTime on a good day",
    },
    Question {
        key: "instance",
        text: "On which type of instance does the application run?",
        default: "m6i.large",
        reason: "the smallest general one that has no CPU credits to run out of",
        measure: "the launch template of the group",
    },
    Question {
        key: "instances",
        text: "How many instances does the group have: at least and at most?",
        default: "2..10",
        reason: "one in each of two zones, and room to grow",
        measure: "minimum and maximum of the Auto Scaling group; one number is a group that does not scale",
    },
    Question {
        key: "page",
        text: "How much CPU time does a page take in the application?",
        default: "10ms",
        reason: "assumed, a page of a framework, from a template",
        measure: "CPU time over pages in a load test; or a rate and how busy it keeps an instance: \"50/s at 80%\"",
    },
    Question {
        key: "cache",
        text: "Which part of its look-ups does a cache answer? `none` is no cache",
        default: "90%",
        reason: "assumed, pages of a catalogue that many look at",
        measure: "CacheHits over CacheHits and CacheMisses of ElastiCache",
    },
    Question {
        key: "database",
        text: "Which engine and class does the database have?",
        default: "aurora-mysql db.r6g.large",
        reason: "the smallest memory-optimized class",
        measure: "the console of RDS; engines are aurora-mysql and mysql, and aurora-postgresql and postgres, whose prices in us-east-1 are not \
                  known: the bill of these lacks the database until you add them to [prices]",
    },
    Question {
        key: "query",
        text: "How much CPU time does the query of a page take in the database?",
        default: "2ms",
        reason: "assumed, rows by an index, from memory",
        measure: "Performance Insights: CPU load of the statement over its calls",
    },
];

/// The question with this key.
pub(super) fn find(key: &str) -> Option<(usize, &'static Question)> {
    QUESTIONS.iter().enumerate().find(|(_, question)| question.key == key)
}
