//! The guide's Python does what the guide says; its Rust is run as documentation.

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::{fs, iter};

const CHAPTERS: [&str; 2] = ["guide/coming_from_contextlib.md", "guide/coming_from_python.md"];

/// Runs blocks, each `[line, code]`, as if they stood alone, behind the imports of their chapter.
const RUN: &str = "
for line, code in blocks:
    names = {'__name__': '__main__'}
    exec(imports, names)
    exec(compile('\\n' * line + code, chapter, 'exec'), names)
    print(line)
";

/// A block of code in a page: what comes before it counts as `line` lines.
struct Block {
    line: usize,
    language: String,
    code: String,
}

impl Block {
    fn end(&self) -> usize {
        self.line + self.code.lines().count() + 1
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(chapter: &str) -> String {
    fs::read_to_string(root().join(chapter)).unwrap()
}

fn blocks(page: &str) -> Vec<Block> {
    let mut lines = page.lines().enumerate();
    let next_block = || {
        let (index, language) =
            lines.find_map(|(index, text)| Some((index, text.strip_prefix("```")?)))?;
        let code = lines.by_ref().map(|(_, text)| text).take_while(|text| *text != "```");
        let code = code.flat_map(|text| [text, "\n"]).collect();
        Some(Block { line: index + 1, language: language.to_owned(), code })
    };
    iter::from_fn(next_block).collect()
}

/// The imports that a chapter says, before its first heading, that it leaves out.
fn imports(page: &str) -> String {
    let (introduction, _) = page.split_once("\n## ").unwrap();
    let quoted = introduction.split('`').skip(1).step_by(2);
    let imports = quoted.filter(|code| code.starts_with("import ") || code.starts_with("from "));
    imports.flat_map(|import| [import, "\n"]).collect()
}

/// Makes a command that runs a program, unless there is no Python that is new enough for `aclosing`.
fn python(program: &str) -> Option<Command> {
    let python = |program: &str| {
        let mut python = Command::new("python3");
        python.args(["-I", "-c", program]).current_dir(root());
        python
    };
    let is_there = python("import sys; sys.exit(sys.version_info < (3, 10))").output();
    is_there.is_ok_and(|ran| ran.status.success()).then(|| python(program))
}

fn run_python_of(chapter: &str) {
    let page = page(chapter);
    let blocks: Vec<_> =
        blocks(&page).into_iter().filter(|block| block.language == "python").collect();
    let given: Vec<_> = blocks.iter().map(|block| (block.line, &block.code)).collect();
    let literal = |value: serde_json::Value| value.to_string();
    let program = format!(
        "chapter = {}\nimports = {}\nblocks = {}\n{RUN}",
        literal(chapter.into()),
        literal(imports(&page).into()),
        serde_json::to_string(&given).unwrap(),
    );
    let Some(mut python) = python(&program) else {
        // What is printed by a macro would not be seen, and this proves nothing.
        let skipped = format!("{chapter}: SKIPPED: needs python3, from 3.10\n");
        return io::stderr().write_all(skipped.as_bytes()).unwrap();
    };
    let ran = python.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let lines: Vec<_> = given.iter().map(|(line, _)| line.to_string()).collect();
    assert!(String::from_utf8_lossy(&ran.stdout).lines().eq(lines));
}

#[test]
fn the_python_on_generators_does_what_it_says() {
    run_python_of("guide/coming_from_python.md");
}

#[test]
fn the_python_on_context_managers_does_what_it_says() {
    run_python_of("guide/coming_from_contextlib.md");
}

#[test]
fn every_lesson_has_its_python_and_its_rust_which_assert_something() {
    for chapter in CHAPTERS {
        let blocks = blocks(&page(chapter));
        assert!(blocks.len() > 10 && blocks.len().is_multiple_of(2), "{chapter}: {}", blocks.len());
        for pair in blocks.chunks(2) {
            let place = format!("{chapter}:{}", pair[0].line);
            assert_eq!([&*pair[0].language, &*pair[1].language], ["python", ""], "{place}");
            assert_eq!(pair[1].line, pair[0].end() + 1, "{place}: its Rust follows at once");
            assert!(pair.iter().all(|block| block.code.contains("assert")), "{place}");
        }
    }
}

#[test]
fn no_other_chapter_has_python() {
    for entry in root().join("guide").read_dir().unwrap() {
        let chapter = format!("guide/{}", entry.unwrap().file_name().to_str().unwrap());
        let has_python = blocks(&page(&chapter)).iter().any(|block| block.language == "python");
        assert_eq!(has_python, CHAPTERS.contains(&&*chapter), "{chapter}");
    }
}
