import { inBothScripts } from './chinese-scripts.ts'
import { withoutFaultless } from './failed-words.ts'
import { isFinish } from './finish-words.ts'
import { laterSentencesIn, messagesIn, plainWords } from './messages.ts'
import { goesOn, isNotYet, isShare } from './not-yet.ts'

/** What a line says by which a job may have ended: a count that came to its end, a saved model, a summary, a plain "Done.". */
export type EndSignKind = 'count' | 'saved' | 'summary' | 'done'

/** A whole message that only says that something is over, in ten languages. Behind it may stand how long it took. */
const DONE: readonly RegExp[] = [
  /^(?:(?:all|everything|we are|we're|i'm|the|script|program|process|job|experiment|run|pipeline|execution|optimi[sz]ation|pre-?training|tasks?|steps|runs|experiments|is|are|has|was|have|been|successfully) )*(?:done|finished|completed?|ended|succeeded|success|exited)(?: (?:successfully|normally|here|now|ok))*$|^trained (?:(?:the |a )?model )?(?:for )?\d[\d,]* (?:epochs|steps|iterations)$/,
  /^(?:(?:good)?bye|the end|(?:now )?(?:exiting|quitting|shutting down)(?: now)?|that(?:'s| is) all(?:,? folks)?|(?:done|finished)\W+best\b.*|(?:finished|completed) (?:the )?(?:run|job|experiment|script)(?: (?=\S*[a-z])(?=\S*\d)[\w-]{4,40})?|end|finished)$/,
  /^(?:(?:finished|done|completed?|ended|end of|reached (?:the )?(?:max|last|final|end|limit|target)|out of epochs)\b.{0,60}|.{1,40}\b(?:finished|done|complete[d]?|over|ended))\W+(?:now )?(?:exiting|quitting|shutting down|leaving|(?:good)?bye|see you)(?: now)?(?: (?:the )?(?:main|program|script|process))?$|^(?:the )?(?:run|job|experiment|script|program) (?:is )?(?:completed?|finished|done)\W+\d[\d,]* (?:steps|epochs|iterations)\b.{0,40}$/,
  /^(?:the )?(?:run|job|experiment|script|program) (?:is |has )?(?:completed?|finished|done)\W+(?:all |the )?(?:results?|outputs?|logs?|models?|artifacts?|weights?|files?|everything) (?:(?:is|are|were|written|saved|stored) )*(?:in|at|under|to)\b.{0,120}$/,
  /^(?:done|finished|completed?)(?: with|\W{1,3})? ?(?:all |after )?\d[\d,]* (?:epochs|steps|iterations|rounds)$|^(?:finished|completed|done(?: with)?) (?:fitting|optimi[sz]ing)(?: (?:the |a )?(?:model|network|classifier|regressor|estimator))?(?: (?:for |after )?\d[\d,]* (?:epochs|steps|iterations|rounds))?$/,
  // What the code was that it ended with, and what a shell says of its job.
  /^(?:(?:process|program|job|script) )?(?:exit(?:ed)?|return) ?(?:with )?(?:code|status) ?[:=]? ?0$|^\d{1,3}\][+-]?\s+done\s+\S.*$/,
  inBothScripts(
    /^(?:全部|所有|已经?|都|均|任务|程序|程式|运行|执行|实验|脚本|工作|处理|流程|顺利|成功|正常|的)*(?:完成|完毕|结束|完了|成功|退出)了?$/,
  ),
  /^(?:再见|大功告成)$/,
  /^(?:全て|すべて|全|の|処理|実行|実験|プログラム|作業|タスク|スクリプト|[がをはも]|正常に?|無事に?)*(?:完了|終了|終わり)(?:しました|いたしました|した|です|ました|します)?$/,
  /^(?:さようなら|お疲れ様(?:でした|です)?)$/,
  /^(?:모든|모두|전체|작업|실행|실험|프로그램|처리|스크립트|성공적으로|정상적으로|정상|[이가을를은는]| )*(?:완료|종료|끝)(?:되었습니다|됐습니다|했습니다|하였습니다|합니다|났습니다|됨|함)?$/,
  /^(?:안녕히.{0,6}|수고하셨습니다)$/,
  /^(?:(?:вс[её]|программа|работа|скрипт|процесс|эксперимент|успешно) )*(?:готово|заверш[её]н[оаы]?|завершил[оа]сь|закончен[оаы]?|закончил[оа]сь|окончен[оа]?|выполнено|сделано|конец)(?: успешно)?$/,
  /^(?:до свидания|пока)$/,
  /^(?:(?:alles|das|der|programm|skript|lauf|experiment|prozess|job|ist|wurde|erfolgreich) )*(?:fertig|beendet|abgeschlossen|erledigt|geschafft|ende)$|^(?:programmende|ende de[rs] (?:programms|skripts|ausführung|laufs|experiments))$/,
  /^(?:auf wiedersehen|tschüss)$/,
  /^(?:(?:tout|le|programme|script|expérience|processus|exécution|est|a été) )*(?:c'est )?(?:terminé|fini|achevé|fait)e?(?: avec succès)?$/,
  /^(?:au revoir|fin|fin (?:du |de l'|de la |des )(?:programme|script|exécution|expérience|traitement|job|processus))$/,
  /^(?:(?:todo|el|programa|script|experimento|proceso|ejecución|está|ha) )*(?:listo|hecho|terminad[oa]|finalizad[oa]|completad[oa]|acabado)(?: con éxito| correctamente)?$/,
  /^(?:adiós|fin (?:del |de la )(?:programa|script|ejecución|experimento|proceso))$/,
  /^(?:(?:tudo|o|a|programa|script|experimento|processo|execução|está|foi) )*(?:pronto|feito|terminad[oa]|finalizad[oa]|conclu[ií]d[oa]|encerrad[oa])(?: com sucesso)?$/,
  /^(?:fim|fim d[oa] (?:programa|script|execução|experimento|processo)|até logo)$/,
  /^(?:(?:tutto|il|lo|l'|la|programma|script|esperimento|processo|esecuzione|è|è stat[oa]) ?)*(?:fatto|finito|terminat[oa]|completat[oa]|conclus[oa])(?: con successo)?$/,
  /^(?:fine|fine (?:del |dell'|dello )(?:programma|script|esecuzione|esperimento|processo)|arrivederci)$/,
  // MLflow, Ray Tune, and the launcher of DeepSpeed
  /^view run .{1,200} at: .*/,
  /^trial .{1,60} completed after \d+ iterations\b.*/,
  /^process \d+ exits successfully$/,
  // The boosting of scikit-learn by histograms
  /^fit \d+ trees in [\d.]+ s, \(\d+ total leaves$/,
]
/** How long it took, or with which code, behind a word of an end. */
const TOOK =
  / (?:(?:in|after|at|on|nach|um|за|en|dans|après|tras|em|após|dopo)\s(?:(?![(:;,]\s?\p{L}).){0,60}|with (?:exit )?(?:code|status) 0)$/u
/** `Elapsed: 8.12 s. Finished.` */
const TIME_ABOVE =
  /^(?:(?:total |elapsed |training |run)? ?time(?: elapsed| taken)?|elapsed|took|duration|dauer|gesamtzeit|durée|temps(?: total)?|duración|tiempo(?: total)?|время|длительность|用时|耗时|総?時間|所要時間|소요 ?시간)\W{0,3}\d[\d.:]* ?\p{L}{0,8}[.;,，。]\s*(?=\p{L})/u
/** `Finished. The model is in out/` */
const FIRST_SENTENCE = /^([^.!。！]{3,60})[.!。！]+\s+(\p{L}.{0,120})$/u
/** At either end of a message: what is no letter and no number. */
const AROUND = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu

const SAVED: readonly RegExp[] = [
  /\b(?:saved|exported|written|wrote|stored|uploaded|pushed)\b.*(?:\b(?:(?:saved)?models?|weights?|checkpoints?|ckpt|adapters?|network|pipeline|policy|agent|parameters|results?|history|curves?|plots?|figures?|predictions|report)\b|\.(?:pt|pth|bin|ckpt|h5|keras|safetensors|pkl|pickle|joblib|onnx|npz|zip)\b)/,
  /\b(?:models?|weights?|checkpoints?|ckpt|adapters?|network|policy|agent|parameters|results?|history|curves?|plots?|figures?|predictions|report)\b.{0,80}\b(?:saved|exported|written|stored|uploaded|pushed)\b/,
  /\b(?:archiving weights\b|model trained\b|model (?:has been|was|is) (?:successfully )?trained\b|successfully trained\b)/,
  inBothScripts(
    /(?<!正在)(?:保存|储存|导出)(?!中|间|路径|目录).{0,6}(?:模型|权重|结果|参数)|(?:模型|权重|参数|结果|文件).{0,6}(?:保存|储存|导出|写入)(?!中|路径|目录|间)/,
  ),
  /(?:モデル|重み|パラメータ|結果).{0,80}(?:保存|書き出)(?:しました|されました|完了|済み)/,
  /(?:모델|가중치|결과|파라미터).{0,80}저장 ?(?:되었|됐|됨|완료|했|하였)|^(?:.{0,20} )?(?:모델|가중치) ?저장\s?(?:[:：]|$)/,
  /(?:модель|веса|результаты|параметры).{0,80}(?:сохран[её]н|записан|экспортирован)|сохран[её]н[аоы]? (?:финальн\p{L}+ |итогов\p{L}+ )?(?:модель|веса|результаты)|сохранени[ея] (?:модели|весов|результатов) (?:заверш|законч|успешно)/u,
  /(?:modell|gewichte|ergebnisse|parameter).{0,80}(?:gespeichert|geschrieben|exportiert)/,
  /(?:modèle|poids|résultats|paramètres).{0,80}(?:enregistr|sauvegard|export)é/,
  /(?:modelo|pesos|resultados|parámetros|parâmetros).{0,80}(?:(?:guardad|exportad|salv|gravad)[oa]s?|guardó|guardaron|exportó|salvou)(?!\p{L})|(?:guardó|guardado) el modelo(?!\p{L})/u,
  /(?:modello|pesi|risultati|parametri).{0,80}(?:salvat|esportat|scritt)[oi](?!\p{L})/u,
  /\b(?:saving|writing|exporting|uploading|pushing|storing|dumping)\b.*\b(?:models?|weights?|adapters?|network|policy|agent|parameters)\b.*\b(?:done|ok|finished|completed?|success\w*)\W*$/,
]
/** What is saved within training: a checkpoint, a model by its step or epoch, the best one so far. */
const WITHIN_TRAINING =
  /checkpoint|ckpt|检查点|\bbest\b|最佳|最好|最优|ベスト|最良|최고|최적|лучш|beste|meilleur|mejor|melhor|miglior|(?:epoch|step|iter(?:ation)?)s?[ _=-]{0,2}\d|[_-]\d{1,9}(?:\.\w{1,11})?["'.]*$/
/** What is saved beside a model, and what of an evaluation. */
const OF_OTHERS =
  /^\W*(?:\S{0,20}[\])|:] )?(?:(?:the|all|saved|wrote|exported|written|new|training|\p{L}+ed) )*(?:datasets?|data|features?|embeddings?|vocab\w*|tokenizer|cache\w*|index|config\w*|optimizer|scheduler|rng|samples?|images?|logs?|attention|activations?|gradients?|buffer|replay|val|validation|eval\w*)\b/u
/** Where, or for whom, something is written that nobody keeps. */
const FOR_OTHERS =
  /\b(?:to (?:the )?(?:log|logs|console|stdout|tensorboard|wandb|mlflow|shared memory|memory|ram|gpu|cpu|buffer|queue)\b|日志|(?:for|to) (?:the |all )?(?:actors?|workers?|clients?|replicas?|rollouts?|eval\w*|valid\w*))/
/** What is so each time, or is to be. */
const IS_HABIT = /\bare (?:saved|written|stored|exported)\b/
/** A checkpoint that is no one on the way, unless it names a step. */
const IS_FINAL =
  /(?<!\p{L})(?:final|финальн\p{L}*|最终的?|最後の)\s?(?:model )?(?:checkpoint|ckpt|чекпо|检查点|チェックポイント)/u
const NAMES_STEP = /(?:epoch|step|iter(?:ation)?|эпох\p{L}*)s?[ _=-]{0,2}\d|\d ?[轮步]/u
/** A file that holds all there is: no checkpoint on the way. */
const IS_WHOLE = /^the (?:full )?model checkpoint, including all\b/

/** How a message begins that tells how long the whole training took. */
const WHOLE_TIME: readonly RegExp[] = [
  /^(?:total (?:average |elapsed |training |run ?|execution |wall )?(?:iteration )?(?:time|duration|runtime)(?: (?:elapsed|taken|used|for training|of training))?|(?:model )?training (?:time|took|duration)(?: (?:elapsed|taken))?|(?:the )?(?:run|script|job|fit|experiment|everything) took|(?:execution|run|wall|elapsed) ?time|time (?:taken|elapsed|used)(?: (?:for|by) (?:the )?training)?)(?: (?:is|was))?[^\p{L}\d]{0,4}\d|^real\s+\d+m\d|^elapsed \d+%cpu\b/u,
  inBothScripts(/^(?:(?:总|训练|共|运行|执行)+(?:用时|耗时|时间|时长)|用时|耗时)\s?(?:[:：]|为|共)?\s?\d/),
  /^(?:(?:総|合計|所要|経過|全体の?)(?:学習|実行|処理|所要|経過)?|学習|訓練)時間\D{0,4}\d/,
  /^(?:총|전체|학습|소요|경과|실행|걸린)(?: (?:학습|소요|경과|실행))? 시간(?!당)\D{0,4}\d/,
  /^(?:(?:общее |затраченное )?время (?:обучения|работы|выполнения)|общее время|затраченное время|прошло времени)\D{0,30}\d/,
  /^(?:gesamt(?:e )?(?:lauf|trainings)?(?:zeit|dauer)|trainings(?:zeit|dauer)|dauer|laufzeit)(?!\p{L})\D{0,30}\d/u,
  /^(?:temps (?:total|écoulé|d'entra|d'exéc|d'apprent)|durée (?:totale|de l'|d'))\D{0,30}\d/,
  /^(?:tiempo (?:total|de entrena|transcurrido|de ejec)|duración)\D{0,30}\d/,
  /^(?:tempo (?:total|de trein|decorrido|de exec)|duração)\D{0,30}\d/,
  /^(?:tempo (?:totale|di addestr|trascorso|di esec)|durata)\D{0,30}\d/,
]
/** How a message begins that tells what the whole training has come to: a best or final value, or that of a test. */
const WHOLE_VALUE: readonly RegExp[] = [
  /^(?:the )?(?:final|best|overall)(?![-\p{L}])|^test(?:ing)?:? (?:set\b|results?|metrics?\b|acc(?:uracy)?|loss|score|error|f1|mse|rmse|auc)(?!\p{L})|^acc(?:uracy)? (?:of the \p{L}+ )?on (?:the )?[\p{L}\p{N} ]{0,20}\btest|^(?:mean validation dice|(?:weighted|macro) avg)(?!\p{L})|^(?:(?:training )?summary|results?|scores)\b/u,
  inBothScripts(
    /^(?:最佳|最好|最高|最优|最终|最后|测试)\S{0,8}(?:准确率|精度|损失|结果|指标|得分|分数|acc|loss|epoch)/,
  ),
  /^(?:最高|最良|最終|ベスト|テスト)\S{0,8}(?:精度|正解率|損失|スコア|結果)/,
  /^(?:최고|최종|최적|테스트) ?\S{0,4} ?(?:정확도|손실|성능|점수|결과)/,
  /^(?:лучш|итогов|финальн)\p{L}* \p{L}+|^(?:точность|потери|ошибка|результаты?|метрики) на тест/u,
  /^(?:beste|finale|endgültige)[rs]? \p{L}|^end(?:ergebnis|genauigkeit)|^test(?:genauigkeit|verlust|ergebnis)|^(?:genauigkeit|verlust) auf (?:den |dem )?test/u,
  /^(?:meilleure? |précision finale|perte finale|résultats? fina|score final)|^(?:précision|exactitude|perte|résultats?) (?:sur|de) (?:le |l'ensemble de )?test/,
  /^(?:mejor |(?:precisión|exactitud|pérdida|resultado|puntuación) final)|^(?:precisión|exactitud|pérdida|resultados?) (?:en|de|sobre) (?:el )?(?:conjunto de )?(?:test|prueba)/,
  /^(?:melhor |(?:precisão|acurácia|perda|resultado) (?:final|n[oa] (?:conjunto de )?teste))/,
  /^(?:migliore? |(?:precisione|accuratezza|perdita|risultato) (?:finale|sul (?:set di )?test))/,
]
/** The heading of a table that sums up. */
const HEADING =
  /^(?:(?:(?:final|test|training) )?(?:summary|results?|metrics)|confusion matrix|classification report)\W*$/
/** What may be said of anything, and the metrics of which it sums up. */
const OF_ANYTHING = /^(?:the )?(?:final|best|overall|лучш|итогов|финальн|endgültig|meilleur|mejor|melhor|miglior)(?!-)/
const METRIC =
  /\b(?:\w+_)?(?:loss|acc(?:uracy)?\d?|scores?|err(?:or)?|f1|r?mse|mae|auc|auroc|m?ap|m?iou|dice|bleu|rouge\S*|[wc]er|ppl|perplexity|precision|recall|rewards?|returns?|fitness|metrics?|results?|values?|objective|r2|psnr|ssim|fid|elbo|nll|val(?:id(?:ation)?)?|bp[cbd]|mcc|kappa|cost|performance|test|train)\b|\bbest epoch\W{1,3}\d|genauigkeit|verlust|fehler|ergebnis|validierung|précision|exactitude|perte|résultat|erreur|validation|precisi[óo]n|exactitud|pérdida|puntuaci|resultado|acur[aá]cia|precisão|perda|pontua|accuratezza|perdita|risultat|точност|потер|ошибк|результат|метрик|качеств|значени|оценк|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|(?:beste|лучшая|meilleure|mejor|melhor|migliore) (?:epoche|эпоха|époque|época|epoca)\W{1,3}\d/
/** What happens to something, which then is no value of the whole: `best checkpoint updated`. */
const ACT: readonly RegExp[] = [
  /\b(?!(?:elapsed|(?:un)?weighted|averaged|achieved|obtained|balanced|normali[sz]ed|smoothed|combined|used|trained|evaluated|measured|computed|seed|speed|held|reached\W*\d)\b)[\p{L}_]{2,}ed\b|\b(?:found|(?:un)?frozen|written|kept|ready|mode|set to|threshold|becomes?|drops?|rises?)\b/u,
  inBothScripts(/更新|刷新|提升|提高|加载|准备|读取/),
  /読み込|갱신|향상|준비|로[드딩]|업데이트/,
  /обновл|разморож|улучш|загру|достиг|повыш|сниж|измен|aktualisiert|übernommen|verbessert|erreicht|(?<!\p{L})ge(?!nau|samt)\p{L}{2,}(?:t|en)(?!\p{L})|mise? à jour|amélior|charg[ée]|dégel|(?:actualiz|mejor|carg|atualiz|melhor|carreg)ad[oa]|(?:aggiorn|miglior|caric)at[oa]/u,
]
/** A part of the training, or of a step, of which a value or a time may be told. */
const OF_PART =
  /batch(?!es| ?size)|\b(?:shard|chunk|rollout|fold|seeds?|trial|stage|phase|layers?)\b(?! size)|\b(?:steps?|iter(?:ation)?s?|epoch)\W{0,3}\d|\b(?:this|each|every|per|last) \w|\bfor \d+ (?:steps|iter|batch)|\/ ?(?:step|it|iter|batch|epoch)\b|(?:dies|jed)er epoche|батч|バッチ|배치|批次|(?<!\p{L})lot(?:e|to)?(?!\p{L})|(?:エポック|에[폭포]크?|epoche|époque|época|epoca|эпох\p{L}*|ステップ|스텝)\W{0,3}\d|schritt|étape|(?:cette|par) époque|(?<!\p{L})pass?o(?!\p{L})|шаг|(?:эт|кажд)ой эпох|本轮|每轮|这轮/u
/** A time, and what it was spent on: `took 3.1 s to load`, `0.3 s (forward)`. */
const OF_AN_ACT =
  /\d ?(?:m?s|secs?|seconds?|min\w*|h\w*)? (?:to|for|in|on) (?!total)\p{L}|\d ?(?:m?s|secs?|seconds?) \(\p{L}/u
const OF_ONE_EPOCH = /(?<!\d )(?:epoche(?!n)|époque(?!s)|época(?!s)|epoca|эпох[уиае]?)(?!\p{L})/u
/** A best or final value may be that of an epoch. */
const OF_BEST = /^(?:the )?(?:best|final|最|ベスト|최|лучш|итогов|meilleur|mejor|melhor|miglior)/
const OF_BEST_SO_FAR = inBothScripts(
  /^(?:the )?(?:best|最佳|最好|最高|最优|最良|ベスト|최고|최적|лучш|beste|meilleur|mejor|melhor|miglior)/,
)
const EPOCH_NUMBER = /(?:\bepoch|エポック|에[폭포]크?|epoche|époque|época|epoca|эпох\p{L}*)\W{0,3}\d/gu
const DURATION =
  /\d:\d{2}|\d\s?(?:m?s|secs?|seconds?|sek\p{L}*|seg\p{L}*|min\p{L}*|m|h|hours?|hrs?|stunden|heures?|horas?|ore|秒|分|小时|小時|時間|시간|초|분|с|сек\p{L}*|мин\p{L}*|ч)(?!\p{L})|%cpu\b|\d\W*$/u
/** `--- 312.4 seconds ---` */
const TIME_ONLY = /^\W*[\d.:,]+ ?(?:s|secs?|seconds|min|minutes|h|hours)\W*$/
/** A summary of a part, or one that is not the last. */
const SO_FAR =
  /\bso far\b|\b(?:current|currently|estimated|remaining|eta|per epoch|until now)\b|\bafter (?:epoch|step|iter)|^test\b.*\b(?:at|for|in) (?:epoch|step|iter)|目前|当前|预计|剩余|第\s?\d+|今のところ|現在|残り|지금까지|현재|남은|на данный момент|текущ|пока|осталось|bisher|aktuell|verbleib|jusqu'ici|actuel|restant|hasta ahora|actual|restante|(?:nach|après|tras|después de la|после) (?:der |l')?(?:epoche|époque|época|эпох)/

/** A line that says that more is to come. */
const MORE_TO_COME =
  /\b(?:eval\w*|valid\w*|test(?:ing)?|start\w*|load\w*|begin\w*|resum\w*|epochs?|train(?:ing)?|sav(?:e|ing)|generat\w*|sampl\w*|comput\w*|build\w*|prepar\w*|download\w*|wait\w*|runn?ing|next|stage|phase)\b|开始|正在|開始|시작|начина|beginn|commence|chargement|comenzando|cargando/
/** The lines of a traceback, but for those of the code. */
const OF_TRACEBACK =
  /^(?:traceback \(|file "|exception ignored in|error in (?:atexit|sys)|[\w.]+(?:error|exception|warning|exit)(?:$|:))/
/** A line that ends with a value tells what has come. */
const VALUE = /[:=]\s*-?\d[\d.,e+-]*\s?(?:%|s)?$/
/** The prompt of a shell, and what is typed and printed when a session ends: words of nobody who trains. */
const OF_SHELL =
  /^(?:\(\S{1,40}\) )?(?:\[?[\w.-]{1,40}@[\w.-]{1,60}[: ][^$#%]{0,120}[$#%](?: .*)?|(?:ba|z)?sh-[\d.]+[$#](?: .*)?|[$%](?: .*)?|[#>]|(?:[#>] )?exit|logout|script (?:done|started) on .*)$/

/** What boosters say at their end above the round that they keep, which is a record again. */
const ABOVE_BEST = /(?:stopping|stop)[.,:]? best iteration(?: is)?:?$/

/** What scikit-learn says where a fit ends at its bound. Another fit may follow it. */
const NOT_CONVERGED = /\bconvergencewarning: .{0,200}(?:reached|converge|terminated early)/

/** Whether a line tells that training is over, and that the record of the best round stands below it. */
export function announcesBest(line: string): boolean {
  return ABOVE_BEST.test(plainWords(line))
}

/** What a line says about the end; `more` where it says that the job goes on, null where it says nothing about it. */
export function signIn(line: string): EndSignKind | 'more' | null {
  const text = plainWords(line)
  if (OF_SHELL.test(text) || OF_TRACEBACK.test(text)) return null
  const messages = messagesIn(text)
  if (ABOVE_BEST.test(text) || NOT_CONVERGED.test(text)) return 'done'
  if (!isShare(text) && [text, ...messages].some(isDone)) return 'done'
  if (SAVED.some((pattern) => pattern.test(text))) {
    if (isNotYet(text) || goesOn(text) || IS_HABIT.test(text)) return null
    if (FOR_OTHERS.test(text) || [text, ...messages].some((message) => OF_OTHERS.test(message))) return null
    const isWhole =
      messages.some((message) => IS_WHOLE.test(message)) || (IS_FINAL.test(text) && !NAMES_STEP.test(text))
    return WITHIN_TRAINING.test(text) && !isWhole ? null : 'saved'
  }
  if (TIME_ONLY.test(text) || messages.some(sumsUp)) return SO_FAR.test(text) ? null : 'summary'
  return MORE_TO_COME.test(text) && !VALUE.test(text) ? 'more' : null
}

/** As `signIn`, of a line that is a record as well. It may tell a value, and that training is over with it. */
export function signInRecord(line: string): EndSignKind | null {
  const text = plainWords(line)
  if (isFinish(text, () => [...messagesIn(text), ...laterSentencesIn(text)])) return 'done'
  return signIn(line) === 'summary' ? 'summary' : null
}

/** Whether a line tells a value of the whole training that is no time: a final one, or that of a test. A best one may be so far. */
export function tellsWholeValue(line: string): boolean {
  return messagesIn(plainWords(line)).some(
    (message) => WHOLE_VALUE.some((pattern) => pattern.test(message)) && !OF_BEST_SO_FAR.test(message),
  )
}

/** Whether a line is of the shell in which a job was started, and not of the job. */
export function isOfShell(line: string): boolean {
  return OF_SHELL.test(plainWords(line))
}

/** Whether a message, in lower case, sums up the whole training: a value that it came to, or how long it took. */
function sumsUp(message: string): boolean {
  if (HEADING.test(message)) return true
  const isOfPart = OF_PART.test(OF_BEST.test(message) ? message.replace(EPOCH_NUMBER, '') : message)
  if (isOfPart || goesOn(message)) return false
  if (WHOLE_TIME.some((pattern) => pattern.test(message)))
    return DURATION.test(message) && !OF_AN_ACT.test(message) && !OF_ONE_EPOCH.test(message)
  const isValue = WHOLE_VALUE.some((pattern) => pattern.test(message)) && /\d/.test(message)
  const namesMetric = !OF_ANYTHING.test(message) || METRIC.test(message)
  return isValue && namesMetric && !isNotYet(message) && !ACT.some((pattern) => pattern.test(message))
}

/** Whether a whole message, in lower case, only says that something is over. */
export function isDone(words: string): boolean {
  const message = withoutFaultless(words).replace(TIME_ABOVE, '')
  if (isNotYet(message) || goesOn(message)) return false
  const bare = message.replace(AROUND, '')
  const short = bare.replace(TOOK, '').replace(AROUND, '')
  const [, first = '', rest = ''] = FIRST_SENTENCE.exec(bare) ?? []
  const sentence = MORE_TO_COME.test(rest) ? '' : first.replace(TOOK, '').replace(AROUND, '')
  return DONE.some(
    (pattern) => pattern.test(bare) || pattern.test(short) || (sentence !== '' && pattern.test(sentence)),
  )
}
