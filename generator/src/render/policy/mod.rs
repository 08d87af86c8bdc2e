//! `policy.hujson`: the policy that headscale loads, in canonical form, with comments that say where each rule comes
//! from.
//!
//! What the user wrote is taken over as it was written, comments included, from the declaration or the policy file.
//! What presets and the cluster's needs add is written from what it means, under a comment that names the option that
//! asks for it. The text always has `acls` or `grants`: without either, headscale allows everything. Tests are judged
//! here and not shipped unless asked for, since headscale would judge them again with users that may not exist yet.

mod entry;
mod transcript;

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::cluster::declaration::Declaration;
use crate::cluster::model::{Model, Origin};
use crate::hujson::{self, Flavour, Value, edit, same_name};
use crate::input::Inputs;
use crate::policy::document::Document;
use crate::source::{SourceId, Span};
use transcript::{Comments, Transcript};

/// The policy file of `model`, which was made of `declaration`.
#[must_use]
pub(super) fn text(inputs: &Inputs, declaration: &Declaration, model: &Model, with_tests: bool) -> String {
    let mut writer = Writer::new(inputs, declaration, model);
    writer.write(&model.policy, with_tests);
    let text = writer.finish();
    // What was written is HuJSON: a failure here would be a defect, and the unformatted text means the same.
    hujson::format::format(&text, Flavour::Hujson).unwrap_or(text)
}

/// One entry of a section.
#[derive(Default)]
struct Entry {
    comments: Comments,
    text: String,
}

/// What a section's entries stand in.
#[derive(Clone, Copy)]
enum Shape {
    List,
    Object,
}

struct Writer<'a> {
    inputs: &'a Inputs,
    model: &'a Model,
    /// The texts that entries are taken from.
    transcripts: HashMap<SourceId, Transcript<'a>>,
    /// Members of objects, from the beginning of the name to the end of the value, by the beginning.
    members: HashMap<(SourceId, u32), Span>,
    /// The sections that somebody wrote, with their names' and values' places.
    sections: Vec<(&'a str, Span, Span)>,
    out: String,
}

impl<'a> Writer<'a> {
    fn new(inputs: &'a Inputs, declaration: &Declaration, model: &'a Model) -> Self {
        let mut writer = Self {
            inputs,
            model,
            transcripts: HashMap::new(),
            members: HashMap::new(),
            sections: Vec::new(),
            out: format!(
                "// The policy of the cluster {}, for headscale {}. Made by tailnet: change the declaration instead.\n",
                declaration.name.value, declaration.headscale_version.value
            ),
        };
        for number in 0..inputs.next_id().0 {
            let id = SourceId(number);
            let Some(input) = inputs.get(id) else { continue };
            let Some(tree) = &input.tree else { continue };
            // A policy file is a policy, a declaration has one.
            let policy = if input.prefix.is_empty() {
                tree.get("policy")
            } else {
                Some(tree)
            };
            let Some(policy) = policy else { continue };
            writer.note_members(policy);
            writer.transcripts.insert(id, Transcript::new(input));
            for member in policy.as_object().unwrap_or_default() {
                writer
                    .sections
                    .push((&member.name.value, member.name.span, member.value.span));
                // Its own two sections have names that no other has.
                if same_name(&member.name.value, "autoApprovers") {
                    let inner = member.value.as_object().unwrap_or_default().iter();
                    writer
                        .sections
                        .extend(inner.map(|inner| (&*inner.name.value, inner.name.span, inner.value.span)));
                }
            }
            let whole = match tree.member("policy").filter(|_| input.prefix.is_empty()) {
                Some(member) => Span::new(id, member.name.span.start, member.value.span.end),
                None => policy.span,
            };
            writer.header(whole);
        }
        writer.out.push_str("{\n");
        writer
    }

    /// The comments above the whole policy: a file's own bracket, or the declaration's option.
    fn header(&mut self, whole: Span) {
        for comment in self.comments(whole).above {
            self.out.push_str(&comment);
            self.out.push('\n');
        }
    }

    /// Notes where every member of `value` stands. Depth is bounded by the parser.
    fn note_members(&mut self, value: &Value) {
        for member in value.as_object().unwrap_or_default() {
            let name = member.name.span;
            let span = Span::new(name.source, name.start, member.value.span.end);
            self.members.insert((name.source, name.start), span);
            self.note_members(&member.value);
        }
    }

    fn write(&mut self, policy: &Document, with_tests: bool) {
        let origins = &self.model.origins;
        let named =
            |writer: &Self, span: Span, origin: &Origin, text: &dyn Fn() -> String| writer.member(span, origin, text);
        let entries: Vec<Entry> = policy
            .groups
            .iter()
            .zip(&origins.groups)
            .map(|(group, origin)| {
                let members = group.members.iter().map(|member| Json::from(member.value.as_str()));
                named(self, group.name.span, origin, &|| {
                    entry::member(group.name.value.as_str(), &members.clone().collect())
                })
            })
            .collect();
        self.section("groups", Shape::Object, entries, false);

        let entries = policy.hosts.iter().zip(&origins.hosts).map(|(host, origin)| {
            named(self, host.name.span, origin, &|| {
                entry::member(host.name.value.as_str(), &host.prefix.value.to_string().into())
            })
        });
        let entries = entries.collect();
        self.section("hosts", Shape::Object, entries, false);

        let entries = policy
            .tag_owners
            .iter()
            .zip(&origins.tag_owners)
            .map(|(owner, origin)| {
                named(self, owner.tag.span, origin, &|| {
                    entry::member(owner.tag.value.as_str(), &entry::texts(&owner.owners))
                })
            });
        let entries = entries.collect();
        self.section("tagOwners", Shape::Object, entries, false);

        self.approvers(policy);

        let entries = policy.node_attrs.iter().zip(&origins.node_attrs);
        let entries = entries
            .map(|(attr, origin)| self.item(attr.span, origin, || entry::node_attr(attr)))
            .collect();
        self.section("nodeAttrs", Shape::List, entries, false);

        if let Some(acls) = &policy.acls {
            let entries = acls.iter().zip(&origins.acls);
            let entries = entries
                .map(|(acl, origin)| self.item(acl.span, origin, || entry::acl(acl)))
                .collect();
            self.section("acls", Shape::List, entries, true);
        }
        if let Some(grants) = &policy.grants {
            let entries = grants.iter().zip(&origins.grants);
            let entries = entries
                .map(|(grant, origin)| self.item(grant.span, origin, || entry::grant(grant)))
                .collect();
            self.section("grants", Shape::List, entries, true);
        }

        let entries = policy.ssh.iter().zip(&origins.ssh);
        let entries = entries.map(|(rule, origin)| self.item(rule.span, origin, || entry::ssh(rule, policy.dialect)));
        let entries = entries.collect();
        self.section("ssh", Shape::List, entries, false);

        if let Some(randomize) = &policy.randomize_client_port {
            self.above("randomizeClientPort");
            self.out
                .push_str(&format!("\"randomizeClientPort\": {},\n", randomize.value));
        }
        if with_tests {
            let entries = policy.tests.iter().zip(&origins.tests);
            let entries = entries
                .map(|(test, origin)| self.item(test.span, origin, || entry::test(test)))
                .collect();
            self.section("tests", Shape::List, entries, false);
            let entries = policy.ssh_tests.iter().zip(&origins.ssh_tests);
            let entries = entries
                .map(|(test, origin)| self.item(test.span, origin, || entry::ssh_test(test)))
                .collect();
            self.section("sshTests", Shape::List, entries, false);
        }
    }

    /// `autoApprovers`: an object with an object and a list in it.
    fn approvers(&mut self, policy: &Document) {
        let approvers = &policy.auto_approvers;
        if approvers.routes.is_empty() && approvers.exit_node.is_empty() {
            return;
        }
        let origins = &self.model.origins;
        let routes: Vec<Entry> = approvers
            .routes
            .iter()
            .zip(&origins.routes)
            .map(|((prefix, owners), origin)| {
                let written = || entry::member(&prefix.value.to_string(), &entry::texts(owners));
                let mut entry = self.member(prefix.span, origin, &written);
                // Approvers that nodes of the declaration added are in no text.
                let own = self.members.get(&(prefix.span.source, prefix.span.start));
                if own.is_some_and(|own| owners.iter().any(|owner| !own.encloses(owner.span))) {
                    entry.text = written();
                }
                entry
            })
            .collect();
        let exit_node: Vec<Entry> = approvers
            .exit_node
            .iter()
            .zip(&origins.exit_node)
            .map(|(owner, origin)| {
                let text = || edit::quote(&owner.value.to_string());
                match origin {
                    Origin::Derived(_) => self.item(owner.span, origin, text),
                    _ => Entry {
                        comments: self.comments(owner.span),
                        text: text(),
                    },
                }
            })
            .collect();
        self.above("autoApprovers");
        self.out.push_str("\"autoApprovers\": {\n");
        self.section("routes", Shape::Object, routes, false);
        self.section("exitNode", Shape::List, exit_node, false);
        self.out.push_str("},\n");
    }

    /// A section with its comments; one without entries only when it has to be there.
    fn section(&mut self, name: &str, shape: Shape, entries: Vec<Entry>, always: bool) {
        if entries.is_empty() && !always {
            return;
        }
        self.above(name);
        let (open, close) = match shape {
            Shape::List => ('[', ']'),
            Shape::Object => ('{', '}'),
        };
        self.out.push_str(&format!("{}: {open}\n", edit::quote(name)));
        for Entry { comments, text } in entries {
            for comment in comments.above {
                self.out.push_str(&comment);
                self.out.push('\n');
            }
            self.out.push_str(&text);
            self.out.push(',');
            for comment in comments.beside {
                self.out.push(' ');
                self.out.push_str(&comment);
            }
            self.out.push('\n');
        }
        for comment in self.at_the_end(name) {
            self.out.push_str(&comment);
            self.out.push('\n');
        }
        self.out.push(close);
        self.out.push_str(",\n");
    }

    /// The comments above a section, from every text that has it.
    fn above(&mut self, name: &str) {
        let own: Vec<String> = self
            .written(name)
            .flat_map(|(name, value)| self.comments(Span::new(name.source, name.start, value.end)).above)
            .collect();
        for comment in own {
            self.out.push_str(&comment);
            self.out.push('\n');
        }
    }

    /// The comments at the end of a section, from every text that has it.
    fn at_the_end(&self, name: &str) -> Vec<String> {
        self.written(name)
            .filter_map(|(_, value)| Some(self.transcripts.get(&value.source)?.at_the_end(value)))
            .flatten()
            .collect()
    }

    /// The places of a section's name and value in every text that has it.
    fn written<'s>(&'s self, name: &'s str) -> impl Iterator<Item = (Span, Span)> + 's {
        self.sections
            .iter()
            .filter(move |(own, ..)| same_name(own, name))
            .map(|(_, name, value)| (*name, *value))
    }

    fn comments(&self, span: Span) -> Comments {
        self.transcripts
            .get(&span.source)
            .map(|transcript| transcript.comments(span))
            .unwrap_or_default()
    }

    /// A member of an object, whose name stands at `name`.
    fn member(&self, name: Span, origin: &Origin, written: &dyn Fn() -> String) -> Entry {
        if let Origin::Derived(_) = origin {
            return Entry {
                comments: Comments {
                    above: vec![self.provenance(name, origin)],
                    beside: Vec::new(),
                },
                text: written(),
            };
        }
        match (
            self.members.get(&(name.source, name.start)),
            self.transcripts.get(&name.source),
        ) {
            (Some(span), Some(transcript)) => Entry {
                comments: transcript.comments(*span),
                text: transcript.entry(*span),
            },
            _ => Entry {
                comments: Comments::default(),
                text: written(),
            },
        }
    }

    /// An entry of a list, which stands at `span`, under a comment that says where it comes from.
    fn item(&self, span: Span, origin: &Origin, written: impl Fn() -> String) -> Entry {
        let mut comments = Comments::default();
        let text = match (origin, self.transcripts.get(&span.source)) {
            (Origin::File | Origin::Declared, Some(transcript)) => {
                comments = transcript.comments(span);
                transcript.entry(span)
            }
            _ => written(),
        };
        comments.above.insert(0, self.provenance(span, origin));
        Entry { comments, text }
    }

    /// The comment that says where an entry comes from: the option, or the place in the policy file.
    fn provenance(&self, span: Span, origin: &Origin) -> String {
        let path = |span: Span| self.inputs.path(span);
        let text = match origin {
            Origin::Declared => path(span),
            Origin::File => {
                let path = path(span);
                let file = self
                    .inputs
                    .get(span.source)
                    .map(|input| file_name(&input.name))
                    .unwrap_or_default();
                format!("{file}: {}", path.strip_prefix("policy.").unwrap_or(&path))
            }
            Origin::Derived(derived) => format!("{}: {}", path(derived.span), derived.why),
        };
        // Nothing that somebody chose ends the comment.
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("// {}", text.trim())
    }

    fn finish(mut self) -> String {
        // Comments before the closing bracket of the whole belong to no section.
        let ends: Vec<String> = (0..self.inputs.next_id().0)
            .filter_map(|number| {
                let id = SourceId(number);
                let input = self.inputs.get(id)?;
                let tree = input.tree.as_ref()?;
                let policy = if input.prefix.is_empty() {
                    tree.get("policy")?
                } else {
                    tree
                };
                Some(self.transcripts.get(&id)?.at_the_end(policy.span))
            })
            .flatten()
            .collect();
        for comment in ends {
            self.out.push_str(&comment);
            self.out.push('\n');
        }
        self.out.push_str("}\n");
        self.out
    }
}

/// The last part of a path: the rest is the machine's own affair, and would make the artifact depend on it.
fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
