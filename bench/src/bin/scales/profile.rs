//! Where the instructions of a frame are, line by line.

use std::error::Error;
use std::fs::read_to_string;
use std::path::Path;

use vidbuf_bench::callgrind;
use vidbuf_bench::figures::Lengths;

/// Fewer instructions a frame are not worth a line.
const LEAST: f64 = 0.5;

/// Prints the profile of each program that was run with source lines: `FOLDER/kernel/OPT/PROGRAM.callgrind`.
pub fn print(folder: &Path, lengths: Lengths) -> Result<(), Box<dyn Error>> {
    for opt in ["3", "z"] {
        for entry in folder.join("kernel").join(opt).read_dir()? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "callgrind") {
                println!("{}, opt-level {opt}", path.file_stem().unwrap_or_default().display());
                print_one(&path, lengths.kernel)?;
            }
        }
    }
    Ok(())
}

fn print_one(path: &Path, frames: f64) -> Result<(), Box<dyn Error>> {
    let parts = callgrind::parse(&read_to_string(path)?);
    let said = read_to_string(path.with_extension("lines"))?;
    let part = |words| said.lines().position(|line| line == words).and_then(|at| parts.get(at + 1));
    let (Some(short), Some(long)) = (part("frame short"), part("frame long")) else {
        return Err(format!("{} has no windows", path.display()).into());
    };
    let a_frame = |(place, &after): (&(String, u32), &u64)| {
        let before = short.lines.get(place).copied().unwrap_or(0);
        (place.clone(), (after as f64 - before as f64) / frames)
    };
    let lines: Vec<_> = long.lines.iter().map(a_frame).filter(|(_, cost)| *cost >= LEAST).collect();
    for ((file, line), cost) in &lines {
        let source = read_to_string(file).unwrap_or_default();
        let source = source.lines().nth(*line as usize - 1).unwrap_or_default().trim();
        let short: Vec<&str> = file.rsplit('/').take(3).collect();
        let short: Vec<&str> = short.into_iter().rev().collect();
        println!("{cost:7.1}  {}:{line}  {source}", short.join("/"));
    }
    println!("{:7.1}  in all", lines.iter().map(|(_, cost)| cost).sum::<f64>());
    Ok(())
}
