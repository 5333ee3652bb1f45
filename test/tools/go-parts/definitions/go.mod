module knot.tools/definitions

go 1.25

require (
	github.com/prometheus-operator/prometheus-operator v0.83.0
	sigs.k8s.io/gateway-api v1.4.0
)
