import { expect, test } from 'vitest'
import { readBriefly } from './lines.ts'

const logs: readonly { readonly name: string; readonly line: (n: number) => string; readonly read: string }[] = [
  {
    name: 'the rewards of episodes, without a sign between name and number',
    line: (n) => `Episode ${n} reward ${n}.5 length 10${n}`,
    read: 'step 3 reward=3.5 length=103',
  },
  {
    name: 'a reward behind words',
    line: (n) => `episode ${n} over after 12 timesteps, total reward ${n}.5`,
    read: 'step 3 total reward=3.5',
  },
  { name: 'one score', line: (n) => `Episode ${n}\tAverage Score: ${n}.5`, read: 'step 3 Average Score=3.5' },
  {
    name: 'how many steps an episode took is no counter',
    line: (n) => `Episode ${n}: steps ${60 - n}, return=${n}.5`,
    read: 'step 3 return=3.5',
  },
  {
    name: 'the steps of all episodes are one',
    line: (n) => `Episode Num: ${n} total_timesteps: ${n}00 Reward: ${n}.5`,
    read: 'step 300 Reward=3.5',
  },
  { name: 'one accuracy', line: (n) => `Epoch ${n} accuracy 0.${n}`, read: 'step 3 epoch 3 accuracy=0.3' },
  { name: 'a speed', line: (n) => `iter ${n} throughput 123.${n} samples/s`, read: 'step 3 throughput=123.3' },
  {
    name: 'the error of rounds',
    line: (n) => `  round=${n}  rmse(train)=0.${n}`,
    read: 'step 3 rmse=0.3',
  },
  {
    name: 'the fitness of generations',
    line: (n) => `Generation ${n}: best=${n}.5 mean=0.${n}`,
    read: 'step 3 best=3.5 mean=0.3',
  },
]

for (const { name, line, read } of logs) {
  test(`without a loss: ${name}`, () => {
    expect(readBriefly([1, 2, 3, 4].map(line)).results.at(2)).toBe(read)
  })
}

test('a header of single words over rows of numbers is one', () => {
  const { format, results } = readBriefly(['epoch train_loss val_loss', '1 0.5 0.75', '2 nan 0.5'])
  expect(format).toBe('csv')
  expect(results).toEqual(['step 1 epoch 1 train_loss=0.5 val_loss=0.75', 'step 2 epoch 2 train_loss=NaN val_loss=0.5'])
})

test('words that could be a header are none over other words', () => {
  expect(readBriefly(['epoch loss of the model', 'step loss plotted', '3 plots written']).results).toEqual([])
})
