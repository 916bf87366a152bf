import type fs from 'node:fs'
import { lazily, requireModule } from './node-modules.ts'

/** workerd's `node:fs`, which user code never has in hand itself. */
export const nodeFs = lazily(() => requireModule('node:fs') as typeof fs)
