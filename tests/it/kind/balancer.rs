//! Balancers: which target gets a request, and what becomes of it where none answers.

// By hand.
mod few;
mod growth;
mod keep_alive;
mod rules;
mod split;
mod sticky;
mod targets;
mod turns;
mod weights;

// Theory.
mod theory;
