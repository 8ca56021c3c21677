{{- define "deep" -}}
  {{ .Values.a.b.c }}
{{- end }}
{{ define "deeper" }}{{ include "deep" . }}{{ end }}
{{ define "loop" }}{{ include "loop" . }}{{ end }}