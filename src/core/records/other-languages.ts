/**
 * The words of a name in English, where they are the ones by which Chinese, Japanese, Korean, Russian, German, French or
 * Spanish programs call losses, counters and sets of data. `words` are in lower case.
 */
export function inEnglish(words: readonly string[]): readonly string[] {
  let isForeign = false
  const english = words.flatMap((word) => {
    const known = WORDS.get(word) ?? (UNSPACED.test(word) ? withoutSpaces(word) : undefined)
    isForeign ||= known !== undefined
    return known ?? [word]
  })
  // Particles of one language are names in another: `loss_de` is that of a set in German.
  return isForeign ? english.filter((word) => !PARTICLES.has(word)) : words
}

const COUNTERS = '回合|回目|周期|轮|輪|步|エピソード|에피소드|エポック|ステップ|에포크|에폭|스텝|단계'
/**
 * A number and a counter behind it, as these languages put them: `第 3 轮`, `第 3 个epoch`; `3エポック目`, `3번째 에포크`.
 * A blank may also be that before the next name: `에포크 4/10 단계 20`.
 */
export const COUNTED_BEFORE: readonly RegExp[] = [
  new RegExp(`(?<=第 ?)(\\d{1,9})(?: ?/ ?\\d{1,9})? ?个? ?(${COUNTERS}|epoch|step|iter|batch)`, 'iy'),
  new RegExp(
    `(\\d{1,9})(?: ?/ ?\\d{1,9})?(?:번째 ?|번 ?| (?=(?:${COUNTERS})(?! ?[:：=]? ?\\d))|)(${COUNTERS})(?:目|째)?`,
    'y',
  ),
]

const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/

/** Languages that write words without spaces between them: each stands wherever it is found, the longest first. */
const PIECES: Readonly<Record<string, string>> = {
  ...meanings({
    loss: '损失函数值 损失函数 损失值 损失 損失関数 損失値 損失 ロス 손실값 손실 로스',
    cost: '代价函数值 代价函数 代價函數 成本函数 コスト関数 コスト 비용함수 비용',
    misfit: '誤差 误差 오차',
    'train loss': '訓練誤差 学習誤差 训练误差',
    'val loss': '検証誤差 验证误差 驗證誤差',
    'test loss': 'テスト誤差 测试误差',
    epoch: '训练轮数 训练轮次 轮数 轮次 周期 轮 輪數 輪次 輪 エポック 에포크 에폭',
    episode: '回合数 回合數 回合 エピソード 에피소드',
    step: '回目 训练次数 训练步数 步数 步骤 步 訓練次數 步數 步驟 ステップ数 ステップ 스텝 단계',
    iteration: '迭代次数 迭代 迭代次數 反復回数 反復 イテレーション 반복',
    batch: '批次 バッチ 배치',
    train: '训练集 训练 訓練 学習データ 学習 훈련 학습',
    val: '验证集 验证 驗證集 驗證 検証データ 検証 검증',
    test: '测试数据集 测试集 测试 測試集 測試 テストデータ テスト 테스트',
    eval: '评估 評估 評価 평가',
    'learning rate': '学习率 學習率 学習率 학습률',
    accuracy: '准确率 正确率 准确度 準確率 精度 正解率 정확도',
    perplexity: '困惑度',
    avg: '平均 평균',
    total: '总 總',
    current: '当前 當前 現在',
    global: '全局',
    overall: '整体 整體',
    '': '上的 中的 的 上 第 数据 データ の 값 为 為 は が 은 는 이 가',
  }),
}
const PIECE = new RegExp(
  Object.keys(PIECES)
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'g',
)

function withoutSpaces(word: string): readonly string[] {
  const spaced = word.replace(PIECE, (piece) => ` ${PIECES[piece]} `)
  return spaced.split(/ +/).filter((part) => part !== '')
}

/** Languages that write each word by itself. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(
    meanings({
      loss: 'потери потеря потерь лосс verlust verluste perte pertes pérdida perdida pérdidas perda perdas',
      'train loss': 'trainingsverlust trainingsverluste',
      'val loss': 'validierungsverlust validierungsverluste',
      'test loss': 'testverlust',
      'total loss': 'gesamtverlust',
      cost: 'coût coûts costo coste custo kosten',
      misfit: 'ошибка ошибки fehler erreur erro',
      'train misfit': 'trainingsfehler',
      'val misfit': 'validierungsfehler',
      'test misfit': 'testfehler',
      epoch: 'эпоха эпохи эпоху эпохе epoche époque epoque época epoca',
      episode: 'эпизод эпизода эпизоде épisode episodio episódio',
      step: 'passo шаг шага schritt étape etape paso',
      iteration: 'iteração iteracao итерация итерации итерацию itération iteración iteracion',
      batch: 'батч батча lote',
      train:
        "treino treinamento обучение обучения обучении обучающая тренировка тренировочные entraînement entrainement d'entraînement d'entrainement apprentissage d'apprentissage entrenamiento трейн трейне трейна",
      val: 'validação validacao валидация валидации валидационная валидационные проверка проверочная validierung validación validacion',
      test: 'teste тест тесте тестовая тестовые prueba',
      eval: 'оценка auswertung évaluation evaluación evaluacion',
      'learning rate': 'lernrate',
      accuracy: 'точность genauigkeit exactitude exactitud',
      avg: 'средняя средние среднее durchschnittlicher mittlerer moyenne promedio',
    }),
  ).map(([word, english]) => [word, english.split(' ')]),
)
const PARTICLES = new Set([
  'на',
  'при',
  'функция',
  'функции',
  'значение',
  'fonction',
  'función',
  'função',
  'de',
  'du',
  'des',
  'la',
  'le',
  'del',
  'el',
  'en',
  'sur',
  'der',
  'des',
])

function meanings(words: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([english, foreign]) => foreign.split(' ').map((word) => [word, english])),
  )
}
