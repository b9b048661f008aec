{{/* The settings of a component that are no secrets, as YAML: the chart's own, then those of the values, which win. */}}
{{- define "sallyport.settings" -}}
{{- $service := printf "%s-%s" (include "sallyport.name" .root) .component -}}
{{- $settings := dict "SALLYPORT_CONTROL_HOSTS" (printf "%s,%s.%s.svc" $service $service .root.Release.Namespace) -}}
{{- with .root.Values.trustedProxies -}}
{{- $_ := set $settings "SALLYPORT_TRUSTED_PROXIES" (join "," .) -}}
{{- end -}}
{{- if .root.Values.certificateAuthorities.configMap -}}
{{- $_ := set $settings "NODE_EXTRA_CA_CERTS" "/etc/sallyport/authorities/ca.crt" -}}
{{- end -}}
{{- if ne .component "relay" -}}
{{- $_ := set $settings "SALLYPORT_GATEWAY_URL" .root.Values.gatewayUrl -}}
{{- end -}}
{{- if eq .component "control" -}}
{{- $_ := set $settings "SALLYPORT_PUBLIC_URL" .root.Values.publicUrl -}}
{{- $_ := set $settings "SALLYPORT_GATEWAY_LEASE_SECONDS" (.values.gatewayLeaseSeconds | toString) -}}
{{- else -}}
{{- $_ := set $settings "SALLYPORT_CONTROL_URL" (.values.controlUrls | default (list .root.Values.publicUrl) | join ",") -}}
{{- end -}}
{{- mergeOverwrite $settings (deepCopy .root.Values.settings) (deepCopy .values.settings) | toYaml -}}
{{- end -}}
