import { discovery } from './cases/discovery.ts'
import { encodings } from './cases/encodings.ts'
import { identity } from './cases/identity.ts'
import { lines } from './cases/lines.ts'
import { permissions } from './cases/permissions.ts'
import { restarts } from './cases/restarts.ts'
import { rotation } from './cases/rotation.ts'
import { truncation } from './cases/truncation.ts'
import type { PortedCase } from './ported-case.ts'

/** Every behaviour that other followers of files are tested for, by theme. */
export const TABLE: Readonly<Record<string, readonly PortedCase[]>> = {
  Rotation: rotation,
  Truncation: truncation,
  Identity: identity,
  Lines: lines,
  Encodings: encodings,
  Restarts: restarts,
  Discovery: discovery,
  'Errors and permissions': permissions,
}
