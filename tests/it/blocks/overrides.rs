//! What blocks override gives what the defaults give.

use headwater::lines;
use headwater::lines::{Block, Blocks, LongLine, Origin};

use super::seen;
use crate::support::contract::{contract, contract_of_both_ends};
use crate::support::data::Data;
use crate::support::options::Options;
use crate::support::seen::Seen;
use crate::support::sources::{BlockVisitor, Strategy, visit_blocks};

#[test]
fn a_block_keeps_the_contract_of_both_ends() {
    let new = Options::NEW;
    let options = [new, Options { keep_ends: true, ..new }, Options { delimiter: 0, ..new }];
    let cut = options.map(|options| options.limit(2, LongLine::Truncate));
    for bytes in [&b"1\n\n333\r\n4\n\0\n6"[..], b"\xEF\xBB\xBF1\nthe second\n", b"\n", b"1"] {
        for options in options.into_iter().chain(cut) {
            for block in options.set(lines::read(bytes)).blocks() {
                let block = block.unwrap();
                let open = || block.clone();
                contract(open, |line| Seen::of(Ok(line)));
                contract_of_both_ends(open, |line| Seen::of(Ok(line)));
                assert!(open().size_hint().1.unwrap() <= open().as_bytes().len().max(1));
            }
        }
    }
}

#[test]
fn every_source_of_blocks_keeps_the_contract() {
    struct KeepsContract;

    impl BlockVisitor for KeepsContract {
        fn blocks<S: Origin>(&mut self, _: Strategy, open: impl Fn() -> Blocks<S>) {
            contract(open, seen);
        }
    }

    let new = Options::NEW;
    for bytes in [&b"1\n\n333\r\n4\n\0\n6"[..], b"", b"\n"] {
        let data = Data::new(bytes);
        for options in [new, new.blocks_of(3), new.blocks_of(3).limit(2, LongLine::Error)] {
            visit_blocks(&data, options, &mut KeepsContract);
        }
    }
}

#[test]
fn a_block_tells_where_it_is_and_not_what_is_in_it() {
    let block: Block =
        headwater::lines("fixtures/rotated/access.log").unwrap().blocks().next().unwrap().unwrap();
    let text = format!("{block:?}");
    assert!(text.contains("rotated/access.log") && text.contains("offset: 0"), "{text}");
    assert!(text.len() < 200, "{text}");
}
