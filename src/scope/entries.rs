use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::scope::outcome::Outcome;

/// What a stack holds: entries, from the bottom up.
pub(super) struct Entries<B: ?Sized> {
    boxes: Vec<Box<B>>,
    /// Told apart from those of all other stacks by this.
    id: u64,
}

/// A value with its release, which gives an `O`.
pub(super) trait Entry<O> {
    fn value(&self) -> &dyn Any;
    fn value_mut(&mut self) -> &mut dyn Any;
    fn release(self: Box<Self>, outcome: Outcome) -> O;
}

pub(super) struct Pushed<V, C> {
    pub(super) value: V,
    pub(super) release: C,
}

impl<V: Any, C: FnOnce(V, Outcome) -> O, O> Entry<O> for Pushed<V, C> {
    fn value(&self) -> &dyn Any {
        &self.value
    }

    fn value_mut(&mut self) -> &mut dyn Any {
        &mut self.value
    }

    fn release(self: Box<Self>, outcome: Outcome) -> O {
        (self.release)(self.value, outcome)
    }
}

/// Where a [`Stack`](crate::Stack) keeps a value.
///
/// [`Stack::push`](crate::Stack::push) gives it. It fits the stack that gave it, and the one that
/// took everything over from that one.
pub struct Key<V> {
    stack: u64,
    index: usize,
    value: PhantomData<fn() -> V>,
}

impl<B: ?Sized> Entries<B> {
    pub(super) fn new() -> Self {
        static STACKS: AtomicU64 = AtomicU64::new(0);
        Self { boxes: Vec::new(), id: STACKS.fetch_add(1, Ordering::Relaxed) }
    }

    pub(super) fn len(&self) -> usize {
        self.boxes.len()
    }

    pub(super) fn push<V>(&mut self, entry: Box<B>) -> Key<V> {
        self.boxes.push(entry);
        Key { stack: self.id, index: self.boxes.len() - 1, value: PhantomData }
    }

    pub(super) fn pop(&mut self) -> Option<Box<B>> {
        self.boxes.pop()
    }

    pub(super) fn take(&mut self) -> Self {
        mem::replace(self, Self::new())
    }

    pub(super) fn get<V: 'static, O>(&self, key: Key<V>) -> &V
    where
        B: Entry<O>,
    {
        let entry = self.boxes.get(key.index).filter(|_| key.stack == self.id);
        let value = entry.and_then(|entry| entry.value().downcast_ref());
        value.unwrap_or_else(|| not_here())
    }

    pub(super) fn get_mut<V: 'static, O>(&mut self, key: Key<V>) -> &mut V
    where
        B: Entry<O>,
    {
        let entry = self.boxes.get_mut(key.index).filter(|_| key.stack == self.id);
        let value = entry.and_then(|entry| entry.value_mut().downcast_mut());
        value.unwrap_or_else(|| not_here())
    }

    pub(super) fn pair_mut<V: 'static, W: 'static, O>(
        &mut self,
        first: Key<V>,
        second: Key<W>,
    ) -> (&mut V, &mut W)
    where
        B: Entry<O>,
    {
        if [first.stack, second.stack] != [self.id; 2] {
            not_here();
        }
        assert!(first.index != second.index, "a value can't be lent twice: the keys are the same");
        let entries = self.boxes.get_disjoint_mut([first.index, second.index]).ok();
        let values = entries.and_then(|[first, second]| {
            Some((first.value_mut().downcast_mut()?, second.value_mut().downcast_mut()?))
        });
        values.unwrap_or_else(|| not_here())
    }
}

/// Those that nobody releases are dropped in the same order.
impl<B: ?Sized> Drop for Entries<B> {
    fn drop(&mut self) {
        while self.pop().is_some() {}
    }
}

#[cold]
fn not_here() -> ! {
    panic!("this stack does not hold that value: the key is of another stack")
}

impl<V> Clone for Key<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Key<V> {}

impl<V> fmt::Debug for Key<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.index).finish()
    }
}
