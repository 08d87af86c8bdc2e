//! `hosts` (headscale's `Hosts.UnmarshalJSON`).

use crate::hujson::Value;
use crate::policy::document::Host;
use crate::policy::rules;
use crate::policy::words::{HostName, Prefix};
use crate::source::Spanned;

use super::Reader;

impl Reader<'_> {
    pub(super) fn hosts(&mut self, value: &Value) -> Vec<Host> {
        let entries = self.entries(
            value,
            "map[string]string",
            "hosts is an object: an address for each name",
        );
        entries
            .iter()
            .filter_map(|entry| {
                let name = &entry.name;
                let host = HostName::parse(&name.value);
                if let Err(error) = &host {
                    self.report(rules::host_entry::bad_name(&name.value, name.span, error, self.dialect));
                }
                let text = self.string(&entry.value, "string")?;
                let prefix = Prefix::parse(text);
                if prefix.is_err() {
                    let finding = rules::host_entry::bad_address(&name.value, text, entry.value.span, self.dialect);
                    self.report(finding);
                }
                Some(Host {
                    name: Spanned::new(host.ok()?, name.span),
                    // A stand-in for a wrong address: the name is defined all the same.
                    prefix: Spanned::new(prefix.unwrap_or(Prefix::STAND_IN), entry.value.span),
                })
            })
            .collect()
    }
}
