import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Half of the time of a small scan would be the compilation of these few files.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/sallyport/compiled'))
const { scanCommand, endWithFault } = await import('./scan-command.ts')

// Without this, a fault would end with 1, as a leak does.
process.on('uncaughtException', endWithFault)
await scanCommand(process.argv.slice(2)).then((status) => {
  process.exitCode = status
}, endWithFault)
