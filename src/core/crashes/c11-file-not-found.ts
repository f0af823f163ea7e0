import type { CrashClass } from './crash-class.ts'

/** C11: a path. */
export const fileNotFound = {
  code: 'C11-file-not-found',
  kind: 'file-not-found',
  why: 'A file or folder that the job needs is not there, or is of another kind.',
  fix: 'Check the path against the folder in which the job was started, and whether that disk is mounted on this node.',
  next: 'ls -l of the path, on the node and from the folder of the job.',
  named: [/^(?:filenotfound|notadirectory|isadirectory|(?:local)?entrynotfound)error$/],
  says: [
    /no file named|not (?:appear to )?have (?:a |any )?files? named|(?:error|failure) opening (?:the )?(?:input|file|stream)/,
    /\[errno (?:2|20|21)\]|\benoent\b|errno = 2\b/,
    /no such file or directory/,
    /can(?:'t|not) (?:open|find|read|load|locate) (?:the )?(?:file|input file|folder|directory|path)/,
    /(?:file|folder|directory|path|dataset|checkpoint)\b.{0,200}(?:does not exist|not found|doesn.t exist|is missing|could not be found)/,
    /is not a local folder and is not a valid model identifier/,
    /notfounderror.{0,200}(?:file|path|dir)/,
    /(?:images|labels|data) not found|no (?:images|files|data) found in/,
    /\b(?:failed|unable) to open (?:the )?(?:file|\S*\/\S|\S+\.[a-z]\w{1,11}$)/,
    /the system cannot find the (?:file|path)/,
  ],
} as const satisfies CrashClass
