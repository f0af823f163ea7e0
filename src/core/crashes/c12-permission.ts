import type { CrashClass } from './crash-class.ts'

/** C12: a path that the job may not use. */
export const permission = {
  code: 'C12-permission',
  kind: 'permission',
  why: 'The job may not read or write a file or folder.',
  fix: 'Give the job a folder of its own to write to, or change the owner of this one.',
  next: 'ls -ld of the path and of the folders above it, as the user that runs the job; a container may be another user.',
  named: [/^(?:permission(?:denied)?(?:error)?|forbidden|unauthorized|unauthenticated|access ?denied\w*)$/],
  says: [
    /\[errno (?:1|13|30)\]|\beacces\b|\beperm\b|errno = (?:1|13|30)\b/,
    /permission denied/,
    /read-only file ?system/,
    /operation not permitted/,
    /\b40[13] client error\b/,
    /access ?(?:is |was )?denied|is not authorized to perform/,
  ],
} as const satisfies CrashClass
