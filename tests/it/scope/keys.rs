//! The keys of a stack's values.

use headwater::Stack;
use headwater::scope::Key;

use crate::support::caught::panic_of;

const ANOTHERS: &str = "this stack does not hold that value: the key is of another stack";

/// Pushes a value whose release is nothing.
fn push<V: Send + 'static>(stack: &mut Stack<'_, ()>, value: V) -> Key<V> {
    stack.push(value, |_, _| Ok(()))
}

#[test]
fn a_key_reaches_its_value() {
    let mut stack = Stack::new();
    let (numbers, word) = (push(&mut stack, vec![1]), push(&mut stack, "one"));
    let copy = numbers;
    stack[numbers].push(2);
    assert_eq!((&stack[copy], stack[word]), (&vec![1, 2], "one"));
    stack[word] = "two";
    assert_eq!(stack[word], "two");
}

#[test]
fn a_release_gets_the_value_as_it_was_left() {
    let mut stack = Stack::new();
    let key = stack.push(1, |value, _| if value == 2 { Ok(()) } else { Err(value) });
    stack[key] += 1;
    assert!(stack.close().is_ok());
}

#[test]
fn a_key_fits_the_stack_that_took_everything_over() {
    let mut stack = Stack::new();
    let key = push(&mut stack, 1);
    let mut kept = stack.keep().keep();
    kept[key] += 1;
    assert_eq!(kept[key], 2);
    assert_eq!(panic_of(|| stack[key]), ANOTHERS);
    assert_eq!(panic_of(|| stack[key] = 3), ANOTHERS);
}

#[test]
fn a_key_of_another_stack_is_refused() {
    let (mut stack, mut other) = (Stack::new(), Stack::new());
    let (first, second) = (push(&mut stack, 1), push(&mut stack, 2));
    push(&mut other, "one");
    assert_eq!(panic_of(|| other[first]), ANOTHERS, "another type");
    assert_eq!(panic_of(|| other[second]), ANOTHERS, "there is nothing");
}

#[test]
fn a_key_of_another_stack_is_refused_though_a_value_of_its_type_stands_there() {
    let (mut stack, mut other) = (Stack::new(), Stack::new());
    let key = push(&mut stack, 1);
    push(&mut other, 2);
    assert_eq!(panic_of(|| other[key]), ANOTHERS);
    let kept = stack.keep();
    push(&mut stack, 3);
    assert_eq!((kept[key], panic_of(|| stack[key])), (1, ANOTHERS.to_owned()));
}

#[test]
fn two_keys_reach_two_values_in_either_order() {
    let mut stack = Stack::new();
    let (number, word, other) =
        (push(&mut stack, 1), push(&mut stack, "one".to_owned()), push(&mut stack, 2));
    let (lent, text) = stack.pair_mut(number, word);
    (*lent, *text) = (7, "seven".to_owned());
    let (text, lent) = stack.pair_mut(word, number);
    text.push('!');
    *lent += 1;
    let (first, second) = stack.pair_mut(number, other);
    std::mem::swap(first, second);
    assert_eq!((stack[number], stack[other], &*stack[word]), (2, 8, "seven!"));
    let mut kept = stack.keep();
    assert_eq!(kept.pair_mut(other, number), (&mut 8, &mut 2));
}

#[test]
fn two_keys_that_are_the_same_are_refused() {
    let mut stack = Stack::new();
    let key = push(&mut stack, 1);
    let message = "a value can't be lent twice: the keys are the same";
    assert_eq!(panic_of(|| _ = stack.pair_mut(key, key)), message);
    drop(stack.keep());
    assert_eq!(panic_of(|| _ = stack.pair_mut(key, key)), ANOTHERS);
}

#[test]
fn two_keys_of_which_one_is_of_another_stack_are_refused() {
    let (mut stack, mut other) = (Stack::new(), Stack::new());
    let (number, word) = (push(&mut stack, 1), push(&mut stack, "one"));
    let anothers = push(&mut other, 2);
    push(&mut other, 3);
    assert_eq!(panic_of(|| _ = stack.pair_mut(number, anothers)), ANOTHERS, "the same place");
    assert_eq!(panic_of(|| _ = stack.pair_mut(anothers, word)), ANOTHERS);
    assert_eq!(panic_of(|| _ = other.pair_mut(number, word)), ANOTHERS, "both");
    let kept = stack.keep();
    assert_eq!(panic_of(|| _ = stack.pair_mut(number, word)), ANOTHERS, "nothing is here");
    assert_eq!((kept[number], kept[word]), (1, "one"));
}
