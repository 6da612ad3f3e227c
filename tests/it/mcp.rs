//! `simcap mcp`, asked by the client of the same library: every tool once on a small scenario, limits, confinement, bad input.

mod client;
mod confined;
mod hostile;
mod limits;
mod tools;
