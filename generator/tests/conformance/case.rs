//! One question with the answer that headscale or the Tailscale service gave to it, whichever file it came from.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A policy, the tailnet it was given to, and what came back.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The file's name without its extension, or the line's `test_id`.
    pub(crate) id: String,
    /// `acl`, `grant`, `routes`, `ssh`, `policytest`, `sshtest`, `nodeattrs`, `random`.
    pub(crate) category: String,
    /// The policy's text.
    pub(crate) policy: String,
    /// The tailnet, as for `--topology`.
    pub(crate) topology: Value,
    /// Whether the tailnet's devices update themselves: the one setting that captures vary.
    pub(crate) auto_update: bool,
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// What each node received.
    pub(crate) captures: BTreeMap<String, Capture>,
    /// What only headscale's own packages can say.
    pub(crate) extra: Extra,
    /// headscale's own answer differs from run to run: only the verdict counts.
    pub(crate) unstable: bool,
}

/// Accepted, or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Accepted.
    Accepted,
    /// Refused.
    Refused {
        /// Whether only the `tests` or `sshTests` failed, so that the policy itself loads.
        by_tests: bool,
        /// The words that count; `None` where they are not compared.
        message: Option<String>,
    },
}

/// What one node received, as recorded. An absent member was empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Capture {
    /// The reduced packet filter.
    pub(crate) packet_filter_rules: Option<Value>,
    /// The SSH policy's rules.
    pub(crate) ssh_rules: Option<Value>,
    /// The nodes it sees (random cases only).
    pub(crate) peers: Option<Vec<String>>,
    /// Parts of the network map.
    pub(crate) netmap: Option<Netmap>,
}

/// Parts of a network map.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Netmap {
    /// The node itself.
    pub(crate) self_node: Option<NetmapNode>,
    /// The nodes it sees.
    pub(crate) peers: Option<Vec<NetmapNode>>,
}

/// A node of a network map.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct NetmapNode {
    /// Its name.
    pub(crate) computed_name: String,
    /// Where traffic for these addresses goes.
    #[serde(rename = "AllowedIPs")]
    pub(crate) allowed_ips: Option<Vec<String>>,
    /// Its capabilities.
    pub(crate) cap_map: Option<Map<String, Value>>,
    /// The subnet routes it won (captures only).
    pub(crate) primary_routes: Option<Vec<String>>,
}

/// What only headscale's own packages can say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Extra {
    /// Tags that user-owned nodes may advertise.
    pub(crate) can_tag: BTreeMap<String, Vec<String>>,
    /// Announced routes that would be approved.
    pub(crate) can_approve: BTreeMap<String, Vec<String>>,
    /// How long a check holds, a pair.
    pub(crate) ssh_check: Vec<SshCheck>,
}

/// How long an SSH check of this pair holds.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SshCheck {
    /// The node that dials.
    pub(crate) src: String,
    /// The node that is dialled.
    pub(crate) dst: String,
    /// Seconds; 0: every session.
    pub(crate) seconds: f64,
}

/// The shape of a file.
#[derive(Deserialize)]
struct File {
    test_id: String,
    category: String,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default)]
    unstable: bool,
    #[serde(default)]
    error: bool,
    input: Input,
    topology: Value,
    #[serde(default)]
    captures: BTreeMap<String, Capture>,
    #[serde(default)]
    extra: Extra,
}

#[derive(Deserialize)]
struct Input {
    full_policy: Value,
    api_response_code: u16,
    #[serde(default)]
    api_response_body: Value,
    #[serde(default)]
    tailnet: Value,
}

impl Case {
    /// Reads a capture, ours or upstream's (whose header of `//` lines is dropped), or a line of random cases.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(without_header(text)).map_err(|error| error.to_string())?;
        let policy = match file.input.full_policy {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let refused = file.error || file.input.api_response_code != 200;
        let message = file.input.api_response_body["message"].as_str().map(str::to_owned);
        let is_random = file.category == "random";
        let verdict = if refused {
            Verdict::Refused {
                by_tests: file.stage.as_deref() == Some("set"),
                // headscale's own runners compare wording except for node attributes, where the service's is unstable;
                // of the random cases only the verdict counts.
                message: message.filter(|_| !is_random && file.category != "nodeattrs"),
            }
        } else {
            Verdict::Accepted
        };
        let mut topology = file.topology;
        if !is_random {
            topology["users"] = captures_users();
        }
        // What a node received from a service that refused the policy belongs to the policy before.
        let captures = if refused && !is_random {
            BTreeMap::new()
        } else {
            file.captures
        };
        Ok(Self {
            category: file.category,
            policy,
            topology,
            // The captures of this project leave the tailnet's settings out; upstream's have them.
            auto_update: file.input.tailnet["settings"]["devices_auto_updates_on"] == Value::Bool(true)
                || file.test_id == "nodeattrs-tailnet-devices-auto-updates-on",
            verdict,
            captures,
            extra: file.extra,
            unstable: file.unstable,
            id: file.test_id,
        })
    }

    /// Whether this is a random case: these record who sees whom and what only headscale's packages say.
    pub(crate) fn is_random(&self) -> bool {
        self.category == "random"
    }
}

/// The users of every capture. Some files list others, or nonsense; headscale's runners use these three as well.
fn captures_users() -> Value {
    serde_json::json!([
        {"id": 1, "name": "odin", "email": "odin@example.com"},
        {"id": 2, "name": "thor", "email": "thor@example.org"},
        {"id": 3, "name": "freya", "email": "freya@example.com"},
    ])
}

/// `text` after its leading comment lines.
fn without_header(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with("//") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}
