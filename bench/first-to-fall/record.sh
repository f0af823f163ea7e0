#!/bin/sh
# Writes the logs of real launchers below test/fixtures/first-to-fall. Each incident is a folder, named HOW-LAUNCHER-rRANK.
# Needs: mpirun (openmpi-bin), srun with a running slurmd, and /usr/bin/python3 with torch. usage: record.sh [mpirun|torch|srun]
here=$(cd "$(dirname "$0")" && pwd)
to=$here/../../test/fixtures/first-to-fall
job="/usr/bin/python3 $here/job.py"
export MASTER_ADDR=127.0.0.1 GLOO_SOCKET_IFNAME=lo OMP_NUM_THREADS=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
port=29500

folder() {
  port=$((port + 1))
  export MASTER_PORT=$port
  out=$to/$1
  rm -rf "$out" && mkdir -p "$out"
  echo "$1"
}
mpi() { mpirun --allow-run-as-root --oversubscribe -np 4 "$@"; }
torch() { /usr/bin/python3 -m torch.distributed.run --redirects 1 --tee 2 --log_dir "$(mktemp -d)" --nproc_per_node 4 --master_port $port "$@"; }

case ${1:-all} in all|mpirun)
  folder raise-mpirun-r2 && mpi --tag-output $job raise 2 >"$out/train.log" 2>&1
  folder kill-mpirun-r1 && mpi $job kill 1 "$out/rank_{rank}.log" >"$out/launcher.log" 2>&1
  folder hang-mpirun-r3 && mpi --tag-output $job hang 3 >"$out/train.log" 2>&1
  folder memory-mpirun-r3 && mpi $job memory 3 "$out/rank_{rank}.log" >"$out/launcher.log" 2>&1
esac
case ${1:-all} in all|torch)
  folder raise-torch-r3 && torch "$here/job.py" raise 3 "$out/rank_{rank}.log" >"$out/launcher.log" 2>&1
  folder kill-torch-r2 && torch "$here/job.py" kill 2 "$out/rank_{rank}.log" >"$out/launcher.log" 2>&1
  folder loader-torch-r1 && torch "$here/job.py" loader 1 "$out/rank_{rank}.log" >"$out/launcher.log" 2>&1
  folder hang-torch-r2 && torch "$here/job.py" hang 2 >"$out/train.log" 2>&1
esac
case ${1:-all} in all|srun)
  folder ecc-srun-r1 && srun --overcommit -n 4 -K -l $job ecc 1 >"$out/train.log" 2>&1
  folder kill-srun-r3 && srun --overcommit -n 4 -K $job kill 3 "$out/rank_{rank}.log" >"$out/launcher.log" 2>&1
  folder raise-srun-r2 && srun --overcommit -n 4 -K -l $job raise 2 >"$out/train.log" 2>&1
esac
# Where the job lies on this machine is nobody's business.
find "$to" -name '*.log' -exec sed -i "s#$here/#/job/#g" {} +
