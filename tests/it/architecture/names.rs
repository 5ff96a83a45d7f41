//! Every path that a module names, written out in full.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A path where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Written out, as in `crate::store::Db` or `sqlx::Row`.
    pub path: String,
    pub line: usize,
    /// Inside a module that only tests compile.
    pub in_tests: bool,
    /// In a `pub use`: others may take it from here under another name.
    pub offered: bool,
    /// Ends in `*`: all that is there.
    pub everything: bool,
}

impl Name {
    /// Whether this is `path` or something inside it.
    pub fn is_in(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

/// What [`read`] finds in a file.
pub struct Read {
    pub names: Vec<Name>,
    pub imports: BTreeMap<String, String>,
}

/// Reads a file that is the module of that path.
pub fn read(path: &str, syntax: &syn::File) -> Read {
    let root = if path.is_empty() { "crate".into() } else { format!("crate::{path}") };
    let imports = imports(&root, &syntax.items);
    let mut reader = Reader {
        scopes: vec![Scope { path: root, words: imports.clone() }],
        in_tests: only_tests(&syntax.attrs),
        names: Vec::new(),
    };
    reader.visit_file(syntax);
    reader.names.sort_by(|a, b| (a.line, &a.path).cmp(&(b.line, &b.path)));
    reader.names.dedup();
    Read { names: reader.names, imports }
}

/// What a module brings into scope: for each word the path it stands for.
fn imports(path: &str, items: &[syn::Item]) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    for item in items {
        match item {
            syn::Item::Use(item) => {
                for leaf in leaves(&item.tree) {
                    if let Some(word) = leaf.word {
                        words.insert(word, absolute(&leaf.segments, path));
                    }
                }
            }
            syn::Item::Mod(item) => {
                words.insert(item.ident.to_string(), format!("{path}::{}", item.ident));
            }
            _ => {}
        }
    }
    let once = words.clone();
    for target in words.values_mut() {
        // `mod a; use a::Thing;`: the target begins with another word.
        if let Some((first, rest)) = target.split_once("::")
            && let Some(leads) = once.get(first).filter(|leads| *leads != first)
        {
            *target = format!("{leads}::{rest}");
        }
    }
    words
}

/// One line of a flattened `use`; no word where it ends in `*` or `_`.
struct Leaf {
    segments: Vec<String>,
    word: Option<String>,
    everything: bool,
    span: Span,
}

fn leaves(tree: &syn::UseTree) -> Vec<Leaf> {
    fn walk(tree: &syn::UseTree, before: &[String], found: &mut Vec<Leaf>) {
        let with = |ident: &syn::Ident| {
            let named = (ident != "self").then(|| ident.to_string());
            if before.is_empty() {
                vec![ident.to_string()]
            } else {
                before.iter().cloned().chain(named).collect()
            }
        };
        match tree {
            syn::UseTree::Path(path) => walk(&path.tree, &with(&path.ident), found),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| walk(tree, before, found));
            }
            syn::UseTree::Name(name) => {
                let segments = with(&name.ident);
                let word = segments.last().cloned();
                found.push(Leaf { segments, word, everything: false, span: name.ident.span() });
            }
            syn::UseTree::Rename(rename) => {
                let word = Some(rename.rename.to_string()).filter(|word| word != "_");
                let (segments, span) = (with(&rename.ident), rename.ident.span());
                found.push(Leaf { segments, word, everything: false, span });
            }
            syn::UseTree::Glob(glob) => found.push(Leaf {
                segments: before.to_vec(),
                word: None,
                everything: true,
                span: glob.star_token.spans[0],
            }),
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

/// The path from the root, where it begins with `crate`, `self` or `super`; else as it is.
fn absolute(segments: &[String], here: &str) -> String {
    let mut at: Vec<&str> = here.split("::").collect();
    let mut rest = segments;
    match rest.first().map(String::as_str) {
        Some("self" | "super") => {}
        // The program's name for its library.
        Some("crate" | "turnout") => {
            at = vec!["crate"];
            rest = &rest[1..];
        }
        _ => return segments.join("::"),
    }
    while let Some(step @ ("self" | "super")) = rest.first().map(String::as_str) {
        if step == "super" {
            at.pop();
        }
        rest = &rest[1..];
    }
    at.extend(rest.iter().map(String::as_str));
    at.join("::")
}

struct Scope {
    path: String,
    words: BTreeMap<String, String>,
}

impl Scope {
    fn of(path: String, items: &[syn::Item]) -> Self {
        Self { words: imports(&path, items), path }
    }
}

struct Reader {
    scopes: Vec<Scope>,
    in_tests: bool,
    names: Vec<Name>,
}

impl Reader {
    fn here(&self) -> &str {
        self.scopes.last().map_or("crate", |scope| &scope.path)
    }

    fn found(&mut self, path: String, span: Span) -> &mut Name {
        let (line, in_tests) = (span.start().line, self.in_tests);
        self.names.push(Name { path, line, in_tests, offered: false, everything: false });
        self.names.last_mut().expect("the one just found")
    }

    /// A path in line. One word alone names what a `use` or the module itself has named already.
    fn in_line(&mut self, segments: &[String], span: Span) {
        let [first, rest @ ..] = segments else { return };
        if rest.is_empty() {
            return;
        }
        let scoped = self.scopes.iter().rev().find_map(|scope| scope.words.get(first));
        let path = match scoped {
            Some(path) if path != first => format!("{path}::{}", rest.join("::")),
            _ => absolute(segments, self.here()),
        };
        self.found(path, span);
    }

    /// Paths among the words of a macro or an attribute, which have no syntax of their own.
    fn in_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut began = Span::call_site();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.in_line(&std::mem::take(&mut path), began);
                    }
                    if path.is_empty() {
                        began = ident.span();
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.in_line(&std::mem::take(&mut path), began);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.in_tokens(group.stream());
                    }
                }
            }
        }
        self.in_line(&path, began);
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((_, items)) = &item.content else { return };
        let before = self.in_tests;
        self.in_tests |= only_tests(&item.attrs);
        self.scopes.push(Scope::of(format!("{}::{}", self.here(), item.ident), items));
        visit::visit_item_mod(self, item);
        self.scopes.pop();
        self.in_tests = before;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let offered = !matches!(item.vis, syn::Visibility::Inherited);
        for leaf in leaves(&item.tree) {
            let first = leaf.segments.first().cloned().unwrap_or_default();
            let own = self.scopes.last().and_then(|scope| scope.words.get(&first));
            let path = match own {
                // Begins with what another `use` brought here, or with a child named without `self::`.
                Some(path) if *path != first && leaf.segments.len() > 1 => {
                    format!("{path}::{}", leaf.segments[1..].join("::"))
                }
                _ => absolute(&leaf.segments, self.here()),
            };
            let everything = leaf.everything;
            let name = self.found(path, leaf.span);
            (name.offered, name.everything) = (offered, everything);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.in_line(&segments, first.ident.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        self.in_tokens(called.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.visit_path(&list.path);
        self.in_tokens(list.tokens.clone());
    }
}

fn only_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        list.path.is_ident("cfg") && list.tokens.to_string() == "test"
    })
}
