//! `access`: presets. Each becomes grants, ssh rules and tests that prove them.

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader};
use super::super::words::{CheckPeriodText, Selector, ServiceName, ServicePorts, SshServer, Text};
use super::defaults;
use super::map::Map;

/// Access declared by purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Access {
    /// Who may log in where, as whom.
    pub ssh: Vec<SshAccess>,
    /// Who may use the Kubernetes API.
    pub kubectl: Vec<KubectlAccess>,
    /// Who may use which service, by the service's name.
    pub services: Map<ServiceName, Service>,
}

/// Machine access: TCP 22, and with Tailscale SSH the rule that says as whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SshAccess {
    /// Where it stands.
    #[serde(skip)]
    pub place: Spanned<()>,
    /// Who: users, groups, tags, `autogroup:member`, `autogroup:tagged`.
    pub from: Vec<Spanned<Selector>>,
    /// Where: tags, `autogroup:tagged`, or `autogroup:self` for a person's own devices.
    pub to: Vec<Spanned<Selector>>,
    /// As which logins; `autogroup:nonroot` for all but root. Needed with Tailscale SSH, without meaning otherwise.
    #[serde(default)]
    pub r#as: Vec<Spanned<Text>>,
    /// Which server answers. Where tailscaled answers, the host's own sshd cannot be reached over the tailnet.
    #[serde(default = "defaults::ssh_server")]
    pub server: Spanned<SshServer>,
    /// With Tailscale SSH: how long a confirmation in the browser stays valid (`always`: every session is asked for). If
    /// unset, nobody is asked.
    #[serde(default)]
    pub check: Option<Spanned<CheckPeriodText>>,
    /// With Tailscale SSH: environment variables that are taken over; `*` and `?` are wildcards.
    #[serde(default)]
    pub accept_env: Vec<Spanned<Text>>,
}

/// Cluster access: the API port of the k3s servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubectlAccess {
    /// Where it stands.
    #[serde(skip)]
    pub place: Spanned<()>,
    /// Who.
    pub from: Vec<Spanned<Selector>>,
    /// Which servers. If unset: all k3s servers.
    #[serde(default)]
    pub to: Vec<Spanned<Selector>>,
}

/// A service that runs on nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// Where it stands.
    #[serde(skip)]
    pub place: Spanned<()>,
    /// Where it runs: tags.
    pub on: Vec<Spanned<Selector>>,
    /// Where it listens.
    pub ports: Vec<Spanned<ServicePorts>>,
    /// Who may use it.
    pub from: Vec<Spanned<Selector>>,
}

impl Read for Access {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "access", reader, |object| {
            Some(Self {
                ssh: object.list("ssh"),
                kubectl: object.list("kubectl"),
                services: object.map("services", "access.services"),
            })
        })
    }
}

impl Read for SshAccess {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "ssh access", reader, |object| {
            let (from, to) = (object.required_list("from"), object.required_list("to"));
            let server = object.or("server", defaults::ssh_server());
            let logins = match server.value {
                SshServer::Tailscale => object.required_list("as"),
                SshServer::Openssh => Some(object.list("as")),
            };
            let (check, accept_env) = (object.optional("check"), object.list("acceptEnv"));
            Some(Self {
                place: object.place(),
                from: from?,
                to: to?,
                r#as: logins?,
                server,
                check,
                accept_env,
            })
        })
    }
}

impl Read for KubectlAccess {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "kubectl access", reader, |object| {
            let (from, to) = (object.required_list("from"), object.list("to"));
            Some(Self {
                place: object.place(),
                from: from?,
                to,
            })
        })
    }
}

impl Read for Service {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "a service", reader, |object| {
            let on = object.required_list("on");
            let ports = object.required_list("ports");
            let from = object.required_list("from");
            Some(Self {
                place: object.place(),
                on: on?,
                ports: ports?,
                from: from?,
            })
        })
    }
}
