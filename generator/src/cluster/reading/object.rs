//! An object with known members.

use crate::hujson::{Kind, Member, Value};
use crate::source::{Span, Spanned};

use super::super::declaration::Map;
use super::super::rules::{missing_option, unknown_option, wrong_type};
use super::super::words::Word;
use super::values::word;
use super::{Read, Reader};

/// The members of one struct, taken by name; what nobody took is unknown.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    members: &'a [Member],
    span: Span,
    what: &'static str,
    known: Vec<&'static str>,
    reader: &'a mut Reader,
}

impl<'a> Object<'a> {
    /// Reads `value` as an object, `what` with an article: `take` takes its members. `None`: it is none.
    pub(crate) fn read<T>(
        value: &'a Value,
        what: &'static str,
        reader: &'a mut Reader,
        take: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let Kind::Object(members) = &value.kind else {
            reader.report(wrong_type::finding(value, what, "an object"));
            return None;
        };
        let mut object = Self {
            members,
            span: value.span,
            what,
            known: Vec::new(),
            reader,
        };
        let taken = take(&mut object);
        object.report_unknown();
        taken
    }

    /// Where the object stands.
    pub(crate) const fn place(&self) -> Spanned<()> {
        Spanned::new((), self.span)
    }

    fn report_unknown(&mut self) {
        let mut unknown = Vec::new();
        let mut taken = Vec::new();
        for member in self.members {
            match self.known.iter().find(|known| **known == &*member.name.value) {
                Some(known) => taken.push(*known),
                None => unknown.push(&member.name),
            }
        }
        for name in unknown {
            self.reader
                .report(unknown_option::finding(name, self.what, &self.known, &taken));
        }
    }

    /// The value of the member `name`; `None` where there is none. `null` is a value here.
    fn member(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        let member = self.members.iter().find(|member| &*member.name.value == name)?;
        Some(&member.value)
    }

    /// The value of the member `name`; null is the same as absent, as Nix writes what is unset.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.member(name).filter(|value| value.kind != Kind::Null)
    }

    /// All members that were not taken, which makes them known.
    pub(crate) fn rest(&mut self) -> Vec<Member> {
        let rest = self
            .members
            .iter()
            .filter(|member| !self.known.contains(&&*member.name.value))
            .cloned()
            .collect();
        self.members = &[];
        rest
    }

    /// An option that may be unset.
    pub(crate) fn optional<T: Read>(&mut self, name: &'static str) -> Option<T> {
        let value = self.value(name)?;
        T::read(value, self.reader)
    }

    /// An option with a default.
    pub(crate) fn or<T: Read>(&mut self, name: &'static str, default: T) -> T {
        self.optional(name).unwrap_or(default)
    }

    /// An option with a default that null switches off.
    pub(crate) fn nullable<T: Read>(&mut self, name: &'static str, default: Option<T>) -> Option<T> {
        match self.member(name) {
            None => default,
            Some(value) if value.kind == Kind::Null => None,
            // A wrong value was meant to say something: neither off nor, least of all, another one.
            Some(value) => T::read(value, self.reader).or(default),
        }
    }

    /// An option that has to be there. `None`: it is not, or is wrong; both were reported.
    pub(crate) fn required<T: Read>(&mut self, name: &'static str) -> Option<T> {
        match self.value(name) {
            Some(value) => T::read(value, self.reader),
            None => {
                self.reader.report(missing_option::finding(self.span, name, self.what));
                None
            }
        }
    }

    /// An option that has to be there, with something to go on with when it is not or is wrong.
    pub(crate) fn required_or<T: Read>(&mut self, name: &'static str, stand_in: T) -> T {
        self.required(name).unwrap_or(stand_in)
    }

    /// A list that has to be there. `None` only when it is not there: wrong elements are left out.
    pub(crate) fn required_list<T: Read>(&mut self, name: &'static str) -> Option<Vec<T>> {
        self.required::<List<T>>(name).map(|list| list.0)
    }

    /// A list; empty when it is unset.
    pub(crate) fn list<T: Read>(&mut self, name: &'static str) -> Vec<T> {
        self.optional_list(name).unwrap_or_default()
    }

    /// A list, or nothing.
    pub(crate) fn optional_list<T: Read>(&mut self, name: &'static str) -> Option<Vec<T>> {
        self.optional::<List<T>>(name).map(|list| list.0)
    }

    /// One value or a list of them.
    pub(crate) fn one_or_many<T: Read>(&mut self, name: &'static str) -> Option<Vec<T>> {
        let value = self.value(name)?;
        if let Kind::Array(_) = value.kind {
            return List::read(value, self.reader).map(|list| list.0);
        }
        Some(T::read(value, self.reader).into_iter().collect())
    }

    /// Entries by name; none when it is unset.
    pub(crate) fn map<K: Word + Ord, V: Read>(&mut self, name: &'static str, what: &'static str) -> Map<K, V> {
        match self.value(name) {
            Some(value) => read_map(value, what, self.reader),
            None => Map::default(),
        }
    }

    /// Entries by name, which have to be there.
    pub(crate) fn required_map<K: Word + Ord, V: Read>(
        &mut self,
        name: &'static str,
        what: &'static str,
    ) -> Option<Map<K, V>> {
        match self.value(name) {
            Some(value) => Some(read_map(value, what, self.reader)),
            None => {
                self.reader.report(missing_option::finding(self.span, name, self.what));
                None
            }
        }
    }
}

/// A list, of which what is wrong was reported and left out.
struct List<T>(Vec<T>);

impl<T: Read> Read for List<T> {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        let Kind::Array(items) = &value.kind else {
            reader.report(wrong_type::finding(value, "this", "a list"));
            return None;
        };
        Some(Self(items.iter().filter_map(|item| T::read(item, reader)).collect()))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        List::read(value, reader).map(|list| list.0)
    }
}

/// Reads every member of `value`, an object with names of the user's.
fn read_map<K: Word + Ord, V: Read>(value: &Value, what: &'static str, reader: &mut Reader) -> Map<K, V> {
    let Kind::Object(members) = &value.kind else {
        reader.report(wrong_type::finding(value, what, "an object"));
        return Map::default();
    };
    let mut entries = Vec::with_capacity(members.len());
    for member in members {
        let name = word::<K>(&member.name.value, member.name.span, reader);
        // Read also where the name is wrong: what is wrong inside is worth knowing at once.
        let entry = V::read(&member.value, reader);
        if let (Some(name), Some(entry)) = (name, entry) {
            entries.push((Spanned::new(name, member.name.span), entry));
        }
    }
    Map::new(entries)
}
