//! What to change so that something may be reached: the rule itself where somebody wrote it, else the option it comes
//! from, else a rule of its own.

use super::subject::{Judged, Subject};
use crate::cluster::model::{Derived, Origin};
use crate::policy::ask::opens::Atlas;
use crate::policy::ask::reach::{Lack, Miss, Question, edit, word_for};
use crate::policy::permit::{Permit, Section};
use crate::policy::words::Protocol;

/// The change that would add what `miss` lacks, in words; `None`: a change of the policy is not enough.
pub(super) fn advice(judged: &Judged, atlas: &Atlas<'_, '_>, question: &Question, miss: &Miss) -> Option<String> {
    let permit = &atlas.lowered().permits()[miss.permit];
    match derived(judged, permit) {
        None => edit(atlas, question, miss),
        Some(derived) => {
            let option = judged.inputs.path(derived.span);
            of_preset(&option, atlas, question, miss).or_else(|| own_rule(permit, atlas, question, miss))
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
            Lack::Port | Lack::Protocol if service => format!("add {:?} to `{option}.ports`", question.ip()?),
            _ => return None,
        });
    }
    (!edits.is_empty()).then(|| edits.join(" and "))
}

/// A rule that says it by itself, in the section of `permit`: where one policy has only one of the two, the other could
/// not be added to it.
fn own_rule(permit: &Permit, atlas: &Atlas<'_, '_>, question: &Question, miss: &Miss) -> Option<String> {
    let hopeless = |lack: &Lack| matches!(lack, Lack::Family | Lack::Via | Lack::Route);
    if miss.lacks.is_empty() || miss.lacks.iter().any(hopeless) {
        return None;
    }
    let (from, to) = (word_for(atlas, &question.from), word_for(atlas, &question.to));
    if permit.section == Section::Grants {
        let ip = question.ip().unwrap_or_else(|| "*".to_owned());
        return Some(format!(
            "add {{ src = [ {from:?} ]; dst = [ {to:?} ]; ip = [ {ip:?} ]; }} to `policy.grants`"
        ));
    }
    let protocol = question
        .traffic
        .map(|(protocol, _)| Protocol::Number(protocol).to_string());
    let proto = protocol
        .map(|protocol| format!(" proto = {protocol:?};"))
        .unwrap_or_default();
    let dst = format!("{to}:{}", question.port());
    Some(format!(
        "add {{ action = \"accept\"; src = [ {from:?} ];{proto} dst = [ {dst:?} ]; }} to `policy.acls`"
    ))
}
