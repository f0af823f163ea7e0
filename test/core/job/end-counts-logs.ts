import { loss } from './end-words.ts'

/** Loops from 0, by which numbers they log, and how. All are whole. */
export const ENDS_FROM_ZERO: Readonly<Record<string, string>> = {
  'every tenth of 101': lines(range(0, 101, 10), (i) => `[${i}/100] loss=${loss(i)}`),
  'every fiftieth of 900, and the last': lines([...range(0, 900, 50), 899], (i) => `step ${i}/900 loss ${loss(i)}`),
  'every thirtieth of 900, and the last': lines([...range(0, 900, 30), 899], (i) => `it ${i}/900 loss ${loss(i)}`),
  'every hundredth of 901': lines(range(0, 901, 100), (i) => `Batch ${i}/900 Loss: ${loss(i)}`),
  'without a name': lines([...range(0, 900, 50), 899], (i) => `${i}/900 loss: ${loss(i)}`),
  'to the bound itself': lines(range(0, 1001, 50), (i) => `step ${i}/1000 loss ${loss(i)}`),
  'with a logger': lines(
    range(0, 1001, 50),
    (i) => `2026-11-29 10:00:00,123 - INFO - iter: ${i}/1000, loss: ${loss(i)}`,
  ),
  'in JSON': lines(range(0, 101, 10), (i) => `{"step":${i},"max_steps":100,"loss":${loss(i)}}`),
  'in JSON, and the last': lines(
    [...range(0, 100, 10), 99],
    (i) => `{"step":${i},"total_steps":100,"loss":${loss(i)}}`,
  ),
  'in JSON, each': lines(range(0, 26), (i) => `{"step":${i},"total":25,"loss":${loss(i)}}`),
  'with a heading': `max_iters = 900\n${lines([...range(0, 900, 50), 899], (i) => `iter ${i}: loss ${loss(i)}`)}`,
  'with its bound as a key': lines(range(0, 101, 10), (i) => `step=${i} total_steps=100 loss=${loss(i)}`),
  'in words': lines(range(0, 101, 10), (i) => `iter ${i} of 100 loss ${loss(i)}`),
  'a bar': `${bar((i) => `, loss=${loss(i)}`)}\n`,
  'a bar, and a newline at each': `${bar((i) => `, loss=${loss(i)}`).replaceAll('\r', '\n')}\n`,
}

const N = 30
type Line = (i: number, loss: string) => string

/** Counts beside other fractions, in other forms and other languages, from 1 to 30. */
const COUNTED: Readonly<Record<string, Line>> = {
  'a score': (i, v) => `Epoch ${i}/${N} loss ${v} acc 9321/10000`,
  'a score that rises': (i, v) => `Epoch: [${i}/${N}] loss ${v} top1 ${7000 + i * 13}/10000 top5 ${9000 + i * 3}/10000`,
  'a score that varies': (i, v) => `it ${i}/${N} loss ${v} correct ${40 + ((i * 7) % 20)}/64`,
  'hits before the count': (i, v) => `seen 52/64 hits, update ${i}/${N}, loss ${v}`,
  'a score without a known name': (i, v) => `update ${i}/${N} loss ${v} treffer ${(i * 5) % 9}/10`,
  memory: (i, v) => `step ${i}/${N} loss ${v} mem 10240/24576MB`,
  'memory that rises': (i, v) => `Epoch ${i}/${N} | loss ${v} | mem ${10_000 + i * 10}/24576 MiB`,
  'a rank': (i, v) => `[rank 0/8] Epoch ${i}/${N} loss ${v}`,
  'a node': (i, v) => `[node 3/4] [gpu 7/8] step ${i}/${N} | loss=${v}`,
  patience: (i, v) => `epoch ${i}/${N} loss ${v} patience ${i % 3}/10`,
  'tokens in a second': (i, v) => `Step ${i}/${N}; acc: 50.1; xent: ${v}; bsz: 512/ 500/16; 2000/2100 tok/s; ${i} sec;`,
  'consumed samples': (i, v) => `iteration ${i}/${N} | consumed samples: ${i * 8} | loss ${v}`,
  'a padded bound': (i, v) =>
    ` iteration ${String(i * 10).padStart(8)}/${String(N * 10).padStart(8)} | lm loss: ${v}E+00 |`,
  'padding before the slash': (i, v) => `[Epoch ${i} /    ${N}] loss ${v}`,
  'out of': (i, v) => `Iteration ${i} out of ${N} iterations: loss=${v}`,
  thousands: (i, v) => `step ${thousands(i * 1000)}/${thousands(N * 1000)} loss ${v}`,
  'thousands in words': (i, v) => `Step ${thousands(i * 2000)} of ${thousands(N * 2000)}: loss ${v}`,
  Russian: (i, v) => `Эпоха ${i} из ${N}: loss ${v}`,
  'steps in Russian': (i, v) => `Шаг ${i} из ${N}, ошибка ${v}`,
  German: (i, v) => `Epoche ${i} von ${N}: loss ${v}`,
  French: (i, v) => `Époque ${i} sur ${N} : perte = ${v}`,
  Spanish: (i, v) => `Época ${i} de ${N}: loss ${v}`,
  Italian: (i, v) => `Epoca ${i} di ${N}, perdita: ${v}`,
  Chinese: (i, v) => `第 ${i} 轮（共 ${N} 轮） 损失 ${v}`,
  'Chinese, all first': (i, v) => `共${N}轮，第${i}轮，损失 ${v}`,
  Japanese: (i, v) => `エポック ${i}（全${N}エポック） 損失 ${v}`,
  'Japanese, all first': (i, v) => `全${N}エポック中${i}エポック目 損失: ${v}`,
  Korean: (i, v) => `에폭 ${i} (총 ${N}) 손실: ${v}`,
  'Korean, all first': (i, v) => `총 ${N} 에폭 중 ${i} 에폭, 손실: ${v}`,
  generations: (i, v) => `Generation ${i}/${N}: best fitness ${v}`,
  'columns of epochs': (i, v) => `${i === 1 ? 'epoch,epochs,loss\n' : ''}${i},${N},${v}`,
  'columns of steps': (i, v) => `${i === 1 ? 'step\tmax_steps\tloss\n' : ''}${i}\t${N}\t${v}`,
  'columns of epochs and steps': (i, v) =>
    `${i === 1 ? 'epoch,epochs,step,total_steps,loss\n' : ''}${Math.ceil(i / 10)},3,${i},${N},${v}`,
  'columns in another order': (i, v) => `${i === 1 ? 'loss;total_epochs;epoch\n' : ''}${v};${N};${i}`,
  'a share in JSON': (i, v) => `{"step":${i},"progress":${(i / N).toFixed(3)},"loss":${v}}`,
  'a share of hundred in JSON': (i, v) => `{"step":${i},"progress":${((100 * i) / N).toFixed(1)},"loss":${v}}`,
  'percent in JSON': (i, v) => `{"step":${i},"percentage":${((100 * i) / N).toFixed(2)},"loss":${v}}`,
  'a share as a key': (i, v) => `step=${i} loss=${v} progress=${(i / N).toFixed(3)}`,
  'a count as text in JSON': (i, v) => `{"progress":"${i}/${N}","loss":${v},"correct":"52/64"}`,
  'of in JSON': (i, v) => `{"step":${i},"of":${N},"loss":${v}}`,
  'epochs of ten steps': (i, v) => `Epoch ${Math.ceil(i / 10)}/3 step ${1 + ((i - 1) % 10)}/10 loss ${v} mem 3/24`,
  'epochs without a name': (i, v) => `[${Math.ceil(i / 10)}/3][${1 + ((i - 1) % 10)}/10] loss ${v}`,
  'epochs of ten steps, the step first': (i, v) =>
    `step ${1 + ((i - 1) % 10)}/10 epoch ${Math.ceil(i / 10)}/3 loss ${v}`,
}

export const ENDS_COUNTED: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(COUNTED).map(([name, line]) => [name, lines(range(1, N + 1), (i) => line(i, loss(i)))]),
)

/** Logs of which no value is read. */
export const ENDS_UNREAD: Readonly<Record<string, string>> = {
  'cycles in German, and done': `${lines(range(1, 26), (i) => `cycle ${i} fehler ${loss(i)}`)}Done.\n`,
  'cycles, and a saved model': `${lines(range(1, 26), (i) => `Durchlauf ${i}: Fehler ${loss(i)}`)}Modell gespeichert unter out/model.pt\n`,
  'cycles with a time, and done': `${lines(range(1, 26), (i) => `2026-11-29 10:00:${i + 10} cykl ${i} blad ${loss(i)}`)}Done.\n`,
  'epochs in Spanish, and a saved model': `${lines(range(1, 11), (i) => `Época ${i}/10 pérdida=${loss(i)}`)}Modelo guardado en modelo_final.pt\n`,
  'epochs of which values are read later': `${lines(range(1, 5), (i) => `Aufruf ${i}/10 Wert ${loss(i)}`)}${lines(range(1, 26), (i) => `step ${i} loss ${loss(i)}`)}Done.\n`,
  'epochs in Spanish': lines(range(1, 11), (i) => `Época ${i}/10 pérdida=${loss(i)}`),
  'epochs in Korean': lines(range(1, 11), (i) => `에폭 ${i}/10 손실 ${loss(i)}`),
  'epochs in Russian': lines(range(1, 11), (i) => `Эпоха ${i}/10, потери: ${loss(i)}`),
  'epochs in French': lines(range(1, 11), (i) => `Époque ${i}/10 - perte : ${loss(i)}`),
  'epochs in German': lines(range(1, 11), (i) => `Epoche ${i}/10 Verlust: ${loss(i)}`),
  'epochs in Japanese': lines(range(1, 11), (i) => `エポック ${i}/10 損失: ${loss(i)}`),
  'epochs in Chinese': lines(range(1, 11), (i) => `第 ${i}/10 轮 误差 ${loss(i)}`),
  'epochs in Polish from 0': lines(range(0, 10), (i) => `Epoka ${i}/10 strata ${loss(i)}`),
  'epochs in Polish, and values below': lines(
    range(1, 6),
    (i) => `Epoka ${i}/5\n  strata ${loss(i)} dokładność 0.${i}`,
  ),
  'batches of epochs in Spanish': lines(
    range(0, 30),
    (i) => `Época ${1 + Math.floor(i / 10)}/3 lote ${1 + (i % 10)}/10 pérdida ${loss(i)}`,
  ),
  'bare bars of epochs': lines([1, 2, 3], (n) => bar(() => '').replaceAll('\r', `\rEpoch ${n}/3: `)),
  'a bare bar': `${bar(() => '')}\n`,
  'a bare bar with a name': `${bar(() => '').replaceAll('\r', '\rtrain: ')}\n`,
}

/** Nothing in these is over, or nothing in them was a training. */
export const UNREAD_NO_ENDS: Readonly<Record<string, string>> = {
  'no line that counts': 'Using cuda:0\nlr 0.1\nDone.\n',
  'shards that are loaded': `${lines(range(1, 6), (i) => `Loading shard ${i}/5`)}Done.\n`,
  'files that are downloaded': `${lines(range(1, 6), (i) => `Downloading file ${i}/5: 100%`)}Done.\n`,
  'a bar, and what comes next': `${bar(() => '')}\nThe model has 12 M parameters\n`,
  'layers of a model': `${lines(range(1, 6), (i) => `conv${i}: 64 to 128`)}Done.\n`,
  'done after each cycle': lines(range(1, 9), (i) => `cycle ${i} fehler ${loss(i)}\nDone.`),
  'a model of each epoch': lines(
    range(1, 6),
    (i) => `Época ${i}/10 pérdida=${loss(i)}\nModelo guardado en modelo_final.pt`,
  ),
  'a model before the last epoch': `${lines(range(1, 6), (i) => `Época ${i}/10 pérdida=${loss(i)}`)}Modelo guardado en modelo_final.pt\n`,
  'a model after the batches of an epoch': `${lines(range(1, 11), (i) => `Época 1/3 lote ${i}/10 pérdida=${loss(i)}`)}Modelo guardado en modelo_final.pt\n`,
}

function lines(numbers: readonly number[], line: (i: number) => string): string {
  return numbers.map((i) => `${line(i)}\n`).join('')
}

function thousands(value: number): string {
  return value.toLocaleString('en')
}

function range(from: number, end: number, stride = 1): number[] {
  return Array.from({ length: Math.ceil((end - from) / stride) }, (_, i) => from + i * stride)
}

/** The frames of a bar such as that of tqdm. */
function bar(values: (i: number) => string): string {
  return lines(range(0, 26), (i) => {
    const blocks = '█'.repeat(Math.floor((i * 10) / 25)).padEnd(10)
    return `\r${String(i * 4).padStart(3)}%|${blocks}| ${i}/25 [00:${10 + i}<00:${35 - i},  3.20it/s${values(i)}]`
  }).replaceAll('\n', '')
}
