//! What a person gives beside the configuration.

use iac_model::UnitId;

/// What a person gives beside the configuration of one root.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The unit that resources and problems belong to.
    pub unit: UnitId,
    /// Variable files, `--var-file`, relative to the scan root; later ones win over earlier ones and over files that
    /// are found.
    pub var_files: Vec<String>,
    /// `--var name=value`; they win over all files.
    pub variables: Vec<String>,
    /// Environment variables to take `TF_VAR_name` from; empty unless a person asks for it, since a scan must be
    /// reproducible.
    pub environment: Vec<(String, String)>,
    /// Value of `terraform.workspace`.
    pub workspace: String,
    /// What stands before the address of every symbol, as `envs/prod//`, so that the same address in two roots of one
    /// scan is two symbols; empty in a scan with one root.
    pub symbol_scope: String,
    /// Directories, relative to the scan root, that hold modules which `terraform init` would download, by source.
    pub module_directories: Vec<(String, String)>,
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            unit: UnitId(0),
            var_files: Vec::new(),
            variables: Vec::new(),
            environment: Vec::new(),
            workspace: "default".into(),
            symbol_scope: String::new(),
            module_directories: Vec::new(),
        }
    }
}
