import { describePorted } from './describe-ported.ts'

describePorted('by polling')
