//! The lines of a file, shared out.

use std::cell::RefCell;
use std::rc::Rc;

use headwater::distributed::{fold, source};
use headwater::lines::Block;
use timely::dataflow::channels::pact::Pipeline;

use super::support::{finish, n, run};

#[test]
fn the_shares_of_a_file_are_all_its_lines_once() {
    let path = "fixtures/apache_access.log";
    let expected: Vec<_> = headwater::lines(path).unwrap().map(Result::unwrap).collect();
    for workers in [1, 2, 3, 7] {
        let shares = run(workers, move |worker| {
            let lines = Rc::new(RefCell::new(Vec::new()));
            let told = Rc::clone(&lines);
            let (index, count) = (worker.index(), worker.peers());
            worker.dataflow(|scope| {
                let lines = headwater::lines(path).unwrap().block_size(n(4096));
                let blocks = lines.share(index, count).unwrap().blocks();
                source(scope, blocks, n(2), |blocks| {
                    let add = |all: &mut Vec<_>, block: Block| all.extend(block);
                    fold(blocks, Pipeline, Vec::new(), add, move |all| {
                        *told.borrow_mut() = all;
                        None::<()>
                    })
                });
            });
            finish(worker);
            lines.take()
        });
        assert!(shares.iter().flatten().eq(&expected), "{workers}");
    }
}
