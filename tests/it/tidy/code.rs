//! A source's code without its comments and literals.

/// Blanks out comments and literals, and leaves all line ends where they are.
pub(super) fn code_of(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted_len(rest, '"'),
            'r' if !ends_in_word(&code) => raw_len(rest),
            '\'' => char_len(rest),
            _ => 0,
        };
        if len == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            let blanks = rest[..len].chars();
            code.extend(blanks.map(|char| if char == '\n' { '\n' } else { ' ' }));
            rest = &rest[len..];
        }
    }
    code
}

/// Tells whether a word that comes next would go on with the last one; a `b` of `br"…"` is none.
fn ends_in_word(code: &str) -> bool {
    let before = code.strip_suffix('b').unwrap_or(code);
    before.chars().next_back().is_some_and(|char| char.is_alphanumeric() || char == '_')
}

fn quoted_len(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a raw string, or 0 if none begins here.
fn raw_len(text: &str) -> usize {
    let hashes = text[1..].chars().take_while(|&char| char == '#').count();
    let body = 1 + hashes;
    if !text[body..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    text[body + 1..].find(&end).map_or(text.len(), |index| body + 1 + index + end.len())
}

/// The length of a character literal, or 0 if a lifetime begins here.
fn char_len(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted_len(text, '\''),
        _ => 0,
    }
}

/// Tells whether `word` stands in `code` as a word of its own.
pub(super) fn has_word(code: &str, word: &str) -> bool {
    let is_part =
        |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
    code.match_indices(word).any(|(index, _)| {
        !is_part(code[..index].chars().next_back())
            && !is_part(code[index + word.len()..].chars().next())
    })
}

#[test]
fn comments_and_literals_are_blanked() {
    let source = "let a = \"// \\\" unsafe\"; // unsafe\n/* unsafe\n */ b('\\'', b'\"', 'a, r#\"\"unsafe\"#);";
    let code = code_of(source);
    assert_eq!(code.len(), source.len());
    assert_eq!(code.lines().count(), 3);
    assert!(!has_word(&code, "unsafe"), "{code}");
    assert!(code.contains("'a, ") && code.ends_with(");"), "{code}");
    assert!(has_word("an unsafe fn", "unsafe") && !has_word("unsafe_code", "unsafe"));
}
