import { inBothScripts } from './chinese-scripts.ts'
import { messagesIn, plainWords } from './messages.ts'
import { goesOn, isNotYet } from './not-yet.ts'

/** By which words a language says that a job ended with a failure. */
interface Words {
  /** What may stand before the job: articles, and helping verbs. */
  readonly before: string
  readonly job: string
  /** What may stand behind the job. Any other noun there makes it something of the job: training data, 学習率. */
  readonly after: string
  /** That it is over, which any job may say: it failed if it was `by` an error. */
  readonly ended: string
  /** That it was broken off: it failed if an error is named beside it, or what it ran short of. */
  readonly broken: string
  /** That it failed, in a word that says no less. */
  readonly failed: string
  /** An error that it ended by, as the language binds it to its verb, or an adverb: `with errors`, `из-за ошибки`, `abnormally`. */
  readonly by: string
  /** An error, however it is named. */
  readonly error: string
}

const ENGLISH: Words = {
  before:
    'the|this|your|our|an?|whole|entire|main|model|network|has|was|is|of|execution|caused|ended|stopped|terminated|aborted',
  job: '(?:(?:re-?)?training|pre-?training|fine-?tuning|job|run|program|script|experiment|trainer)(?: (?:process|run|job|loop|script|session|procedure|program))?(?: (?=\\S*\\d)[\\w#\'"-]{1,40})?',
  after:
    'is|was|has|have|had|been|got|now|of|on|with|for|could|did|due|because|by|after|in|from|following|at|cut|\\w+ly|process',
  ended: 'finish(?:ed)?|complet(?:ed?|ion)|end(?:ed)?|concluded|done|over|exited|quit',
  broken:
    'stopped|aborted|terminat(?:ed|ion)|interrupted|halted|cancell?ed|broken off|cut short|shut down|killed|ended|exited|quit',
  failed:
    '(?:failed|crash(?:ed|es)|died)(?!\\?| to (?!(?:start|run|complete|finish)\\b)|[:=] ?(?:0|no|none|false)\\b)|with (?:the )?(?:exit |final |return )?(?:status|state|code|result)\\W{0,3}(?:failed|failure|error|crashed|non-?zero)|did not (?:end|finish|complete|terminate|exit) (?:successfully|properly|normally|cleanly)|could not be (?:completed|finished)',
  by: '(?:with|due to|because of|by|on|after|from|following) (?:(?:an?|the|some|several|multiple|many|following|fatal|critical|unhandled|uncaught|unexpected|internal|unrecoverable|runtime|system|hardware|data|node|[1-9]\\d*) ){0,3}(?:errors?|exceptions?|failures?|fault|crash)(?! (?:rates?|of|to (?:improve|converge)|below|under|toleran\\w+|threshold)\\b)|(?:abnormal|unsuccessful|unexpected|erroneous)(?:ly)?|in (?:error|failure)',
  error:
    '(?:errors?|exceptions?|failures?|fault|crash|failed)(?! (?:rates?|of|to (?:improve|converge)|below|under|toleran\\w+|threshold|\\w+ (?:below|under))\\b)',
}

const GERMAN: Words = {
  before: 'das|der|die|dein|wurde|ist|hat|modell|ein|eines|musste',
  job: 'training(?:s(?:lauf|prozess|vorgang|skript|job))?|lernvorgang|feinabstimmung|fine-?tuning|job|lauf|programm|skript|experiment',
  after:
    'wurde|ist|hat|musste|des|der|von|auf|mit|wegen|aufgrund|durch|nach|infolge|unter|leider|vorzeitig|nicht|in|bei',
  ended: 'beendet|abgeschlossen|endete|geendet|zu ende|fertig|terminiert',
  broken: 'abgebrochen|gestoppt|angehalten|unterbrochen|abbruch|brach|stoppte|beendet|endete|abgewürgt',
  failed:
    'abgestürzt|stürzte|gescheitert|fehlgeschlagen|schlug fehl|gecrasht|nicht erfolgreich (?:beendet|abgeschlossen)',
  by: '(?:mit|wegen|aufgrund|durch|nach|infolge|auf ?grund von|unter) (?:(?:einem|einer|eines|einen|dem|den|des|der|mehreren|vielen|folgende[mn]|schweren|[1-9]\\d*|\\p{L}+(?:em|er|en)) ){0,2}(?:\\p{L}*fehler[ns]?|ausnahmen?|absturz\\p{L}*|exceptions?|misserfolg)|fehlerhaft|(?:ab|a)normal|unerwartet|erfolglos',
  error: '(?:\\p{L}*fehler[ns]?|ausnahme|absturz|exception)',
}

const FRENCH: Words = {
  before: "l'|le|la|les|un|une|votre|a|est|été|s'est|du modèle|de|d'|fin",
  job: "entra[iî]nement|training|apprentissage|affinage|job|script|programme|exécution|expérience|processus d'entra[iî]nement",
  after: "est|a|s'est|n'a|n'est|du|de|d'|avec|par|à|sur|suite|en|après",
  ended: 'termin[eé]e?|finie?|achev[eé]e?|conclue?|fin|se termine|prend fin|complétée?',
  broken:
    'interrompue?|arr[eê]t[eé]e?|stopp[eé]e?|abandonn[eé]e?|avort[eé]e?|arrêt|interruption|termin[eé]e?|coup[eé]e?',
  failed:
    "échoué|planté|crashé|(?:échec|plantage) (?:de|du)|(?:n'a|n'est) pas (?:pu|été)? ?(?:terminée?|aboutie?|achevée?|être terminé)",
  by: "(?:avec|par|sur|suite à|à cause|en raison|après|dû à)(?: d['e]| des?)? ?(?:(?:une?|des?|l'|les|plusieurs|[1-9]\\d*) ?){0,2}(?:erreurs?|exceptions?|échecs?|plantage|panne)|(?:de façon )?anormale?(?:ment)?|en (?:échec|erreur)|sans succès|brutalement|inopinément",
  error: '(?:erreurs?|exception|échec|plantage|panne)',
}

const SPANISH: Words = {
  before: 'el|la|los|en|del|fatal|un|una|su|se|ha|han|fue|está|sido|del modelo|de|o|a|foi|il|lo|è|stato|è stato',
  job: 'entrenamiento|training|aprendizaje|ajuste fino|trabajo|programa|script|ejecución|experimento|proceso de entrenamiento|treinamento|treino|execução|addestramento|allenamento|programma|esecuzione',
  after: 'se|ha|fue|está|del?|con|por|debido|tras|en|no|foi|si|è|da|do|com',
  ended:
    'terminad[oa]|finalizad[oa]|completad[oa]|conclu[ií]d[oa]|acabad[oa]|terminó|finalizó|acabó|concluyó|completó|terminou|finalizou|concluso|terminato|finito|completato|encerrado',
  broken:
    'abortad[oa]|interrump(?:ido|ida|ió)|deten(?:ido|ida)|detuvo|parad[oa]|cancelad[oa]|abortó|canceló|paró|interrompido|abortado|interrotto|fermato|arrestato|terminad[oa]|terminó|finalizó|finalizado',
  failed: 'falló|fallado|(?:fallo|falla|error fatal|erro fatal) (?:en|del?|no|do)|fallido|falhou|fallito',
  by: '(?:con|por|debido a|a causa de|tras|em|en|com|da|a causa di|per|devido a)(?: el| um| uma| un| una| unos| varios| los| múltiples| algunos| [1-9]\\d*| o| dell?| diversi)* ?(?:error(?:es)?|excepci[oó]n(?:es)?|fallos?|fallas?|erros?|falhas?|errore|errori|eccezione|un errore)(?!\\p{L}| (?:final|de|medio|cuadrático|menor|bajo)(?!\\p{L}))|anormal(?:mente)?|de (?:forma|manera) (?:anormal|inesperada)|inesperadamente|sin éxito|sem sucesso|bruscamente|anomalo',
  error:
    '(?:error(?:es)?|excepción|fallos?|falla|erros?|errore|errori)(?!\\p{L}| (?:final|medio|menor|bajo|de (?:validación|entrenamiento|prueba|test))(?!\\p{L}))',
}

const RUSSIAN: Words = {
  before: 'процесс|цикл|модели|произошла|возникла|было|была|был|в|с|по|из-за|вследствие',
  job: '(?:до)?обучени[ея]|тренировк[аи]|задани[ея]|задача|программ[аы]|скрипт|запуск|эксперимент',
  after: 'было|была|был|модели|на|с|из-за|по|нейросети|сети|не|вследствие|в',
  ended: 'заверш\\p{L}+|законч\\p{L}+|оконч\\p{L}+|кончил\\p{L}+',
  broken: 'прерв\\p{L}+|останов\\p{L}+|прекра\\p{L}+|оборв\\p{L}+|заверш[её]н\\p{L}*|отмен\\p{L}+',
  failed:
    'сбой (?:обучения|программы|задания)|крах|провалил\\p{L}*|упал[оаи]?|рухнул[оа]?|сорвал\\p{L}+|не удалось (?:заверш|законч)\\p{L}+|сломал\\p{L}+',
  by: '(?:(?:с|из-за|по причине|вследствие|в результате|после|по) (?:\\p{L}+ ){0,2}?|(?<!\\p{L})\\p{L}*)(?:ошиб(?:кой|ками|ки|ок)|исключени(?:ем|я|ями)|сбо(?:ем|я|ями|ев)|неудачей|провалом|отказ(?:ом|а))|аварийн\\p{L}+|некорректно|ненормально|неудачно|неуспешно|неожиданно',
  error: '(?:ошибк[аиуой]\\p{L}*|исключени\\p{L}+|сбо[йяе]\\p{L}*|отказ\\p{L}*)',
}

/** What may stand before a job in Chinese, Japanese and Korean, which write no spaces: anything of these, often. */
const CHINESE: Words = {
  before: '模型|本次|整个|由于|因为|因|发生|出现|遇到|严重|致命|未知|错误|异常|故障|的|而|导致|使|该|主|，|,',
  job: '(?:训练|微调|任务|程序|作业|脚本|实验)(?:过程|任务|程序|进程|作业)?',
  after: '已|被|因|由|以|意|非|未|没|出|发|遇|提|在|突|时|中',
  ended: '结束|完成|告终|完毕|收场',
  broken: '终止|中止|中断|停止|退出|结束|崩溃|失败',
  failed:
    '崩溃|异常(?:地)?(?:结束|终止|退出|中断|停止|中止)|非正常|失败(?:告终|结束|退出)?(?!次|率|数|的|样本|重)|意外(?:结束|终止|退出|中断|停止|中止)|(?:未能|没能|没有)(?:正常|成功|顺利)(?:完成|结束)',
  by: '(?:因|由于|以|带有|伴随|存在|出现|发生|遇到|有)[^，。：]{0,8}(?:错误|异常|故障|失败)|出错|报错',
  error: '(?:错误|异常|故障|出错|报错)(?!率)',
}

const JAPANESE: Words = {
  before:
    'モデルの?|重大な|致命的な|エラー|例外|障害|不具合|異常|が|で|に|の|より|よって|発生した?|起きた?|ため|、|本|メイン',
  job: '(?:学習|訓練|トレーニング|ファインチューニング|ジョブ|プログラム|スクリプト|実験)(?:処理|プロセス|ジョブ)?',
  after: 'が|は|を|も|で|に|の|中|途中',
  ended: '終了|完了|終わ',
  broken: '中断|停止|中止|打ち切|終了|落ち|強制終了',
  failed:
    '異常(?:に)?(?:終了|停止)|クラッシュ|失敗(?!回|率|数|した(?:サンプル|バッチ))|予期せ(?:ず|ぬ).{0,4}(?:終了|停止|中断)|正常に(?:終了|完了)(?:しません|できません|しなかっ)',
  by: '(?:エラー|例外|障害|不具合|異常|失敗)(?:が(?:発生|起き)|により|によって|による|のため|で|を伴|コード|に(?:より|よって)|あり)',
  error: '(?:エラー|例外|障害|不具合|異常)(?!率)',
}

const KOREAN: Words = {
  before:
    '모델|치명적인?|심각한|오류|에러|예외|장애|실패|로|으로|인해|인한|인하여|때문에|가|이|발생|발생하여|하여|해서|에|의해|,',
  job: '(?:학습|훈련|트레이닝|파인튜닝|작업|프로그램|스크립트|실험)(?: ?(?:작업|과정|프로세스))?',
  after: '이|가|은|는|을|를|도|도중|중',
  ended: '종료|완료|끝|마[쳤침]',
  broken: '중단|중지|멈|정지|종료|취소',
  failed: '실패(?!율|한 샘플|횟수| 횟수)|크래시|(?:정상적으로|성공적으로|제대로) (?:종료|완료|끝나)\\p{L}* (?:못|않)',
  by: '(?:오류|에러|예외|장애|실패)(?:들)?(?:(?:으?로|와 함께|과 함께| 때문에|[가이] 발생|에 의해)| 발생)|비정상|예기치 (?:않|못)|강제',
  error: '(?:오류|에러|예외|장애)(?!율)',
}

/** The level of a message, or a word that stands for one. */
const LEVEL =
  /^[^\p{L}\p{N}]{0,3}(?:error|fatal|critical|fehler|erreur|errore?|erro|ошибка|错误|錯誤|エラー|오류|에러)(?:\]|\s?[:：!|])[^\p{L}\p{N}]{0,3}/u
/** How a message begins that tells of an error, and not of a number of them, nor of a measured one. */
const OPENS_WITH_ERROR = inBothScripts(
  /^[^\p{L}\p{N}]{0,3}(?:(?:fatal|critical|runtime|schwerer|kritischer|(?:une|ein|an) |критическая|严重|致命|重大な|致命的な|심각한|치명적인?) ?)?(?:(?:error|fatal|exception|fehler|ausnahme|erreur|errore|eccezione|erro|exceção|excepci[oó]n|fallo|ошибка|исключение|сбой|错误|异常|故障|报错|出错|エラー|例外|障害|오류|에러|예외)(?:\]|\s?[:：!|]|\s[–—-]\s)|(?:error|fehler|erreur|errore|erro|ошибка)\s(?:occurred|while|reading|loading|opening|in\s|beim|bei|in der|aufgetreten|lors|pendant|al\s|en la|durante|nella|ao\s|при\s)|(?:发生|出现|遇到)(?:了)?(?:错误|异常|故障)|(?:エラー|例外|障害)(?:が発生|が起き)|(?:오류|에러|예외)(?:가|이)? ?발생)/u,
)
/** Where a clause ends. */
const CLAUSE_END = /[,;，；。！、]\s?|[.!]\s|\s[–—-]\s/

/** What a job runs short of. */
const SHORT_OF =
  'out of (?:(?:gpu|host|cuda|disk|device) )?(?:memory|space)|no (?:space|memory|disk)|(?:disk|memory) (?:is )?full|oom\\b|speicher (?:ist )?voll|(?:kein|zu wenig|nicht genug|fehlender) (?:speicher|platz|arbeitsspeicher)|platte (?:ist )?voll|(?:mémoire|espace disque|disque) (?:insuffisante?|pleine?|saturée?|épuisée?)|plus de (?:mémoire|place)|sin (?:memoria|espacio)|(?:memoria|disco|espacio) (?:insuficiente|llen[oa]|agotad[oa])|(?:нет|не хват\\p{L}+|недостаточно|закончил\\p{L}+|мало) (?:\\p{L}+ ){0,2}(?:памят|мест)|(?:диск|память) (?:пере)?полн|(?:内存|显存|記憶體|磁盘|空间|磁盘空间)(?:不足|耗尽|溢出|已满|不够)|(?:メモリ|ディスク|容量)[^。]{0,4}(?:不足|一杯|枯渇)|(?:메모리|디스크|공간|용량)[^.]{0,6}(?:부족|초과|가득)'

const NO =
  '(?:without|no|0|zero|ohne|0|keine[nr]?|sans|aucune?|sin|ning[uú]n\\p{L}*|cero|sem|nenhum\\p{L}*|senza|nessun\\p{L}*|без|ноль|нет)(?!\\p{L}|[.,]\\d) (?:(?:any|a single|une?|jede[nr]?|единой|(?:fatal|critical|serious|known|further|unhandled|failures|warnings|weitere|kritische|schwere)) (?:(?:and|or) )?){0,2}'
/** What is counted before a number of errors, that there were none, and what a number of them may be followed by. */
const COUNTED =
  'errors?|exceptions?|failures?|fehler(?:zahl|anzahl)?|ausnahmen?|erreurs?|échecs?|error(?:es)?|fallos?|excepciones|erros?|errore|errori|eccezioni|ошиб(?:ок|ки|ка)|исключени[яй]|сбо(?:ев|и|й)|(?:错误|异常|故障|报错)(?:数量?|总数|个数)?|(?:エラー|例外|障害|異常)(?:数|件数|の数)?|(?:오류|에러|예외|장애)(?: ?(?:개?수|건수))?'
const NONE =
  '0|none|zero|nil|keine[rs]?|null|aucune?|néant|zéro|ningun[oa]s?|cero|nenhuma?|nessun[oa]|нет|ноль|отсутствуют|没有|沒有|无|無|零|なし|無し|ありません|ゼロ|없음|없습니다'
const UNIT =
  'in total|total|found|reported|occurred|detected|logged|times|occurrences|stück|mal|insgesamt|gefunden|aufgetreten|au total|fois|trouvées?|en total|veces|encontrad[oa]s?|штук|шт\\.?|раз|всего|обнаружено|найдено|个|個|次|条|项|処|件|回|つ|개|건|번|회|발생'
/** That there was no error. It may stand in the middle of a word of an end. */
const FAULTLESS = new RegExp(
  [
    `[,;:(]? ?(?:(?:with|mit|avec|con|com|с|und|and) )?(?:0|no) warnings?,? (?:and )?(?=(?:0|no) errors?\\b)`,
    `[,;:(–—-]? ?(?:(?:with|mit|avec|con|com|с|und|and|y|et) )?(?<!\\p{L})${NO}(?:errors?|exceptions?|failures?|fehlern?|ausnahmen?|erreurs?|errores|error|excepciones|fallos|erros?|errori|errore|ошиб(?:ок|ки)|ошибками|исключений|сбоев)(?!\\p{L})(?: (?:found|reported|occurred|aufgetreten))?\\)?`,
    `[,;:(]? ?(?:${COUNTED}) ?[:：=]{1,2}\\s?(?:${NONE})(?: ?(?:${UNIT})){0,2}(?=\\s*(?:$|[,;.!)，；。、！）]))[)）、]?`,
    // an error that is measured, and an exit code of 0
    `[,;:(]? ?with (?:an? |the )?(?:[\\w-]+ ){0,3}(?:error|err)(?: rate)?(?: of|:| =| is)? ?\\d[\\d.]*(?:e-?\\d+)? ?%?`,
    `(?<=\\p{L})[,;:]? \\(?(?:with )?(?:an? )?exit (?:status|code)(?: of)?[ =:]{0,2}0(?![\\d.])\\)?`,
    `[,;:.(]? ?(?:with )?(?:(?:0|no) failed \\w+|failures?\\s?[:=]\\s?(?:none|0)\\b)\\)?`,
    '[，,]? ?(?:且|并)?(?:无|沒有|没有|零|0 ?个|未(?:发生|出现|遇到)|没(?:发生|出现|遇到))(?:任何)?(?:错误|异常|故障|报错)(?:地)?',
    '(?:エラー|例外|異常|障害)(?:も|は|が)?(?:なしで|なしに|なし|なく|無しで|無く|ありません|ゼロで|0件で|発生せず|発生しません(?:でした)?)、?',
    '(?:아무(?:런)? )?(?:오류|에러|예외|문제)(?:가|는|도)? ?(?:없이|없음|없습니다|0개로)[, ]?',
  ].join('|'),
  'gu',
)
/** A word without which no message says that there was no error. */
const MAY_BE_FAULTLESS =
  /err|exception|excep|fail|exit |fehler|ausnahm|fall|warning|ошиб|исключ|сбо|错|异常|故障|エラー|例外|異常|障害|오류|에러|예외|문제/
/** An error that has a value, or a bound, is a metric. */
const VALUE =
  /(?:error|erreur|errore|fehler|ошибк\p{L}*|错误|误差|誤差|エラー|오류|오차)(?: (?:final|finale|rate|is|was|итогов\p{L}+))*\s?[:=(]?\s?[-+]?\d+(?:[.,]\d+|e-?\d+| ?%)|(?:val|validation|valid|train|test|dev|mean|squared|absolute|rms|relative|average|avg|reconstruction|validierungs|test|trainings)[_ -]?(?:error|fehler)|error rate|fehlerrate|taux d'erreur|tasa de error/u
/** What is a part of a job, or stands beside it. */
const OF_A_PART: readonly RegExp[] = [
  /\b(?:epochs?|folds?|stages?|phases?|trials?|tasks?|splits?|rounds?|steps?|iterations?|episodes?|clients?|seeds?|attempts?|eval\w*|valid(?:ation|ating)\w*|test(?:ing|s)?|checkpoints?|uploads?|uploading|saving|sync\w*|downloads?|plots?|notif\w*|hooks?|callbacks?|tokeni[sz]er|teacher|profil\w*|sampl\w*|logging|logger|wandb|tensorboard|mlflow|hub)\b|\d ?(?:of|von|de|из|sur|di|\/) ?\d/,
  /\p{L}*(?:epoche|validierung|auswertung|hochladen|prüfpunkt|durchgang|durchlauf|schritt)\p{L}*|époque|étape|évaluation|point de contrôle|téléversement|época|etapa|evaluación|validación|punto de control|subida|(?<!\p{L})paso(?!\p{L})|эпох|этап|фолд|шаг|валидаци|оценк|проверк|чекпо|загрузк|выгрузк|отправк|токенизатор/u,
  inBothScripts(/轮|折|阶段|评估|验证|上传|检查点|保存|步|分词器/),
  /エポック|フォールド|ステップ|評価|検証|アップロード|チェックポイント|保存|段階|フェーズ|에[폭포]크?|폴드|스텝|단계|평가|검증|업로드|체크포인트|저장/,
]
/** What feeds a job. An error of it may be what the job ended by. */
const OF_DATA = inBothScripts(
  /\b(?:batch(?:es)?|shards?|workers?|load(?:er|ing)|preprocess\w*|prefetch\w*)\b|(?<!\p{L})(?:lot|lote)(?!\p{L})|батч|批次|加载|バッチ|배치/u,
)
/** What was at another time, is only thought of, or is begun again. */
const NOT_NOW =
  /\b(?:last time|previous\w*|earlier|prior|could(?! not)|may|might|can|should|must|whenever|retry\w*|restart\w*|relaunch\w*|respawn\w*|rerun\w*|again|another attempt|recover\w*|handled|ignor\w*)\b|letzte[sn]? mal|vorherige|frühere|neustart|neu gestartet|erneut|wiederholt|précédent|relanc|redémarr|nouvelle tentative|anterior(?!idad)|reintent|reinici|прошл(?:ый|ое|ая|ого)|предыдущ|повтор|перезапус|сбо[йи]? устран|上次|之前|重试|重新|重启|前回|以前|再試行|再起動|リトライ|이전|지난|재시도|재시작|다시/u

interface Grammar {
  /** How a message begins that speaks of the job. */
  readonly begins: RegExp
  readonly ended: RegExp
  readonly broken: RegExp
  readonly failed: RegExp
  readonly by: RegExp
  readonly fault: RegExp
}

const SPACED = [ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN]
const UNSPACED = [CHINESE, JAPANESE, KOREAN]
let grammars: readonly Grammar[] | undefined

/** The grammar of each language, made when it is first asked for: most programs end before that. */
function failureGrammars(): readonly Grammar[] {
  grammars ??= [...SPACED.map((words) => grammarOf(words, true)), ...UNSPACED.map((words) => grammarOf(words, false))]
  return grammars
}

/** A word without which no such message is written. Most lines are told apart by it. */
const OF_FAULT = new RegExp(
  `fail|crash|died|error|exception|fault|normal|success|unexpected|could not be|fehl|ausnahme|stürz|gescheitert|unerwartet|erfolglos|erreur|échec|échou|plant|succès|brutal|inopin|panne|fall|falh|erro|excepc|inesper|éxito|sucesso|ошиб|исключ|сбо|аварий|неудач|неуспеш|провал|упал|рухнул|отказ|некоррект|ненормаль|неожидан|错|異常|异常|故障|崩|失败|失敗|意外|常|エラー|例外|障害|不具合|クラッシュ|予期|錯|오류|에러|예외|장애|실패|비정상|예기치|강제|크래시|${SHORT_OF}`,
  'u',
)

/**
 * Whether a line, in lower case, says of its whole job that it ended, and with a failure: `training ended with errors`.
 *
 * Grammar tells it: what ended, that it did, and that it was by an error. A part that failed is no failure of the job.
 */
export function saysFailed(line: string): boolean {
  if (!OF_FAULT.test(line)) return false
  const text = plainWords(line)
  return [text, ...messagesIn(text)].some((message) => {
    const told = withoutFaultless(message)
    return failureGrammars().some((grammar) => tellsFailure(grammar, told)) || tellsEndByError(told)
  })
}

/** Whether a line, in lower case, begins with an error: what it says then of an end is no finish. */
export function opensWithError(line: string): boolean {
  if (!OF_FAULT.test(line)) return false
  return [line, ...messagesIn(line)].map(withoutFaultless).some(isOfError)
}

/** Whether a message tells of an error, and then that the job ended: `error: file is damaged, training finished`. */
function tellsEndByError(message: string): boolean {
  if (!isOfError(message) || NOT_NOW.test(message) || goesOn(message)) return false
  const [cause = '', ...rest] = message.split(CLAUSE_END)
  return (
    !isBeside(cause) &&
    rest.some(
      (clause) =>
        !isNotYet(clause) && !isOfPart(clause) && failureGrammars().some((grammar) => tellsEnd(grammar, clause)),
    )
  )
}

function tellsEnd({ begins, ended, broken }: Grammar, clause: string): boolean {
  return begins.test(clause) && (ended.test(clause) || broken.test(clause))
}

function isOfError(message: string): boolean {
  return OPENS_WITH_ERROR.test(message) && !VALUE.test(message)
}

/** A message, in lower case, without the words that there was no error. */
export function withoutFaultless(message: string): string {
  if (!MAY_BE_FAULTLESS.test(message)) return message
  return message.replace(FAULTLESS, '').trim()
}

function tellsFailure({ begins, ended, broken, failed, by, fault }: Grammar, message: string): boolean {
  const told = message.replace(LEVEL, '')
  if (!begins.test(told) || NOT_NOW.test(told) || goesOn(told) || VALUE.test(told)) return false
  const [clause = '', next = ''] = clausesOf(told)
  const failure = failed.exec(clause)
  if (failure !== null) return !isOfPart(clause.slice(0, failure.index))
  if (isNotYet(clause.replaceAll(/때문|途中|예기치 (?:않|못)/g, ''))) return false
  if (ended.test(clause) && by.test(clause)) return !isOfPart(clause)
  const isFault = told !== message || by.test(clause) || fault.test(`${clause}, ${next}`)
  return isFault && broken.test(clause) && !isOfPart(clause.slice(0, fault.exec(clause)?.index))
}

function isOfPart(words: string): boolean {
  return isBeside(words) || OF_DATA.test(words)
}

function isBeside(words: string): boolean {
  return OF_A_PART.some((pattern) => pattern.test(words))
}

/** The first two clauses of a message. A comma parts none: in some languages it stands before each reason. */
function clausesOf(message: string): readonly string[] {
  return message.split(/[;(（；：。！]|[.!:](?=\s|$)|\s[–—-]\s/, 2)
}

function grammarOf(words: Words, isSpaced: boolean): Grammar {
  const { before, job, after, ended, broken, failed, by, error } = words
  const [open, close] = isSpaced ? ['(?<!\\p{L})', '(?!\\p{L})'] : ['', '']
  const word = (source: string) => inBothScripts(new RegExp(`${open}(?:${source})${close}`, 'u'))
  const lead = `(?:(?:${[before, by, error, broken, ended, SHORT_OF].join('|')})${isSpaced ? "(?:[ ,]{1,2}|(?<='))" : ' ?'}){0,6}`
  const next = `(?=[^\\p{L}\\p{N}]{0,3}(?:$|(?:${[after, ended, broken, failed, by, error].join('|')})${close})|[^\\p{L}\\p{N}]{0,2}[.,:;!(（，：；。！、|–—-])`
  return {
    begins: inBothScripts(new RegExp(`^${lead}(?:${job})${close}${next}`, 'u')),
    ended: word(ended),
    broken: word(broken),
    failed: word(failed),
    by: word(by),
    fault: word(`${error}|${SHORT_OF}`),
  }
}
