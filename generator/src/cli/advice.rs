//! What to change so that something may be reached: the rule itself where somebody wrote it, else the option it comes
//! from, else a rule of its own.

use super::subject::{Judged, Subject};
use crate::cluster::model::{Derived, Origin};
use crate::net::packet::has_ports;
use crate::policy::ask::opens::Atlas;
use crate::policy::ask::reach::{Lack, Miss, Question, edit, word_for};
use crate::policy::document::Document;
use crate::policy::permit::{Permit, Section};
use crate::policy::words::Protocol;

/// The change that would add what `miss` lacks, in words; `None`: a change of the policy is not enough.
pub(super) fn advice(judged: &Judged, atlas: &Atlas<'_, '_>, question: &Question, miss: &Miss) -> Option<String> {
    let permit = &atlas.lowered().permits()[miss.permit];
    match derived(judged, permit) {
        None => edit(atlas, question, miss),
        Some(derived) => {
            let option = judged.inputs.path(derived.span);
            of_preset(&option, atlas, question, miss).or_else(|| own_rule(judged, atlas, question, miss))
        }
    }
}

/// Why the rule of `permit` was added to what the declaration says.
fn derived<'a>(judged: &'a Judged, permit: &Permit) -> Option<&'a Derived> {
    let Subject::Declaration(judgement) = &judged.subject else {
        return None;
    };
    let origins = &judgement.model.as_ref()?.origins;
    let list = match permit.section {
        Section::Grants => &origins.grants,
        Section::Acls => &origins.acls,
        Section::Absent => return None,
    };
    match list.get(permit.rule as usize)? {
        Origin::Derived(derived) => Some(derived),
        Origin::File | Origin::Declared => None,
    }
}

/// The change of a preset's own options. `option` is its path.
fn of_preset(option: &str, atlas: &Atlas<'_, '_>, question: &Question, miss: &Miss) -> Option<String> {
    let service = option.starts_with("access.services.");
    let ssh = option.starts_with("access.ssh[");
    let kubectl = option.starts_with("access.kubectl[");
    if !(service || ssh || kubectl) {
        return None;
    }
    let mut edits = Vec::new();
    for lack in &miss.lacks {
        edits.push(match lack {
            Lack::Source => format!("add {:?} to `{option}.from`", word_for(atlas, &question.from)),
            Lack::Destination if service => format!("add {:?} to `{option}.on`", word_for(atlas, &question.to)),
            Lack::Destination if ssh => format!("add {:?} to `{option}.to`", word_for(atlas, &question.to)),
            Lack::Port | Lack::Protocol if service => format!("add {:?} to `{option}.ports`", traffic(question)?),
            _ => return None,
        });
    }
    (!edits.is_empty()).then(|| edits.join(" and "))
}

/// A rule that says it by itself, for `policy.grants` or, where headscale knows none, `policy.acls`. Where one policy
/// has only one of the two, the other could not be added to it.
fn own_rule(judged: &Judged, atlas: &Atlas<'_, '_>, question: &Question, miss: &Miss) -> Option<String> {
    let hopeless = |lack: &Lack| matches!(lack, Lack::Family | Lack::Via | Lack::Route);
    if miss.lacks.is_empty() || miss.lacks.iter().any(hopeless) {
        return None;
    }
    let (document, _): (&Document, _) = judged.asked().ok()??;
    let (from, to) = (word_for(atlas, &question.from), word_for(atlas, &question.to));
    Some(if document.grants.is_some() {
        let ip = traffic(question).unwrap_or_else(|| "*".to_owned());
        format!("add {{ src = [ {from:?} ]; dst = [ {to:?} ]; ip = [ {ip:?} ]; }} to `policy.grants`")
    } else {
        let port = question
            .traffic
            .map_or_else(|| "*".to_owned(), |(protocol, port)| ports(protocol, port));
        let proto = question
            .traffic
            .map(|(protocol, _)| format!(" proto = {:?};", Protocol::Number(protocol).to_string()));
        let dst = format!("{to}:{port}");
        format!(
            "add {{ action = \"accept\"; src = [ {from:?} ];{} dst = [ {dst:?} ]; }} to `policy.acls`",
            proto.unwrap_or_default()
        )
    })
}

/// What was asked, as `ip` of a grant and `ports` of a service have it; `None`: anything was.
fn traffic(question: &Question) -> Option<String> {
    let (protocol, port) = question.traffic?;
    Some(format!("{}:{}", Protocol::Number(protocol), ports(protocol, port)))
}

fn ports(protocol: u8, port: u16) -> String {
    if has_ports(protocol) {
        port.to_string()
    } else {
        "*".to_owned()
    }
}
