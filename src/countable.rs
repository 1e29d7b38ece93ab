/// The numbers that [`count`](crate::count) counts: all integers.
///
/// It can't be implemented elsewhere.
///
/// # Examples
///
/// ```
/// use headwater::{Countable, count};
///
/// fn first_three<T: Countable>(start: T) -> Vec<T> {
///     count(start).take(3).collect()
/// }
/// assert_eq!(first_three(-1_i8), [-1, 0, 1]);
/// assert_eq!(first_three(u128::MAX - 1), [u128::MAX - 1, u128::MAX]);
/// ```
pub trait Countable: Arithmetic {}

/// What counting needs of a number. Where it speaks of steps, they may be negative.
pub trait Arithmetic: Copy + Ord + Default {
    #[doc(hidden)]
    const MIN: Self;
    #[doc(hidden)]
    const MAX: Self;
    #[doc(hidden)]
    const ONE: Self;

    /// The number that comes `steps` steps after this one, which the caller knows to exist.
    #[doc(hidden)]
    fn after(self, step: Self, steps: u128) -> Self;

    /// The number that comes `steps` steps before this one, which the caller knows to exist.
    #[doc(hidden)]
    fn before(self, step: Self, steps: u128) -> Self;

    /// How many whole steps lie between this and another number, on the side that they lead to.
    #[doc(hidden)]
    fn steps_to(self, other: Self, step: Self) -> u128;
}

macro_rules! countable {
    ($($number:ident)*) => {$(
        impl Countable for $number {}

        #[allow(
            clippy::cast_lossless,
            clippy::cast_possible_truncation,
            clippy::cast_possible_wrap,
            reason = "modulo 2^n, products and sums are right, whatever they pass through"
        )]
        impl Arithmetic for $number {
            const MIN: Self = $number::MIN;
            const MAX: Self = $number::MAX;
            const ONE: Self = 1;

            #[inline]
            fn after(self, step: Self, steps: u128) -> Self {
                self.wrapping_add(step.wrapping_mul(steps as $number))
            }

            #[inline]
            fn before(self, step: Self, steps: u128) -> Self {
                self.wrapping_sub(step.wrapping_mul(steps as $number))
            }

            #[inline]
            fn steps_to(self, other: Self, step: Self) -> u128 {
                (self.abs_diff(other) / step.abs_diff(0)) as u128
            }
        }
    )*};
}

countable!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
