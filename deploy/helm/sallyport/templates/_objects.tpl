{{/* What every component has beside its pods: its settings, a Service and a budget. */}}
{{- define "sallyport.objects" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "sallyport.metadata" . | nindent 2 }}
data:
  {{- include "sallyport.settings" . | nindent 2 }}
---
# Put your Ingress, Gateway or load balancer in front of it.
apiVersion: v1
kind: Service
metadata:
  {{- include "sallyport.metadata" . | nindent 2 }}
  {{- with .values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  selector:
    {{- include "sallyport.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .port }}
      targetPort: http
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "sallyport.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  # Pods that are not ready do not keep a node from being emptied.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "sallyport.selector" . | nindent 6 }}
{{- if .root.Values.networkPolicies.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "sallyport.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "sallyport.selector" . | nindent 6 }}
  policyTypes: [Ingress{{ if .values.storage }}, Egress{{ end }}]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              {{- $label := splitn "=" 2 .root.Values.networkPolicies.clients }}
              {{ $label._0 | quote }}: {{ $label._1 | quote }}
      ports:
        - port: http
  {{- if .values.storage }}
  {{- $unreachable := .root.Values.networkPolicies.unreachable }}
  egress:
    - to:
        {{- range $all, $form := dict "0.0.0.0/0" "^[^:]+$" "::/0" ":" }}
        - ipBlock:
            cidr: {{ $all | quote }}
            except:
              {{- range $unreachable }}
              {{- if regexMatch $form . }}
              - {{ . | quote }}
              {{- end }}
              {{- end }}
        {{- end }}
  {{- end }}
{{- end }}
{{- if .root.Values.serviceMonitor.enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "sallyport.metadata" . | nindent 2 }}
    {{- with .root.Values.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "sallyport.selector" . | nindent 6 }}
  endpoints:
    - port: http
      path: /metrics
      interval: {{ .root.Values.serviceMonitor.interval }}
{{- end }}
{{- end -}}

{{/* Components that keep their identity and their snapshot: a StatefulSet, and the Service that it needs for the names of its pods. */}}
{{- define "sallyport.stateful" -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "sallyport.metadata" . | nindent 2 }}
spec:
  serviceName: {{ include "sallyport.name" .root }}-{{ .component }}-pods
  {{- if not .isScaled }}
  replicas: {{ .values.replicas }}
  {{- end }}
  podManagementPolicy: Parallel
  # One after the other, each when the one before is ready.
  updateStrategy:
    type: RollingUpdate
  minReadySeconds: 5
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
    whenScaled: Retain
  selector:
    matchLabels:
      {{- include "sallyport.selector" . | nindent 6 }}
  template:
    {{- include "sallyport.pods" . | nindent 4 }}
  volumeClaimTemplates:
    {{- include "sallyport.claims" .values.storage | nindent 4 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "sallyport.name" .root }}-{{ .component }}-pods
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    # Without the labels of the component: a ServiceMonitor must find each pod once.
    app.kubernetes.io/name: sallyport
    app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
    app.kubernetes.io/managed-by: {{ .root.Release.Service }}
spec:
  clusterIP: None
  selector:
    {{- include "sallyport.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .port }}
      targetPort: http
{{- end -}}
