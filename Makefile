# rdmagid. "make help" lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MVN := .mvn/mvnb
TESTBED := e2e/bin/testbed
NODE ?= node-a
TRIES ?= 100000

.DEFAULT_GOAL := help
.PHONY: help build kubectl check fuzz test test-cluster test-node test-long bench bench-native generate demo image \
	prepare prepare-cluster testbed-up testbed-down testbed-shell clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r t d; do printf '  %-16s %s\n' "$$t" "$$d"; done

demo: ## From nothing to a cluster with live GID tables, and what they show
	@echo "make demo takes about 25 minutes on a machine that never ran it, 4 to 5 once all is built, 2 while the test cluster is up."
	@$(MAKE) --no-print-directory image
	@$(TESTBED) demo

test: ## Unit, cluster and node tiers, but for what test-long has
	@e2e/bin/test-all

build: ## Leaves a runnable dist/bin/rdmagid
	@e2e/setup/step.sh "building" 90 build.log $(MVN) -pl gid,api,proto,management,terminal,deviceplugin package -DskipTests
	@deploy/dist.sh
	@echo "dist/bin/rdmagid is ready"

kubectl: ## The kubectl plugin, kubectl/target/kubectl-rdmagid.tar.gz
	$(MVN) -q -pl gid,api,terminal,kubectl package -DskipTests
	@deploy/kubectl.sh
	@echo "kubectl/target/kubectl-rdmagid.tar.gz is ready"

check: ## Format, static checks and unit tests, in at most 5 minutes
	$(MVN) verify

fuzz: ## Random input for every reader, TRIES=100000 times each
	$(MVN) -pl gid,api,proto,management,terminal,deviceplugin test -Dtest='*FuzzTest' -Dsurefire.failIfNoSpecifiedTests=false \
	  -Drdmagid.tries=$(TRIES) -Drdmagid.tries.quiet=false

test-cluster: prepare-cluster ## Agents as host processes against a real API server
	$(MVN) -pl gid,api,proto,management,terminal,deviceplugin,operator,kubectl,e2e package -DskipTests -Dtier=cluster

test-node: image ## Virtual machines with kernel, kubelet, runtime and software RoCE
	$(MVN) -pl gid,api,proto,management,terminal,deviceplugin,operator,kubectl,e2e package -DskipTests -Dtier=node

test-long: image ## What does not fit into make test
	$(MVN) -pl gid,api,proto,management,terminal,deviceplugin,operator,kubectl,e2e package -DskipTests -Dtier=node -Drdmagid.changes=1000 -Drdmagid.churn.pods=200 -Drdmagid.churn.restarts=2 -Drdmagid.kills=20 -Drdmagid.leaveOut=none

bench: image build ## Measure, write docs/benchmarks.md, and fail where a figure misses its bar
	@$(TESTBED) bench

bench-native: build prepare-cluster ## The parts of it that need no virtual machine
	@$(TESTBED) bench native

generate: ## Write the CRDs that the chart carries from the API's code
	$(MVN) -q -pl gid,api test -Dtest=CrdGoldenTest -Dsurefire.failIfNoSpecifiedTests=false -Drdmagid.generate=true
	@git --no-pager diff --stat -- charts

image: prepare ## The images: deploy/target/agent-image.tar, operator/target/operator-image.tar
	@e2e/setup/step.sh "building the agent's image" 60 image.log e2e/bin/image

prepare:
	@e2e/setup/prepare.sh nodes

prepare-cluster:
	@e2e/setup/prepare.sh control-plane

testbed-up: image ## Start the test cluster, or take the one that is up
	@$(TESTBED) up

testbed-down: ## Stop the test cluster
	@$(TESTBED) down

testbed-shell: ## A shell on a node: make testbed-shell NODE=node-b
	@$(TESTBED) shell $(NODE)

clean: ## Remove what was built in this checkout
	rm -rf dist */target
