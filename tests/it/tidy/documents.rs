//! What the documents promise, held against the manifest and the sources.

use super::{files, root, text};

/// The features of the manifest but `default`, each with the line above it.
fn features() -> Vec<(String, String)> {
    let manifest = text("Cargo.toml");
    let section = manifest.split("[features]\n").nth(1).expect("a section of features");
    let section = section.split("\n[").next().unwrap();
    let mut above = "";
    let mut features = Vec::new();
    for line in section.lines() {
        if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| !name.starts_with('#')) {
            features.push((name.to_owned(), above.to_owned()));
        }
        above = line;
    }
    features.retain(|(name, _)| name != "default");
    features
}

#[test]
fn every_feature_has_its_reason_and_is_documented() {
    let readme = text("README.md");
    let tour = text("src/lib.rs");
    let tour: String = tour.lines().filter(|line| line.starts_with("//!")).collect();
    let features = features();
    assert!(features.len() >= 4, "{features:?}");
    for (name, above) in features {
        assert!(above.starts_with("# "), "the feature {name} has no comment above it");
        let named = format!("`{name}`");
        assert!(readme.contains(&named) || tour.contains(&named), "{named} is not documented");
    }
}

#[test]
fn every_chapter_of_the_guide_is_compiled() {
    let chapters = files("guide", "md");
    assert!(!chapters.is_empty(), "there is no guide");
    let guide = text("src/guide.rs");
    for chapter in chapters {
        let name = chapter.file_name().unwrap().to_str().unwrap();
        assert!(guide.contains(&format!("guide/{name}\"")), "{name} is not in src/guide.rs");
    }
}

#[test]
fn a_newcomer_needs_two_commands() {
    let readme = text("README.md");
    let commands: Vec<_> = readme.lines().filter(|line| line.starts_with("cargo")).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert_eq!(commands[0], "cargo run --release --example log_report");
    assert!(commands[1].starts_with("cargo test"), "{commands:?}");
}

#[test]
fn the_rust_version_is_stated_once() {
    let manifests = files(".", "toml").into_iter().map(text);
    let lines: Vec<_> = manifests
        .flat_map(|manifest| manifest.lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| line.starts_with("rust-version = ") || line.starts_with("msrv"))
        .collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0], format!("rust-version = \"{}\"", env!("CARGO_PKG_RUST_VERSION")));
}

#[test]
fn both_licences_are_there() {
    assert_eq!(env!("CARGO_PKG_LICENSE"), "MIT OR Apache-2.0");
    assert!(text("LICENSE-MIT").contains("Permission is hereby granted"));
    assert!(text("LICENSE-APACHE").contains("Version 2.0, January 2004"));
}

#[test]
fn the_changelog_knows_this_version() {
    let changelog = text("CHANGELOG.md");
    let version = env!("CARGO_PKG_VERSION");
    let known = changelog.lines().any(|line| line.starts_with("## ") && line.contains(version));
    assert!(known, "CHANGELOG.md has no section for {version}");
}

#[test]
fn every_fixture_has_its_origin() {
    let notice = text("fixtures/README.md");
    let mut folders = vec![root().join("fixtures")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let path = path
                .strip_prefix(root().join("fixtures"))
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            if path != "README.md" {
                assert!(
                    notice.contains(&format!("`{path}`")),
                    "{path} is not in fixtures/README.md"
                );
                count += 1;
            }
        }
    }
    assert!(count > 0, "there are no fixtures");
}
