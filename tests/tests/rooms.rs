//! The rooms of the core: which file imports which. There is no circle, and the errors stand below everything else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// For each file, by its module's path, those that it imports.
type Map = BTreeMap<String, BTreeSet<String>>;

fn files(folder: &Path, module: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        let module = if module.is_empty() { name } else { format!("{module}::{name}") };
        if path.is_dir() {
            files(&path, &module, found);
        } else {
            found.insert(module, fs::read_to_string(path).unwrap());
        }
    }
}

/// Code without comments and tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn map() -> Map {
    let mut found = BTreeMap::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src"), "", &mut found);
    found.remove("lib");
    let imports = |module: &str, text: &str| {
        let code = code(text);
        let named = code.split("crate::").skip(1).filter_map(|rest| {
            let path: String =
                rest.chars().take_while(|letter| letter.is_alphanumeric() || "_:".contains(*letter)).collect();
            let parts: Vec<&str> = path.split("::").collect();
            (1..=parts.len()).rev().map(|length| parts[..length].join("::")).find(|path| found.contains_key(path))
        });
        named.filter(|other| other != module).collect::<BTreeSet<_>>()
    };
    found.iter().map(|(module, text)| (module.clone(), imports(module, text))).collect()
}

/// The files of a circle, if there is one from here.
fn circle(map: &Map, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> Option<Vec<String>> {
    let here = way.last().cloned()?;
    if !done.insert(here.clone()) {
        return None;
    }
    for next in map.get(&here)? {
        if let Some(at) = way.iter().position(|module| module == next) {
            return Some(way[at..].to_vec());
        }
        way.push(next.clone());
        if let Some(found) = circle(map, way, done) {
            return Some(found);
        }
        way.pop();
    }
    None
}

fn first_circle(map: &Map) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    map.keys().find_map(|module| circle(map, &mut vec![module.clone()], &mut done))
}

#[test]
fn no_file_imports_one_that_imports_it() {
    let map = map();
    for (module, imports) in &map {
        println!("{module}: {}", imports.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
    }
    assert!(map.len() > 30, "{} files", map.len());
    assert_eq!(first_circle(&map), None);
}

#[test]
fn errors_stand_below_everything_else() {
    let map = map();
    let below = |module: &str| module.starts_with("error") || module == "plane_count";
    for (module, imports) in map.iter().filter(|(module, _)| module.starts_with("error")) {
        assert!(imports.iter().all(|import| below(import)), "{module} imports {imports:?}");
    }
    assert!(map["plane_count"].is_empty());
}

#[test]
fn circle_is_found() {
    let rooms = |pairs: &[(&str, &[&str])]| -> Map {
        pairs.iter().map(|(from, to)| (from.to_string(), to.iter().map(ToString::to_string).collect())).collect()
    };
    let circular = rooms(&[("a", &["b"]), ("b", &["c", "d"]), ("c", &[]), ("d", &["b"])]);
    assert_eq!(first_circle(&circular), Some(vec!["b".into(), "d".into()]));
    assert_eq!(first_circle(&rooms(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])), None);
}
