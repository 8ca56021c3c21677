{{- define "web.labels" -}}
app: {{ .Chart.Name }}
team: {{ .Values.labels.team | quote }}
{{- end }}

{{- define "web.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "web.pod" -}}
containers:
  - name: app
    image: {{ include "web.image" . | quote }}
    {{- with .Values.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
