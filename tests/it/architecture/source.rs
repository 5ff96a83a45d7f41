//! The source as modules: what a test needs that looks for something absent from the code.
//!
//! [`crate_modules`] reads `src`; [`Module::new`] takes a text, so that a control can smuggle in what
//! its test forbids. A module's `names` is every path that it names, written out in full; whoever looks
//! for something else visits what [`parsed`] gives.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proc_macro2::{TokenStream, TokenTree};

use super::names::{self, Name};

/// One file of `src`.
pub struct Module {
    /// As in `web::office`; empty for the root of the crate and for `main.rs`.
    pub path: String,
    /// From the folder of the manifest, as in `src/web/office/mod.rs`.
    pub file: String,
    pub text: String,
    /// Every path that the module's code names: in `use` trees, in line, and inside macros.
    ///
    /// `crate::`, `self::`, `super::`, what a `use` brought into scope and children of the module are
    /// written out from the root (`crate::store::Db`); other crates begin with their name
    /// (`sqlx::Row`). Comments and texts name nothing.
    pub names: Vec<Name>,
    /// What stands for another path in this module, by its word.
    pub imports: BTreeMap<String, String>,
}

impl Module {
    /// A module of that path with that text, wherever it came from.
    pub fn new(path: &str, file: &str, text: &str) -> Self {
        let read = names::read(path, &parsed(file, text));
        let (names, imports) = (read.names, read.imports);
        Self { path: path.into(), file: file.into(), text: text.into(), names, imports }
    }

    /// Every word of the module's code outside comments and texts, in order.
    pub fn words(&self) -> Vec<String> {
        let tokens = self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.file));
        words(tokens)
    }

    /// Whether this is the module of that path, or lies inside it.
    pub fn is_in(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

fn words(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) => vec![ident.to_string()],
            TokenTree::Group(group) => words(group.stream()),
            _ => Vec::new(),
        })
        .collect()
}

/// The syntax of a module's text, to be visited.
pub fn parsed(file: &str, text: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every module of the library and the program.
pub fn crate_modules() -> &'static [Module] {
    static MODULES: OnceLock<Vec<Module>> = OnceLock::new();
    MODULES.get_or_init(|| {
        let mut modules: Vec<Module> = rust_files("src")
            .iter()
            .map(|file| Module::new(&module_path(file), &shown(file), &read(file)))
            .collect();
        for of_tests in test_modules(&modules) {
            let inside = modules.iter_mut().filter(|module| module.is_in(&of_tests));
            inside.flat_map(|module| &mut module.names).for_each(|name| name.in_tests = true);
        }
        modules
    })
}

/// Paths of the files that their parents declare for tests only.
fn test_modules(modules: &[Module]) -> Vec<String> {
    let mut found = Vec::new();
    for module in modules.iter().filter(|module| module.text.contains("#[cfg(test)]\nmod ")) {
        let texts = module.text.split("#[cfg(test)]\nmod ").skip(1);
        let words = texts.filter_map(|text| text.split_once(';')).map(|(word, _)| word);
        let whole = words.filter(|word| word.chars().all(|c| c.is_alphanumeric() || c == '_'));
        found.extend(whole.map(|word| format!("{}::{word}", module.path)));
    }
    found
}

/// The crates that the manifest names, as code names them.
pub fn dependencies() -> Vec<String> {
    let manifest = read(&root("Cargo.toml"));
    let sections = manifest.split("\n[").filter(|section| section.contains("dependencies]\n"));
    let lines = sections.flat_map(|section| section.lines().skip(1));
    let names = lines.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    names.map(|name| name.replace('-', "_")).collect()
}

fn module_path(file: &Path) -> String {
    let inside = file.strip_prefix(root("src")).expect("a file of src").with_extension("");
    let mut parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts.join("::")
}

pub fn rust_files(folder: &str) -> Vec<PathBuf> {
    files_below(&root(folder), "rs")
}

/// Files with that extension below `folder`, sorted; none where there is no such folder.
pub fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        if path.is_dir() {
            files.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    files
}

pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

pub fn shown(file: &Path) -> String {
    file.strip_prefix(root("")).unwrap_or(file).display().to_string()
}
