{{- define "name" -}}
{{- required "set name: please" .Values.name -}}
{{- end }}{{ define "outer" }}{{ include "name" . }}{{ end }}
