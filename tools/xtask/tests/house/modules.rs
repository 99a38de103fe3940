//! The modules of one crate as its sources say: what each defines, and which other modules it needs.
//!
//! It reads text, not types. A path is followed through `use` to the module that *defines* the item, so a parent
//! that only re-exports what its children define is needed by nobody for it. What no path names, such as a
//! method of a value, needs nothing. Modules and functions of tests are left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Item, UseTree, Visibility, visit::Visit};

/// Imports that lead to further imports are followed this often; a path that goes on is nobody's.
const FOLLOWED: usize = 32;

/// Which file needs which other, and the names that it takes from it.
pub(crate) type Needs = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// A module: a file, or a part of one.
#[derive(Default)]
struct Module {
    file: String,
    /// None: the crate itself.
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    defined: BTreeSet<String>,
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    /// Every path that its code names.
    named: Vec<Vec<String>>,
}

/// The crate whose first file is `root`; `files` has the text of every file by its path.
pub(crate) fn needs(files: &BTreeMap<String, String>, root: &str) -> Needs {
    let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut reader = Reader { files, modules: Vec::new() };
    reader.file(root, folder, None);
    let modules = reader.modules;
    let mut found = Needs::new();
    for (id, module) in modules.iter().enumerate() {
        for path in &module.named {
            let Some(owner) = resolve(&modules, id, path, FOLLOWED) else { continue };
            let owner = &modules[owner].file;
            if *owner != module.file {
                let names = found.entry(module.file.clone()).or_default().entry(owner.clone()).or_default();
                names.insert(path.last().cloned().unwrap_or_default());
            }
        }
    }
    found
}

/// The names of the modules that this text declares in files of their own: words in comments do not count.
pub(crate) fn declared(text: &str) -> BTreeSet<String> {
    fn collect(items: &[Item], found: &mut BTreeSet<String>) {
        for item in items {
            let Item::Mod(item) = item else { continue };
            match &item.content {
                Some((_, items)) => collect(items, found),
                None => drop(found.insert(item.ident.to_string())),
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(&parsed("a file", text).items, &mut found);
    found
}

fn parsed(name: &str, text: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The module that defines what `path` names, as `at` sees it. None: another crate's, a module, or a local name.
fn resolve(modules: &[Module], at: usize, path: &[String], left: usize) -> Option<usize> {
    let (name, rest) = path.split_first()?;
    let left = left.checked_sub(1)?;
    let module = &modules[at];
    let onward = |to: usize| resolve(modules, to, rest, left);
    match name.as_str() {
        "crate" => return onward(0),
        "self" => return onward(at),
        "super" => return onward(module.parent?),
        _ => {}
    }
    if let (Some(child), false) = (module.children.get(name), rest.is_empty()) {
        return onward(*child);
    }
    if module.defined.contains(name) {
        return Some(at);
    }
    let through = |import: &Vec<String>| {
        let whole: Vec<String> = import.iter().chain(rest).cloned().collect();
        resolve(modules, at, &whole, left)
    };
    module.imports.get(name).and_then(through).or_else(|| {
        module.globs.iter().find_map(|glob| {
            let whole: Vec<String> = glob.iter().chain(path).cloned().collect();
            resolve(modules, at, &whole, left)
        })
    })
}

struct Reader<'a> {
    files: &'a BTreeMap<String, String>,
    modules: Vec<Module>,
}

impl Reader<'_> {
    /// Reads a file whose children lie in `folder`.
    fn file(&mut self, name: &str, folder: &str, parent: Option<usize>) -> usize {
        let text = self.files.get(name).unwrap_or_else(|| panic!("{name} is declared and not there"));
        self.module(name, folder, parent, &parsed(name, text).items)
    }

    fn module(&mut self, file: &str, folder: &str, parent: Option<usize>, items: &[Item]) -> usize {
        let id = self.modules.len();
        self.modules.push(Module { file: file.to_owned(), parent, ..Module::default() });
        for item in items.iter().filter(|item| !is_of_tests(attributes(item))) {
            self.item(id, file, folder, item);
        }
        id
    }

    fn item(&mut self, id: usize, file: &str, folder: &str, item: &Item) {
        match item {
            Item::Mod(inner) => {
                let name = inner.ident.to_string();
                let below = join(folder, &name);
                let child = match &inner.content {
                    Some((_, items)) => self.module(file, &below, Some(id), items),
                    None => self.file(&self.place_of(&below), &below, Some(id)),
                };
                self.modules[id].children.insert(name, child);
            }
            Item::Use(item) => self.import(id, item),
            _ => {
                self.modules[id].defined.extend(name_of(item));
                self.modules[id].named.extend(paths_in(|visitor| visitor.visit_item(item)));
            }
        }
    }

    fn place_of(&self, module: &str) -> String {
        let [flat, deep] = [format!("{module}.rs"), format!("{module}/mod.rs")];
        if self.files.contains_key(&flat) { flat } else { deep }
    }

    /// A private import is there to be used; one that is handed on is no need of this module's own.
    fn import(&mut self, id: usize, item: &syn::ItemUse) {
        let module = &mut self.modules[id];
        for (name, path) in imports(&item.tree) {
            if matches!(item.vis, Visibility::Inherited) {
                module.named.push(path.clone());
            }
            match name {
                Some(name) => drop(module.imports.insert(name, path)),
                None => module.globs.push(path),
            }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Each name that a `use` brings in, with what it stands for. None: everything in there.
fn imports(tree: &UseTree) -> Vec<(Option<String>, Vec<String>)> {
    fn collect(tree: &UseTree, before: &[String], found: &mut Vec<(Option<String>, Vec<String>)>) {
        let with = |name: &syn::Ident| {
            let name = (name != "self").then(|| name.to_string());
            before.iter().cloned().chain(name).collect::<Vec<_>>()
        };
        match tree {
            UseTree::Path(path) if path.ident == "self" && before.is_empty() => {
                collect(&path.tree, &["self".to_owned()], found);
            }
            UseTree::Path(path) => collect(&path.tree, &with(&path.ident), found),
            UseTree::Name(name) => {
                let whole = with(&name.ident);
                found.push((whole.last().cloned(), whole));
            }
            UseTree::Rename(rename) => found.push((Some(rename.rename.to_string()), with(&rename.ident))),
            UseTree::Glob(_) => found.push((None, before.to_vec())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| collect(tree, before, found)),
        }
    }
    let mut found = Vec::new();
    collect(tree, &[], &mut found);
    found
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`, alone or with further conditions that must all hold.
fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Ok(condition) = attribute.meta.require_list() else { return false };
        let condition = condition.tokens.to_string().replace(' ', "");
        attribute.path().is_ident("cfg") && (condition == "test" || condition.starts_with("all(test,"))
    })
}

fn paths_in(visit: impl FnOnce(&mut Paths)) -> Vec<Vec<String>> {
    let mut paths = Paths(Vec::new());
    visit(&mut paths);
    paths.0
}

/// Collects every path in a piece of code.
struct Paths(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Paths {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.0.extend(imports(&item.tree).into_iter().map(|(_, path)| path));
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        tokens(call.tokens.clone(), &mut self.0);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_of_tests(&item.attrs) {
            syn::visit::visit_impl_item_fn(self, item);
        }
    }

    /// Neither says what the code needs.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// Everything in a macro's call that looks like a path: words with `::` between them, and not after a dot.
fn tokens(stream: TokenStream, found: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = Vec::new();
    let mut colons = 0;
    let mut after_dot = false;
    for token in stream {
        match token {
            TokenTree::Ident(word) => {
                if colons != 2 && !path.is_empty() {
                    found.push(std::mem::take(&mut path));
                }
                if !after_dot {
                    path.push(word.to_string());
                }
                (colons, after_dot) = (0, false);
            }
            TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
            other => {
                found.extend((!path.is_empty()).then(|| std::mem::take(&mut path)));
                after_dot = matches!(&other, TokenTree::Punct(sign) if sign.as_char() == '.');
                colons = 0;
                if let TokenTree::Group(group) = other {
                    tokens(group.stream(), found);
                }
            }
        }
    }
    found.extend((!path.is_empty()).then_some(path));
}
