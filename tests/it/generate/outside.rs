//! Emits that are polled anywhere but in their own generator's body.

use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::thread;

use headwater::generate::Emitter;
use headwater::{coroutine, generate, try_generate};

use super::bodies::{is_asleep, is_outside};
use crate::support::caught::panic_of;
use crate::support::polls::poll_once;

/// Where a body leaves its emitter for others.
type Leak = Arc<OnceLock<Arc<Emitter<u32>>>>;

/// Emits 1, 2 and 3, and calls this before each of them.
fn leaking(leak: &Leak, before_each: impl Fn(&Emitter<u32>)) -> impl Iterator<Item = u32> {
    let leak = Arc::clone(leak);
    generate(move |out| async move {
        let out = leak.get_or_init(|| Arc::new(out));
        for n in 1..=3 {
            before_each(out);
            out.emit(n).await;
        }
    })
}

/// Holds that an emit which is polled here and in this moment panics.
fn is_refused(out: &Emitter<u32>) {
    assert!(is_outside(&panic_of(|| poll_once(out.emit(9)))));
    let emit = out.emit(9);
    assert!(is_outside(&panic_of(|| poll_once(emit))), "one that was made before");
    assert!(is_outside(&panic_of(|| poll_once(out.emit_all([9])))));
    assert_eq!(poll_once(out.emit_all([])), Poll::Ready(()), "it emits nothing");
}

#[test]
fn an_emit_between_two_pulls_is_refused() {
    let leak = Leak::default();
    let mut generator = leaking(&leak, |_| ());
    for n in 1..=3 {
        assert_eq!(generator.next(), Some(n));
        is_refused(leak.get().unwrap());
    }
    assert_eq!(generator.next(), None);
    is_refused(leak.get().unwrap());
}

#[test]
fn an_emit_after_the_generator_is_gone_is_refused() {
    let leak = Leak::default();
    assert_eq!(leaking(&leak, |_| ()).next(), Some(1));
    is_refused(leak.get().unwrap());
    let leak = Leak::default();
    assert!(panic_of(|| leaking(&leak, |_| panic!("spilt")).next()).contains("spilt"));
    is_refused(leak.get().unwrap());
}

#[test]
fn an_emit_before_the_body_is_refused() {
    let mut generator = generate(|out| {
        is_refused(&out);
        async move { out.emit(1).await }
    });
    assert_eq!((generator.next(), generator.next()), (Some(1), None));
}

#[test]
fn an_emit_on_another_thread_is_refused_during_a_pull_too() {
    let leak = Leak::default();
    let on_another = |out: &Emitter<u32>| {
        thread::scope(|threads| threads.spawn(|| is_refused(out)).join().unwrap());
    };
    assert!(leaking(&leak, on_another).eq(1..=3));
    assert_eq!(leaking(&Leak::default(), on_another).sum::<u32>(), 6);
    on_another(leak.get().unwrap());
}

#[test]
fn an_emit_in_the_body_of_another_generator_is_refused() {
    let leak = Leak::default();
    let mut rightful = leaking(&leak, |_| ());
    assert_eq!(rightful.next(), Some(1));
    let foreign = Arc::clone(leak.get().unwrap());
    let mut other = generate(|out| async move {
        out.emit(1).await;
        foreign.emit(9).await;
    });
    assert_eq!(other.next(), Some(1));
    assert!(is_outside(&panic_of(|| other.next())));
    assert_eq!(other.next(), None);
    assert!(rightful.eq([2, 3]));
}

#[test]
fn a_generator_in_a_body_may_not_wait_for_that_bodys_emitter() {
    let outer = generate(|out| async move {
        out.emit(1).await;
        let mut inner = generate(|_: Emitter<u32>| out.emit(9));
        assert!(is_asleep(&panic_of(|| inner.next())));
        assert_eq!(inner.next(), None);
        out.emit(2).await;
    });
    // It was the body's turn when the 9 was emitted, but who emits what panics is not told.
    assert!(outer.filter(|&n| n != 9).eq([1, 2]));
}

#[test]
fn the_emitter_of_an_inner_generator_is_refused_in_the_outer_body() {
    let leak = Leak::default();
    let outer = generate(|out| async move {
        for n in leaking(&leak, |_| ()) {
            is_refused(leak.get().unwrap());
            out.emit(n).await;
        }
    });
    assert!(outer.eq(1..=3));
}

#[test]
fn an_emit_in_the_consumer_is_refused_however_it_pulls() {
    let leak = Leak::default();
    leaking(&leak, |_| ()).take(3).for_each(|_| is_refused(leak.get().unwrap()));
    let leak = Leak::default();
    leaking(&leak, |_| ()).for_each(|_| is_refused(leak.get().unwrap()));
}

#[test]
fn an_emit_that_was_refused_leaves_the_body_where_it_stood() {
    let leak = Leak::default();
    let mut generator = leaking(&leak, |_| ());
    assert_eq!(generator.next(), Some(1));
    is_refused(leak.get().unwrap());
    let on_another = thread::scope(|threads| {
        let pulls = threads.spawn(|| (generator.next(), generator.next(), generator.next()));
        pulls.join().unwrap_or_else(|_| panic!("a pull panicked"))
    });
    assert_eq!(on_another, (Some(2), Some(3), None));
}

#[test]
fn the_other_emitters_are_refused_as_well() {
    let mut leak = None;
    let mut generator = try_generate(|out| {
        let out = Arc::new(out);
        leak = Some(Arc::clone(&out));
        async move {
            out.emit(1).await;
            Err("dry")
        }
    });
    assert_eq!(generator.next(), Some(Ok(1)));
    assert_eq!(generator.next(), Some(Err("dry")));
    drop(generator);
    let out = leak.unwrap();
    assert!(is_outside(&panic_of(|| poll_once(out.emit(9)))));
    assert!(is_outside(&panic_of(|| poll_once(out.emit_err("9")))));
    assert!(is_outside(&panic_of(|| poll_once(out.emit_result(Ok(9))))));
    assert!(is_outside(&panic_of(|| poll_once(out.emit_all([9])))));
    assert!(is_outside(&panic_of(|| poll_once(out.emit_results([Err("9")])))));
    assert!(is_outside(&panic_of(|| poll_once(out.try_emit_all([Ok::<_, ()>(9)])))));

    let mut leak = None;
    let mut body = coroutine(|out, ()| {
        let out = Arc::new(out);
        leak = Some(Arc::clone(&out));
        async move { out.emit(1).await }
    });
    assert_eq!(body.send(()), Some(1));
    drop(body);
    assert!(is_outside(&panic_of(|| poll_once(leak.unwrap().emit(9)))));
}
