{{/* Labels that say where an object comes from. */}}
{{- define "rdmagid.origin" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: rdmagid
{{- end }}

{{/* Labels of every object of the agent. */}}
{{- define "rdmagid.labels" -}}
{{ include "rdmagid.origin" . }}
{{ include "rdmagid.agentSelector" . }}
{{- end }}

{{/* Labels of every object of the operator. */}}
{{- define "rdmagid.operatorLabels" -}}
{{ include "rdmagid.origin" . }}
{{ include "rdmagid.operatorSelector" . }}
{{- end }}

{{/* What the DaemonSet selects its pods by: cannot change after the installation. */}}
{{- define "rdmagid.agentSelector" -}}
app.kubernetes.io/name: rdmagid-agent
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* What the Deployment selects its pods by: cannot change after the installation. */}}
{{- define "rdmagid.operatorSelector" -}}
app.kubernetes.io/name: rdmagid-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
