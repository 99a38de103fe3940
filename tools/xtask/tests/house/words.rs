//! Words that nobody can search for, in the names of what the product is made of. The field has others, and so has docs/GLOSSARY.md.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// Each with what to say instead.
const PRIVATE: &[(&str, &str)] = &[
    ("told", "sent, published, delivered"),
    ("untold", "not sent"),
    ("hear", "receive, deliver, on_…"),
    ("hears", "receives, delivers"),
    ("hearing", "receiving"),
    ("heard", "received"),
    ("unheard", "not received"),
    ("ghost", "fenced connection"),
    ("ghosts", "fenced connections"),
    ("shelf", "shard"),
    ("shelves", "shards"),
];

/// The names in a file that have such a word in them, with what to say instead. Comments and texts are prose, and tests at the end of a
/// file are sentences: neither counts.
pub(crate) fn private_words(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let tokens: TokenStream = code.parse().unwrap_or_else(|error| panic!("{error}: {code}"));
    let mut names = BTreeSet::new();
    collect(tokens, &mut names);
    names
        .into_iter()
        .filter_map(|name| {
            let words = words_of(&name);
            let (_, instead) = PRIVATE.iter().find(|(word, _)| words.iter().any(|it| it == word))?;
            Some(format!("`{name}` ({instead})"))
        })
        .collect()
}

fn collect(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => drop(names.insert(name.to_string())),
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// `MostTold`, `most_told` and `MOST_TOLD` are the same two words.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c != '_') {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

#[test]
fn private_words_are_found_in_names_and_nowhere_else() {
    for found in
        ["struct ToldPresence;", "const MAX_UNHEARD: u8 = 0;", "fn f() { self.told_at; }", "fn hear() {}"]
    {
        assert_eq!(private_words(found).len(), 1, "{found}");
    }
    for fine in [
        "/// Whoever is told has heard it.\nstruct Heart;",
        "const A: &str = \"told\";",
        "fn heartbeat() {}",
        "#[cfg(test)]\nmod tests { fn nobody_is_told_twice() {} }",
    ] {
        assert!(private_words(fine).is_empty(), "{fine}");
    }
}
