//! Control timers for events that are rare, such as a health check or the end of a boot.
//!
//! In: the timers of each owner, as an enum of its own made by [`timers!`]. Out: the key that the calendar stores: the
//! owner, which of its timers, and two numbers. So a new kind brings its own timers, and no other code needs to know
//! them.

/// A control timer as the calendar stores it. Setting a timer that is already set moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Number of the owner.
    pub owner: u8,
    /// Which of the timers of its owner.
    pub which: u8,
    /// What it is about.
    pub subject: [u32; 2],
}

/// The timers of one owner.
pub trait Timer: Copy {
    /// Number of the owner.
    const OWNER: u8;
    /// The key that the calendar stores.
    fn key(self) -> Key;
    /// The timer for a key of this owner.
    fn of(key: Key) -> Self;
    /// Its name in words, shown before its subject.
    fn label(self) -> &'static str;
}

/// A number of a timer's subject.
pub trait Word {
    /// As a number to store.
    fn to_word(self) -> u32;
    /// From a stored number.
    fn of_word(word: u32) -> Self;
}

impl Word for u32 {
    fn to_word(self) -> u32 {
        self
    }
    fn of_word(word: u32) -> Self {
        word
    }
}

impl Word for u16 {
    fn to_word(self) -> u32 {
        self.into()
    }
    fn of_word(word: u32) -> Self {
        super::number(word as usize)
    }
}

impl Word for bool {
    fn to_word(self) -> u32 {
        self.into()
    }
    fn of_word(word: u32) -> Self {
        word != 0
    }
}

/// Makes the enum of an owner's timers: each with its subject (up to two numbers) and its name in a list of events.
macro_rules! timers {
    ($owner:expr; $($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* } = $label:literal;)*) => {
        /// Control timers of this owner.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Timer {
            $(
                $(#[$doc])*
                #[allow(missing_docs, reason = "the name of the field says what it concerns")]
                $name { $($field: $type),* },
            )*
        }

        impl $crate::flow::timer::Timer for Timer {
            const OWNER: u8 = $owner as u8;

            #[allow(unused_mut, unused_assignments, unused_variables, reason = "a timer may concern nothing, or one thing")]
            fn key(self) -> $crate::flow::timer::Key {
                #[repr(u8)]
                enum Which { $($name,)* }
                let (mut subject, mut at) = ([0; 2], 0);
                let which = match self {
                    $(Timer::$name { $($field),* } => {
                        $(
                            subject[at] = $crate::flow::timer::Word::to_word($field);
                            at += 1;
                        )*
                        Which::$name as u8
                    })*
                };
                $crate::flow::timer::Key { owner: Self::OWNER, which, subject }
            }

            fn of(key: $crate::flow::timer::Key) -> Self {
                #[allow(non_upper_case_globals, reason = "they are named as the variants")]
                mod which {
                    #[repr(u8)]
                    enum Which { $($name,)* }
                    $(pub const $name: u8 = Which::$name as u8;)*
                }
                let mut words = key.subject.into_iter();
                let _ = &mut words;
                match key.which {
                    $(which::$name => Timer::$name {
                        $($field: $crate::flow::timer::Word::of_word(words.next().unwrap_or(0))),*
                    },)*
                    other => unreachable!("owner {} has no timer {other}", key.owner),
                }
            }

            fn label(self) -> &'static str {
                match self {
                    $(Timer::$name { .. } => $label,)*
                }
            }
        }
    };
}

pub(crate) use timers;

/// The timers of an owner that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTimer<const OWNER: u8> {}

impl<const OWNER: u8> Timer for NoTimer<OWNER> {
    const OWNER: u8 = OWNER;

    fn key(self) -> Key {
        match self {}
    }

    fn of(key: Key) -> Self {
        unreachable!("owner {} has no timer {}", key.owner, key.which)
    }

    fn label(self) -> &'static str {
        match self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    mod clock {
        super::super::timers! {
            5;
            /// It strikes.
            Strike {} = "strike";
            /// It is wound.
            Wound { clock: u16, by: u32 } = "winding";
            /// It stops.
            Stop { clock: u32, broken: bool } = "stop";
        }
    }

    #[test]
    fn a_timer_is_what_its_key_was_made_of() {
        use clock::Timer as Clock;
        let all = [
            Clock::Strike {},
            Clock::Wound { clock: u16::MAX, by: u32::MAX },
            Clock::Wound { clock: 0, by: 1 },
            Clock::Stop { clock: u32::MAX - 1, broken: true },
            Clock::Stop { clock: 0, broken: false },
        ];
        let keys = all.map(Timer::key);
        assert_eq!(keys.map(Clock::of), all);
        assert!(keys.iter().all(|key| key.owner == 5));
        assert_eq!(keys[1].subject, [u32::from(u16::MAX), u32::MAX]);
        assert_eq!(all.map(Timer::label), ["strike", "winding", "winding", "stop", "stop"]);
    }
}
