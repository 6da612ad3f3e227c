//! The edge to JavaScript, which has no types but numbers. In: a question, which JavaScript writes to `room`. Out: an answer, which it
//! reads at `place_of_answer`; meanwhile calls of `progress`.
//!
//! Nothing here reads or writes at an address: JavaScript does, within what a vector owns.
#![allow(
    unsafe_code,
    reason = "a name that JavaScript can call, or that it has: whether one is taken twice, the compiler cannot see"
)]

use std::cell::RefCell;

use crate::answer;

thread_local! {
    static QUESTION: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

#[link(wasm_import_module = "page")]
unsafe extern "C" {
    /// The share of the runs that is done.
    safe fn progress(share: f64);
    /// What was wrong, before everything ends: text at an address.
    safe fn fell(place: *const u8, bytes: usize);
}

/// Where a question of so many bytes is to be written.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    QUESTION.with_borrow_mut(|question| {
        question.clear();
        question.resize(bytes, 0);
        question.as_mut_ptr()
    })
}

/// Answers the question; returns how many bytes the answer has.
#[unsafe(no_mangle)]
pub extern "C" fn ask() -> usize {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string();
        fell(text.as_ptr(), text.len());
    }));
    let question = QUESTION.take();
    let given = answer(&question, &|share| progress(share)).expect("the page asks as it is agreed");
    ANSWER.with_borrow_mut(|answer| {
        *answer = given;
        answer.len()
    })
}

/// Where the answer is.
#[unsafe(no_mangle)]
pub extern "C" fn place_of_answer() -> *const u8 {
    ANSWER.with_borrow(|answer| answer.as_ptr())
}
