import { inBothScripts } from './chinese-scripts.ts'

/** What says in ten languages that something is not so, not yet, or only on a condition. */
const NEGATED: readonly RegExp[] = [
  /(?<!\p{L})(?:not|never|cannot|without|nicht|noch|nie|kein\p{L}*|pas|jamais|non|no|aún|todavía|nunca|não|ainda|ancora|mai|не|нет|нельзя)(?!\p{L})|n't\b|(?<!\p{L})n'/u,
  inBothScripts(/未|没|尚|还没|並未|不是|不会/),
  /ていません|ていない|ませんでした|まだ|なかった|ではない/,
  /않|못[했하]|아직|미완료|(?:^|\s)안 /,
]
const TO_COME: readonly RegExp[] = [
  /\b(?:will|would|shall|should|being|soon|eta|estimated?|expected|approx\w*|roughly|until|till|unless|whenever|wait\w*|remaining|going to|(?:to|must|cannot|can) be|in (?:about|around|~)|every|each|whether)\b/,
  /^(?:after|once|when|if|before|while|as soon as|nachdem|une fois|après que|una vez|uma vez|una volta|assim que|как только|после того)(?!\p{L})/u,
  inBothScripts(/预计|预期|将|即将|如果|等待|一旦|直到|正在|尚待|马上|还有|还需/),
  /予定|まで|次第|見込|あと\s?\d|間もなく|待|途中|たら|すれば/,
  /예정|까지|[하되나]면|때|후에|전에|곧|대기|하는 중|[저기]장 중/,
  /(?<!\p{L})(?:буд[еу]т\p{L}*|через|когда|если|скоро|почти|ожида\p{L}*|осталось)(?!\p{L})/u,
  /(?<!\p{L})(?:wird|werden|werde|würde|sobald|wenn|bald|voraussichtlich|gleich|in (?:ca|etwa))(?!\p{L})/u,
  /(?<!\p{L})(?:ser(?:a|ont)|sera(?:it|ient)?|quand|lorsque?|dès que|bientôt|en cours|presque|dans (?:environ )?\d)(?!\p{L})/u,
  /(?<!\p{L})(?:\p{L}+(?:ará|erá|irá)[ns]?|serão|cuando|quando|após que|pronto|em breve|siendo|sendo|está(?: a)? (?:siendo|sendo)|en curso|casi|quase|dentro de|sarà|saranno|verrà|verranno|viene|vengono|appena|in corso|quasi|tra \d)(?!\p{L})/u,
]

/** A value behind the words that denies them, or leaves them open: `training done = False`, `Training finished? no`. */
const DENIED =
  /^(?:\s?(?:flag|status|state))?(?:\s?(?:[:=?]|->)+\s?$|(?:\s?(?:[:=?]|->)+)?\s?(?:false|no|nope|none|null|0|off|pending|unknown|nein|non|нет|否|いいえ|아니오|não)\s?$)/

/** A part of the training, in ten languages, and what is to follow it. */
const OF_A_PART =
  /^\W{0,3}(?:(?:for|of|in|at|on|with|für|pour|de|del|do|da|para|per|в|на|для)\s)?(?:(?:the|this|that|today's|tonight's|current|each|every|first|next|last|one|inner|l'|la|el|il|die|der|diese\p{L}?|cette|cet|esta|este|questa)\s?){0,2}(?!epochs[=:])(?:epoch|época|époque|epoca|epoche|эпох|fold|stage|phase|round|iteration|iter|step|batch|task|split|shard|client|worker|node|site|party|partition|chunk|subset|replica|trial|episode|generator|discriminator|teacher|student)\p{L}*(?!s?\s(?:limit|reached))/u
const NEXT =
  /[,;–—-]\s?(?:now|next|then|moving|waiting|proceeding|continuing|starting|beginning|jetzt|nun|weiter|ensuite|maintenant|ahora|agora|теперь|接下来|现在|次は)(?![\p{L}])/u

/** Words that something is over, or a model saved, as they stand behind how much of it is. */
const OVER =
  '(?:complet\\p{L}*|done|finished|fertig|abgeschlossen|erledigt|beendet|完成|完了|完毕|终了|終了|완료|termin\\p{L}+|achev\\p{L}+|fini|finaliz\\p{L}+|conclu\\p{L}+|заверш\\p{L}+|готов\\p{L}*|выполнен\\p{L}*|hecho|listo|feito|fatto|종료|끝|结束|結束)'
const SHARE = '(\\d+(?:[.,]\\d+)?)\\s?(%|％|percent|prozent|процент\\p{L}*|pour cent|por ciento|por cento|per cento)'
const SHARES: readonly RegExp[] = [
  new RegExp(`(?<![\\d.,])${SHARE}[\\s)\\]]{0,2}(?:of [\\p{L} ]{1,20} )?${OVER}`, 'gu'),
  new RegExp(
    `(?<!\\p{L})${OVER}\\W{0,3}(?:(?:at|to|by|al|à|a|em|zu|auf|на|bei)\\s|进度|進度|率|度)?\\W{0,3}(?<![\\d.,])(?:${SHARE}|(\\d+)\\s?(?:/|of|out of|von|из|sur|de|di|su)\\s?(\\d+))`,
    'gu',
  ),
]
const OF_PROGRESS = /progress|进度|進度|進捗|진행|прогресс|fortschritt/
const HUNDRED = /(?<![\d.])100(?:[.,]0+)?\s?[%％]|(?<![\d.])(\d+)\s?\/\s?\1(?!\d)/

/** Whether a clause, in lower case, says that something is not over, is to come, or is so on a condition. */
export function isNotYet(clause: string): boolean {
  return [...NEGATED, ...TO_COME].some((pattern) => pattern.test(clause))
}

/** Whether a text, in lower case, says how much of it is over, and that this is not all: `30% complete`, `done: 12 of 100`. */
export function isShare(text: string): boolean {
  const isPart = SHARES.some((pattern) =>
    [...text.matchAll(pattern)].some(([, share = '100', , done, all]) =>
      done === undefined ? Number(share.replace(',', '.')) < 100 : Number(done) < Number(all),
    ),
  )
  return isPart || (OF_PROGRESS.test(text) && /\d\s?[%％/]/.test(text) && !HUNDRED.test(text))
}

/** Whether what stands behind words of an end makes them words of a part, denies them, or tells what is to follow. */
export function isTakenBack(rest: string): boolean {
  return DENIED.test(rest) || OF_A_PART.test(rest) || NEXT.test(rest)
}

/** Words that the training goes on. */
const GOES_ON: readonly RegExp[] = [
  /\b(?:continu(?:ing|es?)|resum(?:ing|es?)|proceeding|carrying on|(?:goes|going|go) on|still (?:training|running)|moving on|next (?:round|epoch|step|stage|phase|fold|batch))\b/,
  inBothScripts(/继续|接着|下一|暂停/),
  /続け|続行|再開|계속|재개|이어서/,
  /продолж|возобнов|weiter(?!e)|fortgesetzt|fortsetz|l'entra[iî]nement continue|se poursuit|contin[uú]a|continuando|prossegu|prosegue/,
]

/** Whether a text, in lower case, says that the training goes on: `weights saved, continuing`. */
export function goesOn(text: string): boolean {
  return GOES_ON.some((pattern) => pattern.test(text))
}

/** That a stop is a short one. */
const FOR_NOW =
  /(?<!\p{L})(?:temporar\p{L}+|brief(?:ly)?|momentar\p{L}+|for (?:now|a moment|the moment|a while)|kurz(?:zeitig|fristig)?|vorübergehend|zeitweise|zeitweilig|temporär|momentan(?:ément)?|temporairement|provisoirement|un (?:court )?(?:instant|moment)|brièvement|temporal(?:mente)?|momentánea(?:mente)?|momentáneo|provisionalmente|por un momento|brevemente|temporánea\p{L}*|temporanea\p{L}*|временно|ненадолго|пока(?! что)|в ожидании)(?!\p{L})|[临臨][时時]|[暂暫][时時停]|短[暂暫]|一時|しばらく|일시|잠시|잠깐|임시/u
/** What is avoided, or is missing, is a reason to stop for good. */
const NO_REASON =
  '(?!(?:\\p{L}+ )?(?:avoid|prevent|protect|limit\\p{L}*|save (?:time|compute|resources|money|energy)|no|lack|early|good|patience|vermeid\\p{L}*|vermeidung|verhinder\\p{L}*|überanpassung|mangel|manque|absence|cause|raison|éviter|prévenir|empêcher|limiter|economiser|évit\\p{L}*|falta|evitar|prevenir|impedir|ahorrar|no|mancanza|evitare|impedire|предотвращ\\p{L}*|избежани\\p{L}*|избеж\\p{L}*|не|экономи\\p{L}*|overfitting|surapprentissage|sobreajuste)(?!\\p{L}))'
/** What a stop is for, or how long it is to be: it stands behind its words. */
const UNTIL = new RegExp(
  [
    `^[^\\p{L}\\p{N}]{0,3}(?:for|to|für|zum|zur|um|pour|afin d['e]|para|per|для|чтобы) ?(?:die |den |das |le |la |l'|el |the |eine |une |una )?${NO_REASON}(?!\\d+ (?:epoch|step|iter|époque|époc|эпох))(?=\\S)`,
    "^[^\\p{L}\\p{N}]{0,3}(?:(?:while|until|till|during|pending|bis|während|solange|damit|pendant|le temps d[e']|en attendant|en attente|tant que|mientras|hasta|durante|en espera|a la espera|à espera|enquanto|até|finché|fino a|in attesa|пока)(?!\\p{L})|jusqu'|до (?!\\d|достиж)|на (?:время|период|\\d+ ?(?:с|мин|ч)))",
    '(?<!\\p{L})(?:waiting|warten?|en attente|en espera|ожидани[ея])(?!\\p{L})',
    '^[^\\p{L}\\p{N}]{0,3}(?:we are |ich |wir |on |se |er |es )?(?:wait\\p{L}*|awaiting|warte[nt]?|attend\\p{L}*|attente|esper\\p{L}*|aguard\\p{L}*|aspett\\p{L}*|ожида\\p{L}*|жд[её]\\p{L}*)(?!\\p{L})',
    "^\\s?[:,;(–—-]\\s?(?:(?:the|die|l'|la|le|el|идет|идёт|running|starting) ?)?(?:evaluat(?:ing|ion)|validat(?:ing|ion)|auswertung|validierung|évaluation|validation|evaluaci[oó]n|validaci[oó]n|evaluando|валидация|проверка|оценка)(?!\\p{L}|[ _](?:loss|acc|error|metric|score|perf|data|set))",
    '^[，,、：: ]{0,2}(?:以便|用[于於]|以?[进進]行|正在|直到|待|等)',
    '^[，,、：: ]{0,2}(?:评估|验证|評估|驗證)(?!损失|集|误差|准确|指标|精度|loss|損失|誤差)',
    '^(?:し|して|させ|させて|しました)?[、。：:]{0,1}(?:[^。]{0,20}(?:待(?:ち|って|機|つ)|まで|間)|検証(?!損失|データ|誤差|精度)|評価(?!損失|値|指標))',
    '^(?:하고|추고|한 뒤|합니다|했습니다)?[,.: ]{0,2}(?:[^.]{0,20}(?:대기|기다|까지|동안)|검증(?! ?(?:손실|오차|정확))|평가(?! ?(?:손실|지표)))',
  ].join('|'),
  'u',
)

/** Whether what stands around the words of a stop, in lower case, says that it is a pause: for a time, for a purpose, or until something comes. */
export function isPause(clause: string, rest: string): boolean {
  return FOR_NOW.test(clause) || UNTIL.test(rest)
}

/** The first clause of a message. */
export function firstClause(message: string): string {
  return message.split(/[,;(（，；：。！、]|[.!:](?=\s|$)/, 1)[0] ?? ''
}
