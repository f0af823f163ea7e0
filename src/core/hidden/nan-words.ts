/** By which words a language says that a loss, or what it is made of, is no finite number. All are in lower case. */
export interface NanWords {
  readonly loss: string
  readonly gradient: string
  /** What else of a model there is that is spoilt by a NaN. */
  readonly model: string
  readonly state: string
  /** What binds a subject to the state behind it: `is`, `became`, `contains`. */
  readonly is: string
  /** What binds a state to the subject behind it: `NaN in the loss`. */
  readonly into: string
  /** What may stand between the two where nothing binds them: `NaN values in the loss`. */
  readonly beside: string
  /** That the training has left its way: said by itself. */
  readonly diverged: string
  /** That there was none, that it would be, or that it was at another time, before the state or beside it. */
  readonly not: string
  /** Whether words of the language stand apart. */
  readonly isSpaced: boolean
}

const NAN = 'nans?|infs?(?! norm)|infinity(?! norm)'

const ENGLISH: NanWords = {
  loss: '(?:\\p{L}+ )?(?:[\\w/.-]*loss(?:es)?(?:_\\w+)?(?: ?tensors?)?|costs?|objective|perplexity)',
  gradient: '(?:\\p{L}+ )?(?:[\\w/.-]*(?:gradients?|grads?)(?:[_ ]norms?)?|(?:global|total)[_ ]norm)',
  model: 'weights?|parameters?|params?|logits|activations?',
  state: either(
    `${NAN}|infinite(?! (?:dim|loop|data|number|series|stream|sampl|iter))|non[- ]?finite|(?:no longer|not) finite|not a number|invalid`,
    'or|and|and\\/or',
  ),
  is: 'is|are|was|were|be(?:came|comes?)|(?:has|have) (?:become|been|gone)|went|goes|turn(?:s|ed)|g[eo]t|gets|contain(?:s|ed)?|has|have|had|return(?:s|ed)|produced|reached|hit|evaluated to',
  into: 'in|of|for|as|at|into|within|from|by|on',
  beside:
    'values?|numbers?|entries|elements?|or|and|was|were|is|are|has|have|been|present|detected|found|encountered|appear(?:ed|s)?|occur(?:red|s)?|created|produced|seen|observed',
  diverged:
    '(?:loss(?:es)?|training|model|run|optimi[sz]ation|optimi[sz]er) (?:(?:has|have) )?(?:diverged|exploded|blown up|(?:is|was) (?:diverging|exploding))',
  not: 'no|not|never|none|neither|nor|without|zero|free of|if|when(?:ever)?|whether|unless|until|once|in case|would|could|may|might|can|should|must|will|to (?:avoid|prevent|detect|handle|skip|stop|catch|find|ignore|debug|trace)|avoid\\w*|prevent\\w*|(?:check|watch|look|test|guard|scan|monitor)(?:s|ed|ing)?(?: \\w+)? (?:for|that|against)|(?:check\\w*|fix(?:e[sd]|ing)?|handl\\w+|allow\\w*)(?!.*,)|previous\\w*|(?:last|earlier|prior) (?:run|attempt|job|time)|e\\.g|such as|causes?|leads? to|results? in|often|usually|sometimes|typically|common\\w*|best|lowest|minimum|min|improved|max|maximum|clip\\w*|threshold|limit\\w*|patience|tolerance|simulat\\w*|inject\\w*|safe|aware|tolerant|robust|masked|proof|(?:stop|abort|terminate|exit|skip|halt|raise|fail|warn|ignore|drop)s? (?:\\w+ )?(?:on|at|for|with|whose|that|of)|detecting|masks?',
  isSpaced: true,
}

const GERMAN: NanWords = {
  loss: '(?:trainings|validierungs)?verlust\\p{L}*|verlustfunktion|(?:trainings)?loss|kosten',
  gradient: '\\p{L}*gradient(?:en)?(?:norm)?',
  model: 'gewichten?|modellgewichten?|parametern?',
  state: either(`${NAN}|unendlich\\p{L}*|nicht endlich\\p{L}*|keine (?:endliche )?zahl|ungültig\\p{L}*`, 'oder|und'),
  is: 'ist|sind|war|waren|wurden?|wird|werden|enth(?:ä|ie)lt(?:en)?|enthalten|hat|haben|ergab|beträgt',
  into: 'im|in|bei|beim|des|der|für|am',
  beside: 'werte?|wurden?|ist|sind|gefunden|erkannt|entdeckt|aufgetreten|oder|und',
  diverged: '(?:training|verlust|loss|modell) (?:ist )?(?:divergiert\\p{L}*|explodiert\\p{L}*)',
  not: 'kein\\p{L}{0,2}|nicht|nie|niemals|ohne|null|0|wenn|falls|sobald|ob|bis|würden?|könnten?|kann|können|darf|soll\\p{L}*|prüf\\p{L}+|überprüf\\p{L}+|verhinder\\p{L}+|vermeid\\p{L}+|um|bei',
  isSpaced: true,
}

const FRENCH: NanWords = {
  loss: '(?:fonction de )?pertes?|loss|coût',
  gradient: '(?:norme (?:du |des |de )?)?gradients?',
  model: 'poids|paramètres',
  state: either(`${NAN}|infinie?s?|non[- ]finie?s?|pas (?:un nombre|finie?s?)|invalides?`, 'ou|et'),
  is: 'est|sont|était|devient|deviennent|devenue?s?|vaut|valent|contient|contiennent|a|ont',
  into: 'dans|de|du|des|pour|à|sur',
  beside: 'valeurs?|détectée?s?|trouvée?s?|rencontrée?s?|ou|et',
  diverged: "(?:l'entra[iî]nement|la perte|le modèle|entra[iî]nement|perte) (?:a divergé|diverge|a explosé|explose)",
  not: "aucun\\p{L}*|pas|ne|n'|jamais|sans|zéro|0|si|lorsque|quand|dès que|pourrait|peut|peuvent|doit|vérifi\\p{L}+|éviter|empêcher|pour",
  isSpaced: true,
}

const SPANISH: NanWords = {
  loss: '(?:función de )?p[eé]rdidas?|loss|perda|costo?',
  gradient: '(?:norma (?:del? )?)?gradientes?',
  model: 'pesos|parámetros',
  state: either(`${NAN}|infinit[oa]s?|no (?:es )?finit[oa]s?|no (?:es )?un número|inválid[oa]s?`, 'o|y|e|ou'),
  is: 'es|son|era|fue|está|se (?:ha |han )?(?:volvió|vuelto|volvieron|convirtió en|hizo)|vale|contienen?|tienen?|é|são|ficou|contém',
  into: 'en|de|del|para|em|na|no|da',
  beside: 'valor(?:es)?|detectad[oa]s?|encontrad[oa]s?|o|y',
  diverged: '(?:entrenamiento|pérdida|modelo|treinamento|perda) (?:ha divergido|divergió|diverge|explotó|divergiu)',
  not: 'ning[uú]n\\p{L}*|no|nunca|jamás|sin|cero|0|si|cuando|podría|puede|pueden|debe|verific\\p{L}+|comprob\\p{L}+|evitar|para|sem|não|nenhum\\p{L}*',
  isSpaced: true,
}

const RUSSIAN: NanWords = {
  loss: '(?:функци\\p{L}+ )?(?:потер\\p{L}+|ошибк\\p{L}+)|лосс\\p{L}*|loss',
  gradient: '(?:норм\\p{L}+ )?градиент\\p{L}*',
  model: 'вес\\p{L}{0,3}|параметр\\p{L}*',
  state: either(`${NAN}|бесконечн\\p{L}+|не ?числ\\p{L}+|не ?конечн\\p{L}+|недопустим\\p{L}+`, 'или|и'),
  is: 'равн\\p{L}+|стал[аои]?|становит\\p{L}+|содерж\\p{L}+|оказал\\p{L}+|получил\\p{L}*|есть',
  into: 'в|во|у|для|при',
  beside: 'значени\\p{L}+|обнаружен\\p{L}*|найден\\p{L}*|появил\\p{L}+|или|и',
  diverged: '(?:обучение|модель|лосс|потери|loss) (?:разош\\p{L}+|расходит\\p{L}+|взорвал\\p{L}+)',
  not: 'нет|не|ни|без|ноль|0|если|когда|может|могут|должн\\p{L}+|провер\\p{L}+|избеж\\p{L}+|предотвра\\p{L}+|чтобы',
  isSpaced: true,
}

const CHINESE: NanWords = {
  loss: '(?:训练|验证|測試|总)?(?:损失|損失)(?:函数|函數|值)?|loss(?: ?值)?',
  gradient: '梯度(?:范数|範數|值)?|grad(?:ient)?(?:[ _]norm)?',
  model: '权重|權重|参数|參數',
  state: either(`${NAN}|无穷大?|無窮大?|无限大?|非有限|非数字?|非數|不是数字|无效|無效`, '或|或者|和|、'),
  is: '[^，。；,;]{0,4}(?:为|為|是|变为|變為|变成|變成|出现|出現|含有?|包含|有|等于|达到)[^，。；,;]{0,4}',
  into: '[^，。；,;]{0,8}',
  beside: '',
  diverged: '(?:训练|訓練|损失|損失|模型|loss)(?:已经?|已)?(?:发散|發散|爆炸|不收敛)',
  not: '没有|沒有|未|无(?!穷|限|效)|不(?!是数字|收敛)|若|如果|当|當|是否|避免|防止|检查|檢查|可能|会导致|将|則',
  isSpaced: false,
}

const JAPANESE: NanWords = {
  loss: '損失(?:関数|値)?|ロス|loss',
  gradient: '勾配(?:ノルム)?|grad(?:ient)?(?:[ _]norm)?',
  model: '重み|パラメータ',
  state: either(`${NAN}|無限大?|非有限|非数|無効`, 'または|か|や|もしくは|、'),
  is: '[^。、,;]{0,6}(?:が|は|に|の)[^。、,;]{0,6}',
  into: '[^。、,;]{0,10}',
  beside: '',
  diverged: '(?:学習|訓練|損失|ロス|モデル|loss)(?:が|は)(?:発散|爆発)',
  not: 'ない|なし|ません|ず(?:に)?|場合|なら|たら|とき|防ぐ|避け|防止|確認|チェック|かどうか|可能性',
  isSpaced: false,
}

const KOREAN: NanWords = {
  loss: '손실(?: ?함수| ?값)?|로스|loss',
  gradient: '기울기|그[래레]이?디언트(?: ?노름)?|grad(?:ient)?(?:[ _]norm)?',
  model: '가중치|파라미터|매개변수',
  state: either(`${NAN}|무한대?|비유한|숫자가 아닌|유효하지 않은`, '또는|이나|혹은'),
  is: '[^.,;]{0,3}(?:이|가|은|는|에|에서|값)[^.,;]{0,6}',
  into: '[^.,;]{0,8}',
  beside: '',
  diverged: '(?:학습|훈련|손실|모델|loss)(?:이|가|은|는)? ?(?:발산|폭발)',
  not: '없|않(?!은)|아니(?!ㄴ)|만약|경우|면(?: |,|$)|방지|확인|검사|여부|가능',
  isSpaced: false,
}

export const LANGUAGES: readonly NanWords[] = [ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN, CHINESE, JAPANESE, KOREAN]

/** A state, or two of them: `NaN or Inf`. */
function either(states: string, or: string): string {
  return `(?:${states})(?:(?: ?[/,、] ?| ?(?:${or}) ?)(?:an? )?(?:${states}))?`
}
