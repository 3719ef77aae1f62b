//! Budgets, and whether the figures keep them.

use std::collections::BTreeMap;

use crate::figures::Figures;

/// The contents of `budgets.toml`.
#[derive(Clone, Debug, Default)]
pub struct Budgets {
    /// The most that a figure may be.
    pub most: BTreeMap<String, f64>,
    /// By how many percent the figures of a family, such as one with more and more buffers, may exceed the first.
    pub flat: BTreeMap<String, f64>,
}

impl Budgets {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let section = |name: &str| -> Result<BTreeMap<String, f64>, String> {
            let section = table.get(name).and_then(toml::Value::as_table).ok_or(format!("no section [{name}]"))?;
            let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|number| number as f64));
            let entry = |(key, value)| Ok((String::clone(key), number(value).ok_or(format!("{key} is no number"))?));
            section.iter().map(entry).collect()
        };
        Ok(Self { most: section("most")?, flat: section("flat")? })
    }
}

/// One budget and what came of it.
#[derive(Debug)]
pub struct Line {
    /// Which figure, or family.
    pub name: String,
    /// Whether it is kept.
    pub kept: bool,
    /// In words.
    pub words: String,
}

/// Weighs every budget. A figure that was not measured breaks its budget.
pub fn weigh(budgets: &Budgets, figures: &Figures) -> Vec<Line> {
    let most = budgets.most.iter().map(|(name, &most)| match figures.number(name) {
        Some(number) => {
            let kept = number <= most;
            Line { name: name.clone(), kept, words: format!("{} of at most {most}", short(number)) }
        }
        None => Line { name: name.clone(), kept: false, words: "not measured".to_string() },
    });
    let flat = budgets.flat.iter().map(|(family, &percent)| {
        let curve = curve(figures, family);
        let kept = curve.len() > 1 && curve.iter().all(|(_, number)| *number <= curve[0].1 * (1.0 + percent / 100.0));
        let points: Vec<String> = curve.iter().map(|(size, number)| format!("{size}: {}", short(*number))).collect();
        Line { name: family.clone(), kept, words: format!("within {percent} % of the first: {}", points.join(", ")) }
    });
    most.chain(flat).collect()
}

/// The members of a family, `core.3.buffers.instructions` being `core.3.buffers-2.instructions` and so on, by size.
pub fn curve(figures: &Figures, family: &str) -> Vec<(u32, f64)> {
    let Some((family, figure)) = family.rsplit_once('.') else { return Vec::new() };
    let size = |name: &str| {
        name.strip_prefix(family)?.strip_prefix('-')?.strip_suffix(figure)?.strip_suffix('.')?.parse().ok()
    };
    let mut curve: Vec<(u32, f64)> =
        figures.numbers.iter().filter_map(|(name, &number)| Some((size(name)?, number))).collect();
    curve.sort_by_key(|(size, _)| *size);
    curve
}

/// A number with as many decimals as it is worth.
pub fn short(number: f64) -> String {
    if number == number.round() { format!("{number:.0}") } else { format!("{number:.2}") }
}

#[cfg(test)]
mod tests {
    use super::{Budgets, weigh};
    use crate::figures::Figures;

    fn broken(budgets: &str) -> Vec<String> {
        let mut figures = Figures::default();
        for (name, number) in [("a.x", 60.0), ("b-2.x", 100.0), ("b-4.x", 104.0), ("b-16.x", 106.0), ("c-1.x", 1.0)] {
            figures.numbers.insert(name.to_string(), number);
        }
        let budgets = Budgets::parse(budgets).unwrap();
        weigh(&budgets, &figures).into_iter().filter(|line| !line.kept).map(|line| line.name).collect()
    }

    #[test]
    fn kept_budgets_are_kept() {
        assert!(broken("[most]\n\"a.x\" = 60\n[flat]\n\"b.x\" = 6\n").is_empty());
    }

    #[test]
    fn figure_above_its_budget_breaks_it() {
        assert_eq!(broken("[most]\n\"a.x\" = 59.9\n[flat]\n"), ["a.x"]);
    }

    #[test]
    fn figure_that_was_not_measured_breaks_its_budget() {
        assert_eq!(broken("[most]\n\"a.y\" = 1\n[flat]\n\"d.x\" = 5\n"), ["a.y", "d.x"]);
    }

    #[test]
    fn curve_that_grows_breaks_its_budget_and_so_does_one_of_a_single_point() {
        assert_eq!(broken("[most]\n[flat]\n\"b.x\" = 5\n\"c.x\" = 5\n"), ["b.x", "c.x"]);
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Budgets::parse("[most]\n\"a\" = \"many\"\n[flat]\n").is_err());
        assert!(Budgets::parse("[most]\n").is_err());
    }
}
