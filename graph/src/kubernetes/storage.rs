//! Volumes of the cluster.

use iac_model::{Attr, Value};

use super::object::{non_empty, object_view};
use super::{KubernetesView, Strings, volume};
use crate::Graph;

object_view! {
    /// A PersistentVolume.
    PersistentVolume
}

object_view! {
    /// A PersistentVolumeClaim.
    PersistentVolumeClaim
}

object_view! {
    /// A StorageClass.
    StorageClass
}

impl<'g> Graph<'g> {
    /// All PersistentVolumes.
    pub fn persistent_volumes<'s>(&'s self) -> impl Iterator<Item = PersistentVolume<'s>> + use<'s, 'g> {
        self.raw("PersistentVolume").filter(|object| object.api_group().is_empty()).map(PersistentVolume)
    }

    /// All PersistentVolumeClaims.
    pub fn persistent_volume_claims<'s>(
        &'s self,
    ) -> impl Iterator<Item = PersistentVolumeClaim<'s>> + use<'s, 'g> {
        let found = self.raw("PersistentVolumeClaim").filter(|object| object.api_group().is_empty());
        found.map(PersistentVolumeClaim)
    }

    /// All StorageClasses.
    pub fn storage_classes<'s>(&'s self) -> impl Iterator<Item = StorageClass<'s>> + use<'s, 'g> {
        self.raw("StorageClass").filter(|object| object.api_group() == "storage.k8s.io").map(StorageClass)
    }
}

impl<'g> PersistentVolume<'g> {
    /// The path on the node without `//`, `.`, `..` and trailing `/`. Absent: another kind of volume.
    pub fn clean_host_path(self) -> Attr<String> {
        self.body().attr_at(&["spec", "hostPath", "path"]).and(Value::as_str).map(volume::clean)
    }

    /// Its class. Absent: none.
    pub fn storage_class_name(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "storageClassName"]).and(Value::as_str))
    }
}

impl<'g> PersistentVolumeClaim<'g> {
    /// Its class. Absent: the default class; empty: none.
    pub fn storage_class_name(self) -> Attr<&'g str> {
        self.body().attr_at(&["spec", "storageClassName"]).and(Value::as_str)
    }

    /// Who may mount it at the same time.
    pub fn access_modes(self) -> Strings<'g> {
        Strings::new(self.body().attr_at(&["spec", "accessModes"]))
    }

    /// The volume it is bound to by name. Absent: any that fits.
    pub fn volume_name(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "volumeName"]).and(Value::as_str))
    }
}

impl<'g> StorageClass<'g> {
    /// What makes its volumes.
    pub fn provisioner(self) -> Attr<&'g str> {
        non_empty(self.body().attr_str("provisioner"))
    }

    /// A parameter of the provisioner.
    pub fn parameter(self, name: &str) -> Attr<&'g Value> {
        self.body().attr_at(&["parameters", name])
    }
}
