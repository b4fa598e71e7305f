# Everything a developer or CI does, one line each: `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CONFIGURATION ?= Release
FILTER ?=
E2E_KUBECONFIG ?=
NODE ?=
DURATION ?= 10m
REQUESTS ?= 200000
SEED ?=
PORT ?= 0
KUBECONFIG_OUT ?= .dev/kubeconfig
GPUS ?= 0
URL ?=
GRPC ?=
MODEL ?=
export PATH := $(CURDIR)/.deps/bin:$(PATH)
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1

BUILD := dotnet build ModelOperator.sln --configuration $(CONFIGURATION) --no-restore --nologo --verbosity quiet -clp:NoSummary
PROGRAMS := artifacts/bin
LOWER := $(shell echo $(CONFIGURATION) | tr A-Z a-z)

.PHONY: help setup build test e2e demo cluster manifests samples format bench conformance fuzz soak chaos clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Download what building and running needs, once (Prometheus, kubectl, ONNX Runtime, packages)
	@build/setup.sh

build: setup ## Build every program
	@echo "build: compiling ($(CONFIGURATION))"
	@$(BUILD)
	@dotnet publish operator/Cli --configuration $(CONFIGURATION) --no-build --nologo --verbosity quiet
	@ln -sfn ../../artifacts/publish/ModelOperator.Cli/$(LOWER)/kubectl-model .deps/bin/kubectl-model

test: build ## Check the format and run every test
	@build/test.sh $(CONFIGURATION) '$(FILTER)'

e2e: build ## Run the conformance and end-to-end suites: on dev clusters, or on E2E_KUBECONFIG=path (NODE=1: it runs pods)
	@build/e2e.sh $(CONFIGURATION) '$(E2E_KUBECONFIG)' '$(NODE)'

demo: build ## Show the whole story with real models; KEEP=1 leaves it running
	@$(PROGRAMS)/ModelOperator.Demo/$(LOWER)/demo $(if $(KEEP),--keep)

cluster: build ## Run the dev cluster in the foreground (PORT=, KUBECONFIG_OUT=.dev/kubeconfig, GPUS=0)
	@exec $(PROGRAMS)/ModelOperator.DevCluster/$(LOWER)/devcluster --port $(PORT) --kubeconfig $(KUBECONFIG_OUT) --gpus $(GPUS) --images operator/DevCluster/images.json

manifests: build ## Write crds/ and docs/fields.md from the C# types, and deploy/install.yaml from the chart
	@$(PROGRAMS)/ModelOperator.Controller/$(LOWER)/modeloperator manifests crds --reference docs/fields.md
	@cp crds/*.yaml charts/modeloperator/crds/
	@build/manifests.sh

samples: ## Train and export the sample models again; the committed files must come out
	@samples/digits/build.sh

format: setup ## Format the code
	@dotnet format ModelOperator.sln --no-restore

bench: build ## Print the benchmark figures (FILTER=kubernetes picks those whose name begins so)
	@$(PROGRAMS)/ModelOperator.Benchmarks/$(LOWER)/benchmarks '$(FILTER)'

conformance: build ## Put the Open Inference Protocol's statements to any server (URL=http://host:8000, GRPC=host:8001, MODEL=name)
	@$(PROGRAMS)/ModelOperator.OpenInference/$(LOWER)/oip-conformance '$(URL)' --grpc '$(GRPC)' --model '$(MODEL)'

fuzz: build ## Send spoilt requests to the inference server (REQUESTS=200000, SEED=: another one each time)
	@build/fuzz.sh $(CONFIGURATION) '$(REQUESTS)' '$(SEED)'

soak: build ## Run informer and controller against a misbehaving API and check that nothing is lost (DURATION=10m)
	@$(PROGRAMS)/ModelOperator.Soak/$(LOWER)/soak --duration $(DURATION)

chaos: build ## Kill, hang and suspend everything under live traffic and check that no request is lost (DURATION=10m)
	@CHAOS_DURATION=$(DURATION) CHAOS_API_AWAY=1m dotnet test tests/EndToEnd --configuration $(CONFIGURATION) --no-build --nologo \
		--filter "FullyQualifiedName~Nothing_that_happens_costs_a_request" --logger "console;verbosity=normal"

clean: ## Remove what was built and what a cluster left; keep downloads
	@rm -rf artifacts .dev TestResults
	@echo "clean: removed artifacts/ and .dev/"
