//! Stations with one or more servers: laws of service, and service by priority.

mod laws;
mod priority;
