import { describePorted } from './describe-ported.ts'

describePorted('by events that lie')
