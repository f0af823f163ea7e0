"""A job of several ranks over gloo, of which one dies. `record.sh` runs it below real launchers.

usage: job.py HOW RANK [FILE]   HOW: raise, kill, memory, loader, hang or ecc; FILE: a log for each rank, with {rank} in its name
"""

import datetime
import logging
import os
import signal
import sys
import time

import torch
import torch.distributed as dist

FELL_AT = 12


def env(*names):
    return next(int(os.environ[name]) for name in names if name in os.environ)


RANK = env("RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID")
SIZE = env("WORLD_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_NTASKS")


class Numbers(torch.utils.data.Dataset):
    def __len__(self):
        return 512

    def __getitem__(self, at):
        if RANK == int(sys.argv[2]) and sys.argv[1] == "loader" and at >= FELL_AT * 8:
            os.kill(os.getpid(), signal.SIGKILL)
        return torch.full((4,), float(at))


def die(how):
    if how == "raise":
        return {"input_ids": 1}["labels"]
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "memory":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        return torch.zeros(16 << 30)
    if how == "ecc":
        raise RuntimeError("CUDA error: uncorrectable ECC error encountered")
    if how == "hang":
        time.sleep(60)


def main():
    how, who = sys.argv[1], int(sys.argv[2])
    if len(sys.argv) > 3:
        stream = open(sys.argv[3].format(rank=RANK), "w", buffering=1)
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    timeout = datetime.timedelta(seconds=6)
    dist.init_process_group("gloo", rank=RANK, world_size=SIZE, timeout=timeout)
    logging.info("rank %d of %d is ready", RANK, SIZE)
    weight = torch.nn.Parameter(torch.ones(4))
    loader = torch.utils.data.DataLoader(Numbers(), batch_size=8, num_workers=1 if how == "loader" else 0)
    for step, batch in enumerate(loader, 1):
        loss = ((batch / 512 - weight) ** 2).mean()
        loss.backward()
        if step == FELL_AT and RANK == who and how != "loader":
            die(how)
        dist.all_reduce(weight.grad)
        with torch.no_grad():
            weight -= 0.1 / SIZE * weight.grad
        weight.grad = None
        logging.info("step %d loss %.4f", step, loss.item())
        time.sleep(0.05)


main()
