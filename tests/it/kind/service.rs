//! Service stations: servers on a timetable, and the order of service.

// By hand.
mod own;
mod servers;

// Theory.
mod theory;
