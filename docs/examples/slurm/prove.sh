#!/usr/bin/env bash
# Proves the job array for real: starts a one-node Slurm on this machine, runs shards.sbatch on it, and compares the merged shards with one run,
# byte for byte. Needs root, and slurm-wlm and munge from the distribution; without them it says what is missing and skips (exit 77).
#
#     sudo docs/examples/slurm/prove.sh path/to/cotenant [MODEL]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cotenant=$(realpath "${1:?usage: prove.sh COTENANT [MODEL]}")
model=${2:-native-containers}

skip() { echo "SKIPPED: the Slurm job array was not run: $*" >&2; exit 77; }

[ "$(id -u)" = 0 ] || skip "it takes root to start the daemons"
missing=""
for program in slurmctld slurmd sbatch squeue munged; do
    command -v "$program" > /dev/null || PATH=$PATH:/usr/sbin command -v "$program" > /dev/null || missing="$missing $program"
done
if [ -n "$missing" ] && [ "${INSTALL:-no}" = yes ]; then
    { DEBIAN_FRONTEND=noninteractive apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends slurm-wlm munge; } \
        > /dev/null 2>&1 || skip "slurm-wlm and munge cannot be installed"
    missing=""
fi
[ -z "$missing" ] || skip "missing:$missing (packages slurm-wlm and munge; INSTALL=yes installs them)"
export PATH=$PATH:/usr/sbin

work=$(mktemp -d)
host=$(hostname -s)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# A key and sockets of our own, so that nothing of this machine is touched.
mkdir -p "$work/munge" "$work/state" "$work/spool" "$work/run"
chmod 755 "$work"
chmod 700 "$work/munge"
head -c 1024 /dev/urandom > "$work/munge/munge.key"
chmod 400 "$work/munge/munge.key"
chmod 755 "$work/run"
munged --foreground --force --key-file="$work/munge/munge.key" --socket="$work/run/munge.socket" \
    --pid-file="$work/munge/munged.pid" --seed-file="$work/munge/munged.seed" > "$work/munged.out" 2>&1 &
pids+=($!)

cpus=$(nproc)
cat > "$work/slurm.conf" <<CONF
ClusterName=cotenant
SlurmctldHost=$host(127.0.0.1)
SlurmdParameters=config_overrides
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/run/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MailProg=/bin/true
ReturnToService=2
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld -D > "$work/ctld.out" 2>&1 &
pids+=($!)
slurmd -D > "$work/slurmd.out" 2>&1 &
pids+=($!)

told() { tail -n 20 "$work"/*.log "$work"/*.out >&2 || true; }
for _ in $(seq 60); do
    [ "$(sinfo -h -o %t 2> /dev/null | head -n 1)" = idle ] && break
    sleep 1
done
[ "$(sinfo -h -o %t 2> /dev/null | head -n 1)" = idle ] || { told; skip "the node did not come up"; }

mkdir "$work/shards"
cd "$work/shards"
job=$(COTENANT=$cotenant sbatch --parsable --export=ALL "$here/shards.sbatch" "$model")
for _ in $(seq 600); do
    [ -z "$(squeue -h -j "$job" 2> /dev/null)" ] && break
    sleep 1
done
[ "$(ls shard-*.json 2> /dev/null | wc -l)" = 8 ] || { cat shard-*.log >&2; told; echo "not all eight shards were written" >&2; exit 1; }
"$cotenant" merge shard-*.json --format json > merged.json
"$cotenant" simulate "$model" --trials 1000000 --seed 1 --format json > one.json
cmp merged.json one.json
echo "eight shards of a Slurm job array and one run of a million worlds of $model: the same $(wc -c < one.json) bytes"
