{{/* The beginning of all names. Kubernetes allows 63 characters, and the longest end has 13: "-gateway-pods". */}}
{{- define "sallyport.name" -}}
{{- if contains "sallyport" .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-sallyport" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The labels that select the pods of a component, which never change: a Deployment and a StatefulSet refuse it. */}}
{{- define "sallyport.selector" -}}
app.kubernetes.io/name: sallyport
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* All labels of an object of a component. */}}
{{- define "sallyport.labels" -}}
{{ include "sallyport.selector" . }}
app.kubernetes.io/version: {{ .values.tag | default .root.Values.image.tag | default .root.Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* metadata: a name and labels. */}}
{{- define "sallyport.metadata" -}}
name: {{ include "sallyport.name" .root }}-{{ .component }}
namespace: {{ .root.Release.Namespace | quote }}
labels:
  {{- include "sallyport.labels" . | nindent 2 }}
{{- end -}}

{{- define "sallyport.image" -}}
{{- $image := .root.Values.image -}}
{{- if and $image.digest (not .values.tag) -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ .values.tag | default $image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}
