use std::collections::VecDeque;
use std::mem;
use std::thread;

/// What is under way: inputs, and their outputs, in the order of the inputs.
///
/// It decides which call is begun next, and which output is given next; it calls nothing.
pub(super) struct Window<A, T> {
    slots: VecDeque<Slot<A, T>>,
    /// The number of the first slot.
    first: u64,
    /// How many slots are begun. Calls begin in order, so that these are the first ones.
    begun: usize,
    /// How many of those are not done.
    under_way: usize,
}

enum Slot<A, T> {
    Waiting(A),
    UnderWay,
    Done(thread::Result<T>),
}

impl<A, T> Window<A, T> {
    pub(super) fn new() -> Self {
        Self { slots: VecDeque::new(), first: 0, begun: 0, under_way: 0 }
    }

    pub(super) fn push(&mut self, input: A) {
        self.slots.push_back(Slot::Waiting(input));
    }

    /// Begins the next call: its number, and its input.
    pub(super) fn begin(&mut self) -> Option<(u64, A)> {
        let slot = self.slots.get_mut(self.begun)?;
        let Slot::Waiting(input) = mem::replace(slot, Slot::UnderWay) else { return None };
        let number = self.first + self.begun as u64;
        self.begun += 1;
        self.under_way += 1;
        Some((number, input))
    }

    /// Notes what a call ended with.
    pub(super) fn done(&mut self, number: u64, output: thread::Result<T>) {
        // It is there: a call under way is only taken once it is done.
        let index = usize::try_from(number - self.first).unwrap_or(usize::MAX);
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = Slot::Done(output);
            self.under_way -= 1;
        }
    }

    /// Takes the first output, if it is there.
    pub(super) fn take(&mut self) -> Option<thread::Result<T>> {
        match self.slots.pop_front()? {
            Slot::Done(output) => {
                self.first += 1;
                self.begun -= 1;
                Some(output)
            }
            slot => {
                self.slots.push_front(slot);
                None
            }
        }
    }

    /// Tells whether the first output is there.
    pub(super) fn is_ready(&self) -> bool {
        matches!(self.slots.front(), Some(Slot::Done(_)))
    }

    /// How many calls were begun and are not done.
    pub(super) fn under_way(&self) -> usize {
        self.under_way
    }

    /// How many calls are not done, begun or not.
    pub(super) fn open(&self) -> usize {
        self.under_way + self.slots.len() - self.begun
    }

    /// Takes out the inputs of the calls that are not begun.
    pub(super) fn revoke(&mut self) -> impl Drop + use<A, T> {
        self.slots.split_off(self.begun)
    }

    /// Takes out what is left, once no call is under way.
    pub(super) fn clear(&mut self) -> impl Drop + use<A, T> {
        self.first += self.slots.len() as u64;
        self.begun = 0;
        mem::take(&mut self.slots)
    }
}

#[cfg(test)]
mod tests {
    use crate::parallel_map::window::Window;

    /// Numbers that look random.
    fn draws() -> impl FnMut(usize) -> usize {
        let mut state = 1_u64;
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap_or(0) % below
        }
    }

    #[test]
    fn in_any_order_of_their_ends_calls_begin_in_order_and_outputs_come_in_order() {
        let mut draw = draws();
        for _ in 0..500 {
            let mut window = Window::new();
            let (mut pushed, mut begun, mut taken) = (0_u64, 0, 0);
            let mut under_way = Vec::new();
            for _ in 0..60 {
                match draw(4) {
                    0 => {
                        window.push(pushed);
                        pushed += 1;
                    }
                    1 => match window.begin() {
                        Some((number, input)) => {
                            assert_eq!((number, input), (begun, begun));
                            under_way.push(number);
                            begun += 1;
                        }
                        None => assert_eq!(begun, pushed, "one is not begun"),
                    },
                    2 if !under_way.is_empty() => {
                        let number = under_way.swap_remove(draw(under_way.len()));
                        window.done(number, Ok(number * 10));
                    }
                    _ => {
                        assert_eq!(window.is_ready(), taken < begun && !under_way.contains(&taken));
                        match window.take() {
                            Some(output) => {
                                assert_eq!(output.ok(), Some(taken * 10));
                                taken += 1;
                            }
                            None => assert!(taken == begun || under_way.contains(&taken)),
                        }
                    }
                }
                assert_eq!(window.under_way(), under_way.len());
                assert_eq!(window.open() as u64, pushed - begun + under_way.len() as u64);
            }
        }
    }

    #[test]
    fn what_is_revoked_is_not_begun_and_numbers_go_on() {
        let mut window = Window::new();
        (0..4).for_each(|input| window.push(input));
        assert_eq!((window.begin(), window.begin()), (Some((0, 0)), Some((1, 1))));
        drop(window.revoke());
        assert_eq!((window.begin(), window.under_way(), window.open()), (None, 2, 2));
        window.done(1, Ok("b"));
        window.done(0, Ok("a"));
        drop(window.clear());
        assert!(window.take().is_none());
        window.push(9);
        assert_eq!(window.begin(), Some((2, 9)));
        window.done(2, Ok("c"));
        assert_eq!(window.take().and_then(Result::ok), Some("c"));
    }
}
