//! `iac-scan trace FILE:LINE`: from lines to what they decide.

mod support;

use serde_json::Value;
use support::{repository, run};

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      {{- if .Values.debug }}
      hostNetwork: true
      {{- end }}
      containers:
        - name: app
          image: {{ printf \"nginx:%s\" .Values.image.tag }}
          {{- if .Values.metrics.enabled }}
          ports: [{containerPort: {{ .Values.metrics.port }}}]
          {{- end }}
          {{- with .Values.resources }}
          resources: {{ toYaml . | nindent 12 }}
          {{- end }}
";

const VALUES: &str = "\
image: {tag: '1.2'}
debug: false
metrics:
  enabled: true
  port: 9090
db:
  enabled: true
  size: 1Gi
unused: x
cache: {enabled: false}
resources:
  limits:
    cpu: 1
  requests:
    cpu: 1
";

fn chart() -> tempfile::TempDir {
    repository(&[
        (
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  \
             - {name: db, version: 1.0.0, condition: db.enabled}\n",
        ),
        ("web/values.yaml", VALUES),
        ("web/values-prod.yaml", "image: {tag: '2.0'}\ndb: {enabled: false}\n"),
        ("web/templates/deployment.yaml", DEPLOYMENT),
        (
            "web/templates/cache.yaml",
            "{{ if .Values.cache.enabled }}\napiVersion: v1\nkind: Secret\nmetadata: {name: c}\n{{ end }}\n",
        ),
        ("web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n"),
        ("web/charts/db/values.yaml", "size: 5Gi\nclass: fast\n"),
        (
            "web/charts/db/templates/claim.yaml",
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: db}\nspec:\n  \
             storageClassName: {{ .Values.class }}\n  resources: {requests: {storage: {{ .Values.size }}}}\n",
        ),
        ("main.tf", "variable \"bucket\" {}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.bucket\n}\n"),
        ("terraform.tfvars", "bucket = \"logs\"\n"),
    ])
}

#[test]
fn lines_lead_to_what_they_decide() {
    let repository = chart();
    let mut text = String::new();
    for line in [
        "web/values.yaml:1",
        "web/values.yaml:2",
        "web/values.yaml:3",
        "web/values.yaml:4",
        "web/values.yaml:7",
        "web/values.yaml:8",
        "web/values.yaml:9",
        "web/values.yaml:10",
        "web/values.yaml:13",
        "web/values-prod.yaml:1",
        "web/values-prod.yaml:2",
        "web/charts/db/values.yaml:1",
        "web/charts/db/values.yaml:2",
        "web/templates/deployment.yaml:12",
        "terraform.tfvars:1",
        "main.tf:3",
    ] {
        let (code, out, err) = run(repository.path(), &["trace", line]);
        text += &format!("$ iac-scan trace {line}\n{out}{err}= {code}\n\n");
    }
    insta::assert_snapshot!("lines", text);
}

#[test]
fn a_trace_is_a_document_for_machines() {
    let repository = chart();
    let (code, out, _) = run(repository.path(), &["trace", "web/values.yaml:4", "--format", "json"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("document", out);
    let (code, out, err) = run(repository.path(), &["trace", "web/values.yaml:9", "--format", "json"]);
    let document: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((code, &document["values_key"]), (3, &"unused".into()));
    assert_eq!(document["fields"], Value::Array(Vec::new()));
    assert!(err.contains("unused decides nothing"), "{err}");
}
