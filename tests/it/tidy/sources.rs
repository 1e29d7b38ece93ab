//! What may and may not stand in the sources.

use std::path::Path;

use super::code::{code_of, has_word};
use super::{files, root, sources, text};

const MOST_LINES: usize = 400;
/// The seams: the only files that may hold unsafe code.
const SEAMS: &[&str] =
    &["src/generate/turnstile.rs", "src/lines/mapped.rs", "src/measure/allocator.rs"];

/// Calls `check` with each line of code of the library, without comments and literals.
fn each_line(check: impl Fn(&str) -> bool, complaint: &str) {
    for (path, source) in sources() {
        for (line, code) in code_of(&source).lines().enumerate() {
            assert!(check(code), "{}:{}: {complaint}: {code}", path.display(), line + 1);
        }
    }
}

#[test]
fn files_are_short() {
    let tests = files("tests", "rs").into_iter().map(|path| (path.clone(), text(path)));
    for (path, source) in sources().into_iter().chain(tests) {
        let lines = source.lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn imports_are_named_and_written_from_the_root() {
    each_line(|code| !(has_word(code, "use") && code.contains('*')), "a glob import");
    // Inside a file, a small module may import of the rest of the file.
    each_line(|code| !code.starts_with("use super::"), "an import that is relative");
}

#[test]
fn unsafe_code_stays_in_its_seams() {
    let mut unsafe_files = Vec::new();
    for (path, source) in sources() {
        if has_word(&code_of(&source), "unsafe") {
            unsafe_files.push(path);
        }
    }
    assert!(unsafe_files.iter().eq(SEAMS.iter().map(Path::new)), "{unsafe_files:?}");
}

#[test]
fn nothing_panics_or_prints_by_the_way() {
    const METHODS: [&str; 5] =
        [".unwrap()", ".expect(", ".unwrap_err()", ".expect_err(", ".unwrap_unchecked("];
    const MACROS: [&str; 7] =
        ["todo", "unimplemented", "dbg", "println", "eprintln", "print", "eprint"];
    each_line(|code| METHODS.iter().all(|method| !code.contains(method)), "it may panic");
    let calls = |code: &str, name: &str| code.contains(&format!("{name}!")) && has_word(code, name);
    each_line(|code| MACROS.iter().all(|name| !calls(code, name)), "it prints or is unfinished");
}

#[test]
fn every_file_is_declared_as_a_module() {
    for (path, _) in sources() {
        let (folder, name) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let parent = match (name, folder == Path::new("src")) {
            ("lib", _) => continue,
            (_, true) => folder.join("lib.rs"),
            ("mod", false) if folder.parent() == Some(Path::new("src")) => {
                Path::new("src/lib.rs").into()
            }
            ("mod", false) => folder.parent().unwrap().join("mod.rs"),
            (_, false) => folder.join("mod.rs"),
        };
        let module = match name {
            "mod" => folder.file_name().unwrap().to_str().unwrap(),
            name => name,
        };
        let code = code_of(&text(&parent));
        let declared = code.lines().any(|line| {
            let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            line.strip_prefix("mod ").and_then(|line| line.strip_suffix(';')) == Some(module)
        });
        assert!(declared, "{} does not declare {}", parent.display(), path.display());
    }
}

/// A module's `mod.rs` tells its story and names what is public; it decides nothing.
#[test]
fn module_roots_hold_no_logic() {
    for (path, source) in sources() {
        if path.ends_with("mod.rs") || path.ends_with("lib.rs") {
            let code = code_of(&source);
            assert!(!has_word(&code, "fn") && !has_word(&code, "impl"), "{}", path.display());
        }
    }
}

#[test]
fn every_example_of_the_documentation_is_run() {
    let guides = files("guide", "md").into_iter().map(|path| (path.clone(), text(path)));
    for (path, source) in sources().into_iter().chain(guides) {
        for (line, text) in source.lines().enumerate() {
            if let Some((_, attributes)) = text.split_once("```") {
                let skipped = has_word(attributes, "no_run") || has_word(attributes, "ignore");
                assert!(!skipped, "{}:{}: {text}", path.display(), line + 1);
            }
        }
    }
}

#[test]
fn nothing_is_put_off() {
    let words =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("for ", "now")];
    let folders = ["src", "tests", "examples", "benches", "guide", "fixtures"];
    let of_folder = |folder| ["rs", "md", "toml", "sh"].map(|extension| files(folder, extension));
    let top = root().read_dir().unwrap().map(|entry| entry.unwrap().file_name().into());
    let top =
        top.filter(|path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "md"));
    let all = folders.into_iter().flat_map(of_folder).flatten().chain(top);
    for path in all {
        for (line, text) in text(&path).lines().enumerate() {
            for word in words {
                assert!(!has_word(text, word), "{}:{}: {text}", path.display(), line + 1);
            }
        }
    }
}
