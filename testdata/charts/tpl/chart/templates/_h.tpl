{{- define "tpl.inner" -}}inner of {{ .Template.Name }}{{- end }}
