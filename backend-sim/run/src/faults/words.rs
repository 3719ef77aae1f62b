//! Words of a line, with their places.

use core::fmt;

/// A line that cannot be, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1; 0 for a line that is not of a file.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// What to write.
    pub advice: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "column {}: {}", self.column, self.advice),
            line => write!(f, "line {line}, column {}: {}", self.column, self.advice),
        }
    }
}

/// The words of a line, one after the other.
#[derive(Clone, Debug)]
pub struct Words<'t> {
    line: usize,
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    /// Of a line, without its comment.
    pub fn new(line: usize, text: &'t str) -> Self {
        let text = text.split('#').next().unwrap_or_default().trim_end();
        Self { line, text, at: 0 }
    }

    /// The next word, which stays.
    pub fn peek(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].split_whitespace().next()
    }

    /// The next word.
    pub fn next(&mut self) -> Option<&'t str> {
        let word = self.peek()?;
        self.at += word.len();
        Some(word)
    }

    /// Whether the next word is this one.
    pub fn is(&mut self, word: &str) -> bool {
        self.peek() == Some(word)
    }

    /// How many words there still are.
    pub fn len(&self) -> usize {
        self.text[self.at..].split_whitespace().count()
    }

    /// Takes the next word if it is this one.
    pub fn take(&mut self, word: &str) -> bool {
        self.is(word) && self.next().is_some()
    }

    /// The next word as a value.
    ///
    /// # Errors
    ///
    /// There is none, or it is no such value; `what` is what it should be.
    pub fn value<T>(&mut self, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Mistake> {
        match self.peek().and_then(read) {
            Some(value) => {
                self.next();
                Ok(value)
            }
            None => Err(self.mistake(&format!("use {what} here"))),
        }
    }

    /// The next word as a number.
    ///
    /// # Errors
    ///
    /// As [`value`](Self::value).
    pub fn number(&mut self, what: &str) -> Result<u32, Mistake> {
        self.value(what, |word| word.parse().ok())
    }

    /// The line ends here.
    ///
    /// # Errors
    ///
    /// It does not.
    pub fn end(&mut self) -> Result<(), Mistake> {
        match self.peek() {
            None => Ok(()),
            Some(word) => Err(self.mistake(&format!("'{word}' is one word too many; remove it"))),
        }
    }

    /// A mistake in the next word.
    pub fn mistake(&mut self, advice: &str) -> Mistake {
        self.peek();
        Mistake { line: self.line, column: self.text[..self.at].chars().count() + 1, advice: advice.into() }
    }
}
