// `npm run build` builds the packages that run outside of this repository.

import { join } from 'node:path'
import { buildSdk } from './sdk/build-sdk.ts'

const SDK_FOLDER = join(import.meta.dirname, '..', 'packages', 'sdk', 'dist')

await buildSdk(SDK_FOLDER)
console.log('built packages/sdk/dist')
