import { describe, expect, test } from 'vitest'
import { plain } from './end-words.ts'
import { endedRun } from './ended-run.ts'

const ENDED_BY_ERROR = [
  'Fehler: Datei beschädigt, Training beendet',
  '错误：数据文件损坏，训练终止',
  'Erreur : fichier corrompu, entraînement terminé',
  'Ошибка: файл повреждён, обучение завершено',
  '오류: 데이터 손상, 학습 종료',
  'エラー: データファイルが壊れています、学習終了',
  'Error: archivo dañado, entrenamiento terminado',
  'Erro: arquivo corrompido, treinamento terminado',
  'Errore: file danneggiato, addestramento terminato',
  'Error: data file is damaged, training finished',
  'ERROR: data file is damaged; training ended',
  '错误：数据文件损坏。训练结束。',
  'Fehler beim Lesen der Datei, Training beendet',
  '发生错误，训练结束',
  'エラーが発生しました。学習を終了します。',
  'Erreur lors de la lecture du fichier, entraînement terminé',
  'Ошибка при чтении файла, обучение завершено',
  '2026-11-29 10:00:00 ERROR Fehler: Datei beschädigt, Training beendet',
  'Schwerer Fehler: Platte defekt. Training beendet.',
  '에러 발생: 파일 없음, 훈련 종료',
  '[ERROR] data file is damaged, training finished',
  'Error: shard 4 is corrupt, training finished',
  'Fehler: Batch 4 ist beschädigt, Training beendet',
  '错误：批次 4 损坏，训练结束',
]
const FINISHED = [
  '0 errors, training finished',
  'Fehler: 0.02, Training beendet',
  'Training finished without errors',
  'Errors: 0, training finished',
  'Error: 0.031, training finished',
  '错误: 0, 训练结束',
  '错误率 0.02，训练完成',
  'Validation error 0.02, training finished',
  'Erreur : 0,02, entraînement terminé',
  'Keine Fehler, Training beendet',
  'Ошибка: 0.02, обучение завершено',
  '训练完成，无错误',
  '学習終了、エラーなし',
  '오류 없음, 학습 종료',
  'Fehler: keine, Training beendet',
  'final error 0.1; training finished',
  '错误：0 个，训练结束',
  '错误数：0，训练结束',
  'Fehler: 0 Stück, Training beendet',
  'Errors: 0 in total. Training finished.',
  'Exceptions: none, training finished',
  'Erreur : aucune, entraînement terminé',
  'Errores: ninguno, entrenamiento terminado',
  'Ошибка: нет, обучение завершено',
  'Ошибок: 0 шт., обучение завершено',
  'エラー：なし、学習終了',
  'エラー：0件、学習終了',
  '오류: 0개, 학습 종료',
]

describe('a line that opens with an error, and says that training ended, tells that it ended by it', () => {
  test.each(ENDED_BY_ERROR)('%s', (line) => {
    expect(endedRun(`${plain(20)}${line}\n`)).toMatchObject({ state: 'crashed', severity: 'critical' })
  })
})

describe('no error, and one that is measured, leave an end what it is', () => {
  test.each(FINISHED)('%s', (line) => {
    expect(endedRun(`${plain(20)}${line}\n`)).toMatchObject({ state: 'finished', severity: null })
  })
})
