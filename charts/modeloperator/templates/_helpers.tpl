{{/* The image of a part: images.<part>, with registry, and digest before tag. */}}
{{- define "modeloperator.image" -}}
{{- $image := index .root.Values.images .part -}}
{{- with .root.Values.images.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{/* Selects the pods of a part. Never changes: a selector cannot. */}}
{{- define "modeloperator.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* The labels of every object of a part. */}}
{{- define "modeloperator.labels" -}}
{{ include "modeloperator.selector" . }}
app.kubernetes.io/part-of: modeloperator
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* The labels of a part's pods: the version is left out, so that an upgrade restarts only what really differs. */}}
{{- define "modeloperator.podLabels" -}}
{{ include "modeloperator.selector" . }}
app.kubernetes.io/part-of: modeloperator
{{- end -}}


{{/* Spread over nodes, unless told otherwise. */}}
{{- define "modeloperator.spread" -}}
{{- if .constraints -}}
{{- toYaml .constraints -}}
{{- else -}}
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels: {{- include "modeloperator.selector" . | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* The level "restricted" of the Pod Security Standards. */}}
{{- define "modeloperator.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "modeloperator.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* A second release in one cluster would fight the first over every ModelDeployment. */}}
{{- define "modeloperator.refuseSecondRelease" -}}
{{- $runtime := lookup "modeloperator.io/v1alpha1" "ServingRuntime" "" "onnxruntime" -}}
{{- if $runtime -}}
{{- $owner := dig "metadata" "annotations" "meta.helm.sh/release-namespace" "" $runtime -}}
{{- $name := dig "metadata" "annotations" "meta.helm.sh/release-name" "" $runtime -}}
{{- if and $owner (or (ne $owner .Release.Namespace) (ne $name .Release.Name)) (not .Values.watchNamespace) -}}
{{- fail (printf "ModelOperator is installed in this cluster already, as release %s in namespace %s, and both would work on the same ModelDeployments. Upgrade that one (helm upgrade %s --namespace %s), or set watchNamespace and servingRuntime.create=false here to look at one namespace only." $name $owner $name $owner) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The whole seconds of a duration such as 500ms, 30s or 2m, rounded up. */}}
{{- define "modeloperator.seconds" -}}
{{- if hasSuffix "ms" . -}}
{{- div (add (trimSuffix "ms" . | int) 999) 1000 -}}
{{- else if hasSuffix "s" . -}}
{{- trimSuffix "s" . -}}
{{- else if hasSuffix "m" . -}}
{{- mul (trimSuffix "m" . | int) 60 -}}
{{- else -}}
{{- mul (trimSuffix "h" . | int) 3600 -}}
{{- end -}}
{{- end -}}
