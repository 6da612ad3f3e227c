//! How a scenario file is read, without any kind of resource.
//!
//! In: TOML text, `--set` overrides, and the [`Shape`](shape::Shape) that each kind gives its tables. Out: values with
//! their places, of the type that a reader asks for, or all the [`problem`]s of the file.
//!
//! ```text
//!  source ──► syntax, overrides, hidden ──► reader ◄──► value ──► law ──► recordings ──► columns ──► cell
//!  (text)     (one tree, plain text)        (tables)    (one value)       (files of values)
//!                                             │
//!                                             ├──► calendar (dates, cron), zone, instants (of files), rhythm (of a day)
//!                                             └──► names, shape, problem ──► a page with carets
//! ```

pub(crate) mod bounds;
mod budget;
pub(crate) mod busy;
pub(crate) mod calendar;
pub(crate) mod cell;
pub(crate) mod columns;
pub(crate) mod extended;
mod figures;
pub mod files;
pub(crate) mod form;
pub(crate) mod hidden;
pub(crate) mod instants;
pub mod law;
pub(crate) mod names;
pub mod nature;
pub mod origin;
pub(crate) mod overrides;
pub mod problem;
pub(crate) mod reader;
pub(crate) mod recordings;
pub(crate) mod rhythm;
pub mod shape;
pub mod source;
pub(crate) mod syntax;
pub(crate) mod value;
pub(crate) mod zone;
