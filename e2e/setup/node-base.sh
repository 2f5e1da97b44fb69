#!/usr/bin/env bash
# Makes what all node images share, from Debian packages: OUT/root.tar, OUT/vmlinuz and OUT/initramfs.gz.
# usage: node-base.sh OUT
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=../../deploy/runtime/lib.sh
source "$here/../../deploy/runtime/lib.sh"

out=$1
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
root=$work/root

packages=(
  ibverbs-utils ibverbs-providers perftest iproute2 ethtool # RDMA and its network devices
  iptables conntrack kmod procps containernetworking-plugins runc crun # the kubelet's and containerd's needs
  busybox-static dropbear-bin e2fsprogs strace socat # init, SSH, a look inside, a way to its sockets
)

install_root() {
  local list
  list=$(IFS=,; printf '%s' "${packages[*]}")
  debootstrap --variant=minbase --include="$list" "$DEBIAN_SUITE" "$root" "$(debian_mirror)"
  # Unpacked, not installed: the packages' dependencies are an initramfs builder (with udev) and perl,
  # which only their installation scripts use.
  debian_unpack "$root" runit "$(kernel_package)"
}

kernel_package() {
  apt-cache "${DEBIAN_APT[@]}" depends linux-image-amd64 | awk '$1 == "Depends:" { print $2; exit }'
}

# No display, sound, camera or wireless card will ever be there; their drivers are half of the modules.
slim_root() {
  local modules=$root/usr/lib/modules/$version
  rm -rf "$modules"/kernel/{sound,drivers/{gpu,media,iio,hid,input,staging,usb,scsi,net/{wireless,ethernet}}}
  rm -rf "$root"/var/cache/apt "$root"/var/lib/apt/lists "$root"/usr/share/{doc,man,info,locale,lintian,bug}
  rm -rf "$root"/var/log/* "${root:?}"/boot "$root"/usr/lib/debug
  mkdir -p "$root/var/lib/apt/lists" "$root/var/cache/apt"
  chroot "$root" depmod "$version"
}

# The kernel mounts nothing by itself: the disk and the file system are modules. Which ones, and in which
# order, is modprobe's to say. They are unpacked because busybox' insmod knows no xz.
make_initramfs() {
  local tree=$work/initramfs file name
  mkdir -p "$tree"/{bin,dev,newroot,modules}
  cp "$root/usr/bin/busybox" "$tree/bin/busybox"
  cp "$here/guest/initramfs-init" "$tree/init"
  chmod 755 "$tree/init"
  chroot "$root" modprobe -S "$version" --show-depends -a virtio_pci virtio_blk crc32c ext4 |
    awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
    while IFS= read -r file; do
      file=$root$file
      name=$(basename "$file" .xz)
      case $file in
        *.xz) xz -dc "$file" > "$tree/modules/$name" ;;
        *) cp "$file" "$tree/modules/$name" ;;
      esac
      printf '%s\n' "$name" >> "$tree/modules/order"
    done
  [[ -s $tree/modules/order ]] || die "modprobe found no modules of kernel $version for the initramfs"
  (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) | gzip -n > "$out/initramfs.gz"
}

debian_apt "$work/apt"
install_root
version=$(basename "$root"/usr/lib/modules/*)
cp "$root/boot/vmlinuz-$version" "$out/vmlinuz"
slim_root
make_initramfs
tar --numeric-owner --xattrs --one-file-system -C "$root" -cf "$out/root.tar" .
rm -rf "$work"
