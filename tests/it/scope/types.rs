//! What the types are: what they show of themselves, and where they may go.

use std::fmt::Debug;
use std::rc::Rc;

use headwater::scope::{Key, Unwound};
use headwater::{Outcome, Stack, guard, resource};

fn is_send<T: Send>(value: T) -> T {
    value
}

fn is_sync<T: Sync>(value: T) -> T {
    value
}

fn shown(value: &impl Debug) -> String {
    format!("{value:?}")
}

#[test]
fn every_type_shows_itself_and_nothing_that_it_holds() {
    // `Rc<dyn Fn()>` is not `Debug`: the types must not ask for it.
    let mut guarded = guard(Some(Rc::new(|| ())), Rc::new(|| ()));
    assert_eq!(shown(&guarded), "Guard { is_over: false, .. }");
    assert_eq!((guarded.by_ref().count(), guarded.next().is_none()), (1, true));
    assert_eq!(shown(&guarded), "Guard { is_over: true, .. }");

    let mut items = resource(|| Ok(Rc::new(|| ())), |_| Err::<Option<()>, _>(()), |_, _| Ok(()));
    assert_eq!(shown(&items), "Resource { is_open: false, .. }");
    assert_eq!(items.next(), Some(Err(())));
    assert_eq!(shown(&items), "Resource { is_open: false, .. }");
    let mut open = resource(|| Ok::<_, ()>(()), |()| Ok(Some(1)), |(), _| Ok(()));
    assert_eq!(open.next(), Some(Ok(1)));
    assert_eq!(shown(&open), "Resource { is_open: true, .. }");

    let mut stack = Stack::<Rc<dyn Fn()>>::new();
    stack.defer(|_| Ok(()));
    let key = stack.push((), |(), _| Ok(()));
    assert_eq!((shown(&stack), shown(&key)), ("Stack { len: 2, .. }".into(), "Key(1)".into()));

    let unwound = Stack::scope(|_| Err::<(), _>("dry")).unwrap_err();
    assert_eq!(shown(&unwound), "Unwound { first: \"dry\", later: [] }");
    assert_eq!(shown(&Outcome::Finished), "Finished");
}

#[test]
fn a_key_is_copied_and_sent_whatever_it_leads_to() {
    fn is_copy<T: Copy + Send + Sync + 'static>() {}
    is_copy::<Key<String>>();
    is_copy::<Key<Rc<()>>>();
    is_copy::<Outcome>();
}

#[test]
fn what_can_be_sent_is_sent() {
    let items = resource(|| Ok::<_, ()>(0..2), |numbers| Ok(numbers.next()), |_, _| Ok(()));
    let items = is_sync(is_send(guard(items, "value")));
    assert_eq!(std::thread::spawn(move || items.count()).join().unwrap(), 2);
    is_sync(is_send(Stack::scope(|_| Err::<(), _>("dry")) as Result<(), Unwound<_>>)).unwrap_err();
}

#[cfg(feature = "async")]
#[test]
fn every_async_type_shows_itself() {
    use std::sync::mpsc::channel;

    use futures::{StreamExt, executor::block_on};
    use headwater::stream;

    let mut guarded = stream::guard(futures::stream::iter(Some(Rc::new(|| ()))), Rc::new(|| ()));
    assert_eq!(shown(&guarded), "Guard { is_over: false, .. }");
    assert_eq!(block_on(guarded.by_ref().count()), 1);
    assert_eq!(shown(&guarded), "Guard { is_over: true, .. }");

    let items = stream::resource(
        async || Ok::<_, ()>(Rc::new(|| ())),
        async |_| Ok(None::<()>),
        async |_, _| Ok(()),
        drop,
    );
    assert_eq!(shown(&items), "Resource { .. }");

    let (late, releases) = channel();
    let mut stack = stream::Stack::<&str>::new(move |release| {
        assert_eq!(shown(&release), "Unreleased { .. }");
        late.send(release).unwrap();
    });
    stack.defer(async |_| Err("dry"));
    assert_eq!(shown(&stack), "Stack { len: 1, .. }");
    drop(stack);
    assert_eq!(block_on(releases.recv().unwrap()), ["dry"]);
}

#[cfg(feature = "async")]
#[test]
fn an_async_stack_may_go_to_another_thread_with_its_values() {
    use headwater::stream::Stack;

    let mut stack = is_send(Stack::<String>::new(|unwinding| drop(is_send(unwinding))));
    let key = stack.push(std::cell::Cell::new(1), async |_, _| Ok(()));
    let closed = std::thread::spawn(move || {
        stack[key].set(2);
        (stack[key].get(), futures::executor::block_on(stack.close()))
    });
    assert_eq!(closed.join().unwrap(), (2, Ok(())));
}
