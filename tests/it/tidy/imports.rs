//! Arrows between modules: they only point down, and never in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::code::code_of;
use super::{root, sources};

/// The slices of the library from the top down. A slice imports of those below it alone.
const LAYERS: &[&[&str]] = &[
    &["lib"],
    &["prelude", "guide"],
    &["stream"],
    &["distributed", "checkpoint", "measure"],
    &["lines", "pages", "scope", "count", "unfold", "parallel_map", "read_ahead"],
    &["generate"],
    &["retry", "tracked", "mark"],
    &["source", "error", "countable", "end", "task"],
];

type Graph = BTreeMap<String, BTreeSet<String>>;

/// The modules that a file imports of, by their files, relative to `src` and without `.rs`.
fn imports(file: &str, source: &str) -> BTreeSet<String> {
    let code = code_of(source);
    let mut found = BTreeSet::new();
    for (index, _) in code.match_indices("crate::") {
        let part_of_word = code[..index].chars().next_back().is_some_and(char::is_alphanumeric);
        if !part_of_word {
            expand(&code[index + "crate::".len()..], "", &mut found);
        }
    }
    for line in code.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        if let Some(module) = line.strip_prefix("mod ").and_then(|line| line.strip_suffix(';')) {
            found.insert(match file.strip_suffix("mod") {
                Some(folder) => format!("{folder}{module}"),
                None => module.to_owned(),
            });
        }
    }
    let mut files: BTreeSet<_> = found.iter().map(|path| file_of(path)).collect();
    files.remove(file);
    files
}

/// Adds the paths of an import: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand<'a>(mut tree: &'a str, prefix: &str, found: &mut BTreeSet<String>) -> &'a str {
    let mut path = prefix.to_owned();
    loop {
        if let Some(mut branches) = tree.strip_prefix('{') {
            loop {
                branches = expand(branches.trim_start(), &path, found).trim_start();
                match branches.strip_prefix(',') {
                    Some(next) if !next.trim_start().starts_with('}') => branches = next,
                    Some(next) => branches = next.trim_start(),
                    None => {}
                }
                match branches.strip_prefix('}') {
                    Some(rest) => return rest,
                    None if branches.is_empty() => return branches,
                    None => {}
                }
            }
        }
        let len = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
        path.push_str(&tree[..len]);
        tree = &tree[len..];
        let Some(next) = tree.strip_prefix("::") else {
            found.insert(path);
            return tree;
        };
        path.push('/');
        tree = next;
    }
}

/// The file that a path within the crate leads to.
fn file_of(path: &str) -> String {
    let mut module = path;
    loop {
        for candidate in [module.to_owned(), format!("{module}/mod")] {
            if root().join("src").join(format!("{candidate}.rs")).is_file() {
                return candidate;
            }
        }
        match module.rsplit_once('/') {
            Some((parent, _)) => module = parent,
            None => return "lib".to_owned(),
        }
    }
}

fn name_of(path: &Path) -> String {
    path.strip_prefix("src").unwrap().with_extension("").to_str().unwrap().replace('\\', "/")
}

fn graph() -> Graph {
    let of_file = |(path, source): (PathBuf, String)| {
        let name = name_of(&path);
        let imports = imports(&name, &source);
        (name, imports)
    };
    sources().into_iter().map(of_file).collect()
}

/// Finds a way from a module back to itself.
fn cycle(graph: &Graph) -> Option<Vec<&str>> {
    fn walk<'a>(
        graph: &'a Graph,
        node: &'a str,
        path: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> bool {
        if let Some(start) = path.iter().position(|&other| other == node) {
            path.drain(..start);
            path.push(node);
            return true;
        }
        if !done.contains(node) {
            path.push(node);
            for next in graph.get(node).into_iter().flatten() {
                if walk(graph, next, path, done) {
                    return true;
                }
            }
            path.pop();
            done.insert(node);
        }
        false
    }
    let (mut path, mut done) = (Vec::new(), BTreeSet::new());
    graph.keys().any(|node| walk(graph, node, &mut path, &mut done)).then_some(path)
}

fn layer_of(file: &str) -> usize {
    let slice = file.split('/').next().unwrap();
    LAYERS
        .iter()
        .position(|slices| slices.contains(&slice))
        .unwrap_or_else(|| panic!("the slice {slice} has no layer"))
}

fn slice_of(file: &str) -> &str {
    file.split('/').next().unwrap()
}

#[test]
fn no_module_imports_itself_in_a_circle() {
    let graph = graph();
    assert!(graph["lib"].contains("lines/mod"), "{graph:?}");
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 20, "{graph:?}");
    if let Some(cycle) = cycle(&graph) {
        panic!("a circle of imports: {}", cycle.join(" -> "));
    }
}

#[test]
fn arrows_only_point_down() {
    for (file, imports) in graph() {
        for import in imports {
            let down = slice_of(&file) == slice_of(&import) || layer_of(&file) < layer_of(&import);
            assert!(down, "{file} may not import {import}");
        }
    }
}

#[test]
fn circles_and_trees_of_imports_are_seen() {
    let edge =
        |from: &str, to: &[&str]| (from.to_owned(), to.iter().map(|&to| to.to_owned()).collect());
    let graph =
        Graph::from([edge("a", &["b"]), edge("b", &["c", "d"]), edge("c", &[]), edge("d", &["b"])]);
    assert_eq!(cycle(&graph), Some(vec!["b", "d", "b"]));
    let graph = Graph::from([edge("a", &["b", "c"]), edge("b", &["c"]), edge("c", &[])]);
    assert_eq!(cycle(&graph), None);

    let mut found = BTreeSet::new();
    expand("lines::{file::{self, File,}, line::Line, read};", "", &mut found);
    let expected = ["lines/file/File", "lines/file/self", "lines/line/Line", "lines/read"];
    assert!(found.iter().eq(&expected), "{found:?}");
    assert_eq!(file_of("lines/line/Line"), "lines/line");
    assert_eq!(file_of("lines/Line"), "lines/mod");
    assert_eq!(file_of("Line"), "lib");
}
