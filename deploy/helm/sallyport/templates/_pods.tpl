{{/* The template of the pods of a component: one container, which runs the server in the role of the component. */}}
{{- define "sallyport.pods" -}}
metadata:
  labels:
    # Without the version of the chart, which would replace all pods when it alone changes.
    {{- include "sallyport.selector" . | nindent 4 }}
    {{- with .values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # Other settings replace the pods.
    checksum/settings: {{ include "sallyport.settings" . | sha256sum }}
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  # A Service named "sallyport" would set variables that begin like settings, and the server refuses unknown ones.
  enableServiceLinks: false
  automountServiceAccountToken: false
  # The server ends within 10 s; the pause before it gives load balancers the time to notice.
  terminationGracePeriodSeconds: 25
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- with .values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with .values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "sallyport.selector" $ | nindent 10 }}
    {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ include "sallyport.image" . | quote }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [serve, --role, {{ .component }}]
      ports:
        - name: http
          containerPort: {{ .port }}
      envFrom:
        - configMapRef:
            name: {{ include "sallyport.name" .root }}-{{ .component }}
      env:
        {{- range .secrets }}
        - name: {{ .variable }}
          valueFrom:
            secretKeyRef: { name: {{ .secret | quote }}, key: {{ .key | quote }}{{ if .optional }}, optional: true{{ end }} }
        {{- end }}
        {{- range $variable, $from := .values.secretSettings }}
        - name: {{ $variable }}
          valueFrom:
            secretKeyRef: { name: {{ $from.secret | quote }}, key: {{ $from.key | quote }} }
        {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      lifecycle:
        preStop:
          exec:
            command: [node, -e, 'setTimeout(() => {}, 5000)']
      # A control node migrates the database before it listens, the others wait for their first snapshot.
      startupProbe:
        httpGet: { path: /healthz, port: http }
        periodSeconds: 2
        failureThreshold: 300
      livenessProbe:
        httpGet: { path: /healthz, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 2
        timeoutSeconds: 3
        failureThreshold: 2
      volumeMounts:
        - name: data
          mountPath: /var/lib/sallyport
        - name: temporary
          mountPath: /tmp
        {{- if .root.Values.certificateAuthorities.configMap }}
        - name: authorities
          mountPath: /etc/sallyport/authorities
          readOnly: true
        {{- end }}
  volumes:
    - name: temporary
      emptyDir: { sizeLimit: 2Gi }
    {{- if not .values.storage }}
    - name: data
      emptyDir: {}
    {{- end }}
    {{- with .root.Values.certificateAuthorities }}
    {{- if .configMap }}
    - name: authorities
      configMap:
        name: {{ .configMap | quote }}
        items: [{ key: {{ .key | quote }}, path: ca.crt }]
    {{- end }}
    {{- end }}
{{- end -}}

{{/* volumeClaimTemplates: a volume for the data folder of each pod. */}}
{{- define "sallyport.claims" -}}
- metadata:
    name: data
  spec:
    accessModes: [{{ .accessMode }}]
    {{- with .className }}
    storageClassName: {{ . | quote }}
    {{- end }}
    resources:
      requests:
        storage: {{ .size }}
{{- end -}}
