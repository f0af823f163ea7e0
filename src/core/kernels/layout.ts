// Where things lie in the kernels' memory, as byte addresses. TypeScript and AssemblyScript both read this file, so it
// holds plain numbers only.

/** Doubles in which a kernel leaves what it returns beside its result; their order is the kernel's own. */
export const RESULTS = 0

// From 64 to 1024 are the constants of the kernels, where the compiler puts them.

/** For m in each 256th of [1, 2): about 1/m, and −ln of just that number. */
export const LOGARITHMS = 1024
export const LOGARITHM_BUCKETS = 256

/** 2^(i/128). */
export const ROOTS = 5120
export const ROOT_STEPS = 128

/** 10⁰ to 10¹⁹, as 64-bit integers. */
export const TENS = 6144
/** The leading 128 bits of 10^q for q from −128 to 63, the upper half first. */
export const POWERS_OF_TEN = 6304
export const LEAST_POWER = -128
export const MOST_POWER = 63

/** A part of a text that is searched for numbers, and 32 zeros behind it. */
export const TEXT = 9376
export const TEXT_BYTES = 65_536
/** The numbers found in it: every other byte may begin one. */
export const NUMBERS = 74944
export const NUMBERS_END = 337_088

/** The places of the line ends of a text, in place of its numbers: each byte may be one. */
export const LINE_ENDS = 74944

/** Where the lines of a shape begin and end that are matched, as pairs of 32-bit integers. */
export const SPANS = 337_088
export const MOST_SPANS = 2048

/** What such lines have in common, part by part: see `kernels/match-lines.ts`. */
export const SHAPE = 353_472
export const SHAPE_BYTES = 16_384
export const END_PART = 0
export const WORDS_PART = 1
export const BLANKS_PART = 2
export const NUMBER_PART = 3
export const BAR_PART = 4
export const CLOCK_PART = 5
export const IS_INTEGER = 1
export const IS_DECIMAL = 2
export const HAS_EXPONENT = 4
export const HAS_MINUS = 8
export const MAY_BE_ZERO = 16
export const IS_OF_WIDTH = 32

/** What each byte does to a CRC-32. */
export const CHECKSUMS = 369_856

/** Here begin the arrays of a row; how long they are depends on the batch. */
export const ROWS = 370_880
