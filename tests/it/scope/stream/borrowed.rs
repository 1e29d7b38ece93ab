//! What closures may hold: borrows across awaits, and what is not `Send`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use headwater::{Outcome, stream};

use super::journal::{never, waits};
use super::runs::everywhere;

#[test]
fn a_body_borrows_the_resource_across_awaits() {
    async fn run() -> String {
        let sum = stream::scope(
            async || Ok::<_, String>(vec![1]),
            async |numbers| {
                let first = &mut numbers[0];
                waits(1).await;
                *first += 1;
                waits(1).await;
                numbers.push(3);
                Ok(numbers.iter().sum::<i32>())
            },
            async |numbers, _| {
                waits(1).await;
                if numbers == [2, 3] { Ok(()) } else { Err("another".to_owned()) }
            },
            never,
        );
        format!("{:?}", sum.await)
    }
    everywhere("borrows", run, "Ok(5)");
}

#[test]
fn closures_borrow_what_is_outside() {
    let (mut pulled, name, outcome) = (0, "source".to_owned(), Cell::new(None));
    let result = block_on(stream::scope(
        async || Ok::<_, ()>(&name),
        async |name| {
            waits(1).await;
            pulled += name.len();
            Ok(&name[..3])
        },
        async |_, told| {
            outcome.set(Some(told));
            Ok(())
        },
        never,
    ));
    assert_eq!((result, pulled, outcome.get()), (Ok("sou"), 6, Some(Outcome::Finished)));
}

#[test]
fn a_resource_need_not_be_send() {
    let count = Rc::new(Cell::new(0));
    let lent = Rc::clone(&count);
    let result = block_on(stream::scope(
        async || Ok::<_, ()>(lent),
        async |count| {
            waits(1).await;
            count.set(1);
            Ok(Rc::strong_count(count))
        },
        async |count, _| {
            waits(1).await;
            count.set(count.get() + 10);
            Ok(())
        },
        never,
    ));
    assert_eq!((result, count.get(), Rc::strong_count(&count)), (Ok(2), 11, 1));

    let rows = Rc::new(RefCell::new(vec![2, 1]));
    let mut items = stream::resource(
        async || Ok::<_, ()>(Rc::clone(&rows)),
        async |rows| {
            waits(1).await;
            Ok(rows.borrow_mut().pop())
        },
        async |rows, outcome| {
            assert_eq!((rows.borrow().len(), outcome), (0, Outcome::Finished));
            Ok(())
        },
        never,
    );
    assert_eq!(block_on(items.next()), Some(Ok(1)));
    assert_eq!(block_on(items.try_collect::<Vec<_>>()), Ok(vec![2]));
    assert_eq!(Rc::strong_count(&rows), 1);
}
