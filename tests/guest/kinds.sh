# shellcheck shell=bash disable=SC2034
# The guests there are: one block per KIND. Read by `fetch` and `boot`.
#
#   arch      Debian's name of the processor
#   suite     the Debian release that the kernel comes from
#   security  yes: that release's security suite has kernels for it too
#   kernel    the metapackage that always names the newest kernel package
#   emulator  the QEMU program, and the package it is in
#   machine   QEMU's arguments for machine and processor
#   console   the kernel's name for the first serial port
#   memory    MB, unless --memory says otherwise

kinds="amd64-6.1 amd64-6.12 arm64-6.1 arm64-16k-6.12 armhf-6.1"

choose_kind() {
  kind=$1
  security=no
  memory=2048
  case $kind in
    amd64-*)
      arch=amd64 emulator=qemu-system-x86_64 emulator_package=qemu-system-x86
      machine="-machine q35 -cpu max -bios qboot.rom" console=ttyS0 ;;
    arm64-*)
      arch=arm64 emulator=qemu-system-aarch64 emulator_package=qemu-system-arm
      machine="-machine virt -cpu cortex-a72" console=ttyAMA0 ;;
    armhf-*)
      arch=armhf emulator=qemu-system-arm emulator_package=qemu-system-arm
      machine="-machine virt,highmem=off -cpu cortex-a15" console=ttyAMA0
      memory=1024 ;;
  esac
  case $kind in
    amd64-6.1)  suite=bookworm kernel=linux-image-amd64 security=yes ;;
    amd64-6.12) suite=trixie kernel=linux-image-amd64 ;;
    arm64-6.1)  suite=bookworm kernel=linux-image-arm64 security=yes ;;
    arm64-16k-6.12) # 16 KiB pages on the core of a Raspberry Pi 5
      suite=trixie kernel=linux-image-arm64-16k
      machine="-machine virt -cpu cortex-a76" ;;
    armhf-6.1)  suite=bookworm kernel=linux-image-armmp ;;
    *) die "there is no guest called '$kind'; the names are: $kinds" ;;
  esac
}
