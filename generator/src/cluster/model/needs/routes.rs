//! Approval of the routes that declared nodes announce.

use crate::cluster::declaration::{Declaration, Node};
use crate::source::Spanned;

use super::{Draft, Name, tags};

/// The approvers: the tag of each router, or its owner.
pub(super) fn needs(declaration: &Declaration, draft: &mut Draft) {
    for (position, node) in declaration.nodes.values().enumerate() {
        if node.routes.is_empty() && !node.exit_node.value {
            continue;
        }
        let Some(approver) = approver(declaration, position, node) else {
            continue;
        };
        for route in &node.routes {
            let text = route.map(|route| route.to_string().into());
            draft.routes.push((text, approver.clone()));
        }
        let known = draft.exit_nodes.iter().any(|known| known.value == approver.value);
        if node.exit_node.value && !known {
            draft.exit_nodes.push(approver);
        }
    }
}

/// How the policy names the node alone, or as nearly so as it can.
fn approver(declaration: &Declaration, position: usize, node: &Node) -> Option<Name> {
    if let Some(tag) = tags::name(declaration, &[position]).tags.first() {
        return Some((*tag).clone().map(|tag| tag.as_str().into()));
    }
    let owner = node.owner.as_ref()?;
    let user = declaration.users.get(&owner.value)?;
    let name = match &user.email {
        Some(email) => email.value.to_string(),
        None => super::user_token(owner.value.as_str()),
    };
    Some(Spanned::new(name.into(), owner.span))
}
