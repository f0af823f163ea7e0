import type { MetricValue } from '../../protocol/value.ts'
import type { Dtype, Floats } from '../kernels/float-type.ts'

/** What the numbers of a prediction batch are. */
export type PredictionKind = 'probs' | 'log_probs' | 'logits'

/**
 * The predictions of one training batch with their labels.
 *
 * `values` is row-major, n × k. A binary model with one column has k = 1, and
 * its value is the probability (or logit) of class 1. Labels are either `hard`:
 * one class index per row, or `soft`: a distribution per row, n × k like
 * `values` (for k = 1: the probability of class 1 in each row).
 */
export interface PredictionBatch {
  readonly step: number | null
  readonly kind: PredictionKind
  /** True where only the numbers tell the kind, and not their name. */
  readonly isKindGuessed?: true
  /** True where they may as well be guessed classes: they are whole, under a name that such have, too. */
  readonly mayBeClasses?: true
  /** How many rows of it are the questions of one row of the log, where each class is a question of its own. */
  readonly questions?: number
  /** Known from binary files only: text does not say it. */
  readonly dtype?: Dtype
  readonly n: number
  readonly k: number
  readonly values: Floats
  readonly labels:
    | { readonly kind: 'hard'; readonly classes: Floats }
    | { readonly kind: 'soft'; readonly targets: Floats }
  /** How much each row counts in the job's loss, each class, or a yes to each question: `sample_weight`, `class_weight`, `pos_weight`. */
  readonly weights?: { readonly of: 'rows' | 'classes' | 'positives'; readonly values: Floats }
  /** The loss that the job itself logged with the batch, if it did: that of training, where there is one. */
  readonly reportedLoss: MetricValue | null
  /** A validation loss that was logged beside it. */
  readonly validationLoss?: MetricValue
  /** True where the predictions are known to be of held-out data. */
  readonly isOfValidation?: true
}

/** Rows named in evidence: the count may be large, the list is cut at a few. */
export interface RowCount {
  readonly count: number
  /** The first rows concerned, ascending, at most 8. */
  readonly rows: readonly number[]
}

/** One of the rows with the largest loss, and how hard each loss pulls at its logit. */
export interface WorstRow {
  readonly row: number
  readonly loss: MetricValue
  /** The class of the largest weight. */
  readonly label: number
  /** The class of the largest probability; null in a row that holds a NaN. */
  readonly guess: number | null
  /** The probability of the class `label`. */
  readonly trueProbability: MetricValue
  /** d loss / dz of the cross-entropy, where z is the logit of the class `label`; with k = 1 the only logit. */
  readonly crossEntropyGradient: MetricValue
  /** The same of the squared error: of Σ (p − t)² over the classes, and with k = 1 of (p − y)². */
  readonly squaredErrorGradient: MetricValue
}

/** What the clip to [ε, 1 − ε] does to a batch. */
export interface Clipping {
  /** Values below ε, over all classes of the rows that entered the means. */
  readonly raised: number
  /** Values above 1 − ε. */
  readonly lowered: number
  /** Share of the clipped loss that comes from the rows in which the clip changed it; 0 when it changed none. */
  readonly lossShare: MetricValue
  /** −ln ε: what a clipped row with one true class costs at most. */
  readonly ceiling: MetricValue
}

/**
 * What was computed from one batch, in float64. All in nats unless the name says otherwise.
 *
 * Rows whose truth puts no weight on any class are left out of the means.
 */
export interface BatchMeasure {
  readonly n: number
  /** Rows that entered the means: those whose label counts. */
  readonly used: number
  readonly k: number
  readonly kind: PredictionKind
  /** The floating-point type that the file says; null where it does not. */
  readonly dtype: Dtype | null
  /** How many of its rows are the questions of one row of the log; not there where each class is none of its own. */
  readonly questions?: number
  /** The ε of the clip. */
  readonly epsilon: number
  /** Mean surprise −ln p of the true class, over rows with hard labels or one-hot truth; equals cross-entropy there. */
  readonly surprise: MetricValue
  /** Mean cross-entropy −Σ t ln p, with 0·ln 0 = 0: infinite when the truth was given no probability. */
  readonly crossEntropy: MetricValue
  readonly crossEntropyBits: MetricValue
  /** The mean in which rows count by their weights, Σ w l / Σ w; null for a batch without weights. */
  readonly crossEntropyWeighted: MetricValue | null
  /** The same as `crossEntropy` with every p clipped to [ε, 1 − ε]. */
  readonly crossEntropyClipped: MetricValue
  /** Mean entropy of the predictions: in nats, in bits, and as a share of ln K. */
  readonly entropy: MetricValue
  readonly entropyBits: MetricValue
  readonly entropyShare: MetricValue
  /** Mean KL(truth ‖ guess) = cross-entropy − entropy of the truth. */
  readonly klDivergence: MetricValue
  /** Mean KL(guess ‖ truth): infinite when the guess gave probability to a class without truth, as with hard labels nearly always. */
  readonly klReverse: MetricValue
  /** How much the prediction tells of the row, H(mean p) − mean H(p): 0 when all rows are answered alike. */
  readonly mutualInformation: MetricValue
  /** Mean squared error over rows and classes' sum (the multi-class Brier score). */
  readonly squaredError: MetricValue
  /** exp(cross-entropy). */
  readonly perplexity: MetricValue
  readonly accuracy: MetricValue
  /** Mean of the largest probability of each row. */
  readonly confidence: MetricValue
  /** Expected calibration error: mean |accuracy − confidence| over 15 equal bins of confidence. */
  readonly calibrationError: MetricValue
  /** ln K, the loss of a guess that knows nothing, and the entropy of the labels' frequencies, that of one that knows only them. */
  readonly chanceLevel: MetricValue
  readonly labelEntropy: MetricValue
  /** The class that is answered most often, its share of the answers, and its share of the labels; null when nothing is answered. */
  readonly topClass: { readonly class: number; readonly share: MetricValue; readonly labelShare: MetricValue } | null
  /** The largest |logit|, not counting −∞, which masks a class; null for probabilities. */
  readonly maxLogit: MetricValue | null
  /** The smallest probability of a row's true class; null when no row has one. */
  readonly minTrueProbability: MetricValue | null
  /** Share of the probabilities within one unit in the last place of 0 or 1, in the job's own type, else in float32. */
  readonly saturation: MetricValue
  /** Quantiles of the rows' losses, each the loss of a row; null when no row has one. */
  readonly lossQuantiles: {
    readonly median: MetricValue
    readonly p90: MetricValue
    readonly p99: MetricValue
    readonly max: MetricValue
  } | null
  /** The rows with the largest losses, the largest first, at most 8. */
  readonly worstRows: readonly WorstRow[]
  /** The row with the largest loss; null when no row has one. */
  readonly worst: { readonly row: number; readonly loss: MetricValue } | null
  /** The decimals to which its zeros and ones are rounded, so that none of those counted below is exact; null in a log in full. */
  readonly printedDecimals: number | null
  /** Rows that gave the true class a probability of exactly 0. */
  readonly zeroOnTruth: RowCount
  /** Rows that gave a class without truth a probability of exactly 0: 0·ln 0 in a one-hot loss. With k = 1 also p = 1 where y = 1. */
  readonly zeroOffTruth: RowCount
  /** Rows that gave a wrong class a probability of exactly 1. */
  readonly oneOnWrong: RowCount
  /** Rows that hold a NaN. Rows whose label is ignored count for none of these. */
  readonly nan: RowCount
  /** Rows that hold +∞ or −∞; a −∞ among logits or log-probabilities is a probability of 0 and does not count. */
  readonly infinite: RowCount
  /** Rows of probabilities with a value below 0 or above 1. */
  readonly outOfRange: RowCount
  /** Rows of probabilities that do not sum to 1 within 1e-3. */
  readonly notNormalised: RowCount
  /** Rows in which the clip changed the loss. */
  readonly clipped: RowCount
  readonly clipping: Clipping
  /** Rows whose label is no class index of this batch. */
  readonly badLabel: RowCount
  /** Rows of the log whose label is NaN or infinite; not there in a measure of an older version. */
  readonly nanLabel?: RowCount
  /** Rows of logits that are all −∞, ignored ones included: their softmax is 0/0. Not there where there are none. */
  readonly closedRows?: RowCount
  /** Rows whose true class has a logit of exactly 0; not there where there are none, or where most rows have one. */
  readonly zeroLogit?: RowCount
}
