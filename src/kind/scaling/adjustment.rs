//! Adjustments of capacity: steps, percentages and their rounding.
//!
//! In: a capacity and the adjustment of a policy. Out: the new capacity.

use super::language::{AdjustmentType, Alarm, StepAdjustment};

/// The value rounded up to a whole number, ignoring errors in the last bits.
pub(super) fn ceil_of(value: f64) -> u32 {
    (value - 1e-9).ceil().max(0.0) as u32
}

/// The step whose bounds contain the breach, which is relative to the threshold. Above the threshold a step includes its
/// lower bound, below it its upper bound; at the threshold itself, the side on which the alarm breaches counts.
pub(super) fn step_for<'a>(
    steps: &'a [StepAdjustment],
    breach: f64,
    alarm: &Alarm,
) -> Option<&'a StepAdjustment> {
    use super::language::Comparison::{Above, AtLeast};
    let rising = matches!(alarm.comparison, Above | AtLeast);
    let above = breach > 0.0 || (breach == 0.0 && rising);
    steps.iter().find(|step| match above {
        true => step.lower <= breach && breach < step.upper,
        false => step.lower < breach && breach <= step.upper,
    })
}

/// The capacity after an adjustment of `capacity`. A percentage rounds towards zero, but to at
/// least one instance, or the smallest change of the policy. Zero percent changes nothing.
pub(super) fn desired_after(
    capacity: u32,
    change: f64,
    adjustment: AdjustmentType,
    min_magnitude: u32,
) -> u32 {
    let change = match adjustment {
        AdjustmentType::ExactCapacity => return change.max(0.0) as u32,
        AdjustmentType::ChangeInCapacity => change as i64,
        AdjustmentType::PercentChangeInCapacity if change == 0.0 => 0,
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
    use super::super::language::{Comparison, MissingData};
    use super::AdjustmentType::{ChangeInCapacity, ExactCapacity, PercentChangeInCapacity};
    use super::*;
    use crate::units::Time;

    /// By how much a percentage of a group changes it, with a smallest change.
    fn percent(capacity: u32, change: f64, least: u32) -> i64 {
        i64::from(desired_after(capacity, change, PercentChangeInCapacity, least)) - i64::from(capacity)
    }

    /// EC2 Auto Scaling user guide, "Step and simple scaling policies": values above 1 round down, between 0 and 1 to 1,
    /// between 0 and -1 to -1, below -1 towards zero. Its examples are 12.7, 0.67, -0.58 and -6.67.
    #[test]
    fn percentages_round_as_the_user_guide_says() {
        let table = [
            (127, 10.0, 12),
            (67, 1.0, 1),
            (58, -1.0, -1),
            (667, -1.0, -6),
            (11, 30.0, 3),
            (10, 10.0, 1),
            (4, 10.0, 1),
            (4, -10.0, -1),
            (10, -25.0, -2),
            (10, -100.0, -10),
            (100, 29.0, 29), // 28.999999999999996 as a product of floats
            (10, 0.0, 0),
        ];
        for (capacity, change, expected) in table {
            assert_eq!(percent(capacity, change, 1), expected, "{change} % of {capacity}");
        }
    }

    /// The example of the API reference: 25 % of 4 is 1, and with a `MinAdjustmentMagnitude` of 2 it is 2.
    #[test]
    fn the_smallest_change_is_for_percentages_either_way() {
        assert_eq!(percent(4, 25.0, 2), 2);
        assert_eq!(percent(4, -25.0, 2), -2);
        assert_eq!(percent(40, 25.0, 2), 10);
        assert_eq!(percent(40, 0.0, 2), 0);
        assert_eq!(desired_after(4, 1.0, ChangeInCapacity, 2), 5);
        assert_eq!(desired_after(4, 1.0, ExactCapacity, 2), 1);
        assert_eq!(desired_after(1, -3.0, ChangeInCapacity, 0), 0, "no group has less than nothing");
    }

    /// Alarms at 50 with steps that meet at 10 and 20 above it, or 10 and 20 below it.
    #[test]
    fn a_bound_belongs_to_the_step_farther_from_the_threshold() {
        let step = |lower, upper, change| StepAdjustment { lower, upper, change };
        let alarm = |comparison| Alarm {
            period: Time::from_secs(60),
            evaluation_periods: 1,
            datapoints: 1,
            threshold: 50.0,
            comparison,
            missing: MissingData::Missing,
            delivery_delay: Time::ZERO,
        };
        let steps = [
            step(f64::NEG_INFINITY, -20.0, -3.0),
            step(-20.0, -10.0, -2.0),
            step(-10.0, 0.0, -1.0),
            step(0.0, 10.0, 1.0),
            step(10.0, 20.0, 2.0),
            step(20.0, f64::INFINITY, 3.0),
        ];
        let table = [
            (0.0, -3.0),
            (29.9, -3.0),
            (30.0, -3.0),
            (30.1, -2.0),
            (40.0, -2.0),
            (40.1, -1.0),
            (49.9, -1.0),
            (50.1, 1.0),
            (59.9, 1.0),
            (60.0, 2.0),
            (69.9, 2.0),
            (70.0, 3.0),
            (1e9, 3.0),
        ];
        for comparison in [Comparison::Above, Comparison::AtLeast, Comparison::Below, Comparison::AtMost] {
            let alarm = alarm(comparison);
            let change = |value: f64| step_for(&steps, value - 50.0, &alarm).map(|step| step.change);
            for (value, expected) in table {
                assert_eq!(change(value), Some(expected), "{comparison:?}: {value}");
            }
            let rising = matches!(comparison, Comparison::Above | Comparison::AtLeast);
            assert_eq!(change(50.0), Some(if rising { 1.0 } else { -1.0 }), "{comparison:?}");
        }
        assert_eq!(step_for(&steps[3..5], 20.0, &alarm(Comparison::Above)), None, "beyond the last step");
    }

    /// 1,500 messages for 10 instances with a target of 100 each: 15. Capacity to add rounds up, to remove down.
    #[test]
    fn the_need_rounds_up() {
        let need = |instances: f64, value: f64, target: f64| ceil_of(instances * value / target);
        assert_eq!(need(10.0, 150.0, 100.0), 15);
        assert_eq!(need(5.0, 65.0, 50.0), 7, "5 and 1.5 more");
        assert_eq!(need(5.0, 35.0, 50.0), 4, "5 less 1.5");
        assert_eq!(need(3.0, 0.1 + 0.2, 0.3), 3, "and no more for the last bits of a float");
    }
}
