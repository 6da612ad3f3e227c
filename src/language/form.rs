//! What a value of the file can be, read from the words that the reference has for it: `number or "unlimited"`.
//!
//! In: the words of a [`Key`](super::shape::Key). Out: a [`Form`], from which the schema for editors is written. The words are the only
//! place where a key says this, so that page and schema cannot differ; a test holds that the words of every key are understood, and
//! that they say as what the value is read.

mod pattern;
mod words;

pub(crate) use pattern::Quantity;

/// What a value can be: of each type of TOML what is possible, and no others.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Form {
    /// What a text can be; none if it cannot be one.
    pub(crate) texts: Vec<Text>,
    /// The range of a number.
    pub(crate) number: Option<Range>,
    /// The flags that are possible.
    pub(crate) flags: Vec<bool>,
    /// Whether it can be a date without quotes.
    pub(crate) date: bool,
    /// What the elements of a list can be.
    pub(crate) list: Option<List>,
    /// What a table can be.
    pub(crate) table: Option<Table>,
}

/// What a text can be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Text {
    /// This word.
    Word(String),
    /// A quantity, which has a unit.
    Quantity(Quantity),
    /// A name that is looked up in a list.
    Listed(Listed),
    /// A name, or another text of which only the reader of the file knows whether it is right.
    Free,
}

/// A list that the reader of the file looks a name up in, beside those of what the file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Listed {
    /// Instance types of EC2.
    InstanceType,
    /// Instance classes of databases.
    DatabaseClass,
    /// Types of cache nodes.
    CacheNode,
    /// Types of DAX nodes.
    DaxNode,
    /// Codes of AWS Regions.
    Region,
    /// Letters of zones.
    Zone,
    /// Time zones.
    TimeZone,
    /// Names of warnings.
    Warning,
    /// What resources of the file have gauges of.
    Gauge,
    /// Alarms of the file, those of policies, too.
    Alarm,
    /// Rules of composite alarms, which name them.
    Rule,
    /// Versions of a fleet of the file.
    Version,
    /// Tables of the file by which requests enter.
    Entry,
}

/// A range of numbers, with its ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Range {
    /// Whether it must be a whole number.
    pub(crate) whole: bool,
    /// The least.
    pub(crate) least: Option<f64>,
    /// The most.
    pub(crate) most: Option<f64>,
    /// These alone, if there are any.
    pub(crate) only: Vec<f64>,
}

/// What the elements of a list can be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum List {
    /// All alike, of any number.
    Of(Box<Form>),
    /// As many as there are forms, in this order.
    Each(Vec<Form>),
}

/// What a table can be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Table {
    /// One with keys of the language.
    Shape,
    /// One whose keys are names of the file, with such values.
    Named(Box<Form>),
    /// A step of a path.
    Step,
}

impl Form {
    /// Reads the words of a key.
    ///
    /// # Errors
    /// The part that is not understood.
    pub(crate) fn of(words: &str) -> Result<Form, String> {
        words::read(words)
    }

    /// What is either of two.
    fn or(mut self, other: Form) -> Form {
        self.texts.extend(other.texts);
        self.flags.extend(other.flags);
        self.date |= other.date;
        self.number = match (self.number, other.number) {
            (Some(mut one), Some(other)) => {
                one.only.extend(other.only);
                Some(one)
            }
            (one, other) => one.or(other),
        };
        self.list = self.list.or(other.list);
        self.table = match (self.table, other.table) {
            // Of two tables with names the one that says more.
            (Some(Table::Named(one)), Some(Table::Named(other))) => {
                Some(Table::Named(Box::new(one.or(*other))))
            }
            (one, other) => one.or(other),
        };
        self
    }
}
