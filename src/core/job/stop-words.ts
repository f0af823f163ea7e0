import { inBothScripts } from './chinese-scripts.ts'
import { firstClause, goesOn, isNotYet, isPause, isTakenBack } from './not-yet.ts'

const PASSES =
  '(?:train(?:ing)? |optimi[sz]ation |gradient )?(?:epochs?|steps|iterations|iters|updates|rounds|timesteps|generations|episodes)'
const LIMIT = `(?!target updates?\\b)(?:max(?:imum)?|total|target|final|specified|configured|requested|desired|allowed|planned)[ _-]?(?:(?:number|no\\.?|count|amount|limit)(?: of)? )?(?:of )?(?:the )?(?:train(?:ing)?[ _-])?(?:epochs?|steps?|iters?|iterations?|updates?|timesteps?|generations?|episodes?|rounds?)(?: (?:limit|count|budget))?|(?:epoch|step|iteration|update|token|sample|training|compute)[ _-]?(?:limit|budget)|time budget`
const GOAL =
  '(?:(?:target|desired|required|requested|wanted) (?:(?:train|training|val|validation|test|eval|mean|average|episode) )?(?:accuracy|acc|loss|reward|return|score|metric|performance|value|perplexity|ppl|f1|auc|error|bleu|level))\\b'
const HIT = '(?:reached|hit|exceeded|exhausted|attained|met|used up|spent|expired|achieved)'
const OWN_ACT =
  '(?:stopping|stopped|saving|exiting|ending|finishing|wrapping up|shutting down|quitting|terminating|halting|leaving|checkpointing)'

/** How a message begins by which a job says that it has made all passes, or stopped at a bound, or early, in ten languages. */
const STOPS: readonly RegExp[] = [
  // English
  `(?:all|every)(?: of)?(?: the)?(?: \\d[\\d,]*)? ${PASSES} (?:(?:are|were|is|was|has|have|been|now|successfully) )*(?:(?:completed?|done|finished|over|ended|exhausted)\\b|through(?=\\W*$))`,
  `(?:successfully )?(?:finished|completed|done with|ran) all(?: of)?(?: the)?(?: \\d[\\d,]*)? ${PASSES}\\b`,
  `(?:reached|hit|exceeded|exhausted) (?:the |our |its )?(?:${LIMIT})(?!\\p{L})(?: ?[=:(]? ?\\d[\\d,]*\\)?)?`,
  `(?:the )?(?:${LIMIT})(?: ?\\(?\\d[\\d,]*\\)?| ?[=:] ?\\d+| of \\d[\\d.,]* ?\\p{L}*)? (?:(?:is|was|has|have|been|limit) )*${HIT}\\b`,
  `(?:reached (?:the |its |our )?)?(?:time|wall ?time|wall ?clock|run ?time|maximum (?:training |run ?)?time|time budget)(?: (?:limit|budget))?(?: of [\\d.]+ ?\\p{L}+)?(?: (?:was |has been |is )?${HIT})?\\W{1,3}(?:now )?(?:gracefully )?${OWN_ACT}\\b(?!.*\\bjob\\b)`,
  `(?:reached|achieved|hit|met) (?:the |our )?${GOAL}`,
  `(?:the )?${GOAL}(?: of [\\d.]+ ?%?)? (?:(?:is|was|has|been) )*${HIT}\\b`,
  `(?:(?:the|training|model|optimi[sz]ation|optimi[sz]er|solver|algorithm|has|have|is) )*converged(?:(?: after| at| in) .{1,40})?(?:\\W*$|[:,;] )`,
  `convergence (?:was |has been |criteri\\p{L}+ |condition )*(?:achieved|reached|met|satisfied|attained)`,
  'optimi[sz]ation terminated successfully',
  '(?:exit|exiting|exited|leaving|left) (?:the )?(?:main )?training loop',
  `early[ _-]?stop(?:s|ping|ped|per)?(?:\\W*$| (?:(?:was|has|been|is|condition|criteri\\p{L}+|callback) )*(?:triggered|activated|reached|met|invoked|fired|kicked in|at|after|now|because|due|as|since)\\b|[:;,.] (?=\\p{L}))`,
  '(?:training )?(?:stopping|stopped)[ _]early\\b(?!\\s?[:=]\\s?(?:false|no|0))',
  `(?:(?:the|we are|now|gracefully) )*(?:stopping|ending|terminating|finishing|halting)(?: the)?(?: model)? (?:train(?:ing)?|fine-?tuning|optimi[sz]ation)\\b(?! (?:data|workers?|loaders?|threads?|servers?|profil))`,
  `(?:the )?(?:model )?training (?:(?:was|has|been|is|process|loop|run|early|now) )*(?:stopped|halted|terminated|stops)\\b(?! (?:while|until|during|temporarily|to (?:free|wait|load|reload|save|sync|let|run)|for (?!(?:no|lack|early|good|now\\b|patience|reaching))))`,
  `(?:(?:no|did not|has not|hasn't|not|any|improv\\p{L}+|patience|ran|run|out|of|val\\p{L}*|loss|metric|score|the|model|in|for|since|last|over)[ _]){1,8}.{0,60}\\b${OWN_ACT}\\b`,
  `(?:patience (?:was |is |limit |has been |of \\d+ )*(?:exhausted|exceeded|reached|ran out|run out)|ran out of patience)\\b`,
  // German
  `(?:früh(?:zeitige?[rs]?|e[rs]?)|vorzeitige?[rs]?)(?: des trainings)? (?:abbruch|stopp(?:en)?|stop|ende|beendigung|beendet|abgebrochen|gestoppt|trainingsende|angehalten)(?!\\p{L})`,
  `(?:das )?training (?:wurde |ist )?(?:(?:frühzeitig|vorzeitig|früh) )?(?:gestoppt|angehalten)(?!\\p{L})`,
  `alle(?: \\d+)? (?:trainings)?(?:epochen|schritte|iterationen|durchläufe|runden)(?: sind| wurden)?(?: erfolgreich)? (?:abgeschlossen|beendet|fertig|durchlaufen|absolviert)(?!\\p{L})`,
  `(?:die )?maximal\\p{L}* (?:anzahl (?:an |der |von )?)?(?:trainings)?(?:epoch|schritt|iteration|runden|durchl)\\p{L}*(?: wurde| ist)? erreicht`,
  // French
  `arrêt (?:anticipé|précoce|prématuré)(?!\\p{L})`,
  `(?:arrêt de l'entra[iî]nement|(?:l')?entra[iî]nement (?:a été |est )?arrêté)(?!\\p{L})`,
  `toutes les(?: \\d+)? (?:époques|étapes|itérations)(?: d'entra[iî]nement)?(?: sont| ont été)? (?:terminé|achevé|complété|fini|effectué)`,
  `tous les(?: \\d+)? pas(?: d'entra[iî]nement)?(?: sont| ont été)? (?:terminé|achevé|effectué)`,
  `(?:le )?nombre max\\p{L}* (?:d'|de )(?:époques|itérations|pas|étapes|epochs)(?: est| a été)? atteint`,
  // Spanish, Portuguese, Italian
  `(?:parada|detención|interrupción|paragem|interrupção) (?:temprana|anticipada|precoz|antecipada|precoce)(?!\\p{L})`,
  `(?:el |o )?(?:entrenamiento|treinamento|treino) (?:fue |ha sido |foi )?(?:detenido|parado|interrompido cedo)(?!\\p{L})`,
  `tod[ao]s (?:las|los|as|os)(?: \\d+)? (?:épocas|iteraciones|etapas|pasos|iterações|passos)(?: de (?:entrenamiento|treinamento|treino))?(?: han sido| se han| fueron| están| foram| estão)? (?:completad|terminad|finalizad|conclu[ií]d|acabad)`,
  `(?:se ha alcanzado |se alcanzó |alcanzado |atingido |foi atingido )?(?:el |o )?(?:número )?máximo de (?:épocas|pasos|iteraciones|passos|iterações)(?: ha sido| se ha| fue| foi)?(?: alcanzado| atingido|\\W*$)`,
  `(?:arresto|interruzione|stop) anticipat[oa](?!\\p{L})`,
  `tutt[ei] (?:le|gli|i)(?: \\d+)? (?:epoche|iterazioni|passi)(?: di addestramento)?(?: sono stat[ei]| sono)? (?:completat|terminat|finit|conclus)`,
  `(?:il )?numero massimo di (?:epoche|passi|iterazioni)(?: è stato)? raggiunto`,
  // Russian
  `(?:сработала? |активирована |выполнена )?(?:ранняя остановка|ранний останов)(?!\\p{L})`,
  `все (?:\\d+ )?(?:эпох|шаг|итераци)\\p{L}*(?: обучения)? (?:(?:были|успешно|уже) )*(?:заверш|пройден|выполнен|законч|окончен)`,
  `достигнут\\p{L}* (?:максимальн|предельн|заданн|целев)`,
  `(?:максимальн|предельн)\\p{L}* (?:число|количество) (?:эпох|шагов|итераций) (?:было )?достигнут`,
  `(?:остановка обучения|обучение (?:было )?остановлено|останавлива\\p{L}+ обучение|прекраща\\p{L}+ обучение)(?!\\p{L})`,
  // Japanese
  `(?:アーリーストッピング|アーリーストップ|早期(?:終了|停止|打ち切り))(?:条件|機能)?(?:により|[がをにはで])?(?:作動|発動|実行|達|満た|トリガー|終了)?(?:しました|します|した|されました|され|です|ました)?(?:$|[。！!、,:： （(])`,
  `(?:アーリーストッピング|早期(?:終了|停止|打ち切り))(?:条件|機能)?(?:により|のため|で)(?:学習|訓練|トレーニング)を?(?:停止|終了|打ち切|中断)`,
  `(?:(?:過学習|過剰適合|オーバーフィッティング)を(?:防ぐ|避ける|防止する)ため(?:に)?、?)?(?:学習|訓練|トレーニング)を?(?:停止|打ち切)`,
  `(?:全て|すべて|全)の?(?:\\d+ ?)?(?:エポック|ステップ|イテレーション|反復|epoch)(?:の(?:学習|訓練|トレーニング))?[がはを]?(?:すべて|正常に)*(?:完了|終了|終わ)`,
  `(?:最大|指定|規定|目標|設定)の?(?:エポック|ステップ|反復|学習|イテレーション|精度|損失)(?:回|数)*[にへ](?:到達|達し)`,
  // Korean
  `(?:조기 ?(?:종료|중단|중지)|얼리 ?스[톱탑]핑?)(?:되었습니다|됐습니다|됨|합니다|했습니다| 조건.{0,8}| ?발동.{0,6}|이? ?실행.{0,6})?(?:$|[.!,:( ])`,
  `조기 ?(?:종료|중단|중지)로 (?:인해 )?(?:학습|훈련)을? ?(?:중단|종료|중지|멈|마)`,
  `(?:과적합을? ?(?:방지하기|막기|피하기|방지) ?(?:위해|위하여) )?(?:학습|훈련)을? ?(?:중단|중지|멈)`,
  `(?:모든|전체|전) ?(?:\\d+ ?)?(?:에[폭포]크?|스텝|반복|학습 단계|epoch)[이가을를은는]? ?(?:모두 )?(?:완료|종료|끝)`,
  `(?:최대|목표|설정된?) ?(?:에[폭포]크?|스텝|반복|학습|정확도)(?: ?(?:수|횟수))?에 (?:도달|이르)`,
].map((source) => new RegExp(`^(?:${source})`, 'u'))

const STOPS_IN_CHINESE: readonly RegExp[] = [
  /^(?:已|触发|启动|启用|满足|达到|执行)*了?(?:早停|提前停止|提前终止|提前结束|早期停止)(?:机制|条件|策略|法)?(?:已|被)*(?:触发|激活|生效|满足)?(?:训练)?(?:$|[，,。！!：:（(])/,
  /^(?:停止|终止|结束|中止)(?:模型)?(?:训练|迭代)(?!时)/,
  /^(?:模型)?(?:训练|迭代)(?:已经|已|被|提前)*(?:停止|终止|中止)/,
  /^(?:所有|全部)的?(?: ?\d+ ?个?)? ?(?:训练)?(?:轮次|轮数|轮|迭代|epochs?|步骤|步数|步|周期|回合)(?:次数)? ?的?(?:训练|迭代)?(?:均|都|全部|已经|已)*(?:完成|结束|完毕|跑完)/,
  /^已?经?达到了?(?:设定|预设|指定|规定)?的?(?:最大|最多|目标|预定)的?(?:训练|迭代)?(?:轮数|轮次|步数|次数|迭代|回合|epoch|时间|准确率|精度|损失)/,
  /^(?:模型|算法|训练)?已经?收敛(?:$|[，。！])/,
].map(inBothScripts)

/** A word without which no such message is written. Most lines are told apart by it. */
const OF_STOP =
  /stop|training loop|complete[.,] |raw words|to load, use|trial status|exiting|reached|hit |exceeded|exhausted|achieved|\bmet\b|\ball |every |converge|terminat|patience|limit|budget|ending|finishing|halt|exiting|停|终止|終止|中止|結束|结束|完成|完毕|跑完|达到|達到|收敛|收斂|アーリー|早期|打ち切|終了|完了|終わ|到達|達し|조기|얼리|중단|중지|멈|모든|전체|최대|목표|останов|прекраща|эпох|шаг|итерац|достигнут|abbruch|ende|beend|erreicht|abge|angehalten|alle |arrêt|toute?s les|tous les|atteint|parada|detención|detenido|interrup|parado|paragem|tod[ao]s |máximo|anticipat|tutt[ei] |raggiunto/

/** Words of a failure, or of somebody who stopped it, and those of a limit within a step. */
const OF_FAULT =
  /\b(?:nan|inf|infinity|non-?finite|kl|ctrl|sigint|sigterm|sigkill|oom)\b|diverg|explod|exception|\bfail|interrupt|signal|killed|\buser\b|out of memory|\berror:|发散|异常|错误|用户|エラー|오류|사용자|ошибк|пользовател|fehler|benutzer|erreur|usuario/
/** What counts towards an early stop, or sets it. */
const OF_SETTING =
  /\b(?:patience|counter|count|enabled|disabled|config\w*|threshold|monitor\w*|callback)\b(?! (?:exhausted|exceeded|reached|ran|run|triggered|limit))|счётчик|счетчик|терпени|计数|計數|耐心|カウンタ|忍耐|카운트|인내|zähler|geduld|compteur|contador|pacien|paciên|contatore|pazienza/
const IS_VALUE = /^\s?[:=]?\s?(?:\d|true|false|none|yes|no$|on$|off$)/

/** An early stop may be one at a step or epoch, which then is no part. */
const EARLY = /early|anticip|précoce|prématuré|temprana|precoz|precoce|früh|vorzeitig|ранн/
const AT_PASS =
  /^(?: (?:at|after|nach|in|en|na|alla|на|à))?(?: (?:la|l'|der))? ?(?:step|epoch|iteration|époque|época|epoche|epoca|эпох\p{L}*|шаг\p{L}*) \d+/u

/** A stop of the training, which may be a pause; that all passes are made is none. */
const OF_HALT =
  /stop|halt|terminat|angehalten|gestoppt|arrêt|detenido|parado|interrompido|останов|прекраща|停止|中止|终止|終止|打ち切|중단|중지|멈/

/** Whether a message, in lower case, says that training has made all its passes, or stopped at a bound or early. */
export function isStop(message: string): boolean {
  if (OF_FAULT.test(message)) return false
  return [...STOPS, ...STOPS_IN_CHINESE].some((pattern) => {
    const found = pattern.exec(message)
    if (found === null) return false
    const behind = message.slice(found[0].length)
    const rest = EARLY.test(found[0]) ? behind.replace(AT_PASS, '') : behind
    const clause = firstClause(message)
    const isSetting =
      OF_SETTING.test(message.split(/[.;(（。；]/, 1)[0] ?? '') &&
      !/exhausted|exceeded|out of patience|erschöpft|épuisée|agotada|исчерпан|耗尽|用尽/.test(message)
    if (OF_HALT.test(found[0]) && isPause(clause, rest)) return false
    return !isSetting && !IS_VALUE.test(rest) && !isTakenBack(rest) && !goesOn(rest) && !isNotYetStopped(clause)
  })
}

/** Whether a line may hold such a message. */
export function maySayStop(line: string): boolean {
  return OF_STOP.test(line)
}

/** What did not improve any more is no word of what is not over. */
function isNotYetStopped(clause: string): boolean {
  return isNotYet(clause.replace(/\b(?:no|not|hasn't|did not|any) (?=improv)|(?:no|not) longer/g, ''))
}
