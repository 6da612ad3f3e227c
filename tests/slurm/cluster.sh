#!/usr/bin/env bash
# Slurm with one node, all of it on this machine and below one folder, for as long as a test takes. Sourced by `run`.
# In: an empty folder. Out: the commands of Slurm in PATH, which speak to this cluster and to no other; `stop_cluster` ends
# every process of it, jobs included.

cluster=        # the folder
cluster_pids=() # its daemons, in the order in which they were started

# Unpacks Slurm into the folder; 1 if its packages cannot be had.
get_slurm() {
  cluster=$1
  # Inside a job of another Slurm, its variables would lead there.
  unset "${!SLURM_@}" "${!SBATCH_@}"
  unpack "$cluster" slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge libmunge2 || return 1
  local plugins
  plugins=$(dirname "$(find "$cluster/root/usr/lib" -name auth_munge.so)")
  export PATH="$cluster/root/usr/bin:$cluster/root/usr/sbin:$PATH"
  export LD_LIBRARY_PATH="${plugins%/*}:$plugins${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  export SLURM_CONF="$cluster/slurm.conf"
}

# A port of the loopback interface that nobody listens on.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

start_daemon() {
  "$@" </dev/null >>"$cluster/log/${1##*/}.out" 2>&1 &
  cluster_pids+=($!)
}

# Starts a munge, a controller and a node of our own; 1 if the node is not idle after half a minute.
start_cluster() {
  # munge is particular: all must be able to reach its socket, whose folders are those above, too, and nobody else its key.
  chmod 711 "$cluster"
  mkdir -m 755 "$cluster/munge" "$cluster/state" "$cluster/spool" "$cluster/log"
  mkdir -m 700 "$cluster/key"
  (umask 077 && head -c 1024 /dev/urandom >"$cluster/key/key")
  start_daemon munged --foreground --socket="$cluster/munge/socket" --key-file="$cluster/key/key" \
    --pid-file="$cluster/munge/pid" --seed-file="$cluster/key/seed" --log-file="$cluster/log/munged.log"
  wait_until 10 test -S "$cluster/munge/socket" || return 1

  local node user plugins
  plugins=$(dirname "$(find "$cluster/root/usr/lib" -name auth_munge.so)")
  node=$(hostname -s)
  user=$(id -un)
  # Two processors whatever the machine has, so that shards run side by side, and wait for each other.
  cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$cluster/munge/socket
PluginDir=$plugins
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
SlurmctldLogFile=$cluster/log/slurmctld.log
SlurmdLogFile=$cluster/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
KillWait=5
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=1,sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
  start_daemon slurmctld-wlm -D -i
  start_daemon slurmd-wlm -D -d "$cluster/root/usr/sbin/slurmstepd-wlm"
  wait_until 30 node_is idle
}

node_is() { [ "$(timeout 5 sinfo --noheader --format=%t 2>/dev/null)" = "$1" ]; }

# wait_until SECONDS COMMAND...
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# Processes of this cluster: programs from its folder, and what its jobs have started.
cluster_processes() {
  local process pid
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    if [[ $(readlink "$process/exe" 2>/dev/null) == "$cluster"/* ]] ||
      { is_of_job "$pid" "SLURM_CONF=$SLURM_CONF" && is_of_job "$pid" "SLURM_JOB_ID=[0-9]*"; }; then
      echo "$pid"
    fi
  done
}

# Whether a process was started with this variable, a pattern.
is_of_job() { grep -qsz "^$2\$" "/proc/$1/environ"; }

# Ends jobs and daemons in order, and what is left after that by its number.
stop_cluster() {
  [ "${#cluster_pids[@]}" -gt 0 ] || return 0
  local pid pids
  if [ "${#cluster_pids[@]}" -ge 3 ]; then
    timeout 10 scancel --user="$(id -un)" >/dev/null 2>&1
    wait_until 15 no_jobs
  fi
  # The last one first: a node ends best while its controller still listens.
  for ((pid = ${#cluster_pids[@]} - 1; pid >= 0; pid--)); do
    kill "${cluster_pids[pid]}" 2>/dev/null && wait_until 10 is_gone "${cluster_pids[pid]}"
  done
  mapfile -t pids < <(cluster_processes)
  [ "${#pids[@]}" -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null
  for pid in "${pids[@]}"; do wait_until 5 is_gone "$pid"; done
}

no_jobs() { [ -z "$(timeout 5 squeue --noheader 2>/dev/null)" ]; }

# A process that has ended and was not waited for is gone, too.
is_gone() { [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) =~ ^(Z|X|$) ]]; }
