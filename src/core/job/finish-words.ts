/**
 * The beginnings of messages by which jobs say that training is over, in lower case.
 *
 * They are the words of the frameworks and those that people write themselves. A message that only speaks of an epoch
 * begins otherwise.
 */
const OF_ENGLISH = [
  'training finished',
  'training complete',
  'training ended',
  'training done',
  'training succeeded',
  'training successful',
  'training is complete',
  'training is done',
  'training is finished',
  'training has finished',
  'training has ended',
  'training has completed',
  'training has been completed',
  'training process finished',
  'training process complete',
  'training run complete',
  'training run finished',
  'training job finished',
  'training job complete',
  'training loop finished',
  'training loop complete',
  'training was finished',
  'the training was finished',
  'the training is finished',
  'the training has finished',
  'finished training',
  'model training complete',
  'model training finished',
  'completed training',
  'done training',
  'done with training',
  'end of training',
  'fine-tuning complete',
  'fine-tuning finished',
  'finetuning complete',
  'finetuning finished',
]

const OF_OTHER_LANGUAGES = [
  '训练完成',
  '训练结束',
  '训练完毕',
  '训练已完成',
  '训练已结束',
  '训练成功',
  '模型训练完成',
  '模型训练结束',
  '完成训练',
  '結束訓練',
  '訓練完成',
  '訓練已完成',
  '训练全部完成',
  '模型训练已完成',
  '訓練結束',
  '学習完了',
  '学習が完了',
  'モデルの学習が完了',
  'モデルの学習が終',
  '学習終了',
  '学習が終了',
  '学習は完了',
  '学習を終了',
  '訓練完了',
  '訓練が完了',
  '訓練終了',
  '訓練が終了',
  'トレーニング完了',
  'トレーニングが完了',
  'トレーニング終了',
  'トレーニングが終了',
  '학습 완료',
  '학습완료',
  '학습이 완료',
  '학습을 완료했',
  '모델 학습을 완료했',
  '모델 학습이 완료',
  '학습 종료',
  '학습이 종료',
  '학습이 끝났',
  '훈련 완료',
  '훈련이 완료',
  '훈련 종료',
  '훈련이 종료',
  '훈련이 끝났',
  'обучение завершено',
  'обучение завершилось',
  'обучение закончено',
  'обучение закончилось',
  'обучение окончено',
  'обучение модели завершено',
  'обучение модели успешно завершено',
  'обучение успешно завершено',
  'тренировка завершена',
  'тренировка окончена',
  'training abgeschlossen',
  'training beendet',
  'training fertig',
  'training ist abgeschlossen',
  'training ist beendet',
  'training erfolgreich abgeschlossen',
  'training erfolgreich beendet',
  'das training ist abgeschlossen',
  'das training ist beendet',
  'das training wurde erfolgreich abgeschlossen',
  'das training wurde abgeschlossen',
  'das training wurde beendet',
  'entraînement terminé',
  'entrainement termine',
  'entraînement fini',
  "l'entraînement est terminé",
  "l'entrainement est termine",
  "fin de l'entraînement",
  "fin de l'entrainement",
  'apprentissage terminé',
  "fin de l'apprentissage",
  'entrenamiento completado',
  'el entrenamiento se ha completado',
  'entrenamiento completo',
  'entrenamiento finalizado',
  'entrenamiento terminado',
  'entrenamiento concluido',
  'el entrenamiento ha finalizado',
  'el entrenamiento ha terminado',
  'fin del entrenamiento',
]

/** What single frameworks and programs write at their end. */
const OF_FRAMEWORKS = [
  '`trainer.fit` stopped',
  'overall training speed:',
  'optimizer stripped from',
  'loss for final step:',
]

/**
 * What makes of such a beginning a word about a part of the training, about how far it has come, or about what is to
 * follow it: `training finished for epoch 3`, `training complete: 30%`, `训练完成后`.
 */
export const NOT_THE_END =
  /^(?:\s?[:：-]?\s?(?:на\s)?\d{1,3}(?:[.,]\d{1,4})?\s?[%/]|度|率|后|後|まで|前|까지|\W{0,3}(?:(?:for|of|in|at|on|with)\s)?(?:the\s)?(?:epoch|fold|stage|phase|round|iteration|iter|step|batch|task|split|эпох|époque|época)\w*\b(?!s?\s(?:limit|reached)))/

export const FINISHED_BEGINNINGS: readonly string[] = [...OF_ENGLISH, ...OF_OTHER_LANGUAGES, ...OF_FRAMEWORKS]

/** Whole lines by which frameworks and programs say the same, wherever the message begins. */
export const FINISHED_LINES: readonly RegExp[] = [
  // Ultralytics
  /\b\d+ epochs completed in \d/,
  // scikit-learn, with `verbose`
  /^training loss did not improve more than tol=.{1,20} for \d+ consecutive epochs\. stopping\.?$/,
  // LightGBM
  /^(?:\[lightgbm\] \[info\] )?(?:did not meet early stopping\. best iteration is:|early stopping, best iteration is:)$/,
  // CatBoost
  /^shrink model to first \d+ iterations\.$/,
  // Keras, and what people write themselves
  /^epoch \d+: early stopping$/,
  /^(?:.{0,40}[:|\]] ?)?early ?stopp(?:ing|ed)(?:[!.]*$| (?:triggered|activated|reached|criterion|condition|at|after|now)\b)/,
  /^(?:.{0,40}[:|\]] ?)?(?:stopping|stopped) early\b/,
  // the client of Weights & Biases
  /^wandb:\s+run summary:/,
  /^wandb: (?:🚀 view run .{1,200} at: |synced )/,
  // Megatron-LM
  /^\[after training is done\]/,
  // Kaldi
  /^# ended \(code 0\) at /,
]

/** A metric that the Trainer of Hugging Face logs once, when its training is over. */
export const FINISHED_METRIC = 'train_runtime'
