//! Lists in order of what comes next: the earliest last, where it is taken off without moving another. In: a value. Out: its place.
//!
//! For few values, of which a new one is mostly among the earliest: then a short scan from the end finds its place.

/// Puts a value in its place among those from `floor` on; returns the place. It is behind all values that `comes_after` it.
#[inline(always)]
pub fn insert<T: Copy>(
    list: &mut Vec<T>,
    floor: usize,
    value: T,
    comes_after: impl Fn(&T, &T) -> bool,
) -> usize {
    let last = list.len();
    list.push(value);
    // Written so that the compiler sees that each place is there.
    let (list, mut place) = (&mut list[..=last], last);
    for at in (floor..last).rev() {
        let other = list[at];
        if comes_after(&other, &value) {
            break;
        }
        list[at + 1] = other;
        place = at;
    }
    list[place] = value;
    place
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Values from the floor on are in order, the earliest last, and a value is behind those that come after it; those before the floor
        /// stay as they are.
        #[test]
        fn values_are_in_order_from_the_floor_on(
            fixed in prop::collection::vec(0u8..9, 0..4), values in prop::collection::vec(0u8..9, 0..40),
        ) {
            let mut list = fixed.clone();
            for value in values {
                let place = insert(&mut list, fixed.len(), value, |other, value| other > value);
                prop_assert_eq!(list[place], value);
                prop_assert!(list[fixed.len()..place].iter().all(|other| *other > value));
                prop_assert!(list[fixed.len()..].is_sorted_by(|one, next| one >= next));
                prop_assert_eq!(&list[..fixed.len()], &fixed[..]);
            }
        }
    }
}
