{{/* Labels that say where an object comes from. */}}
{{- define "rdmagid.origin" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "rdmagid.podOrigin" . }}
{{- end }}

{{/* The same of pods. Nothing selects by the version, which changes. */}}
{{- define "rdmagid.podOrigin" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
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

{{/* Folders of sockets that are asked where the runtime has no NRI; none where that is never so. */}}
{{- define "rdmagid.criFolders" -}}
{{- if eq .Values.agent.containerHook "nri" -}}
{{- list | toJson }}
{{- else if .Values.agent.criSocket -}}
{{- list (dir .Values.agent.criSocket) | toJson }}
{{- else -}}
{{- list "/run/containerd" "/var/run/crio" | toJson }}
{{- end }}
{{- end }}
