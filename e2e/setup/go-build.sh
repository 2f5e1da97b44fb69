#!/usr/bin/env bash
# Builds programs from the Go module proxy, static, so that they run on this machine and on the nodes.
# usage: go-build.sh kubernetes|containerd OUT, or go-build.sh helm VERSION OUT
set -euo pipefail
here=$(dirname "$(realpath "$0")")

# Auto: whatever Go there is fetches the one that go.mod asks for. Trimpath: the Go build cache then
# serves checkouts in other folders.
export CGO_ENABLED=0 GOTOOLCHAIN=auto GOOS=linux GOARCH=amd64
unset GOFLAGS GOWORK

kubernetes() {
  local out=$1 version number package flags="-s -w"
  cd "$here/kubernetes"
  version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
  number=${version#v}
  # Kubernetes' own build sets these; without them the server says v0.0.0 and charts that ask for a
  # minimum version do not install.
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=${number%%.*}"
    number=${number#*.}
    flags+=" -X $package.gitMinor=${number%%.*} -X $package.gitTreeState=clean"
    number=${version#v}
  done
  go build -trimpath -ldflags "$flags" -o "$out/testbed" .
  ln -s testbed "$out/kubectl"
}

containerd() {
  local out=$1
  cd "$here/containerd"
  local version flags="-s -w" module=github.com/containerd/containerd/v2
  version=$(go list -m -f '{{.Version}}' $module)
  flags+=" -X $module/version.Version=$version"
  go build -trimpath -ldflags "$flags" -o "$out/" $module/cmd/{containerd,containerd-shim-runc-v2,ctr}
}

helm() {
  GOBIN=$2 go install -trimpath -ldflags "-s -w" "helm.sh/helm/v4/cmd/helm@$1"
}

"$@"
