//! What callgrind wrote: instructions and calls, function by function, in parts that end where a program printed a line.
//!
//! The format is `cl-format` of valgrind's manual, of which only what `--dump-before=mark --combine-dumps=yes` writes is read.

use std::collections::{BTreeMap, HashMap};

/// What one function did in one part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Function {
    /// Instructions of its own.
    pub own: u64,
    /// How often it was called.
    pub calls: u64,
    /// Instructions of its own and of all that it called.
    pub inclusive: u64,
}

/// From one mark to the next.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// All instructions.
    pub total: u64,
    /// By name.
    pub functions: BTreeMap<String, Function>,
    /// Instructions by source file and line, also of what was inlined; without the pages' [`touch`](crate::marks::touch).
    pub lines: BTreeMap<(String, u32), u64>,
}

impl Part {
    /// What a function did, nothing if it did not run.
    pub fn function(&self, name: &str) -> Function {
        self.functions.get(name).copied().unwrap_or_default()
    }

    /// Calls of the C library's allocator, by whatever name.
    pub fn allocations(&self) -> u64 {
        let names = ["malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign"];
        names.iter().map(|name| self.function(name).calls).sum()
    }
}

/// The parts of one run, in order; the first is what came before the first mark.
pub fn parse(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut names, mut files) = (HashMap::new(), HashMap::new());
    let (mut current, mut file, mut callee) = (String::new(), String::new(), None);
    for line in text.lines() {
        if line.starts_with("part: ") {
            parts.push(Part::default());
            continue;
        }
        let Some(part) = parts.last_mut() else { continue };
        if let Some(name) = line.strip_prefix("fn=") {
            current = full_name(&mut names, name);
        } else if let Some(name) = ["fl=", "fi=", "fe="].iter().find_map(|word| line.strip_prefix(word)) {
            file = full_name(&mut files, name);
        } else if let Some(name) = ["cfi=", "cfl="].iter().find_map(|word| line.strip_prefix(word)) {
            full_name(&mut files, name);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            callee = Some((full_name(&mut names, name), 0));
        } else if let Some(call) = line.strip_prefix("calls=") {
            if let Some((_, calls)) = &mut callee {
                *calls = call.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0);
            }
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            let cost = line.rsplit(' ').next().and_then(|cost| cost.parse().ok()).unwrap_or(0);
            if let Some((name, calls)) = callee.take() {
                let function = part.functions.entry(name).or_default();
                function.calls += calls;
                function.inclusive += cost;
            } else {
                part.total += cost;
                part.functions.entry(current.clone()).or_default().own += cost;
                // Absolute with --compress-pos=no, which the profile asks for.
                let number = line.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
                if number > 0 && current != "touch" {
                    *part.lines.entry((file.clone(), number)).or_default() += cost;
                }
            }
        }
    }
    parts
}

/// A name is written out once, as `(7) name`, and is `(7)` from then on.
fn full_name(names: &mut HashMap<String, String>, written: &str) -> String {
    match written.split_once(' ') {
        Some((number, name)) => {
            names.insert(number.to_string(), name.to_string());
            name.to_string()
        }
        None => names.get(written).cloned().unwrap_or_else(|| written.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Function, parse};

    #[test]
    fn calls_and_own_instructions_are_told_apart_and_names_remembered() {
        let text = "version: 1\npart: 1\npositions: line\nevents: Ir\n\nfl=(1) a.rs\nfn=(1) main\n0 7\ncfn=(2) malloc\ncalls=3 0\n0 90\n\n\
                    fn=(2)\n0 90\n\npart: 2\nfl=(1)\nfn=(1)\n3 5\nfi=(2) b.rs\n9 2\ncfn=(2)\ncalls=1 0\n* 30\nfn=(2)\n0 30\n";
        let parts = parse(text);
        assert_eq!(parts.iter().map(|part| part.total).collect::<Vec<_>>(), [97, 37]);
        assert_eq!(parts[0].function("malloc"), Function { own: 90, calls: 3, inclusive: 90 });
        assert_eq!(parts[1].function("main"), Function { own: 7, calls: 0, inclusive: 0 });
        assert_eq!(parts[1].lines, [(("a.rs".to_string(), 3), 5), (("b.rs".to_string(), 9), 2)].into());
        assert_eq!(parts.iter().map(|part| part.allocations()).collect::<Vec<_>>(), [3, 1]);
    }
}
