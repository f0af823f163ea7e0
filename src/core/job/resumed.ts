import { messagesIn } from './messages.ts'

/** What a job says that goes on from what an earlier one has saved. Not what somebody may do, or what did not work. */
const RESUMED = new RegExp(
  [
    '^(?:\\W|(?:auto|now|successfully)\\W)*(?:resum|restor|continu|restart)(?:ing|ed)\\b(?!.*\\b(?:fail|error|not|cannot)\\w*\\b)',
    '\\b(?:load|reload|recover|initiali[sz])(?:ing|ed)\\b.{0,60}\\b(?:checkpoint|ckpt)\\b',
    '(?:恢复|恢復|继续|繼續|接着)训练|恢復訓練|检查点(?:加载|恢复)|(?:加载|从).{0,12}检查点|再開(?:します|しました|する)|재개',
    'возобновл|продолжа(?:ем|ю|ется) обучение|setze .{0,30}fort|wiederaufnahme|fortgesetzt|reprise (?:de|du|à)|reanudando|retomando',
  ].join('|'),
)

/** Longer lines are no message. */
const LONGEST_LINE = 400

/** Whether a line says that a job goes on from where an earlier one had come to. */
export function saysResumed(line: string): boolean {
  return line.length <= LONGEST_LINE && messagesIn(line.toLowerCase()).some((message) => RESUMED.test(message))
}
