/** The level of an error, as loggers write it. */
export const LEVEL_OF_ERROR = /^.{0,60}?(?:^|[\s|[(:-])(?:error|fatal|critical)(?:$|[\s|\]):-])/
/** How a message begins that an exception occurred. Behind it stands which one. */
const OCCURRED =
  /^.{0,60}?(?:^|[:|\]-] ?)\W{0,3}(?:an? )?(?:(?:unexpected|unhandled|fatal|unknown|runtime|unrecoverable) )*(?:exception|error)(?: has| was)? (?:occurred|raised|thrown|encountered)(?: (?:in|during|while|at|on) .{1,60}?)?: ?\S/
/** What a job cannot do without: it has no other way to its data, its memory and its devices. */
const IS_LACKING =
  /\b(?:unable to|fail(?:ed|ure) to|cannot|can't|could not|couldn't) (?:open|read|load|allocate|find|locate|decode|parse|access|map|mmap|seek|initiali[sz]e|import|proceed|build|compile|continue)\b/
/** What is wrong with what it reads. */
const IS_BROKEN =
  /\b(?:truncated|corrupt(?:ed)?|damaged|malformed|unreadable|unrecoverable|bad magic|out of (?:range|bounds)|unexpected (?:end|eof)|does not exist|no such file)\b/
/** A part that a job can do without, or has replaced. */
const OF_A_PART =
  /\b(?:samples?|images?|rows?|lines?|records?|examples?|items?|urls?|batch(?:es)?|checkpoints?|ckpt|cache|optional|icon|font|legend|eval\w*|valid\w*|test|trial|callbacks?|hooks?|profil\w*|metrics?|logger|tokens?|previous|old|git|version|extension|plugin|driver|fallback|default|attempt|retries)\b|\.(?:jpe?g|png|gif|svg|pdf|html?|wav|mp3|flac)\b/

/** The level behind a time, without a mark. */
const LEVEL_AT_TIME = /^\W?\d[\d:/.,t -]{6,30}[\]|]?\s{1,3}\W?(?:error|fatal|critical)\b/
const GOES_ON = /\b(?:retry\w*|retries|skip\w*|ignor\w*|continuing|again|recover\w*|handled)\b/

/** Whether a line, in lower case, begins as one that tells of an error. */
export function opensAsFault(text: string): boolean {
  return OCCURRED.test(text) || LEVEL_AT_TIME.test(text)
}

/** Whether a line, in lower case, tells of an error that a job hardly goes on after, though no class of crashes knows it. */
export function tellsFault(text: string): boolean {
  if (GOES_ON.test(text)) return false
  if (OCCURRED.test(text)) return true
  const isOfLevel = LEVEL_OF_ERROR.test(text) || LEVEL_AT_TIME.test(text)
  return isOfLevel && (IS_LACKING.test(text) || IS_BROKEN.test(text)) && !OF_A_PART.test(text)
}
