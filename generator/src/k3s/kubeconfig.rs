//! `kubeconfig.yaml`: how to reach the cluster, without the right to.
//!
//! The design document embeds a client key (R20); that is a secret, so it does not go through here. The authority is
//! named by a file beside the kubeconfig, because its certificate is known only on the host. kubectl takes a relative
//! path as relative to the kubeconfig itself.

use serde::Serialize;

use crate::render::yaml;

/// The file with the authority's certificate, beside the kubeconfig.
pub const CA_FILE: &str = "server-ca.crt";

/// A kubeconfig for `cluster` at `server` (`https://NAME:6443`), without credentials: `kubectl config set-credentials
/// CLUSTER` adds them.
#[must_use]
pub fn to_yaml(cluster: &str, server: &str) -> String {
    yaml::to_string(&Kubeconfig {
        api_version: "v1",
        kind: "Config",
        clusters: [Named {
            name: cluster,
            inner: Cluster {
                cluster: Server {
                    server,
                    certificate_authority: CA_FILE,
                },
            },
        }],
        contexts: [Named {
            name: cluster,
            inner: Context {
                context: Names { cluster, user: cluster },
            },
        }],
        current_context: cluster,
        users: [Named {
            name: cluster,
            inner: User { user: Credentials {} },
        }],
    })
}

#[derive(Serialize)]
struct Kubeconfig<'a> {
    #[serde(rename = "apiVersion")]
    api_version: &'a str,
    kind: &'a str,
    clusters: [Named<'a, Cluster<'a>>; 1],
    contexts: [Named<'a, Context<'a>>; 1],
    #[serde(rename = "current-context")]
    current_context: &'a str,
    users: [Named<'a, User>; 1],
}

#[derive(Serialize)]
struct Named<'a, T> {
    name: &'a str,
    #[serde(flatten)]
    inner: T,
}

#[derive(Serialize)]
struct Cluster<'a> {
    cluster: Server<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Server<'a> {
    server: &'a str,
    certificate_authority: &'a str,
}

#[derive(Serialize)]
struct Context<'a> {
    context: Names<'a>,
}

#[derive(Serialize)]
struct Names<'a> {
    cluster: &'a str,
    user: &'a str,
}

#[derive(Serialize)]
struct User {
    user: Credentials,
}

/// Empty on purpose.
#[derive(Serialize)]
struct Credentials {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_credentials_in_it() {
        insta::assert_snapshot!(to_yaml("keystone", "https://primer.mesh.example.org:6443"), @r#"
        apiVersion: v1
        kind: Config
        clusters:
          - name: keystone
            cluster:
              server: https://primer.mesh.example.org:6443
              certificate-authority: server-ca.crt
        contexts:
          - name: keystone
            context:
              cluster: keystone
              user: keystone
        current-context: keystone
        users:
          - name: keystone
            user: {}
        "#);
    }
}
