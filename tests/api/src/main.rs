//! A library's public API, from what rustdoc wrote with `--output-format json`.
//!
//! - `vidbuf-api list LIBRARY.json`: every item, one a line. What a `derive` makes is one line (`impl Clone for …`). Left out is
//!   what holds for every type.
//! - `vidbuf-api closed LIBRARY.json`: the types that a new field or variant would break for users, and whose documentation, or
//!   that of a module around them, makes no promise: none of them has the words "later version".

use std::collections::HashSet;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use public_api::{Builder, PublicApi};
use rustdoc_types::{Attribute, Crate, Item, ItemEnum, StructKind};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lines = match words[..] {
        ["list", library] => list(Path::new(library))?,
        ["closed", library] => closed(Path::new(library))?,
        _ => return Err("usage: vidbuf-api list|closed LIBRARY.json".into()),
    };
    for line in lines {
        println!("{line}");
    }
    Ok(())
}

fn items(library: &Path, derived: bool) -> Result<PublicApi, public_api::Error> {
    Builder::from_rustdoc_json(library).omit_blanket_impls(true).omit_auto_derived_impls(!derived).build()
}

fn list(library: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let written: HashSet<String> = items(library, false)?.items().map(|item| item.to_string()).collect();
    let all = items(library, true)?;
    let all = all.items().map(|item| item.to_string());
    Ok(all
        .filter(|line| written.contains(line) || line.starts_with("impl"))
        .filter(|line| !is_of_every_type(line))
        .collect())
}

/// Traits that tell a user nothing: every type here has them, or the compiler makes them beside a `derive`.
fn is_of_every_type(line: &str) -> bool {
    ["marker::Freeze for", "marker::Unpin for", "marker::StructuralPartialEq for", "panic::unwind_safe::"]
        .iter()
        .any(|name| line.contains(name))
}

fn closed(library: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let all: Crate = serde_json::from_reader(BufReader::new(File::open(library)?))?;
    let api = items(library, true)?;
    let known = api.items().filter_map(|item| Some((path_of(&item.to_string())?, all.index.get(&item.id())?)));
    let known: Vec<(String, &Item)> = known.collect();
    let promising: Vec<&str> = known.iter().filter(|(_, item)| promises(item)).map(|(path, _)| path.as_str()).collect();
    let promised = |path: &str| {
        promising
            .iter()
            .any(|outer| path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
    };
    let types = known.iter().filter(|(path, item)| is_closed(item, &all) && !promised(path));
    Ok(types.map(|(path, _)| path.clone()).collect())
}

/// The path of a module, structure or enum, without its parameters.
fn path_of(line: &str) -> Option<String> {
    let kinds = ["pub mod ", "pub struct ", "pub enum ", "pub union "];
    let rest = kinds.iter().find_map(|kind| Some(line.split_once(kind)?.1))?;
    Some(rest.split(['<', '(', ' ']).next()?.to_string())
}

fn promises(item: &Item) -> bool {
    item.docs
        .as_deref()
        .is_some_and(|docs| docs.split_whitespace().collect::<Vec<_>>().join(" ").contains("later version"))
}

/// Whether a user can write the type down whole, so that one more field or variant breaks the program.
fn is_closed(item: &Item, all: &Crate) -> bool {
    if item.attrs.contains(&Attribute::NonExhaustive) {
        return false;
    }
    match &item.inner {
        // One without variants has no value, and is never matched.
        ItemEnum::Enum(it) => !it.variants.is_empty(),
        ItemEnum::Struct(it) => match &it.kind {
            StructKind::Unit => true,
            StructKind::Tuple(fields) => {
                fields.iter().all(|field| field.as_ref().is_some_and(|id| all.index.contains_key(id)))
            }
            StructKind::Plain { fields, has_stripped_fields } => !fields.is_empty() && !has_stripped_fields,
        },
        _ => false,
    }
}
