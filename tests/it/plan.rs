//! `simcap plan`: constructed cases whose best point is known by theory or by the whole grid, and the command.

mod cases;
mod command;
