import { describe, expect, test } from 'vitest'
import { jobFolders } from '../../../src/core/runs/job-folder.ts'

const cases: readonly { readonly name: string; readonly jobs: Readonly<Record<string, string>> }[] = [
  { name: 'a folder with logs is its own job', jobs: { exp7: 'exp7', 'sweep/lr0.1': 'sweep/lr0.1', '': '' } },
  {
    name: 'checkpoints and dumps belong to the job above them',
    jobs: { job: 'job', 'job/checkpoint-10': 'job', 'job/checkpoint-20': 'job', 'job/preds': 'job' },
  },
  {
    name: 'the folders of its ranks belong to the job above them',
    jobs: {
      'job/rank_0': 'job',
      'job/rank_1': 'job',
      'x1/attempt_0/0': 'x1/attempt_0',
      'x1/attempt_0/1': 'x1/attempt_0',
    },
  },
  ...['node', 'host-', 'pod-', 'rank', 'worker_', 'gpu', 'proc'].map((word) => ({
    name: `the folders of its processes: ${word}0`,
    jobs: { [`job/${word}0`]: 'job', [`job/${word}1/logs`]: `job/${word}1/logs`, [`job/${word}2`]: 'job' },
  })),
  {
    name: 'folders of processes with the name of their job before the number',
    jobs: { 'job/llama-worker-0': 'job', 'job/llama-worker-1': 'job' },
  },
  {
    name: 'such folders of two jobs, or whose numbers do not count',
    jobs: {
      'a/x-worker-0': 'a/x-worker-0',
      'a/y-worker-0': 'a/y-worker-0',
      'b/low_rank4': 'b/low_rank4',
      'b/low_rank8': 'b/low_rank8',
    },
  },
  ...['run-', 'exp_', 'trial_', 'fold', 'seed', 'version_', 'job-', 'task_'].map((word) => ({
    name: `each of several jobs: ${word}0`,
    jobs: { [`all/${word}0`]: `all/${word}0`, [`all/${word}1`]: `all/${word}1` },
  })),
  {
    name: 'a job that only has checkpoints is still one job',
    jobs: { 'job/checkpoint-10': 'job', 'job/checkpoint-20': 'job' },
  },
  {
    name: 'TensorBoard folders of training and validation are one job',
    jobs: { 'job/tb/train': 'job/tb', 'job/tb/validation': 'job/tb' },
  },
  {
    name: 'the same beside a log of the job itself',
    jobs: { job: 'job', 'job/tb/train': 'job', 'job/tb/validation': 'job' },
  },
  {
    name: 'the one folder that Lightning made belongs to the log above it',
    jobs: { job: 'job', 'job/lightning_logs/version_0': 'job' },
  },
  {
    name: 'of several versions each is a job',
    jobs: {
      job: 'job',
      'job/lightning_logs/version_0': 'job/lightning_logs/version_0',
      'job/lightning_logs/version_1': 'job/lightning_logs/version_1',
    },
  },
  {
    name: 'a shelf of jobs with no log of its own is none',
    jobs: { 'runs/exp1': 'runs/exp1', 'logs/version_0': 'logs/version_0', outputs: 'outputs' },
  },
  {
    name: 'the folder that the Hugging Face Trainer names after time and host',
    jobs: { out: 'out', 'out/runs/Nov25_10-00-00_host': 'out' },
  },
  {
    name: 'the files of a W&B run are one job',
    jobs: {
      'wandb/run-20260801_101500-ab12cd34': 'wandb/run-20260801_101500-ab12cd34',
      'wandb/run-20260801_101500-ab12cd34/files': 'wandb/run-20260801_101500-ab12cd34',
    },
  },
  {
    name: 'each run of an MLflow file store',
    jobs: { 'mlruns/0/ab12/metrics': 'mlruns/0/ab12', 'mlruns/0/cd34/metrics': 'mlruns/0/cd34' },
  },
  { name: 'checkpoints in the root are parts of the root', jobs: { 'checkpoint-10': '', 'checkpoint-20': '' } },
  { name: 'a single folder below the root keeps its name', jobs: { train: 'train' } },
]

describe('the job folder of a folder', () => {
  for (const { name, jobs } of cases) {
    test(name, () => expect(Object.fromEntries(jobFolders(Object.keys(jobs)))).toEqual(jobs))
  }
})
