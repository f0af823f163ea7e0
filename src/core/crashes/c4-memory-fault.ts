import type { CrashClass } from './crash-class.ts'
import { endedBySignal } from './ended-by-signal.ts'

const SEGMENTATION_FAULT =
  'speicherzugriffsfehler|erreur de segmentation|violación de segmento|fallo de segmentación|errore di segmentazione|fal[ht]a de segmentação|ошибка сегментирования|помилка сегментування|段错误|段錯誤|程式記憶體區段錯誤|세그멘테이션 (?:오류|폴트)|セグメンテーション違反|naruszenie ochrony pamięci|segmentatiefout|segmenteringsfel'

/** C4: native code. */
export const memoryFault = {
  code: 'C4-memory-fault',
  kind: 'memory-fault',
  why: 'Native code touched memory that it may not touch.',
  fix: 'Run once more with PYTHONFAULTHANDLER=1 to see where; a driver and a library of other versions are usual.',
  next: 'The topmost frame that is native code names the library; gdb on the core file shows the rest.',
  surely: [
    /\(sig(?:segv|bus|ill)\)|status=11\/segv|`segmentation fault`/,
    /(?:(?:with|by) signal |signals\.)sig(?:segv|bus|ill)\b|signal (?:11|7|4)\b/,
    /(?:^|: line \d+: +\d+ |task \d+: |error: |\] |\d )segmentation fault(?! (?!at|in|on|while|during|when|from|occur|encounter)\w)|segfault at |(?:signal:? 11|received|caught|\*\*\*) ?\(?sigsegv/,
    /(?:^|: line \d+: +\d+ |task \d+: |error: |\] |\d )bus error\b(?! (?!at|in|on|while|during|when|from|occur|encounter)\w|.{0,80}worker)|(?:signal:? 7|received|caught|\*\*\*) ?\(?sigbus/,
    /double free or corruption|free\(\): (?:invalid|double free|corrupted|unaligned)|munmap_chunk\(\)|malloc\w*\(\): (?!using\b|tun)|corrupted size vs|realloc\(\): invalid|corrupted (?:double-linked|unsorted)|unaligned (?:tcache|fastbin) chunk/,
    /(?:stack smashing|buffer overflow) detected/,
    /fatal python error: (?:segmentation|bus)/,
    /fatal exception: access violation|0xc0000005/,
    /(?:^|: line \d+: +\d+ )illegal instruction\b(?! was encountered)|signal:? 4 \(?sigill/,
    /general protection fault/,
    endedBySignal('11', 'segmentation fault', SEGMENTATION_FAULT),
    endedBySignal(
      '7|10',
      'bus error',
      'bus-zugriffsfehler|バスエラー|버스 (?:오류|에러)|erreur du bus|error del bus|errore di bus|总线错误|ошибка шины',
    ),
    endedBySignal('4', 'illegal (?:hardware )?instruction'),
  ],
  exitCodes: [-11, -7, -4, 135, 132, 139],
} as const satisfies CrashClass
