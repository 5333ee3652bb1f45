{{- define "knot.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "knot.labels" -}}
app.kubernetes.io/name: knot
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .Values.mode }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "knot.selector" -}}
app.kubernetes.io/name: knot
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "knot.image" -}}
{{- $image := .Values.image -}}
{{- $name := $image.repository -}}
{{- if $image.registry }}{{ $name = printf "%s/%s" (trimSuffix "/" $image.registry) $name }}{{ end -}}
{{- if $image.digest }}{{ printf "%s@%s" $name $image.digest }}{{ else }}{{ printf "%s:%s" $name ($image.tag | default .Chart.AppVersion) }}{{ end -}}
{{- end -}}

{{- define "knot.spaces" -}}
{{- .Values.spaces.namespace | default (printf "%s-spaces" (include "knot.name" .)) -}}
{{- end -}}

{{- define "knot.secret" -}}
{{- ternary .Values.hub.existingSecret .Values.origin.existingSecret (eq .Values.mode "origin") -}}
{{- end -}}

{{/* What cannot be, each in one sentence that says what to do. */}}
{{- define "knot.check" -}}
{{- $v := .Values -}}
{{- if eq $v.mode "leaf" -}}
  {{- if not $v.location }}{{ fail "A leaf needs the name of its location: --set location=lon." }}{{ end -}}
  {{- if not $v.origin.url }}{{ fail "A leaf needs the address of its origin: --set origin.url=https://knot.example.com." }}{{ end -}}
  {{- if not $v.origin.existingSecret }}{{ fail "A leaf needs what lets it in: --set origin.existingSecret=<a Secret with the key shared-token>." }}{{ end -}}
  {{- if and (hasPrefix "http://" $v.origin.url) (not $v.origin.allowPlaintext) }}{{ fail "origin.url is http://, so everything would go in clear: use https://, or set origin.allowPlaintext=true on a network that you trust." }}{{ end -}}
  {{- if not $v.spaces.enabled }}{{ fail "spaces.enabled=false leaves a leaf nothing to drive: leave it on, or set mode=origin." }}{{ end -}}
  {{- if $v.store.mysql.enabled }}{{ fail "A leaf keeps its own embedded store: set store.mysql.enabled=false, or mode=origin." }}{{ end -}}
  {{- if ne (int $v.hub.replicas) 1 }}{{ fail "hub.replicas is for mode=origin: one leaf at a time acts for a location." }}{{ end -}}
  {{- if $v.hub.url }}{{ fail "hub.url is for mode=origin: a leaf's origin is origin.url." }}{{ end -}}
{{- else -}}
  {{- if not $v.hub.url }}{{ fail "An origin needs the address that people reach it at: --set hub.url=https://knot.example.com." }}{{ end -}}
  {{- if not $v.hub.existingSecret }}{{ fail "An origin needs its keys: --set hub.existingSecret=<a Secret with the keys encrypt and shared-token>." }}{{ end -}}
  {{- if $v.origin.url }}{{ fail "origin.url makes a leaf: leave it empty, or set mode=leaf." }}{{ end -}}
  {{- if and (gt (int $v.hub.replicas) 1) (not $v.store.mysql.enabled) }}{{ fail "Several origins need a store that they share: set store.mysql.enabled=true, or hub.replicas=1 (the embedded store is one file on one volume)." }}{{ end -}}
  {{- if and (gt (int $v.hub.replicas) 1) (not $v.location) }}{{ fail "Several origins have one location of their own: --set location=home." }}{{ end -}}
{{- end -}}
{{- if $v.store.mysql.enabled -}}
  {{- if not $v.store.mysql.host }}{{ fail "store.mysql.enabled needs store.mysql.host." }}{{ end -}}
  {{- if not $v.store.mysql.existingSecret }}{{ fail "store.mysql.enabled needs store.mysql.existingSecret, a Secret with the key password." }}{{ end -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.host) }}{{ fail "ingress.enabled needs ingress.host." }}{{ end -}}
{{- if $v.gateway.enabled -}}
  {{- if not $v.gateway.host }}{{ fail "gateway.enabled needs gateway.host." }}{{ end -}}
  {{- if not $v.gateway.parentRefs }}{{ fail "gateway.enabled needs gateway.parentRefs: which Gateway is it that leads here?" }}{{ end -}}
{{- end -}}
{{- if and $v.ingress.wildcardHost $v.gateway.wildcardHost (ne $v.ingress.wildcardHost $v.gateway.wildcardHost) }}{{ fail "ingress.wildcardHost and gateway.wildcardHost differ: the web ports of spaces have one domain." }}{{ end -}}
{{- if and $v.ingress.wildcardHost (not $v.ingress.enabled) }}{{ fail "ingress.wildcardHost needs ingress.enabled=true." }}{{ end -}}
{{- if and $v.gateway.wildcardHost (not $v.gateway.enabled) }}{{ fail "gateway.wildcardHost needs gateway.enabled=true." }}{{ end -}}
{{- if and $v.metrics.serviceMonitor (eq $v.mode "origin") (not $v.metrics.existingSecret) }}{{ fail "An origin shows its metrics to administrators only: set metrics.existingSecret, a Secret with the key token." }}{{ end -}}
{{- if and $v.metrics.serviceMonitor (eq $v.mode "leaf") (or $v.ingress.wildcardHost $v.gateway.wildcardHost) (not $v.metrics.existingSecret) }}{{ fail "A leaf that people reach shows its metrics by a token: set metrics.existingSecret, a Secret with the key token." }}{{ end -}}
{{- if and $v.tests.existingSecret (not $v.tests.template) }}{{ fail "tests.existingSecret needs tests.template: what is the space of the test to be made of?" }}{{ end -}}
{{- if and $v.tests.template (not $v.tests.existingSecret) }}{{ fail "tests.template needs tests.existingSecret, a Secret with the key token: whose is the space of the test?" }}{{ end -}}
{{- if and $v.tests.existingSecret $v.origin.fingerprint (not $v.tests.caSecret) }}{{ fail "The test checks the origin's certificate as every client does, by who signed it: set tests.caSecret, a Secret with the key ca.crt (an origin that signed its own keeps it as tls/cert.pem under data_path)." }}{{ end -}}
{{- if and $v.spaces.enabled (eq (include "knot.spaces" .) .Release.Namespace) }}{{ fail "Spaces run in a namespace apart from the release's own: choose another spaces.namespace." }}{{ end -}}
{{- end -}}

{{/* knot.yaml; `config` of the values beats what the chart says. */}}
{{- define "knot.config" -}}
{{- $v := .Values -}}
{{- $secrets := "/etc/knot/secrets" -}}
{{- $server := dict "listen" "http://0.0.0.0:3000" "allow_plaintext" true "data_path" "/var/lib/knot" -}}
{{- if $v.location }}{{ $_ := set $server "location" $v.location }}{{ end -}}
{{- $wildcard := $v.ingress.wildcardHost | default $v.gateway.wildcardHost -}}
{{- if $wildcard }}{{ $_ := set $server "wildcard_domain" $wildcard }}{{ end -}}
{{- $_ := set $server "shared_token_file" (printf "%s/shared-token" $secrets) -}}
{{- if eq $v.mode "leaf" -}}
  {{- $_ := set $server "origin_server" $v.origin.url -}}
  {{- /* Where spaces fetch the agent from: this leaf where it has an address, else its origin. */ -}}
  {{- $host := ternary $v.ingress.host $v.gateway.host $v.ingress.enabled -}}
  {{- $own := or $v.ingress.enabled $v.gateway.enabled -}}
  {{- $_ := set $server "url" (ternary (printf "https://%s" $host) $v.origin.url $own) -}}
  {{- if $v.metrics.existingSecret }}{{ $_ := set $server "metrics_token_file" "/etc/knot/metrics/token" }}{{ end -}}
  {{- if $v.origin.fingerprint }}{{ $_ := set $server "origin_fingerprint" $v.origin.fingerprint }}{{ end -}}
  {{- /* Web apps have names at a leaf where people reach it themselves. */ -}}
  {{- if $wildcard }}{{ $_ := set $server "direct_url" (printf "https://%s" $host) }}{{ end -}}
{{- else -}}
  {{- $_ := set $server "url" $v.hub.url -}}
  {{- $_ := set $server "encrypt_file" (printf "%s/encrypt" $secrets) -}}
  {{- if $v.hub.trustedProxies }}{{ $_ := set $server "trusted_proxies" $v.hub.trustedProxies }}{{ end -}}
  {{- if $v.store.mysql.enabled -}}
    {{- $m := $v.store.mysql -}}
    {{- $_ := set $server "mysql" (dict "enabled" true "host" $m.host "port" (int $m.port) "user" $m.user "database" $m.database "use_tls" $m.useTls "password_file" "/etc/knot/mysql/password") -}}
  {{- end -}}
{{- end -}}
{{- if $v.spaces.enabled -}}
  {{- $kubernetes := dict "enabled" true "namespace" (include "knot.spaces" .) -}}
  {{- if $v.spaces.objects.enabled }}{{ $_ := set $kubernetes "space_objects" true }}{{ end -}}
  {{- $_ := set $server "kubernetes" $kubernetes -}}
{{- end -}}
{{- if and $v.agents.enabled $v.spaces.enabled -}}
  {{- $_ := set $server "listen_agent" "0.0.0.0:3010" -}}
  {{- $_ := set $server "agent_endpoint" (printf "%s.%s.svc:3010" (include "knot.name" .) .Release.Namespace) -}}
{{- end -}}
{{- toYaml (dict "server" (mergeOverwrite $server (deepCopy $v.config))) -}}
{{- end -}}

{{/* knot.yaml lies in the pods' own template: what changes it rolls the pods, and what takes the template back takes it along. */}}
{{- define "knot.configured" -}}
knot.dev/config: |
  {{- include "knot.config" . | nindent 2 }}
{{- end -}}

{{- define "knot.configuration" -}}
name: config
downwardAPI:
  items:
    - { path: knot.yaml, fieldRef: { fieldPath: "metadata.annotations['knot.dev/config']" } }
{{- end -}}

{{/* Whose pods these are, and what their containers may. */}}
{{- define "knot.nobody" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{ end -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "knot.harmless" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{- define "knot.program" -}}
image: {{ include "knot.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end -}}

{{- define "knot.pod" -}}
metadata:
  labels:
    {{- include "knot.labels" . | nindent 4 }}
  annotations:
    {{- include "knot.configured" . | nindent 4 }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "knot.name" . }}
  automountServiceAccountToken: {{ .Values.spaces.enabled }}
  terminationGracePeriodSeconds: 30
  {{- include "knot.nobody" . | nindent 2 }}
  {{- if gt (int .Values.hub.replicas) 1 }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "knot.selector" . | nindent 10 }}
  {{- end }}
  containers:
    - name: knot
      {{- include "knot.program" . | nindent 6 }}
      args: [server, --config, /etc/knot/config/knot.yaml]
      ports:
        - { name: web, containerPort: 3000 }
        {{- if and .Values.agents.enabled .Values.spaces.enabled }}
        - { name: agents, containerPort: 3010 }
        {{- end }}
      startupProbe:
        httpGet: { path: /livez, port: web }
        periodSeconds: 2
        failureThreshold: 90
      livenessProbe:
        httpGet: { path: /livez, port: web }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /readyz, port: web }
        periodSeconds: 3
        timeoutSeconds: 5
      {{- include "knot.harmless" . | nindent 6 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - { name: data, mountPath: /var/lib/knot }
        - { name: tmp, mountPath: /tmp }
        - { name: config, mountPath: /etc/knot/config, readOnly: true }
        - { name: secrets, mountPath: /etc/knot/secrets, readOnly: true }
        {{- if and (eq .Values.mode "leaf") .Values.metrics.existingSecret }}
        - { name: metrics, mountPath: /etc/knot/metrics, readOnly: true }
        {{- end }}
        {{- if .Values.store.mysql.enabled }}
        - { name: mysql, mountPath: /etc/knot/mysql, readOnly: true }
        {{- end }}
  volumes:
    - { name: tmp, emptyDir: {} }
    - {{- include "knot.configuration" . | nindent 6 }}
    - { name: secrets, secret: { secretName: {{ include "knot.secret" . }}, defaultMode: 0440 } }
    {{- if and (eq .Values.mode "leaf") .Values.metrics.existingSecret }}
    - { name: metrics, secret: { secretName: {{ .Values.metrics.existingSecret }}, defaultMode: 0440 } }
    {{- end }}
    {{- if .Values.store.mysql.enabled }}
    - { name: mysql, secret: { secretName: {{ .Values.store.mysql.existingSecret }}, defaultMode: 0440 } }
    {{- end }}
    {{- if eq (include "knot.keepsData" .) "no" }}
    - { name: data, emptyDir: {} }
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* Whether the pods have a volume: not where all is in a database. */}}
{{- define "knot.keepsData" -}}
{{- if .Values.store.mysql.enabled }}no{{ else }}yes{{ end -}}
{{- end -}}

{{- define "knot.claim" -}}
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: {{ .Values.persistence.size }}
  {{- with .Values.persistence.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
{{- end -}}
