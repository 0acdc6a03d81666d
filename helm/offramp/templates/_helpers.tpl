{{/* Every name of ours: the release's, unless it was named outright; short enough for what is put behind it. */}}
{{- define "offramp.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "offramp.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "offramp.name" .) .Release.Name -}}
{{- .Release.Name | replace "." "-" | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" (.Release.Name | replace "." "-") (include "offramp.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* A CronJob's name has 52 characters at most: what is longer is cut and told apart by a digest. */}}
{{- define "offramp.cronJobName" -}}
{{- $whole := printf "%s-%s" (include "offramp.fullname" .root) .name -}}
{{- if gt (len $whole) 52 -}}
{{- printf "%s-%s" ($whole | trunc 43 | trimSuffix "-") ($whole | sha256sum | trunc 8) -}}
{{- else -}}
{{- $whole -}}
{{- end -}}
{{- end -}}

{{- define "offramp.selectorLabels" -}}
app.kubernetes.io/name: {{ include "offramp.name" . }}
app.kubernetes.io/instance: {{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "offramp.labels" -}}
{{ include "offramp.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{- define "offramp.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "offramp.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "offramp.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{/* Nothing runs as root, nothing gains rights, nothing writes but into its volumes. */}}
{{- define "offramp.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "offramp.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What would start and be wrong is refused here, with a sentence. What is merely misspelt is the schema's. */}}
{{- define "offramp.check" -}}
{{- $several := gt (int .Values.replicas) 1 -}}
{{- if and $several (eq .Values.database.kind "h2") -}}
{{- fail (printf "replicas is %d and database.kind is h2: an H2 file is open in one process at a time. Set database.kind to postgresql, or replicas to 1." (int .Values.replicas)) -}}
{{- end -}}
{{- if and $several (not .Values.offramp.encryptionKey.existingSecret) -}}
{{- fail (printf "replicas is %d and offramp.encryptionKey.existingSecret is not set: each node would make a key of its own and could not read what the others have sealed. Name a Secret with 32 bytes in Base64." (int .Values.replicas)) -}}
{{- end -}}
{{- if and (eq .Values.database.kind "postgresql") (not .Values.offramp.encryptionKey.existingSecret) -}}
{{- fail "database.kind is postgresql and offramp.encryptionKey.existingSecret is not set: the key would be lost with the pod, and with it the sign-in. Name a Secret with 32 bytes in Base64." -}}
{{- end -}}
{{- if and .Values.simulator.enabled .Values.offramp.partnerCenter.certificate.existingSecret -}}
{{- fail "simulator.enabled is true and offramp.partnerCenter.certificate.existingSecret is set: the simulator beside the service takes any secret, and no certificate of yours may go to it. Leave one of them out." -}}
{{- end -}}
{{- if and (eq .Values.database.kind "postgresql") (not (and .Values.database.postgresql.host .Values.database.postgresql.existingSecret)) -}}
{{- fail "database.kind is postgresql: name database.postgresql.host and, by database.postgresql.existingSecret, the Secret with user and password." -}}
{{- end -}}
{{- if and (eq .Values.database.kind "postgresql") (hasPrefix "verify-" .Values.database.postgresql.sslMode) (not .Values.database.postgresql.caSecret) -}}
{{- fail (printf "database.postgresql.sslMode is %s: name by database.postgresql.caSecret the Secret with the authority of the server's certificate, or choose require." .Values.database.postgresql.sslMode) -}}
{{- end -}}
{{- if and (hasPrefix "SASL_" .Values.kafka.securityProtocol) (not .Values.kafka.sasl.existingSecret) -}}
{{- fail (printf "kafka.securityProtocol is %s: name by kafka.sasl.existingSecret the Secret with the log-in." .Values.kafka.securityProtocol) -}}
{{- end -}}
{{- if .Values.simulator.enabled -}}
{{- if ne .Values.offramp.environment "sandbox" -}}
{{- fail "simulator.enabled is true: the simulator is allowed only with offramp.environment sandbox." -}}
{{- end -}}
{{- if $several -}}
{{- fail "simulator.enabled is true and replicas is more than 1: each node would have a Partner Center of its own. Set replicas to 1." -}}
{{- end -}}
{{- else if not .Values.offramp.partnerCenter.tenantId -}}
{{- fail "offramp.partnerCenter.tenantId is not set: name the GUID of the partner's own tenant." -}}
{{- end -}}
{{- if eq .Values.schedules.by "cronjob" -}}
{{- if not .Values.schedules.cronJobs -}}
{{- fail "schedules.by is cronjob, but schedules.cronJobs names none." -}}
{{- end -}}
{{- if not (and .Values.schedules.login.existingSecret .Values.schedules.files.existingClaim) -}}
{{- fail "schedules.by is cronjob: name by schedules.login.existingSecret the Secret with the log-in, and by schedules.files.existingClaim where the files lie." -}}
{{- end -}}
{{- end -}}
{{- if regexMatch "(?im)((password|secret|token|encryption-?key|jaas\\.config)[\"']?:[ \\t]+[^ \\t\\r\\n]|jaas[\"']?:)" (toYaml .Values.configuration) -}}
{{- fail "configuration holds what looks like a secret; secrets are taken from Secrets only: see the values that end in existingSecret." -}}
{{- end -}}
{{- end -}}

{{/* The partner tenant of the simulator's built-in scenario, where no other is named. */}}
{{- define "offramp.tenantId" -}}
{{- if .Values.simulator.enabled -}}
{{- default "0ff0a3b1-5c1e-4d2f-8a6b-7c9d1e2f3a4b" .Values.offramp.partnerCenter.tenantId -}}
{{- else -}}
{{- .Values.offramp.partnerCenter.tenantId -}}
{{- end -}}
{{- end -}}

{{/* application.yaml as the values say it, before configuration is laid over it. */}}
{{- define "offramp.typedConfiguration" -}}
server:
  address: 0.0.0.0
  port: 8080
offramp:
  mode: {{ .Values.offramp.mode }}
  environment: {{ .Values.offramp.environment }}
  partner-center:
    tenant-id: {{ include "offramp.tenantId" . }}
    {{- if .Values.simulator.enabled }}
    client-id: {{ default "offramp" .Values.offramp.partnerCenter.clientId | quote }}
    base-url: http://127.0.0.1:{{ int .Values.simulator.port }}
    authority: http://127.0.0.1:{{ int .Values.simulator.port }}
    {{- else }}
    {{- with .Values.offramp.partnerCenter.clientId }}
    client-id: {{ . | quote }}
    {{- end }}
    {{- with .Values.offramp.partnerCenter.baseUrl }}
    base-url: {{ . | quote }}
    {{- end }}
    {{- with .Values.offramp.partnerCenter.authority }}
    authority: {{ . | quote }}
    {{- end }}
    {{- with .Values.offramp.partnerCenter.certificate }}
    {{- if .existingSecret }}
    certificate: /etc/offramp/partner-center/certificate
    {{- if .privateKeyKey }}
    certificate-key: /etc/offramp/partner-center/key
    {{- end }}
    {{- end }}
    {{- end }}
    {{- end }}
  {{- with .Values.offramp.sources }}
  request:
    sources: {{- toYaml . | nindent 6 }}
  {{- end }}
  {{- if or .Values.offramp.budget.window .Values.offramp.budget.customers .Values.offramp.budget.profile .Values.offramp.protectedCustomers .Values.offramp.protectedDomains .Values.offramp.freezes }}
  safety:
    {{- with .Values.offramp.budget.profile }}
    profile: {{ . }}
    {{- end }}
    {{- with .Values.offramp.protectedCustomers }}
    protected-customers: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .Values.offramp.protectedDomains }}
    protected-domains: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .Values.offramp.freezes }}
    freezes:
      {{- range . }}
      - from: {{ .from | quote }}
        until: {{ .until | quote }}
        {{- with .timeZone }}
        time-zone: {{ . | quote }}
        {{- end }}
        {{- with .operations }}
        operations: {{- toYaml . | nindent 10 }}
        {{- end }}
        reason: {{ .reason | quote }}
      {{- end }}
    {{- end }}
    {{- if or .Values.offramp.budget.window .Values.offramp.budget.customers }}
    budget:
      {{- with .Values.offramp.budget.window }}
      window: {{ . }}
      {{- end }}
      {{- with .Values.offramp.budget.customers }}
      customers: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
  {{- end }}
  intake:
    group: {{ .Values.offramp.group | quote }}
  topics:
    requests: {{ .Values.offramp.topics.requests | quote }}
    outcomes: {{ .Values.offramp.topics.outcomes | quote }}
    refused: {{ .Values.offramp.topics.refused | quote }}
    audit: {{ .Values.offramp.topics.audit | quote }}
    create: {{ .Values.offramp.topics.create }}
  {{- if .Values.jobs }}
  jobs:
    directory: /etc/offramp/jobs
  {{- end }}
  schedules:
    by: {{ .Values.schedules.by | quote }}
spring:
  lifecycle:
    timeout-per-shutdown-phase: {{ int .Values.shutdown.drainSeconds }}s
  datasource:
    {{- if eq .Values.database.kind "postgresql" }}
    {{- with .Values.database.postgresql }}
    url: "jdbc:postgresql://{{ .host }}:{{ int .port }}/{{ .name }}?sslmode={{ .sslMode }}{{ if .caSecret }}&sslrootcert=/etc/offramp/database/ca.crt{{ end }}"
    {{- end }}
    {{- end }}
    hikari:
      maximum-pool-size: {{ int .Values.database.poolSize }}
  kafka:
    bootstrap-servers: {{ .Values.kafka.bootstrapServers | quote }}
    security:
      protocol: {{ .Values.kafka.securityProtocol }}
    {{- if hasPrefix "SASL_" .Values.kafka.securityProtocol }}
    properties:
      sasl.mechanism: {{ .Values.kafka.sasl.mechanism }}
    {{- end }}
    {{- with .Values.kafka.truststore }}
    {{- if .existingSecret }}
    ssl:
      trust-store-type: {{ .type }}
      trust-store-location: file:/etc/offramp/kafka/truststore
    {{- end }}
    {{- end }}
{{- end -}}

{{- define "offramp.applicationYaml" -}}
{{- $typed := fromYaml (include "offramp.typedConfiguration" .) -}}
{{- if hasKey $typed "Error" -}}
{{- fail (printf "A value cannot be written into application.yaml: %s" (get $typed "Error")) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $typed (deepCopy .Values.configuration)) -}}
{{- end -}}
