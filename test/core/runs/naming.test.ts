import { describe, expect, test } from 'vitest'
import { type FoundFile, jobsOfGiven, nameRuns } from '../../../src/core/runs/naming.ts'

function found(...below: readonly string[]): FoundFile[] {
  return below.map((path) => ({ path: `/logs/${path}`, below: path }))
}

/** The runs below a root named `runs`, by the files' paths below it. */
function runsOf(files: readonly FoundFile[], known: ReadonlyMap<string, string> = new Map()): Record<string, string> {
  const runs = nameRuns('runs', files, known)
  return Object.fromEntries(files.map(({ path, below }) => [below, runs.get(path) ?? '']))
}

const cases: readonly { readonly name: string; readonly files: Readonly<Record<string, string>> }[] = [
  { name: 'a file alone in the root is its own run', files: { 'train.log': 'train.log' } },
  {
    name: 'the files of a job folder are one run',
    files: { 'job1/metrics.jsonl': 'job1', 'job1/predictions.jsonl': 'job1', 'job1/stdout.log': 'job1' },
  },
  { name: 'a job folder is named by its path', files: { 'sweep/lr0.1/train.log': 'sweep/lr0.1' } },
  { name: 'a file alone in its folder', files: { 'job1/my-run.log': 'job1', 'job2/my-run.log': 'job2' } },
  {
    name: 'twins are a run each',
    files: { 'sweep/lr0.1.log': 'sweep/lr0.1.log', 'sweep/lr0.2.log': 'sweep/lr0.2.log' },
  },
  { name: 'a compressed log alone in the root', files: { 'train.log.gz': 'train.log' } },
  { name: 'a log and its compressed copy', files: { 'lr0.1.log': 'runs', 'lr0.1.log.gz': 'runs' } },
  {
    name: 'compressed twins',
    files: { 'lr0.1.log.gz': 'lr0.1.log', 'lr0.2.log': 'lr0.2.log' },
  },
  { name: 'twins in the root', files: { 'lr0.1.log': 'lr0.1.log', 'lr0.2.log': 'lr0.2.log' } },
  {
    name: 'runs that are only numbered',
    files: { 'logs/run1.jsonl': 'logs/run1.jsonl', 'logs/run2.jsonl': 'logs/run2.jsonl' },
  },
  {
    name: 'twins beside a file for all of them',
    files: { 'sweep/a.log': 'sweep/a.log', 'sweep/b.log': 'sweep/b.log', 'sweep/metrics.jsonl': 'sweep' },
  },
  {
    name: 'twins in the root beside a file for all of them',
    files: { 'a.log': 'a.log', 'metrics.log': 'runs', 'b.log': 'b.log' },
  },
  {
    name: 'twins without an ending',
    files: { 'sweep/lr0.1': 'sweep/lr0.1', 'sweep/lr0.2': 'sweep/lr0.2' },
  },
  {
    name: 'a file with a name of its own beside one without',
    files: { 'job/resnet.log': 'job', 'job/train.log': 'job' },
  },
  {
    name: 'files of different kinds are no twins',
    files: { 'job/slurm-42.out': 'job', 'job/resnet.jsonl': 'job' },
  },
  {
    name: 'files that differ only in what they hold are no twins',
    files: { 'job/resnet_train.log': 'job', 'job/resnet_val.log': 'job', 'job/resnet_predictions.jsonl': 'job' },
  },
  {
    name: 'the ranks of one job are no twins',
    files: { 'job/rank0.log': 'job', 'job/rank1.log': 'job', 'job/worker-12.log': 'job' },
  },
  ...[
    ['job.9912.0.err', 'job.9912.1.err', 'job.9912.12.err'],
    ['slurm-9912.0.out', 'slurm-9912.1.out', 'slurm-9912.out'],
    ['llama-48213-0.log', 'llama-48213-1.log', 'launcher.log'],
    ['9912.0.3.out', '9912.0.4.out'],
    ['slurm-9912-node03.out', 'slurm-9912-node17.out'],
    ['out.0', 'out.1'],
    ['out.1.0', 'out.1.1'],
    ['proc_0.log', 'proc_1.log'],
    ['log.txt.rank0', 'log.txt.rank1'],
    ['host-0.log', 'host-1.log'],
    ['div-rank0.log', 'div-rank1.log', 'div-launch.log'],
    ['w0.log', 'w1.log'],
    ['a_globalrank-0_localrank-0.txt', 'a_globalrank-1_localrank-1.txt'],
    ['x.prterun-vm-4242@1.0.out', 'x.prterun-vm-4242@1.1.out'],
  ].map((names) => ({
    name: `the processes of one job as launchers call their logs: ${names[0]}`,
    files: Object.fromEntries(names.map((name) => [`job/${name}`, 'job'])),
  })),
  ...[
    ['slurm-9912_0.out', 'slurm-9912_1.out'],
    ['lora_rank8.log', 'lora_rank16.log'],
    ['lr0.001.1.log', 'lr0.001.2.log'],
    ['resnet-2026-3.log', 'resnet-2026-4.log'],
    ['resnet-128-1.log', 'resnet-128-2.log'],
    ['seed1.log', 'seed2.log'],
  ].map((names) => ({
    name: `what is no process of one job: ${names[0]}`,
    files: Object.fromEntries(names.map((name) => [`job/${name}`, `job/${name}`])),
  })),
  {
    name: 'the processes of two jobs in one folder',
    files: {
      'logs/slurm-9912.0.out': 'logs/slurm-9912',
      'logs/slurm-9912.1.out': 'logs/slurm-9912',
      'logs/slurm-9913.0.out': 'logs/slurm-9913',
      'logs/slurm-9913.1.out': 'logs/slurm-9913',
      'logs/Vit_rank0.out': 'logs/Vit_rank0.out',
    },
  },
  {
    name: 'the output and the errors of two jobs of PBS or SGE in one folder, and a task of an array',
    files: {
      'logs/fit.o101': 'logs/fit.101',
      'logs/fit.e101': 'logs/fit.101',
      'logs/fit.o102': 'logs/fit.102',
      'logs/fit.pe102': 'logs/fit.102',
      'logs/fit.o103.4': 'logs/fit.o103.4',
    },
  },
  {
    name: 'the output and the errors of one job of PBS',
    files: { 'job/fit.o101': 'job', 'job/fit.e101': 'job', 'job/metrics.csv': 'job' },
  },
  {
    name: 'the output and the errors of two jobs of Slurm in one folder',
    files: {
      'logs/slurm-101.out': 'logs/slurm-101',
      'logs/slurm-101.err': 'logs/slurm-101',
      'logs/slurm-102.out': 'logs/slurm-102',
      'logs/slurm-102.err': 'logs/slurm-102',
    },
  },
  {
    name: 'the output of the ranks of mpirun and of its terminal',
    files: { 'x/1/rank.0/stdout': 'x', 'x/1/rank.1/stdout': 'x', 'x/terminal.log': 'x' },
  },
  ...['launcher.log', 'slurm-101.out', 'mpirun.out'].map((log) => ({
    name: `the folder of the ranks, whatever it is called, beside ${log}`,
    files: { [`exp/${log}`]: 'exp', 'exp/a/1/rank.0/stderr': 'exp', 'exp/a/1/rank.1/stderr': 'exp' },
  })),
  {
    name: 'the folders of two launches beside one log, and one beside the log of another job',
    files: {
      'two/launcher.log': 'two',
      'two/a/rank.0/stderr': 'two/a',
      'two/b/rank.0/stderr': 'two/b',
      'one/resnet.log': 'one',
      'one/a/rank.0/stderr': 'one/a',
    },
  },
  {
    name: 'a rotated log belongs to its run',
    files: { 'job/train.log': 'job', 'job/train.log.1': 'job', 'job/train.log.2': 'job' },
  },
  {
    name: 'names in any script tell runs apart',
    files: { '实验一.log': '实验一.log', '实验二.log': '实验二.log' },
  },
  {
    name: 'generic names in the root are the run of the root',
    files: { 'metrics.jsonl': 'runs', 'preds.jsonl': 'runs' },
  },
  { name: 'a name without an ending', files: { 'job/stdout': 'job', 'job/stderr': 'job' } },
  { name: 'case makes no difference', files: { 'job/Train.LOG': 'job', 'job/VAL.log': 'job' } },
]

describe('naming runs', () => {
  for (const { name, files } of cases) {
    test(name, () => expect(runsOf(found(...Object.keys(files)))).toEqual(files))
    test(`${name}, in whatever order the files are found`, () => {
      expect(runsOf(found(...Object.keys(files).reverse()))).toEqual(files)
    })
  }

  test('a file given itself is its own run, named as the root', () => {
    expect(nameRuns('train.log', [{ path: '/x/train.log', below: '' }], new Map())).toEqual(
      new Map([['/x/train.log', 'train.log']]),
    )
  })
})

describe('the logs of the processes of a job that are given one by one', () => {
  const runOf = (...paths: readonly string[]) => {
    const jobs = jobsOfGiven(new Map(paths.map((path) => [path, path])))
    let runs = new Map<string, string>()
    for (const path of paths) {
      const job = jobs.get(path)
      const name = path.slice(path.lastIndexOf('/') + 1)
      runs = nameRuns(job?.rootName ?? name, job?.found ?? [{ path, below: '' }], runs)
    }
    return paths.map((path) => runs.get(path))
  }
  const groups: readonly (readonly string[])[] = [
    ['/w/smh/rank_1.log', '/w/smh/rank_0.log'],
    ['/w/smh/slurm-9912.0.out', '/w/smh/slurm-9912.1.out'],
    ['/w/smh/node0/train.log', '/w/smh/node1/train.log'],
    ['/w/smh/launcher.log', '/w/smh/1/rank.0/stderr', '/w/smh/1/rank.1/stderr'],
    ['/w/smh/attempt_0/1/stderr.log', '/w/smh/attempt_0/0/stderr.log', '/w/smh/attempt_0/0/stdout.log'],
  ]
  for (const paths of groups) {
    test(`are one run, called as below their folder: ${paths[0]}`, () => {
      const run = paths[0]!.includes('attempt_0') ? 'attempt_0' : 'smh'
      expect(new Set(runOf(...paths))).toEqual(new Set([run]))
      expect(new Set(runOf(...paths.toReversed()))).toEqual(new Set([run]))
    })
  }

  test('are runs of their own where they are of two jobs, or given alone', () => {
    expect(runOf('/w/a/rank_0.log')).toEqual(['rank_0.log'])
    expect(runOf('/w/a/rank_0.log', '/w/b/rank_0.log')).toEqual(['rank_0.log', 'b/rank_0.log'])
    expect(runOf('/w/lr0.1.log', '/w/lr0.2.log')).toEqual(['lr0.1.log', 'lr0.2.log'])
    expect(runOf('/node3/rank_0.log', '/node3/rank_1.log', '/node3/train.log')).toEqual(['node3', 'node3', 'train.log'])
  })
})

const arrivals: readonly {
  readonly name: string
  readonly first: readonly string[]
  readonly later: readonly string[]
  readonly runs: Readonly<Record<string, string>>
}[] = [
  {
    name: 'a log that was alone keeps its name, and its predictions join it',
    first: ['train.log'],
    later: ['predictions.jsonl'],
    runs: { 'train.log': 'train.log', 'predictions.jsonl': 'train.log' },
  },
  {
    name: 'what joins a log with a name of its own belongs to it',
    first: ['resnet.log'],
    later: ['predictions.jsonl', 'stderr.txt'],
    runs: { 'resnet.log': 'resnet.log', 'predictions.jsonl': 'resnet.log', 'stderr.txt': 'resnet.log' },
  },
  {
    name: 'a twin of a log that was alone is a run beside it',
    first: ['lr0.1.log'],
    later: ['lr0.2.log'],
    runs: { 'lr0.1.log': 'lr0.1.log', 'lr0.2.log': 'lr0.2.log' },
  },
  {
    name: 'what joins twins belongs to neither',
    first: ['lr0.1.log', 'lr0.2.log'],
    later: ['metrics.jsonl'],
    runs: { 'lr0.1.log': 'lr0.1.log', 'lr0.2.log': 'lr0.2.log', 'metrics.jsonl': 'runs' },
  },
  {
    name: 'a log that was alone in its folder keeps the name of the folder',
    first: ['sweep/lr0.1.log'],
    later: ['sweep/lr0.2.log'],
    runs: { 'sweep/lr0.1.log': 'sweep', 'sweep/lr0.2.log': 'sweep/lr0.2.log' },
  },
  {
    name: 'a new file of a job folder joins its run',
    first: ['job/train.log'],
    later: ['job/predictions.jsonl'],
    runs: { 'job/train.log': 'job', 'job/predictions.jsonl': 'job' },
  },
]

test('a folder of thousands of files is named at once', () => {
  const files = Array.from({ length: 20_000 }, (_, index) => `dump/resnet_epoch${index}.json`)
  expect(new Set(Object.values(runsOf(found(...files))))).toEqual(new Set(['dump']))
})

describe('naming runs that arrive one by one', () => {
  for (const { name, first, later, runs } of arrivals) {
    test(name, () => {
      const known = nameRuns('runs', found(...first), new Map())
      expect(runsOf(found(...first, ...later), known)).toEqual(runs)
    })
  }

  test('a name once given never changes, not even for a file that is gone', () => {
    const known = new Map([['/logs/a.log', 'an old name']])
    expect(nameRuns('runs', found('a.log', 'b.log'), known).get('/logs/a.log')).toBe('an old name')
    expect(nameRuns('runs', [], known)).toEqual(known)
    expect(known.size).toBe(1)
  })
})

describe('runs of the same name below two roots', () => {
  const elsewhere = new Map([
    ['/data/a/train.log', 'train.log'],
    ['/data/a/job/metrics.jsonl', 'job'],
    ['/data/a/sweep/job/metrics.jsonl', 'sweep/job'],
  ])
  const cases: readonly {
    readonly name: string
    readonly root: string
    readonly below: string
    readonly run: string
  }[] = [
    { name: 'files given themselves', root: '/data/b/train.log', below: '', run: 'b/train.log' },
    { name: 'files alone in their roots', root: '/data/b/', below: 'train.log', run: 'b/train.log' },
    { name: 'job folders', root: '/data/b/', below: 'job/metrics.jsonl', run: 'b/job' },
    { name: 'job folders in folders', root: '/data/b/', below: 'sweep/job/metrics.jsonl', run: 'b/sweep/job' },
    { name: 'a name that is free', root: '/data/b/', below: 'job2/metrics.jsonl', run: 'job2' },
  ]
  for (const { name, root, below, run } of cases) {
    test(`are told apart by the path before them: ${name}`, () => {
      const path = `${root}${below}`
      const rootName = root.replace(/\/$/, '').replace(/.*\//, '')
      expect(nameRuns(rootName, [{ path, below }], elsewhere).get(path)).toBe(run)
    })
  }

  test('are told apart by as much of the path as it takes', () => {
    const known = new Map([...elsewhere, ['/backup/b/train.log', 'b/train.log']])
    const path = '/data/b/train.log'
    expect(nameRuns('train.log', [{ path, below: '' }], known).get(path)).toBe('data/b/train.log')
  })

  test('keep the name they got when the other one is forgotten', () => {
    const known = new Map([['/data/b/job/metrics.jsonl', 'b/job']])
    const files = ['metrics.jsonl', 'preds.jsonl'].map((name) => ({
      path: `/data/b/job/${name}`,
      below: `job/${name}`,
    }))
    expect([...nameRuns('b', files, known).values()]).toEqual(['b/job', 'b/job'])
  })

  test('are one run when they are below the same root', () => {
    const files = [{ path: '/data/a/job/predictions.jsonl', below: 'job/predictions.jsonl' }]
    expect(nameRuns('a', files, elsewhere).get(files[0]!.path)).toBe('job')
  })
})
