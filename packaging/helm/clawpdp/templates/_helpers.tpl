{{- define "clawpdp.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "clawpdp.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "clawpdp.labels" -}}
{{ include "clawpdp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "clawpdp.image" -}}
{{- $repository := required "image.repository: where the image is" .Values.image.repository -}}
{{- if .Values.image.digest }}{{ printf "%s@%s" $repository .Values.image.digest }}{{ else }}{{ printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) }}{{ end }}
{{- end }}

{{/* The configuration. What the sidecar has no default for, the chart has none for either. */}}
{{- define "clawpdp.config" -}}
{{- $given := .Values.config -}}
{{- if not $given.issuers }}{{ fail "config.issuers: the identity providers whose ID tokens are taken" }}{{ end -}}
{{- if not .Values.tls.spiffeIds }}{{ fail "tls.spiffeIds: who may connect" }}{{ end -}}
{{- $tls := dict "certificate_file" "/etc/clawpdp/tls/tls.crt" "key_file" "/etc/clawpdp/tls/tls.key" "client_ca_file" "/etc/clawpdp/tls/ca.crt" "spiffe_ids" .Values.tls.spiffeIds -}}
{{- $crl := .Values.tls.crl -}}
{{- if and $crl.configMapName $crl.secretName }}{{ fail "tls.crl: the lists lie in a ConfigMap or in a Secret" }}{{ end -}}
{{- if and (or $crl.configMapName $crl.secretName) (not $crl.keys) }}{{ fail "tls.crl.keys: which keys are lists of revoked certificates" }}{{ end -}}
{{- $lists := list -}}
{{- range $crl.keys }}{{ $lists = append $lists (printf "/etc/clawpdp/crl/%s" .) }}{{ end -}}
{{- if $lists }}{{ $_ := set $tls "client_crl_files" $lists }}{{ end -}}
{{- $agents := dict "name" "agents" "address" (printf "0.0.0.0:%d" (int .Values.port)) "planes" .Values.planes "tls" $tls -}}
{{- $probe := dict "name" "probe" "unix_socket" "/tmp/probe.sock" "planes" (list "decision") "mode" "0600" -}}
{{- $listeners := list $agents $probe -}}
{{- if .Values.metrics.enabled -}}
{{- if not .Values.metrics.spiffeIds }}{{ fail "metrics.spiffeIds: who may read the metrics" }}{{ end -}}
{{- $read := merge (dict "spiffe_ids" .Values.metrics.spiffeIds) $tls -}}
{{- $listeners = append $listeners (dict "name" "metrics" "address" (printf "0.0.0.0:%d" (int .Values.metrics.port)) "protocol" "http" "planes" (list "metrics") "tls" $read) -}}
{{- end -}}
{{- $listen := dict "grpc" nil "http" nil "unix_socket" nil "admin_socket" "/var/lib/clawpdp/data/admin.sock" "listeners" $listeners -}}
{{- $policy := dict "require_policy" true -}}
{{- if $given.policySigners }}{{ $_ := set $policy "signers" $given.policySigners }}{{ end -}}
{{- if $given.approvers }}{{ $_ := set $policy "approvers" $given.approvers }}{{ end -}}
{{- if $given.policies }}{{ $_ := set $policy "directory" "/etc/clawpdp/policies" }}{{ end -}}
{{- $config := dict "data_directory" "/var/lib/clawpdp/data" "audiences" $given.audiences "listen" $listen "issuers" $given.issuers "issuance" (dict "scope_mapping_file" "scope-mapping.json") "policy" $policy "decision_log" $given.decisionLog "log_level" $given.logLevel -}}
{{- mustMergeOverwrite $config $given.extra | toPrettyJson }}
{{- end }}

{{- define "clawpdp.mapping" -}}
{{- if not .Values.config.scopeMappings }}{{ fail "config.scopeMappings: what each group is granted" }}{{ end -}}
{{- $mapping := dict "scope_mappings" .Values.config.scopeMappings -}}
{{- if .Values.config.policyPin }}{{ $_ := set $mapping "policy_pin" .Values.config.policyPin }}{{ end -}}
{{- $mapping | toPrettyJson }}
{{- end }}

{{- define "clawpdp.pod" -}}
metadata:
  labels:
    {{- include "clawpdp.selector" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: 30
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: clawpdp
      image: {{ include "clawpdp.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      ports:
        - { name: grpc, containerPort: {{ .Values.port }}, protocol: TCP }
        {{- if .Values.metrics.enabled }}
        - { name: metrics, containerPort: {{ .Values.metrics.port }}, protocol: TCP }
        {{- end }}
      # grpc.health.v1, asked over a Unix socket: the kubelet's own gRPC probe has no client certificate.
      startupProbe:
        exec: { command: [/usr/bin/clawpdp, health, --server, "unix:/tmp/probe.sock"] }
        periodSeconds: 1
        failureThreshold: 60
        timeoutSeconds: 5
      readinessProbe:
        exec: { command: [/usr/bin/clawpdp, health, --server, "unix:/tmp/probe.sock"] }
        periodSeconds: 10
        timeoutSeconds: 5
      livenessProbe:
        exec: { command: [/usr/bin/clawpdp, health, --alive, --server, "unix:/tmp/probe.sock"] }
        periodSeconds: 20
        failureThreshold: 3
        timeoutSeconds: 5
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - { name: config, mountPath: /etc/clawpdp, readOnly: true }
        - { name: data, mountPath: /var/lib/clawpdp }
        - { name: tmp, mountPath: /tmp }
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
  volumes:
    # One folder that is swapped as a whole: configuration, policies and certificates are watched, and taken up without a restart.
    - name: config
      projected:
        defaultMode: 0440
        sources:
          - configMap: { name: {{ include "clawpdp.name" . }} }
          {{- if .Values.config.policies }}
          - configMap:
              name: {{ include "clawpdp.name" . }}-policies
              items:
                {{- range $file := keys .Values.config.policies | sortAlpha }}
                - { key: {{ $file | quote }}, path: {{ printf "policies/%s" $file | quote }} }
                {{- end }}
          {{- end }}
          - secret:
              name: {{ required "tls.secretName: a Secret with tls.crt, tls.key and ca.crt" .Values.tls.secretName }}
              items:
                - { key: tls.crt, path: tls/tls.crt }
                - { key: tls.key, path: tls/tls.key }
                - { key: ca.crt, path: tls/ca.crt }
          {{- with .Values.tls.crl }}
          {{- if .keys }}
          - {{ if .configMapName }}configMap{{ else }}secret{{ end }}:
              name: {{ .configMapName | default .secretName | default $.Values.tls.secretName }}
              items:
                {{- range .keys }}
                - { key: {{ . | quote }}, path: {{ printf "crl/%s" . | quote }} }
                {{- end }}
          {{- end }}
          {{- end }}
    - name: tmp
      emptyDir: { medium: Memory, sizeLimit: 16Mi }
    {{- if eq .Values.workload "DaemonSet" }}
    - name: data
      {{- if .Values.data.hostPath }}
      hostPath: { path: {{ .Values.data.hostPath | quote }}, type: Directory }
      {{- else }}
      # Keys, receipts and revocations are gone with the pod.
      emptyDir: {}
      {{- end }}
    {{- end }}
{{- end }}
