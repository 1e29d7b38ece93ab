//! What crosses from process to process is bytes, and as it was.

use std::cell::RefCell;
use std::rc::Rc;

use headwater::distributed::source;
use timely::dataflow::channels::pact::Pipeline;
use timely::dataflow::operators::Exchange;
use timely::dataflow::operators::generic::Operator as _;

use super::support::{finish, n, numbers, run_two, slowly};

#[test]
fn items_that_are_sent_to_another_process_come_once() {
    let received = run_two(2, |worker| {
        let received = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&received);
        worker.dataflow(|scope| {
            let (items, _) =
                source(scope, numbers(500), n(3), |items| slowly(items.exchange(|item| *item), 3));
            items.sink(Pipeline, "received", move |(input, _)| {
                input.for_each(|_, items| told.borrow_mut().append(items));
            });
        });
        finish(worker);
        received.take()
    });
    assert_eq!(received.len(), 4);
    for (index, mut items) in (0..).zip(received) {
        items.sort_unstable();
        let own = (0..500_u64).filter(|item| item % 4 == index).flat_map(|item| [item; 4]);
        assert!(items.into_iter().eq(own), "of worker {index}");
    }
}
