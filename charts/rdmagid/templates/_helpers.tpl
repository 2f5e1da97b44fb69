{{/* Labels of every object. */}}
{{- define "rdmagid.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: rdmagid
{{ include "rdmagid.agentSelector" . }}
{{- end }}

{{/* What the DaemonSet selects its pods by: cannot change after the installation. */}}
{{- define "rdmagid.agentSelector" -}}
app.kubernetes.io/name: rdmagid-agent
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
