"""Trains a small network with PyTorch and prints its loss, as a beginner's tutorial does.

usage: torch_job.py {exit,hang,fail}
  exit  ends without a word
  hang  waits for a data loader whose worker sleeps for ever
  fail  ends with an exception within the backward pass
"""
import sys
import time

import torch
from torch.utils.data import DataLoader, Dataset

EPOCHS = 30


class Points(Dataset):
    def __init__(self, hangs_at):
        self.hangs_at = hangs_at
        self.epoch = 0

    def __len__(self):
        return 32

    def __getitem__(self, index):
        if self.epoch == self.hangs_at:
            time.sleep(3600)
        x = torch.randn(8, generator=torch.Generator().manual_seed(index))
        return x, x.sum(0, keepdim=True)


def main(how):
    torch.manual_seed(0)
    points = Points(EPOCHS if how == "hang" else -1)
    model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for epoch in range(1, EPOCHS + 2):
        points.epoch = epoch
        if epoch > EPOCHS and how == "exit":
            break
        for x, y in DataLoader(points, batch_size=16, num_workers=1 if epoch > EPOCHS else 0):
            loss = torch.nn.functional.mse_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch} loss {loss.item():.4f}", flush=True)
        time.sleep(0.1)
        if epoch == EPOCHS and how == "fail":
            loss.backward()


main(sys.argv[1])
