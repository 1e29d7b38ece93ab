use std::cmp::Ordering;

use headwater::distributed::Time;
use timely::PartialOrder;
use timely::progress::Timestamp;

#[test]
fn times_are_a_partial_order_that_the_total_one_extends() {
    let items = (0..3).flat_map(|worker| (0..3).map(move |number| Time::Item { worker, number }));
    let times: Vec<_> = [Time::Start, Time::End].into_iter().chain(items).collect();
    for a in &times {
        assert!(a.less_equal(a) && !a.less_than(a));
        assert!(Time::minimum().less_equal(a) && a.less_equal(&Time::End));
        for b in &times {
            if a.less_than(b) {
                assert!(!b.less_equal(a), "{a:?} {b:?}");
                assert_eq!(a.cmp(b), Ordering::Less, "{a:?} {b:?}");
            }
            for c in &times {
                assert!(
                    !(a.less_equal(b) && b.less_equal(c)) || a.less_equal(c),
                    "{a:?} {b:?} {c:?}"
                );
            }
        }
    }
}

#[test]
fn items_of_one_worker_are_ordered_and_those_of_two_are_not() {
    let item = |worker, number| Time::Item { worker, number };
    assert!(item(1, 3).less_than(&item(1, 4)));
    assert!(!item(1, 3).less_equal(&item(2, 4)) && !item(2, 4).less_equal(&item(1, 3)));
}
