import { nanMessageIn } from '../hidden/nan-messages.ts'
import { inBothScripts } from './chinese-scripts.ts'
import { opensWithError, saysFailed, withoutFaultless } from './failed-words.ts'
import { firstClause, isNotYet, isShare, isTakenBack } from './not-yet.ts'
import { isStop, maySayStop } from './stop-words.ts'

/**
 * How a message begins by which a job says that training is over: what ended, and that it did, in ten languages.
 *
 * All are read in lower case. A message that only speaks of an epoch begins otherwise, or goes on as `NOT_THE_END` says.
 */
const OF_PEOPLE: readonly RegExp[] = [
  // English
  /^(?:(?:the|all|whole|entire|full|main|model|network|your|q?lora|adapter|prompt|instruction|peft|sft|dpo|grpo|ppo|rl) )*(?:re-?)?(?:train(?:ing)?|fine-?tun(?:e|ing)|(?<=(?:adapter|prompt|instruction|lora) )tuning|learning|distillation|fit(?:ting)?(?:\(\))?(?! (?:for|with|on)\b))(?: (?:process|run|job|loop|script|session|procedure))?(?: (?:of (?!the (?!(?:[\w-]+ ){0,3}(?:model|network|net|unet|classifier|regressor|transformer|agent|policy|l?lm|detector|adapter|lora|student|predictor|estimator|forest|ensemble|system|cnn|rnn|lstm|gpt|bert|mlp|vae|gan|autoencoder)\b))|(?:with|on) )(?!(?:the |an? |our |all )?(?:[\w-]+ ){0,2}(?:tokeni[sz]er|teacher|generator|discriminator|critic|actor|reward|value|encoder|decoder|head|probe|vocab\w*|embeddings?|scaler|router)s?\b)(?!(?:the )?(?:epoch|fold|stage|phase|round|batch|task|split|data)|\d)[^.!,;]{1,50}?(?<!\b(?:not|never|yet|be)|n't))?(?: ?[:–-])? (?:(?:is|was|has|have|been|now|all|fully|successfully) )*(?:c[ao]me to (?:an|its) end|run its course|finished|completed?|ended|end|done|over|succeeded|successful(?:ly)?|concluded|exited|wrapped up)\b/,
  /^(?:successfully )?(?:finished|completed|concluded|done|end of|(?:finished|done) with)(?: (?:the|all|model|full))* (?:train(?:ing)?|fine-?tuning)\b/,
  /^finish training\W*$|^(?:the )?trainer:? (?:fit\(\) )?(?:(?:is|has|was|now|successfully) )*(?:finished|completed?|done)(?=\W*$|[:;,.!]\s| (?:in|after|with)\b)|^(?:the |your )?(?:model|network|trainer)(?: has| is)? (?:(?:now|successfully|fully) )*(?:finished|completed|done(?: with)?) (?:its )?(?:training|fitting)\b/,
  /^(?:we are|we're|i'm) (?:all |now )*done (?:with )?(?:the )?training\b/,
  // Chinese
  inBothScripts(
    /^(?:恭喜[，,！! ]{0,2})?(?:模型|网络|全部|所有|整个|本次|的|已经|已)*(?:训练|微调)(?:过程|任务|流程|循环|程序)?(?:已经|已|全部|都|顺利|成功|到此|正常|就此)*(?:完成|结束|完毕|成功|(?:完|好)了(?!第|\d))/,
  ),
  inBothScripts(
    /^(?:(?:全部|所有) ?\d+ ?(?:个|轮|次) ?(?:epochs?|轮次?|迭代)?|(?:\d+ ?)?(?:个|轮|次) ?(?:epochs?|轮次?|迭代)?(?= ?的?(?:训练|微调)(?:已经?)?(?:全部|都|均))) ?的?(?:训练|微调)(?:已经|已|全部|都|均)*(?:完成|结束|完毕)/,
  ),
  inBothScripts(
    /^(?:已|成功|顺利)*(?:完成|结束)了?(?:模型|(?:全部|所有)(?: ?\d+ ?(?:个|轮|次) ?(?:epochs?|轮次?|迭代)? ?)?|的)*(?:训练|微调)/,
  ),
  // Japanese
  /^(?:(?:全エポック|全て|すべて|モデル)の?)*(?:学習|訓練|トレーニング|ファインチューニング)(?:処理|ループ)?[がはをも]?(?:すべて|全て|正常に|無事に?)*(?:完了|終了|終わ|終え)/,
  // Korean
  /^(?:모든 |모델 ?|전체 |\d+ ?에[폭포]크? (?=학습[이을]? ?(?:모두|전부)))*(?:학습|훈련|트레이닝|파인튜닝|미세 ?조정)(?: 및 평가| 과정| 루프)?[이을은가]? ?(?:모두 |전부 |성공적으로 |정상적으로 )*(?:완료|종료|끝|마쳤|마[칩치](?!면))/,
  // Russian
  /^(?:процесс |цикл )?(?:до)?(?:обучени[ея]|тренировк[аи])(?: модели| (?:нейро)?сети)?(?: (?:с|на|для) (?!эпох|фолд|этап|\d)[^.!]{1,60}?(?<! не))?(?: было| была| успешно| полностью)* (?:заверш[её]н[оа]?|завершил[оа]сь|закончен[оа]?|закончил[оа]сь|окончен[оа]?|прошл[оа] успешно|подошл[оа] к концу)(?!\p{L})/u,
  /^(?:мы )?(?:успешно |полностью )?(?:закончили|завершили|окончили) обучение(?: модели)?(?!\p{L})/u,
  /^(?:конец обучения|завершено обучение|модель (?:(?:успешно|полностью|уже) )*обучена)(?!\p{L})/u,
  // German
  /^(?:das |der |die )?(?:modell-?)?(?:training(?:s(?:lauf|prozess|vorgang|schleife))?|lernvorgang|lernen|feinabstimmung|fe?ine?-?tuning)(?: des modells)?(?: ist| wurde)?(?: (?:nach|in) \d.{1,30}?)?(?: erfolgreich| nun| vollständig| vorzeitig| frühzeitig| planmäßig)* (?:abgeschlossen|beendet|fertig(?! trainiert)|zu ende(?: gegangen)?|durch(?=\W*$)|vollständig(?! ))(?!\p{L})/u,
  /^(?:das )?(?:modell|netz(?:werk)?)(?: wurde| ist)? (?:(?:nun|jetzt) )?(?:fertig|erfolgreich|vollständig|zu ende) trainiert(?!\p{L})/u,
  /^(?:ende des trainings|trainingsende)\b/,
  // French
  /^(?:la )?(?:l'|boucle d')?(?:entra[iî]nement|apprentissage|affinage|fine-?tuning)(?: du mod[eè]le| du r[eé]seau| (?!données|est|a|non|pas)\p{L}{2,20})?(?: est| a été| a| s'est)?(?: bien| maintenant)? (?:termin[eé]e?|finie?|achev[eé]e?|complétée?|conclue?|pris fin)(?!\p{L})/u,
  /^(?:le |l')?(?:mod[eè]le|réseau)(?: est| a été)? (?:(?:bien|entièrement|maintenant) )?entra[iî]né(?: avec succès(?!\p{L})|\W*$)/u,
  /^fin (?:de l'|d')(?:entra[iî]nement|apprentissage)\b/,
  // Spanish
  /^(?:el )?(?:bucle de )?(?:entrenamiento|ajuste fino|aprendizaje)(?: del modelo| de la red| (?!datos|no|se|ha|fue|está)\p{L}{2,20})?(?: se ha| se| ha sido| ha| fue| está| ya)? (?:complet(?:ad)?o|completó|finaliz(?:ado|ó)|termin(?:ado|ó)|conclu(?:ido|yó)|acab(?:ado|ó))(?!\p{L})/u,
  /^(?:ya )?(?:se ha |se |ha )?(?:complet|finaliz|termin|acab)(?:ado|ó) el entrenamiento\b/,
  /^(?:el )?modelo (?:ha sido |fue |está )?entrenado (?:con éxito|correctamente|satisfactoriamente)(?!\p{L})/u,
  /^fin del? entrenamiento\b/,
  // Portuguese, Italian
  /^(?:o )?(?:treinamento|treino|ajuste fino)(?: do modelo| da rede)?(?: foi| está)?(?: com sucesso)? (?:terminou|acabou|conclu[ií]do|completo|completado|finalizado|terminado|encerrado)(?!\p{L})/u,
  /^(?:o )?modelo (?:foi )?treinado com sucesso\b/,
  /^fim do (?:treinamento|treino)\b/,
  /^(?:l')?(?:addestramento|allenamento)(?: del modello| della rete)?(?: è stato| si è| è)? (?:completato|terminato|finito|concluso)(?!\p{L})/u,
  /^(?:il )?modello (?:è stato )?addestrato con successo\b/,
  /^fine (?:dell'|dell? )addestramento\b/,
]

/** A word without which no such message is written. Most lines are told apart by it. */
const OF_TRAINING =
  /train|tun(?:e|ing)|learning|lernen|distillation|训练|訓練|微[调調]|学習|トレーニング|チューニング|학습|훈련|트레이닝|파인튜닝|조정|обуч|тренир|abstimmung|lernvorgang|affinage|aprendizaje|entra[iî]n|apprentissage|entrena|ajuste|trein|addestra|allenamento|\bfit/

/** A word without which none says that it is over. */
const OF_END =
  /finish|complet|done|end|over|succe|conclu|exited|wrapped|course|好了|完|结束|結束|成功|終|완료|종료|끝|마[쳤칩치]|заверш|законч|оконч|кон[ец]|обучена|прошл|abgeschlossen|fertig|termin|fini|finaliz|\bfin\b|fim d|fine d|achev|acab|entra[iî]né|éxito|correcta|sucesso|durch|trainiert|encerrado|vollständig|finito/

/** What single frameworks and programs write at their end: how a message begins. */
const OF_FRAMEWORKS =
  /^(?:`?trainer\.fit`? stopped|overall training speed:|optimizer stripped from|loss for final step:)/

/**
 * What makes of such a beginning a word about how far training has come, or about what is to follow it:
 * `training complete: 30%`, `训练完成后`.
 */
const NOT_THE_END =
  /^(?:\s?[:：-]?\s?(?:на\s)?\d{1,3}(?:[.,]\d{1,4})?\s?[%/]|度|率|后|後|时|時|前|り?次第|까지| ?후|\W{0,3}(?:now |then )?(?:starting|beginning|continuing|proceeding|moving on|validating|evaluating|testing)\b|\s(?:loading|saving|initiali[sz]ing|setting|building|warming|preparing|with (?!(?:the )?training|all|(?:\p{L}+ )?(?:error|loss|acc(?:uracy)?|score)\W{1,3}\d)|up\b))/u

/** Whole lines by which frameworks and programs say the same, wherever the message begins. */
const OF_FRAMEWORK_LINES: readonly RegExp[] = [
  // Ultralytics
  /\b\d+ epochs completed in \d/,
  // scikit-learn, with `verbose`
  /^training loss did not improve more than tol=.{1,20} for \d+ consecutive epochs\. stopping\.?$/,
  /^convergence after \d+ epochs took [\d.]+ seconds$/,
  // LightGBM
  /^(?:\[lightgbm\] \[(?:info|warning)\] )?(?:did not meet early stopping\. best iteration is:|early stopping, best iteration is:|finished training$)/,
  // XGBoost
  /^(?:\[[\d:]{5,8}\] )?stopping\. best iteration:?$/,
  // CatBoost
  /^shrink model to first \d+ iterations\.$/,
  // Keras, and what people write themselves
  /^epoch \d+: early stopping$/,
  /^restoring model weights from the end of the best epoch\b/,
  /^(?:.{0,40}[:|\]] ?)?early ?stopp(?:ing|ed)(?:[!.]*$| (?:triggered|activated|reached|criterion|condition|at|after|now)\b(?!.*\bkl\b))/,
  /^(?:.{0,40}[:|\]] ?)?(?:stopping|stopped)[ _]early\b(?!\s?[:=]\s?(?:false|no|0))/,
  // Megatron-LM
  /^\[after training is done\]/,
  // The Trainer of Hugging Face
  /^train_runtime\s+=|[{,]\s?["']train_runtime["']\s?:\s?["']?\d/,
  // Lightning, behind a bar that is still to be closed
  /`trainer\.fit` stopped: `max_\w+=\d+` reached\.$/,
]

/** Others of them, tested only on lines that may say that something stops. */
const OF_STOPPING_LINES: readonly RegExp[] = [
  // Ignite, AutoGluon, gensim
  /\b(?:engine run complete\. time taken: |autogluon training complete|training on \d+ raw words .{1,60} took )|predictor saved\. to load, use: /,
  // Lightning, Flair, Marian, fairseq, Megatron-LM
  /signaling trainer to stop\.?$|exiting from training early\.?$|stalled \d+ times - stopping$|stopped by max_\w+|\bexiting program at iteration \d+/,
  // Ray Tune
  /^trial status: (?:\d+ (?:terminated|error)(?: \| )?)+$/,
]

/** What the client of Weights & Biases writes at the end of its process, whatever has become of the training. */
const OF_BYSTANDERS: readonly RegExp[] = [/^wandb:\s+run summary:/, /^wandb: (?:🚀 view run .{1,200} at: |synced )/]

/** A metric that the Trainer of Hugging Face logs once, when its training is over. */
export const FINISHED_METRIC = 'train_runtime'

/** Whether one of the messages, or the line that they are parts of, says that training is over. All are in lower case. */
export function isFinish(line: string, messages: () => readonly string[]): boolean {
  return mayFinish(line, messages) && !isOfBrokenLoss(line)
}

function mayFinish(line: string, messages: () => readonly string[]): boolean {
  if (saysFailed(line) || opensWithError(line)) return false
  if (OF_FRAMEWORK_LINES.some((pattern) => pattern.test(line))) return true
  if (maySayStop(line) && (OF_STOPPING_LINES.some((pattern) => pattern.test(line)) || messages().some(isStop)))
    return true
  const isOfFramework = line.includes('trainer.fit') || line.includes('optimizer') || line.includes('final step')
  if (!isOfFramework && !(OF_TRAINING.test(line) && OF_END.test(line))) return false
  return messages()
    .map(withoutFaultless)
    .some((message) => OF_FRAMEWORKS.test(message) || OF_PEOPLE.some((words) => endsBy(words, message)))
}

/** Whether a job ends because its loss is no number: it has failed, whatever it says of its end. */
function isOfBrokenLoss(line: string): boolean {
  const told = nanMessageIn(line)
  return told?.kind === 'stated' && told.act !== 'skips'
}

/** Whether a line is one of the client of Weights & Biases or Comet. */
export function isOfClient(line: string): boolean {
  return line.startsWith('wandb: ') || line.startsWith('COMET ')
}

/** Whether a line, in lower case, is what a client that watches the job writes when the process ends. */
export function isOfBystander(line: string): boolean {
  return OF_BYSTANDERS.some((pattern) => pattern.test(line))
}

function endsBy(words: RegExp, message: string): boolean {
  const found = words.exec(message)
  if (found === null) return false
  const rest = message.slice(found[0].length)
  return !NOT_THE_END.test(rest) && !isTakenBack(rest) && !isNotYet(firstClause(message)) && !isShare(message)
}
