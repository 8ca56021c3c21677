{{- define "lib.labels" -}}
labels: {chart: {{ .Chart.Name }}}
{{- end }}{{ define "shared" }}lib{{ end }}