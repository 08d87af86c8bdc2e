//! Flows: what has to pass for the cluster to work. Whether it does is asked in `cluster/coverage.rs`.

use crate::cluster::words::ServicePorts;
use crate::source::Span;

/// Traffic that has to pass from each of some nodes to each of others (a node needs no leave to reach itself).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Who opens it: positions in the tailnet's nodes, ascending.
    pub from: Vec<usize>,
    /// Who is reached: positions in the tailnet's nodes, ascending.
    pub to: Vec<usize>,
    /// Over which ports.
    pub ports: Vec<ServicePorts>,
    /// What for: a phrase.
    pub why: String,
    /// The option that asks for it.
    pub span: Span,
}
