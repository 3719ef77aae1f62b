#!/bin/sh
# Runs in the guest: differential.sh OPERATIONS_PER_NODE SEED. The four types of node against the simulator, each with buffers
# of the other instance as DMABUF memory; then a simulator broken on purpose, which has to be found out.
status=0
differential --operations "$1" --seed "$2" --lender "$VIVID_CAP_MPLANE" "$VIVID_CAP" "$VIVID_OUT" || status=1
differential --operations "$1" --seed "$2" --lender "$VIVID_CAP" "$VIVID_CAP_MPLANE" "$VIVID_OUT_MPLANE" || status=1
for way in floor keeps cookies clock; do
    differential --operations 2000 --seed "$2" --lender "$VIVID_CAP_MPLANE" --break $way "$VIVID_CAP" || status=1
done
exit $status
