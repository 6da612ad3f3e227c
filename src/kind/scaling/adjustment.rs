//! Adjustments of capacity: steps, percentages and their rounding.
//!
//! In: a capacity and the adjustment of a policy. Out: the new capacity.

use super::language::{AdjustmentType, Alarm, StepAdjustment};

/// The value rounded up to a whole number, ignoring errors in the last bits.
pub(super) fn ceil_of(value: f64) -> u32 {
    (value - 1e-9).ceil().max(0.0) as u32
}

/// The step whose bounds contain the breach. Above the threshold a step includes its lower bound, below it its upper
/// bound.
pub(super) fn step_for<'a>(
    steps: &'a [StepAdjustment],
    breach: f64,
    alarm: &Alarm,
) -> Option<&'a StepAdjustment> {
    use super::language::Comparison::{Above, AtLeast};
    let rising = matches!(alarm.comparison, Above | AtLeast);
    steps.iter().find(|step| match rising {
        true => step.lower <= breach && breach < step.upper,
        false => step.lower < breach && breach <= step.upper,
    })
}

/// The capacity after an adjustment of `capacity`. Percentages round towards zero, but to at least one.
pub(super) fn desired_after(
    capacity: u32,
    change: f64,
    adjustment: AdjustmentType,
    min_magnitude: u32,
) -> u32 {
    let change = match adjustment {
        AdjustmentType::ExactCapacity => return change.max(0.0) as u32,
        AdjustmentType::ChangeInCapacity => change as i64,
        AdjustmentType::PercentChangeInCapacity => {
            let exact = f64::from(capacity) * change / 100.0;
            let rounded =
                if exact.abs() < 1.0 { exact.signum() } else { (exact + 1e-9 * exact.signum()).trunc() };
            let magnitude = rounded.abs().max(f64::from(min_magnitude));
            (magnitude * exact.signum()) as i64
        }
    };
    (i64::from(capacity) + change).clamp(0, i64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_as_the_user_guide_says() {
        let after =
            |capacity, change| desired_after(capacity, change, AdjustmentType::PercentChangeInCapacity, 0);
        assert_eq!(after(11, 30.0), 14); // 3.3 rounds to 3
        assert_eq!(after(10, 10.0), 11);
        assert_eq!(after(4, 10.0), 5); // 0.4 becomes 1
        assert_eq!(after(4, -10.0), 3); // -0.4 becomes -1
        assert_eq!(after(10, -25.0), 8); // -2.5 rounds towards zero
        assert_eq!(desired_after(10, 10.0, AdjustmentType::PercentChangeInCapacity, 3), 13);
    }
}
