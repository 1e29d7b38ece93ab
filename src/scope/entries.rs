use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use crate::scope::outcome::Outcome;

/// What a stack holds: values, each with its release, which gives an `O`.
pub(super) struct Entries<O>(Vec<Box<dyn Entry<O> + Send>>);

/// A value and its release.
pub(super) trait Entry<O> {
    fn value(&self) -> &dyn Any;
    fn value_mut(&mut self) -> &mut dyn Any;
    fn release(self: Box<Self>, outcome: Outcome) -> O;
}

struct Pushed<V, C> {
    value: V,
    release: C,
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
    index: usize,
    value: PhantomData<fn() -> V>,
}

impl<O> Entries<O> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push<V, C>(&mut self, value: V, release: C) -> Key<V>
    where
        V: Send + 'static,
        C: FnOnce(V, Outcome) -> O + Send + 'static,
    {
        self.0.push(Box::new(Pushed { value, release }));
        Key { index: self.0.len() - 1, value: PhantomData }
    }

    pub(super) fn pop(&mut self) -> Option<Box<dyn Entry<O> + Send>> {
        self.0.pop()
    }

    pub(super) fn take(&mut self) -> Self {
        Self(std::mem::take(&mut self.0))
    }

    pub(super) fn get<V: 'static>(&self, key: Key<V>) -> &V {
        let value = self.0.get(key.index).and_then(|entry| entry.value().downcast_ref());
        value.unwrap_or_else(|| not_here())
    }

    pub(super) fn get_mut<V: 'static>(&mut self, key: Key<V>) -> &mut V {
        let entry = self.0.get_mut(key.index);
        let value = entry.and_then(|entry| entry.value_mut().downcast_mut());
        value.unwrap_or_else(|| not_here())
    }
}

#[cold]
fn not_here() -> ! {
    panic!("this stack holds no such value: it is another's, which was kept or closed")
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
