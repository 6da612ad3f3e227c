//! Waiting rooms: they let visitors in at a rate, or while there is room inside, and the others wait.
//!
//! In: requests of clients on their way to what the room stands before. Out: the same later, or visitors who gave up.
//!
#![doc = include_str!("waiting_room/rules.md")]

mod bill;
mod chart;
mod label;
pub mod language;
mod line;
mod model;
mod pace;
mod reading;
pub mod record;
mod sessions;
mod state;
pub mod step;
mod view;
mod warning;

pub(crate) use model::{Op, Timer, WaitingRooms};
