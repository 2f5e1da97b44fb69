# Debian's bash reads this for commands given over SSH too.
export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export CONTAINERD_NAMESPACE=k8s.io
