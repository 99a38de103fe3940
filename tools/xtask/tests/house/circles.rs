//! Circles of files: each needs the next, and the last the first, so none can be read, tested or moved alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::modules::Needs;

/// Files that need each other.
pub(crate) struct Circle {
    pub(crate) files: BTreeSet<String>,
    /// What ties them, a line each.
    pub(crate) ties: String,
}

/// Circles that are not known, and known ones that are not there: what is listed neither grows nor outlives its cause.
pub(crate) fn mistakes(found: &[Circle], known: &[(&[&str], &str)]) -> Vec<String> {
    let is =
        |files: &[&str], circle: &Circle| files.iter().copied().eq(circle.files.iter().map(String::as_str));
    let new = found.iter().filter(|circle| !known.iter().any(|(files, _)| is(files, circle)));
    let new = new.map(|circle| {
        format!("these need each other; move what is named into a file below both:\n{}", circle.ties)
    });
    let gone = known.iter().filter(|(files, _)| !found.iter().any(|circle| is(files, circle)));
    let gone = gone.map(|(files, _)| format!("{files:?} is no circle any more: take it from the list"));
    new.chain(gone).collect()
}

/// The files of each circle; a file is in one at most.
pub(crate) fn circles(needs: &Needs) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        needs.keys().map(|file| (file.as_str(), reached_from(needs, file))).collect();
    let leads = |from: &str, to: &str| reached.get(from).is_some_and(|files| files.contains(to));
    let in_a_circle = needs.keys().filter(|file| leads(file, file));
    let circle_of = |file: &String| {
        needs.keys().filter(|other| leads(file, other) && leads(other, file)).cloned().collect()
    };
    in_a_circle.map(circle_of).collect::<BTreeSet<BTreeSet<String>>>().into_iter().collect()
}

/// Every file that this one needs, or that those need.
fn reached_from<'a>(needs: &'a Needs, file: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&str> = vec![file];
    while let Some(file) = next.pop() {
        let needed = needs.get(file).into_iter().flat_map(BTreeMap::keys).map(String::as_str);
        next.extend(needed.filter(|file| found.insert(*file)));
    }
    found
}

/// What ties the files of a circle, for whoever has to untie it.
pub(crate) fn ties(needs: &Needs, circle: &BTreeSet<String>) -> String {
    let mut lines = Vec::new();
    for file in circle {
        for (other, names) in needs.get(file).into_iter().flatten() {
            if circle.contains(other) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                lines.push(format!("  {file} -> {other}: {}", names.join(", ")));
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, BTreeSet, Circle, circles, mistakes, ties};
    use crate::modules;

    /// The circles of a crate of these files, each as the files' names.
    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        circles(&needs(files)).into_iter().map(|circle| circle.into_iter().collect()).collect()
    }

    fn needs(files: &[(&str, &str)]) -> modules::Needs {
        let files: BTreeMap<String, String> =
            files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        modules::needs(&files, "lib.rs")
    }

    #[test]
    fn two_modules_that_use_each_other_are_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A(B);"),
            ("b.rs", "pub struct B; fn f(_: super::a::A) {}"),
        ];
        assert_eq!(found(&files), [["a.rs", "b.rs"]]);
        let circle: BTreeSet<String> = ["a.rs", "b.rs"].map(str::to_owned).into();
        assert_eq!(ties(&needs(&files), &circle), "  a.rs -> b.rs: B\n  b.rs -> a.rs: A");
    }

    #[test]
    fn a_circle_of_three_is_found_across_folders_and_what_only_leads_to_it_is_not_in_it() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            ("a.rs", "pub fn a() { crate::b::inner::b() }"),
            ("b/mod.rs", "pub mod inner;"),
            ("b/inner.rs", "use crate::c; pub fn b() { c::c() }"),
            ("c.rs", "pub fn c() { vec![crate::a::a()]; }"),
            ("d.rs", "use crate::a::a; fn d() { a() }"),
        ];
        assert_eq!(found(&files), [["a.rs", "b/inner.rs", "c.rs"]]);
    }

    #[test]
    fn a_parent_that_hands_on_what_its_children_define_is_in_no_circle() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use self::{a::A, b::*};"),
            ("a.rs", "use crate::B; pub struct A(B);"),
            ("b.rs", "pub struct B;"),
        ];
        assert_eq!(found(&files), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_circle_through_what_a_parent_hands_on_is_one_of_those_who_define_it() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use self::{a::A, b::*};"),
            ("a.rs", "use crate::B; pub struct A(B);"),
            ("b.rs", "pub struct B(Box<crate::A>);"),
        ];
        assert_eq!(found(&files), [["a.rs", "b.rs"]]);
    }

    #[test]
    fn a_parent_that_calls_the_child_that_needs_it_is_in_a_circle() {
        let files = [
            ("lib.rs", "mod a;"),
            ("a.rs", "mod deep; pub struct A; fn f() { deep::new() }"),
            ("a/deep.rs", "use super::A; pub fn new() -> A { A }"),
        ];
        assert_eq!(found(&files), [["a.rs", "a/deep.rs"]]);
    }

    #[test]
    fn modules_and_functions_of_tests_do_not_count() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub fn a() {} #[cfg(test)] mod tests { use crate::b::b; fn f() { b() } }"),
            ("b.rs", "use crate::a::a; pub fn b() { a() } #[cfg(all(test, unix))] mod more;"),
        ];
        assert_eq!(found(&files), Vec::<Vec<String>>::new());
    }

    #[test]
    fn comments_fields_and_names_of_other_crates_need_nothing() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub fn a(it: b::B) { it.b; println!(\"{}\", it.b); } // crate::b::B"),
            ("b.rs", "use crate::a::a; pub fn b() { a(vec![]) }"),
        ];
        assert_eq!(found(&files), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_declaration_in_a_comment_or_a_text_declares_nothing() {
        let text = "mod a; // mod b;\n/* mod c; */ const D: &str = \"mod d;\"; mod e { mod f; }";
        assert_eq!(modules::declared(text), ["a", "f"].map(str::to_owned).into());
    }

    #[test]
    fn a_known_circle_may_neither_grow_nor_stay_listed_when_it_is_gone() {
        let found = [Circle { files: ["a.rs", "b.rs"].map(str::to_owned).into(), ties: "a and b".into() }];
        assert_eq!(mistakes(&found, &[(&["a.rs", "b.rs"], "why")]), [""; 0]);
        assert!(mistakes(&found, &[])[0].contains("a and b"), "it is new");
        assert_eq!(mistakes(&[], &[(&["a.rs", "b.rs"], "why")]).len(), 1, "it is gone");
        let smaller: &[&str] = &["a.rs"];
        assert_eq!(mistakes(&found, &[(smaller, "why")]).len(), 2, "it has grown");
    }
}
