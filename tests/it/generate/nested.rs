//! Generators in generators, and recursion.

use std::pin::Pin;
use std::thread;

use headwater::generate::Emitter;
use headwater::{generate, try_generate};

struct Tree {
    branches: Vec<Tree>,
    name: u32,
}

impl Tree {
    /// As high as it is told, and each branch named by its place in the walk.
    fn new(height: u32, name: &mut u32) -> Self {
        let below = if height == 0 { 0..0 } else { 0..3 };
        let branches = below.map(|_| Self::new(height - 1, name)).collect();
        *name += 1;
        Self { branches, name: *name }
    }
}

fn by_generators(tree: &Tree) -> Box<dyn Iterator<Item = u32> + Send + '_> {
    Box::new(generate(move |out| async move {
        for branch in &tree.branches {
            out.emit_all(by_generators(branch)).await;
        }
        out.emit(tree.name).await;
    }))
}

fn by_functions(tree: &Tree) -> impl Iterator<Item = u32> + Send {
    fn walk<'a>(
        tree: &'a Tree,
        out: &'a Emitter<u32>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            for branch in &tree.branches {
                walk(branch, out).await;
            }
            out.emit(tree.name).await;
        })
    }
    generate(move |out| async move { walk(tree, &out).await })
}

#[test]
fn a_body_may_pull_a_generator_and_emit() {
    let numbers = || generate(|out| async move { out.emit_all(1..).await });
    let sums = generate(|out| async move {
        let mut sum = 0;
        for (one, other) in numbers().zip(numbers().step_by(2)) {
            sum += one * other;
            out.emit(sum).await;
        }
    });
    assert!(sums.take(4).eq([1, 7, 22, 50]));
}

#[test]
fn a_tree_is_walked_by_generators_and_by_functions() {
    for height in 0..6 {
        let mut count = 0;
        let tree = Tree::new(height, &mut count);
        assert!(by_generators(&tree).eq(1..=count));
        assert!(by_functions(&tree).eq(1..=count));
        assert_eq!(by_generators(&tree).sum::<u32>(), count * (count + 1) / 2);
        assert_eq!(by_functions(&tree).sum::<u32>(), count * (count + 1) / 2);
        assert_eq!(by_generators(&tree).nth(1), (count > 1).then_some(2), "and is dropped there");
    }
}

#[test]
fn a_thousand_levels_are_no_trouble() {
    fn chain() -> Tree {
        (2..=1000).fold(Tree { branches: vec![], name: 1 }, |tree, name| Tree {
            branches: vec![tree],
            name,
        })
    }
    // Each level of a build without optimisation takes some frames of the stack.
    let thread = thread::Builder::new().stack_size(64 << 20).spawn(|| {
        let tree = chain();
        assert!(by_generators(&tree).eq(1..=1000));
        assert!(by_functions(&tree).eq(1..=1000));
        assert_eq!(by_generators(&tree).next(), Some(1));
    });
    thread.unwrap().join().unwrap();
}

#[test]
fn an_error_passes_up_through_generators() {
    fn countdown(n: u32) -> Box<dyn Iterator<Item = Result<u32, String>>> {
        Box::new(try_generate(move |out| async move {
            out.emit(n).await;
            let below = n.checked_sub(1).ok_or("dry")?;
            out.try_emit_all(countdown(below)).await?;
            unreachable!("an error came")
        }))
    }
    let numbers: Vec<_> = countdown(2).collect();
    assert_eq!(numbers, [Ok(2), Ok(1), Ok(0), Err("dry".to_owned())]);
}

#[test]
fn generators_that_pull_each_other_in_turn_keep_their_items_apart() {
    let double = |numbers: Box<dyn Iterator<Item = u64>>| -> Box<dyn Iterator<Item = u64>> {
        Box::new(generate(|out| async move {
            for n in numbers {
                out.emit(n).await;
                out.emit(n).await;
            }
        }))
    };
    let levels =
        (0..8).fold(Box::new(1..=2_u64) as Box<dyn Iterator<Item = u64>>, |n, _| double(n));
    assert!(levels.eq([vec![1; 256], vec![2; 256]].concat()));
}
