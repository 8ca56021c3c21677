//! Component configurations: kubelet, kubeadm, audit policies, kubeconfigs, token files.

use crate::kubernetes::Object;
use crate::{Graph, NodeKind, View};

impl<'g> Graph<'g> {
    /// All component configurations, whatever their kind.
    pub fn components<'s>(&'s self) -> impl Iterator<Item = Object<'s>> + use<'s, 'g> {
        self.objects().filter(|object| self.node(object.node()).kind == NodeKind::Component)
    }
}
