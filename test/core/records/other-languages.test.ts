import { expect, test } from 'vitest'
import { fieldOf, lossKindOf, phaseOf } from '../../../src/core/records/fields.ts'
import { readBriefly } from '../formats/lines.ts'

test('an error, too, is one in each language', () => {
  const names = ['誤差', '误差', '오차', 'Fehler', 'erreur', 'ошибка', 'erro', 'error']
  const ofPhases = [
    'Validierungsfehler',
    'erreur de validation',
    'ошибка на валидации',
    '检验集误差',
    'error de validación',
  ]
  for (const name of [...names, ...ofPhases]) expect([name, lossKindOf(name)]).toEqual([name, 'error'])
  for (const name of ['erreur réseau', 'Fehlercode', 'ошибка сети', 'error code', 'errors', 'standard error'])
    expect([name, lossKindOf(name)]).toEqual([name, null])
})

const meanings: Readonly<Record<string, readonly string[]>> = {
  'train_loss, training': [
    '训练损失',
    '訓練損失',
    '훈련 손실',
    'Trainingsverlust',
    "perte d'entraînement",
    'pérdida de entrenamiento',
    'perda de treino',
  ],
  train_loss: [
    '损失',
    '平均损失',
    '損失',
    'ロス',
    '손실',
    'Потери',
    'функция потерь',
    'Verlust',
    'perte',
    'pérdida',
    'perda',
    '损失为',
    ...[
      '代价函数',
      'コスト関数',
      '비용',
      'coût',
      'Costo',
      'custo',
      'Kosten',
      'значение функции потерь',
      'fonction de perte',
    ],
    '損失は',
  ],
  'val_loss, validation': [
    ...['验证损失', '测试集上的Loss', '検証損失', '검증 손실', 'потери на валидации', 'Validierungsverlust'],
    ...['perte de validation', 'pérdida de validación'],
  ],
  epoch: ['轮次', 'エポック', '에포크', 'Эпоха', 'Epoche', 'Époque', 'Época'],
  step: ['步数', '训练次数', '迭代次数', 'ステップ', '단계', '回合', 'エピソード', 'Шаг', 'Schritt', 'Étape', 'Paso'],
  learning_rate: ['学习率', '学習率', '학습률', 'Lernrate'],
  accuracy: ['准确率', '正解率', '정확도', 'Точность', 'Genauigkeit', 'exactitude', 'exactitud'],
  loss_part: ['分类损失', '重建损失', 'loss_de', '回归损失'],
  other: ['温度', 'Zeit'],
}
for (const [meaning, words] of Object.entries(meanings)) {
  for (const name of words) {
    test(`${name} is ${meaning}`, () => {
      const field = fieldOf(name)
      const phase = phaseOf(name)
      const kind = field.kind === 'metric' ? field.role : field.kind
      expect([kind, ...(phase === null ? [] : [phase])].join(', ')).toBe(meaning)
    })
  }
}

const lines: readonly { readonly lines: readonly string[]; readonly records: readonly string[] }[] = [
  {
    lines: ['训练次数：40，Loss：0.5', '训练次数：80，Loss：nan', '整体测试集上的Loss：0.75'],
    records: ['step 40 Loss=0.5', 'step 80 Loss=NaN', 'step 80 整体测试集上的Loss=0.75'],
  },
  {
    lines: ['第 3/9 轮，训练损失：0.5，验证损失：0.75', '第 4 个epoch 损失 0.25'],
    records: ['step 3 epoch 3 训练损失=0.5 验证损失=0.75', 'step 4 epoch 4 损失=0.25'],
  },
  {
    lines: ['エポック: 2/9, ステップ: 30, 損失: 0.5', '3エポック目 40ステップ 損失 nan'],
    records: ['step 30 epoch 2 損失=0.5', 'step 40 epoch 3 損失=NaN'],
  },
  {
    lines: ['에포크 4/10 단계 20 손실 0.5', '5번째 에포크 손실 0.25'],
    records: ['step 20 epoch 4 손실=0.5', 'epoch 5 손실=0.25'],
  },
  { lines: ['7回目 ロス: 0.5', '8回目 ロス: nan'], records: ['step 7 ロス=0.5', 'step 8 ロス=NaN'] },
  { lines: ['第 4 回合：损失 0.5'], records: ['step 4 损失=0.5'] },
  {
    lines: ['第3个周期，训练集损失为0.5，验证集损失是0.75', '第4个周期，训练集损失为nan，验证集损失是0.75'],
    records: ['step 3 epoch 3 训练集损失=0.5 验证集损失=0.75', 'step 4 epoch 4 训练集损失=NaN 验证集损失=0.75'],
  },
  { lines: ['第 6 个 epoch 的 loss 是 0.25'], records: ['step 6 epoch 6 loss=0.25'] },
  { lines: ['第 6 轮 温度为35.5 损失 0.25'], records: ['step 6 epoch 6 损失=0.25'] },
  { lines: ['Эпоха 3/9, шаг 20, потери: 0,5'], records: ['step 20 epoch 3 потери=0.5'] },
  { lines: ['Epoche 3, Schritt 20: Verlust = 0,5'], records: ['step 20 epoch 3 Verlust=0.5'] },
  {
    lines: ['Époque 3/9 - perte : 0.5 - perte de validation : nan'],
    records: ['step 3 epoch 3 perte=0.5 perte de validation=NaN'],
  },
  { lines: ['Época 3, paso 20, pérdida: 0.5'], records: ['step 20 epoch 3 pérdida=0.5'] },
]
const headings: typeof lines = [
  {
    lines: ['Эпоха 1/5', '  потери 0.5', 'Эпоха 2/5', '  потери nan'],
    records: ['step 1 epoch 1 потери=0.5', 'step 2 epoch 2 потери=NaN'],
  },
  {
    lines: ['---第 3 轮训练开始---', '损失：0.5', 'エポック 4/9', '損失: 0.25'],
    records: ['step 3 epoch 3 损失=0.5', 'step 4 epoch 4 損失=0.25'],
  },
]
for (const { lines: texts, records } of [...lines, ...headings]) {
  test(`${texts[0]} is read`, () => expect(readBriefly(texts).results).toEqual(records))
}
