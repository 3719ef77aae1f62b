//! Items of menus.

use core::fmt;

use crate::node::text::Text;

/// An item of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct MenuItem {
    /// The value that chooses it.
    pub index: u32,
    /// What it stands for.
    pub label: MenuLabel,
}

impl MenuItem {
    /// The item with this number. For implementations of [`Controls`](crate::node::Controls).
    pub const fn new(index: u32, label: MenuLabel) -> Self {
        Self { index, label }
    }
}

/// What an item of a menu stands for; it prints as what it is. There are two kinds of menu: a later version adds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum MenuLabel {
    /// Of a MENU: its name, for people.
    Name(Text<32>),
    /// Of an INTEGER_MENU: its value, in the control's unit.
    Number(i64),
}

impl fmt::Display for MenuLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}
