//! What the types of generators are: `Send` if what they hold is, `Debug` whatever that is.

use std::fmt::Debug;
use std::iter::FusedIterator;
use std::rc::Rc;
use std::thread;

use headwater::generate::{CoroutineEmitter, Emit, Emitter, TryEmitter};
use headwater::{coroutine, generate, try_generate};

fn is_send<T: Send>(_: &T) {}
fn is_send_and_sync<T: Send + Sync>() {}

/// Can be called for what is not `Send` alone: for the rest, it is ambiguous which one is meant.
trait NotSend<Marker> {
    fn is_not_send(&self) {}
}
struct Ambiguous;
impl<T: ?Sized> NotSend<()> for T {}
impl<T: ?Sized + Send> NotSend<Ambiguous> for T {}

async fn emit_twice(out: &Emitter<u32>, n: u32) {
    out.emit(n).await;
    out.emit(n).await;
}

#[test]
fn a_generator_is_send_if_its_body_is() {
    is_send(&generate(|out| async move {
        emit_twice(&out, 1).await;
        out.emit_all(0..3).await;
        futures::join!(out.emit(1), emit_twice(&out, 2));
    }));
    is_send(&try_generate(|out| async move {
        out.try_emit_all([Ok(1), Err("dry")]).await?;
        out.emit_err("dry").await;
        out.emit_result(Ok(2)).await;
        out.emit_results([Ok(3), Err("dry")]).await;
        Ok::<_, &str>(())
    }));
    is_send(&coroutine(|out, n: u32| async move {
        out.emit(n).await;
    }));
}

/// Whether a body is `Send` is known outside of the function that it is in.
fn holding(held: Rc<u32>) -> impl Iterator<Item = u32> {
    generate(|out| async move {
        out.emit(2).await;
        drop(held);
    })
}

fn declaring() -> impl Iterator<Item = Result<u32, ()>> {
    try_generate(|out| async move {
        let held = Rc::new(1);
        out.emit(*held).await;
        drop(held);
        Ok(())
    })
}

fn emitting() -> impl Iterator<Item = Rc<u32>> {
    generate(|out| async move { out.emit(Rc::new(1)).await })
}

fn receiving() -> impl Debug {
    coroutine(|out, held: Rc<u32>| async move {
        out.emit(1).await;
        drop(held);
    })
}

#[test]
fn a_generator_is_not_send_if_its_body_is_not() {
    NotSend::<_>::is_not_send(&holding(Rc::new(1)));
    NotSend::<_>::is_not_send(&declaring());
    NotSend::<_>::is_not_send(&emitting());
    NotSend::<_>::is_not_send(&receiving());
}

#[test]
fn an_emitter_is_send_and_sync_if_its_items_are_send() {
    // A cell is `Send` and not `Sync`.
    type Item = std::cell::Cell<u32>;
    is_send_and_sync::<Emitter<Item>>();
    is_send_and_sync::<TryEmitter<Item, Item>>();
    is_send_and_sync::<CoroutineEmitter<Item, Item>>();
    is_send(&None::<Emit<'_, Item>>);
    NotSend::<_>::is_not_send(&None::<Emitter<Rc<u32>>>);
    NotSend::<_>::is_not_send(&None::<TryEmitter<u32, Rc<u32>>>);
    NotSend::<_>::is_not_send(&None::<CoroutineEmitter<u32, Rc<u32>>>);
}

#[test]
fn a_generator_goes_on_on_another_thread() {
    let mut generator = generate(|out| async move {
        for n in 0.. {
            emit_twice(&out, n).await;
            futures::future::join_all((0..40).map(|_| out.emit(100))).await;
        }
    });
    for n in 0..8 {
        assert_eq!((generator.next(), generator.next()), (Some(n), Some(n)));
        let pulled = thread::spawn(move || {
            assert!(generator.by_ref().take(40).eq([100; 40]));
            generator
        });
        generator = pulled.join().unwrap();
    }
    let mut body = coroutine(|out, mut n| async move {
        loop {
            n = out.emit(n).await;
        }
    });
    assert_eq!(body.send(1), Some(1));
    assert_eq!(thread::spawn(move || body.send(2)).join().unwrap(), Some(2));
}

/// Neither the closures nor the items are `Debug`.
#[test]
fn every_type_can_be_printed() {
    struct Opaque;
    fn shows(value: &impl Debug, name: &str) {
        let text = format!("{value:?}");
        assert!(text.starts_with(name) && text.ends_with(".. }"), "{text}");
    }

    let mut generator = generate(|out| async move {
        shows(&out, "Emitter");
        shows(&out.emit(Opaque), "Emit ");
        out.emit(Opaque).await;
    });
    shows(&generator, "Generate");
    assert!(format!("{generator:?}").contains("is_over: false"));
    assert_eq!(generator.by_ref().count(), 1);
    assert!(format!("{generator:?}").contains("is_over: true"));

    let mut generator = try_generate(|out| async move {
        shows(&out, "TryEmitter");
        shows(&out.emit(Opaque), "Emit ");
        Err(Opaque)
    });
    shows(&generator, "TryGenerate");
    assert_eq!(generator.by_ref().count(), 1);

    let mut body = coroutine(|out, Opaque| async move {
        shows(&out, "CoroutineEmitter");
        out.emit(Opaque).await;
    });
    shows(&body, "Coroutine");
    assert!(body.send(Opaque).is_some());
    shows(&body, "Coroutine");
}

#[test]
fn generators_are_fused() {
    fn is_fused(_: impl FusedIterator) {}
    is_fused(generate(|out| async move { out.emit(1).await }));
    is_fused(try_generate(|out: TryEmitter<(), ()>| async move { out.try_emit_all([]).await }));
}
